//! How the requests about tasks stand, and which tasks they keep from starting.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::Connection;
use serde_json::json;

use super::super::attempt::attempt;
use super::super::command::Desk;
use super::super::fault::{Done, damaged};
use super::super::select;
use super::super::{audit, lease, live};
use super::requests::{self, Stood};
use crate::kinds::approval::{Assessed, Gates, Request};
use crate::model::{ABIDE, Denial, GateState, SpecId, Spent, Task, TaskId, Timestamp};
use crate::store::{Applied, Stands, StoreError, Weighing, queue};

impl Desk<'_, '_> {
    /// Weighs requests anew, and writes down what has changed: each change of a state is a transition.
    pub(in super::super) fn weigh(&mut self, weighing: &Weighing) -> Done<Applied> {
        let Weighing { gates, tasks, spent, fence, .. } = weighing;
        if let Some(epoch) = fence {
            lease::hold_to(self.writer.tx, *epoch)?;
        }
        if let Some(denial) = self.gone_back()? {
            return Err(StoreError::Unheard(denial).into());
        }
        if let Some(spent) = spent {
            self.keep_spent(spent)?;
        }
        let mut ids: BTreeSet<TaskId> = requests::due(self.writer.tx, self.now)?.into_iter().collect();
        match tasks {
            Some(tasks) => {
                for id in tasks {
                    let is_history = attempt(self, |desk| desk.is_history(id, weighing.ended_since))?;
                    ids.extend(is_history.is_ok_and(|is_history| !is_history).then(|| id.clone()));
                }
            }
            None => {
                ids.extend(self.asked_about(gates, weighing.ended_since)?);
                ids.extend(requests::unused(self.writer.tx)?);
                self.keep_gates(gates)?;
            }
        }
        let mut changed = 0;
        for id in ids {
            let before = self.writer.rows;
            // What asks about a row that cannot be read stands as it did: every pass says that the row does not fit.
            drop(attempt(self, |desk| desk.weigh_one(gates, &id))?);
            changed += usize::from(self.writer.rows > before);
        }
        Ok(Applied::Swept(changed))
    }

    /// The tasks that something asks about: the open ones, and those that may have started and ended since.
    fn asked_about(&self, gates: &Gates, since: Timestamp) -> Done<Vec<TaskId>> {
        let spent = self.spent()?;
        let open = select::open(self.writer.tx, self.layout)?.rows;
        let ended = select::ended(self.writer.tx, self.layout, since)?.rows;
        let is_asked = |task: &Task| {
            let requests = gates.requests(task, &spent, self.now);
            requests.iter().any(|request| task.status.is_open() || request.used().is_none())
        };
        let ended = ended.iter().filter(|task| task.ended() >= since);
        Ok(open.iter().chain(ended).filter(|task| is_asked(task)).map(|task| task.id.clone()).collect())
    }

    /// Whether a task ended before then and was never asked about.
    fn is_history(&self, id: &TaskId, since: Timestamp) -> Done<bool> {
        let is_asked_about = |task: &Task| task.record.as_ref().is_some_and(|record| !record.asked.is_empty());
        let row = live::read(self.writer, self.layout, id)?;
        Ok(row.is_some_and(|row| !row.task.status.is_open() && row.task.ended() < since && !is_asked_about(&row.task)))
    }

    /// Weighs the requests about one task anew.
    pub(super) fn weigh_one(&mut self, gates: &Gates, id: &TaskId) -> Done<Vec<Stands>> {
        let Some(row) = live::read(self.writer, self.layout, id)? else {
            for (policy, stood) in requests::of(self.writer.tx, id)? {
                self.take_back(id, &policy, stood.state, "the task is gone")?;
            }
            return Ok(Vec::new());
        };
        let (waits, has_run) = (row.task.waits(), row.task.has_run());
        let spent = self.spent()?;
        let known = requests::of(self.writer.tx, id)?;
        let mut is_new = self.unsee(&row.task)?;
        for request in gates.requests(&row.task, &spent, self.now) {
            is_new |= waits && self.ask(&request, known.get(request.id))?;
            is_new |= self.see(&request)?;
        }
        // Since when something asks is part of what is weighed.
        let row = if is_new { self.row(id)? } else { row };
        let known = if is_new { requests::of(self.writer.tx, id)? } else { known };
        let mut stands = Vec::new();
        for (request, assessed) in gates.assess(&row.task, &spent, self.now) {
            stands.push(Stands { policy: request.id.clone(), state: assessed.state, why: assessed.why.clone() });
            match known.get(request.id) {
                Some(stood) if waits => self.stand(&request, assessed, stood)?,
                stood if has_run => self.start(&request, assessed, stood)?,
                _ => {}
            }
        }
        self.withdraw(id, known, &stands, waits)?;
        let keeps = waits && stands.iter().any(|stands| !stands.state.is_open());
        self.set_gated(id, keeps)?;
        Ok(stands)
    }

    /// Opens a request, where there is none or what it asks has changed. Says whether it did.
    fn ask(&mut self, request: &Request<'_>, known: Option<&Stood>) -> Done<bool> {
        let digest = request.digest();
        if known.is_some_and(|stood| stood.digest == digest) {
            return Ok(false);
        }
        let task = &request.task.id;
        // How it stood before is told by the transition that follows.
        let state = known.map_or(GateState::Pending, |stood| stood.state);
        let stood = Stood { asked: self.now, state, why: None, since: self.now, digest, due: None, used: None };
        let what = json!({
            "task": *task.0, "policy": request.id.to_string(), "digest": format!("sha256:{digest}"), "state": state.word(),
        });
        let touched = audit::number(self.writer, self.now, ABIDE, ("request", &what))?;
        requests::put(self.writer, task, request.id, &stood, touched)?;
        Ok(true)
    }

    /// Keeps how a request stands now, and tells what has changed.
    fn stand(&mut self, request: &Request<'_>, assessed: Assessed, stood: &Stood) -> Done<()> {
        let (task, policy) = (&request.task.id, request.id);
        let due = assessed.turns;
        if stood.used.is_some() {
            requests::unuse(self.writer, task, policy)?;
        }
        if assessed.state == stood.state {
            if due != stood.due {
                requests::set_due(self.writer, task, policy, due)?;
            }
            return Ok(());
        }
        let (from, to) = (stood.state.word(), assessed.state.word());
        // All that the row keeps is told anew, so that one look at the newest transition bears it out.
        let (digest, asked) = (format!("sha256:{}", stood.digest), stood.asked.to_string());
        let what = json!({
            "task": *task.0, "policy": policy.to_string(), "from": from, "to": to, "reason": assessed.why,
            "digest": digest, "asked": asked,
        });
        let touched = audit::number(self.writer, self.now, ABIDE, ("gate", &what))?;
        let next =
            Stood { state: assessed.state, why: assessed.why, since: self.now, due, used: None, ..stood.clone() };
        requests::put(self.writer, task, policy, &next, touched)
    }

    /// Keeps how a request stood when its task started, where it let it: a later change of the policy does not undo that. Where it
    /// did not, rules tell; but that it started is kept where its row does not tell when.
    fn start(&mut self, request: &Request<'_>, assessed: Assessed, stood: Option<&Stood>) -> Done<()> {
        if !request.is_start_untold(assessed.state) {
            return Ok(());
        }
        let (task, digest) = (request.task, request.digest());
        let asked = stood.map_or(self.now, |stood| stood.asked);
        let from = stood.map(|stood| stood.state);
        let next =
            Stood { asked, state: assessed.state, why: assessed.why, since: self.now, digest, due: None, used: None };
        self.has_started(task, request.id, (from, next))
    }

    /// The same where this very transaction gives the task out, having weighed it.
    pub(in super::super) fn give_out(&mut self, gates: &Gates, task: &TaskId) -> Done<()> {
        if gates.is_empty() {
            return Ok(());
        }
        let known = requests::of(self.writer.tx, task)?;
        if known.is_empty() {
            return Ok(());
        }
        // Its start is what a reader finds there: a table may keep whole seconds.
        let task = &self.row(task)?.task;
        for (policy, stood) in known.into_iter().filter(|(_, stood)| stood.state.is_open()) {
            let next = Stood { since: self.now, due: None, ..stood };
            self.has_started(task, &policy, (Some(next.state), next))?;
        }
        Ok(())
    }

    fn has_started(&mut self, task: &Task, policy: &SpecId, (from, next): (Option<GateState>, Stood)) -> Done<()> {
        let (digest, asked) = (format!("sha256:{}", next.digest), next.asked.to_string());
        let what = json!({
            "task": *task.id.0, "policy": policy.to_string(), "from": from.map(GateState::word), "to": next.state.word(),
            "reason": next.why, "digest": digest, "asked": asked, "content": task.content.to_string(),
            "started": task.started.map(|at| at.to_string()),
        });
        let touched = audit::number(self.writer, self.now, ABIDE, ("start", &what))?;
        requests::put(
            self.writer,
            &task.id,
            policy,
            &Stood { used: Some((self.now, task.started, task.content)), ..next },
            touched,
        )
    }

    /// Takes away the requests of what does not ask any more.
    fn withdraw(&mut self, task: &TaskId, known: BTreeMap<SpecId, Stood>, stands: &[Stands], waits: bool) -> Done<()> {
        for (policy, stood) in known {
            let still = stands.iter().any(|stands| stands.policy == policy);
            if !waits && stood.due.is_some() {
                requests::set_due(self.writer, task, &policy, None)?;
            }
            if still || !waits {
                continue;
            }
            self.take_back(task, &policy, stood.state, "nothing asks for it any more")?;
        }
        Ok(())
    }

    fn take_back(&mut self, task: &TaskId, policy: &SpecId, from: GateState, why: &str) -> Done<()> {
        let what = json!({
            "task": *task.0, "policy": policy.to_string(), "from": from.word(), "to": "withdrawn", "reason": why,
        });
        audit::add(self.writer, self.now, ABIDE, "gate", &what)?;
        requests::remove(self.writer, task, policy)
    }

    /// Whether a task may start in the hands of an agent, whose owners agree to nothing that it does. Where it may start in
    /// nobody's, that is written down, so that no claim meets it again before that changes.
    pub(in super::super) fn may_start(
        &mut self,
        gates: &Gates,
        task: &Task,
        agent: &Arc<str>,
    ) -> Done<Result<(), Denial>> {
        // Nothing asks, so there is nothing to look up: each of many claimed tasks comes here.
        if gates.is_empty() {
            return Ok(Ok(()));
        }
        let spent = self.spent()?;
        if gates.requests(task, &spent, self.now).is_empty() {
            return Ok(Ok(()));
        }
        if let Some(denial) = self.gone_back()? {
            return Ok(Err(denial));
        }
        let stands = self.weigh_one(gates, &task.id)?;
        if let Some(closed) = stands.into_iter().find(|stands| !stands.state.is_open()) {
            return Ok(Err(queue::gated(task, &closed)));
        }
        let closed = gates.closed_to(task, agent, &spent, self.now);
        let closed = closed.map(|(policy, why)| Stands { policy, state: GateState::Pending, why: Some(why) });
        Ok(closed.map_or(Ok(()), |closed| Err(queue::gated(task, &closed))))
    }

    /// Refuses to complete what waits for a yes: that would start it too.
    pub(in super::super) fn must_not_wait(&mut self, task: &Task) -> Done<()> {
        if !task.waits() {
            return Ok(());
        }
        let known = requests::of(self.writer.tx, &task.id)?.into_iter();
        let mut closed = known.filter(|(_, stood)| !stood.state.is_open());
        let Some((policy, Stood { state, why, .. })) = closed.next() else { return Ok(()) };
        Err(StoreError::Unheard(queue::gated(task, &Stands { policy, state, why })).into())
    }

    /// Weighs anew what waits, where policies have changed since: what waits for nothing any more can be claimed.
    pub(in super::super) fn catch_up(&mut self, gates: &Gates) -> Done<()> {
        if self.gone_back()?.is_some() {
            return Ok(());
        }
        let digest = gates.digest().to_string();
        let sql = "SELECT gates FROM abide_state";
        let known: Option<String> = self.writer.tx.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        let is_due = || requests::due(self.writer.tx, self.now).map(|due| !due.is_empty());
        let changed = known.as_deref().map_or(!gates.is_empty(), |known| known != digest);
        if !changed {
            if is_due()? {
                let weighing = Weighing {
                    gates: gates.clone(),
                    tasks: Some(Vec::new()),
                    ended_since: self.now,
                    spent: None,
                    fence: None,
                };
                self.weigh(&weighing)?;
            }
            return Ok(());
        }
        let waiting = requests::unused(self.writer.tx)?;
        self.weigh(&Weighing {
            gates: gates.clone(),
            tasks: Some(waiting),
            ended_since: self.now,
            spent: None,
            fence: None,
        })?;
        self.keep_gates(gates)
    }

    fn keep_gates(&mut self, gates: &Gates) -> Done<()> {
        let digest = gates.digest().to_string();
        self.writer.write("UPDATE abide_state SET gates = ?1 WHERE gates IS NOT ?1", [digest])?;
        Ok(())
    }

    fn keep_spent(&mut self, spent: &Spent) -> Done<()> {
        let list = serde_json::Value::from_iter(spent.0.iter().map(|name| name.to_string())).to_string();
        self.writer.write("UPDATE abide_state SET spent = ?1 WHERE spent IS NOT ?1", [list])?;
        Ok(())
    }

    pub(super) fn spent(&self) -> Done<Spent> {
        spent(self.writer.tx)
    }

    /// Marks a task of Abide's own table as waiting for a yes, or as not.
    fn set_gated(&mut self, id: &TaskId, keeps: bool) -> Done<()> {
        if self.layout.mapping.own {
            let gated = keeps.then_some(1);
            let sql = "UPDATE abide_tasks SET gated = ?2 WHERE id = ?1 AND gated IS NOT ?2";
            self.writer.write(sql, (&*id.0, gated))?;
        }
        Ok(())
    }
}

/// What was short of budget when a pass last looked.
pub(in super::super) fn spent(conn: &Connection) -> Done<Spent> {
    let list: Option<String> = conn.prepare_cached("SELECT spent FROM abide_state")?.query_row([], |row| row.get(0))?;
    let Some(list) = list else { return Ok(Spent::default()) };
    let names: Vec<String> =
        serde_json::from_str(&list).map_err(|_| damaged("abide_state.spent holds what cannot be read".to_owned()))?;
    Ok(Spent(names.into_iter().map(Into::into).collect()))
}
