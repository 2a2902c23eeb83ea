//! Taking the best tasks for a worker: everything is looked at, since nothing is ever many.

use std::sync::Arc;

use serde_json::json;

use super::{Applied, Done, Kept, State, Who};
use crate::model::{Duty, Fit, Task, TaskId, TaskStatus, Timestamp, Token, Worker};
use crate::store::queue::{self, Candidate};
use crate::store::{Claim, Claimed, Full, Lease, Readiness, StoreError, Taken};

impl State {
    pub(in super::super) fn claim(&mut self, claim: &Claim, who: Who<'_>) -> Done<Applied> {
        let now = who.1;
        self.sweep(now);
        let name = &claim.worker.name;
        let readiness = self.queue.agents.get(name).map(|known| known.readiness).unwrap_or_default();
        if readiness != Readiness::Active {
            return Err(StoreError::Denied(format!("{name} is {}, so it takes no work", readiness.word())));
        }
        self.notice((name, &claim.worker.instance), claim.worker.dead_after, now);
        let away = claim.worker.stands_in.iter().filter(|agent| self.is_away(agent, now)).cloned().collect();
        let worker = Worker { stands_in: away, ..claim.worker.clone() };
        let held = self.queue.claims.values().filter(|kept| kept.lease.agent == worker.name).count() as u32;
        if let Some(most) = worker.most.filter(|most| *most <= held) {
            return Ok(Applied::Claimed(queue::full(claim, Full { held, most }, Taken::default())?));
        }
        let most = worker.most.map_or(claim.most, |most| claim.most.min((most - held) as usize));
        let candidates = match &claim.task {
            Some(id) => vec![self.wanted(id, &worker, claim, now)?],
            None => self.candidates(&worker, claim, now),
        };
        let mut claimed = Vec::new();
        for candidate in candidates {
            if claimed.len() == most {
                break;
            }
            claimed.extend(self.take(candidate.id(), &worker, claim, who)?);
        }
        Ok(Applied::Claimed(Taken { claimed, ..Taken::default() }))
    }

    fn candidates(&self, worker: &Worker, claim: &Claim, now: Timestamp) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        for task in self.tasks.values().filter(|task| task.status == TaskStatus::Pending) {
            let details = self.queue.details(&task.id);
            let (fit, duty) = queue::fit(worker, &claim.duties, (task, &details.demand), now);
            let ready = self.queue.extras.get(&task.id).and_then(|extra| extra.ready).unwrap_or(task.created);
            let rests = details.not_before.is_some_and(|at| at > now);
            if !rests && queue::is_admitted(fit, ready, &self.settings.queue, now) && self.has_room(duty, worker) {
                found.push(Candidate::new(task.id.clone(), task.severity, fit, details.due, task.created));
            }
        }
        found.sort_unstable();
        found
    }

    /// Whether an assignment lets one more of its tasks run.
    fn has_room(&self, duty: Option<&Duty>, worker: &Worker) -> bool {
        let Some(duty) = duty else { return true };
        let of_duty = || self.queue.claims.values().filter(|kept| kept.duty.as_ref() == Some(&duty.spec));
        let ours = of_duty().filter(|kept| kept.lease.agent == worker.name).count();
        duty.max.is_none_or(|max| of_duty().count() < max as usize)
            && duty.per_agent.is_none_or(|most| ours < most as usize)
    }

    fn wanted(&self, id: &TaskId, worker: &Worker, claim: &Claim, now: Timestamp) -> Done<Candidate> {
        let task = self.row(id)?;
        let details = self.queue.details(id);
        if task.status != TaskStatus::Pending || details.not_before.is_some_and(|at| at > now) {
            return Err(StoreError::Stale(format!("task {id} is {}, so it cannot be claimed", task.status)));
        }
        let (fit, duty) = queue::fit(worker, &claim.duties, (&task, &details.demand), now);
        match fit {
            Fit::Unfit => {
                let what = queue::unfit(worker, &claim.worker, duty, (&task, &details.demand));
                Err(StoreError::Denied(what))
            }
            _ if !self.has_room(duty, worker) => Err(StoreError::Stale("no more of its tasks may run".into())),
            fit => Ok(Candidate::new(id.clone(), task.severity, fit, details.due, task.created)),
        }
    }

    fn take(&mut self, id: &TaskId, worker: &Worker, claim: &Claim, who: Who<'_>) -> Done<Option<Claimed>> {
        let now = who.1;
        let task = self.row(id)?;
        if let Some(denial) = self.closed(&claim.gates, &task, &worker.name, now) {
            return if claim.task.is_some() { Err(StoreError::Unheard(denial)) } else { Ok(None) };
        }
        let task = self.row(id)?;
        let duty = claim.duties.of(&task, now);
        if !self.has_room(duty, worker) {
            return Ok(None);
        }
        self.queue.token += 1;
        let lease = Lease {
            task: id.clone(),
            token: Token(self.queue.token),
            agent: worker.name.clone(),
            instance: worker.instance.clone(),
            taken: now,
            until: now.plus(claim.length),
        };
        let (duty, kept_for) = (duty.map(|duty| duty.spec.clone()), task.agent.clone());
        self.queue.claims.insert(id.clone(), Kept { lease: lease.clone(), duty, kept_for });
        self.write(running(&task, &worker.name, now));
        self.note(who, "claim", id, &json!({"token": lease.token.0}));
        self.give_out(&claim.gates, id, now);
        let listed = self.listed(&self.row(id)?);
        Ok(Some(Claimed { listed, lease }))
    }
}

fn running(task: &Task, agent: &Arc<str>, now: Timestamp) -> Task {
    Task {
        status: TaskStatus::Running,
        agent: Some(agent.clone()),
        claimed: Some(now),
        started: Some(now),
        ..task.clone()
    }
}
