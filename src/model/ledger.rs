//! What Abide knows of its own remediation tasks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::plan::{CloseReason, HoldId};
use super::{
    CaseId, Code, Digest, Enforced, EnforcedKey, Fingerprint, Revision, Severity, SpecId, Spent, Subject, TaskId,
    TaskStatus, Timestamp,
};

/// The record of every remediation task, as one version of the store has it.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// Goes up with every change.
    pub version: u64,
    /// By fingerprint.
    pub records: BTreeMap<Fingerprint, Record>,
    /// Steps that wait for a person, and whether one has released them.
    pub holds: BTreeMap<HoldId, bool>,
    /// What the live table refused in the last pass, and why.
    pub refused: BTreeMap<HoldId, Arc<str>>,
    /// The revision that the last pass accepted, and how many specs it had.
    pub accepted: Option<(Revision, usize)>,
    /// What Abide corrected itself in tasks that are not its own.
    pub enforced: BTreeMap<EnforcedKey, Enforced>,
    /// What is short of budget, as the last pass found it.
    pub spent: Spent,
    /// When commits that bring approvals were first seen.
    pub sightings: BTreeMap<Arc<str>, Timestamp>,
    /// The name of the live table.
    pub table: Arc<str>,
}

/// One remediation task.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its identity.
    pub fingerprint: Fingerprint,
    /// The spec and rule that opened it.
    pub case: CaseId,
    /// The subject; the spec itself where the rule has one task for each spec.
    pub subject: Subject,
    /// The subjects that it lists.
    pub subjects: BTreeSet<Subject>,
    /// The state that the drift was last seen in.
    pub code: Code,
    /// How bad it was last seen.
    pub severity: Severity,
    /// Who has it.
    pub owner: Option<SpecId>,
    /// Its title.
    pub title: Arc<str>,
    /// The file of its spec, when last seen.
    pub file: Option<Arc<str>>,
    /// The digest of its spec when it was opened, to tell a changed spec from a mended world.
    pub spec_digest: Option<Digest>,
    /// Open or closed.
    pub state: RecordState,
    /// When the drift was first seen.
    pub opened: Timestamp,
    /// How often it came back after it had been closed.
    pub flaps: u32,
    /// How often it was reopened after its task failed or was cancelled.
    pub attempts: u32,
    /// When a step last wrote this record.
    pub touched: Timestamp,
    /// A person's refusal, while it lasts.
    pub wont_fix: Option<WontFix>,
    /// The task in the live table.
    pub task: TaskId,
    /// That task as the live table has it now; none where its row is gone.
    pub live: Option<Live>,
    /// Goes up with every change of this record.
    pub version: u64,
}

/// Whether a remediation task is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordState {
    /// Its drift is there.
    Open,
    /// Its drift is gone.
    Closed {
        /// Why it was closed.
        reason: CloseReason,
        /// When.
        at: Timestamp,
    },
}

/// A person's *won't fix*: holds until it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WontFix {
    /// When it ends.
    pub until: Timestamp,
    /// Who said so.
    pub by: Arc<str>,
    /// Why.
    pub reason: Arc<str>,
}

/// The values of a remediation task's row that a step depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// Its status.
    pub status: TaskStatus,
    /// Its role.
    pub role: Option<Arc<str>>,
    /// When it ended, if it did and the table tells.
    pub finished: Option<Timestamp>,
}

impl Ledger {
    /// The records whose drift is there.
    pub fn open(&self) -> impl Iterator<Item = &Record> {
        self.records.values().filter(|record| record.is_open())
    }

    /// The record that a person means by an id: a fingerprint, the start of one, or the task's key.
    pub fn find(&self, id: &str) -> Option<&Record> {
        let mut matching = self.records.values().filter(|record| {
            *record.task.0 == *id
                || record.fingerprint.as_str().starts_with(id)
                || (id.len() >= 6 && record.fingerprint.as_str()[2..].starts_with(id))
        });
        let found = matching.next()?;
        matching.next().is_none().then_some(found)
    }
}

impl Record {
    /// Whether its drift is there.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, RecordState::Open)
    }
}
