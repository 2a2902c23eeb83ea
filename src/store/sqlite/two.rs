//! Work on two files. SQLite commits each of them for itself, so it is done in an order in which a crash loses nothing:
//!
//! 1. in Abide's file: what is about to be written, as an intent. What that is, the work itself has shown in a transaction
//!    that was rolled back;
//! 2. in the team's file: the rows, while both files are locked, so that nobody takes the lease or settles meanwhile;
//! 3. in Abide's file: records and audit rows, and the intent is gone.
//!
//! After a crash, [`super::settle`] does 3 where it finds the rows, and takes the intent back where it does not. As everybody
//! settles before writing what an intent may be about, Abide's file is in 3 as it was in 1.

use rusqlite::{Connection, Transaction, ffi};

use super::fault::{Done, Fault, away, stale};
use super::intents::{self, Batch};
use super::layout::Layout;
use super::lock;
use super::log::Log;
use super::settle::{settle, withdraw};
use super::table::Table;
use super::turn;
use super::writer::Writer;
use crate::model::Timestamp;

/// How often it is begun anew when somebody else writes in between.
const TRIES: usize = 8;

/// Does the whole of it. What it returns is done; what it refuses is not, and where it cannot tell, the next settles it.
pub(super) fn carry_out<T>(
    conn: &mut Connection,
    table: &Table,
    now: Timestamp,
    work: impl Fn(&mut Writer<'_>, &Layout<'_>) -> Done<T>,
) -> Done<T> {
    let _turn = turn::take(conn);
    for _ in 0..TRIES {
        settle(conn, table, now)?;
        let (done, log, version) = match shown(conn, table, &work)? {
            // Somebody has written down in between what it is about to write: nothing may be found out from what is there.
            Shown::Unsettled => continue,
            Shown::Done(done) => return Ok(done),
            Shown::Log(done, log, version) => (done, log, version),
        };
        let Some(batch) = announce(conn, &log, version)? else { continue };
        match write(conn, table, (batch, &log, version)) {
            Ok(()) => {
                keep(conn, batch, &log)?;
                return Ok(done);
            }
            Err(Unwritten::Overtaken) => withdraw(conn, batch)?,
            Err(Unwritten::Before(fault)) => {
                // Left where it is it would be settled by the next; that the rows were refused is what matters.
                drop(withdraw(conn, batch));
                return Err(fault);
            }
            Err(Unwritten::Unknown(fault)) => return Err(fault),
        }
    }
    Err(stale("others write all the time"))
}

enum Shown<T> {
    /// Something stands that is to be settled first.
    Unsettled,
    /// No live row is written, so it is done already.
    Done(T),
    /// What is to be written, and the version of Abide's file by which that was found.
    Log(T, Log, u32),
}

/// Does it, and takes it back where it takes both files.
fn shown<T>(
    conn: &mut Connection,
    table: &Table,
    work: impl Fn(&mut Writer<'_>, &Layout<'_>) -> Done<T>,
) -> Done<Shown<T>> {
    let tx = lock::all(conn).map_err(|error| team(table, error))?;
    if intents::count(&tx)? > 0 {
        return Ok(Shown::Unsettled);
    }
    let layout = Layout::of(&tx, table)?;
    let mut writer = Writer::logging(&tx);
    let done = work(&mut writer, &layout)?;
    let log = writer.log.take().unwrap_or_default();
    let version = version(&tx)?;
    if log.rows.is_empty() {
        tx.commit()?;
        return Ok(Shown::Done(done));
    }
    tx.rollback()?;
    Ok(Shown::Log(done, log, version))
}

/// What tells of commits of others in Abide's file.
fn version(tx: &Transaction<'_>) -> rusqlite::Result<u32> {
    tx.prepare_cached("PRAGMA main.data_version")?.query_row([], |row| row.get(0))
}

/// The first transaction that lasts: what is about to be done; none where somebody has written meanwhile.
fn announce(conn: &mut Connection, log: &Log, seen: u32) -> Done<Option<Batch>> {
    let tx = lock::books(conn)?;
    if version(&tx)? != seen {
        return Ok(None);
    }
    let batch = intents::put(&tx, log)?;
    tx.commit()?;
    Ok(Some(batch))
}

/// Why the rows are not known to be written.
enum Unwritten {
    /// Somebody else has written in Abide's file, or taken the key of a new row: they are not.
    Overtaken,
    /// They are not.
    Before(Fault),
    /// The commit itself failed: they may be.
    Unknown(Fault),
}

/// The second transaction: the rows. Both files are locked, and only the team's is written. Abide's is as it was, so the
/// lease is held and the intent stands.
fn write(conn: &mut Connection, table: &Table, (batch, log, seen): (Batch, &Log, u32)) -> Result<(), Unwritten> {
    let before = |error| Unwritten::Before(team(table, error));
    let tx = lock::all(conn).map_err(before)?;
    if version(&tx).map_err(before)? != seen || !intents::stands(&tx, batch).map_err(before)? {
        return Err(Unwritten::Overtaken);
    }
    for row in &log.rows {
        match tx.execute(&row.sql, []) {
            Ok(1) => {}
            Ok(_) => return Err(Unwritten::Overtaken),
            Err(rusqlite::Error::SqliteFailure(error, _)) if error.code == ffi::ErrorCode::ConstraintViolation => {
                return Err(Unwritten::Overtaken);
            }
            Err(error) => return Err(before(error)),
        }
    }
    log.beside.iter().try_for_each(|sql| tx.execute(sql, []).map(|_| ())).map_err(before)?;
    tx.commit().map_err(|error| Unwritten::Unknown(team(table, error)))
}

/// The third transaction: what is kept. The rows are written, so it asks for no lease; another may have settled it.
fn keep(conn: &mut Connection, batch: Batch, log: &Log) -> Done<()> {
    let tx = lock::books(conn)?;
    if intents::stands(&tx, batch)? {
        intents::confirm(&tx, batch, &log.books)?;
    }
    tx.commit()?;
    Ok(())
}

/// A fault where the team's file is at least as likely at fault as Abide's.
fn team(table: &Table, error: rusqlite::Error) -> Fault {
    match &table.team {
        Some(url) => Fault::Store(away(url, &error)),
        None => Fault::Sql(error),
    }
}
