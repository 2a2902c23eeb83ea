//! Answers questions: from the task database, from code and from sources of metrics.

mod branches;
mod code;
mod fold;
mod metrics;
pub mod prometheus;
mod record;
pub mod sql;
mod world;

pub use branches::Branches;
pub use code::{CodeSource, MOST_MATCHES, RepositoryAt, SpecsAt};

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;

pub use fold::{Fold, Router, RowChange, patch};
pub use metrics::Metrics;
pub use record::{Recorder, Recording, RecordingError};
pub use world::World;

use crate::model::{Answers, Name, QuestionSet, SourceAt, TaskId, Timestamp};
use crate::store::StoreError;

/// Somebody who can answer. A question that cannot be answered gets its reason, never a guess.
#[async_trait]
pub trait Evidence: Send + Sync {
    /// Answers what it can, as of now.
    async fn ask(&self, questions: &QuestionSet, code: &CodeAt, now: Timestamp) -> Answers;

    /// What does not fit between the mapping and the live table, if that kept the last questions about tasks from being
    /// answered: not for want of an answer, but for want of a right `abide.toml`.
    fn misfit(&self) -> Option<StoreError>;

    /// What has moved since the last call. Called once before the first `ask`, so that nothing in between is missed.
    async fn moved(&self, now: Timestamp) -> Moved;
}

/// Where questions about code are to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeAt {
    /// Which state of the spec repository's own code.
    pub specs: SpecsAt,
    /// What the `Repository` specs say.
    pub repositories: BTreeMap<Name, RepositoryAt>,
}

/// What has moved in the world.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Moved {
    /// Rows of the live table, as they were and as they are.
    pub rows: Vec<RowChange>,
    /// Whether agents may have reported.
    pub heartbeats: bool,
    /// Whether the ledger may have changed.
    pub ledger: bool,
    /// Sources of metrics that may have something new.
    pub metrics: BTreeSet<SourceAt>,
    /// Repositories whose tree is another one now.
    pub code: BTreeSet<Option<Name>>,
    /// Whether some branch of the specs' repository is elsewhere now, besides the one that counts.
    pub branches: bool,
    /// Whether it cannot be told, so that everything must be asked again.
    pub anything: bool,
}

impl Moved {
    /// The tasks whose rows moved; nothing where it cannot be told which did.
    pub fn tasks(&self) -> Option<BTreeSet<TaskId>> {
        let id = |(before, after): &RowChange| Some(before.as_ref().or(after.as_ref())?.id.clone());
        (!self.anything).then(|| self.rows.iter().filter_map(id).collect())
    }

    /// Whether the row of one of these tasks moved.
    pub fn touches_any<'t>(&self, mut tasks: impl Iterator<Item = &'t TaskId>) -> bool {
        let is_of = |id: &TaskId, row: &RowChange| row.0.iter().chain(&row.1).any(|task| task.id == *id);
        !self.rows.is_empty() && tasks.any(|id| self.rows.iter().any(|row| is_of(id, row)))
    }

    /// Whether the ledger may be another than it was, its tasks' rows with it.
    pub fn touches_ledger(&self) -> bool {
        let is_own = |(before, after): &RowChange| before.iter().chain(after).any(|task| task.own);
        self.anything || self.ledger || self.rows.iter().any(is_own)
    }
}
