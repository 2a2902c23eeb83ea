//! A transaction that counts what it writes.

use rusqlite::types::Value;
use rusqlite::{Params, Transaction};

use super::audit::End;
use super::log::{self, Lengths, Log, Logged};
use crate::model::Token;

/// Writes through one transaction and counts the rows.
pub(super) struct Writer<'t> {
    pub(super) tx: &'t Transaction<'t>,
    pub(super) rows: u64,
    /// Where the record of transitions ends, once that was looked for.
    pub(super) audited: Option<End>,
    /// The newest claim, once that was looked for.
    pub(super) token: Option<Token>,
    /// What was written, where it is to be written once more.
    pub(super) log: Option<Log>,
}

/// A point in a transaction that all that follows can be taken back to.
#[must_use = "a point is passed or gone back to"]
pub(super) struct Point {
    rows: u64,
    audited: Option<End>,
    token: Option<Token>,
    log: Option<Lengths>,
}

impl<'t> Writer<'t> {
    pub(super) const fn new(tx: &'t Transaction<'t>) -> Self {
        Self { tx, rows: 0, audited: None, token: None, log: None }
    }

    /// The same, and remembers what it writes.
    pub(super) fn logging(tx: &'t Transaction<'t>) -> Self {
        Self { log: Some(Log::default()), ..Self::new(tx) }
    }

    /// Where the transaction is now.
    pub(super) fn point(&self) -> rusqlite::Result<Point> {
        self.tx.prepare_cached("SAVEPOINT row")?.execute([])?;
        let log = self.log.as_ref().map(Log::lengths);
        Ok(Point { rows: self.rows, audited: self.audited.clone(), token: self.token, log })
    }

    /// Keeps what was written since a point.
    pub(super) fn pass(&self, _: Point) -> rusqlite::Result<()> {
        self.tx.prepare_cached("RELEASE row")?.execute([]).map(|_| ())
    }

    /// Takes back what was written since a point.
    pub(super) fn back_to(&mut self, point: Point) -> rusqlite::Result<()> {
        self.tx.prepare_cached("ROLLBACK TO row")?.execute([])?;
        let Point { rows, audited, token, log } = &point;
        (self.rows, self.audited, self.token) = (*rows, audited.clone(), *token);
        if let (Some(log), Some(lengths)) = (&mut self.log, log) {
            log.cut(lengths);
        }
        self.pass(point)
    }

    /// Runs a statement on Abide's own tables, and says how many rows it wrote.
    pub(super) fn write(&mut self, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
        let mut statement = self.tx.prepare_cached(sql)?;
        let rows = statement.execute(params)?;
        self.rows += rows as u64;
        if let Some(log) = self.log.as_mut().filter(|_| rows > 0) {
            log.books.push(log::written(statement.expanded_sql())?);
        }
        Ok(rows)
    }

    /// Runs a statement on the live table that writes one row or none, and says how many. `logged` is what to remember of it.
    pub(super) fn write_row(&mut self, sql: &str, values: &[Value], logged: Option<Logged>) -> rusqlite::Result<usize> {
        let rows = self.tx.prepare_cached(sql)?.execute(rusqlite::params_from_iter(values))?;
        self.rows += rows as u64;
        if let (Some(log), Some(logged)) = (&mut self.log, logged) {
            log.rows.push(logged);
        }
        Ok(rows)
    }

    /// Runs a statement that writes a row beside the live table, in the same database.
    pub(super) fn write_beside(&mut self, sql: &str, values: &[Value]) -> rusqlite::Result<()> {
        self.rows += self.tx.prepare_cached(sql)?.execute(rusqlite::params_from_iter(values))? as u64;
        if let Some(log) = &mut self.log {
            log.beside.push(log::expanded(self.tx, sql, values)?);
        }
        Ok(())
    }

    /// Marks the ledger as changed, and says its version now.
    pub(super) fn bump(&mut self) -> rusqlite::Result<u64> {
        self.write("UPDATE abide_state SET ledger = ledger + 1", [])?;
        version(self.tx)
    }
}

/// The ledger's version.
pub(super) fn version(conn: &rusqlite::Connection) -> rusqlite::Result<u64> {
    conn.prepare_cached("SELECT ledger FROM abide_state")?.query_row([], |row| row.get(0))
}
