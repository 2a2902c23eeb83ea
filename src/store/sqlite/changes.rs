//! What has changed in the live table and beside it since a reader last looked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::types::Value;
use rusqlite::{Connection, Transaction};

use super::approval::record;
use super::connect::is_migrated;
use super::fault::{Done, Fault};
use super::layout::Layout;
use super::table::Table;
use super::{feed, heartbeats, intents, select, writer};
use crate::model::{Duration, Task, TaskId, Timestamp};
use crate::store::{Beside, Changes, Followed, Mark, RowChange, RowsMoved, StoreError};

/// Rows that had ended when last seen are looked at again after so long, where nothing tells of them.
const SWEEP: Duration = Duration::from_mins(10);

/// More new rows than this are read as a whole.
const MOST_NEW: i64 = 50_000;

/// Compares the table with a mark. `conn` must be the same through a generation and never write: SQLite's
/// `data_version` tells a connection of the commits of all others.
pub(super) fn since(
    conn: &mut Connection,
    generation: u32,
    table: &Table,
    mut mark: Mark,
    now: Timestamp,
) -> Done<Changes> {
    let tx = conn.transaction()?;
    let version = (versioned(&tx, generation, "main")?, versioned(&tx, generation, table.schema())?);
    let is_same_file = mark.version.is_some_and(|(version, _)| version >> 32 == u64::from(generation));
    let is_swept = is_same_file && (!sweeps(&mark) || now < mark.swept.plus(SWEEP) && now >= mark.swept);
    if is_swept && mark.version == Some(version) {
        return Ok(Changes { mark, moved: RowsMoved::Nothing, heartbeats: false, ledger: false });
    }
    let layout = Layout::of(&tx, table)?;
    let beside = beside(&tx, table)?;
    let (heartbeats, ledger) = match (&mark.beside, &beside) {
        (Some(before), Some(now)) => (before.heartbeats != now.heartbeats, before.ledger != now.ledger),
        _ => (true, true),
    };
    let rows = if is_swept { moved(&tx, &layout, &mut mark)? } else { None };
    let rows = rows.map(|rows| agreed(&tx, &layout, &mut mark, rows)).transpose()?;
    let moved = match rows {
        None => {
            mark = Mark { swept: now, ..seen(&tx, &layout)? };
            RowsMoved::Anything
        }
        Some(rows) if rows.is_empty() => RowsMoved::Nothing,
        Some(rows) => RowsMoved::Rows(rows),
    };
    (mark.version, mark.beside) = (Some(version), beside);
    Ok(Changes { mark, moved, heartbeats, ledger })
}

/// The version of a database. The first read fixes the snapshot, and the version is that of the snapshot.
fn versioned(tx: &Transaction<'_>, generation: u32, schema: &str) -> rusqlite::Result<u64> {
    tx.prepare_cached(&format!("SELECT count(*) FROM {schema}.sqlite_schema"))?.query_row([], |_| Ok(()))?;
    let version: u32 = tx.prepare_cached(&format!("PRAGMA {schema}.data_version"))?.query_row([], |row| row.get(0))?;
    Ok(u64::from(generation) << 32 | u64::from(version))
}

/// Whether all rows are looked at once in a while.
fn sweeps(mark: &Mark) -> bool {
    mark.followed.as_ref().is_none_or(|followed| !followed.is_exact())
}

/// What lies beside the table; none where it cannot be read, which is for those to tell who ask for it.
fn beside(tx: &Transaction<'_>, table: &Table) -> Done<Option<Beside>> {
    let heartbeats = match heartbeats::read(tx, table) {
        Ok(heartbeats) => heartbeats,
        Err(Fault::Store(StoreError::Mapping(_))) => return Ok(None),
        Err(fault) => return Err(fault),
    };
    let ledger = if is_migrated(tx)? { Some(writer::version(tx)?) } else { None };
    Ok(Some(Beside { ledger, heartbeats }))
}

const fn has_feed(followed: &Followed) -> bool {
    matches!(followed, Followed::OwnFeed | Followed::Triggers { .. })
}

/// The table as it is now.
fn seen(tx: &Transaction<'_>, layout: &Layout<'_>) -> Done<Mark> {
    let followed = layout.shape.followed.clone();
    let feed = if has_feed(&followed) { Some(feed::place(tx, layout)?) } else { None };
    let (newest, open) = (intents::newest(tx, layout)?, by_id(select::open(tx, layout)?.whole()?));
    let agreed = if layout.is_migrated { record::newest(tx)? } else { 0 };
    Ok(Mark { newest, open, feed, agreed, followed: Some(followed), ..Mark::default() })
}

/// The rows that changed, with the mark brought up to date; none where it cannot be told.
fn moved(tx: &Transaction<'_>, layout: &Layout<'_>, mark: &mut Mark) -> Done<Option<Vec<RowChange>>> {
    if mark.followed.as_ref() != Some(&layout.shape.followed) {
        return Ok(None);
    }
    if has_feed(&layout.shape.followed) {
        let place = feed::place(tx, layout)?;
        return feed::since(tx, layout, mark, place);
    }
    let now = seen(tx, layout)?;
    let rows = compared(tx, layout, mark, &now)?;
    *mark = Mark { swept: mark.swept, agreed: mark.agreed, ..now };
    Ok(rows)
}

/// The rows that changed, with those of which something was put on record: to whoever judges, those have changed too.
fn agreed(
    tx: &Transaction<'_>,
    layout: &Layout<'_>,
    mark: &mut Mark,
    mut rows: Vec<RowChange>,
) -> Done<Vec<RowChange>> {
    if !layout.is_migrated {
        return Ok(rows);
    }
    let (touched, last) = record::touched(tx, mark.agreed)?;
    mark.agreed = last;
    let known: BTreeSet<TaskId> =
        rows.iter().filter_map(|(before, after)| Some(before.as_ref().or(after.as_ref())?.id.clone())).collect();
    let new = touched.iter().filter(|id| !known.contains(&TaskId::from(id.as_str())));
    for row in select::by_ids(tx, layout, new.map(String::as_str))? {
        let (id, after) = (row.task.id.clone(), row.task);
        let before = if after.status.is_open() { mark.open.insert(id, after.clone()) } else { None };
        // Of a row that had ended, only what is on record of it can be another.
        let before = before.unwrap_or_else(|| Arc::new(Task { record: None, ..Task::clone(&after) }));
        rows.push((Some(before), Some(after)));
    }
    Ok(rows)
}

fn by_id(tasks: Vec<Arc<Task>>) -> BTreeMap<TaskId, Arc<Task>> {
    tasks.into_iter().map(|task| (task.id.clone(), task)).collect()
}

/// The rows in which the table differs from a mark; none where it cannot be told.
fn compared(tx: &Transaction<'_>, layout: &Layout<'_>, mark: &Mark, now: &Mark) -> Done<Option<Vec<RowChange>>> {
    let (Some(before), Some(newest), open) = (mark.newest, now.newest, &now.open) else { return Ok(None) };
    if newest < before || newest - before > MOST_NEW {
        return Ok(None);
    }
    let new = by_id(select::tasks(tx, layout, "t.rowid > ?", vec![Value::Integer(before)])?.whole()?);
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
