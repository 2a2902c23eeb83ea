//! A decision in full, for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::demand;
use crate::cli::decision::relations::Relations;
use crate::cli::decision::seen::Seen;
use crate::cli::decision::stand::{RuleState, Stand};
use crate::cli::decision::wire::{self, DecisionWire, VERSION};
use crate::cli::status::view::{Node, Work};
use crate::kinds::common::Link;
use crate::kinds::decision::{Choice, Rule};
use crate::model::{CodeMatch, Reported};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    version: u32,
    revision: &'a str,
    at: String,
    #[serde(flatten)]
    decision: DecisionWire<'a>,
    deciders: Vec<&'a str>,
    consulted: Vec<&'a str>,
    informed: Vec<&'a str>,
    context: &'a str,
    drivers: &'a [String],
    options: Vec<OptionWire<'a>>,
    #[serde(rename = "decision")]
    text: &'a str,
    consequences: ConsequencesWire<'a>,
    rules: Vec<RuleWire<'a>>,
    tasks: Vec<TaskWire<'a>>,
}

#[derive(Serialize)]
struct OptionWire<'a> {
    title: &'a str,
    good: &'a [String],
    bad: &'a [String],
}

#[derive(Serialize)]
struct ConsequencesWire<'a> {
    good: &'a [String],
    bad: &'a [String],
    neutral: &'a [String],
}

#[derive(Serialize)]
struct RuleWire<'a> {
    id: &'a str,
    line: u32,
    demands: String,
    severity: Option<&'static str>,
    /// `holds`, `broken`, `waived`, `unknown` or `not in force`.
    state: &'static str,
    /// What was seen, or why nobody can tell.
    seen: Option<&'a str>,
    places: Vec<PlaceWire<'a>>,
}

#[derive(Serialize)]
struct PlaceWire<'a> {
    file: &'a str,
    line: Option<u32>,
    text: &'a str,
}

/// An open remediation task.
#[derive(Serialize)]
struct TaskWire<'a> {
    id: String,
    fingerprint: &'a str,
    title: &'a str,
    status: Option<&'static str>,
    role: Option<&'a str>,
    agent: Option<&'a str>,
    due: String,
}

/// Writes everything that is known of it.
pub(super) fn write(
    seen: &Seen,
    stand: &Stand<'_>,
    relations: &Relations<'_>,
    node: Option<&Node<'_>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let decision = stand.decision;
    let consequences = &decision.consequences;
    let wire = Wire {
        version: VERSION,
        revision: seen.pass.catalog.revision.as_str(),
        at: stand.now.to_string(),
        decision: wire::decision(seen, relations, stand),
        deciders: names(&decision.deciders),
        consulted: names(&decision.consulted),
        informed: names(&decision.informed),
        context: &decision.context,
        drivers: &decision.drivers,
        options: decision.options.iter().map(option).collect(),
        text: &decision.decision,
        consequences: ConsequencesWire {
            good: &consequences.good,
            bad: &consequences.bad,
            neutral: &consequences.neutral,
        },
        rules: decision.rules.iter().map(|it| rule(it, stand)).collect(),
        tasks: node.map(tasks).unwrap_or_default(),
    };
    serde_json::to_writer_pretty(&mut *out, &wire)?;
    writeln!(out)
}

fn names(links: &[Link]) -> Vec<&str> {
    links.iter().map(|link| &**link.text()).collect()
}

fn option(choice: &Choice) -> OptionWire<'_> {
    OptionWire { title: &choice.title, good: &choice.good, bad: &choice.bad }
}

fn rule<'a>(rule: &'a Rule, stand: &Stand<'a>) -> RuleWire<'a> {
    let state = stand.rule(&rule.id.value);
    let reported: Option<&'a Reported> = match state {
        RuleState::Broken(reported) | RuleState::Waived(reported) => Some(reported),
        _ => None,
    };
    let seen = match state {
        RuleState::Unknown(none) => Some(&*none.reason),
        _ => reported.map(|reported| reported.drift.evidence.answer.as_str()),
    };
    let places = reported.into_iter().flat_map(|reported| &reported.drift.evidence.places);
    RuleWire {
        id: &rule.id.value,
        line: rule.id.span.line,
        demands: demand::words(rule),
        severity: rule.severity.map(crate::model::Severity::word),
        state: state.word(),
        seen,
        places: places.map(place).collect(),
    }
}

fn place(found: &CodeMatch) -> PlaceWire<'_> {
    PlaceWire { file: &found.file, line: found.line, text: &found.text }
}

fn tasks<'a>(node: &'a Node<'_>) -> Vec<TaskWire<'a>> {
    let drifts = node.groups.iter().filter_map(|group| {
        let title = &*group.drifts.first()?.drift.title;
        Some(task(group.work.as_ref()?, group.fingerprint.as_str(), title))
    });
    let others = node
        .without_drift
        .iter()
        .filter_map(|(record, work)| Some(task(work.as_ref()?, record.fingerprint.as_str(), &record.title)));
    drifts.chain(others).collect()
}

fn task<'a>(work: &'a Work, fingerprint: &'a str, title: &'a str) -> TaskWire<'a> {
    TaskWire {
        id: work.id.to_string(),
        fingerprint,
        title,
        status: work.status.map(crate::model::TaskStatus::word),
        role: work.role.as_deref(),
        agent: work.agent.as_deref(),
        due: work.due.to_string(),
    }
}
