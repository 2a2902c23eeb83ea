//! A pass as lines that a person can check against the law.

use std::fmt::Write as _;

use abide::engine::Pass;
use abide::model::{Action, CaseId, DriftState, Remediation, Step};

/// What was done, what is open or accepted, what waits, what cannot be told and what cannot be read.
pub(super) fn pass(pass: &Pass) -> String {
    let mut out = String::new();
    for said in &pass.catalog.unread {
        let spec = said.spec.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
        let kept = if said.kept { ", kept" } else { "" };
        writeln!(out, "unread {spec} {}:{}{kept}: {}", said.file, said.line, said.message).unwrap();
    }
    let plan = &pass.plan;
    plan.steps.iter().for_each(|step| self::step(step, &mut out));
    for reported in &plan.drifts {
        let (drift, reason) = (&reported.drift, reported.reason.as_deref().unwrap_or_default());
        let what = format!("{} {} {}", drift.code, spec(&drift.case), drift.subject);
        match reported.state {
            DriftState::New => {}
            DriftState::Open => writeln!(out, "still {what}").unwrap(),
            DriftState::Waived | DriftState::Shown => {
                writeln!(out, "{} {what}: {reason}", reported.state.word()).unwrap()
            }
            DriftState::Held => writeln!(out, "held {what}: {}", without_name(reason)).unwrap(),
        }
    }
    for held in &plan.held {
        let drift = plan.drifts.iter().any(|drift| held.fingerprint.as_ref() == Some(&drift.fingerprint));
        if !drift {
            writeln!(out, "held {}: {}", held.action, without_name(&held.reason)).unwrap();
        }
    }
    for unknown in &plan.unknown {
        let subject = unknown.subject.as_ref().map_or_else(|| "*".to_owned(), ToString::to_string);
        let case = &unknown.case;
        writeln!(out, "unknown {} {} {subject}: {}", case.rule, spec(case), unknown.why.reason).unwrap();
    }
    if out.is_empty() { "nothing\n".into() } else { out }
}

fn step(step: &Step, out: &mut String) {
    let r = &step.remediation;
    let word = step.action.word();
    match &step.action {
        Action::Open | Action::Update => writeln!(out, "{word} {}", wanted(r)),
        Action::Reopen { why } => writeln!(out, "{word} {}: {why}", wanted(r)),
        Action::Close(reason) => {
            writeln!(out, "{word} {} {} {}: {}", r.case.rule, spec(&r.case), subjects(r), reason.word())
        }
        Action::Assign(tasks) => {
            let one = |a: &abide::model::Assign| format!("{} {}", a.task, a.change);
            let tasks: Vec<String> = tasks.iter().map(one).collect();
            writeln!(out, "{word} {}: {}", spec(&r.case), tasks.join(", "))
        }
    }
    .unwrap();
}

/// Severity, state, spec, subjects and owner, and what is out of the ordinary.
fn wanted(r: &Remediation) -> String {
    let owner = r.owner.as_ref().map_or_else(|| "nobody".to_owned(), ToString::to_string);
    let mut text = format!("{} {} {} {} -> {owner}", r.severity, r.code, spec(&r.case), subjects(r));
    if r.flaps > 0 {
        write!(text, ", flaps {}", r.flaps).unwrap();
    }
    if r.attempts > 0 {
        write!(text, ", attempts {}", r.attempts).unwrap();
    }
    if r.renamed_from.is_some() {
        text.push_str(", renamed");
    }
    text
}

fn subjects(r: &Remediation) -> String {
    r.subjects.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

fn spec(case: &CaseId) -> String {
    case.spec.as_ref().map_or_else(|| "-".into(), ToString::to_string)
}

/// The reason up to the name of the hold, which is a hash that tells nobody anything.
fn without_name(reason: &str) -> &str {
    let said = reason.split(" until a person says").next().unwrap_or(reason);
    said.strip_suffix("; this one waits").unwrap_or(said)
}
