//! What came of a plan.

use super::{DriftState, Fingerprint, Held, HoldId, Plan, TaskId};

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
    /// Whether nothing of the step was done.
    pub is_whole: bool,
    /// Why, and how to mend it.
    pub why: String,
}

impl Plan {
    /// The plan as it was carried out: what was not done waits, with the reason.
    pub fn but_for(&self, undone: &[Undone]) -> Self {
        let mut plan = self.clone();
        for Undone { step, is_whole, why } in undone {
            let Some(step) = self.steps.get(*step) else { continue };
            let (action, fingerprint) = (step.action.word(), step.remediation.fingerprint.clone());
            let refused = plan.drifts.iter_mut().filter(|drift| *is_whole && drift.fingerprint == fingerprint);
            for drift in refused.filter(|drift| drift.state == DriftState::New) {
                (drift.state, drift.reason) = (DriftState::Held, Some(why.clone()));
            }
            let id = HoldId::of(action, &fingerprint);
            let (fingerprint, reason) = (Some(fingerprint), why.clone());
            plan.held.push(Held { id, action, fingerprint, reason, needs_person: false });
        }
        let is_undone = |at: usize| undone.iter().any(|undone| undone.is_whole && undone.step == at);
        let steps = self.steps.iter().enumerate().filter(|(at, _)| !is_undone(*at));
        plan.steps = steps.map(|(_, step)| step.clone()).collect();
        plan
    }
}
