//! The record of all transitions: a chain of rows in which none can be changed or taken out unseen.
//!
//! Each row's hash is over its content and the hash of the row before it. Whoever may write the database can compute all of it
//! anew, or cut off its end; an [`Anchor`] kept elsewhere tells that too. `docs/audit.md` is the page for people.

mod anchor;
mod chain;
mod fault;
pub mod kept;
mod mismatch;
mod register;
#[cfg(test)]
mod tests;
pub mod time;

pub use anchor::{Anchor, Misread, anchors};
pub use chain::{Chain, Verified};
pub use fault::{Cut, Fault};
pub use kept::Kept;
pub use mismatch::{Difference, How, Mismatch};
pub use register::{bears_out, withdrawn};

use crate::model::{Digest, Hasher, TaskId, Timestamp};

/// One transition, as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Grows by one from row to row, from 1.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// What was done, in a word.
    pub action: String,
    /// The particulars: a JSON object, as the text that the hash is over.
    pub what: String,
    /// The hash of the row before it; empty in the first one.
    pub prev: String,
    /// The hash of all of this, as it was written with it.
    pub hash: String,
}

/// The end of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The number of its last row.
    pub seq: i64,
    /// That row's hash.
    pub hash: String,
}

impl Entry {
    /// The row that comes after the end of a chain, or the first one.
    pub fn after(head: Option<Head>, at: Timestamp, who: &str, action: &str, what: String) -> Self {
        let (seq, prev) = head.map_or_else(|| (1, String::new()), |head| (head.seq.saturating_add(1), head.hash));
        let (who, action) = (who.to_owned(), action.to_owned());
        let entry = Self { seq, at, who, action, what, prev, hash: String::new() };
        Self { hash: entry.digest().to_string(), ..entry }
    }

    /// The end of the chain that this is the last row of.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash.clone() }
    }

    /// What its hash must be.
    pub fn digest(&self) -> Digest {
        self.digest_as(self.seq)
    }

    /// What its hash would have to be if it had that number.
    fn digest_as(&self, seq: i64) -> Digest {
        let numbers = Hasher::default().part(&self.prev).part(seq.to_string()).part(self.at.as_millis().to_string());
        numbers.part(&self.who).part(&self.action).part(&self.what).finish()
    }
}

/// The particulars of a row; nothing where they are no JSON, as Abide writes none.
fn particulars(entry: &Entry) -> serde_json::Value {
    serde_json::from_str(&entry.what).unwrap_or_default()
}

/// Which rows of the record somebody wants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extract {
    /// Only those whose number is higher.
    pub after: Option<i64>,
    /// Only those about this task.
    pub task: Option<TaskId>,
    /// Only those of this person, agent or program.
    pub who: Option<String>,
    /// Only those of this action.
    pub action: Option<String>,
    /// Only those of this time or later.
    pub since: Option<Timestamp>,
    /// Only those of this time or earlier.
    pub until: Option<Timestamp>,
    /// The last of them, where there are more than wanted, and not the first.
    pub newest: bool,
    /// At most so many.
    pub most: usize,
    /// With what other tables keep of what these rows tell of. Only of rows without a hole between them can that be said.
    pub kept: bool,
}

impl Extract {
    /// The whole record from a row on, in steps that fit into memory.
    pub fn page(after: Option<i64>) -> Self {
        Self { after, most: 4096, ..Self::default() }
    }

    /// The same for whoever holds it against what other tables keep.
    pub fn verified(after: Option<i64>) -> Self {
        Self { kept: true, ..Self::page(after) }
    }
}

/// Rows of the record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The rows, in order of their numbers.
    pub rows: Vec<Entry>,
    /// Whether there are more of those that are wanted.
    pub has_more: bool,
    /// What else tells how far the record goes, as it was when these rows were read; none where more rows follow.
    pub witness: Option<Witness>,
    /// What other tables keep of what these rows tell of, where that was asked for and there are such tables.
    pub kept: Option<Kept>,
}

/// What a store knows of the record beside the record itself. Nothing of it is written for this purpose, so it costs nothing; and
/// it finds many cuts, but not every one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Witness {
    /// The number of the claim that was handed out last: a row tells of it.
    pub token: Option<i64>,
    /// The latest moment at which something was done of which a row tells.
    pub moment: Option<Timestamp>,
    /// The highest number of a row that something names.
    pub named: Option<i64>,
}
