//! What was done, by whom and when: a chain in which no row can be changed or taken out unseen.

use rusqlite::{Connection, OptionalExtension as _};
use serde_json::Value;

use super::connect::is_migrated;
use super::fault::Done;
use super::writer::Writer;
use crate::model::{Hasher, TaskId, Timestamp};
use crate::store::Told;

struct Entry {
    seq: i64,
    at: i64,
    who: String,
    action: String,
    what: String,
    prev: String,
}

impl Entry {
    fn hash(&self) -> String {
        let Self { seq, at, who, action, what, prev } = self;
        let numbers = Hasher::default().part(prev).part(seq.to_string()).part(at.to_string());
        numbers.part(who).part(action).part(what).finish().to_string()
    }
}

/// Adds the row of one transition.
pub(super) fn add(writer: &mut Writer<'_>, at: Timestamp, who: &str, action: &str, what: &Value) -> Done<()> {
    let (seq, prev) = match writer.audited.take() {
        Some(last) => last,
        None => last(writer.tx)?.unwrap_or_default(),
    };
    let entry = Entry {
        seq: seq + 1,
        at: at.as_millis(),
        who: who.to_owned(),
        action: action.to_owned(),
        what: what.to_string(),
        prev,
    };
    let sql = "INSERT INTO abide_audit (seq, at, who, action, what, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?)";
    let hash = entry.hash();
    writer.audited = Some((entry.seq, hash.clone()));
    let Entry { seq, at, who, action, what, prev } = entry;
    writer.write(sql, (seq, at, who, action, what, prev, hash))?;
    Ok(())
}

/// Adds the row of one transition, and says its number.
pub(super) fn number(writer: &mut Writer<'_>, at: Timestamp, who: &str, (action, what): (&str, &Value)) -> Done<i64> {
    add(writer, at, who, action, what)?;
    Ok(writer.audited.as_ref().map_or(0, |(seq, _)| *seq))
}

/// When the newest transition was.
pub(super) fn newest(conn: &Connection) -> Done<Option<Timestamp>> {
    let sql = "SELECT at FROM abide_audit ORDER BY seq DESC LIMIT 1";
    let at: Option<i64> = conn.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
    Ok(at.map(Timestamp::from_millis))
}

/// Every transition of one task, the oldest first.
pub(super) fn story(conn: &Connection, task: &TaskId) -> Done<Vec<Told>> {
    if !is_migrated(conn)? {
        return Ok(Vec::new());
    }
    let sql = "SELECT seq, at, who, action, what FROM abide_audit WHERE task = ? ORDER BY seq";
    let told = |row: &rusqlite::Row<'_>| {
        let at = Timestamp::from_millis(row.get(1)?);
        Ok(Told { number: row.get(0)?, at, by: row.get(2)?, action: row.get(3)?, what: row.get(4)? })
    };
    Ok(conn.prepare_cached(sql)?.query_map([&*task.0], told)?.collect::<Result<_, _>>()?)
}

/// The chain's last row: its number and its hash.
fn last(conn: &Connection) -> rusqlite::Result<Option<(i64, String)>> {
    let sql = "SELECT seq, hash FROM abide_audit ORDER BY seq DESC LIMIT 1";
    conn.prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

/// How many rows the chain has, or the first that does not fit.
pub(super) fn verify(conn: &Connection) -> rusqlite::Result<Result<i64, i64>> {
    let sql = "SELECT seq, at, who, action, what, prev, hash FROM abide_audit ORDER BY seq";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    let (mut seq, mut hash) = (0, String::new());
    while let Some(row) = rows.next()? {
        let entry = Entry {
            seq: row.get(0)?,
            at: row.get(1)?,
            who: row.get(2)?,
            action: row.get(3)?,
            what: row.get(4)?,
            prev: row.get(5)?,
        };
        let stored: String = row.get(6)?;
        if entry.seq != seq + 1 || entry.prev != hash || entry.hash() != stored {
            return Ok(Err(entry.seq));
        }
        (seq, hash) = (entry.seq, stored);
    }
    Ok(Ok(seq))
}
