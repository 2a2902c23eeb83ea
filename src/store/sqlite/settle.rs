//! Settling what a crash left between two files: what was written is kept, what was not vanishes.

use rusqlite::{Connection, Transaction};

use super::fault::{Done, Fault};
use super::intents::{self, Batch, Intent};
use super::layout::Layout;
use super::lock;
use super::mark::{Mark, Told};
use super::table::Table;
use super::writer::Writer;
use crate::model::TaskId;
use crate::store::StoreError;

/// Settles all that stands. Whoever wrote it down may be alive and slow: while this holds both files, it either has written
/// its rows, and they are found, or will find its intents gone and write nothing.
pub(super) fn settle(conn: &mut Connection, table: &Table) -> Done<()> {
    if intents::count(conn)? == 0 {
        return Ok(());
    }
    let tx = lock::all(conn)?;
    let layout = Layout::of(&tx, table)?;
    let mut writer = Writer::new(&tx);
    for (batch, intents) in intents::read(&tx)? {
        one(&mut writer, &layout, &intents)?;
        intents::clear(&tx, batch)?;
    }
    if writer.rows > 0 {
        writer.bump()?;
    }
    tx.commit()?;
    Ok(())
}

/// Takes back what was written down and shall not be written, if it still stands.
pub(super) fn withdraw(conn: &mut Connection, batch: Batch) -> Done<()> {
    let tx = lock::books(conn)?;
    intents::clear(&tx, batch)?;
    tx.commit()?;
    Ok(())
}

/// An intent, and what the live table tells of it.
struct Seen<'i> {
    intent: &'i Intent,
    /// The row that it is about, if there is one.
    task: Option<TaskId>,
    told: Told,
}

fn one(writer: &mut Writer<'_>, layout: &Layout<'_>, intents: &[Intent]) -> Done<()> {
    let mut seen = Vec::new();
    for intent in intents {
        seen.push(look(writer.tx, layout, intent)?);
    }
    // One transaction wrote them all, or none of them.
    let is_written = seen.iter().any(|seen| seen.told == Told::Written);
    let is_unwritten = seen.iter().any(|seen| seen.told == Told::Unwritten);
    for Seen { intent, task, told } in seen {
        // Without its row there is nothing to keep; the next pass opens it anew.
        let Some(task) = task else { continue };
        if is_written {
            keep(writer, intent, &task)?;
        } else if told == Told::Moved && !is_unwritten {
            intent.entry.doubt(writer, &task)?;
        }
    }
    Ok(())
}

fn look<'i>(tx: &Transaction<'_>, layout: &Layout<'_>, intent: &'i Intent) -> Done<Seen<'i>> {
    let task = intent.task.clone();
    Ok(match (&intent.mark, task) {
        (Some(mark @ Mark::Inserted { .. }), None) => {
            let task = mark.find(tx, layout, intent.above)?;
            // A row that is not found may have been deleted since.
            let told = if task.is_some() { Told::Written } else { Told::Same };
            Seen { intent, task, told }
        }
        (Some(mark), Some(task)) => Seen { intent, told: mark.told(tx, layout, &task)?, task: Some(task) },
        (_, task) => Seen { intent, task, told: Told::Same },
    })
}

/// Keeps what was written, unless its record says that it cannot be.
fn keep(writer: &mut Writer<'_>, intent: &Intent, task: &TaskId) -> Done<()> {
    match intent.entry.keep(writer, task) {
        Err(Fault::Store(StoreError::Stale(_))) => intent.entry.doubt(writer, task),
        kept => kept,
    }
}
