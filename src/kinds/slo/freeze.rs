//! `slo/freeze`: what a spent budget freezes does not start without the yes that its policy demands.

use std::sync::{Arc, OnceLock};

use super::budget::is_below;
use super::figures::Figures;
use super::ground::{Ground, Silence, ground};
use super::indicator::Evaluable;
use super::policy::{ErrorBudgetPolicy, Freeze};
use super::target::{Whole, targets};
use super::words;
use crate::diagnostic::Spanned;
use crate::kinds::approval::{ApprovalPolicy, Requirement, has_agreed, in_words};
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

/// An objective of a service level that the policy covers, known for as far back as tasks are judged.
struct Covered<'a> {
    slo: &'a Arc<Spec>,
    objective: Evaluable,
}

fn covered<'a>(case: &Case<'a>) -> Vec<Covered<'a>> {
    let Some(policy) = policy(case) else { return Vec::new() };
    let mut all = Vec::new();
    for slo in case.specs.of_kind(Kind::Slo).filter(|slo| policy.covers(slo)) {
        let Body::Slo(body) = &slo.body else { continue };
        for target in targets(case.specs, slo, body) {
            if let Ok(Whole::Objective(objective)) = target.whole {
                all.push(Covered { slo, objective: objective.reaching(case.policy.lookback) });
            }
        }
    }
    all
}

fn asks(case: &Case<'_>) -> Vec<Question> {
    let tasks = freezes(case).flat_map(|it| case.task_questions(&it.freeze.select.0, scope(case)));
    let budgets = covered(case).into_iter().flat_map(|covered| covered.objective.questions());
    tasks.chain(budgets).collect()
}

/// What there is to judge each covered objective by. Looked at only where a task depends on it.
type Grounds<'a> = OnceLock<Vec<(Covered<'a>, Result<Ground, Silence>)>>;

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let grounds = Grounds::new();
    for frozen in freezes(case) {
        let agreeing = agreeing(frozen.freeze);
        let mut unknown: Vec<(Subject, NoAnswer)> = Vec::new();
        case.judge_tasks(asked, &frozen.freeze.select.0, scope(case), findings, |task, _| {
            let as_of = task.started.or(task.finished).unwrap_or(asked.now);
            if agreeing.as_ref().is_some_and(|policy| has_agreed(case, policy, task, as_of)) {
                return None;
            }
            let known = grounds.get_or_init(|| {
                let look = |it: Covered<'_>| ground(&it.objective.measured, it.objective.method, asked);
                covered(case)
                    .into_iter()
                    .map(|it| (Covered { slo: it.slo, objective: it.objective.clone() }, look(it)))
                    .collect()
            });
            match spent(known, frozen.below, as_of) {
                Ok(None) => None,
                Ok(Some((slo, figures))) => Some(drift(case, &frozen, task, (slo, &figures), asked.now)),
                Err(none) => {
                    unknown.push((Subject::task(&task.id), none));
                    None
                }
            }
        })?;
        for (subject, none) in unknown {
            findings.stands(subject, Standing::Unknown(none));
        }
    }
    Ok(())
}

/// The first of the budgets that had so little left at that moment.
fn spent<'a>(
    known: &'a [(Covered<'a>, Result<Ground, Silence>)],
    below: f64,
    as_of: Timestamp,
) -> Result<Option<(&'a Arc<Spec>, Figures)>, NoAnswer> {
    let mut silent = None;
    for (covered, ground) in known {
        match ground {
            Ok(ground) => {
                let figures = Figures::of(&covered.objective, ground, as_of).filter(|it| is_below(it, below));
                if let Some(figures) = figures {
                    return Ok(Some((covered.slo, figures)));
                }
            }
            Err(Silence::NoAnswer(none)) => silent = Some(none.clone()),
            // What has no data and what cannot be computed is said by its own service level.
            Err(Silence::NoData | Silence::Cannot(_)) => {}
        }
    }
    silent.map_or(Ok(None), Err)
}

/// Who may let a task through, as a policy of its own; nobody, where the freeze names nobody.
fn agreeing(freeze: &Freeze) -> Option<ApprovalPolicy> {
    let require: &Spanned<Requirement> = freeze.require.as_ref()?;
    Some(ApprovalPolicy::of(freeze.select.clone(), require.value.clone()))
}

fn drift(
    case: &Case<'_>,
    frozen: &FreezeOf<'_>,
    task: &Task,
    (slo, figures): (&Arc<Spec>, &Figures),
    now: Timestamp,
) -> Drift {
    let did = if task.status.is_open() { "runs" } else { "ran" };
    let who = frozen.freeze.require.as_ref().map(|require| in_words(&require.value));
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
            Some(who) => format!("stop it until the budget recovers, or until {who} agree"),
            None => "stop it until the budget recovers".into(),
        },
        verify: format!("task {} has what it needs, is no longer frozen, or is gone", task.id),
    };
    Drift { place: case.line(frozen.line), ..case.drift(seen, now) }
}
