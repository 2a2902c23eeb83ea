//! Corrections of the team's tasks, and what is remembered of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{State, StoreError};
use crate::model::{ABIDE, Assign, Change, Enforced, EnforcedKey, Plan, Task, TaskId, Timestamp};

impl State {
    /// Whether the field still has the value that was read.
    pub(super) fn check_field(&self, assign: &Assign) -> Result<(), StoreError> {
        let field = assign.change.field().word();
        match self.tasks.get(&assign.task) {
            Some(task) if assign.change.is_read_of(task) => Ok(()),
            Some(_) => Err(StoreError::Stale(format!("the {field} of task {} has changed", assign.task))),
            None => Err(StoreError::Stale(format!("task {} is gone", assign.task))),
        }
    }

    /// Corrects a task and remembers it; gives how many rows were written beside that of the task.
    pub(super) fn assign(&mut self, assign: &Assign, at: Timestamp) -> u64 {
        let Some(task) = self.tasks.get(&assign.task) else { return 0 };
        let mut task = Task::clone(task);
        match &assign.change {
            Change::Role { to, .. } => task.role = Some(to.clone()),
            Change::Severity { to, .. } => task.severity = *to,
        }
        self.write(task);
        let (change, digest) = (assign.change.clone(), assign.digest);
        let enforced = Enforced { change, at, digest, is_open: true, writer: None };
        self.ledger.enforced.insert(assign.key(), enforced);
        1
    }

    /// Forgets what the plan says need not be remembered; gives how many rows that moved.
    pub(super) fn forget(&mut self, plan: &Plan, by: &str) -> u64 {
        let mut moved = 0;
        for key in &plan.forgotten {
            if self.ledger.enforced.remove(key).is_some() {
                self.log(plan.at, by, "forget", (None, Some(&key.task)));
                moved += 1;
            }
        }
        moved
    }

    /// What is remembered, with the tasks as they are now.
    pub(super) fn enforced(&self) -> BTreeMap<EnforcedKey, Enforced> {
        let seen = |(key, enforced): (&EnforcedKey, &Enforced)| {
            let task = self.tasks.get(&key.task);
            let is_open = task.is_some_and(|task| task.status.is_open());
            let undone = task.filter(|task| !enforced.change.is_made_in(task));
            let writer = undone.and_then(|task| self.writer_since(&task.id, enforced.at));
            (key.clone(), Enforced { is_open, writer, ..enforced.clone() })
        };
        self.ledger.enforced.iter().map(seen).collect()
    }

    fn writer_since(&self, task: &TaskId, since: Timestamp) -> Option<Arc<str>> {
        let is_abide = |by: &str| by.split(' ').next() == Some(ABIDE);
        let others = self.audit.iter().rev().filter(|entry| entry.at > since && !is_abide(&entry.by));
        let mut of_task = others.filter(|entry| entry.task.as_ref() == Some(task));
        of_task.next().map(|entry| entry.by.as_str().into())
    }
}
