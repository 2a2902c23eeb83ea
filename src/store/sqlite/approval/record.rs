//! What is on record of agreement to a task, read beside its row.

use std::sync::Arc;

use rusqlite::{Connection, Row};
use rustc_hash::FxHashMap;

use super::super::fault::{Done, damaged};
use super::super::layout::Layout;
use crate::model::{Ballot, Content, Digest, OnRecord, Said, SpecId, Task, Timestamp};

const BALLOT: &str = "task, nonce, policy, said, agent, at, expires, content, version, revision, is_signed, reason";

/// The records of all tasks, for whoever reads many.
pub(in super::super) struct Records(FxHashMap<String, OnRecord>);

impl Records {
    /// Everything that is on record; nothing where there is no record yet.
    pub(in super::super) fn all(conn: &Connection, layout: &Layout<'_>) -> Done<Self> {
        let mut found: FxHashMap<String, OnRecord> = FxHashMap::default();
        if layout.is_migrated {
            each_request(conn, "", [], |task, asked| found.entry(task).or_default().asked.push(asked))?;
            each_ballot(conn, "", [], |task, ballot| found.entry(task).or_default().ballots.push(ballot))?;
        }
        Ok(Self(found))
    }

    /// The task with what is on record of it.
    pub(in super::super) fn attach(&mut self, task: Arc<Task>) -> Arc<Task> {
        match self.0.remove(&*task.id.0) {
            None => task,
            Some(record) => with(task, record),
        }
    }
}

/// The task with what is on record of it, for whoever reads few.
pub(in super::super) fn attach(conn: &Connection, layout: &Layout<'_>, task: Arc<Task>) -> Done<Arc<Task>> {
    if !layout.is_migrated {
        return Ok(task);
    }
    let mut record = OnRecord::default();
    let id = [&*task.id.0];
    // Of most tasks there is nothing, and one look tells.
    let sql = "SELECT EXISTS (SELECT 1 FROM abide_requests WHERE task = ?1)
                 OR EXISTS (SELECT 1 FROM abide_ballots WHERE task = ?1)";
    if !conn.prepare_cached(sql)?.query_row(id, |row| row.get::<_, bool>(0))? {
        return Ok(task);
    }
    each_request(conn, "WHERE task = ?", id, |_, asked| record.asked.push(asked))?;
    each_ballot(conn, "WHERE task = ?", id, |_, ballot| record.ballots.push(ballot))?;
    Ok(if record == OnRecord::default() { task } else { with(task, record) })
}

fn with(task: Arc<Task>, record: OnRecord) -> Arc<Task> {
    Arc::new(Task { record: Some(Arc::new(record)), ..Arc::unwrap_or_clone(task) })
}

/// The tasks of which something was put on record since, and how far that reaches.
pub(in super::super) fn touched(conn: &Connection, since: i64) -> Done<(Vec<String>, i64)> {
    let sql = "SELECT task, max(touched) FROM (SELECT task, touched FROM abide_ballots WHERE touched > ?1
               UNION ALL SELECT task, touched FROM abide_requests WHERE touched > ?1) GROUP BY task ORDER BY task";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([since], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
    let (mut tasks, mut last) = (Vec::new(), since);
    for row in rows {
        let (task, touched) = row?;
        tasks.push(task);
        last = last.max(touched);
    }
    Ok((tasks, last))
}

/// How far the record reaches.
pub(in super::super) fn newest(conn: &Connection) -> Done<i64> {
    let sql = "SELECT max(coalesce((SELECT max(touched) FROM abide_ballots), 0),
                          coalesce((SELECT max(touched) FROM abide_requests), 0))";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

fn each_request<const N: usize>(
    conn: &Connection,
    which: &str,
    values: [&str; N],
    mut each: impl FnMut(String, (SpecId, Timestamp)),
) -> Done<()> {
    let sql = format!("SELECT task, policy, asked FROM abide_requests {which} ORDER BY task, policy");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        each(row.get(0)?, (spec(row, 1)?, Timestamp::from_millis(row.get(2)?)));
    }
    Ok(())
}

fn each_ballot<const N: usize>(
    conn: &Connection,
    which: &str,
    values: [&str; N],
    mut each: impl FnMut(String, Ballot),
) -> Done<()> {
    let sql = format!("SELECT {BALLOT} FROM abide_ballots {which} ORDER BY task, touched, nonce");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        each(row.get(0)?, ballot(row)?);
    }
    Ok(())
}

fn ballot(row: &Row<'_>) -> Done<Ballot> {
    let text = |at: usize| row.get::<_, String>(at);
    let wrong = |column: &str| damaged(format!("abide_ballots.{column} holds what cannot be read"));
    Ok(Ballot {
        nonce: text(1)?.into(),
        policy: spec(row, 2)?,
        said: Said::from_word(&text(3)?).ok_or_else(|| wrong("said"))?,
        by: text(4)?.into(),
        at: Timestamp::from_millis(row.get(5)?),
        expires: row.get::<_, Option<i64>>(6)?.map(Timestamp::from_millis),
        content: Content::stored(&text(7)?).ok_or_else(|| wrong("content"))?,
        version: Digest::stored(&text(8)?).ok_or_else(|| wrong("version"))?,
        revision: text(9)?.into(),
        is_signed: row.get(10)?,
        reason: row.get::<_, Option<String>>(11)?.map(Arc::from),
    })
}

fn spec(row: &Row<'_>, at: usize) -> Done<SpecId> {
    let text: String = row.get(at)?;
    text.parse().map_err(|_| damaged(format!("a record of approvals names `{text}`, which is no spec")))
}
