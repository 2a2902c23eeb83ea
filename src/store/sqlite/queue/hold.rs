//! Whether whoever writes holds the task: an older claim than the present one changes nothing.

use serde_json::json;

use super::super::audit;
use super::super::command::Desk;
use super::super::fault::Done;
use super::super::live::{self, Row};
use super::lease::{self, Kept};
use super::needs;
use crate::config::Field;
use crate::model::{Duration, TaskId, TaskStatus, Token};
use crate::store::{Applied, Listed, StoreError, queue};

impl Desk<'_, '_> {
    /// The row of a task, which must be there.
    pub(in super::super) fn row(&self, id: &TaskId) -> Done<Listed> {
        match live::read(self.writer, self.layout, id)? {
            Some(row) => Ok(row),
            None => Err(self.no_task(id)?.into()),
        }
    }

    /// The lease that a write goes by: that of `token`, or none where nobody holds the task and no token is named.
    pub(super) fn held(&self, task: &TaskId, token: Option<Token>) -> Done<Option<Kept>> {
        match (lease::find(self.writer.tx, task)?, token) {
            (Some(kept), Some(token)) if kept.lease.token == token => Ok(Some(kept)),
            (None, None) => Ok(None),
            (_, Some(token)) => Err(StoreError::Lost(self.lost(task, token)?).into()),
            (Some(Kept { lease, .. }), None) => {
                let what =
                    format!("task {task} is held by {} until {} (claim {})", lease.agent, lease.until, lease.token);
                Err(StoreError::Lost(format!("{what}: whoever writes to it names that claim")).into())
            }
        }
    }

    fn lost(&self, task: &TaskId, token: Token) -> Done<String> {
        Ok(queue::lost(task, token, &audit::story(self.writer.tx, task)?))
    }

    /// Whether the last thing done to a task was done under that claim, so that saying it twice is as good as once.
    pub(super) fn was_last(&self, task: &TaskId, token: Option<Token>, action: &str) -> Done<bool> {
        let Some(token) = token else { return Ok(false) };
        let story = audit::story(self.writer.tx, task)?;
        let last = story.iter().rev().find(|told| told.action != "close");
        Ok(last.is_some_and(|last| last.action == action && queue::token(last) == Some(token)))
    }

    pub(in super::super) fn renew(&mut self, task: &TaskId, token: Token, length: Duration) -> Done<Applied> {
        self.row(task)?;
        let Some(mut kept) = self.held(task, Some(token))? else {
            return Err(StoreError::Lost(self.lost(task, token)?).into());
        };
        kept.lease.until = self.now.plus(length);
        lease::renew(self.writer, token, kept.lease.until)?;
        self.notice(&kept.lease.agent, &kept.lease.instance, None)?;
        Ok(Applied::Held(kept.lease))
    }

    pub(in super::super) fn give_back(
        &mut self,
        task: &TaskId,
        token: Option<Token>,
        reason: Option<&str>,
    ) -> Done<Applied> {
        let row = self.row(task)?;
        let present = lease::find(self.writer.tx, task)?;
        // A person may take a task away from whoever holds it.
        let token = token.or(present.as_ref().map(|kept| kept.lease.token));
        if self.was_last(task, token, "release")? && present.is_none() {
            return Ok(Applied::Task(task.clone()));
        }
        let kept = self.held(task, token)?;
        if row.task.status != TaskStatus::Running {
            let what = format!("task {task} is {}, so there is nothing to give back", row.task.status);
            return Err(StoreError::Stale(what).into());
        }
        self.put_back(&row, kept.as_ref(), Row::new(self.layout))?;
        let holder = kept.as_ref().map(|kept| &*kept.lease.agent).or(row.task.agent.as_deref());
        let what = json!({"task": *task.0, "token": token.map(|token| token.0), "agent": holder, "reason": reason});
        audit::add(self.writer, self.now, self.by, "release", &what)?;
        Ok(Applied::Task(task.clone()))
    }

    /// Makes a task claimable again as it was before its claim, with what `row` says besides, and ends the claim.
    pub(super) fn put_back(&mut self, task: &Listed, kept: Option<&Kept>, mut row: Row<'_>) -> Done<()> {
        // What waits for others waits on, whatever has been said of it meanwhile.
        let waits = needs::are_unmet(self.writer.tx, self.layout, &task.task.id)?;
        row.set_status(if waits { TaskStatus::Blocked } else { TaskStatus::Pending })?;
        if let Some(word) = kept.and_then(|kept| kept.before.word.as_deref()).filter(|_| !waits) {
            row.prefer_status(TaskStatus::Pending, word);
        }
        match kept {
            Some(Kept { kept_for: Some(agent), .. }) => row.set(Field::Agent, agent.to_string()),
            Some(Kept { before, .. }) => row.set_as_held(Field::Agent, before.nobody.clone()),
            None => row.set(Field::Agent, None::<String>),
        }
        row.set_time(Field::Claimed, None);
        row.set_time(Field::Started, None);
        row.set_ready(self.now);
        row.update(self.writer, &task.task.id, &live::live(&task.task), self.now)?;
        kept.map_or(Ok(()), |kept| lease::end(self.writer, kept.lease.token))
    }
}
