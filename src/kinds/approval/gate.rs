//! `approval/gate`: what needs a yes has it before it runs.

use super::ApprovalPolicy;
use super::tally::{Standing, voices, weigh, words};
use crate::kinds::{Asked, Body, Case, Findings, RuleDef, Seen};
use crate::model::{Code, Drift, Duration, Kind, NoAnswer, Rule, Scope, Severity, Subject, Task, Timestamp};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::ApprovalGate,
    kind: Some(Kind::ApprovalPolicy),
    applies: |_| true,
    asks: |case| policy(case).map_or_else(Vec::new, |p| case.task_questions(&p.select.0, scope(case))),
    judge,
    means: "A task that the policy selects, and that runs or has ended within `limits.lookback`, had what the policy \
            requires when it started. A verdict in its row counts as given in time unless a column tells when, and as \
            one person's unless a column tells whose.",
};

fn policy<'a>(case: &Case<'a>) -> Option<&'a ApprovalPolicy> {
    match case.body() {
        Some(Body::ApprovalPolicy(policy)) => Some(policy),
        _ => None,
    }
}

const fn scope(case: &Case<'_>) -> Scope {
    Scope::Ran(case.policy.lookback)
}

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let Some(policy) = policy(case) else { return Ok(()) };
    case.judge_tasks(asked, &policy.select.0, scope(case), findings, |task, findings| {
        // Judged as of its start; without one as of its finish; without either it runs now.
        let fixed = task.started.or(task.finished);
        let as_of = fixed.unwrap_or(asked.now);
        if fixed.is_none() {
            turning(case, policy, task, asked.now).into_iter().for_each(|at| findings.due(at));
        }
        let standing = weigh(&policy.require, &voices(case, policy, task, as_of));
        if standing == Standing::Satisfied {
            return None;
        }
        if let Some(finished) = task.finished {
            let leaves = just_after(finished, case.policy.lookback);
            (leaves > asked.now).then(|| findings.due(leaves));
        }
        Some(drift(case, policy, task, standing, asked.now))
    })
}

const fn just_after(at: Timestamp, span: Duration) -> Timestamp {
    at.plus(span).plus(Duration::from_millis(1))
}

/// When a verdict on a task that is judged as of now first begins or ceases to count.
pub(in crate::kinds) fn turning(
    case: &Case<'_>,
    policy: &ApprovalPolicy,
    task: &Task,
    now: Timestamp,
) -> Option<Timestamp> {
    let given = task.approvals.iter().filter_map(|approval| approval.at);
    let lapsed = given.clone().filter_map(|at| policy.valid_for.map(|valid| just_after(at, valid)));
    let expired = case.specs.approvals(&task.id.0).iter().filter_map(|spec| match &spec.body {
        Body::Approval(approval) => Some(approval.expires.end()),
        _ => None,
    });
    given.chain(lapsed).chain(expired).filter(|&at| now < at).min()
}

fn drift(case: &Case<'_>, policy: &ApprovalPolicy, task: &Task, standing: Standing, now: Timestamp) -> Drift {
    let (code, what, answer) = match standing {
        Standing::Rejected(who) => (Code::ApprovalRejected, "although it was rejected", format!("{who} said no")),
        Standing::Void(why) => (Code::ApprovalVoid, "on an approval that does not hold", why),
        _ => (Code::ApprovalMissing, "without approval", "not enough have agreed".into()),
    };
    let did = if task.status.is_open() { "runs" } else { "ran" };
    let given: Vec<String> =
        task.approvals.iter().map(|a| format!("{}: {:?}", a.role, a.vote).to_lowercase()).collect();
    let given = if given.is_empty() { "nobody".into() } else { given.join(", ") };
    case.drift(
        Seen {
            subject: Subject::task(&task.id),
            code,
            severity: if task.severity == Severity::Critical { Severity::Critical } else { Severity::High },
            title: format!("task {} {did} {what}: {}", task.id, task.title),
            desired: format!("{} agree before a task of type {} starts", words(&policy.require), task.kind),
            question: format!("who had said what about task {} when it started?", task.id),
            answer: format!("{answer}; in its row: {given}; it is {}", task.status),
            how: "stop it until it is approved; if it is done, have it reviewed and the verdict recorded".into(),
            verify: format!("{} have agreed to task {}, or it is gone", words(&policy.require), task.id),
        },
        now,
    )
}
