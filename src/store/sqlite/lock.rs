//! Transactions that hold their locks from the start, and no more of them than they need.

use rusqlite::{Connection, Transaction, TransactionBehavior};

/// A transaction that may write Abide's own tables. Where the team's file is another one, it is free for the team to write.
pub(super) fn books(conn: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    let tx = conn.transaction()?;
    // A write that comes first takes the lock and the snapshot together, as BEGIN IMMEDIATE would for every file.
    tx.prepare_cached("UPDATE main.abide_state SET ledger = ledger WHERE 0")?.execute([])?;
    Ok(tx)
}

/// A transaction that may write every file of the store: while it lasts, nobody else takes the lease or writes a task.
pub(super) fn all(conn: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    conn.transaction_with_behavior(TransactionBehavior::Immediate)
}
