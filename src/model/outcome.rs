//! What came of a plan.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{DriftState, Fingerprint, Held, HoldId, Plan, Step, Subject, TaskId};

/// What a commit did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// The tasks that were inserted.
    pub opened: Vec<(Fingerprint, TaskId)>,
    /// The steps that the live table refused, wholly or in part; all others were carried out.
    pub undone: Vec<Undone>,
    /// How many rows of any table were written.
    pub rows: u64,
    /// The ledger's version now.
    pub ledger: u64,
}

/// What of a step could not be done, since a row of the live table cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// Which step of the plan: its place there.
    pub step: usize,
    /// The task that it corrects, where the step corrects several; else nothing of the step was done.
    pub task: Option<TaskId>,
    /// Why, and how to mend it.
    pub why: String,
}

impl Plan {
    /// The plan as it was carried out: what was not done waits, with the reason.
    pub fn but_for(&self, undone: &[Undone]) -> Self {
        let mut plan = self.clone();
        undone.iter().for_each(|undone| plan.wait(undone));
        plan.held.sort_by(|a, b| a.id.cmp(&b.id));
        for Undone { step, task, .. } in undone {
            plan.steps.get_mut(*step).into_iter().for_each(|step| step.leave_out(task.as_ref()));
        }
        let is_undone = |at: usize| undone.iter().any(|undone| undone.task.is_none() && undone.step == at);
        let mut at = 0..;
        plan.steps.retain_mut(|step| {
            let is_empty = step.action.corrections().is_some_and(|assigns| assigns.is_empty());
            !at.next().is_some_and(is_undone) && !is_empty
        });
        plan
    }

    /// The plan for those who only look: what the live table refused in the last pass is tried again, and waits until it is taken.
    pub fn doubting(&self, refused: &BTreeMap<HoldId, Arc<str>>) -> Self {
        let mut plan = self.clone();
        for (at, step) in self.steps.iter().enumerate() {
            for (id, task) in step.parts() {
                let Some(why) = refused.get(&id) else { continue };
                plan.wait(&Undone { step: at, task, why: why.to_string() });
            }
        }
        plan.held.sort_by(|a, b| a.id.cmp(&b.id));
        plan
    }

    /// What was refused, by the hold under which it waits, and why.
    pub fn refused(&self, undone: &[Undone]) -> BTreeMap<HoldId, Arc<str>> {
        let refused = undone.iter().filter_map(|undone| {
            let step = self.steps.get(undone.step)?;
            Some((step.part(undone.task.as_ref()), undone.why.as_str().into()))
        });
        refused.collect()
    }

    /// Has what was refused wait, and the drifts that it would end.
    fn wait(&mut self, undone: &Undone) {
        let Undone { step: at, task, why } = undone;
        let Some(step) = self.steps.get(*at) else { return };
        let (id, action, fingerprint) = (step.part(task.as_ref()), step.action.word(), &step.remediation.fingerprint);
        let is_meant = |subject: &Subject| task.is_none() || subject.task_id() == *task;
        let refused = self.drifts.iter_mut().filter(|it| it.fingerprint == *fingerprint && is_meant(&it.drift.subject));
        for drift in refused.filter(|drift| drift.state == DriftState::New) {
            (drift.state, drift.reason) = (DriftState::Held, Some(why.clone()));
        }
        let (fingerprint, reason) = (Some(fingerprint.clone()), why.clone());
        self.held.push(Held { id, action, fingerprint, reason, needs_person: false });
    }
}

impl Step {
    /// The holds under which it waits where the live table refuses it: one for each task that it corrects.
    fn parts(&self) -> Vec<(HoldId, Option<TaskId>)> {
        let Some(assigns) = self.action.corrected() else { return vec![(self.part(None), None)] };
        let tasks = assigns.iter().map(|assign| Some(assign.task.clone()));
        tasks.map(|task| (self.part(task.as_ref()), task)).collect()
    }

    fn part(&self, task: Option<&TaskId>) -> HoldId {
        task.map_or_else(|| self.hold(), |task| HoldId::of_correction(&self.remediation.fingerprint, task))
    }

    /// Takes a task out of those that it corrects.
    fn leave_out(&mut self, task: Option<&TaskId>) {
        let Some((task, assigns)) = task.zip(self.action.corrections()) else { return };
        assigns.retain(|assign| assign.task != *task);
        let subject = Subject::task(task);
        self.remediation.subjects.remove(&subject);
        self.remediation.drifts.retain(|drift| drift.subject != subject);
    }
}
