//! Databases as others make them.

use std::path::Path;

/// Makes a SQLite file.
pub(crate) fn database(path: &Path, sql: &str) {
    rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap();
}
