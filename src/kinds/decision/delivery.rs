//! How far the tasks are that carry a decision out.

use std::sync::Arc;

use super::Delivery;
use crate::kinds::Asked;
use crate::model::{NoAnswer, Question, Scope, Task, TaskStatus};

/// The tasks that carry a decision out, as they are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress<'a> {
    /// All of them, in order of their keys.
    pub tasks: Vec<&'a Arc<Task>>,
    /// How many of them are completed.
    pub done: usize,
}

impl Progress<'_> {
    /// Whether there is at least one, and all of them are completed.
    pub const fn is_done(&self) -> bool {
        self.done > 0 && self.done == self.tasks.len()
    }
}

impl Delivery {
    /// How far it is.
    ///
    /// # Errors
    /// Why nobody can tell.
    pub fn progress<'a>(&self, asked: &Asked<'a>) -> Result<Progress<'a>, NoAnswer> {
        let rows = asked.tasks(&Question::Tasks { select: self.select.0.clone(), scope: Scope::Ever })?;
        let tasks: Vec<&Arc<Task>> =
            rows.values().filter(|task| self.select.0.is_recent(task.created, asked.now)).collect();
        let done = tasks.iter().filter(|task| task.status == TaskStatus::Completed).count();
        Ok(Progress { tasks, done })
    }
}
