//! `decision/standing`: a proposal is decided in time; what is accepted is carried out, reviewed in time and not overtaken.

use super::flip::flip;
use super::{Decision, Delivery, Status, accepted, proposed};
use crate::diagnostic::Mended;
use crate::kinds::{Asked, Case, Findings, RuleDef, Seen, Spec};
use crate::model::{Code, Kind, NoAnswer, Question, Rule, Scope, Severity, Subject, TaskRows, TaskStatus, Timestamp};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::DecisionStanding,
    kind: Some(Kind::Decision),
    applies: |case| accepted(case).is_some() || decided_by(case).is_some(),
    asks: |case| delivery(case).map(question).into_iter().collect(),
    judge,
    means: "An accepted decision has its `delivery` tasks completed by `dueBy`, is looked at again by its review date, \
            and is not superseded by another accepted decision. Where several of these fail, the last one is shown. A \
            proposal is accepted or rejected within `limits.proposed` of abide.toml, where that says how long.",
};

/// One way in which a decision does not stand.
#[derive(Clone)]
struct Fault {
    code: Code,
    desired: String,
    question: &'static str,
    answer: String,
    how: String,
    patch: Option<String>,
}

fn delivery<'a>(case: &Case<'a>) -> Option<&'a Delivery> {
    accepted(case)?.delivery.as_ref()
}

fn question(delivery: &Delivery) -> Question {
    Question::Tasks { select: delivery.select.0.clone(), scope: Scope::Ever }
}

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    if let Some(due) = decided_by(case) {
        wait(case, due, asked.now, findings);
        return Ok(());
    }
    let Some(decision) = accepted(case) else { return Ok(()) };
    let undelivered = match &decision.delivery {
        Some(delivery) => undelivered(delivery, asked, findings)?,
        None => None,
    };
    let faults: Vec<Fault> =
        [undelivered, overdue(decision, asked.now), superseded(case, decision)].into_iter().flatten().collect();
    let clocks = [decision.review_due(), decision.delivery.as_ref().map(|delivery| delivery.due_by.end())];
    clocks.into_iter().flatten().filter(|&at| at > asked.now).for_each(|at| findings.due(at));
    let also: Vec<&str> = faults.iter().rev().skip(1).map(|fault| fault.answer.as_str()).collect();
    let Some(fault) = faults.last() else { return Ok(()) };
    let answer = std::iter::once(fault.answer.as_str()).chain(also).collect::<Vec<_>>().join("; ");
    let fault = Fault { answer, ..fault.clone() };
    let verify = "the decision is delivered, reviewed in time and not superseded, or no longer accepted";
    tell(case, fault, verify, asked.now, findings);
    Ok(())
}

fn tell(case: &Case<'_>, fault: Fault, verify: &str, now: Timestamp, findings: &mut Findings) {
    let Some(spec) = case.spec else { return };
    let seen = Seen {
        subject: Subject::spec(&spec.id),
        code: fault.code,
        severity: Severity::Medium,
        title: format!("{}: {}", title_of(fault.code), case.title()),
        desired: fault.desired,
        question: fault.question.into(),
        answer: fault.answer,
        how: fault.how,
        verify: verify.into(),
    };
    let mut drift = case.drift(seen, now);
    drift.fix.patch = fault.patch;
    findings.drift(drift);
}

/// When a proposal must be decided: as long after its date as the configuration allows.
fn decided_by(case: &Case<'_>) -> Option<Timestamp> {
    let decision = proposed(case)?;
    Some(decision.date.plus(case.policy.proposed?).end())
}

/// Tells a proposal that nobody decided in time, or when to look again.
fn wait(case: &Case<'_>, due: Timestamp, now: Timestamp, findings: &mut Findings) {
    if now < due {
        return findings.due(due);
    }
    let fault = Fault {
        code: Code::DecisionProposedTooLong,
        desired: format!("it is accepted or rejected before {due}"),
        question: "has anybody decided?",
        answer: format!("it is still proposed, {} after it should have been decided", now.since(due)),
        how: "accept it or reject it by a pull request; a new date says that it was proposed anew".into(),
        patch: None,
    };
    tell(case, fault, "the decision is no longer proposed, or has more time", now, findings);
}

const fn title_of(code: Code) -> &'static str {
    match code {
        Code::DecisionUndelivered => "decided, not delivered",
        Code::DecisionReviewOverdue => "review overdue",
        Code::DecisionProposedTooLong => "proposed for too long",
        _ => "superseded, yet accepted",
    }
}

fn undelivered(delivery: &Delivery, asked: &Asked<'_>, findings: &mut Findings) -> Result<Option<Fault>, NoAnswer> {
    let rows = asked.tasks(&question(delivery))?;
    if asked.now < delivery.due_by.end() {
        return Ok(None);
    }
    let selected: TaskRows = rows
        .iter()
        .filter(|(_, task)| delivery.select.0.is_recent(task.created, asked.now))
        .map(|(id, task)| (id.clone(), task.clone()))
        .collect();
    let leaves = selected.values().filter_map(|task| delivery.select.0.leaves(task, asked.now)).min();
    leaves.into_iter().for_each(|at| findings.due(at));
    let left: Vec<String> = selected
        .values()
        .filter(|task| task.status != TaskStatus::Completed)
        .map(|task| format!("{} ({})", task.id, task.status))
        .collect();
    if !selected.is_empty() && left.is_empty() {
        return Ok(None);
    }
    let answer = if selected.is_empty() {
        "no task carries it out".to_owned()
    } else {
        format!("{} of {} tasks are not completed: {}", left.len(), selected.len(), first(&left))
    };
    Ok(Some(Fault {
        code: Code::DecisionUndelivered,
        desired: format!("its tasks are completed by {}", delivery.due_by),
        question: "are the tasks that carry it out completed?",
        answer,
        how: "complete the tasks, move dueBy by a pull request, or change the decision's status".into(),
        patch: None,
    }))
}

fn first(all: &[String]) -> String {
    let more = if all.len() > 20 { ", …" } else { "" };
    format!("{}{more}", all.iter().take(20).cloned().collect::<Vec<_>>().join(", "))
}

fn overdue(decision: &Decision, now: Timestamp) -> Option<Fault> {
    let due = decision.review_due().filter(|&due| now >= due)?;
    Some(Fault {
        code: Code::DecisionReviewOverdue,
        desired: format!("it is looked at again before {due}"),
        question: "has its review date passed?",
        answer: format!("it was due for review {} ago", now.since(due)),
        how: "review it: confirm it by a new reviewBy, or supersede or deprecate it".into(),
        patch: None,
    })
}

fn superseded(case: &Case<'_>, decision: &Decision) -> Option<Fault> {
    let spec = case.spec?;
    let name = &spec.id.name;
    // In a circle nobody knows who took whose place; `abide validate` tells the circle.
    let successors = case.specs.successors(name).iter().filter(|newer| !case.specs.overtakes(name, &newer.id.name));
    let by: Vec<String> = successors.map(|spec| spec.id.to_string()).collect();
    if by.is_empty() {
        return None;
    }
    Some(Fault {
        code: Code::DecisionSuperseded,
        desired: "a decision that another accepted one supersedes is no longer accepted".into(),
        question: "does another accepted decision supersede it?",
        answer: format!("superseded by {}", by.join(" and ")),
        how: "set its status to superseded".into(),
        patch: patch(spec, decision),
    })
}

/// The patch that sets the status in the file of the decision, and leaves everything else in it as it is.
fn patch(spec: &Spec, decision: &Decision) -> Option<String> {
    let edit = flip(spec, decision, Status::Superseded)?;
    Mended::all([&edit], &|_| Some(spec.source.clone())).first().map(Mended::patch)
}
