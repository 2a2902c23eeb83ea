//! Who leads, and for how long.

use rusqlite::{Connection, Transaction};

use super::fault::Done;
use super::lock;
use crate::model::{Duration, Epoch, Timestamp};
use crate::store::StoreError;

/// Takes or renews the lease. A new leader gets a new epoch, which never goes down.
pub(super) fn lead(conn: &mut Connection, holder: &str, now: Timestamp, length: Duration) -> Done<Epoch> {
    let tx = lock::books(conn)?;
    let (epoch, before, until): (u64, Option<String>, i64) =
        tx.query_row("SELECT epoch, holder, until FROM abide_lease", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    let until = Timestamp::from_millis(until);
    let is_ours = before.as_deref() == Some(holder);
    if let Some(holder) = before.filter(|_| until > now && !is_ours) {
        return Err(StoreError::Led { holder, until }.into());
    }
    let epoch = if is_ours { epoch } else { epoch + 1 };
    let until = now.plus(length).as_millis();
    tx.execute("UPDATE abide_lease SET epoch = ?, holder = ?, until = ?", (epoch, holder, until))?;
    tx.commit()?;
    Ok(Epoch(epoch))
}

/// Gives the lease back, if it is still this one.
pub(super) fn resign(conn: &mut Connection, epoch: Epoch) -> Done<()> {
    let tx = lock::books(conn)?;
    tx.execute("UPDATE abide_lease SET holder = NULL, until = 0 WHERE epoch = ? AND holder IS NOT NULL", [epoch.0])?;
    tx.commit()?;
    Ok(())
}

/// Refuses to go on under an epoch that is over, or was given back.
pub(super) fn hold_to(tx: &Transaction<'_>, ours: Epoch) -> Done<()> {
    let (current, is_held): (u64, bool) =
        tx.query_row("SELECT epoch, holder IS NOT NULL FROM abide_lease", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let fenced = StoreError::Fenced { ours: ours.0, current };
    if current == ours.0 && is_held { Ok(()) } else { Err(fenced.into()) }
}
