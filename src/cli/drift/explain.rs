//! Everything that is known of one drift.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::list::brief;
use crate::cli::paint::Paint;
use crate::cli::status::view::{Group, Node, View};
use crate::cli::words::lines;
use crate::diagnostic::plain;
use crate::kinds::RuleDef;
use crate::model::{Drift, Duration, Place, Record, Timestamp};

/// How many subjects and places are shown of each.
const MOST: usize = 20;

/// Writes everything for people.
pub(super) fn text(
    view: &View<'_>,
    node: &Node<'_>,
    group: &Group<'_>,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some((first, telling)) = group.drifts.first().zip(group.telling()) else { return Ok(()) };
    let (paint, drift) = (Paint { color }, &*first.drift);
    let severity = group.severity();
    writeln!(out, "{}  {}", paint.severity(severity, severity.word()), paint.bold(&plain(&drift.title)))?;
    let reason = telling.reason.as_ref().map(|reason| format!(": {}", plain(reason))).unwrap_or_default();
    lines("state", &format!("{}{reason}", telling.state.word()), out)?;
    lines("code", drift.code.word(), out)?;
    let spec = node.spec.as_ref().map_or_else(|| "the catalog as a whole".to_owned(), ToString::to_string);
    let title = node.title.map(|title| format!(" ({title})")).unwrap_or_default();
    lines("spec", &format!("{spec}{title}"), out)?;
    lines("rule", &format!("{}: {}", drift.case.rule, means(drift)), out)?;
    lines("wanted", &drift.desired, out)?;
    if let Some(place) = &drift.place {
        let revision = view.pass.catalog.revision.short();
        lines("", &format!("{place} at {revision}"), out)?;
        source(view, place).map_or(Ok(()), |line| lines("", &format!("{} | {line}", place.line), out))?;
    }
    observed(group, out)?;
    history(view, group, out)?;
    lines("to mend", &drift.fix.how, out)?;
    drift.fix.patch.iter().try_for_each(|patch| lines("patch", patch, out))?;
    lines("verified", &drift.fix.verify, out)
}

fn means(drift: &Drift) -> &'static str {
    RuleDef::of(drift.case.rule).map_or("", |rule| rule.means)
}

/// The line that wants it, as the specs have it now.
fn source<'v>(view: &'v View<'_>, place: &Place) -> Option<&'v str> {
    let line = (place.line as usize).checked_sub(1)?;
    view.pass.catalog.text(&place.file)?.lines().nth(line)
}

fn observed(group: &Group<'_>, out: &mut dyn Write) -> io::Result<()> {
    for (index, reported) in group.drifts.iter().take(MOST).enumerate() {
        let drift = &reported.drift;
        if index == 0 {
            lines("asked", &plain(&drift.evidence.question), out)?;
            lines("", &format!("at {}", drift.evidence.at), out)?;
        }
        let answer = if group.drifts.len() > 1 {
            format!("{}: {}", drift.subject, drift.evidence.answer)
        } else {
            format!("{} ({})", drift.evidence.answer, drift.subject)
        };
        lines(if index == 0 { "answer" } else { "" }, &plain(&answer), out)?;
        for found in drift.evidence.places.iter().take(MOST) {
            let line = found.line.map(|line| format!(":{line}")).unwrap_or_default();
            lines("", &format!("{}{line}: {}", found.file, found.text), out)?;
        }
        let more = drift.evidence.places.len().saturating_sub(MOST);
        if more > 0 {
            lines("", &format!("… and {more} more places; -o json has them all"), out)?;
        }
    }
    let more = group.drifts.len().saturating_sub(MOST);
    if more > 0 { lines("", &format!("… and {more} more subjects; -o json has them all"), out) } else { Ok(()) }
}

fn record<'v>(view: &'v View<'_>, group: &Group<'_>) -> Option<&'v Record> {
    view.pass.ledger.records.get(group.fingerprint)
}

fn history(view: &View<'_>, group: &Group<'_>, out: &mut dyn Write) -> io::Result<()> {
    let now = view.pass.plan.at;
    match record(view, group) {
        Some(record) => {
            lines("since", &format!("{} ({} ago)", record.opened, now.since(record.opened)), out)?;
        }
        None => lines("since", "now: no pass has recorded it yet", out)?,
    }
    lines("drift", group.fingerprint.as_str(), out)?;
    match &group.work {
        None => lines("task", "none yet", out)?,
        Some(work) => {
            let status = work.status.map_or("its row is gone", crate::model::TaskStatus::word);
            let role = work.role.as_ref().map(|role| format!(" -> {role}")).unwrap_or_default();
            let agent = work.agent.as_ref().map(|agent| format!(", {agent}")).unwrap_or_default();
            lines("task", &format!("{} {status}{role}{agent}, {}", work.id, due(work.due, now)), out)?;
        }
    }
    let counted = |count: u32| if count == 1 { "once".to_owned() } else { format!("{count} times") };
    for record in record(view, group).iter() {
        if record.flaps > 0 {
            lines("flaps", &format!("it came back {}", counted(record.flaps)), out)?;
        }
        if record.attempts > 0 {
            lines("attempts", &format!("reopened {} after its task failed", counted(record.attempts)), out)?;
        }
    }
    Ok(())
}

fn due(due: Timestamp, now: Timestamp) -> String {
    let left = due.since(now);
    if left == Duration::default() { format!("overdue by {}", now.since(due)) } else { format!("due in {left}") }
}

/// Writes everything for programs.
pub(super) fn json(view: &View<'_>, group: &Group<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (Some(first), Some(Value::Object(mut whole))) = (group.drifts.first(), brief(group)) else { return Ok(()) };
    let drift = &first.drift;
    let place = drift.place.as_ref();
    let observed: Vec<Value> = group.drifts.iter().map(|reported| evidence(&reported.drift)).collect();
    let known = record(view, group)
        .map(|record| json!({"since": record.opened.to_string(), "flaps": record.flaps, "attempts": record.attempts}));
    let task = group.work.as_ref().map(|work| {
        json!({
            "id": work.id.to_string(),
            "status": work.status.map(crate::model::TaskStatus::word),
            "role": work.role.as_deref(),
            "agent": work.agent.as_deref(),
            "due": work.due.to_string(),
        })
    });
    let rest = json!({
        "version": 1,
        "means": means(drift),
        "desired": {
            "text": drift.desired,
            "revision": view.pass.catalog.revision.as_str(),
            "file": place.map(|place| &*place.file),
            "line": place.map(|place| place.line),
            "source": place.and_then(|place| source(view, place)),
        },
        "observed": observed,
        "ledger": known,
        "task": task,
        "fix": {"how": drift.fix.how, "patch": drift.fix.patch},
        "verify": drift.fix.verify,
    });
    if let Value::Object(rest) = rest {
        whole.extend(rest);
    }
    writeln!(out, "{:#}", Value::Object(whole))
}

fn evidence(drift: &Drift) -> Value {
    let places = drift.evidence.places.iter();
    let places = places.map(|found| json!({"file": &*found.file, "line": found.line, "text": &*found.text}));
    json!({
        "subject": drift.subject.as_str(),
        "question": drift.evidence.question,
        "answer": drift.evidence.answer,
        "at": drift.evidence.at.to_string(),
        "places": places.collect::<Vec<_>>(),
    })
}
