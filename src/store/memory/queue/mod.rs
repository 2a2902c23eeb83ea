//! The queue in memory.

mod agents;
mod claim;
mod end;
mod needs;
mod sweep;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::State;
use crate::model::{Content, Duration, SpecId, Task, TaskId, TaskStatus, Timestamp, Token};
use crate::store::{Applied, Details, Enlisted, Lease, Listed, NewTask, StoreError, Told, queue};

/// What there is beside the rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Queue {
    extras: BTreeMap<TaskId, Extra>,
    claims: BTreeMap<TaskId, Kept>,
    /// The number of the last claim.
    token: i64,
    agents: BTreeMap<Arc<str>, Enlisted>,
    /// The processes that have reported.
    beats: BTreeMap<(Arc<str>, Arc<str>), Beat>,
    keys: BTreeMap<String, (NewTask, TaskId)>,
}

/// When a process reported, how long it may be silent, and whether its work was given back since.
#[derive(Debug, Clone, Copy)]
struct Beat {
    seen: Timestamp,
    dead_after: Option<Duration>,
    is_swept: bool,
}

impl Beat {
    fn is_dead(self, now: Timestamp) -> bool {
        self.dead_after.is_some_and(|silence| self.seen.plus(silence) <= now)
    }
}

/// What a row of the queue has beyond a task.
#[derive(Debug, Clone, Default)]
struct Extra {
    details: Details,
    ready: Option<Timestamp>,
    needs: BTreeSet<TaskId>,
    is_dead: bool,
}

/// A lease, its assignment, and the agent that the task was kept for before.
#[derive(Debug, Clone)]
struct Kept {
    lease: Lease,
    duty: Option<SpecId>,
    kept_for: Option<Arc<str>>,
}

type Who<'w> = (&'w str, Timestamp);
type Done<T> = Result<T, StoreError>;

impl Queue {
    pub(super) fn is_dead(&self, id: &TaskId) -> bool {
        self.extras.get(id).is_some_and(|extra| extra.is_dead)
    }

    fn extra(&mut self, id: &TaskId) -> &mut Extra {
        self.extras.entry(id.clone()).or_default()
    }

    fn details(&self, id: &TaskId) -> Details {
        let none = || Details { tries: Some(1), ..Details::default() };
        self.extras.get(id).map_or_else(none, |extra| extra.details.clone())
    }
}

impl State {
    pub(super) fn listed(&self, task: &Arc<Task>) -> Listed {
        Listed {
            task: task.clone(),
            context: None,
            details: self.queue.details(&task.id),
            lease: self.queue.claims.get(&task.id).map(|kept| kept.lease.clone()),
            needs: self
                .queue
                .extras
                .get(&task.id)
                .map(|extra| extra.needs.iter().cloned().collect())
                .unwrap_or_default(),
        }
    }

    pub(super) fn story(&self, task: &TaskId) -> Vec<Told> {
        let of_task = self.audit.iter().filter(|entry| entry.task.as_ref() == Some(task));
        let told = |entry: &super::Entry| Told {
            number: i64::try_from(entry.number).unwrap_or(i64::MAX),
            at: entry.at,
            by: entry.by.clone(),
            action: entry.what.to_owned(),
            what: entry.particulars.clone(),
        };
        of_task.map(told).collect()
    }

    /// Writes one transition of a task down.
    fn note(&mut self, (by, now): Who<'_>, action: &'static str, task: &TaskId, what: &Value) {
        self.tell(now, by, action, (None, Some(task)), what);
    }

    fn row(&self, id: &TaskId) -> Done<Arc<Task>> {
        self.tasks.get(id).cloned().ok_or_else(|| StoreError::NotFound(format!("there is no task {id}")))
    }

    pub(super) fn add(&mut self, new: &NewTask, (by, now): Who<'_>) -> Done<Applied> {
        if let Some((before, id)) = new.key.as_ref().and_then(|key| self.queue.keys.get(key)) {
            let same = if before == new { Ok(Applied::Task(id.clone())) } else { Err(()) };
            return same.map_err(|()| StoreError::Stale(format!("task {id} was added under that key already")));
        }
        new.parent.iter().chain(&new.needs).try_for_each(|id| self.row(id).map(|_| ()))?;
        let id = self.new_id();
        let shared = |(key, value): (&String, &String)| (Arc::from(key.as_str()), Arc::from(value.as_str()));
        self.write(Task {
            id: id.clone(),
            kind: new.kind.as_str().into(),
            title: new.title.as_str().into(),
            role: new.role.as_deref().map(Arc::from),
            agent: new.agent.as_deref().map(Arc::from),
            author: Some(by.into()),
            status: TaskStatus::Pending,
            severity: new.severity,
            labels: new.labels.iter().map(shared).collect(),
            created: now,
            claimed: None,
            started: None,
            finished: None,
            approvals: Vec::new(),
            record: None,
            content: Content::titled(&new.title),
            own: false,
        });
        let details = Details {
            body: new.body.clone(),
            parent: new.parent.as_ref().map(ToString::to_string),
            due: new.due,
            not_before: new.not_before.filter(|at| *at > now),
            tries: Some(new.tries.max(1)),
            demand: new.demand.clone(),
            ..Details::default()
        };
        *self.queue.extra(&id) = Extra { details, ..Extra::default() };
        for other in &new.needs {
            self.need(&id, other)?;
        }
        self.block_if_waiting(&id);
        if let Some(key) = &new.key {
            self.queue.keys.insert(key.clone(), (new.clone(), id.clone()));
        }
        self.note((by, now), "add", &id, &json!({}));
        Ok(Applied::Task(id))
    }

    /// Ends the claim of a task that somebody has dealt with otherwise.
    pub(super) fn let_loose(&mut self, task: &TaskId) {
        self.queue.claims.remove(task);
    }

    /// The lease that a write goes by.
    fn held(&self, task: &TaskId, token: Option<Token>) -> Done<Option<Kept>> {
        match (self.queue.claims.get(task), token) {
            (Some(kept), Some(token)) if kept.lease.token == token => Ok(Some(kept.clone())),
            (None, None) => Ok(None),
            (_, Some(token)) => Err(StoreError::Lost(queue::lost(task, token, &self.story(task)))),
            (Some(kept), None) => Err(StoreError::Lost(format!("task {task} is held by {}", kept.lease.agent))),
        }
    }

    fn was_last(&self, task: &TaskId, token: Option<Token>, action: &str) -> bool {
        let story = self.story(task);
        let last = story.iter().rev().find(|told| told.action != "close");
        token.is_some() && last.is_some_and(|last| last.action == action && queue::token(last) == token)
    }

    pub(super) fn renew(&mut self, task: &TaskId, token: Token, length: Duration, now: Timestamp) -> Done<Applied> {
        self.row(task)?;
        self.held(task, Some(token))?;
        let kept = self.queue.claims.get_mut(task);
        let lease = kept.map(|kept| {
            kept.lease.until = now.plus(length);
            kept.lease.clone()
        });
        let lease = lease.ok_or_else(|| StoreError::Lost(format!("nobody holds task {task}")))?;
        self.notice((&lease.agent, &lease.instance), None, now);
        Ok(Applied::Held(lease))
    }

    pub(super) fn give_back(
        &mut self,
        task: &TaskId,
        token: Option<Token>,
        reason: Option<&str>,
        who: Who<'_>,
    ) -> Done<Applied> {
        let row = self.row(task)?;
        let present = self.queue.claims.get(task).map(|kept| kept.lease.token);
        let token = token.or(present);
        if present.is_none() && self.was_last(task, token, "release") {
            return Ok(Applied::Task(task.clone()));
        }
        let kept = self.held(task, token)?;
        if row.status != TaskStatus::Running {
            return Err(StoreError::Stale(format!("task {task} is {}", row.status)));
        }
        self.put_back(&row, kept.as_ref(), who.1);
        let what = json!({"token": token.map(|token| token.0), "reason": reason});
        self.note(who, "release", task, &what);
        Ok(Applied::Task(task.clone()))
    }

    /// Makes a task claimable again as it was before its claim, and ends the claim.
    fn put_back(&mut self, task: &Task, kept: Option<&Kept>, now: Timestamp) {
        let agent = kept.and_then(|kept| kept.kept_for.clone());
        self.write(Task { status: TaskStatus::Pending, agent, claimed: None, started: None, ..task.clone() });
        self.queue.extra(&task.id).ready = Some(now);
        self.queue.claims.remove(&task.id);
        self.block_if_waiting(&task.id);
    }
}
