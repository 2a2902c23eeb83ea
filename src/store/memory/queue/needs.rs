//! What must be completed before what.

use serde_json::json;

use super::{Applied, Done, State, Who};
use crate::model::{ABIDE, Task, TaskId, TaskStatus, Timestamp};
use crate::store::StoreError;

impl State {
    pub(in super::super) fn depend(&mut self, task: &TaskId, on: &[TaskId], who: Who<'_>) -> Done<Applied> {
        let row = self.row(task)?;
        if !matches!(row.status, TaskStatus::Pending | TaskStatus::Blocked) {
            return Err(StoreError::Stale(format!("task {task} is {} already", row.status)));
        }
        let mut new = false;
        for other in on {
            new |= self.need(task, other)?;
        }
        self.block_if_waiting(task);
        if new {
            self.note(who, "depend", task, &json!({}));
        }
        Ok(Applied::Task(task.clone()))
    }

    pub(super) fn need(&mut self, task: &TaskId, other: &TaskId) -> Done<bool> {
        self.row(other)?;
        if self.leads_to(other, task) {
            return Err(StoreError::Impossible(format!("task {other} waits for {task} already")));
        }
        Ok(self.queue.extra(task).needs.insert(other.clone()))
    }

    fn leads_to(&self, from: &TaskId, to: &TaskId) -> bool {
        let needs = |id: &TaskId| self.queue.extras.get(id).map(|extra| &extra.needs);
        let (mut ahead, mut seen) = (vec![from], std::collections::BTreeSet::new());
        while let Some(next) = ahead.pop() {
            if next == to {
                return true;
            }
            if seen.insert(next) {
                ahead.extend(needs(next).into_iter().flatten());
            }
        }
        false
    }

    pub(in super::super) fn undepend(&mut self, task: &TaskId, on: &[TaskId], who: Who<'_>) -> Done<Applied> {
        self.row(task)?;
        for other in on {
            if !self.queue.extra(task).needs.remove(other) {
                return Err(StoreError::NotFound(format!("task {task} does not wait for {other}")));
            }
        }
        self.note(who, "undepend", task, &json!({}));
        self.let_go(task, who);
        Ok(Applied::Task(task.clone()))
    }

    fn waits(&self, task: &TaskId) -> bool {
        let needs = self.queue.extras.get(task).map(|extra| &extra.needs);
        let is_done = |id: &TaskId| self.tasks.get(id).is_some_and(|task| task.status == TaskStatus::Completed);
        needs.into_iter().flatten().any(|id| !is_done(id))
    }

    pub(super) fn block_if_waiting(&mut self, task: &TaskId) {
        let pending = self.tasks.get(task).filter(|task| task.status == TaskStatus::Pending).cloned();
        if let Some(row) = pending.filter(|_| self.waits(task)) {
            self.write(Task { status: TaskStatus::Blocked, ..Task::clone(&row) });
        }
    }

    fn let_go(&mut self, task: &TaskId, who: Who<'_>) {
        let blocked = self.tasks.get(task).filter(|task| task.status == TaskStatus::Blocked).cloned();
        let Some(row) = blocked.filter(|_| !self.waits(task)) else { return };
        self.write(Task { status: TaskStatus::Pending, ..Task::clone(&row) });
        self.queue.extra(task).ready = Some(who.1);
        self.note(who, "unblock", task, &json!({}));
    }

    /// Makes the tasks claimable that waited only for this one.
    pub(in super::super) fn unblock(&mut self, done: &TaskId, now: Timestamp) {
        let waiting = self.queue.extras.iter().filter(|(_, extra)| extra.needs.contains(done));
        let waiting: Vec<TaskId> = waiting.map(|(id, _)| id.clone()).collect();
        waiting.iter().for_each(|id| self.let_go(id, (ABIDE, now)));
    }
}
