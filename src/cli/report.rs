//! A pass as people and programs read it.

use std::io::{self, Write};

use serde::Serialize;

use crate::engine::Pass;
use crate::model::{Action, DriftState, Held, Reported, Severity, Step, Unknown};

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
pub(super) fn json(pass: &Pass, out: &mut dyn Write) -> io::Result<()> {
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
        state: reported.state.word(),
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

/// The task that a step is about: the one that it opened, where it has been carried out.
fn task_id(pass: &Pass, step: &Step) -> Option<String> {
    let opened = pass.outcome.iter().flat_map(|outcome| &outcome.opened);
    let mut opened = opened.filter(|(fingerprint, _)| *fingerprint == step.remediation.fingerprint);
    opened.next().map(|(_, id)| id.to_string()).or_else(|| step.remediation.task.as_ref().map(ToString::to_string))
}

fn reason(action: &Action) -> Option<&str> {
    match action {
        Action::Close(reason) => Some(reason.word()),
        Action::Reopen { why } => Some(why),
        _ => None,
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

/// Writes a pass for people: what is broken, what it does about it, what waits and what it cannot tell.
pub(super) fn text(pass: &Pass, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let plan = &pass.plan;
    let paint = Paint { color };
    for step in &plan.steps {
        write_step(pass, step, paint, out)?;
    }
    for held in &plan.held {
        writeln!(out, "{} {}  {}", paint.dim("held   "), held.id, held.reason)?;
    }
    for unread in &pass.catalog.unread {
        let spec = unread.spec.as_ref().map_or_else(|| "a document".into(), ToString::to_string);
        let kept = if unread.kept { "its last readable version is in force" } else { "nothing is known of it" };
        writeln!(
            out,
            "{} {spec} at {}:{}: {}; {kept}",
            paint.warn("unread "),
            unread.file,
            unread.line,
            unread.message
        )?;
    }
    for none in &plan.unknown {
        let subject = none.subject.as_ref().map(|subject| format!(" {subject}")).unwrap_or_default();
        writeln!(out, "{} {}{subject}: {}", paint.dim("unknown"), none.case, none.why.reason)?;
    }
    summary(pass, paint, out)
}

fn write_step(pass: &Pass, step: &Step, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let remediation = &step.remediation;
    let task = task_id(pass, step).map(|id| format!(" task {id}")).unwrap_or_default();
    let owner = remediation.owner.as_ref().map(|owner| format!(" -> {owner}")).unwrap_or_default();
    let action = format!("{:<7}", step.action.word());
    let severity = format!("{:<8}", remediation.severity.word());
    let (action, severity) = (paint.action(&step.action, &action), paint.severity(remediation.severity, &severity));
    writeln!(out, "{action} {severity} {}{task}{owner}", remediation.title)?;
    let spec = remediation.case.spec.as_ref().map_or_else(|| "the catalog".into(), ToString::to_string);
    let why = reason(&step.action).map(|why| format!("; {why}")).unwrap_or_default();
    writeln!(out, "        {}", paint.dim(&format!("{} of {spec}{why}", remediation.code)))?;
    for drift in remediation.drifts.iter().take(5) {
        let place = drift.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
        writeln!(out, "        wanted: {}{place}", drift.desired)?;
        writeln!(out, "        seen:   {}", drift.evidence.answer)?;
    }
    if remediation.drifts.len() > 5 {
        writeln!(out, "        … and {} more", remediation.drifts.len() - 5)?;
    }
    Ok(())
}

fn summary(pass: &Pass, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let plan = &pass.plan;
    let at = format!("{} specs at {}", plan.basis.specs, plan.basis.revision.short());
    let unsure = match plan.unknown.len() {
        0 => String::new(),
        many => format!(", {many} unknown"),
    };
    if plan.drifts.is_empty() && plan.steps.is_empty() && plan.held.is_empty() {
        return writeln!(out, "{}{unsure}: {at}", paint.good("No drift"));
    }
    let state = |state: DriftState| plan.drifts.iter().filter(|reported| reported.state == state).count();
    let done = if pass.outcome.is_some() { "done" } else { "to do" };
    writeln!(
        out,
        "{} drifts ({} new, {} open, {} waived, {} held){unsure}; {} steps {done}: {at}",
        plan.drifts.len(),
        state(DriftState::New),
        state(DriftState::Open),
        state(DriftState::Waived),
        state(DriftState::Held),
        plan.steps.len(),
    )
}

/// Colours, where they are wanted.
#[derive(Clone, Copy)]
pub(super) struct Paint {
    /// Whether they are.
    pub color: bool,
}

impl Paint {
    fn with(self, style: anstyle::Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    const fn of(color: anstyle::AnsiColor) -> anstyle::Style {
        color.on_default()
    }

    /// For what matters less.
    pub(super) fn dim(self, text: &str) -> String {
        self.with(anstyle::Style::new().dimmed(), text)
    }

    /// For what is well.
    pub(super) fn good(self, text: &str) -> String {
        self.with(Self::of(anstyle::AnsiColor::Green).bold(), text)
    }

    /// For what needs a look.
    pub(super) fn warn(self, text: &str) -> String {
        self.with(Self::of(anstyle::AnsiColor::Yellow), text)
    }

    /// For names.
    pub(super) fn bold(self, text: &str) -> String {
        self.with(anstyle::Style::new().bold(), text)
    }

    /// By severity.
    pub(super) fn severity(self, severity: Severity, text: &str) -> String {
        match severity {
            Severity::Critical => self.with(Self::of(anstyle::AnsiColor::Red).bold(), text),
            Severity::High => self.with(Self::of(anstyle::AnsiColor::Red), text),
            Severity::Medium => self.with(Self::of(anstyle::AnsiColor::Yellow), text),
            Severity::Low => text.to_owned(),
        }
    }

    fn action(self, action: &Action, text: &str) -> String {
        match action {
            Action::Close(_) => self.good(text),
            Action::Open | Action::Reopen { .. } => self.warn(text),
            Action::Update | Action::Assign(_) => text.to_owned(),
        }
    }
}
