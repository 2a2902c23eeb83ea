//! What is about to be written, as Abide's own tables have it while it lies between two files.

use rusqlite::{Connection, Transaction};

use super::fault::{Done, damaged};
use super::layout::Layout;
use super::log::Log;
use super::mark::Mark;

/// What one transaction writes into the live table, and what is kept of it once that is done.
pub(super) struct Intent {
    pub(super) batch: Batch,
    /// The rows, by key and mark.
    pub(super) rows: Vec<(String, Mark)>,
    /// Statements on Abide's own tables, in order.
    pub(super) books: Vec<String>,
}

/// The number of an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Batch(i64);

/// Writes an intent down. A number is never given out twice, so that whoever was slow does not mistake another's for its own.
pub(super) fn put(tx: &Transaction<'_>, log: &Log) -> Done<Batch> {
    let rows: Vec<(&String, &Mark)> = log.rows.iter().map(|row| (&row.task, &row.mark)).collect();
    let sql = "INSERT INTO main.abide_intents (live, books) VALUES (?, ?)";
    tx.prepare_cached(sql)?.execute((text(&rows)?, text(&log.books)?))?;
    Ok(Batch(tx.last_insert_rowid()))
}

/// Whether an intent still stands: whoever came in between has settled it.
pub(super) fn stands(tx: &Connection, batch: Batch) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM main.abide_intents WHERE batch = ?)";
    tx.prepare_cached(sql)?.query_row([batch.0], |row| row.get(0))
}

/// Takes an intent back, or ends it.
pub(super) fn clear(tx: &Connection, batch: Batch) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM main.abide_intents WHERE batch = ?")?.execute([batch.0]).map(|_| ())
}

/// Writes what is kept of rows that are written, and the intent is gone.
pub(super) fn confirm(tx: &Connection, batch: Batch, books: &[String]) -> Done<()> {
    for statement in books {
        tx.execute(statement, [])?;
    }
    Ok(clear(tx, batch)?)
}

/// How many there are.
pub(super) fn count(tx: &Connection) -> rusqlite::Result<i64> {
    tx.prepare_cached("SELECT count(*) FROM main.abide_intents")?.query_row([], |row| row.get(0))
}

/// Every intent, the oldest first.
pub(super) fn read(tx: &Connection) -> Done<Vec<Intent>> {
    let sql = "SELECT batch, live, books FROM main.abide_intents ORDER BY batch";
    let mut statement = tx.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut intents = Vec::new();
    while let Some(row) = rows.next()? {
        let (live, books): (String, String) = (row.get(1)?, row.get(2)?);
        intents.push(Intent { batch: Batch(row.get(0)?), rows: parse(&live)?, books: parse(&books)? });
    }
    Ok(intents)
}

/// The highest key of SQLite's own in the live table, whatever the table's is; none where it has no such key.
pub(super) fn newest(tx: &Connection, layout: &Layout<'_>) -> Done<Option<i64>> {
    if !layout.shape.has_rowid {
        return Ok(None);
    }
    let sql = format!("SELECT coalesce(max(rowid), 0) FROM {}", layout.table());
    Ok(Some(tx.prepare_cached(&sql)?.query_row([], |row| row.get(0))?))
}

fn text(value: &impl serde::Serialize) -> Done<String> {
    serde_json::to_string(value).map_err(|error| damaged(format!("an intent cannot be written: {error}")))
}

fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Done<T> {
    let wrong = |error| damaged(format!("abide_intents holds `{text}`, which cannot be read: {error}"));
    serde_json::from_str(text).map_err(wrong)
}
