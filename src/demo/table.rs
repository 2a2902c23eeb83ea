//! The task table, in the shape that it had before anybody thought of Abide.

use std::path::Path;

use rusqlite::{Connection, params};

use super::DemoError;
use super::row::{HOUR, Row, World};
use crate::model::{Duration, Timestamp};

const SCHEMA: &str = include_str!("schema.sql");

const INSERT: &str = "INSERT INTO agent_tasks (task_type, assigned_to, claimed_by, created_by, status, priority, title, \
    context_json, error_message, po_approval, architect_approval, created_at, started_at, completed_at) \
    VALUES (?1, ?2, ?3, 'triage-1', ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

/// Name, role, what it does, and how many seconds ago it reported last.
const REPORTS: [(&str, &str, &str, i64); 10] = [
    ("dev-1", "developer", "working", 4),
    ("dev-2", "developer", "working", 11),
    ("dev-3", "developer", "working", 7),
    ("architect-1", "architect", "idle", 15),
    ("qa-1", "qa", "idle", 2),
    ("qa-2", "qa", "working", 5 * HOUR),
    ("security-1", "security", "idle", 5 * HOUR),
    ("triage-1", "triage", "idle", 9),
    ("monitor-1", "monitor", "idle", 1),
    ("shadow-9", "monitor", "working", 0),
];

/// Writes the table and who has reported.
pub(super) fn write(path: &Path, world: &World, now: Timestamp) -> Result<(), DemoError> {
    let mut database = Connection::open(path)?;
    let ago = |seconds: i64| before(now, seconds).to_sql_text();
    let writing = database.transaction()?;
    writing.execute_batch(SCHEMA)?;
    {
        let mut insert = writing.prepare(INSERT)?;
        for row in &world.rows {
            let Row { kind, title, role, agent, status, priority, area, error, po, architect, .. } = row;
            let context = format!(r#"{{"area": "{area}"}}"#);
            let (started, finished) = (row.started.map(ago), row.finished.map(ago));
            insert.execute(params![
                kind,
                role,
                agent,
                status,
                priority,
                title,
                context,
                error,
                po,
                architect,
                ago(row.created),
                started,
                finished
            ])?;
        }
        let mut report = writing.prepare("INSERT INTO agent_state VALUES (?1, ?2, ?3, NULL, ?4)")?;
        for (name, role, does, seen) in REPORTS {
            report.execute(params![name, role, does, ago(seen)])?;
        }
    }
    Ok(writing.commit()?)
}

/// So many seconds before then.
pub(super) const fn before(now: Timestamp, seconds: i64) -> Timestamp {
    now.minus(Duration::from_secs(seconds.unsigned_abs()))
}
