//! Carrying a plan out: every step is checked before the first is written.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{State, StoreError, Write};
use crate::model::{
    ABIDE, Action, Content, Epoch, Kind, Outcome, Plan, Record, RecordState, Remediation, SpecId, Step, Task, TaskId,
    TaskStatus, Timestamp,
};

impl State {
    pub(super) fn commit(&mut self, plan: &Plan, fence: Epoch) -> Result<Outcome, StoreError> {
        if self.lease.is_none() || fence.0 != self.epoch {
            return Err(StoreError::Fenced { ours: fence.0, current: self.epoch });
        }
        if plan.basis.ledger != self.ledger.version {
            let (was, is) = (plan.basis.ledger, self.ledger.version);
            return Err(StoreError::Stale(format!("the ledger was at {was} and is at {is}")));
        }
        plan.steps.iter().try_for_each(|step| self.check(step))?;

        let (mut outcome, writes) = (Outcome::default(), self.writes.len());
        let by = format!("{ABIDE} {}", fence.0);
        for step in &plan.steps {
            self.carry_out(step, plan.at, &mut outcome);
            let of = (Some(&step.remediation.fingerprint), step.remediation.task.as_ref());
            self.log(plan.at, &by, step.action.word(), of);
        }
        let moved = self.sync(plan) + self.forget(plan, &by);
        outcome.rows += moved + (self.writes.len() - writes) as u64;
        if outcome.rows > 0 {
            self.ledger.version += 1;
            self.writes.push(Write::Ledger);
        }
        outcome.ledger = self.ledger.version;
        Ok(outcome)
    }

    /// Whether everything that the step read is still as it was.
    fn check(&self, step: &Step) -> Result<(), StoreError> {
        let r = &step.remediation;
        let stale = |what: &str| Err(StoreError::Stale(format!("{what} of {} has changed", r.fingerprint)));
        if let Action::Assign(tasks) = &step.action {
            return tasks.iter().try_for_each(|assign| self.check_field(assign));
        }
        let record = self.ledger.records.get(r.renamed_from.as_ref().unwrap_or(&r.fingerprint));
        if record.map(|record| record.version) != r.version {
            return stale("the record");
        }
        if record.and_then(|record| self.live(record)) != r.live {
            return stale("the task");
        }
        Ok(())
    }

    fn carry_out(&mut self, step: &Step, at: Timestamp, outcome: &mut Outcome) {
        let r = &step.remediation;
        match &step.action {
            Action::Assign(tasks) => outcome.rows += tasks.iter().map(|assign| self.assign(assign, at)).sum::<u64>(),
            Action::Open => {
                let id = self.new_id();
                self.write(row(id.clone(), r, at));
                self.record(r, id.clone(), RecordState::Open, at, outcome);
                outcome.opened.push((r.fingerprint.clone(), id));
            }
            Action::Update => self.change(r, RecordState::Open, at, outcome, |_| {}),
            Action::Reopen { .. } => {
                r.task.iter().for_each(|task| self.let_loose(task));
                self.change(r, RecordState::Open, at, outcome, |task| {
                    task.agent = holder(r.owner.as_ref()).1;
                    task.status = TaskStatus::Pending;
                    (task.claimed, task.started, task.finished) = (None, None, None);
                });
            }
            Action::Close(reason) => {
                let state = RecordState::Closed { reason: *reason, at };
                self.change(r, state, at, outcome, |task| end(task, at));
                if let Some(task) = &r.task {
                    self.let_loose(task);
                    self.unblock(task, at);
                }
            }
        }
    }

    /// Changes the row of a task, where there is one and anything differs, and its record.
    fn change(
        &mut self,
        r: &Remediation,
        state: RecordState,
        at: Timestamp,
        outcome: &mut Outcome,
        with: impl FnOnce(&mut Task),
    ) {
        let Some(id) = &r.task else { return };
        if let Some(before) = self.tasks.get(id).cloned() {
            let mut after = Task::clone(&before);
            self.restate(&mut after, r);
            with(&mut after);
            if after != *before {
                self.write(after);
            }
        }
        self.record(r, id.clone(), state, at, outcome);
    }

    /// Says anew what a task is about. Owner and severity are written only where they have become other ones: what
    /// people set by hand stays.
    fn restate(&self, task: &mut Task, r: &Remediation) {
        let before = self.ledger.records.get(r.renamed_from.as_ref().unwrap_or(&r.fingerprint));
        if before.is_none_or(|before| before.owner != r.owner) {
            let (role, agent) = holder(r.owner.as_ref());
            task.role = role;
            // Whom it was given to before has it no longer, unless the work has begun; whoever else took it keeps it.
            let was = holder(before.and_then(|before| before.owner.as_ref())).1;
            let keeps = |holder: &Arc<str>| task.status == TaskStatus::Running || was.as_ref() != Some(holder);
            task.agent = agent.or_else(|| task.agent.clone().filter(keeps));
        }
        if before.is_none_or(|before| before.severity != r.severity) {
            task.severity = r.severity;
        }
    }

    fn record(&mut self, r: &Remediation, task: TaskId, state: RecordState, at: Timestamp, outcome: &mut Outcome) {
        let before = self.ledger.records.remove(r.renamed_from.as_ref().unwrap_or(&r.fingerprint));
        let version = before.as_ref().map_or(0, |before| before.version) + 1;
        let record = Record {
            fingerprint: r.fingerprint.clone(),
            case: r.case.clone(),
            subject: r.subject.clone(),
            subjects: r.subjects.clone(),
            code: r.code,
            severity: r.severity,
            owner: r.owner.clone(),
            title: r.title.clone(),
            file: r.file.clone(),
            spec_digest: r.spec_digest,
            state,
            opened: r.opened,
            flaps: r.flaps,
            attempts: r.attempts,
            touched: at,
            wont_fix: before.and_then(|before| before.wont_fix),
            task,
            live: None,
            version,
        };
        self.ledger.records.insert(r.fingerprint.clone(), record);
        outcome.rows += 1;
    }

    /// Holds are those of the last plan, with a person's release kept; gives how many rows that moved.
    fn sync(&mut self, plan: &Plan) -> u64 {
        let holds = &mut self.ledger.holds;
        let now = plan.holds(holds);
        let gone = holds.keys().filter(|id| !now.contains_key(*id)).count();
        let new = now.keys().filter(|id| !holds.contains_key(*id)).count();
        *holds = now;
        let accepted = Some((plan.basis.revision.clone(), plan.basis.specs));
        let moved = self.ledger.accepted != accepted;
        self.ledger.accepted = accepted;
        (gone + new) as u64 + u64::from(moved)
    }
}

/// A new row.
fn row(id: TaskId, r: &Remediation, at: Timestamp) -> Task {
    let (role, agent) = holder(r.owner.as_ref());
    Task {
        id,
        kind: format!("{ABIDE}/{}", r.case.rule).into(),
        title: r.title.clone(),
        role,
        agent,
        author: Some(ABIDE.into()),
        status: TaskStatus::Pending,
        severity: r.severity,
        labels: BTreeMap::new(),
        created: at,
        claimed: None,
        started: None,
        finished: None,
        approvals: Vec::new(),
        record: None,
        content: Content::titled(r.fingerprint.as_str()),
        own: true,
    }
}

/// Ends a task. One that has ended already keeps how it did: a claim that was verified, or a failure that did not matter.
const fn end(task: &mut Task, at: Timestamp) {
    if task.status.is_open() {
        task.finished = Some(at);
        task.status = TaskStatus::Completed;
    }
}

/// The role and the agent that an owner stands for.
fn holder(owner: Option<&SpecId>) -> (Option<Arc<str>>, Option<Arc<str>>) {
    let name = owner.map(|owner| Arc::from(owner.name.as_str()));
    if owner.is_some_and(|owner| owner.kind == Kind::Agent) { (None, name) } else { (name, None) }
}
