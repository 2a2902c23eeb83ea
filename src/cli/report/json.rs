//! A pass as programs read it: `plan -o json` and `reconcile -o json`.

use std::io::{self, Write};

use serde::Serialize;

use super::{reason, task_id};
use crate::engine::Pass;
use crate::model::{Held, Reported, Step, Unknown};

/// The version of the JSON.
const VERSION: u32 = 1;

/// `plan -o json` and `reconcile -o json`.
#[derive(Serialize)]
struct Wire<'a> {
    version: u32,
    revision: &'a str,
    at: String,
    specs: usize,
    drifts: Vec<DriftWire<'a>>,
    unknown: Vec<UnknownWire<'a>>,
    steps: Vec<StepWire<'a>>,
    held: Vec<HeldWire<'a>>,
    unread: Vec<UnreadWire<'a>>,
}

#[derive(Serialize)]
struct DriftWire<'a> {
    fingerprint: &'a str,
    rule: &'a str,
    code: &'a str,
    spec: Option<String>,
    subject: &'a str,
    severity: &'a str,
    state: &'a str,
    reason: Option<&'a str>,
    file: Option<&'a str>,
    line: Option<u32>,
    evidence: EvidenceWire<'a>,
}

#[derive(Serialize)]
struct EvidenceWire<'a> {
    desired: &'a str,
    question: &'a str,
    answer: &'a str,
    at: String,
    places: Vec<PlaceWire<'a>>,
}

#[derive(Serialize)]
struct PlaceWire<'a> {
    file: &'a str,
    line: Option<u32>,
    text: &'a str,
}

#[derive(Serialize)]
struct UnknownWire<'a> {
    spec: Option<String>,
    rule: &'a str,
    subject: Option<&'a str>,
    reason: &'a str,
    since: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StepWire<'a> {
    action: &'a str,
    fingerprint: &'a str,
    rule: &'a str,
    spec: Option<String>,
    subjects: Vec<&'a str>,
    severity: &'a str,
    owner: Option<String>,
    title: &'a str,
    task_id: Option<String>,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct HeldWire<'a> {
    id: &'a str,
    action: &'a str,
    fingerprint: Option<&'a str>,
    reason: &'a str,
}

#[derive(Serialize)]
struct UnreadWire<'a> {
    spec: Option<String>,
    file: &'a str,
    line: u32,
    message: &'a str,
    since: String,
    kept: bool,
}

/// Writes a pass as JSON.
pub(in crate::cli) fn json(pass: &Pass, out: &mut dyn Write) -> io::Result<()> {
    let plan = &pass.plan;
    let unread = pass.catalog.unread.iter().map(|unread| UnreadWire {
        spec: unread.spec.as_ref().map(ToString::to_string),
        file: &unread.file,
        line: unread.line,
        message: &unread.message,
        since: unread.since.to_string(),
        kept: unread.kept,
    });
    let wire = Wire {
        version: VERSION,
        revision: plan.basis.revision.as_str(),
        at: plan.at.to_string(),
        specs: plan.basis.specs,
        drifts: plan.drifts.iter().map(drift).collect(),
        unknown: plan.unknown.iter().map(unknown).collect(),
        steps: plan.steps.iter().map(|step| self::step(pass, step)).collect(),
        held: plan.held.iter().map(held).collect(),
        unread: unread.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &wire)?;
    writeln!(out)
}

fn drift(reported: &Reported) -> DriftWire<'_> {
    let drift = &reported.drift;
    DriftWire {
        fingerprint: reported.fingerprint.as_str(),
        rule: drift.case.rule.word(),
        code: drift.code.word(),
        spec: drift.case.spec.as_ref().map(ToString::to_string),
        subject: drift.subject.as_str(),
        severity: drift.severity.word(),
        state: reported.state.published(),
        reason: reported.reason.as_deref(),
        file: drift.place.as_ref().map(|place| &*place.file),
        line: drift.place.as_ref().map(|place| place.line),
        evidence: EvidenceWire {
            desired: &drift.desired,
            question: &drift.evidence.question,
            answer: &drift.evidence.answer,
            at: drift.evidence.at.to_string(),
            places: drift
                .evidence
                .places
                .iter()
                .map(|found| PlaceWire { file: &found.file, line: found.line, text: &found.text })
                .collect(),
        },
    }
}

fn unknown(unknown: &Unknown) -> UnknownWire<'_> {
    UnknownWire {
        spec: unknown.case.spec.as_ref().map(ToString::to_string),
        rule: unknown.case.rule.word(),
        subject: unknown.subject.as_ref().map(crate::model::Subject::as_str),
        reason: &unknown.why.reason,
        since: unknown.why.since.to_string(),
    }
}

fn step<'a>(pass: &'a Pass, step: &'a Step) -> StepWire<'a> {
    let remediation = &step.remediation;
    StepWire {
        action: step.action.word(),
        fingerprint: remediation.fingerprint.as_str(),
        rule: step.rule().word(),
        spec: remediation.case.spec.as_ref().map(ToString::to_string),
        subjects: remediation.subjects.iter().map(crate::model::Subject::as_str).collect(),
        severity: remediation.severity.word(),
        owner: remediation.owner.as_ref().map(ToString::to_string),
        title: &remediation.title,
        task_id: task_id(pass, step),
        reason: reason(&step.action),
    }
}

fn held(held: &Held) -> HeldWire<'_> {
    HeldWire {
        id: &held.id.0,
        action: held.action,
        fingerprint: held.fingerprint.as_ref().map(crate::model::Fingerprint::as_str),
        reason: &held.reason,
    }
}
