//! What has changed in the live table since a reader last looked.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::types::Value;
use rusqlite::{Connection, Transaction};

use super::fault::Done;
use super::layout::Layout;
use super::{intents, select};
use super::table::Table;
use crate::model::{Duration, Task, TaskId, Timestamp};
use crate::store::{Changes, Mark, RowChange, RowsMoved};

/// Rows that had ended when last seen are looked at again after so long.
const SWEEP: Duration = Duration::from_mins(10);

/// More new rows than this are read as a whole.
const MOST_NEW: i64 = 50_000;

/// Compares the table with a mark. `conn` must be the same through a generation and never write: SQLite's
/// `data_version` tells a connection of the commits of all others.
pub(super) fn since(
    conn: &mut Connection,
    generation: u32,
    table: &Table,
    mark: &Mark,
    now: Timestamp,
) -> Done<Changes> {
    let tx = conn.transaction()?;
    // The first read fixes the snapshot; the version is that of the snapshot.
    tx.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let version: u32 = tx.query_row("PRAGMA data_version", [], |row| row.get(0))?;
    let version = u64::from(generation) << 32 | u64::from(version);
    let is_same_file = mark.version.is_some_and(|version| version >> 32 == u64::from(generation));
    let is_swept = is_same_file && now < mark.swept.plus(SWEEP) && now >= mark.swept;
    if is_swept && mark.version == Some(version) {
        return Ok(Changes { mark: mark.clone(), moved: RowsMoved::Nothing, heartbeats: false });
    }
    let layout = Layout::of(&tx, table)?;
    let newest = intents::newest(&tx, &layout)?;
    let open = by_id(select::open(&tx, &layout)?);
    let rows = if is_swept { moved(&tx, &layout, mark, newest, &open)? } else { None };
    let swept = if rows.is_some() { mark.swept } else { now };
    let moved = match rows {
        None => RowsMoved::Anything,
        Some(rows) if rows.is_empty() => RowsMoved::Nothing,
        Some(rows) => RowsMoved::Rows(rows),
    };
    let mark = Mark { version: Some(version), newest, open, swept };
    // Something was written, and what is not a row of the table may have been.
    Ok(Changes { mark, moved, heartbeats: true })
}

fn by_id(tasks: Vec<Arc<Task>>) -> BTreeMap<TaskId, Arc<Task>> {
    tasks.into_iter().map(|task| (task.id.clone(), task)).collect()
}

/// The rows that changed; none where it cannot be told.
fn moved(
    tx: &Transaction<'_>,
    layout: &Layout<'_>,
    mark: &Mark,
    newest: Option<i64>,
    open: &BTreeMap<TaskId, Arc<Task>>,
) -> Done<Option<Vec<RowChange>>> {
    let (Some(before), Some(newest)) = (mark.newest, newest) else { return Ok(None) };
    if newest < before || newest - before > MOST_NEW {
        return Ok(None);
    }
    let new = by_id(select::tasks(tx, layout, "t.rowid > ?", vec![Value::Integer(before)])?);
    // A row that is open again was closed when last seen, and nobody knows how it was then.
    if open.keys().any(|id| !mark.open.contains_key(id) && !new.contains_key(id)) {
        return Ok(None);
    }
    let ended = mark.open.keys().filter(|id| !open.contains_key(*id));
    let ended = by_id(select::by_ids(tx, layout, ended.map(|id| &*id.0))?.into_iter().map(|row| row.task).collect());
    let mut moved = Vec::new();
    for (id, before) in &mark.open {
        let now = open.get(id).or_else(|| ended.get(id));
        if now != Some(before) {
            moved.push((Some(before.clone()), now.cloned()));
        }
    }
    let new = new.into_iter().filter(|(id, _)| !mark.open.contains_key(id));
    moved.extend(new.map(|(_, task)| (None, Some(task))));
    Ok(Some(moved))
}
