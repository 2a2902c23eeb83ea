//! `approval/gate`: what needs a yes has it before it runs.

use super::request::{Assessed, Request};
use super::{ApprovalPolicy, When};
use crate::kinds::slo::budgets;
use crate::kinds::{Asked, Body, Case, Findings, RuleDef, Seen};
use crate::model::{
    Code, Drift, Duration, GateState, Kind, NoAnswer, Question, Rule, Scope, Severity, Standing, Subject, Task,
    Timestamp,
};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::ApprovalGate,
    kind: Some(Kind::ApprovalPolicy),
    applies: |_| true,
    asks,
    judge,
    means: "A task that the policy selects, and that runs or has ended within `limits.lookback`, had what the policy \
            requires when it started. A verdict in its row counts as given in time unless a column tells when, and as \
            one person's unless a column tells whose. What is put on record afterwards, by `abide approve` or in the specs, \
            counts as a review of it.",
};

pub(super) fn policy<'a>(case: &Case<'a>) -> Option<&'a ApprovalPolicy> {
    match case.body() {
        Some(Body::ApprovalPolicy(policy)) => Some(policy),
        _ => None,
    }
}

/// Which policy asks, for a title: several may ask about one task.
pub(super) fn of_policy(case: &Case<'_>) -> String {
    case.spec.map_or_else(String::new, |spec| format!(" (policy {})", spec.id.name))
}

const fn scope(case: &Case<'_>) -> Scope {
    Scope::Ran(case.policy.lookback)
}

fn asks(case: &Case<'_>) -> Vec<Question> {
    let Some(policy) = policy(case) else { return Vec::new() };
    let tasks = case.task_questions(&policy.select.0, scope(case));
    let slos = policy.when.as_ref().and_then(When::budgets).unwrap_or_default();
    tasks.into_iter().chain(budgets::questions(case, &slos)).collect()
}

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let (Some(policy), Some(spec)) = (policy(case), case.spec) else { return Ok(()) };
    let slos = policy.when.as_ref().and_then(When::budgets);
    let mut unknown: Vec<(Subject, NoAnswer)> = Vec::new();
    case.judge_tasks(asked, &policy.select.0, scope(case), findings, |task, findings| {
        if !policy.when.as_ref().is_none_or(|when| when.holds_of(task)) {
            return None;
        }
        let request = Request::new(case.specs, spec, policy, task);
        let fixed = request.started();
        let as_of = fixed.unwrap_or(asked.now);
        let assessed = request.stood(asked.now);
        if fixed.is_none() {
            assessed.turns.into_iter().for_each(|at| findings.due(at));
        }
        if assessed.state.is_open() {
            return None;
        }
        if let Some(slos) = &slos {
            match budgets::any_spent(case, asked, slos, as_of) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(none) => {
                    unknown.push((Subject::task(&task.id), none));
                    return None;
                }
            }
        }
        if !task.status.is_open() {
            let leaves = just_after(task.ended(), case.policy.lookback);
            (leaves > asked.now).then(|| findings.due(leaves));
        }
        Some(drift(case, &request, &assessed, asked.now))
    })?;
    unknown.into_iter().for_each(|(subject, none)| findings.stands(subject, Standing::Unknown(none)));
    Ok(())
}

const fn just_after(at: Timestamp, span: Duration) -> Timestamp {
    at.plus(span).plus(Duration::from_millis(1))
}

/// What is asked of whom, in words.
pub(super) fn wanted(policy: &ApprovalPolicy) -> String {
    policy
        .require
        .as_ref()
        .map_or_else(|| "it starts when the policy lets it".into(), |it| format!("{} agree", it.words()))
}

fn drift(case: &Case<'_>, request: &Request<'_>, assessed: &Assessed, now: Timestamp) -> Drift {
    let (task, policy) = (request.task, request.policy);
    let why = assessed.why.clone();
    let (code, what, otherwise) = match assessed.state {
        GateState::Rejected => (Code::ApprovalRejected, "although it was rejected", "somebody said no"),
        GateState::Void | GateState::Expired => {
            (Code::ApprovalVoid, "on an approval that does not hold", "what was approved has changed")
        }
        GateState::Closed => (Code::ApprovalClosed, "when nothing may start", "it was outside its windows"),
        _ => (Code::ApprovalMissing, "without approval", "not enough have agreed"),
    };
    let did = if task.status.is_open() { "runs" } else { "ran" };
    let said: Vec<String> = assessed
        .voices
        .iter()
        .map(|voice| match &voice.fault {
            None => format!("{}: {}", voice.who(), voice.vote.word()),
            Some(fault) => format!("{}: {}, which does not count, since {fault}", voice.who(), voice.vote.word()),
        })
        .collect();
    let said = if said.is_empty() { "nobody".into() } else { said.join("; ") };
    let wanted = wanted(policy);
    case.drift(
        Seen {
            subject: Subject::task(&task.id),
            code,
            severity: severity(task),
            title: format!("task {} {did} {what}{}: {}", task.id, of_policy(case), task.title),
            desired: format!("{wanted} before a task of type {} starts", task.kind),
            question: format!("who had said what about task {} when it started?", task.id),
            answer: format!("{}; said: {said}; it is {}", why.unwrap_or_else(|| otherwise.into()), task.status),
            how: format!(
                "stop it until it is approved (`abide approvals explain {}` shows what is missing); if it is done, have it \
                 reviewed and the verdict recorded",
                task.id
            ),
            verify: format!("{wanted} as to task {}, or it is gone", task.id),
        },
        now,
    )
}

/// High, or critical for a task that is.
pub(super) fn severity(task: &Task) -> Severity {
    if task.severity == Severity::Critical { Severity::Critical } else { Severity::High }
}
