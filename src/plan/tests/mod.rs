//! One test for each sentence that the specs say of remediation tasks.

mod assign;
mod close;
mod limits;
mod open;
mod order;
mod rename;
mod reopen;
mod waive;
mod world;
