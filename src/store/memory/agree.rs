//! Agreement to tasks in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::State;
use crate::kinds::approval::{Gates, Request, Word, hear};
use crate::model::{
    ABIDE, Approval, Asked, Ballot, Denial, Digest, GateState, OnRecord, Reason, Said, Seen, SpecId, Spent, Task,
    TaskId, Timestamp, Used,
};
use crate::store::audit::time;
use crate::store::{Applied, Cast, Proof, Stands, StoreError, Weighing, queue};

/// What there is beside the rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Agreed {
    requests: BTreeMap<(TaskId, SpecId), (GateState, Digest)>,
    nonces: BTreeMap<Arc<str>, TaskId>,
    tokens: BTreeMap<Digest, Token>,
    pub(super) sightings: BTreeMap<Arc<str>, Timestamp>,
    pub(super) spent: Spent,
}

#[derive(Debug, Clone)]
struct Token {
    agent: Arc<str>,
    until: Option<Timestamp>,
    is_revoked: bool,
}

fn denied(reason: Reason, words: impl Into<String>) -> StoreError {
    StoreError::Unheard(Denial::new(reason, words))
}

impl State {
    pub(super) fn cast(&mut self, cast: &Cast, by: &str, now: Timestamp) -> Result<Applied, StoreError> {
        if let Some(denial) = self.gone_back(now) {
            return Err(StoreError::Unheard(denial));
        }
        self.must_be(&cast.by, cast.proof, now)?;
        if self.agreed.nonces.contains_key(&cast.nonce) {
            return Err(denied(Reason::Replayed, format!("`{}` was said already", cast.nonce)));
        }
        if let Some(spec) = cast.gates.specs().first_of_nonce(&cast.nonce) {
            return Err(denied(Reason::Replayed, format!("{spec} has the nonce `{}`", cast.nonce)));
        }
        let task = self.tasks.get(&cast.task).cloned();
        let task = task.ok_or_else(|| StoreError::NotFound(format!("there is no task {}", cast.task)))?;
        self.weigh_one(&cast.gates, &cast.task, now);
        let task = self.tasks.get(&cast.task).cloned().unwrap_or(task);
        let is_signed = cast.proof == Proof::Key;
        let reason = cast.reason.as_ref();
        let word = Word { said: cast.said, by: &cast.by, seen: cast.seen, is_signed, expires: cast.expires, reason };
        let (mut ballots, mut why) = (Vec::new(), None);
        for request in cast.gates.requests(&task, &self.agreed.spent, now) {
            if cast.policy.as_ref().is_some_and(|policy| policy != request.id) {
                continue;
            }
            match hear(&request, &word, now) {
                Ok(expires) => ballots.push(Ballot {
                    nonce: format!("{}/{}", cast.nonce, ballots.len()).into(),
                    policy: request.id.clone(),
                    said: cast.said,
                    by: cast.by.clone(),
                    at: now,
                    expires,
                    content: task.content,
                    version: request.version(),
                    revision: cast.gates.revision().clone(),
                    is_signed,
                    reason: cast.reason.clone(),
                    is_borne_out: true,
                }),
                Err(denial) if denial.reason == Reason::NotAsked => drop(why.get_or_insert(denial)),
                Err(denial) => why = Some(denial),
            }
        }
        if ballots.is_empty() {
            let none = || Denial::new(Reason::NoRequest, format!("nothing asks for a yes to task {}", cast.task));
            return Err(StoreError::Unheard(why.unwrap_or_else(none)));
        }
        self.agreed.nonces.insert(cast.nonce.clone(), cast.task.clone());
        let action = match cast.said {
            Said::Override => "override",
            Said::Vote(crate::model::Vote::Approved) => "approve",
            Said::Vote(crate::model::Vote::Rejected) => "reject",
        };
        for _ in &ballots {
            self.tell(now, by, action, (None, Some(&cast.task)), &json!({"agent": *cast.by}));
        }
        self.put_on_record(&task, |record| record.ballots.extend(ballots));
        Ok(Applied::Stand(self.weigh_one(&cast.gates, &cast.task, now)))
    }

    fn must_be(&self, agent: &str, proof: Proof, now: Timestamp) -> Result<(), StoreError> {
        let is_good =
            |token: &Token| *token.agent == *agent && !token.is_revoked && token.until.is_none_or(|until| now < until);
        match proof {
            Proof::Key => Ok(()),
            Proof::Token(token) if self.agreed.tokens.get(&token).is_some_and(is_good) => Ok(()),
            Proof::Token(_) | Proof::Nothing => {
                Err(denied(Reason::NoCredential, format!("nothing shows that it is {agent}")))
            }
        }
    }

    fn put_on_record(&mut self, task: &Arc<Task>, change: impl FnOnce(&mut OnRecord)) {
        let mut record = task.record.as_deref().cloned().unwrap_or_default();
        change(&mut record);
        record.asked.sort_by(|a, b| a.policy.cmp(&b.policy));
        record.seen.sort_by(|a, b| (&a.policy, &a.approval.role).cmp(&(&b.policy, &b.approval.role)));
        let is_empty = record == OnRecord::default();
        self.write(Task { record: (!is_empty).then(|| Arc::new(record)), ..Task::clone(task) });
    }

    /// That the clock shows an earlier time than what is on record, if so.
    pub(super) fn gone_back(&self, now: Timestamp) -> Option<Denial> {
        self.latest.and_then(|latest| time::gone_back(now, latest))
    }

    pub(super) fn trust_clock(&mut self, reason: &str, (by, now): (&str, Timestamp)) -> Applied {
        if self.gone_back(now).is_none() {
            return Applied::Swept(0);
        }
        self.latest = None;
        self.tell(now, by, "clock", (None, None), &json!({"reason": reason}));
        Applied::Swept(1)
    }

    pub(super) fn weigh(&mut self, weighing: &Weighing, now: Timestamp) -> Result<Applied, StoreError> {
        if let Some(ours) = weighing.fence.filter(|fence| self.lease.is_none() || fence.0 != self.epoch) {
            return Err(StoreError::Fenced { ours: ours.0, current: self.epoch });
        }
        if let Some(denial) = self.gone_back(now) {
            return Err(StoreError::Unheard(denial));
        }
        if let Some(spent) = &weighing.spent {
            self.agreed.spent = spent.clone();
        }
        let before = self.audit.len();
        let is_asked_about = |task: &Task| task.record.as_ref().is_some_and(|record| !record.asked.is_empty());
        let is_history =
            |task: &Task| !task.status.is_open() && task.ended() < weighing.ended_since && !is_asked_about(task);
        let all = self.tasks.values().filter(|task| !is_history(task)).map(|task| task.id.clone());
        for id in all.collect::<Vec<_>>() {
            self.weigh_one(&weighing.gates, &id, now);
        }
        Ok(Applied::Swept(self.audit.len() - before))
    }

    pub(super) fn weigh_one(&mut self, gates: &Gates, id: &TaskId, now: Timestamp) -> Vec<Stands> {
        let Some(task) = self.tasks.get(id).cloned() else { return Vec::new() };
        let waits = task.waits();
        let spent = self.agreed.spent.clone();
        let asking = gates.requests(&task, &spent, now);
        let requests: Vec<(SpecId, Digest)> = asking.iter().map(|it| (it.id.clone(), it.digest())).collect();
        self.unsee(&task, now);
        for request in &asking {
            self.see(request, now);
        }
        for (policy, digest) in requests.iter().filter(|_| waits) {
            self.ask(&task, policy, *digest, now);
        }
        let Some(mut task) = self.tasks.get(id).cloned() else { return Vec::new() };
        // What waits once more has not started.
        if waits && task.record.iter().flat_map(|record| &record.asked).any(|asked| asked.used.is_some()) {
            self.put_on_record(&task, |record| record.asked.iter_mut().for_each(|asked| asked.used = None));
            task = self.tasks.get(id).cloned().unwrap_or(task);
        }
        let mut stands = Vec::new();
        for (request, assessed) in gates.assess(&task, &spent, now) {
            let key = (id.clone(), request.id.clone());
            let known = self.agreed.requests.get(&key).copied().filter(|(state, _)| waits && *state != assessed.state);
            if let Some((from, digest)) = known {
                let what = json!({"policy": request.id.to_string(), "from": from.word(), "to": assessed.state.word()});
                self.tell(now, ABIDE, "gate", (None, Some(id)), &what);
                self.agreed.requests.insert(key, (assessed.state, digest));
                if let Some(task) = self.tasks.get(id).cloned() {
                    self.put_on_record(&task, |record| {
                        let asked = record.asked.iter_mut().find(|asked| asked.policy == *request.id);
                        asked.into_iter().for_each(|asked| asked.stood = now);
                    });
                }
            }
            if task.has_run() && request.is_start_untold(assessed.state) {
                self.tell(now, ABIDE, "start", (None, Some(id)), &json!({"policy": request.id.to_string()}));
                self.use_up(&request, assessed.state, now);
            }
            stands.push(Stands { policy: request.id.clone(), state: assessed.state, why: assessed.why });
        }
        if waits {
            self.withdraw(&task, &requests, now);
        }
        stands
    }

    fn ask(&mut self, task: &Arc<Task>, policy: &SpecId, digest: Digest, now: Timestamp) {
        let key = (task.id.clone(), policy.clone());
        let known = self.agreed.requests.get(&key).copied();
        if known.is_some_and(|(_, before)| before == digest) {
            return;
        }
        self.tell(now, ABIDE, "request", (None, Some(&task.id)), &json!({"policy": policy.to_string()}));
        self.agreed.requests.insert(key, (known.map_or(GateState::Pending, |(state, _)| state), digest));
        let task = self.tasks.get(&task.id).cloned().unwrap_or_else(|| task.clone());
        self.put_on_record(&task, |record| {
            record.asked.retain(|asked| asked.policy != *policy);
            record.asked.push(Asked { policy: policy.clone(), since: now, stood: now, used: None });
        });
    }

    /// The task has started with what the policy asks for.
    fn use_up(&mut self, request: &Request<'_>, state: GateState, at: Timestamp) {
        let Some(task) = self.tasks.get(&request.task.id).cloned() else { return };
        let used = Some(Used { at, started: task.started, state, content: task.content });
        self.put_on_record(&task, |record| match record.asked.iter_mut().find(|asked| asked.policy == *request.id) {
            Some(asked) => asked.used = used,
            None => record.asked.push(Asked { policy: request.id.clone(), since: at, stood: at, used }),
        });
    }

    /// The task is given out, having been weighed.
    pub(super) fn give_out(&mut self, gates: &Gates, id: &TaskId, at: Timestamp) {
        let Some(task) = self.tasks.get(id).cloned() else { return };
        let spent = self.agreed.spent.clone();
        for (request, assessed) in gates.assess(&task, &spent, at) {
            self.tell(at, ABIDE, "start", (None, Some(id)), &json!({"policy": request.id.to_string()}));
            self.use_up(&request, assessed.state, at);
        }
    }

    /// Keeps what a policy sees in a row for the first time.
    fn see(&mut self, request: &Request<'_>, now: Timestamp) {
        let Some(task) = self.tasks.get(&request.task.id).cloned() else { return };
        let seen = |approval: &Approval| Seen {
            policy: request.id.clone(),
            approval: approval.clone(),
            content: request.about(approval),
            version: request.version(),
            at: now,
        };
        let known = |approval: &&Approval| {
            task.record.as_ref().and_then(|record| record.seen_by(request.id, approval)).is_some()
        };
        let new: Vec<Seen> = task.approvals.iter().filter(|it| !known(it)).map(seen).collect();
        if new.is_empty() {
            return;
        }
        for _ in &new {
            self.tell(now, ABIDE, "see", (None, Some(&task.id)), &json!({"policy": request.id.to_string()}));
        }
        self.put_on_record(&task, |record| {
            let is_replaced =
                |seen: &Seen| new.iter().any(|it| it.policy == seen.policy && it.approval.role == seen.approval.role);
            record.seen.retain(|seen| !is_replaced(seen));
            record.seen.extend(new.iter().cloned());
        });
    }

    /// Forgets what was seen in a row and stands there no longer.
    fn unsee(&mut self, task: &Arc<Task>, now: Timestamp) {
        let gone: Vec<Seen> = task.record.iter().flat_map(|record| record.gone(&task.approvals)).cloned().collect();
        for _ in &gone {
            self.tell(now, ABIDE, "see", (None, Some(&task.id)), &json!({"verdict": null}));
        }
        if !gone.is_empty() {
            self.put_on_record(task, |record| record.seen.retain(|seen| !gone.contains(seen)));
        }
    }

    fn withdraw(&mut self, task: &Arc<Task>, requests: &[(SpecId, Digest)], now: Timestamp) {
        let asked: Vec<SpecId> =
            task.record.iter().flat_map(|record| &record.asked).map(|asked| asked.policy.clone()).collect();
        for policy in asked.into_iter().filter(|policy| !requests.iter().any(|(other, _)| other == policy)) {
            self.agreed.requests.remove(&(task.id.clone(), policy.clone()));
            let what = json!({"policy": policy.to_string(), "to": "withdrawn"});
            self.tell(now, ABIDE, "gate", (None, Some(&task.id)), &what);
            let task = self.tasks.get(&task.id).cloned().unwrap_or_else(|| task.clone());
            self.put_on_record(&task, |record| record.asked.retain(|asked| asked.policy != policy));
        }
    }

    /// Why a task may not start in the hands of an agent, if so.
    pub(super) fn closed(&mut self, gates: &Gates, task: &Task, agent: &Arc<str>, now: Timestamp) -> Option<Denial> {
        if gates.requests(task, &self.agreed.spent, now).is_empty() {
            return None;
        }
        if let Some(denial) = self.gone_back(now) {
            return Some(denial);
        }
        let stands = self.weigh_one(gates, &task.id, now);
        let closed = stands.into_iter().find(|stands| !stands.state.is_open());
        let closed = closed.or_else(|| {
            let task = self.tasks.get(&task.id)?;
            let (policy, why) = gates.closed_to(task, agent, &self.agreed.spent, now)?;
            Some(Stands { policy, state: GateState::Pending, why: Some(why) })
        })?;
        Some(queue::gated(task, &closed))
    }

    /// Refuses to complete what waits for a yes.
    pub(super) fn must_not_wait(&self, id: &TaskId) -> Result<(), StoreError> {
        let Some(task) = self.tasks.get(id).filter(|task| task.waits()) else { return Ok(()) };
        let closed = self.agreed.requests.iter().find(|((task, _), (state, _))| task == id && !state.is_open());
        let Some(((_, policy), (state, _))) = closed else { return Ok(()) };
        let stands = Stands { policy: policy.clone(), state: *state, why: None };
        Err(StoreError::Unheard(queue::gated(task, &stands)))
    }

    pub(super) fn entrust(
        &mut self,
        (agent, token, until): (&Arc<str>, &Digest, Option<Timestamp>),
        by: &str,
        now: Timestamp,
    ) -> Applied {
        self.agreed.tokens.insert(*token, Token { agent: agent.clone(), until, is_revoked: false });
        self.tell(now, by, "entrust", (None, None), &json!({"agent": **agent}));
        Applied::Done
    }

    pub(super) fn distrust(&mut self, agent: &Arc<str>, by: &str, now: Timestamp) -> Applied {
        let mut taken = 0;
        for token in self.agreed.tokens.values_mut().filter(|token| token.agent == *agent && !token.is_revoked) {
            token.is_revoked = true;
            taken += 1;
        }
        if taken > 0 {
            self.tell(now, by, "distrust", (None, None), &json!({"agent": **agent, "tokens": taken}));
        }
        Applied::Swept(taken)
    }

    pub(super) fn sight(&mut self, revisions: &[Arc<str>], by: &str, now: Timestamp) -> Applied {
        let mut new: Vec<&str> = Vec::new();
        for revision in revisions {
            self.agreed.sightings.entry(revision.clone()).or_insert_with(|| {
                new.push(revision);
                now
            });
        }
        let count = new.len();
        if count > 0 {
            self.tell(now, by, "sight", (None, None), &json!({"revisions": new}));
        }
        Applied::Swept(count)
    }
}
