//! What a transaction wrote, so that each file can be written by itself: statements with their values in them, as SQLite
//! itself quotes them.

use rusqlite::types::Value;
use rusqlite::{Connection, ffi};

use super::mark::Mark;

/// The statements of one transaction, those of the live table apart from all others.
#[derive(Default)]
pub(super) struct Log {
    pub(super) rows: Vec<Logged>,
    /// What is written beside them in the same database: rows that refer to a new one.
    pub(super) beside: Vec<String>,
    pub(super) books: Vec<String>,
}

/// How much a log has of each kind.
pub(super) struct Lengths {
    rows: usize,
    beside: usize,
    books: usize,
}

impl Log {
    pub(super) const fn lengths(&self) -> Lengths {
        Lengths { rows: self.rows.len(), beside: self.beside.len(), books: self.books.len() }
    }

    /// Forgets what came after.
    pub(super) fn cut(&mut self, lengths: &Lengths) {
        self.rows.truncate(lengths.rows);
        self.beside.truncate(lengths.beside);
        self.books.truncate(lengths.books);
    }
}

/// One row of the live table that is written.
pub(super) struct Logged {
    /// The row's key.
    pub(super) task: String,
    /// By what it is known whether it was written.
    pub(super) mark: Mark,
    pub(super) sql: String,
}

/// A statement with its values in it.
pub(super) fn expanded(conn: &Connection, sql: &str, values: &[Value]) -> rusqlite::Result<String> {
    let mut statement = conn.prepare(sql)?;
    for (at, value) in values.iter().enumerate() {
        statement.raw_bind_parameter(at + 1, value)?;
    }
    written(statement.expanded_sql())
}

/// A statement that SQLite could write out whole.
pub(super) fn written(sql: Option<String>) -> rusqlite::Result<String> {
    let too_long = || {
        let error = ffi::Error::new(ffi::SQLITE_TOOBIG);
        rusqlite::Error::SqliteFailure(error, Some("a statement is too long to be kept between two files".into()))
    };
    sql.ok_or_else(too_long)
}
