//! What people and agents ask of the store.

use std::sync::Arc;

use super::{Applied, Command, State, StoreError, Write};
use crate::model::{Digest, Fingerprint, HoldId, Task, TaskId, TaskStatus, Timestamp, WontFix};
use crate::store::NewTask;

impl State {
    pub(super) fn apply(&mut self, command: &Command, by: &str, now: Timestamp) -> Result<Applied, StoreError> {
        match command {
            Command::Add(new) => Ok(self.add(new, by, now)),
            Command::Complete(id) => self.finish(id, TaskStatus::Completed, by, now),
            Command::Fail { task, .. } => self.finish(task, TaskStatus::Failed, by, now),
            Command::WontFix { fingerprint, refusal } => self.refuse(fingerprint, refusal, by, now),
            Command::Release(hold) => self.release(hold, by, now),
        }
    }

    fn add(&mut self, new: &NewTask, by: &str, now: Timestamp) -> Applied {
        let id = self.new_id();
        let shared = |(key, value): (&String, &String)| (Arc::from(key.as_str()), Arc::from(value.as_str()));
        self.write(Task {
            id: id.clone(),
            kind: new.kind.as_str().into(),
            title: new.title.as_str().into(),
            role: new.role.as_deref().map(Arc::from),
            agent: None,
            author: Some(by.into()),
            status: TaskStatus::Pending,
            severity: new.severity,
            labels: new.labels.iter().map(shared).collect(),
            created: now,
            claimed: None,
            started: None,
            finished: None,
            approvals: Vec::new(),
            content: Digest::of(&new.title),
            own: false,
        });
        self.log(now, by, "add", (None, Some(&id)));
        Applied::Task(id)
    }

    fn finish(&mut self, id: &TaskId, status: TaskStatus, by: &str, now: Timestamp) -> Result<Applied, StoreError> {
        let task = self.tasks.get(id).ok_or_else(|| StoreError::NotFound(format!("there is no task {id}")))?;
        if !task.status.is_open() {
            return Err(StoreError::Stale(format!("task {id} is {} already", task.status)));
        }
        self.write(Task { status, finished: Some(now), ..Task::clone(task) });
        let what = if status == TaskStatus::Completed { "complete" } else { "fail" };
        self.log(now, by, what, (None, Some(id)));
        Ok(Applied::Task(id.clone()))
    }

    fn refuse(
        &mut self,
        fingerprint: &Fingerprint,
        refusal: &WontFix,
        by: &str,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        let record = self.ledger.records.get_mut(fingerprint);
        let record = record.ok_or_else(|| StoreError::NotFound(format!("there is no drift {fingerprint}")))?;
        record.wont_fix = Some(refusal.clone());
        record.version += 1;
        self.ledger.version += 1;
        self.writes.push(Write::Ledger);
        self.log(now, by, "wont-fix", (Some(fingerprint), None));
        Ok(Applied::Done)
    }

    /// Releasing twice is the same as once.
    fn release(&mut self, hold: &HoldId, by: &str, now: Timestamp) -> Result<Applied, StoreError> {
        let released = self.ledger.holds.get_mut(hold);
        let released = released.ok_or_else(|| StoreError::NotFound(format!("nothing waits as {hold}")))?;
        if !std::mem::replace(released, true) {
            self.ledger.version += 1;
            self.writes.push(Write::Ledger);
            self.log(now, by, "release", (None, None));
        }
        Ok(Applied::Done)
    }
}
