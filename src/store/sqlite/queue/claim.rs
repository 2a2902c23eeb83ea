//! Taking the best tasks for a worker, each under a lease.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::Value;
use serde_json::json;

use super::super::attempt::attempt;
use super::super::audit;
use super::super::command::Desk;
use super::super::fault::Done;
use super::super::live::{self, Row};
use super::super::lookup;
use super::super::row::text_of;
use super::super::select;
use super::lease::{self, Before, Taking};
use super::{mapped, own};
use crate::config::Field;
use crate::model::{Duty, Fit, SpecId, Task, TaskId, TaskStatus, Worker};
use crate::store::queue;
use crate::store::{Applied, Claim, Claimed, Full, Listed, Refusal, StoreError, Taken};

/// So many rows are passed over in one claim: a table that refuses them all is not tried for ever.
const PASSED: usize = 10_000;

/// Who looks for work, as of when.
pub(super) struct Seeker<'c> {
    pub(super) worker: &'c Worker,
    pub(super) claim: &'c Claim,
    pub(super) room: Room,
    /// The tasks that were passed over, since they wait for somebody's yes.
    pub(super) passed: BTreeSet<TaskId>,
}

/// How many more tasks of each assignment may be taken.
#[derive(Default)]
pub(super) struct Room(BTreeMap<SpecId, u32>);

impl Room {
    /// Counts what is held already. Without limits nothing is counted.
    fn count(conn: &Connection, claim: &Claim) -> Done<Self> {
        let mut room = BTreeMap::new();
        for duty in claim.duties.limited() {
            let agent = &*claim.worker.name;
            let left = |limit: Option<u32>, agent: Option<&str>| -> Done<Option<u32>> {
                let Some(limit) = limit else { return Ok(None) };
                Ok(Some(limit - lease::held_for(conn, &duty.spec, agent, limit)?))
            };
            let left = [left(duty.max, None)?, left(duty.per_agent, Some(agent))?].into_iter().flatten().min();
            room.extend(left.map(|left| (duty.spec.clone(), left)));
        }
        Ok(Self(room))
    }

    pub(super) fn has(&self, duty: Option<&Duty>) -> bool {
        duty.and_then(|duty| self.0.get(&duty.spec)).is_none_or(|left| *left > 0)
    }

    fn take(&mut self, duty: Option<&Duty>) -> bool {
        match duty.and_then(|duty| self.0.get_mut(&duty.spec)) {
            None => true,
            Some(left) => {
                let has = *left > 0;
                *left = left.saturating_sub(1);
                has
            }
        }
    }
}

impl Desk<'_, '_> {
    pub(in super::super) fn claim(&mut self, claim: &Claim) -> Done<Applied> {
        let mut taken = Taken { stuck: self.sweep()?.stuck, ..Taken::default() };
        let worker = &claim.worker;
        self.must_be_ready(&worker.name)?;
        // Whoever asks for work is there.
        self.notice(&worker.name, &worker.instance, worker.dead_after)?;
        let most = match self.most(claim)? {
            Ok(most) => most,
            Err(full) => return Ok(Applied::Claimed(queue::full(claim, full, taken)?)),
        };
        let away = self.away(claim.worker.stands_in.iter())?.into_iter().collect();
        let worker = Worker { stands_in: away, ..claim.worker.clone() };
        self.catch_up(&claim.gates)?;
        let room = Room::count(self.writer.tx, claim)?;
        let mut seeker = Seeker { worker: &worker, claim, room, passed: BTreeSet::new() };
        if let Some(task) = &claim.task {
            let row = self.wanted(task, &seeker)?;
            taken.claimed.extend(self.take(row, &mut seeker)?);
        } else if self.layout.mapping.own {
            self.claim_own(&mut seeker, most, &mut taken)?;
        } else {
            self.claim_mapped(&mut seeker, most, &mut taken)?;
        }
        Ok(Applied::Claimed(taken))
    }

    fn claim_own(&mut self, seeker: &mut Seeker<'_>, most: usize, taken: &mut Taken) -> Done<()> {
        loop {
            let left = most - taken.claimed.len();
            let candidates = own::pick(self, seeker, left)?;
            let is_all = candidates.len() < left;
            let ids = candidates.iter().map(|candidate| &*candidate.id().0);
            for row in select::by_ids(self.writer.tx, self.layout, ids)? {
                taken.claimed.extend(self.take(row, seeker)?);
            }
            // What waits for a yes or has no room any more was passed over, and what stood behind it comes to light.
            if is_all || taken.claimed.len() == most {
                return Ok(());
            }
        }
    }

    /// Passes over what the team's table refuses.
    fn claim_mapped(&mut self, seeker: &mut Seeker<'_>, most: usize, taken: &mut Taken) -> Done<()> {
        let (candidates, unread) = mapped::pick(self, seeker)?;
        taken.refused.extend(unread);
        let mut passed = 0;
        for candidate in candidates {
            if taken.claimed.len() == most {
                break;
            }
            if passed == PASSED {
                let why = format!("{PASSED} tasks were refused before it, so it was not tried");
                taken.refused.insert(0, Refusal { task: candidate.id().clone(), why });
                break;
            }
            match attempt(self, |desk| desk.row(candidate.id()).and_then(|row| desk.take(row, seeker)))? {
                Ok(claimed) => taken.claimed.extend(claimed),
                Err(error) => {
                    passed += 1;
                    taken.refused.push(Refusal { task: candidate.id().clone(), why: error.to_string() });
                    seeker.room = Room::count(self.writer.tx, seeker.claim)?;
                }
            }
        }
        Ok(())
    }

    /// How many tasks the worker may take, unless it holds as many as it may.
    fn most(&self, claim: &Claim) -> Done<Result<usize, Full>> {
        let Some(most) = claim.worker.most else { return Ok(Ok(claim.most)) };
        let held = lease::held_by(self.writer.tx, &claim.worker.name)?;
        Ok(if held < most { Ok(claim.most.min((most - held) as usize)) } else { Err(Full { held, most }) })
    }

    /// The one task that is asked for, which must be claimable.
    fn wanted(&self, id: &TaskId, seeker: &Seeker<'_>) -> Done<Listed> {
        let row = self.row(id)?;
        let holder = lease::of(self.writer.tx, id)?;
        let task = &row.task;
        if task.status != TaskStatus::Pending {
            let by = holder.map(|lease| format!(" by {} until {}", lease.agent, lease.until)).unwrap_or_default();
            return Err(StoreError::Stale(format!("task {id} is {}{by}, so it cannot be claimed", task.status)).into());
        }
        if let Some(other) = mapped::unmet(self, &row.needs)? {
            return Err(
                StoreError::Stale(format!("task {id} waits for task {other}, so it cannot be claimed yet")).into()
            );
        }
        let details = &row.details;
        if let Some(at) = details.not_before.filter(|at| *at > self.now) {
            return Err(StoreError::Stale(format!("task {id} rests until {at}, so it cannot be claimed yet")).into());
        }
        let (fit, duty) = queue::fit(seeker.worker, &seeker.claim.duties, (task, &details.demand), self.now);
        if fit == Fit::Unfit {
            let what = queue::unfit(seeker.worker, &seeker.claim.worker, duty, (task, &details.demand));
            return Err(StoreError::Denied(what).into());
        }
        if let Some(duty) = duty.filter(|_| !seeker.room.has(duty)) {
            let what = format!("{} lets no more of its tasks run at once", duty.spec);
            return Err(StoreError::Stale(what).into());
        }
        Ok(row)
    }

    /// The task as it is once it is taken, as far as the table tells.
    fn running(&self, task: &Task, worker: &Worker) -> Task {
        let tells = |field| self.layout.mapping.column(field).is_some();
        let at = |field, before| if tells(field) { Some(self.now) } else { before };
        Task {
            status: TaskStatus::Running,
            agent: if tells(Field::Agent) { Some(worker.name.clone()) } else { task.agent.clone() },
            claimed: at(Field::Claimed, task.claimed),
            started: at(Field::Started, task.started),
            ..task.clone()
        }
    }

    /// How the row of a team's table is written now.
    fn before(&self, task: &Task) -> Done<Before> {
        if self.layout.mapping.own {
            return Ok(Before::NOTHING);
        }
        let raw = |wanted| lookup::raw(self.writer.tx, self.layout, &task.id, wanted);
        let word = raw(lookup::spelled(self.layout.mapping, Field::Status))?;
        let nobody = match task.agent {
            Some(_) => Value::Null,
            None => raw(lookup::held(self.layout.mapping, Field::Agent))?,
        };
        Ok(Before { word: text_of((&word).into()), nobody })
    }

    /// Takes a task, unless its assignment has no room for it any more.
    fn take(&mut self, row: Listed, seeker: &mut Seeker<'_>) -> Done<Option<Claimed>> {
        let claim = seeker.claim;
        if let Err(denial) = self.may_start(&claim.gates, &row.task, &seeker.worker.name)? {
            seeker.passed.insert(row.task.id.clone());
            return if claim.task.is_some() { Err(StoreError::Unheard(denial).into()) } else { Ok(None) };
        }
        let duty = claim.duties.of(&row.task, self.now);
        if !seeker.room.take(duty) {
            return Ok(None);
        }
        let id = &row.task.id;
        let worker = seeker.worker;
        let taking = Taking {
            task: id,
            worker,
            duty: duty.map(|duty| &duty.spec),
            kept_for: row.task.agent.as_deref(),
            before: &self.before(&row.task)?,
            length: claim.length,
        };
        // What waits is held by nobody: where a lease is left, its own software has taken it from whoever held it.
        let lease = lease::take(self.writer, &taking, self.now)?;
        let mut running = Row::new(self.layout);
        running.set_status(TaskStatus::Running)?;
        running.set(Field::Agent, worker.name.to_string());
        running.set_time(Field::Claimed, Some(self.now));
        running.set_time(Field::Started, Some(self.now));
        running.update(self.writer, id, &live::live(&row.task), self.now)?;
        let instance = (!worker.instance.is_empty()).then_some(&*worker.instance);
        let what = json!({
            "task": *id.0,
            "token": lease.token.0,
            "agent": *worker.name,
            "instance": instance,
            "until": lease.until.to_string(),
        });
        audit::add(self.writer, self.now, self.by, "claim", &what)?;
        let task = Arc::new(self.running(&row.task, worker));
        self.give_out(&claim.gates, id)?;
        let listed = Listed { task, lease: Some(lease.clone()), ..row };
        Ok(Some(Claimed { listed, lease }))
    }
}
