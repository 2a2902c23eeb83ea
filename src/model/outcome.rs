//! What came of a plan.

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
        for Undone { step: at, task, why } in undone {
            let Some(step) = self.steps.get(*at) else { continue };
            let (action, fingerprint) = (step.action.word(), &step.remediation.fingerprint);
            let is_meant = |subject: &Subject| task.is_none() || subject.task_id() == *task;
            let refused =
                plan.drifts.iter_mut().filter(|it| it.fingerprint == *fingerprint && is_meant(&it.drift.subject));
            for drift in refused.filter(|drift| drift.state == DriftState::New) {
                (drift.state, drift.reason) = (DriftState::Held, Some(why.clone()));
            }
            if let Some(step) = plan.steps.get_mut(*at) {
                step.leave_out(task.as_ref());
            }
            let (id, fingerprint, reason) = (HoldId::of(action, fingerprint), Some(fingerprint.clone()), why.clone());
            plan.held.push(Held { id, action, fingerprint, reason, needs_person: false });
        }
        let is_undone = |at: usize| undone.iter().any(|undone| undone.task.is_none() && undone.step == at);
        let mut at = 0..;
        plan.steps.retain_mut(|step| {
            let is_empty = step.action.corrections().is_some_and(|assigns| assigns.is_empty());
            !at.next().is_some_and(is_undone) && !is_empty
        });
        plan
    }
}

impl Step {
    /// Takes a task out of those that it corrects.
    fn leave_out(&mut self, task: Option<&TaskId>) {
        let Some((task, assigns)) = task.zip(self.action.corrections()) else { return };
        assigns.retain(|assign| assign.task != *task);
        let subject = Subject::task(task);
        self.remediation.subjects.remove(&subject);
        self.remediation.drifts.retain(|drift| drift.subject != subject);
    }
}
