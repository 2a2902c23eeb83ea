//! What comes of what was asked of a store.

use std::fmt;
use std::sync::Arc;

use super::Listed;
use crate::diagnostic::counted;
use crate::model::{GateState, SpecId, TaskId, TaskStatus, Timestamp, Token};

/// What a command did.
#[derive(Debug, Clone, PartialEq)]
pub enum Applied {
    /// It was carried out on this task.
    Task(TaskId),
    /// It left a task in this state.
    Left {
        /// Which.
        task: TaskId,
        /// In which state.
        status: TaskStatus,
        /// From when on it may be claimed again, where it is tried again later.
        again: Option<Timestamp>,
    },
    /// This work was taken.
    Claimed(Taken),
    /// Work whose holders are lost was given back.
    GivenBack(GivenBack),
    /// This claim stands.
    Held(Lease),
    /// So the requests about a task stand now.
    Stand(Vec<Stands>),
    /// So many requests stand otherwise than before, or so many tokens are good for nothing now.
    Swept(usize),
    /// It was carried out.
    Done,
}

/// What was taken for a worker.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Taken {
    /// The tasks, the best first; none where there is nothing to do.
    pub claimed: Vec<Claimed>,
    /// What waits, and was passed over.
    pub refused: Vec<Refusal>,
    /// What stays with a holder that is lost.
    pub stuck: Vec<Refusal>,
    /// That the worker may hold no more, where that is why nothing was taken.
    pub full: Option<Full>,
}

/// How many tasks a worker holds that may hold no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full {
    /// So many it holds.
    pub held: u32,
    /// So many it may hold at once.
    pub most: u32,
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "holds {}, and may hold {} at once", counted(self.held as usize, "task"), self.most)
    }
}

/// What was given back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GivenBack {
    /// How many tasks.
    pub count: usize,
    /// What stays with a holder that is lost.
    pub stuck: Vec<Refusal>,
}

/// A row of the live table that could not be read or written, while others could.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its task.
    pub task: TaskId,
    /// Why, and how to mend it.
    pub why: String,
}

/// A task that was claimed.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// The task, as it is now.
    pub listed: Listed,
    /// The claim.
    pub lease: Lease,
}

/// A claim that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The task.
    pub task: TaskId,
    /// The claim's number: whoever writes must name it.
    pub token: Token,
    /// Who holds the task.
    pub agent: Arc<str>,
    /// Which of its processes; empty where there is only one.
    pub instance: Arc<str>,
    /// Since when.
    pub taken: Timestamp,
    /// Until when, unless renewed.
    pub until: Timestamp,
}

/// How one request stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stands {
    /// The policy that asks.
    pub policy: SpecId,
    /// How.
    pub state: GateState,
    /// Why, where there is more to say.
    pub why: Option<String>,
}
