//! The change feed: a table in which triggers of the live table write what changed.
//!
//! Abide's own table has it by a migration. For a team's table Abide prints the same statements and runs none of them. Either
//! way an entry names the row and, where the row was not open, how it was: open rows are remembered by whoever reads.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension as _, params_from_iter};

use super::fault::{Done, damaged};
use super::layout::{Layout, Shape, quoted};
use super::row::{RowReader, text_of};
use super::select;
use super::table::Table;
use crate::config::{Field, Mapping};
use crate::model::{Task, TaskId};
use crate::store::{Followed, Mark, RowChange};

/// How many entries are kept. Whoever has seen none of them reads everything.
const KEPT: i64 = 100_000;

/// More entries than this are not looked at one by one.
const MOST: i64 = 50_000;

/// The feed's table. One of Abide's own is beside the team's table, so that of a team's table has its name in it.
fn table(mapping: &Mapping) -> String {
    if mapping.own { "abide_changes".to_owned() } else { format!("abide_changes_{}", mapping.table) }
}

/// What must be run once in the live table's database so that its changes are told exactly. Each names no database.
pub(super) fn statements(mapping: &Mapping) -> Vec<String> {
    named(mapping).into_iter().map(|(_, sql)| sql).collect()
}

/// What takes away all that the statements make, and what there may be of it from another mapping.
pub(super) fn removal(mapping: &Mapping) -> Vec<String> {
    let names = named(mapping).into_iter().map(|(name, _)| quoted(&name));
    let mut drop: Vec<String> = names.map(|name| format!("DROP TRIGGER IF EXISTS {name};")).collect();
    if let Some(first) = drop.first_mut() {
        *first = format!("DROP TABLE IF EXISTS {};", quoted(&table(mapping)));
    }
    drop
}

/// The same, each with the name of what it makes.
fn named(mapping: &Mapping) -> Vec<(String, String)> {
    let (name, live) = (table(mapping), quoted(&mapping.table));
    let (id, columns) = (quoted(mapping.column(Field::Id).unwrap_or("rowid")), columns(mapping));
    let feed = quoted(&name);
    let trigger = |what: &str, does: String| {
        let name = format!("{name}_{what}");
        let sql = format!("CREATE TRIGGER {} {does}", quoted(&name));
        (name, sql)
    };
    let was = |row: &str| {
        let open = mapping.status.iter().filter(|(status, _)| status.is_open());
        let open: Vec<String> = open.map(|(_, word)| format!("'{}'", word.replace('\'', "''"))).collect();
        let status = quoted(mapping.column(Field::Status).unwrap_or("status"));
        let each: Vec<String> = columns.iter().map(|name| format!("quote({row}{})", quoted(name))).collect();
        let (open, each) = (open.join(", "), each.join(" || ',' || "));
        format!("CASE WHEN CAST({row}{status} AS TEXT) IN ({open}) THEN NULL ELSE {each} END")
    };
    let of = columns.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
    let (replaced, changed) = (was(""), was("old."));
    vec![
        (name.clone(), format!("CREATE TABLE {feed} (seq INTEGER PRIMARY KEY AUTOINCREMENT, task, was TEXT);")),
        trigger(
            "replace",
            format!("BEFORE INSERT ON {live} BEGIN\n  \
             INSERT INTO {feed} (task, was) SELECT {id}, {replaced} FROM {live} WHERE {id} = new.{id};\nEND;"),
        ),
        trigger(
            "insert",
            format!("AFTER INSERT ON {live} BEGIN\n  \
             INSERT INTO {feed} (task, was) VALUES (new.{id}, '');\nEND;"),
        ),
        trigger(
            "update",
            format!("AFTER UPDATE OF {of} ON {live} BEGIN\n  \
             INSERT INTO {feed} (task, was) VALUES (old.{id}, {changed});\n  \
             INSERT INTO {feed} (task, was) SELECT new.{id}, '' WHERE new.{id} IS NOT old.{id};\nEND;"),
        ),
        trigger(
            "delete",
            format!("AFTER DELETE ON {live} BEGIN\n  \
             INSERT INTO {feed} (task, was) VALUES (old.{id}, {changed});\nEND;"),
        ),
        trigger(
            "prune",
            format!("AFTER INSERT ON {feed} WHEN new.seq % 1000 = 0 BEGIN\n  \
             DELETE FROM {feed} WHERE seq <= new.seq - {KEPT};\nEND;"),
        ),
    ]
}

/// The columns that a task is read from, in the order in which an entry has them.
fn columns(mapping: &Mapping) -> Vec<String> {
    let table = Table::new(mapping.clone(), None);
    let layout = Layout { table: &table, mapping, shape: Arc::new(Shape::nothing()), on_record: Arc::default() };
    RowReader::new(&layout).names().map(str::to_owned).collect()
}

/// What the live table's database has of the feed.
pub(super) fn followed(conn: &Connection, live: &Table) -> Done<Followed> {
    let (mapping, schema) = (&live.mapping, live.schema());
    let sql = format!("SELECT sql FROM {schema}.sqlite_schema WHERE name = ? COLLATE NOCASE");
    let mut there = conn.prepare(&sql)?;
    let (mut found, mut wrong) = (0, Vec::new());
    for (name, statement) in named(mapping) {
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
pub(super) fn since(tx: &Connection, layout: &Layout<'_>, mark: &mut Mark, now: (i64, i64)) -> Done<Option<Vec<RowChange>>> {
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
    let mut after: BTreeMap<TaskId, Arc<Task>> =
        after.into_iter().map(|row| (row.task.id.clone(), row.task)).collect();
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

/// Reads rows as they were.
struct Past<'t, 'l> {
    tx: &'t Connection,
    reader: RowReader<'l>,
}

impl Past<'_, '_> {
    fn read(&mut self, was: &[u8]) -> Done<Arc<Task>> {
        let values = literals(was).ok_or_else(|| damaged("the change feed holds a row that cannot be read"))?;
        let sql = format!("SELECT {}", select::marks(values.len()));
        let mut statement = self.tx.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let row = rows.next()?.ok_or_else(|| damaged("the change feed holds no row"))?;
        self.reader.read(row)
    }
}

/// The values that `quote()` wrote, with commas between them.
fn literals(text: &[u8]) -> Option<Vec<Value>> {
    let (mut rest, mut values) = (text, Vec::new());
    loop {
        let (value, after) = literal(rest)?;
        values.push(value);
        match after {
            [] => return Some(values),
            [b',', after @ ..] => rest = after,
            _ => return None,
        }
    }
}

fn literal(text: &[u8]) -> Option<(Value, &[u8])> {
    match text {
        [b'\'', rest @ ..] => {
            let (text, rest) = quotation(rest)?;
            Some((Value::Text(String::from_utf8_lossy(&text).into_owned()), rest))
        }
        [b'X' | b'x', b'\'', rest @ ..] => {
            let (text, rest) = quotation(rest)?;
            let digits = std::str::from_utf8(&text).ok()?;
            let byte = |at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
            Some((Value::Blob((0..digits.len()).step_by(2).map(byte).collect::<Option<_>>()?), rest))
        }
        _ => {
            let end = text.iter().position(|byte| *byte == b',').unwrap_or(text.len());
            let (word, rest) = text.split_at_checked(end)?;
            let word = std::str::from_utf8(word).ok()?;
            let number = || word.parse().map(Value::Integer).ok().or_else(|| word.parse().map(Value::Real).ok());
            Some((if word == "NULL" { Value::Null } else { number()? }, rest))
        }
    }
}

/// What stands before the closing quote, and what comes after it. A quote within is doubled.
fn quotation(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let (mut rest, mut inner) = (text, Vec::new());
    loop {
        let at = rest.iter().position(|byte| *byte == b'\'')?;
        inner.extend_from_slice(rest.get(..at)?);
        match rest.get(at + 1..)? {
            [b'\'', after @ ..] => {
                inner.push(b'\'');
                rest = after;
            }
            after => return Some((inner, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_quote_writes_is_read_back() {
        let conn = Connection::open_in_memory().unwrap();
        let values = [
            Value::Null,
            Value::Integer(i64::MIN),
            Value::Real(0.1),
            Value::Real(1e300),
            Value::Text("a','b''".into()),
            Value::Text(String::new()),
            Value::Text("ü\n,NULL".into()),
            Value::Blob(vec![0, 255, 39]),
        ];
        let sql = format!("SELECT {}", vec!["quote(?)"; values.len()].join(" || ',' || "));
        let text: String = conn.query_row(&sql, params_from_iter(&values), |row| row.get(0)).unwrap();
        assert_eq!(literals(text.as_bytes()), Some(values.to_vec()));
        assert_eq!(literals(b"'open"), None);
        assert_eq!(literals(b"1;2"), None);
    }
}
