//! `slo/budget`: what a policy wants done while a budget runs low.

use std::sync::Arc;

use super::figures::Figures;
use super::objective::due;
use super::policy::StepTask;
use super::state::{Known, known};
use super::target::{Target, targets};
use super::words;
use crate::kinds::{Asked, Body, Case, Findings, RuleDef, Seen, Spec};
use crate::model::{Code, Drift, Kind, NoAnswer, Place, Question, Rule, Severity, Standing, Subject};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::SloBudget,
    kind: Some(Kind::Slo),
    applies: |case| steps(case).next().is_some(),
    asks,
    judge,
    means: "Where an ErrorBudgetPolicy has a step with a task, more of the SLO's budget is left than the step's \
            `remainingBelow`. The task goes to whom the step names, and closes when the budget has recovered. A budget that \
            too few events speak of is not low.",
};

/// A step with a task, of a policy that covers the service level.
struct StepOf<'a> {
    policy: &'a Arc<Spec>,
    index: usize,
    below: f64,
    line: u32,
    task: &'a StepTask,
}

fn steps<'a>(case: &Case<'a>) -> impl Iterator<Item = StepOf<'a>> + use<'a> {
    let specs = case.specs;
    let policies = case.spec.into_iter().flat_map(move |slo| specs.budget_policies(slo));
    policies.flat_map(|policy| {
        let steps = match &policy.body {
            Body::ErrorBudgetPolicy(body) => &body.steps[..],
            _ => &[],
        };
        steps.iter().enumerate().filter_map(move |(index, step)| {
            let (below, line) = (step.remaining_below.value, step.span.line);
            step.task.as_ref().map(|task| StepOf { policy, index, below, line, task })
        })
    })
}

fn judged(case: &Case<'_>) -> Vec<Target> {
    match (case.spec, case.body()) {
        (Some(spec), Some(Body::Slo(slo))) => {
            targets(case.specs, spec, slo).into_iter().filter(|target| target.judged).collect()
        }
        _ => Vec::new(),
    }
}

fn asks(case: &Case<'_>) -> Vec<Question> {
    judged(case).iter().flat_map(Target::questions).collect()
}

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    for target in judged(case) {
        let known = known(&target, asked);
        due(&target, &known, asked.now).into_iter().for_each(|at| findings.due(at));
        for step in steps(case) {
            let subject = Subject::step(&step.policy.id.name, step.index, &target.subject);
            if let Some(standing) = standing(case, &target, &step, &known, (subject.clone(), asked)) {
                findings.stands(subject, standing);
            }
        }
    }
    Ok(())
}

fn standing(
    case: &Case<'_>,
    target: &Target,
    step: &StepOf<'_>,
    known: &Known,
    (subject, asked): (Subject, &Asked<'_>),
) -> Option<Standing> {
    let Some(figures) = &known.figures else {
        let why = known.state.reason().map_or_else(|| known.state.word().to_owned(), str::to_owned);
        return Some(Standing::Unknown(NoAnswer { reason: why.into(), since: asked.now }));
    };
    if !is_below(figures, step.below) {
        return None;
    }
    let name = words::name(case.title(), target, true);
    let share = words::percent(step.below);
    let seen = Seen {
        subject,
        code: Code::SloBudgetLow,
        severity: step.task.severity.unwrap_or(if figures.is_spent { Severity::High } else { Severity::Medium }),
        title: format!("{name}: less than {share}% of the error budget is left"),
        desired: format!("while less than {share}% is left, {} acts ({})", step.task.to.text(), step.policy.id),
        question: format!("how much of the error budget over {} is left?", figures.window),
        answer: words::answer(figures),
        how: format!("do what {} asks for while the budget runs low", step.policy.title()),
        verify: format!("at least {share}% of the error budget is left"),
    };
    let drift = Drift {
        owner: step.task.to.id(None).or_else(|| case.owner()),
        place: Some(Place { file: step.policy.place.file.clone(), line: step.line }),
        ..case.drift(seen, asked.now)
    };
    Some(Standing::Drift(Arc::new(drift)))
}

/// Whether so little is left, as far as enough happened to say so.
pub(super) fn is_below(figures: &Figures, share: f64) -> bool {
    if figures.is_idle() || figures.is_too_young() {
        return false;
    }
    if share == 0.0 { figures.is_spent } else { figures.budget_left() < share - 1e-12 }
}
