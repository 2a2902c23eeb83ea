//! The change feed: a table in which triggers of the live table write what changed.
//!
//! Abide's own table has it by a migration. For a team's table Abide prints the same statements and runs none of them. Either
//! way an entry names the row and, where the row was not open, how it was: open rows are remembered by whoever reads.

mod past;
mod statements;

pub(super) use self::statements::{removal, statements};

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _};

use self::past::Past;
use self::statements::{named, table};
use super::fault::Done;
use super::layout::Layout;
use super::row::{RowReader, text_of};
use super::select;
use super::table::Table;
use crate::model::{Task, TaskId};
use crate::store::{Followed, Mark, RowChange};

/// More entries than this are not looked at one by one.
const MOST: i64 = 50_000;

/// What the live table's database has of the feed.
pub(super) fn followed(conn: &Connection, live: &Table) -> Done<Followed> {
    let (mapping, schema) = (&live.mapping, live.schema());
    let sql = format!("SELECT sql FROM {schema}.sqlite_schema WHERE name = ? COLLATE NOCASE");
    let mut there = conn.prepare(&sql)?;
    let (mut found, mut wrong, wanted) = (0, Vec::new(), named(mapping));
    if wanted.is_empty() {
        return Ok(Followed::Version);
    }
    for (name, statement) in wanted {
        match there.query_row([&name], |row| row.get::<_, String>(0)).optional()? {
            Some(sql) if words(&sql) == words(&statement) => found += 1,
            Some(_) => wrong.push(format!("{name} is another than this mapping needs")),
            None => wrong.push(format!("{name} is missing")),
        }
    }
    Ok(match (wrong.is_empty(), found) {
        (true, _) if mapping.own => Followed::OwnFeed,
        (true, _) => Followed::Triggers { sweeps: replaces_unseen(conn, live)? },
        (false, 0) if wrong.iter().all(|wrong| wrong.ends_with("is missing")) => Followed::Version,
        (false, _) => Followed::Unfit(wrong.join(", ")),
    })
}

/// A statement without its spaces and its last semicolon, as SQLite keeps neither for certain.
fn words(sql: &str) -> String {
    let words: Vec<&str> = sql.trim().trim_end_matches(';').split_whitespace().collect();
    words.join(" ")
}

/// Whether INSERT OR REPLACE can take the place of a row of another key: then no trigger fires for the one that goes.
fn replaces_unseen(conn: &Connection, live: &Table) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM pragma_index_list(?, ?) WHERE \"unique\" = 1 AND origin <> 'pk')";
    conn.query_row(sql, [&live.mapping.table, live.schema()], |row| row.get(0))
}

/// How far the feed is read: the version of the schema that it was part of, and its last entry.
pub(super) fn place(tx: &Connection, layout: &Layout<'_>) -> Done<(i64, i64)> {
    let schema = format!("PRAGMA {}.schema_version", layout.table.schema());
    let schema = tx.prepare_cached(&schema)?.query_row([], |row| row.get(0))?;
    let last = format!("SELECT coalesce(max(seq), 0) FROM {}", layout.table.qualified(&table(layout.mapping)));
    Ok((schema, tx.prepare_cached(&last)?.query_row([], |row| row.get(0))?))
}

/// The rows that changed since the mark, which is brought up to date; none where it cannot be told.
pub(super) fn since(
    tx: &Connection,
    layout: &Layout<'_>,
    mark: &mut Mark,
    now: (i64, i64),
) -> Done<Option<Vec<RowChange>>> {
    let Some((schema, seen)) = mark.feed else { return Ok(None) };
    let (now_schema, last) = now;
    // Whoever dropped a trigger and made it again may have written in between.
    if schema != now_schema || last < seen || last - seen > MOST {
        return Ok(None);
    }
    let feed = layout.table.qualified(&table(layout.mapping));
    let oldest = format!("SELECT coalesce(min(seq), 0) FROM {feed}");
    let oldest: i64 = tx.prepare_cached(&oldest)?.query_row([], |row| row.get(0))?;
    if oldest > seen + 1 {
        return Ok(None);
    }
    let Some(before) = earlier(tx, layout, mark, (&feed, seen))? else { return Ok(None) };
    let after = select::by_ids(tx, layout, before.keys().map(|id| &*id.0))?;
    let mut after: BTreeMap<TaskId, Arc<Task>> = after.into_iter().map(|row| (row.task.id.clone(), row.task)).collect();
    let mut moved = Vec::new();
    for (id, before) in before {
        let after = after.remove(&id);
        match after.as_ref().filter(|task| task.status.is_open()) {
            Some(task) => drop(mark.open.insert(id, task.clone())),
            None => drop(mark.open.remove(&id)),
        }
        if before != after {
            moved.push((before, after));
        }
    }
    mark.feed = Some(now);
    Ok(Some(moved))
}

/// Each row as it was at the mark; nothing where one of them cannot be told.
fn earlier(
    tx: &Connection,
    layout: &Layout<'_>,
    mark: &Mark,
    (feed, seen): (&str, i64),
) -> Done<Option<BTreeMap<TaskId, Option<Arc<Task>>>>> {
    let mut past = Past { tx, reader: RowReader::new(layout) };
    let mut entries = tx.prepare_cached(&format!("SELECT task, was FROM {feed} WHERE seq > ? ORDER BY seq"))?;
    let mut entries = entries.query([seen])?;
    let mut rows = BTreeMap::new();
    while let Some(entry) = entries.next()? {
        let Some(id) = text_of(entry.get_ref(0)?) else { return Ok(None) };
        let id = TaskId(id.into());
        if rows.contains_key(&id) {
            continue;
        }
        let before = match entry.get_ref(1)? {
            ValueRef::Text(b"") => mark.open.get(&id).cloned(),
            ValueRef::Text(was) => Some(past.read(was)?),
            _ => match mark.open.get(&id) {
                Some(open) => Some(open.clone()),
                None => return Ok(None),
            },
        };
        rows.insert(id, before);
    }
    Ok(Some(rows))
}
