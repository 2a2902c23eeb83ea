//! Work on two files. SQLite commits each of them for itself, so it is done in an order in which a crash loses nothing:
//!
//! 1. in Abide's file: what is about to be written, as intents;
//! 2. in the team's file: the rows, while both files are locked, so that nobody takes the lease or settles meanwhile;
//! 3. in Abide's file: records and audit rows, and the intents are gone.
//!
//! After a crash, [`super::settle`] does 3 for what it finds, and takes back the rest.

use rusqlite::{Connection, Transaction};

use super::entry::Entry;
use super::fault::{Done, Fault, away, stale};
use super::intents::{self, Batch, Intent};
use super::layout::Layout;
use super::mark::Mark;
use super::settle::{settle, withdraw};
use super::table::Table;
use super::work::{Inserted, Work};
use super::writer::Writer;
use super::{lease, lock};
use crate::model::TaskId;

/// Does the whole of it. What it returns is done; what it refuses is not, and where it cannot tell, the next settles it.
pub(super) fn carry_out<W: Work>(conn: &mut Connection, table: &Table, work: &W) -> Done<W::Outcome> {
    settle(conn, table)?;
    let batch = match announce(conn, table, work)? {
        Announced::Done(outcome) => return Ok(outcome),
        Announced::Batch(batch) => batch,
    };
    let written = match write(conn, table, work, batch) {
        Ok(written) => written,
        Err(Unwritten::Before(fault)) => {
            // Left where they are they would be settled by the next; that it failed is what matters.
            drop(withdraw(conn, batch));
            return Err(fault);
        }
        Err(Unwritten::Unknown(fault)) => return Err(fault),
    };
    keep(conn, work, batch, written)
}

enum Announced<T> {
    /// No live row is written, so it is done already.
    Done(T),
    Batch(Batch),
}

/// The first transaction: what is about to be done.
fn announce<W: Work>(conn: &mut Connection, table: &Table, work: &W) -> Done<Announced<W::Outcome>> {
    let tx = lock::books(conn)?;
    work.check(&tx)?;
    let intents = foresee(&tx, table, work)?;
    let announced = if intents.iter().any(|intent| intent.mark.is_some()) {
        Announced::Batch(intents::put(&tx, work.fence(), &intents)?)
    } else {
        let mut writer = Writer::new(&tx);
        for intent in &intents {
            intent.task.as_ref().map_or(Ok(()), |task| intent.entry.keep(&mut writer, task))?;
        }
        Announced::Done(work.end(&mut writer, Inserted::new())?)
    };
    tx.commit()?;
    Ok(announced)
}

fn foresee<W: Work>(tx: &Transaction<'_>, table: &Table, work: &W) -> Done<Vec<Intent>> {
    let layout = Layout::of(tx, table)?;
    let (above, mut intents) = (intents::newest(tx, &layout)?, Vec::new());
    work.deeds(tx, &layout, &mut |deed| {
        let mark =
            deed.write.as_ref().map(|write| Mark::of(tx, &layout, write, deed.entry.fingerprint())).transpose()?;
        intents.push(Intent { task: deed.task, mark, above, entry: deed.entry });
        Ok(())
    })?;
    Ok(intents)
}

/// What was written, and what is to be kept of it.
struct Written {
    kept: Vec<(TaskId, Entry)>,
    inserted: Inserted,
    rows: u64,
}

/// Why the rows are not known to be written.
enum Unwritten {
    /// They are not.
    Before(Fault),
    /// The commit itself failed: they may be.
    Unknown(Fault),
}

/// The second transaction: the rows. Both files are locked, and only the team's is written.
fn write<W: Work>(conn: &mut Connection, table: &Table, work: &W, batch: Batch) -> Result<Written, Unwritten> {
    let away = |error: rusqlite::Error| match &table.team {
        Some(url) => Fault::Store(away(url, &error)),
        None => Fault::Sql(error),
    };
    let tx = lock::all(conn).map_err(|error| Unwritten::Before(away(error)))?;
    let written = rows(&tx, table, work, batch).map_err(|fault| match fault {
        Fault::Sql(error) => Unwritten::Before(away(error)),
        fault @ Fault::Store(_) => Unwritten::Before(fault),
    })?;
    tx.commit().map_err(|error| Unwritten::Unknown(away(error)))?;
    Ok(written)
}

fn rows<W: Work>(tx: &Transaction<'_>, table: &Table, work: &W, batch: Batch) -> Done<Written> {
    work.fence().map_or(Ok(()), |epoch| lease::hold_to(tx, epoch))?;
    if !intents::stand(tx, batch)? {
        return Err(stale("somebody else has settled it meanwhile"));
    }
    let layout = Layout::of(tx, table)?;
    let (mut writer, mut inserted, mut kept) = (Writer::new(tx), Inserted::new(), Vec::new());
    work.deeds(tx, &layout, &mut |deed| {
        kept.push(deed.carry_out(&mut writer, &mut inserted)?);
        Ok(())
    })?;
    Ok(Written { kept, inserted, rows: writer.rows })
}

/// The third transaction: what is kept. The rows are written, so it asks for no lease; a new leader may have settled it.
fn keep<W: Work>(conn: &mut Connection, work: &W, batch: Batch, written: Written) -> Done<W::Outcome> {
    let tx = lock::books(conn)?;
    let mut writer = Writer::new(&tx);
    writer.rows = written.rows;
    if intents::stand(&tx, batch)? {
        for (task, entry) in &written.kept {
            entry.keep(&mut writer, task)?;
        }
        intents::clear(&tx, batch)?;
    }
    let outcome = work.end(&mut writer, written.inserted)?;
    tx.commit()?;
    Ok(outcome)
}
