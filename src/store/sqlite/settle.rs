//! Settling what a crash left between two files: what was written is kept, what was not vanishes.

use rusqlite::Connection;
use serde_json::json;

use super::fault::{Done, Fault};
use super::intents::{self, Batch, Intent};
use super::layout::Layout;
use super::mark::Told;
use super::table::Table;
use super::writer::Writer;
use super::{audit, lock};
use crate::model::{ABIDE, Timestamp};

/// Settles all that stands. Whoever wrote it down may be alive and slow: while this holds both files, it either has written
/// its rows, and they are found, or will find its intent gone and write nothing.
pub(super) fn settle(conn: &mut Connection, table: &Table, now: Timestamp) -> Done<()> {
    if intents::count(conn)? == 0 {
        return Ok(());
    }
    let tx = lock::all(conn)?;
    let layout = Layout::of(&tx, table)?;
    for intent in intents::read(&tx)? {
        let mut told = Vec::new();
        for (task, mark) in &intent.rows {
            told.push((task, mark.told(&tx, &layout, task)?));
        }
        // One transaction wrote them all, or none of them.
        let any = |wanted: Told| told.iter().any(|(_, told)| *told == wanted);
        if any(Told::Written) {
            if !confirmed(&tx, &intent)? {
                doubt(&mut Writer::new(&tx), &intent, now)?;
                intents::clear(&tx, intent.batch)?;
            }
            continue;
        }
        if any(Told::Moved) && !any(Told::Unwritten) {
            doubt(&mut Writer::new(&tx), &intent, now)?;
        }
        intents::clear(&tx, intent.batch)?;
    }
    tx.commit()?;
    Ok(())
}

/// Keeps what there is to keep of rows that are written. Says no where Abide's tables do not take it any more: somebody has
/// changed them by hand, and nobody may be stopped by that for good.
fn confirmed(tx: &Connection, intent: &Intent) -> Done<bool> {
    tx.execute_batch("SAVEPOINT confirm")?;
    let kept = match intents::confirm(tx, intent.batch, &intent.books) {
        Ok(()) => true,
        Err(Fault::Sql(rusqlite::Error::SqliteFailure(error, _)))
            if error.code == rusqlite::ErrorCode::ConstraintViolation =>
        {
            tx.execute_batch("ROLLBACK TO confirm")?;
            false
        }
        Err(fault) => return Err(fault),
    };
    tx.execute_batch("RELEASE confirm")?;
    Ok(kept)
}

/// Writes down that nobody can tell any more whether rows were written.
fn doubt(writer: &mut Writer<'_>, intent: &Intent, now: Timestamp) -> Done<()> {
    let tasks = intent.rows.iter().map(|(task, _)| task);
    tasks.into_iter().try_for_each(|task| audit::add(writer, now, ABIDE, "unsure", &json!({"task": task})))
}

/// Takes back what was written down and shall not be written, if it still stands.
pub(super) fn withdraw(conn: &mut Connection, batch: Batch) -> Done<()> {
    let tx = lock::books(conn)?;
    intents::clear(&tx, batch)?;
    tx.commit()?;
    Ok(())
}
