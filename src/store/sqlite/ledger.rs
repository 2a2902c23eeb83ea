//! Everything that Abide knows of its remediation tasks.

use rusqlite::{Connection, OptionalExtension as _};
use rustc_hash::FxHashMap;

use super::approval::{gate, token};
use super::connect::is_migrated;
use super::fault::{Done, Fault};
use super::layout::Layout;
use super::live::live;
use super::row::RowReader;
use super::table::Table;
use super::{enforcements, holds, records, writer};
use crate::model::{Ledger, Live, Revision, TaskId, TaskStatus};
use crate::store::StoreError;

/// The ledger as one snapshot has it. A database that Abide has never written has an empty one.
pub(super) fn read(conn: &mut Connection, table: &Table) -> Done<Ledger> {
    let tx = conn.transaction()?;
    let layout = Layout::of(&tx, table)?;
    if !is_migrated(&tx)? {
        return Ok(Ledger::default());
    }
    let mut ledger = Ledger {
        version: writer::version(&tx)?,
        records: records::read(&tx)?,
        holds: holds::read(&tx)?,
        refused: holds::refused(&tx)?,
        accepted: accepted(&tx)?,
        enforced: enforcements::read(&tx, &layout)?,
        spent: gate::spent(&tx)?,
        sightings: token::sightings(&tx)?,
        table: table.mapping.table.as_str().into(),
    };
    let mut rows = live_rows(&tx, &layout)?;
    for record in ledger.records.values_mut() {
        record.live = rows.remove(&record.task);
    }
    Ok(ledger)
}

/// The revision that the last pass accepted, and how many specs it had.
pub(super) fn accepted(conn: &Connection) -> rusqlite::Result<Option<(Revision, usize)>> {
    let sql = "SELECT revision, specs FROM abide_state WHERE revision IS NOT NULL";
    let accepted = |row: &rusqlite::Row<'_>| Ok((Revision::new(row.get::<_, String>(0)?), row.get(1)?));
    conn.query_row(sql, [], accepted).optional()
}

fn live_rows(conn: &Connection, layout: &Layout<'_>) -> Done<FxHashMap<TaskId, Live>> {
    let mut reader = RowReader::new(layout);
    // CROSS keeps the order: from the few records to their rows by key.
    let sql = format!(
        "SELECT {} FROM abide_remediations r CROSS JOIN {} t ON t.{} = r.task{}",
        reader.columns(),
        layout.table(),
        layout.id(),
        layout.and_only()
    );
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut found = FxHashMap::default();
    while let Some(row) = rows.next()? {
        match reader.read(row) {
            // Another row may have the key of one that is gone.
            Ok(task) if !task.own => {}
            Ok(task) => drop(found.insert(task.id.clone(), live(&task))),
            // It is there, and nobody knows how it stands: nobody says that it is done, and whatever a step would do to it is refused
            // once the step reads it.
            Err(Fault::Store(StoreError::Mapping(error))) => {
                let id = error.row.clone().ok_or(StoreError::Mapping(error))?;
                found.insert(TaskId(id.into()), Live { status: TaskStatus::Blocked, role: None, finished: None });
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(found)
}
