//! Verdicts and ledger to plan. Pure: the same inputs give the same plan, byte for byte.
//!
//! A plan says what happens to every drift (a step, already open, waived, or held with a reason) and to every open task
//! (it stays, or closes on positive evidence). What cannot be told neither opens nor closes anything. Its cost is that of
//! the drifts and the ledger, whatever the number of specs.

mod decide;
mod draft;
mod due;
mod enforce;
mod facts;
mod group;
mod limit;
mod rename;
mod retry;
mod settle;
mod specs;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{
    Action, Basis, Drift, DriftState, Fingerprint, Held, Ledger, Plan, Policy, Reported, Revision, SpecId, Step,
    Subject, Timestamp, Unknown, Verdicts,
};

pub use due::due;
pub use facts::{OnDrift, Presence, SpecFacts, Waiver};
pub use group::Waivers;
pub use specs::waivers;

use decide::Fate;
use group::Groups;
use limit::{Limit, order};
use rename::Names;

/// What a plan is made from.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The state of the specs.
    pub revision: &'a Revision,
    /// How many specs that is.
    pub spec_count: usize,
    /// The verdict on every case that the specs ask about; a case that is missing is not asked about any more.
    pub verdicts: &'a Verdicts,
    /// What Abide knows of its tasks.
    pub ledger: &'a Ledger,
    /// The specs that git renamed since the accepted revision: the old name by the new one.
    pub renamed: &'a BTreeMap<SpecId, SpecId>,
    /// Drift that is accepted, in the order of the specs.
    pub waivers: &'a [Waiver],
    /// Look-ups in the specs.
    pub specs: &'a dyn SpecFacts,
}

/// Decides what a pass does.
pub fn plan(input: &Input<'_>, policy: &Policy, now: Timestamp) -> Plan {
    let names = Names::new(input.ledger, input.renamed, input.specs);
    let mut room = policy.correct_per_pass;
    let groups = Groups::new(input.verdicts, &Waivers::new(input.waivers, now));
    let pass = Pass { input, policy, names, now };
    let mut draft = Draft::default();
    for group in groups.worst_first() {
        draft.take(&group.fingerprint, pass.decide(group, &mut room));
    }
    let settled = pass.names.open().filter(|known| !groups.tasks.contains_key(&known.fingerprint));
    draft.steps.extend(settled.filter_map(|known| pass.settle(&known)));
    draft.limit(input.ledger, policy);
    draft.into_plan(&pass, &groups)
}

/// One run of the planner.
struct Pass<'a> {
    input: &'a Input<'a>,
    policy: &'a Policy,
    names: Names<'a>,
    now: Timestamp,
}

/// A plan in the making.
#[derive(Default)]
struct Draft {
    steps: Vec<Step>,
    opening: Vec<Step>,
    held: Vec<Held>,
    states: BTreeMap<Fingerprint, (DriftState, Option<String>)>,
    corrected: BTreeMap<(Fingerprint, Subject), (DriftState, String)>,
    fights: BTreeMap<(Fingerprint, Subject), Arc<Drift>>,
}

impl Draft {
    fn take(&mut self, fingerprint: &Fingerprint, fate: Fate) {
        self.steps.extend(fate.steps);
        self.opening.extend(fate.opening);
        self.held.extend(fate.held);
        self.states.insert(fingerprint.clone(), (fate.state, fate.reason));
        self.corrected.extend(fate.corrected.into_iter().map(|(of, state)| ((fingerprint.clone(), of), state)));
        self.fights.extend(fate.fights.into_iter().map(|(of, drift)| ((fingerprint.clone(), of), drift)));
    }

    /// Holds back what goes beyond the limits of a pass.
    fn limit(&mut self, ledger: &Ledger, policy: &Policy) {
        let opening = std::mem::take(&mut self.opening);
        let opens = limit::apply(opening, Limit::Opening(policy.open_per_pass), ledger);
        self.steps.extend(opens.go);
        for (held, step) in opens.held {
            self.states.insert(step.remediation.fingerprint, (DriftState::Held, Some(held.reason.clone())));
            self.held.push(held);
        }
        let is_close = |step: &Step| matches!(step.action, Action::Close(_));
        let (closing, others) = std::mem::take(&mut self.steps).into_iter().partition(is_close);
        let closes = limit::apply(closing, Limit::Closing(ledger.open().count()), ledger);
        self.steps = others;
        self.steps.extend(closes.go);
        for (held, step) in closes.held {
            // The new name is told only once, so it must not wait with the rest.
            let renamed = step.remediation.renamed_from.is_some();
            self.steps.extend(renamed.then_some(Step { action: Action::Update, ..step }));
            self.held.push(held);
        }
    }

    fn into_plan(mut self, pass: &Pass<'_>, groups: &Groups<'_>) -> Plan {
        let Input { revision, spec_count, verdicts, ledger, .. } = *pass.input;
        self.steps.sort_by(|a, b| rank(&a.action).cmp(&rank(&b.action)).then_with(|| order(a).cmp(&order(b))));
        self.held.sort_by(|a, b| a.id.cmp(&b.id));
        let unknown = verdicts.unknown().map(|(case, subject, why)| Unknown {
            case: case.clone(),
            subject: subject.cloned(),
            why: why.clone(),
        });
        Plan {
            basis: Basis { revision: revision.clone(), specs: spec_count, ledger: ledger.version },
            at: pass.now,
            unknown: unknown.collect(),
            drifts: groups.drifts.iter().filter_map(|(drift, of)| self.report(drift, of, groups)).collect(),
            forgotten: pass.forgotten(&self.steps),
            steps: self.steps,
            held: self.held,
        }
    }

    /// A drift that is accepted by itself is waived whatever becomes of the rest of its group, and one that is corrected, now
    /// or once a person says so, needs no task.
    fn report(&self, drift: &Arc<Drift>, fingerprint: &Fingerprint, groups: &Groups<'_>) -> Option<Reported> {
        let accepted = groups.tasks.get(fingerprint)?.waived.get(&drift.subject);
        let of = (fingerprint.clone(), drift.subject.clone());
        let (state, reason) = match (accepted, self.corrected.get(&of)) {
            (Some(reason), _) => (DriftState::Waived, Some(reason.clone())),
            (None, Some((state, reason))) => (*state, Some(reason.clone())),
            (None, None) => self.states.get(fingerprint)?.clone(),
        };
        let drift = self.fights.get(&of).unwrap_or(drift).clone();
        Some(Reported { drift, fingerprint: fingerprint.clone(), state, reason })
    }
}

/// Rows are freed before they are needed: closes first.
const fn rank(action: &Action) -> u8 {
    match action {
        Action::Close(_) => 0,
        Action::Update => 1,
        Action::Reopen { .. } => 2,
        Action::Open => 3,
        Action::Assign(_) => 4,
    }
}
