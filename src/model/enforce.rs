//! What Abide corrects in the team's own tasks, and what it remembers of it.

use std::fmt;
use std::sync::Arc;

use super::{Digest, Severity, SpecId, Task, TaskId, Timestamp};

/// A field of a task that an assignment may correct itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskField {
    /// The role that it is with.
    Role,
    /// How urgent it is.
    Severity,
}

impl TaskField {
    /// Every field.
    pub const ALL: [Self; 2] = [Self::Role, Self::Severity];

    /// As the store and people write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Severity => "severity",
        }
    }

    /// The field of that word, if any.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.word() == word)
    }
}

/// A field as it was read and as an assignment wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Another role.
    Role {
        /// The role that was read, if there was one.
        from: Option<Arc<str>>,
        /// The role that the assignment names.
        to: Arc<str>,
    },
    /// Another severity.
    Severity {
        /// The severity that was read.
        from: Severity,
        /// The severity that the assignment names.
        to: Severity,
    },
}

impl Change {
    /// Which field it is.
    pub const fn field(&self) -> TaskField {
        match self {
            Self::Role { .. } => TaskField::Role,
            Self::Severity { .. } => TaskField::Severity,
        }
    }

    /// The value that was read; none where the field was empty.
    pub fn from(&self) -> Option<&str> {
        match self {
            Self::Role { from, .. } => from.as_deref(),
            Self::Severity { from, .. } => Some(from.word()),
        }
    }

    /// The value that is wanted.
    pub fn to(&self) -> &str {
        match self {
            Self::Role { to, .. } => to,
            Self::Severity { to, .. } => to.word(),
        }
    }

    /// Whether a task has the value that was read.
    pub fn is_read_of(&self, task: &Task) -> bool {
        match self {
            Self::Role { from, .. } => task.role == *from,
            Self::Severity { from, .. } => task.severity == *from,
        }
    }

    /// Whether a task has the value that is wanted.
    pub fn is_made_in(&self, task: &Task) -> bool {
        match self {
            Self::Role { to, .. } => task.role.as_deref() == Some(&**to),
            Self::Severity { to, .. } => task.severity == *to,
        }
    }

    /// A change as it was stored, if it can be read.
    pub fn stored(field: TaskField, from: Option<&str>, to: &str) -> Option<Self> {
        match field {
            TaskField::Role => Some(Self::Role { from: from.map(Arc::from), to: to.into() }),
            TaskField::Severity => Some(Self::Severity { from: from?.parse().ok()?, to: to.parse().ok()? }),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", self.from().unwrap_or("-"), self.to())
    }
}

/// What a rule read of a field that an assignment may correct itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// What was read, and what is wanted.
    pub change: Change,
    /// The agent that holds the task, if any.
    pub agent: Option<Arc<str>>,
}

/// Which field of which task an assignment corrected.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnforcedKey {
    /// The assignment.
    pub spec: SpecId,
    /// The task.
    pub task: TaskId,
    /// The field.
    pub field: TaskField,
}

/// A correction that was carried out: it is not made twice for one version of the assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enforced {
    /// The value that Abide replaced, and the one that it set.
    pub change: Change,
    /// When.
    pub at: Timestamp,
    /// The digest of the assignment that was in force.
    pub digest: Digest,
    /// Whether its task is there and open, as the live table has it now.
    pub is_open: bool,
    /// Who, other than Abide, has done something to the task since, as far as the audit rows tell; none as long as the field
    /// is as Abide set it.
    pub writer: Option<Arc<str>>,
}

/// Gives one field of one task another value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assign {
    /// The assignment that wants it.
    pub spec: SpecId,
    /// The digest of the assignment in force.
    pub digest: Digest,
    /// The task.
    pub task: TaskId,
    /// What was read and what to write; the step lands only where the value that was read still stands.
    pub change: Change,
}

impl Assign {
    /// What is remembered of it is found by this.
    pub fn key(&self) -> EnforcedKey {
        EnforcedKey { spec: self.spec.clone(), task: self.task.clone(), field: self.change.field() }
    }
}
