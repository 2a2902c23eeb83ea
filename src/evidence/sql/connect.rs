//! A connection that cannot write, on one snapshot of the database.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use crate::model::Duration;

/// Bytes of one text or blob. A function on two long texts runs between two looks at the time, so no text is very long.
pub(super) const LONGEST_VALUE: i32 = 100_000;

/// SQLite looks at the time once in so many of its steps.
const STEPS: i32 = 1000;

/// What a statement may not go beyond: <https://sqlite.org/security.html> says why, and names lower values yet.
const LIMITS: [(Limit, i32); 8] = [
    (Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE),
    // Of tables that a statement opens as well, so that common table expressions cannot double each other without end.
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 100),
    (Limit::SQLITE_LIMIT_PARSER_DEPTH, 250),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 50),
    (Limit::SQLITE_LIMIT_VDBE_OP, 25_000),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 250),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

/// A database as it was at one moment.
pub(super) struct Snapshot {
    pub(super) conn: Connection,
    pub(super) schema: Schema,
}

/// What a database holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Schema {
    /// Tables and views, in lower case.
    pub(super) names: BTreeSet<String>,
    /// The views among them.
    pub(super) views: BTreeSet<String>,
    /// The table whose rows, or an index of which, begin at that page.
    pub(super) roots: BTreeMap<i64, String>,
}

/// Opens the file only to read it. Waiting for somebody else's lock, too, ends when the time is up.
pub(super) fn open(path: &Path, timeout: Duration, deadline: Instant) -> rusqlite::Result<Snapshot> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(timeout.to_std())?;
    conn.progress_handler(STEPS, Some(move || Instant::now() >= deadline))?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // A column that is misspelt in double quotes must not count as a text.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    // What the compiled statement opens must not hang on the values that are bound.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.pragma_update(None, "query_only", true)?;
    conn.execute_batch("BEGIN")?;
    let schema = schema(&conn)?;
    // Only now: what the team has declared in its own schema may be longer than what a statement may.
    for (limit, most) in LIMITS {
        conn.set_limit(limit, most)?;
    }
    Ok(Snapshot { conn, schema })
}

fn schema(conn: &Connection) -> rusqlite::Result<Schema> {
    let mut schema = Schema::default();
    let mut found = conn.prepare("SELECT type, tbl_name, coalesce(rootpage, 0) FROM sqlite_schema")?;
    let mut rows = found.query([])?;
    while let Some(row) = rows.next()? {
        let (kind, table, root): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if matches!(kind.as_str(), "table" | "view") {
            schema.names.insert(table.to_ascii_lowercase());
        }
        if kind == "view" {
            schema.views.insert(table.to_ascii_lowercase());
        }
        if root > 0 {
            schema.roots.insert(root, table);
        }
    }
    Ok(schema)
}
