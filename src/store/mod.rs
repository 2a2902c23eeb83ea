//! The task database: the live tasks of the team, and Abide's ledger beside them.

mod applied;
pub mod audit;
mod command;
mod enlisted;
mod error;
mod follow;
pub mod inspect;
pub mod memory;
pub(crate) mod queue;
mod sqlite;
#[cfg(test)]
pub(crate) mod testing;

pub use applied::{Applied, Claimed, Full, GivenBack, Lease, Refusal, Stands, Taken};
pub use command::{Cast, Claim, Command, NewTask, Proof, Settings, Told, Weighing};
pub use enlisted::{Enlisted, Enlistment, Readiness};
pub use error::{MappingError, StoreError};
pub(crate) use sqlite::times;
pub use sqlite::{SqliteInspect, SqliteStore, feed_statements};

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::model::{
    Demand, Duration, Epoch, Heartbeat, Ledger, Outcome, Plan, Sample, Selector, SpecId, Task, TaskId, TaskStatus,
    Timestamp,
};

/// How long the figures of service levels are kept.
pub const KEPT_FOR: Duration = Duration::from_days(400);

/// Receives rows one by one; a scan of a million must not hold a million.
pub type RowSink = Box<dyn FnMut(Arc<Task>) + Send>;

/// A store of tasks. Every method is one transaction; what it returns is one snapshot.
#[async_trait]
pub trait TaskStore: Send + Sync {
    /// Takes the lease, or renews it where `holder` has it. `now` is the real clock's, never a time that a person chose.
    ///
    /// # Errors
    /// [`StoreError::Led`] while somebody else has it.
    async fn lead(&self, holder: &str, now: Timestamp, length: Duration) -> Result<Epoch, StoreError>;

    /// Gives the lease back, if it is still this one.
    ///
    /// # Errors
    /// When the database is out of reach.
    async fn resign(&self, epoch: Epoch) -> Result<(), StoreError>;

    /// Everything that Abide knows of its remediation tasks, with the live rows as they are now.
    ///
    /// # Errors
    /// When the database is out of reach.
    async fn ledger(&self) -> Result<Ledger, StoreError>;

    /// Carries a plan out: live rows, ledger, holds and audit rows in one transaction, or nothing at all.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when the epoch is not the current one, [`StoreError::Stale`] when the basis or a row that a
    /// step read has changed. A step whose row the live table refuses is no error: the others are carried out, and the outcome names it.
    async fn commit(&self, plan: &Plan, fence: Epoch) -> Result<Outcome, StoreError>;

    /// What a person or an agent wants done, in one transaction with its audit row.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`], [`StoreError::Lost`] and [`StoreError::Denied`], with nothing written.
    async fn apply(&self, command: &Command, by: &str, now: Timestamp) -> Result<Applied, StoreError>;

    /// Hands every row that somebody wants to know of to `sink`, each once, in no order.
    ///
    /// # Errors
    /// [`StoreError::Mapping`] when a row does not fit the mapping: nothing may be concluded from the rows seen so far.
    async fn scan(&self, wants: &Wants, sink: RowSink) -> Result<(), StoreError>;

    /// Who has reported, and when last.
    ///
    /// # Errors
    /// As [`Self::scan`].
    async fn heartbeats(&self) -> Result<BTreeMap<Arc<str>, Heartbeat>, StoreError>;

    /// What has changed since `mark`, and the mark to ask from next time. `now` decides when the whole table is swept, where
    /// it is.
    ///
    /// # Errors
    /// As [`Self::scan`].
    async fn changes(&self, mark: Mark, now: Timestamp) -> Result<Changes, StoreError>;

    /// Everybody who has said what they can do, who has reported or who holds something, by name.
    ///
    /// # Errors
    /// As [`Self::scan`].
    async fn agents(&self) -> Result<Vec<Enlisted>, StoreError>;

    /// What one agent has said that it can do, if it has said anything: every claim asks.
    ///
    /// # Errors
    /// As [`Self::scan`].
    async fn said_of(&self, agent: &str) -> Result<Option<Enlistment>, StoreError>;

    /// Every transition of one task, the oldest first.
    ///
    /// # Errors
    /// When the database is out of reach.
    async fn story(&self, task: &TaskId) -> Result<Vec<Told>, StoreError>;

    /// Rows of the record of all transitions. It grows only at its end, so it may be read page by page.
    ///
    /// # Errors
    /// When the database is out of reach.
    async fn audit(&self, wanted: &audit::Extract) -> Result<audit::Page, StoreError>;

    /// Tasks for people to look at, the newest first.
    ///
    /// # Errors
    /// As [`Self::scan`].
    async fn list(&self, filter: &Filter) -> Result<Vec<Listed>, StoreError>;

    /// The rows that a list of this filter leaves out since they cannot be read, by what is wrong with them. Rows whose status says
    /// nothing are told whatever the filter asks for: nobody knows what they are.
    ///
    /// # Errors
    /// When the database is out of reach, or the mapping does not fit the table.
    async fn unread(&self, filter: &Filter) -> Result<Vec<Unread>, StoreError>;

    /// Keeps the figures of service levels: of each target one an hour, and none that tells what the one before it told; those
    /// that are older than [`KEPT_FOR`] at `now`, which is the real clock's, go. Says how many it kept.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when the epoch is not the current one.
    async fn keep(&self, samples: &[Sample], fence: Epoch, now: Timestamp) -> Result<usize, StoreError>;

    /// The kept figures of a service level since a moment, in order of target and time.
    ///
    /// # Errors
    /// When the database is out of reach.
    async fn history(&self, spec: &SpecId, since: Timestamp) -> Result<Vec<Sample>, StoreError>;

    /// Looks the whole set-up over: versions, mapping, a row of each status, the audit chain.
    ///
    /// # Errors
    /// When the database cannot be opened at all.
    async fn examine(&self) -> Result<Vec<Check>, StoreError>;
}

/// Which rows a scan must hand over. It may hand over more.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wants {
    /// All pending, running and blocked ones.
    pub open: bool,
    /// All that ended after this, or may have: a row need not tell when.
    pub finished_since: Option<Timestamp>,
    /// All for which somebody broke the glass.
    pub overridden: bool,
    /// These.
    pub ids: Vec<TaskId>,
    /// All that these select, whenever they were.
    pub selected: Vec<Selector>,
}

/// How far a reader has seen the live table. It is not cheap to copy.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mark {
    /// What tells that anything was written at all, in Abide's own database and in the live table's where that is another;
    /// none before the first look.
    pub version: Option<(u64, u64)>,
    /// The highest key seen, where keys are numbers that grow.
    pub newest: Option<i64>,
    /// The rows that were open when last seen, as they were then.
    pub open: BTreeMap<TaskId, Arc<Task>>,
    /// When the whole table was last swept for changes of other rows.
    pub swept: Timestamp,
    /// How far the table's change feed was read: the version of its schema, and the last entry; none where it has none.
    pub feed: Option<(i64, i64)>,
    /// How changes are noticed; none before the first look.
    pub followed: Option<Followed>,
    /// How far what is on record of approvals was read.
    pub agreed: i64,
    /// What was last seen beside the table; none where it could not be read.
    pub beside: Option<Beside>,
}

/// What lies beside the live table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Beside {
    /// The ledger's version; none where there is none yet.
    pub ledger: Option<u64>,
    /// Who has reported, and when last.
    pub heartbeats: BTreeMap<Arc<str>, Heartbeat>,
}

/// How changes of the live table's rows are noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Followed {
    /// Abide's own table writes down itself what changes.
    OwnFeed,
    /// The team has installed the triggers that Abide prints.
    Triggers {
        /// Whether a unique index lets a row be replaced without any trigger, so that all rows are still looked at at times.
        sweeps: bool,
    },
    /// By what was written at all, by the highest key, and by looking.
    Version,
    /// As by version, since what there is of the triggers does not fit, in words.
    Unfit(String),
}

/// What has changed in the live table and beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// The mark to ask from next time.
    pub mark: Mark,
    /// What changed.
    pub moved: RowsMoved,
    /// Whether an agent has reported.
    pub heartbeats: bool,
    /// Whether the ledger has changed: a plan was carried out, a person released what waits.
    pub ledger: bool,
}

/// A row as it was and as it is; none where it was not there or is gone.
pub type RowChange = (Option<Arc<Task>>, Option<Arc<Task>>);

/// Which rows have changed.
#[derive(Debug, Clone, PartialEq)]
pub enum RowsMoved {
    /// None.
    Nothing,
    /// These.
    Rows(Vec<RowChange>),
    /// It cannot be told; everything must be read again.
    Anything,
}

/// Which tasks to list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// This one only.
    pub id: Option<TaskId>,
    /// Any of these; all where empty.
    pub status: Vec<TaskStatus>,
    /// Only the ones of this type.
    pub kind: Option<String>,
    /// Only the ones of this role.
    pub role: Option<String>,
    /// Only the ones that this agent holds.
    pub agent: Option<String>,
    /// Only the ones that Abide opened.
    pub own: bool,
    /// Only the ones whose tries are used up.
    pub dead: bool,
    /// At most so many; all where 0.
    pub most: usize,
    /// Whether rows that cannot be read are left out, for whoever asks for them by [`TaskStore::unread`]. Else they are an error.
    pub skips: bool,
}

/// Rows that cannot be read as tasks, all for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// How many.
    pub count: u64,
    /// The keys of some.
    pub rows: Vec<TaskId>,
    /// What is wrong with the first.
    pub error: MappingError,
}

impl Unread {
    /// What is wrong, and with which rows.
    pub fn fault(&self) -> String {
        let named = |row: &&TaskId| self.error.row.as_deref() != Some(&*row.0);
        let others: Vec<&str> = self.rows.iter().filter(named).map(|row| &*row.0).collect();
        let fault = self.error.fault();
        match self.count.saturating_sub(1 + others.len() as u64) {
            _ if self.count < 2 => fault,
            0 => format!("{fault}; so it is with {}", others.join(", ")),
            more => format!("{fault}; so it is with {} and {more} more", others.join(", ")),
        }
    }
}

/// A task with what its row holds beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The task.
    pub task: Arc<Task>,
    /// Its context as JSON text, where the table has one.
    pub context: Option<String>,
    /// What else the table tells of it.
    pub details: Details,
    /// Who holds it under a lease.
    pub lease: Option<Lease>,
    /// The tasks that it waits for, where the mapping tells.
    pub needs: Vec<TaskId>,
}

/// What a table may tell of a task that no rule asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// More for people.
    pub body: Option<String>,
    /// What came of it.
    pub result: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// The task that it is part of.
    pub parent: Option<String>,
    /// When it should be done.
    pub due: Option<Timestamp>,
    /// When it may be claimed at the earliest.
    pub not_before: Option<Timestamp>,
    /// How often it has failed.
    pub attempts: u32,
    /// How often it is tried in all; none where the table does not tell.
    pub tries: Option<u32>,
    /// What it demands of whoever does it.
    pub demand: Demand,
}

/// One thing that was looked over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What.
    pub what: String,
    /// How it stands: fine, or what is wrong and the command or line that mends it.
    pub result: Result<String, Trouble>,
}

/// Something that is wrong with a set-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub fix: String,
}
