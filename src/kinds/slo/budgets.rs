//! How much of budgets is left, for those who let work start or not.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::budget::is_below;
use super::figures::Figures;
use super::ground::Ground;
use super::state::{Grounded, Known, State};
use super::target::{Target, targets};
use crate::kinds::approval::When;
use crate::kinds::{Asked, Body, Case, Spec, Specs};
use crate::model::{Answers, Kind, NoAnswer, Policy, Question, Rule, SpecId, Spent, Timestamp};

/// A target of a service level, known for as far back as tasks are judged.
pub(super) struct Covered<'a> {
    pub(super) slo: &'a Arc<Spec>,
    pub(super) target: Target,
}

/// The targets of these service levels.
pub(super) fn covered<'a>(case: &Case<'a>, of: impl Fn(&Spec) -> bool) -> Vec<Covered<'a>> {
    let slos = case.specs.of_kind(Kind::Slo).filter(|slo| of(slo));
    slos.filter_map(|slo| match &slo.body {
        Body::Slo(body) => Some((slo, body)),
        _ => None,
    })
    .flat_map(|(slo, body)| targets(case.specs, slo, body).into_iter().map(move |target| (slo, target)))
    .filter(|(_, target)| target.judged)
    .map(|(slo, target)| Covered { slo, target: target.reaching(case.policy.lookback) })
    .collect()
}

/// The first of the budgets that had so little left at that moment.
pub(super) fn spent<'a>(
    budgets: impl Iterator<Item = (&'a Covered<'a>, &'a Grounded<'a>)>,
    below: f64,
    (now, as_of): (Timestamp, Timestamp),
) -> Result<Option<(&'a Arc<Spec>, Figures)>, NoAnswer> {
    let mut silent = None;
    let untold = |why: &str| Some(NoAnswer { reason: why.into(), since: now });
    for (Covered { slo, target }, grounded) in budgets {
        if as_of < now && grounded.grounds().iter().any(|ground| matches!(ground, Ground::Totals(_))) {
            silent = untold("its source tells how much is left now, and not how much was when the task started");
            continue;
        }
        if !target.is_known_at(as_of, now) {
            silent = untold("what was left when the task started is too long ago to be known");
            continue;
        }
        let Known { state, figures, .. } = grounded.at(as_of);
        match (state, figures) {
            (_, Some(figures)) if is_below(&figures, below) => return Ok(Some((slo, figures))),
            // Before its calendar begins nothing is spent.
            (_, Some(_)) | (State::TooYoung, None) => {}
            (State::NoAnswer(none), None) => silent = Some(none),
            (state, None) => silent = untold(&format!("{}: {}", slo.id, state.reason().unwrap_or(state.word()))),
        }
    }
    silent.map_or(Ok(None), Err)
}

/// What must be known to tell whether one of these service levels has spent its budget.
pub(in crate::kinds) fn questions(case: &Case<'_>, slos: &[SpecId]) -> Vec<Question> {
    covered(case, |slo| slos.contains(&slo.id)).into_iter().flat_map(|covered| covered.target.questions()).collect()
}

/// Whether one of these service levels had spent its budget at a moment.
///
/// # Errors
/// Why it cannot be told.
pub(in crate::kinds) fn any_spent(
    case: &Case<'_>,
    asked: &Asked<'_>,
    slos: &[SpecId],
    as_of: Timestamp,
) -> Result<bool, NoAnswer> {
    let covered = covered(case, |slo| slos.contains(&slo.id));
    let grounded: Vec<Grounded<'_>> = covered.iter().map(|it| Grounded::new(&it.target, asked)).collect();
    spent(covered.iter().zip(&grounded), 0.0, (asked.now, as_of)).map(|found| found.is_some())
}

/// What is short of budget now: service levels that approval policies ask about, and steps that freeze. What cannot be told
/// stays as it was.
pub fn short(specs: &Specs, policy: &Policy, answers: &Answers, before: &Spent, now: Timestamp) -> Spent {
    let (asked, nobody) = (Asked { answers, now }, BTreeSet::new());
    let mut short = BTreeSet::new();
    let mut tell = |name: Arc<str>, is_spent: Result<bool, NoAnswer>| {
        if is_spent.unwrap_or_else(|_| before.has(&name)) {
            short.insert(name);
        }
    };
    for spec in specs.of_kind(Kind::ApprovalPolicy).chain(specs.of_kind(Kind::ErrorBudgetPolicy)) {
        let case = Case { rule: Rule::ApprovalGate, spec: Some(spec), specs, policy, watched: &nobody };
        match &spec.body {
            Body::ApprovalPolicy(body) => {
                for slo in body.when.as_ref().and_then(When::budgets).unwrap_or_default() {
                    tell(Spent::level(&slo), any_spent(&case, &asked, std::slice::from_ref(&slo), now));
                }
            }
            Body::ErrorBudgetPolicy(body) => {
                for (at, step) in body.steps.iter().enumerate().filter(|(_, step)| step.freeze.is_some()) {
                    let covered = covered(&case, |slo| body.covers(slo));
                    let grounded: Vec<Grounded<'_>> =
                        covered.iter().map(|it| Grounded::new(&it.target, &asked)).collect();
                    let found = spent(covered.iter().zip(&grounded), step.remaining_below.value, (now, now));
                    tell(Spent::step(&spec.id, at), found.map(|found| found.is_some()));
                }
            }
            _ => {}
        }
    }
    Spent(short)
}
