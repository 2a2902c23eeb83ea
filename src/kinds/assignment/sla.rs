//! `assignment/sla`: an open task is claimed and finished in time.

use super::escalation::Chain;
use super::{Limits, assignment, owns, severity_of};
use crate::kinds::{Asked, Case, Findings, RuleDef, Seen};
use crate::model::{Code, Duration, Kind, NoAnswer, Rule, Scope, Severity, Subject, Task, Timestamp};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::AssignmentSla,
    kind: Some(Kind::Assignment),
    applies: |case| assignment(case).is_some_and(|a| !a.sla.is_empty()),
    asks: |case| assignment(case).map_or_else(Vec::new, |a| case.task_questions(&a.select.0, Scope::Open)),
    judge,
    means: "An open task is claimed and finished within the limits that its assignment sets for its severity, counted \
            from its creation. It is claimed when it has an agent or a start time. The clock runs while it is blocked. When \
            it stays late, the steps of `escalate` give the remediation task to others, counted from the missed limit.",
};

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let Some(assignment) = assignment(case) else { return Ok(()) };
    let limits = || Severity::ALL.into_iter().filter_map(|severity| assignment.sla.of(severity));
    if !case.policy.tells.claim && limits().any(|limits| limits.claim.is_some()) {
        let reason = "the table does not tell who has taken a task: abide.toml maps none of agent, claimed and started";
        return Err(NoAnswer { reason: reason.into(), since: asked.now });
    }
    case.judge_tasks(asked, &assignment.select.0, Scope::Open, findings, |task, findings| {
        let limits = assignment.sla.of(task.severity)?;
        if !owns(case, task, findings, asked.now) {
            return None;
        }
        let (late, next) = lateness(task, limits, asked.now);
        if let Some(next) = next {
            findings.due(next);
        }
        let late = late?;
        let chain = Chain::at(&assignment.escalate, late.missed, asked.now);
        if let Some(next) = chain.next {
            findings.due(next);
        }
        let mut drift = case.drift(seen(task, &late, asked.now), asked.now);
        chain.take(&mut drift);
        Some(drift)
    })
}

/// How a task is late.
struct Late {
    /// The worst of its missed limits.
    code: Code,
    /// That limit.
    limit: Duration,
    /// When it missed the first of those that it still misses.
    missed: Timestamp,
}

/// The worst way in which a task is late, and when it will next become so by time alone.
fn lateness(task: &Task, limits: &Limits, now: Timestamp) -> (Option<Late>, Option<Timestamp>) {
    let claim = limits.claim.filter(|_| !task.is_claimed()).map(|limit| (Code::AssignmentLateClaim, limit));
    let finish = limits.finish.map(|limit| (Code::AssignmentLateFinish, limit));
    let clocks = [claim, finish].into_iter().flatten();
    let mut missed = clocks.clone().filter(|(_, limit)| task.age(now) > *limit);
    let first = missed.clone().map(|(_, limit)| task.created.plus(limit)).min();
    let late = missed.next_back().zip(first).map(|((code, limit), missed)| Late { code, limit, missed });
    let just_after = |limit: Duration| task.created.plus(limit).plus(Duration::from_millis(1));
    let next = clocks.map(|(_, limit)| just_after(limit)).filter(|&at| at > now).min();
    (late, next)
}

fn seen(task: &Task, late: &Late, now: Timestamp) -> Seen {
    let Late { code, limit, .. } = *late;
    let (what, how) = if code == Code::AssignmentLateClaim {
        ("claimed", "claim it, or find out why nobody does")
    } else {
        ("finished", "finish it, or find out what it waits for")
    };
    Seen {
        subject: Subject::task(&task.id),
        code,
        severity: severity_of(task),
        title: format!("task {} is not {what} in time: {}", task.id, task.title),
        desired: format!("a {} task of type {} is {what} within {limit}", task.severity, task.kind),
        question: format!("is task {} {what}, and how old is it?", task.id),
        answer: format!(
            "it is {}, {} old, with {}",
            task.status,
            task.age(now),
            task.agent.as_deref().unwrap_or("nobody")
        ),
        how: how.into(),
        verify: format!("task {} is {what}, or not open any more", task.id),
    }
}
