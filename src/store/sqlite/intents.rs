//! What is about to be written in the team's own file, as Abide's own tables have it.

use rusqlite::{Connection, Transaction};

use super::entry::Entry;
use super::fault::{Done, damaged};
use super::layout::Layout;
use super::mark::Mark;
use crate::model::{Epoch, TaskId};

/// A row that is about to be written.
pub(super) struct Intent {
    /// The row's key, where it has one already.
    pub(super) task: Option<TaskId>,
    /// By what the row is known; none where only something is kept.
    pub(super) mark: Option<Mark>,
    /// The highest key of SQLite's own before; none where the table has none.
    pub(super) above: Option<i64>,
    pub(super) entry: Entry,
}

/// The intents of one transaction of the team's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Batch(i64);

/// Writes intents down. A number is never given out twice, so that whoever was slow does not mistake another's for its own.
pub(super) fn put(tx: &Transaction<'_>, epoch: Option<Epoch>, intents: &[Intent]) -> Done<Batch> {
    let sql = "SELECT coalesce((SELECT seq FROM main.sqlite_sequence WHERE name = 'abide_intents'), 0) + 1";
    let batch: i64 = tx.query_row(sql, [], |row| row.get(0))?;
    let sql =
        "INSERT INTO main.abide_intents (batch, epoch, at, task, above, mark, entry) VALUES (?, ?, ?, ?, ?, ?, ?)";
    let mut insert = tx.prepare_cached(sql)?;
    for intent in intents {
        let mark = intent.mark.as_ref().map(text).transpose()?;
        let (task, epoch) = (intent.task.as_ref().map(|task| &*task.0), epoch.map(|epoch| epoch.0));
        let at = intent.entry.at().as_millis();
        insert.execute((batch, epoch, at, task, intent.above, mark, text(&intent.entry)?))?;
    }
    Ok(Batch(batch))
}

/// Whether a batch still stands: whoever came in between has settled it.
pub(super) fn stand(tx: &Connection, batch: Batch) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM main.abide_intents WHERE batch = ?)";
    tx.prepare_cached(sql)?.query_row([batch.0], |row| row.get(0))
}

/// Takes a batch back, or ends it.
pub(super) fn clear(tx: &Connection, batch: Batch) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM main.abide_intents WHERE batch = ?")?.execute([batch.0]).map(|_| ())
}

/// How many there are.
pub(super) fn count(tx: &Connection) -> rusqlite::Result<i64> {
    tx.prepare_cached("SELECT count(*) FROM main.abide_intents")?.query_row([], |row| row.get(0))
}

/// Every batch, the oldest first.
pub(super) fn read(tx: &Connection) -> Done<Vec<(Batch, Vec<Intent>)>> {
    let sql = "SELECT batch, task, above, mark, entry FROM main.abide_intents ORDER BY batch, seq";
    let mut statement = tx.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut batches: Vec<(Batch, Vec<Intent>)> = Vec::new();
    while let Some(row) = rows.next()? {
        let batch = Batch(row.get(0)?);
        let (task, mark): (Option<String>, Option<String>) = (row.get(1)?, row.get(3)?);
        let intent = Intent {
            task: task.map(|task| TaskId(task.into())),
            above: row.get(2)?,
            mark: mark.as_deref().map(parse).transpose()?,
            entry: parse(&row.get::<_, String>(4)?)?,
        };
        match batches.last_mut() {
            Some((last, intents)) if *last == batch => intents.push(intent),
            _ => batches.push((batch, vec![intent])),
        }
    }
    Ok(batches)
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
