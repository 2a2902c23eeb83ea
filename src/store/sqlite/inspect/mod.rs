//! Looking a SQLite file over that somebody else made.

mod allowed;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::fault::{Done, Fault};
use super::files::Files;
use super::layout::quoted;
use super::{beside, connect};
use crate::store::StoreError;
use crate::store::inspect::{ColumnSeen, Held, Inspect, MOST_PAIRS, MOST_WORDS, TableSeen};

/// Values are taken from so many rows: enough to tell what a column holds.
const SAMPLED: usize = 5000;

/// A SQLite file that is only read.
pub struct SqliteInspect {
    url: Arc<str>,
    conn: Connection,
    path: PathBuf,
}

impl SqliteInspect {
    /// Opens the file of a `sqlite:PATH` URL.
    ///
    /// # Errors
    /// When it is not there, or no database.
    pub fn open(url: &str) -> Result<Self, StoreError> {
        let files = Files::alone("tasks.url", url)?;
        let (url, path) = (files.url.clone(), files.path.clone());
        if !path.is_file() {
            return Err(StoreError::OutOfReach { url, reason: "there is no such file".into() });
        }
        let conn = connect::reader(&files)?;
        Ok(Self { url, conn, path })
    }

    /// Where the file is.
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }
}

impl Inspect for SqliteInspect {
    fn tables(&self) -> Result<Vec<TableSeen>, StoreError> {
        tables(&self.conn).map_err(|fault| fault.at(&self.url))
    }

    fn words(&self, table: &str, column: &str) -> Result<Vec<(Held, u64)>, StoreError> {
        let from = quoted(table);
        values(&self.conn, &from, column).map_err(|fault| fault.at(&self.url))
    }

    fn pairs(&self, table: &str, columns: (&str, &str)) -> Result<Vec<(Held, Held, u64)>, StoreError> {
        pairs(&self.conn, table, columns).map_err(|fault| fault.at(&self.url))
    }

    fn filled(&self, table: &str, by: &str, column: &str) -> Result<Vec<(Held, u64, u64)>, StoreError> {
        filled(&self.conn, table, by, column).map_err(|fault| fault.at(&self.url))
    }

    fn greatest(&self, table: &str, column: &str) -> Result<Option<Held>, StoreError> {
        greatest(&self.conn, table, column).map_err(|fault| fault.at(&self.url))
    }

    fn known(&self, table: &str, column: &str, words: &[String]) -> Result<usize, StoreError> {
        known(&self.conn, table, column, words).map_err(|fault| fault.at(&self.url))
    }

    fn is_abides(&self) -> Result<bool, StoreError> {
        let sql =
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name LIKE 'abide\\_%' ESCAPE '\\')";
        self.conn.query_row(sql, [], |row| row.get(0)).map_err(|error| Fault::from(error).at(&self.url))
    }
}

fn tables(conn: &Connection) -> Done<Vec<TableSeen>> {
    let sql = "SELECT l.name, l.type, s.sql FROM pragma_table_list l JOIN sqlite_schema s ON s.name = l.name
               WHERE l.schema = 'main' AND l.type IN ('table', 'view') AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
               AND l.name NOT LIKE 'abide\\_%' ESCAPE '\\' ORDER BY l.name";
    let mut statement = conn.prepare(sql)?;
    let named = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<String>>(2)?));
    let named: Vec<(String, String, Option<String>)> = statement.query_map([], named)?.collect::<Result<_, _>>()?;
    named.into_iter().map(|(name, kind, sql)| table(conn, name, kind == "view", &sql.unwrap_or_default())).collect()
}

fn table(conn: &Connection, name: String, is_view: bool, sql: &str) -> Done<TableSeen> {
    let rows = conn.query_row(&format!("SELECT count(*) FROM {}", quoted(&name)), [], |row| row.get::<_, i64>(0))?;
    let refers = refers(conn, &name)?;
    let allowed = allowed::words(sql);
    let mut columns = columns(conn, &name)?;
    let keys = columns.iter().filter(|column| column.key > 0).count();
    let has_rowid = !is_view && !sql.to_ascii_uppercase().contains("WITHOUT ROWID");
    let from = format!("(SELECT * FROM {} LIMIT {SAMPLED})", quoted(&name));
    for column in &mut columns {
        let lower = column.name.to_lowercase();
        column.is_automatic =
            column.key == 1 && keys == 1 && has_rowid && column.declared.eq_ignore_ascii_case("INTEGER");
        column.is_indexed = beside::has_index(conn, "main", &name, &column.name)?;
        column.refers = refers.get(&lower).cloned();
        column.allowed = allowed.get(&lower).cloned().unwrap_or_default();
        column.sample = values(conn, &from, &column.name)?;
    }
    let uniques = uniques(conn, &name)?;
    Ok(TableSeen { name, is_view, rows: u64::try_from(rows).unwrap_or_default(), columns, uniques })
}

fn columns(conn: &Connection, table: &str) -> Done<Vec<ColumnSeen>> {
    let sql = "SELECT name, type, \"notnull\", dflt_value, pk, hidden > 1 FROM pragma_table_xinfo(?) WHERE hidden <> 1";
    let mut statement = conn.prepare(sql)?;
    let column = |row: &rusqlite::Row<'_>| {
        Ok(ColumnSeen {
            name: row.get(0)?,
            declared: row.get(1)?,
            not_null: row.get(2)?,
            default: row.get(3)?,
            key: row.get::<_, i64>(4).map(|key| usize::try_from(key).unwrap_or_default())?,
            is_automatic: false,
            is_generated: row.get(5)?,
            is_indexed: false,
            refers: None,
            allowed: Vec::new(),
            sample: Vec::new(),
        })
    };
    Ok(statement.query_map([table], column)?.collect::<Result<_, _>>()?)
}

/// What each column refers to, where it alone refers to one other.
fn refers(conn: &Connection, table: &str) -> Done<BTreeMap<String, (String, String)>> {
    let sql = "SELECT f.\"from\", f.\"table\", coalesce(f.\"to\", (SELECT name FROM pragma_table_info(f.\"table\") WHERE pk = 1))
               FROM pragma_foreign_key_list(?1) f WHERE f.id NOT IN
               (SELECT id FROM pragma_foreign_key_list(?1) GROUP BY id HAVING count(*) > 1)";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([table])?;
    let mut found = BTreeMap::new();
    while let Some(row) = rows.next()? {
        if let (from, to, Some(key)) = (row.get::<_, String>(0)?, row.get(1)?, row.get(2)?) {
            found.insert(from.to_lowercase(), (to, key));
        }
    }
    Ok(found)
}

/// The columns of each unique index, but of the key's. One of some rows only, or of what is worked out, says nothing for sure.
fn uniques(conn: &Connection, table: &str) -> Done<Vec<Vec<String>>> {
    let sql = "SELECT l.name, i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i
               WHERE l.\"unique\" = 1 AND l.partial = 0 AND l.origin <> 'pk' ORDER BY l.seq DESC, i.seqno";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([table])?;
    let mut found: Vec<(String, Option<Vec<String>>)> = Vec::new();
    while let Some(row) = rows.next()? {
        let (index, column) = (row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?);
        if found.last().is_none_or(|(name, _)| *name != index) {
            found.push((index, Some(Vec::new())));
        }
        let Some((_, columns)) = found.last_mut() else { continue };
        *columns = columns.take().zip(column).map(|(mut columns, column)| {
            columns.push(column);
            columns
        });
    }
    Ok(found.into_iter().filter_map(|(_, columns)| columns).collect())
}

/// What a row holds at a place; none where it is empty.
fn held(value: ValueRef<'_>) -> Option<Held> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(Held::Integer(number)),
        ValueRef::Real(number) => Some(Held::Real(number)),
        ValueRef::Text(text) => Some(Held::Text(String::from_utf8_lossy(text).into_owned())),
        ValueRef::Blob(_) => Some(Held::Blob),
    }
}

fn count(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(at).map(|count| u64::try_from(count).unwrap_or_default())
}

fn pairs(conn: &Connection, table: &str, (a, b): (&str, &str)) -> Done<Vec<(Held, Held, u64)>> {
    let (table, a, b) = (quoted(table), quoted(a), quoted(b));
    let sql = format!(
        "SELECT {a}, {b}, count(*) FROM {table} WHERE {a} IS NOT NULL AND {a} <> '' AND {b} IS NOT NULL AND {b} <> ''
         GROUP BY {a}, {b} ORDER BY {a}, {b} LIMIT {MOST_PAIRS}"
    );
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if let (Some(a), Some(b)) = (held(row.get_ref(0)?), held(row.get_ref(1)?)) {
            found.push((a, b, count(row, 2)?));
        }
    }
    Ok(found)
}

fn filled(conn: &Connection, table: &str, by: &str, column: &str) -> Done<Vec<(Held, u64, u64)>> {
    let (table, by, column) = (quoted(table), quoted(by), quoted(column));
    let sql = format!(
        "SELECT {by}, count(*), count(nullif(nullif({column}, ''), 0)) FROM {table} WHERE {by} IS NOT NULL AND {by} <> ''
         GROUP BY {by} ORDER BY count(*) DESC, {by} LIMIT {MOST_WORDS}"
    );
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(held) = held(row.get_ref(0)?) {
            found.push((held, count(row, 1)?, count(row, 2)?));
        }
    }
    Ok(found)
}

fn greatest(conn: &Connection, table: &str, column: &str) -> Done<Option<Held>> {
    let (table, column) = (quoted(table), quoted(column));
    let sql = format!("SELECT max({column}) FROM {table} WHERE {column} <> ''");
    Ok(conn.query_row(&sql, [], |row| Ok(held(row.get_ref(0)?)))?)
}

fn known(conn: &Connection, table: &str, column: &str, words: &[String]) -> Done<usize> {
    let (table, column) = (quoted(table), quoted(column));
    let words = serde_json::Value::from(words).to_string();
    let sql = format!(
        "SELECT count(DISTINCT CAST({column} AS TEXT)) FROM {table}
         WHERE CAST({column} AS TEXT) IN (SELECT CAST(value AS TEXT) FROM json_each(?))"
    );
    let known: i64 = conn.query_row(&sql, [words], |row| row.get(0))?;
    Ok(usize::try_from(known).unwrap_or_default())
}

fn values(conn: &Connection, from: &str, column: &str) -> Done<Vec<(Held, u64)>> {
    let column = quoted(column);
    let sql = format!(
        "SELECT {column}, count(*) FROM {from} WHERE {column} IS NOT NULL AND {column} <> '' GROUP BY {column}
         ORDER BY count(*) DESC, {column} LIMIT {MOST_WORDS}"
    );
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(held) = held(row.get_ref(0)?) else { continue };
        found.push((held, count(row, 1)?));
    }
    Ok(found)
}
