//! A live task table of any size, made by SQL, that agrees with the corpus: nothing in it is drift but the strays.

use std::fs;
use std::path::{Path, PathBuf};

use abide::config::Config;
use abide::store::SqliteStore;
use rusqlite::Connection;

use crate::corpus::{FIRST_ASSIGNMENT, ROLES, TYPES};

/// How many rows of which sort.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows {
    /// Completed in the last thirty days, of the types that service levels are about.
    pub(crate) done: usize,
    /// Pending, each of a type that one assignment selects.
    pub(crate) open: usize,
    /// Pending, of a type that no assignment selects: each is a drift.
    pub(crate) stray: usize,
    /// How many specs the corpus has.
    pub(crate) specs: usize,
}

/// A new database in that file.
pub(crate) fn database(path: &Path, rows: Rows) -> PathBuf {
    for end in ["", "-wal", "-shm"] {
        drop(fs::remove_file(format!("{}{end}", path.display())));
    }
    drop(SqliteStore::open(&url(path), Config::default().mapping()).unwrap());
    let conn = Connection::open(path).unwrap();
    conn.pragma_update(None, "synchronous", "OFF").unwrap();
    conn.pragma_update(None, "cache_size", -200_000).unwrap();
    fill(&conn, rows);
    conn.execute_batch("ANALYZE").unwrap();
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    path.to_owned()
}

/// The URL of a database file.
pub(crate) fn url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

fn fill(conn: &Connection, rows: Rows) {
    let (types, roles, step) = (TYPES, ROLES.len(), 20);
    let names = format!("[{}]", ROLES.map(|role| format!("\"{role}\"")).join(","));
    let assignment = format!("(i * {step} % {} + {FIRST_ASSIGNMENT})", rows.specs / step * step);
    let now = "(unixepoch() * 1000)";
    // Two coprime steps spread types and times evenly, without a table of random numbers.
    let born = format!("({now} - 3600000 - (i * 6151 % 2592000) * 1000)");
    let batch = format!(
        "BEGIN;
         WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {done})
         INSERT INTO abide_tasks (type, title, role, agent, status, severity, context, created, claimed, started, finished, updated)
         SELECT 'type-' || (i * 7919 % {types}), 'task ' || i, 'developer', 'developer-1', 'completed', 'medium',
                '{{\"n\":' || i || '}}', {born}, {born} + 1000, {born} + 2000, {born} + 600000, {born} + 600000
         FROM n WHERE {done} > 0;
         WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {open})
         INSERT INTO abide_tasks (type, title, role, status, created)
         SELECT 'kind-' || {assignment}, 'open ' || i, json_extract('{names}', '$[' || ({assignment} % {roles}) || ']'),
                'pending', {now} - 60000
         FROM n WHERE {open} > 0;
         WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {stray})
         INSERT INTO abide_tasks (type, title, role, status, created)
         SELECT 'stray-' || i, 'stray ' || i, 'developer', 'pending', {now} - 60000
         FROM n WHERE {stray} > 0;
         COMMIT;",
        done = rows.done,
        open = rows.open,
        stray = rows.stray,
    );
    conn.execute_batch(&batch).unwrap();
}
