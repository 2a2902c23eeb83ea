//! How a task ends, and how it is tried again.

use serde_json::json;

use super::{Applied, Done, State, Who};
use crate::model::{Task, TaskId, TaskStatus, Timestamp, Token};
use crate::store::StoreError;
use crate::store::queue::{AfterFailure, after_failure};

struct Ending<'e> {
    status: TaskStatus,
    action: &'static str,
    reason: Option<&'e str>,
}

impl State {
    pub(in super::super) fn complete(
        &mut self,
        id: &TaskId,
        token: Option<Token>,
        result: Option<&str>,
        who: Who<'_>,
    ) -> Done<Applied> {
        let ending = Ending { status: TaskStatus::Completed, action: "complete", reason: None };
        if !self.has_ended(id, token, &ending)? {
            self.must_not_wait(id)?;
            if let Some(result) = result {
                self.queue.extra(id).details.result = Some(result.to_owned());
            }
            self.end(id, token, &ending, who)?;
            self.unblock(id, who.1);
        }
        Ok(Applied::Task(id.clone()))
    }

    pub(in super::super) fn fail(
        &mut self,
        id: &TaskId,
        token: Option<Token>,
        (reason, last): (Option<&str>, bool),
        who: Who<'_>,
    ) -> Done<Applied> {
        let ending = Ending { status: TaskStatus::Failed, action: "fail", reason };
        let details = self.queue.details(id);
        if self.has_ended(id, token, &ending)? {
            return Ok(left(id, self.row(id)?.status, details.not_before, who.1));
        }
        self.must_not_wait(id)?;
        let (failures, tries) = (details.attempts.saturating_add(1), details.tries.unwrap_or(1));
        let next = after_failure(failures, tries, last, &self.settings.queue, who.1);
        let extra = self.queue.extra(id);
        extra.details.error = reason.map(str::to_owned);
        extra.details.attempts = if tries > 1 { failures } else { details.attempts };
        if let AfterFailure::Again(at) = next {
            extra.details.not_before = Some(at);
            let row = self.row(id)?;
            let kept = self.held(id, token)?;
            self.put_back(&row, kept.as_ref(), who.1);
            self.note(who, "fail", id, &json!({"token": token.map(|token| token.0), "reason": reason}));
            return Ok(left(id, self.row(id)?.status, Some(at), who.1));
        }
        extra.is_dead = next == AfterFailure::Dead;
        self.end(id, token, &ending, who)?;
        Ok(left(id, TaskStatus::Failed, None, who.1))
    }

    pub(in super::super) fn cancel(&mut self, id: &TaskId, reason: Option<&str>, who: Who<'_>) -> Done<Applied> {
        let token = self.queue.claims.get(id).map(|kept| kept.lease.token);
        let ending = Ending { status: TaskStatus::Cancelled, action: "cancel", reason };
        if !self.has_ended(id, token, &ending)? {
            if let Some(reason) = reason {
                self.queue.extra(id).details.error = Some(reason.to_owned());
            }
            self.end(id, token, &ending, who)?;
        }
        Ok(Applied::Task(id.clone()))
    }

    fn has_ended(&self, id: &TaskId, token: Option<Token>, ending: &Ending<'_>) -> Done<bool> {
        let before = self.row(id)?.status;
        if self.was_last(id, token, ending.action) {
            return Ok(true);
        }
        if token.is_some() {
            self.held(id, token)?;
        }
        if before == ending.status || before.is_open() {
            return Ok(before == ending.status && token.is_none());
        }
        Err(StoreError::Stale(format!("task {id} is {before} already, so it cannot be {}", ending.status)))
    }

    fn end(&mut self, id: &TaskId, token: Option<Token>, ending: &Ending<'_>, who: Who<'_>) -> Done<()> {
        self.held(id, token)?;
        let task = self.row(id)?;
        self.write(Task { status: ending.status, finished: Some(who.1), ..Task::clone(&task) });
        self.queue.claims.remove(id);
        let what = json!({"token": token.map(|token| token.0), "reason": ending.reason});
        self.note(who, ending.action, id, &what);
        Ok(())
    }

    pub(in super::super) fn retry(&mut self, id: &TaskId, who: Who<'_>) -> Done<Applied> {
        let task = self.row(id)?;
        if !matches!(task.status, TaskStatus::Failed | TaskStatus::Cancelled) {
            return Err(StoreError::Stale(format!("task {id} is {}", task.status)));
        }
        let status = TaskStatus::Pending;
        let fresh = Task { status, agent: None, claimed: None, started: None, finished: None, ..Task::clone(&task) };
        self.write(fresh);
        self.block_if_waiting(id);
        let extra = self.queue.extra(id);
        extra.is_dead = false;
        extra.ready = Some(who.1);
        let details = &mut extra.details;
        (details.attempts, details.error, details.not_before) = (0, None, None);
        self.note(who, "retry", id, &json!({}));
        Ok(Applied::Task(id.clone()))
    }
}

fn left(id: &TaskId, status: TaskStatus, again: Option<Timestamp>, now: Timestamp) -> Applied {
    Applied::Left { task: id.clone(), status, again: again.filter(|at| *at > now) }
}
