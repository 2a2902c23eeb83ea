//! What is on record of agreement to a task, read beside its row.

use std::sync::Arc;

use rusqlite::{Connection, Row};
use rustc_hash::FxHashMap;

use super::super::audit;
use super::super::fault::{Done, Fault, damaged};
use super::super::layout::Layout;
use super::kept::{self, BALLOT};
use super::{requests, seen};
use crate::model::{Asked, Ballot, Content, Digest, GateState, OnRecord, Said, SpecId, Task, Timestamp, Used};
use crate::store::audit::bears_out;
use crate::store::audit::kept::Ballot as Kept;

/// The records of all tasks, for whoever reads many.
pub(in super::super) struct Records(FxHashMap<String, OnRecord>);

impl Records {
    /// Everything that is on record; nothing where there is no record yet.
    pub(in super::super) fn all(conn: &Connection, layout: &Layout<'_>) -> Done<Self> {
        let mut found: FxHashMap<String, OnRecord> = FxHashMap::default();
        if layout.is_migrated {
            each_request(conn, "", [], |task, asked| found.entry(task).or_default().asked.push(asked))?;
            each_ballot(conn, "", [], |task, ballot| found.entry(task).or_default().ballots.push(ballot))?;
            seen::each(conn, "", [], |task, seen| found.entry(task).or_default().seen.push(seen))?;
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
                 OR EXISTS (SELECT 1 FROM abide_ballots WHERE task = ?1)
                 OR EXISTS (SELECT 1 FROM abide_seen WHERE task = ?1)";
    if !conn.prepare_cached(sql)?.query_row(id, |row| row.get::<_, bool>(0))? {
        return Ok(task);
    }
    each_request(conn, "WHERE task = ?", id, |_, asked| record.asked.push(asked))?;
    each_ballot(conn, "WHERE abide_ballots.task = ?", id, |_, ballot| record.ballots.push(ballot))?;
    seen::each(conn, "WHERE task = ?", id, |_, seen| record.seen.push(seen))?;
    Ok(if record == OnRecord::default() { task } else { with(task, record) })
}

fn with(task: Arc<Task>, record: OnRecord) -> Arc<Task> {
    Arc::new(Task { record: Some(Arc::new(record)), ..Arc::unwrap_or_clone(task) })
}

/// The tasks of which something was put on record since, and how far that reaches.
pub(in super::super) fn touched(conn: &Connection, since: i64) -> Done<(Vec<String>, i64)> {
    let sql = "SELECT task, max(touched) FROM (SELECT task, touched FROM abide_ballots WHERE touched > ?1
               UNION ALL SELECT task, touched FROM abide_requests WHERE touched > ?1
               UNION ALL SELECT task, touched FROM abide_seen WHERE touched > ?1) GROUP BY task ORDER BY task";
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
                          coalesce((SELECT max(touched) FROM abide_requests), 0),
                          coalesce((SELECT max(touched) FROM abide_seen), 0))";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

fn each_request<const N: usize>(
    conn: &Connection,
    which: &str,
    values: [&str; N],
    mut each: impl FnMut(String, Asked),
) -> Done<()> {
    let sql = format!(
        "SELECT task, policy, asked, used, used_started, used_content, state, since FROM abide_requests {which} ORDER BY task, policy"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        each(row.get(0)?, asked(row)?);
    }
    Ok(())
}

fn asked(row: &Row<'_>) -> Done<Asked> {
    let state: String = row.get(6)?;
    let wrong = || damaged(format!("abide_requests.state holds `{state}`, which is no state"));
    let used = requests::used(row, 3)?.map(|(at, started, content)| {
        Ok::<_, Fault>(Used { at, started, state: GateState::from_word(&state).ok_or_else(wrong)?, content })
    });
    let moment = |at: usize| row.get(at).map(Timestamp::from_millis);
    Ok(Asked { policy: spec(row, 1)?, since: moment(2)?, stood: moment(7)?, used: used.transpose()? })
}

fn each_ballot<const N: usize>(
    conn: &Connection,
    which: &str,
    values: [&str; N],
    mut each: impl FnMut(String, Ballot),
) -> Done<()> {
    // Whoever can write the database can put a ballot in: only what its row of the audit bears out has a voice.
    let told = "LEFT JOIN (SELECT seq, at AS told, who, action, what, prev, hash FROM abide_audit) ON seq = touched";
    let sql = format!(
        "SELECT {BALLOT}, seq, told, who, action, what, prev, hash FROM abide_ballots {told} {which}
          ORDER BY abide_ballots.task, touched, nonce"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        let kept = kept::ballot(row)?;
        let told = row.get::<_, Option<i64>>(kept::BALLOTS)?.map(|_| audit::entry(row, kept::BALLOTS)).transpose()?;
        let is_borne_out = told.is_some_and(|entry| bears_out(&entry, &kept));
        each(kept.task.clone(), ballot(kept, is_borne_out)?);
    }
    Ok(())
}

fn ballot(kept: Kept, is_borne_out: bool) -> Done<Ballot> {
    let wrong = |column: &str| damaged(format!("abide_ballots.{column} holds what cannot be read"));
    Ok(Ballot {
        policy: known(&kept.policy)?,
        said: Said::from_word(&kept.said).ok_or_else(|| wrong("said"))?,
        content: Content::stored(&kept.content).ok_or_else(|| wrong("content"))?,
        version: Digest::stored(&kept.version).ok_or_else(|| wrong("version"))?,
        nonce: kept.nonce.into(),
        by: kept.agent.into(),
        at: kept.at,
        expires: kept.expires,
        revision: kept.revision.into(),
        is_signed: kept.is_signed,
        reason: kept.reason.map(Arc::from),
        is_borne_out,
    })
}

fn spec(row: &Row<'_>, at: usize) -> Done<SpecId> {
    known(&row.get::<_, String>(at)?)
}

fn known(text: &str) -> Done<SpecId> {
    text.parse().map_err(|_| damaged(format!("a record of approvals names `{text}`, which is no spec")))
}
