//! `slo/freeze`: what a spent budget freezes does not start without the yes that its policy demands.

use std::cell::OnceCell;
use std::sync::Arc;

use super::budgets::{self, Covered, spent};
use super::figures::Figures;
use super::objective::due;
use super::policy::{ErrorBudgetPolicy, Freeze};
use super::state::Grounded;
use super::words;
use crate::kinds::approval::{ApprovalPolicy, Request};
use crate::kinds::{Asked, Body, Case, Findings, RuleDef, Seen, Spec};
use crate::model::{Code, Drift, Kind, NoAnswer, Question, Rule, Scope, Severity, Standing, Subject, Task, Timestamp};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::SloFreeze,
    kind: Some(Kind::ErrorBudgetPolicy),
    applies: |case| freezes(case).next().is_some(),
    asks,
    judge,
    means: "While less of a budget is left than the `remainingBelow` of a step with a freeze, no task that the freeze selects \
            starts without what it requires, beside whatever approval policies require. A task that runs or has ended \
            within `limits.lookback` is judged as of its start. Nobody agrees to their own work.",
};

/// A step with a freeze.
struct FreezeOf<'a> {
    below: f64,
    line: u32,
    freeze: &'a Freeze,
}

fn policy<'a>(case: &Case<'a>) -> Option<&'a ErrorBudgetPolicy> {
    match case.body() {
        Some(Body::ErrorBudgetPolicy(policy)) => Some(policy),
        _ => None,
    }
}

fn freezes<'a>(case: &Case<'a>) -> impl Iterator<Item = FreezeOf<'a>> + use<'a> {
    policy(case).into_iter().flat_map(|policy| &policy.steps).filter_map(|step| {
        let freeze = step.freeze.as_ref()?;
        Some(FreezeOf { below: step.remaining_below.value, line: step.span.line, freeze })
    })
}

const fn scope(case: &Case<'_>) -> Scope {
    Scope::Ran(case.policy.lookback)
}

fn covered<'a>(case: &Case<'a>) -> Vec<Covered<'a>> {
    let Some(policy) = policy(case) else { return Vec::new() };
    budgets::covered(case, |slo| policy.covers(slo))
}

fn asks(case: &Case<'_>) -> Vec<Question> {
    let tasks = freezes(case).flat_map(|it| case.task_questions(&it.freeze.select.0, scope(case)));
    let budgets = covered(case).into_iter().flat_map(|covered| covered.target.questions());
    tasks.chain(budgets).collect()
}

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let covered = covered(case);
    // Looked up only where a task depends on it.
    let budgets: OnceCell<Vec<Grounded<'_>>> = OnceCell::new();
    for frozen in freezes(case) {
        let agreeing = agreeing(frozen.freeze);
        let mut unknown: Vec<(Subject, NoAnswer)> = Vec::new();
        let mut found = Findings::default();
        case.judge_tasks(asked, &frozen.freeze.select.0, scope(case), &mut found, |task, found| {
            let request = agreeing.as_ref().zip(case.spec);
            let request = request.map(|(policy, spec)| Request::new(case.specs, spec, policy, task));
            let told = task.started.or(task.finished);
            let fixed = request.as_ref().map_or(told, Request::started);
            let as_of = fixed.unwrap_or(asked.now);
            if let Some(request) = &request {
                let assessed = request.stood(asked.now);
                assessed.turns.filter(|_| fixed.is_none()).into_iter().for_each(|at| found.due(at));
                if assessed.state.is_open() {
                    return None;
                }
            }
            let look = || covered.iter().map(|it| Grounded::new(&it.target, asked)).collect();
            let budgets = covered.iter().zip(budgets.get_or_init(look));
            // What is judged as of now changes as the budget does.
            if fixed.is_none() {
                let clocks = budgets.clone().filter_map(|(it, known)| due(&it.target, &known.at(asked.now), asked.now));
                clocks.for_each(|at| found.due(at));
            }
            match spent(budgets, frozen.below, (asked.now, as_of)) {
                Ok(None) => None,
                Ok(Some((slo, figures))) => Some(drift(case, &frozen, task, (slo, &figures), asked.now)),
                Err(none) => {
                    unknown.push((Subject::task(&task.id), none));
                    None
                }
            }
        })?;
        unknown.into_iter().for_each(|(subject, none)| found.stands(subject, Standing::Unknown(none)));
        merge(findings, found);
    }
    Ok(())
}

/// Takes over what one of several freezes found: that one is broken says more than that another cannot be told, and that more
/// than that it holds.
fn merge(findings: &mut Findings, found: Findings) {
    const fn weight(standing: &Standing) -> u8 {
        match standing {
            Standing::Drift(_) => 3,
            Standing::Unknown(_) | Standing::Unsettled(_) => 2,
            Standing::Clean => 1,
            Standing::Gone => 0,
        }
    }
    for (subject, standing) in found.findings {
        let before = findings.findings.get(&subject);
        if before.is_none_or(|before| weight(before) < weight(&standing)) {
            findings.stands(subject, standing);
        }
    }
    found.due.into_iter().for_each(|at| findings.due(at));
}

/// Who may let a task through, as a policy of its own; nobody, where the freeze names nobody.
fn agreeing(freeze: &Freeze) -> Option<ApprovalPolicy> {
    freeze.require.as_ref().map(|_| freeze.policy("the error budget is short"))
}

fn drift(
    case: &Case<'_>,
    frozen: &FreezeOf<'_>,
    task: &Task,
    (slo, figures): (&Arc<Spec>, &Figures),
    now: Timestamp,
) -> Drift {
    let did = if task.status.is_open() { "runs" } else { "ran" };
    let who = frozen.freeze.require.as_ref().map(|require| require.value.words());
    let unless = who.as_ref().map_or_else(String::new, |who| format!(" unless {who} agree"));
    let share = words::percent(frozen.below);
    let seen = Seen {
        subject: Subject::task(&task.id),
        code: Code::SloFrozen,
        severity: if task.severity == Severity::Critical { Severity::Critical } else { Severity::High },
        title: format!("task {} {did} although {} freezes it: {}", task.id, slo.id, task.title),
        desired: format!(
            "no {} starts while less than {share}% of the budget of {} is left{unless}",
            task.kind, slo.id
        ),
        question: format!("how much of the budget of {} was left when task {} started?", slo.id, task.id),
        answer: format!("{}; it is {}", words::answer(figures), task.status),
        how: match &who {
            Some(who) => format!("stop it and start it again when the budget has recovered, or when {who} agree"),
            None => "stop it, and start it again when the budget has recovered".into(),
        },
        verify: format!("task {} has what it needs, is no longer frozen, or is gone", task.id),
    };
    Drift { place: case.line(frozen.line), ..case.drift(seen, now) }
}
