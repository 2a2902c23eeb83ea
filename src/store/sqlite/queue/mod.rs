//! The queue: who holds which task, and what becomes of it. Leases and dependencies lie in Abide's own tables, beside
//! whatever table the tasks lie in.

mod add;
mod agents;
mod claim;
mod end;
mod hold;
pub(super) mod lease;
mod mapped;
mod needs;
mod own;
mod sweep;

pub(super) use agents::{list as agents, said_of};
pub(super) use needs::unblock;
