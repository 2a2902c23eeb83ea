//! A task of the live database, as Abide sees it whatever the table looks like.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::{Approval, Content, Duration, OnRecord, Severity, Timestamp};

/// The key of a task, as text whatever the column's type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub Arc<str>);

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for TaskId {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<i64> for TaskId {
    fn from(number: i64) -> Self {
        Self(number.to_string().into())
    }
}

/// Where a task is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskStatus {
    /// Nobody works on it yet.
    Pending,
    /// Somebody works on it.
    Running,
    /// It waits for something.
    Blocked,
    /// Done.
    Completed,
    /// Given up.
    Failed,
    /// Not wanted any more.
    Cancelled,
}

impl TaskStatus {
    /// Every status.
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::Running, Self::Blocked, Self::Completed, Self::Failed, Self::Cancelled];

    /// As the specs and `abide.toml` write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Blocked => "blocked",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Pending, running or blocked.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Running | Self::Blocked)
    }

    /// Completed or failed: what has ended with a result.
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }

    /// Running, or ended with a result: what has started.
    pub const fn has_run(self) -> bool {
        matches!(self, Self::Running) || self.is_finished()
    }

    /// The status of that word, if any.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
}

impl fmt::Display for TaskStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// One task. Strings that repeat from row to row are shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its key.
    pub id: TaskId,
    /// Its type: `fix_bug`.
    pub kind: Arc<str>,
    /// One line for people.
    pub title: Arc<str>,
    /// The role that it is assigned to.
    pub role: Option<Arc<str>>,
    /// The agent that holds it.
    pub agent: Option<Arc<str>>,
    /// Who asked for it.
    pub author: Option<Arc<str>>,
    /// Where it is in its life.
    pub status: TaskStatus,
    /// How urgent it is.
    pub severity: Severity,
    /// Labels, from columns and from places in JSON.
    pub labels: BTreeMap<Arc<str>, Arc<str>>,
    /// When it came to be.
    pub created: Timestamp,
    /// When an agent took it.
    pub claimed: Option<Timestamp>,
    /// When work on it began.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub finished: Option<Timestamp>,
    /// Verdicts in its row.
    pub approvals: Vec<Approval>,
    /// What Abide has on record of agreement to it; nothing for most tasks.
    pub record: Option<Arc<OnRecord>>,
    /// What an approval binds: what the task asks for.
    pub content: Content,
    /// Whether Abide opened it.
    pub own: bool,
}

/// The name under which Abide writes tasks, and the prefix of their types.
pub const ABIDE: &str = "abide";

impl Task {
    /// Whether somebody has taken it: it has an agent or a time of claim or start.
    pub const fn is_claimed(&self) -> bool {
        self.agent.is_some() || self.claimed.is_some() || self.started.is_some()
    }

    /// Whether it has not started: it waits for somebody, or for something else.
    pub const fn waits(&self) -> bool {
        matches!(self.status, TaskStatus::Pending | TaskStatus::Blocked)
    }

    /// Whether it has started: what was cancelled has, where its row or the record tells so.
    pub fn has_run(&self) -> bool {
        let is_told = || self.started.is_some() || self.record.as_ref().is_some_and(|record| record.has_begun());
        self.status.has_run() || (self.status == TaskStatus::Cancelled && is_told())
    }

    /// When it ended; where its row does not tell, the last moment that it does tell: it cannot have ended before.
    pub fn ended(&self) -> Timestamp {
        self.finished.unwrap_or_else(|| self.started.map_or(self.created, |started| started.max(self.created)))
    }

    /// How old it is.
    pub const fn age(&self, now: Timestamp) -> Duration {
        now.since(self.created)
    }
}
