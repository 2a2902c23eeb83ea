//! A transaction that counts what it writes.

use rusqlite::{Params, Transaction};

/// Writes through one transaction and counts the rows.
pub(super) struct Writer<'t> {
    pub(super) tx: &'t Transaction<'t>,
    pub(super) rows: u64,
    /// The last audit row that this transaction wrote: its number and its hash.
    pub(super) audited: Option<(i64, String)>,
}

impl<'t> Writer<'t> {
    pub(super) const fn new(tx: &'t Transaction<'t>) -> Self {
        Self { tx, rows: 0, audited: None }
    }

    /// Runs a statement, and says how many rows it wrote.
    pub(super) fn write(&mut self, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
        let rows = self.tx.prepare_cached(sql)?.execute(params)?;
        self.rows += rows as u64;
        Ok(rows)
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
