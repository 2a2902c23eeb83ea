//! How things stand for programs: JSON, and a table.

use std::io::{self, Write};

use serde::Serialize;

use super::view::{Group, Level, Node, View, Work};
use crate::cli::table;
use crate::cli::words::line;

/// The version of the JSON.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Wire<'a> {
    version: u32,
    revision: &'a str,
    at: String,
    judged: bool,
    doubt: Option<&'a str>,
    specs: Vec<SpecWire<'a>>,
    held: Vec<HeldWire<'a>>,
}

#[derive(Serialize)]
struct SpecWire<'a> {
    spec: Option<String>,
    title: Option<&'a str>,
    state: &'a str,
    severity: Option<&'a str>,
    objectives: Vec<LevelWire<'a>>,
    drifts: Vec<DriftWire<'a>>,
    unknown: Vec<UnknownWire<'a>>,
    unread: Vec<UnreadWire<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LevelWire<'a> {
    /// The objective that it is: `objective/0`, or `objective/composite`.
    subject: &'a str,
    index: Option<usize>,
    name: Option<&'a str>,
    state: &'a str,
    reason: Option<&'a str>,
    target: Option<f64>,
    good: Option<u64>,
    total: Option<u64>,
    budget_left: Option<f64>,
}

#[derive(Serialize)]
struct DriftWire<'a> {
    fingerprint: &'a str,
    rule: &'a str,
    code: &'a str,
    severity: &'a str,
    state: &'a str,
    reason: Option<&'a str>,
    title: &'a str,
    subjects: Vec<&'a str>,
    task: Option<WorkWire<'a>>,
}

#[derive(Serialize)]
struct WorkWire<'a> {
    id: String,
    status: Option<&'a str>,
    role: Option<&'a str>,
    agent: Option<&'a str>,
    due: String,
}

#[derive(Serialize)]
struct UnknownWire<'a> {
    rule: &'a str,
    subject: Option<&'a str>,
    reason: &'a str,
    since: String,
}

#[derive(Serialize)]
struct UnreadWire<'a> {
    file: &'a str,
    line: u32,
    message: &'a str,
    since: String,
    kept: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HeldWire<'a> {
    id: &'a str,
    action: &'a str,
    reason: &'a str,
    needs_person: bool,
}

/// Writes the nodes as JSON.
pub(super) fn json(view: &View<'_>, nodes: &[&Node<'_>], out: &mut dyn Write) -> io::Result<()> {
    let held = view.pass.plan.held.iter().map(|held| HeldWire {
        id: &held.id.0,
        action: held.action,
        reason: &held.reason,
        needs_person: held.needs_person,
    });
    let judged = view.doubt.is_none();
    let wire = Wire {
        version: VERSION,
        revision: view.pass.catalog.revision.as_str(),
        at: view.pass.plan.at.to_string(),
        judged,
        doubt: view.doubt,
        specs: nodes.iter().map(|node| spec(node, judged)).collect(),
        held: held.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &wire)?;
    writeln!(out)
}

fn spec<'a>(node: &'a Node<'_>, judged: bool) -> SpecWire<'a> {
    let unknown = node.unknown.iter().map(|unknown| UnknownWire {
        rule: unknown.case.rule.word(),
        subject: unknown.subject.as_ref().map(crate::model::Subject::as_str),
        reason: &unknown.why.reason,
        since: unknown.why.since.to_string(),
    });
    let unread = node.unread.iter().map(|unread| UnreadWire {
        file: &unread.file,
        line: unread.line,
        message: &unread.message,
        since: unread.since.to_string(),
        kept: unread.kept,
    });
    SpecWire {
        spec: node.spec.as_ref().map(ToString::to_string),
        title: node.title,
        state: if judged { node.word() } else { "not judged" },
        severity: node.severity().map(crate::model::Severity::word),
        objectives: node.levels.iter().map(level).collect(),
        drifts: node.groups.iter().filter_map(drift).collect(),
        unknown: unknown.collect(),
        unread: unread.collect(),
    }
}

fn level(level: &Level) -> LevelWire<'_> {
    let figures = level.figures.as_ref();
    LevelWire {
        subject: level.subject.as_str(),
        index: level.subject.as_str().strip_prefix("objective/").and_then(|index| index.parse().ok()),
        name: level.name.as_deref(),
        state: level.state.word(),
        reason: level.state.reason(),
        target: figures.map(|figures| figures.target.shown()),
        good: figures.map(|figures| figures.good as u64),
        total: figures.map(|figures| figures.total as u64),
        budget_left: figures.map(crate::kinds::slo::Figures::budget_left),
    }
}

fn drift<'a>(group: &'a Group<'_>) -> Option<DriftWire<'a>> {
    let (first, telling) = group.drifts.first().zip(group.telling())?;
    Some(DriftWire {
        fingerprint: group.fingerprint.as_str(),
        rule: first.drift.case.rule.word(),
        code: first.drift.code.word(),
        severity: group.severity().word(),
        state: telling.state.published(),
        reason: telling.reason.as_deref(),
        title: &first.drift.title,
        subjects: group.drifts.iter().map(|reported| reported.drift.subject.as_str()).collect(),
        task: group.work.as_ref().map(work),
    })
}

fn work(work: &Work) -> WorkWire<'_> {
    WorkWire {
        id: work.id.to_string(),
        status: work.status.map(crate::model::TaskStatus::word),
        role: work.role.as_deref(),
        agent: work.agent.as_deref(),
        due: work.due.to_string(),
    }
}

/// Writes a row for every remediation task that there is or will be, and for every spec that is not healthy without one.
pub(super) fn table(nodes: &[&Node<'_>], all: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = Vec::new();
    for node in nodes {
        let spec = node.spec.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
        let cell = |text: Option<&str>| text.map_or_else(|| "-".to_owned(), line);
        for group in &node.groups {
            let (Some((first, telling)), work) = (group.drifts.first().zip(group.telling()), group.work.as_ref())
            else {
                continue;
            };
            rows.push([
                spec.clone(),
                telling.state.word().to_owned(),
                group.severity().word().to_owned(),
                group.fingerprint.short().to_owned(),
                work.map_or_else(|| "-".to_owned(), |work| work.id.to_string()),
                cell(work.and_then(|work| work.status).map(crate::model::TaskStatus::word)),
                cell(work.and_then(|work| work.agent.as_deref())),
                line(&first.drift.title),
            ]);
        }
        if node.groups.is_empty() && (all || !node.is_healthy()) {
            let nothing = || "-".to_owned();
            let title = line(node.title.unwrap_or_default());
            let state = node.word().to_owned();
            rows.push([spec, state, nothing(), nothing(), nothing(), nothing(), nothing(), title]);
        }
    }
    let heads = ["SPEC", "STATE", "SEVERITY", "DRIFT", "TASK", "STATUS", "AGENT", "TITLE"];
    table::write(heads, &rows, out)
}
