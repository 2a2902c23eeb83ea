//! One round of ask, judge and plan.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::State;
use super::specs::Looked;
use crate::catalog::{Catalog, Keys};
use crate::diagnostic::Diagnostic;
use crate::evidence::Evidence;
use crate::model::{
    Answers, Basis, CaseId, Held, HoldId, Ledger, NoAnswer, Outcome, Plan, Policy, Question, QuestionSet, Sample,
    Timestamp, Verdicts,
};
use crate::plan::{Input, plan, waivers};
use crate::store::StoreError;

/// A pass: what it looked at, what it would do, and what it did.
#[derive(Debug, Clone)]
pub struct Pass {
    /// The specs.
    pub catalog: Arc<Catalog>,
    /// What was said of them.
    pub diagnostics: Arc<Vec<Diagnostic>>,
    /// The verdict on every case.
    pub verdicts: Arc<Verdicts>,
    /// What the world said, where the pass asked everything anew; a daemon keeps its answers to itself.
    pub answers: Option<Arc<Answers>>,
    /// The figures of service levels that it judged by.
    pub samples: Arc<Vec<Sample>>,
    /// The ledger as it was before.
    pub ledger: Arc<Ledger>,
    /// What to do.
    pub plan: Arc<Plan>,
    /// What was done; nothing where it was only planned.
    pub outcome: Option<Outcome>,
    /// What of the live table does not fit its mapping, so that all that asks for tasks is unknown. A daemon says so in its log.
    pub misfit: Option<StoreError>,
}

impl Pass {
    /// Why steps, or parts of them, could not be carried out.
    pub fn undone(&self) -> impl Iterator<Item = &str> {
        self.outcome.iter().flat_map(|outcome| &outcome.undone).map(|undone| undone.why.as_str())
    }
}

/// What a pass must look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Everything, asking everything again.
    Everything,
    /// Everything, asking only what was never asked and these questions: the specs changed.
    Specs {
        /// The questions whose answer may be another.
        again: Vec<Arc<Question>>,
    },
    /// These cases, asking these questions again.
    Cases {
        /// The cases.
        cases: BTreeSet<CaseId>,
        /// The questions whose answer may be another.
        again: Vec<Arc<Question>>,
    },
}

/// Asks and judges what is wanted, keeping everything else as the state has it, and plans from all verdicts.
pub(super) async fn pass(
    state: &mut State,
    looked: &Looked,
    (ledger, policy): (Ledger, &Policy),
    evidence: &dyn Evidence,
    (wanted, now): (Wanted, Timestamp),
) -> Pass {
    let catalog = &looked.catalog;
    let plan = match doubtful(looked, &ledger, now) {
        Some(plan) => plan,
        None => {
            let keys = match &wanted {
                Wanted::Everything | Wanted::Specs { .. } => Keys::all(&ledger),
                Wanted::Cases { cases, .. } => Keys::only(cases.clone(), &ledger),
            };
            state.collect(catalog, &keys, policy);
            let questions = state.unasked(&wanted, &keys);
            let mut answers = evidence.ask(&questions, &looked.code_at(), now).await;
            if !policy.tells.finish {
                without_finishes(&questions, &mut answers, now);
            }
            state.take(answers);
            state.judge(catalog, &keys, policy, now);
            make(catalog, &state.verdicts, &ledger, policy, now)
        }
    };
    Pass {
        catalog: catalog.clone(),
        diagnostics: looked.diagnostics.clone(),
        verdicts: state.verdicts.clone(),
        answers: None,
        samples: Arc::new(std::mem::take(&mut state.samples)),
        ledger: Arc::new(ledger),
        plan: Arc::new(plan),
        outcome: None,
        misfit: None,
    }
}

/// A table that does not tell when a task ended has no events: that it gives none says nothing.
fn without_finishes(questions: &QuestionSet, answers: &mut Answers, now: Timestamp) {
    let reason: Arc<str> = "abide.toml names no column for when a task finished: [tasks.columns] finished".into();
    for question in questions.iter().filter(|question| matches!(***question, Question::Events(_))) {
        answers.put(question.clone(), Err(NoAnswer { reason: reason.clone(), since: now }));
    }
}

/// The plan that follows from verdicts.
pub(super) fn make(catalog: &Catalog, verdicts: &Verdicts, ledger: &Ledger, policy: &Policy, now: Timestamp) -> Plan {
    let waivers = waivers(catalog);
    let input = Input {
        revision: &catalog.revision,
        spec_count: catalog.len(),
        verdicts,
        ledger,
        renamed: &catalog.renamed,
        waivers: &waivers,
        specs: catalog,
    };
    plan(&input, policy, now)
}

/// The plan for a tree that a person should look at first: it moves nothing, and waits. Once released, it is a tree like
/// any other.
fn doubtful(looked: &Looked, ledger: &Ledger, now: Timestamp) -> Option<Plan> {
    let reason = looked.held(ledger)?.to_owned();
    let id = HoldId::of_tree(&looked.catalog.revision);
    let (revision, specs) = ledger.accepted.clone()?;
    // Whatever waits goes on waiting, and whatever was released stays so; but for the trees that this one takes the place of.
    let is_past = |other: &HoldId, released: bool| other.is_tree() && !released;
    let waiting = ledger.holds.iter().filter(|(other, released)| **other != id && !is_past(other, **released));
    let still = waiting.map(|(id, _)| Held {
        id: id.clone(),
        action: "wait",
        fingerprint: None,
        reason: "it was held before".into(),
        needs_person: true,
    });
    let tree = Held { id: id.clone(), action: "accept", fingerprint: None, reason, needs_person: true };
    let held = still.chain(std::iter::once(tree)).collect();
    let basis = Basis { revision, specs, ledger: ledger.version };
    Some(Plan {
        basis,
        at: now,
        steps: Vec::new(),
        held,
        drifts: Vec::new(),
        unknown: Vec::new(),
        forgotten: Vec::new(),
    })
}
