//! `approval/review`: whoever broke the glass is looked at afterwards.

use super::gate::{policy, severity};
use super::request::Request;
use super::voice::overriding;
use crate::kinds::{Asked, Case, Findings, RuleDef, Seen};
use crate::model::{Ballot, Code, Drift, Kind, NoAnswer, Question, Rule, Scope, Subject, Task, Timestamp};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::ApprovalReview,
    kind: Some(Kind::ApprovalPolicy),
    applies: |case| policy(case).is_some_and(|policy| policy.break_glass.is_some()),
    asks,
    judge,
    means: "Where somebody went ahead without a yes (`abide approve --break-glass`), those whom the policy asks have looked at it \
            afterwards, and said yes or no. The task opens at once, and is due within `reviewWithin`.",
};

/// What ran, and what has not started: the glass is broken whether somebody goes through or not.
const fn scopes(case: &Case<'_>) -> [Scope; 2] {
    [Scope::Ran(case.policy.lookback), Scope::Open]
}

fn asks(case: &Case<'_>) -> Vec<Question> {
    let Some(policy) = policy(case) else { return Vec::new() };
    scopes(case).into_iter().flat_map(|scope| case.task_questions(&policy.select.0, scope)).collect()
}

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let (Some(policy), Some(spec)) = (policy(case), case.spec) else { return Ok(()) };
    scopes(case).into_iter().try_for_each(|scope| {
        case.judge_tasks(asked, &policy.select.0, scope, findings, |task, _| {
            let glass = overriding(task, &spec.id, asked.now)?;
            let request = Request::new(case.specs, spec, policy, task);
            (!request.is_reviewed(glass, asked.now)).then(|| drift(case, task, glass, asked.now))
        })
    })
}

fn drift(case: &Case<'_>, task: &Task, glass: &Ballot, now: Timestamp) -> Drift {
    let policy = policy(case);
    let wanted = policy.map(super::gate::wanted).unwrap_or_default();
    let within = policy.and_then(|policy| policy.break_glass.as_ref()?.review_within);
    let soon = within.map(|within| format!(" within {within}")).unwrap_or_default();
    let reason = glass.reason.as_deref().unwrap_or("no reason given");
    let went = if task.waits() { "may go" } else { "went" };
    let seen = Seen {
        subject: Subject::task(&task.id),
        code: Code::ApprovalUnreviewed,
        severity: severity(task),
        title: format!("task {} {went} ahead without approval: {}", task.id, task.title),
        desired: format!("those who are asked look at it{soon} after {}", glass.at),
        question: format!("who has looked at task {} since the glass was broken?", task.id),
        answer: format!(
            "agent/{} broke the glass at {}: {reason}; since then not enough have said anything",
            glass.by, glass.at
        ),
        how: format!("look at what was done; then `abide approve {0}` or `abide reject {0} --reason …`", task.id),
        verify: format!("{wanted}, or one of them says no, none of them the one who broke the glass"),
    };
    Drift { within, ..case.drift(seen, now) }
}
