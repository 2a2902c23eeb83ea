//! Claims that stand: each a row beside the tasks.

use std::sync::Arc;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::super::fault::Done;
use super::super::writer::Writer;
use crate::model::{Duration, SpecId, TaskId, Timestamp, Token, Worker};
use crate::store::Lease;

const COLUMNS: &str = "task, token, agent, instance, taken, until, kept_for, word, nobody";

/// A lease, and what it takes to make the task again as it was before.
pub(super) struct Kept {
    pub(super) lease: Lease,
    /// The agent that the task was kept for.
    pub(super) kept_for: Option<Arc<str>>,
    pub(super) before: Before,
}

/// How a row of a team's table was written before its task was claimed; nothing of Abide's own, which has one way only.
pub(super) struct Before {
    /// Which of the words for pending its status was.
    pub(super) word: Option<String>,
    /// What stood for the agent where nobody had it.
    pub(super) nobody: Value,
}

impl Before {
    pub(super) const NOTHING: Self = Self { word: None, nobody: Value::Null };
}

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let text = |at: usize| row.get::<_, String>(at).map(Arc::from);
    let time = |at: usize| row.get::<_, i64>(at).map(Timestamp::from_millis);
    let lease = Lease {
        task: TaskId(text(0)?),
        token: Token(row.get(1)?),
        agent: text(2)?,
        instance: text(3)?,
        taken: time(4)?,
        until: time(5)?,
    };
    let before = Before { word: row.get(7)?, nobody: row.get(8)? };
    Ok(Kept { lease, kept_for: row.get::<_, Option<String>>(6)?.map(Into::into), before })
}

/// Who holds a task.
pub(crate) fn of(conn: &Connection, task: &TaskId) -> Done<Option<Lease>> {
    Ok(find(conn, task)?.map(|kept| kept.lease))
}

/// The lease of a task, whole.
pub(super) fn find(conn: &Connection, task: &TaskId) -> Done<Option<Kept>> {
    let sql = format!("SELECT {COLUMNS} FROM abide_claims WHERE task = ?");
    Ok(conn.prepare_cached(&sql)?.query_row([&*task.0], kept).optional()?)
}

/// The leases that are over, and those of processes whose silence has become too long.
pub(super) fn lost(conn: &Connection, now: Timestamp) -> Done<Vec<Kept>> {
    // Sorted here: SQLite would rather read all claims in order than the few that are over.
    let over = format!("SELECT {COLUMNS} FROM abide_claims INDEXED BY abide_claims_until WHERE until <= ?");
    let mut lost: Vec<Kept> =
        conn.prepare_cached(&over)?.query_map([now.as_millis()], kept)?.collect::<Result<_, _>>()?;
    let columns = COLUMNS.split(", ").map(|column| format!("c.{column}")).collect::<Vec<_>>().join(", ");
    let dead = format!(
        "SELECT {columns} FROM abide_beats b CROSS JOIN abide_claims c USING (agent, instance)
         WHERE b.dead <= ?1 AND b.is_swept = 0 AND c.until > ?1"
    );
    let dead: Vec<Kept> = conn.prepare_cached(&dead)?.query_map([now.as_millis()], kept)?.collect::<Result<_, _>>()?;
    lost.extend(dead);
    lost.sort_unstable_by_key(|kept| (kept.lease.until > now, kept.lease.token));
    Ok(lost)
}

/// Everything that anybody holds.
pub(super) fn all(conn: &Connection) -> Done<Vec<Lease>> {
    let sql = format!("SELECT {COLUMNS} FROM abide_claims ORDER BY token");
    let mut statement = conn.prepare(&sql)?;
    let leases = statement.query_map([], |row| Ok(kept(row)?.lease))?.collect::<Result<_, _>>()?;
    Ok(leases)
}

/// What a claim is taken for.
pub(super) struct Taking<'t> {
    pub(super) task: &'t TaskId,
    pub(super) worker: &'t Worker,
    pub(super) duty: Option<&'t SpecId>,
    pub(super) kept_for: Option<&'t str>,
    pub(super) before: &'t Before,
    pub(super) length: Duration,
}

/// Writes a claim down and says its number. It takes the place of what may be left of an earlier claim of that task.
pub(super) fn take(writer: &mut Writer<'_>, taking: &Taking<'_>, now: Timestamp) -> Done<Lease> {
    let Taking { task, worker, duty, kept_for, before, length } = taking;
    let until = now.plus(*length);
    let token = next(writer)?;
    let sql = "INSERT OR REPLACE INTO abide_claims
                 (token, task, agent, instance, duty, kept_for, taken, until, word, nobody)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let duty = duty.map(ToString::to_string);
    let (taken, over) = (now.as_millis(), until.as_millis());
    let Before { word, nobody } = before;
    let by = (&*worker.name, &*worker.instance);
    writer.write(sql, (token.0, &*task.0, by.0, by.1, duty, *kept_for, taken, over, word, nobody))?;
    let (agent, instance) = (worker.name.clone(), worker.instance.clone());
    Ok(Lease { task: TaskId::clone(task), token, agent, instance, taken: now, until })
}

/// The number of the next claim: higher than those of all that stand and of all that have ended.
fn next(writer: &mut Writer<'_>) -> Done<Token> {
    let newest = match writer.token {
        Some(newest) => newest,
        None => newest(writer.tx)?.unwrap_or(Token(0)),
    };
    let next = Token(newest.0 + 1);
    writer.token = Some(next);
    Ok(next)
}

/// The number of the newest claim; none where there was none yet.
pub(crate) fn newest(conn: &Connection) -> rusqlite::Result<Option<Token>> {
    let sql = "SELECT nullif(max(token, coalesce((SELECT max(token) FROM abide_claims), 0)), 0) FROM abide_state";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get::<_, Option<i64>>(0))?.map(Token))
}

/// Keeps a claim for longer. No history is written.
pub(super) fn renew(writer: &mut Writer<'_>, token: Token, until: Timestamp) -> Done<()> {
    writer.write("UPDATE abide_claims SET until = ? WHERE token = ?", (until.as_millis(), token.0))?;
    Ok(())
}

/// Ends a claim.
pub(super) fn end(writer: &mut Writer<'_>, token: Token) -> Done<()> {
    writer.write("DELETE FROM abide_claims WHERE token = ?", [token.0])?;
    Ok(())
}

/// Ends the claim of a task that somebody has dealt with otherwise, if there is one.
pub(crate) fn end_of(writer: &mut Writer<'_>, task: &TaskId) -> Done<()> {
    writer.write("DELETE FROM abide_claims WHERE task = ?", [&*task.0])?;
    Ok(())
}

/// How many tasks an agent holds.
pub(super) fn held_by(conn: &Connection, agent: &str) -> Done<u32> {
    let sql = "SELECT count(*) FROM abide_claims WHERE agent = ?";
    Ok(conn.prepare_cached(sql)?.query_row([agent], |row| row.get(0))?)
}

/// How many tasks of an assignment are held, counted up to `most`; those of one agent where it is given.
pub(super) fn held_for(conn: &Connection, duty: &SpecId, agent: Option<&str>, most: u32) -> Done<u32> {
    let of_agent = agent.map_or("", |_| "AND agent = ?3");
    let sql = format!("SELECT count(*) FROM (SELECT 1 FROM abide_claims WHERE duty = ?1 {of_agent} LIMIT ?2)");
    let mut statement = conn.prepare_cached(&sql)?;
    Ok(match agent {
        Some(agent) => statement.query_row((duty.to_string(), most, agent), |row| row.get(0))?,
        None => statement.query_row((duty.to_string(), most), |row| row.get(0))?,
    })
}
