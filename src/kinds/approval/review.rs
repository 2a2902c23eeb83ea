//! `approval/review`: whoever broke the glass is looked at afterwards.

use super::gate::{policy, severity};
use super::request::Request;
use super::voice::overriding;
use crate::kinds::{Asked, Case, Findings, RuleDef, Seen};
use crate::model::{Ballot, Code, Drift, Kind, NoAnswer, Question, Rule, Scope, Selector, Subject, Task, Timestamp};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::ApprovalReview,
    kind: Some(Kind::ApprovalPolicy),
    applies: |_| true,
    asks,
    judge,
    means: "Where somebody went ahead without a yes (`abide approve --break-glass`), those whom the policy asks have looked at it \
            afterwards, and said yes or no. The task opens at once, and is due within `reviewWithin`.",
};

/// Whoever broke the glass is looked at whatever becomes of the task: that it has another type now, or is cancelled, is no look.
const SCOPE: Scope = Scope::Overridden;

fn asks(case: &Case<'_>) -> Vec<Question> {
    case.task_questions(&Selector::default(), SCOPE)
}

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let (Some(policy), Some(spec)) = (policy(case), case.spec) else { return Ok(()) };
    case.judge_tasks(asked, &Selector::default(), SCOPE, findings, |task, _| {
        let glass = overriding(task, &spec.id, asked.now)?;
        let request = Request::new(case.specs, spec, policy, task);
        (!request.is_reviewed(glass, asked.now)).then(|| drift(case, task, glass, asked.now))
    })
}

fn drift(case: &Case<'_>, task: &Task, glass: &Ballot, now: Timestamp) -> Drift {
    let policy = policy(case);
    let wanted = policy.map(super::gate::wanted).unwrap_or_default();
    let within = policy.and_then(|policy| policy.break_glass.as_ref()?.review_within);
    let soon = within.map(|within| format!(" within {within}")).unwrap_or_default();
    let reason = glass.reason.as_deref().unwrap_or("no reason given");
    let went = if task.has_run() { "went" } else { "may go" };
    let seen = Seen {
        subject: Subject::task(&task.id),
        code: Code::ApprovalUnreviewed,
        severity: severity(task),
        title: format!(
            "task {} {went} ahead without approval{}: {}",
            task.id,
            super::gate::of_policy(case),
            task.title
        ),
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
