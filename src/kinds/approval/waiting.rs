//! `approval/waiting`: what waits for a yes does not wait for longer than its policy lets it.
//!
//! It reminds by one task, which changes hands as the steps of the policy come due, and closes when somebody has answered.

use super::Timeout;
use super::gate::{policy, severity};
use super::request::Request;
use crate::kinds::{Asked, Case, Findings, RuleDef, Seen};
use crate::model::{Code, Drift, GateState, Kind, NoAnswer, Rule, Scope, Subject, Task, TaskStatus, Timestamp};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::ApprovalWaiting,
    kind: Some(Kind::ApprovalPolicy),
    applies: |case| policy(case).is_some_and(|policy| escalations(&policy.timeout).next().is_some()),
    asks: |case| policy(case).map_or_else(Vec::new, |p| case.task_questions(&p.select.0, Scope::Open)),
    judge,
    means: "A task that the policy selects, and that has not started, is answered before a step of `timeout` says whom else to \
            ask. The clock runs from when Abide first saw that the policy asks. The task goes to whom the last step that is due \
            names; who may say yes stays the same.",
};

fn escalations(steps: &[Timeout]) -> impl Iterator<Item = &Timeout> {
    steps.iter().filter(|step| step.escalate.is_some())
}

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let (Some(policy), Some(spec)) = (policy(case), case.spec) else { return Ok(()) };
    case.judge_tasks(asked, &policy.select.0, Scope::Open, findings, |task, findings| {
        let waits = matches!(task.status, TaskStatus::Pending | TaskStatus::Blocked);
        if !waits || !policy.when.as_ref().is_none_or(|when| when.holds_of(task)) {
            return None;
        }
        let request = Request::new(case.specs, spec, policy, task);
        let assessed = request.assess(asked.now);
        assessed.turns.into_iter().for_each(|at| findings.due(at));
        if assessed.state != GateState::Pending {
            return None;
        }
        let since = request.asked()?;
        let due = escalations(&policy.timeout).filter(|step| since.plus(*step.after) <= asked.now);
        let step = due.max_by_key(|step| *step.after)?;
        Some(drift(case, task, (since, step), asked.now))
    })
}

fn drift(case: &Case<'_>, task: &Task, (since, step): (Timestamp, &Timeout), now: Timestamp) -> Drift {
    let wanted = policy(case).map(super::gate::wanted).unwrap_or_default();
    let seen = Seen {
        subject: Subject::task(&task.id),
        code: Code::ApprovalUnanswered,
        severity: severity(task),
        title: format!("task {} waits for approval{}: {}", task.id, super::gate::of_policy(case), task.title),
        desired: format!("somebody answers within {}", *step.after),
        question: format!("who has answered about task {} since {since}?", task.id),
        answer: format!("not enough have: {wanted}"),
        how: format!(
            "`abide approvals explain {}` shows who is asked; say yes or no, or see to it that they do",
            task.id
        ),
        verify: format!("task {} is approved, rejected, or not wanted any more", task.id),
    };
    let to = step.escalate.as_ref().and_then(super::gates::who);
    let drift = case.drift(seen, now);
    Drift { owner: to.or(drift.owner.clone()), ..drift }
}
