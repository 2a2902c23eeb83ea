//! How a task ends, and how it is tried again.

use serde_json::json;

use super::super::audit;
use super::super::command::Desk;
use super::super::fault::Done;
use super::super::live::{self, Row};
use super::{lease, needs};
use crate::config::Field;
use crate::model::{TaskId, TaskStatus, Timestamp, Token};
use crate::store::queue::{AfterFailure, after_failure};
use crate::store::{Applied, Listed, StoreError};

/// How a task is to end.
struct Ending<'e> {
    status: TaskStatus,
    action: &'static str,
    reason: Option<&'e str>,
}

impl Desk<'_, '_> {
    pub(in super::super) fn complete(
        &mut self,
        id: &TaskId,
        token: Option<Token>,
        result: Option<&str>,
    ) -> Done<Applied> {
        let ending = Ending { status: TaskStatus::Completed, action: "complete", reason: None };
        let task = self.row(id)?;
        if self.has_ended(&task, token, &ending)? {
            return Ok(Applied::Task(id.clone()));
        }
        self.must_not_wait(&task.task)?;
        let mut row = Row::new(self.layout);
        if let Some(result) = result {
            self.must_map(Field::Result, "a result")?;
            row.set(Field::Result, result.to_owned());
        }
        self.end(&task, token, &ending, row)?;
        needs::unblock(self.writer, self.layout, id, self.now)?;
        Ok(Applied::Task(id.clone()))
    }

    pub(in super::super) fn fail(
        &mut self,
        id: &TaskId,
        token: Option<Token>,
        reason: Option<&str>,
        last: bool,
    ) -> Done<Applied> {
        let ending = Ending { status: TaskStatus::Failed, action: "fail", reason };
        let task = self.row(id)?;
        if self.has_ended(&task, token, &ending)? {
            return Ok(self.left(id, task.task.status, task.details.not_before));
        }
        self.must_not_wait(&task.task)?;
        let mut row = Row::new(self.layout);
        row.set(Field::Error, reason.map(str::to_owned));
        let failures = task.details.attempts.saturating_add(1);
        // Where failures are not counted, there is no telling when tries are used up.
        let counts = self.layout.mapping.column(Field::Attempts).is_some();
        let tries = task.details.tries.filter(|_| counts).unwrap_or(1);
        if tries > 1 {
            row.set(Field::Attempts, i64::from(failures));
        }
        match after_failure(failures, tries, last, &self.settings.queue, self.now) {
            AfterFailure::Again(at) => self.try_again(&task, token, (row, at), &ending),
            AfterFailure::Dead => {
                row.set_dead(self.now);
                self.end(&task, token, &ending, row)?;
                Ok(self.left(id, TaskStatus::Failed, None))
            }
            AfterFailure::Failed => {
                self.end(&task, token, &ending, row)?;
                Ok(self.left(id, TaskStatus::Failed, None))
            }
        }
    }

    fn left(&self, id: &TaskId, status: TaskStatus, again: Option<Timestamp>) -> Applied {
        Applied::Left { task: id.clone(), status, again: again.filter(|at| *at > self.now) }
    }

    /// The try is over, and the task is not.
    fn try_again(
        &mut self,
        task: &Listed,
        token: Option<Token>,
        (mut row, at): (Row<'_>, Timestamp),
        ending: &Ending<'_>,
    ) -> Done<Applied> {
        let id = &task.task.id;
        let kept = self.held(id, token)?;
        row.set_time(Field::NotBefore, Some(at));
        self.put_back(task, kept.as_ref(), row)?;
        let what = json!({
            "task": *id.0,
            "token": token.map(|token| token.0),
            "from": task.task.status.word(),
            "to": TaskStatus::Pending.word(),
            "again": at.to_string(),
            "reason": ending.reason,
        });
        audit::add(self.writer, self.now, self.by, ending.action, &what)?;
        let status = self.row(id)?.task.status;
        let rests = self.layout.mapping.column(Field::NotBefore).is_some();
        Ok(self.left(id, status, Some(at).filter(|_| rests)))
    }

    pub(in super::super) fn cancel(&mut self, id: &TaskId, reason: Option<&str>) -> Done<Applied> {
        let task = self.row(id)?;
        let token = lease::of(self.writer.tx, id)?.map(|lease| lease.token);
        let ending = Ending { status: TaskStatus::Cancelled, action: "cancel", reason };
        if !self.has_ended(&task, token, &ending)? {
            let mut row = Row::new(self.layout);
            if let Some(reason) = reason {
                row.set(Field::Error, reason.to_owned());
            }
            self.end(&task, token, &ending, row)?;
        }
        Ok(Applied::Task(id.clone()))
    }

    /// Whether it has ended so already: saying it twice is as good as once. What has ended otherwise is not to be changed.
    fn has_ended(&self, task: &Listed, token: Option<Token>, ending: &Ending<'_>) -> Done<bool> {
        let (id, before) = (&task.task.id, task.task.status);
        if self.was_last(id, token, ending.action)? {
            return Ok(true);
        }
        if token.is_some() {
            self.held(id, token)?;
        }
        if before == ending.status {
            // Its own software may have said so in the row; whoever holds it ends the claim, and says what came of it.
            return Ok(token.is_none());
        }
        if before.is_open() {
            return Ok(false);
        }
        Err(StoreError::Stale(format!("task {id} is {before} already, so it cannot be {}", ending.status)).into())
    }

    fn end(&mut self, task: &Listed, token: Option<Token>, ending: &Ending<'_>, mut row: Row<'_>) -> Done<()> {
        let id = &task.task.id;
        let kept = self.held(id, token)?;
        row.set_status(ending.status)?;
        row.set_time(Field::Finished, Some(self.now));
        row.update(self.writer, id, &live::live(&task.task), self.now)?;
        if let Some(kept) = kept {
            lease::end(self.writer, kept.lease.token)?;
        }
        let what = json!({
            "task": *id.0,
            "token": token.map(|token| token.0),
            "from": task.task.status.word(),
            "to": ending.status.word(),
            "reason": ending.reason,
        });
        audit::add(self.writer, self.now, self.by, ending.action, &what)
    }

    /// Tries a task again that has ended without being done.
    pub(in super::super) fn retry(&mut self, id: &TaskId) -> Done<Applied> {
        let task = self.row(id)?;
        let before = task.task.status;
        if !matches!(before, TaskStatus::Failed | TaskStatus::Cancelled) {
            let what = format!("task {id} is {before}, and only what has failed or was cancelled is tried again");
            return Err(StoreError::Stale(what).into());
        }
        let mut row = Row::new(self.layout);
        let waits = needs::are_unmet(self.writer.tx, self.layout, id)?;
        row.set_status(if waits { TaskStatus::Blocked } else { TaskStatus::Pending })?;
        row.set(Field::Agent, rusqlite::types::Value::Null);
        row.set(Field::Error, rusqlite::types::Value::Null);
        row.set(Field::Attempts, 0);
        for field in [Field::Claimed, Field::Started, Field::Finished, Field::NotBefore] {
            row.set_time(field, None);
        }
        row.set_ready(self.now);
        row.set_fresh();
        row.update(self.writer, id, &live::live(&task.task), self.now)?;
        let what = json!({"task": *id.0, "from": before.word()});
        audit::add(self.writer, self.now, self.by, "retry", &what)?;
        Ok(Applied::Task(id.clone()))
    }
}
