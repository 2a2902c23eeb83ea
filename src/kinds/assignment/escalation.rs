//! Who gets the remediation task of a missed limit when that takes longer.

use super::Escalation;
use crate::diagnostic::{Problem, codes};
use crate::model::{Drift, Duration, SpecId, Timestamp};

/// A step that was reached: to whom, and why.
struct Reached {
    to: SpecId,
    why: String,
}

/// How far a chain has come.
pub(super) struct Chain {
    reached: Option<Reached>,
    /// When time alone reaches its next step.
    pub(super) next: Option<Timestamp>,
}

impl Chain {
    /// Where it is now, counted from a missed limit. The last step that was reached wins; at its moment a step is not
    /// reached yet, as a limit is not missed yet.
    pub(super) fn at(steps: &[Escalation], missed: Timestamp, now: Timestamp) -> Self {
        let begins = |step: &Escalation| missed.plus(*step.after).plus(Duration::from_millis(1));
        let reached = steps.iter().rfind(|step| begins(step) <= now).and_then(|step| {
            let (after, at) = (*step.after, missed.plus(*step.after));
            let to = step.to.id(None)?;
            let why = format!("escalated to {to} at {at}, {after} after the limit was missed at {missed}");
            Some(Reached { to, why })
        });
        Self { reached, next: steps.iter().map(begins).filter(|&at| at > now).min() }
    }

    /// Gives the drift to whom the chain has come to, and says so.
    pub(super) fn take(self, drift: &mut Drift) {
        let Some(Reached { to, why }) = self.reached else { return };
        drift.evidence.answer = format!("{}; {why}", drift.evidence.answer);
        drift.owner = Some(to);
    }
}

/// Every step must come later than the one before it.
pub(super) fn check(steps: &[Escalation], problems: &mut Vec<Problem>) {
    for (before, step) in steps.iter().zip(steps.iter().skip(1)).filter(|(before, step)| *step.after <= *before.after) {
        let message = format!("this step comes after {}, and the one before it after {}", *step.after, *before.after);
        let problem = Problem::new(&codes::SPEC_VALUE, step.after.span, message);
        problems.push(problem.help("steps are counted from the missed limit, each later than the one before it"));
    }
}
