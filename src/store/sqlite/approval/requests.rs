//! The rows of requests: which policy asks about which task, and how that stood when it was last weighed.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};

use super::super::fault::{Done, damaged};
use super::super::writer::Writer;
use crate::model::{Content, Digest, GateState, SpecId, TaskId, Timestamp};

/// That a task has started: when that was found, its start by its row, and how it read.
pub(super) type Use = (Timestamp, Option<Timestamp>, Content);

/// A request as it stood when it was last weighed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stood {
    pub(super) asked: Timestamp,
    pub(super) state: GateState,
    pub(super) why: Option<String>,
    pub(super) since: Timestamp,
    pub(super) digest: Digest,
    pub(super) due: Option<Timestamp>,
    /// That the task has started with it.
    pub(super) used: Option<Use>,
}

/// Every request about a task.
pub(super) fn of(conn: &Connection, task: &TaskId) -> Done<BTreeMap<SpecId, Stood>> {
    let sql = "SELECT policy, asked, state, why, since, digest, due, used, used_started, used_content FROM abide_requests WHERE task = ?";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([&*task.0])?;
    let mut found = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let wrong = |column: &str| damaged(format!("abide_requests.{column} holds what cannot be read"));
        let policy = row.get::<_, String>(0)?.parse().map_err(|_| wrong("policy"))?;
        let stood = Stood {
            asked: Timestamp::from_millis(row.get(1)?),
            state: GateState::from_word(&row.get::<_, String>(2)?).ok_or_else(|| wrong("state"))?,
            why: row.get(3)?,
            since: Timestamp::from_millis(row.get(4)?),
            digest: Digest::stored(&row.get::<_, String>(5)?).ok_or_else(|| wrong("digest"))?,
            due: row.get::<_, Option<i64>>(6)?.map(Timestamp::from_millis),
            used: used(row, 7)?,
        };
        found.insert(policy, stood);
    }
    Ok(found)
}

/// That the task has started with what a request asks for, from three columns of its row.
pub(super) fn used(row: &Row<'_>, at: usize) -> Done<Option<Use>> {
    let wrong = || damaged("abide_requests.used_content holds what cannot be read".to_owned());
    let Some(used) = row.get::<_, Option<i64>>(at)? else { return Ok(None) };
    let started = row.get::<_, Option<i64>>(at + 1)?.map(Timestamp::from_millis);
    let content = row.get::<_, Option<String>>(at + 2)?.and_then(|text| Content::stored(&text)).ok_or_else(wrong)?;
    Ok(Some((Timestamp::from_millis(used), started, content)))
}

/// Keeps how a request stands; `touched` is the audit row that tells of it.
pub(super) fn put(writer: &mut Writer<'_>, task: &TaskId, policy: &SpecId, stood: &Stood, touched: i64) -> Done<()> {
    let sql = "INSERT INTO abide_requests (task, policy, asked, state, why, since, digest, due, touched, used, used_started,
                 used_content)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
               ON CONFLICT (task, policy) DO UPDATE SET asked = ?3, state = ?4, why = ?5, since = ?6, digest = ?7, due = ?8,
                 touched = ?9, used = ?10, used_started = ?11, used_content = ?12";
    let policy = policy.to_string();
    let (asked, since, due) = (stood.asked.as_millis(), stood.since.as_millis(), stood.due.map(Timestamp::as_millis));
    let digest = stood.digest.to_string();
    let used = stood.used;
    let content = used.map(|(.., content)| content.to_string());
    let used =
        (used.map(|(at, ..)| at.as_millis()), used.and_then(|(_, started, _)| Some(started?.as_millis())), content);
    let values = (
        &*task.0,
        &policy,
        asked,
        stood.state.word(),
        &stood.why,
        since,
        &digest,
        due,
        touched,
        used.0,
        used.1,
        used.2,
    );
    writer.write(sql, values)?;
    Ok(())
}

/// Keeps when time alone may change how a request stands. Nothing has happened, so nothing is told.
pub(super) fn set_due(writer: &mut Writer<'_>, task: &TaskId, policy: &SpecId, due: Option<Timestamp>) -> Done<()> {
    let sql = "UPDATE abide_requests SET due = ?3 WHERE task = ?1 AND policy = ?2";
    writer.write(sql, (&*task.0, policy.to_string(), due.map(Timestamp::as_millis)))?;
    Ok(())
}

/// Forgets that the task has started: it waits once more.
pub(super) fn unuse(writer: &mut Writer<'_>, task: &TaskId, policy: &SpecId) -> Done<()> {
    let sql = "UPDATE abide_requests SET used = NULL, used_started = NULL, used_content = NULL WHERE task = ?1 AND policy = ?2";
    writer.write(sql, (&*task.0, policy.to_string()))?;
    Ok(())
}

/// Takes a request away: nothing asks any more.
pub(super) fn remove(writer: &mut Writer<'_>, task: &TaskId, policy: &SpecId) -> Done<()> {
    writer.write("DELETE FROM abide_requests WHERE task = ? AND policy = ?", (&*task.0, policy.to_string()))?;
    Ok(())
}

/// The tasks of which time alone may have changed how a request stands.
pub(super) fn due(conn: &Connection, now: Timestamp) -> Done<Vec<TaskId>> {
    tasks(conn, "INDEXED BY abide_requests_due WHERE due <= ?", [now.as_millis()])
}

/// Every task about which something asks, but those that have started with what was asked for: they are done with.
pub(super) fn unused(conn: &Connection) -> Done<Vec<TaskId>> {
    tasks(conn, "WHERE used IS NULL OR state NOT IN ('approved', 'overridden')", [])
}

fn tasks<const N: usize>(conn: &Connection, which: &str, values: [i64; N]) -> Done<Vec<TaskId>> {
    let sql = format!("SELECT DISTINCT task FROM abide_requests {which} ORDER BY task");
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(0))?;
    Ok(found.map(|task| task.map(|task| TaskId(task.into()))).collect::<Result<_, _>>()?)
}
