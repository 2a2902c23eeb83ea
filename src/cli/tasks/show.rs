//! One task in full.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::find::{Found, find};
use super::list::TaskWire;
use crate::cli::output::{Output, write_all};
use crate::cli::paint::Paint;
use crate::cli::plan::Format;
use crate::cli::words::lines;
use crate::cli::{CliError, Io, setup};
use crate::diagnostic::plain;
use crate::engine::Handle;
use crate::model::{ABIDE, Demand, Policy, Record, RecordState, Task, TaskId, TaskStatus, Timestamp};
use crate::store::{Details, Filter};

/// Shows one task; of a remediation task also what is wanted, what was seen and how to mend it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The task's key; of a remediation task the fingerprint or its beginning as well.
    pub id: String,
    /// What to write: text or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

pub(super) async fn run(args: &Args, handle: &Handle, io: &mut Io) -> Result<(), CliError> {
    let mut found = find(handle, &args.id).await?;
    for id in found.listed.needs.clone() {
        let rows = handle.list(Filter { id: Some(id.clone()), ..Filter::default() }).await?;
        found.needs.push((id, rows.first().map(|row| row.task.status)));
    }
    write(&found, setup::now(), &args.output, io)
}

/// Writes a task in every format that is asked for.
fn write(found: &Found, now: Timestamp, output: &[Output<Format>], io: &mut Io) -> Result<(), CliError> {
    write_all(output, Format::Text, io, |format, color, out| match format {
        Format::Text => text(found, now, Paint { color }, out),
        Format::Json => {
            let task = serde_json::to_value(TaskWire::of(&found.listed))?;
            let ledger = found.record.as_ref().map(ledger);
            let content = content(&found.listed.task);
            let context = context(found);
            let needs: Vec<&str> = found.listed.needs.iter().map(|id| &*id.0).collect();
            let whole = json!({
                "version": 1, "task": task, "content": content, "needs": needs, "context": context, "ledger": ledger
            });
            writeln!(out, "{whole:#}")
        }
    })
}

/// What the task asks for, as one digest.
fn content(task: &Task) -> String {
    format!("sha256:{}", task.content.digest())
}

/// The context of the row, where it is JSON.
fn context(found: &Found) -> Option<Value> {
    serde_json::from_str(found.listed.context.as_deref()?).ok()
}

fn ledger(record: &Record) -> Value {
    let (state, reason, closed) = match record.state {
        RecordState::Open => ("open", None, None),
        RecordState::Closed { reason, at } => ("closed", Some(reason.word()), Some(at.to_string())),
    };
    let refusal = record.wont_fix.as_ref();
    json!({
        "fingerprint": record.fingerprint.as_str(),
        "rule": record.case.rule.word(),
        "code": record.code.word(),
        "spec": record.case.spec.as_ref().map(ToString::to_string),
        "subjects": record.subjects.iter().map(crate::model::Subject::as_str).collect::<Vec<_>>(),
        "state": state,
        "reason": reason,
        "closed": closed,
        "opened": record.opened.to_string(),
        "due": due(record).to_string(),
        "flaps": record.flaps,
        "attempts": record.attempts,
        "wontFix": refusal.map(|it| json!({"until": it.until.to_string(), "by": &*it.by, "reason": &*it.reason})),
    })
}

const fn due(record: &Record) -> Timestamp {
    record.opened.plus(Policy::due_within(record.severity))
}

fn text(found: &Found, now: Timestamp, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let task = &found.listed.task;
    let severity = paint.severity(task.severity, task.severity.word());
    let title = paint.bold(&plain(&task.title));
    writeln!(out, "task {}  {}  {severity}  {title}", plain(&task.id.0), task.status)?;
    row(task, now, out)?;
    details(found, now, out)?;
    found.needs.iter().try_for_each(|(id, status)| lines("needs", &need(id, *status), out))?;
    let context = context(found);
    let abide = context.as_ref().and_then(|context| context.get(ABIDE));
    if let Some(abide) = abide {
        remediation(abide, out)?;
    } else {
        found.listed.details.body.iter().try_for_each(|body| lines("body", body, out))?;
        foreign(found, context.as_ref(), out)?;
    }
    match &found.record {
        Some(record) => of_record(record, now, paint, out),
        None => Ok(()),
    }
}

/// What the team keeps in the row's context.
fn foreign(found: &Found, context: Option<&Value>, out: &mut dyn Write) -> io::Result<()> {
    if let Some(text) = found.listed.context.as_deref().filter(|text| !text.trim().is_empty()) {
        let shown = context.map_or_else(|| text.to_owned(), |context| format!("{context:#}"));
        lines("context", &shown, out)?;
    }
    Ok(())
}

fn row(task: &Task, now: Timestamp, out: &mut dyn Write) -> io::Result<()> {
    lines("type", &task.kind, out)?;
    lines("role", task.role.as_deref().unwrap_or("nobody"), out)?;
    lines("agent", task.agent.as_deref().unwrap_or("nobody yet"), out)?;
    task.author.iter().try_for_each(|author| lines("author", author, out))?;
    for (key, value) in &task.labels {
        lines("label", &format!("{key}={value}"), out)?;
    }
    lines("created", &format!("{} ({} ago)", task.created, task.age(now)), out)?;
    let points = [("claimed", task.claimed), ("started", task.started), ("finished", task.finished)];
    points.into_iter().try_for_each(|(name, at)| at.map_or(Ok(()), |at| lines(name, &at.to_string(), out)))
}

/// What a task waits for, how that stands, and what to do where it will never come to be by itself.
fn need(id: &TaskId, status: Option<TaskStatus>) -> String {
    match status {
        None => format!("task {id}, which is not there"),
        Some(status @ (TaskStatus::Failed | TaskStatus::Cancelled)) => {
            format!(
                "task {id}, which is {status}: `abide tasks retry {id}`, or take it out with `abide tasks depend --remove`"
            )
        }
        Some(status) => format!("task {id}, which is {status}"),
    }
}

/// What else the table tells, and who holds the task.
fn details(found: &Found, now: Timestamp, out: &mut dyn Write) -> io::Result<()> {
    let listed = &found.listed;
    let Details { due, not_before, attempts, tries, parent, demand, result, error, .. } = &listed.details;
    if let Some(lease) = &listed.lease {
        let left = if lease.until > now { format!("in {}", lease.until.since(now)) } else { "over".to_owned() };
        lines("lease", &format!("{} until {} ({left}), token {}", lease.agent, lease.until, lease.token), out)?;
    }
    // Of a remediation task the ledger tells when it is due.
    let due = due.filter(|_| found.record.is_none());
    due.map_or(Ok(()), |due| lines("due", &due.to_string(), out))?;
    let rests = not_before.filter(|at| *at > now && listed.task.status == TaskStatus::Pending);
    rests.map_or(Ok(()), |at| lines("rests", &format!("until {at}"), out))?;
    if let Some(tries) = tries.filter(|tries| *tries > 1) {
        lines("tries", &format!("{attempts} of {tries} have failed"), out)?;
    }
    parent.iter().try_for_each(|parent| lines("part of", parent, out))?;
    let Demand { skills, site } = demand;
    if !skills.is_empty() {
        let skills: Vec<&str> = skills.iter().map(|skill| &**skill).collect();
        lines("skills", &skills.join(", "), out)?;
    }
    let places = [("class", &site.class), ("region", &site.region), ("machine", &site.machine)];
    places.into_iter().try_for_each(|(name, place)| place.as_ref().map_or(Ok(()), |place| lines(name, place, out)))?;
    error.iter().try_for_each(|error| lines("error", error, out))?;
    result.iter().try_for_each(|result| lines("result", result, out))
}

/// What Abide wrote into the task.
fn remediation(abide: &Value, out: &mut dyn Write) -> io::Result<()> {
    let text = |pointer: &str| abide.pointer(pointer).and_then(Value::as_str);
    let mut say = |name: &str, text: Option<&str>| text.map_or(Ok(()), |text| lines(name, text, out));
    say("rule", text("/rule"))?;
    say("spec", text("/spec"))?;
    say("wanted", text("/desired/text"))?;
    if let Some(file) = text("/desired/file") {
        let line = abide.pointer("/desired/line").and_then(Value::as_u64).map(|line| format!(":{line}"));
        let revision = text("/desired/revision").map(|it| it.get(..10).unwrap_or(it)).unwrap_or_default();
        say("", Some(&format!("{file}{} at {revision}", line.unwrap_or_default())))?;
    }
    say("asked", text("/observed/question"))?;
    say("seen", text("/observed/answer"))?;
    say("", text("/observed/at").map(|at| format!("at {at}")).as_deref())?;
    for place in abide.pointer("/observed/places").and_then(Value::as_array).into_iter().flatten() {
        let file = place.get("file").and_then(Value::as_str).unwrap_or_default();
        let line = place.get("line").and_then(Value::as_u64).map(|line| format!(":{line}")).unwrap_or_default();
        let found = place.get("text").and_then(Value::as_str).unwrap_or_default();
        say("", Some(&format!("{file}{line}: {found}")))?;
    }
    say("changed", text("/changed"))?;
    say("to mend", text("/fix/how"))?;
    say("patch", text("/fix/patch"))?;
    say("verified", text("/verify"))?;
    say("reopened", text("/reopened/why"))
}

/// What the ledger knows.
fn of_record(record: &Record, now: Timestamp, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    lines("drift", &format!("{}, since {}", record.fingerprint, record.opened), out)?;
    let subjects: Vec<&str> = record.subjects.iter().map(crate::model::Subject::as_str).collect();
    lines("subjects", &subjects.join(", "), out)?;
    let state = match record.state {
        RecordState::Open if due(record) < now => {
            paint.warn(&format!("open, overdue by {} (due {})", now.since(due(record)), due(record)))
        }
        RecordState::Open => format!("open, due {} (in {})", due(record), due(record).since(now)),
        RecordState::Closed { reason, at } => format!("closed at {at}: {}", reason.word()),
    };
    lines("ledger", &state, out)?;
    if record.flaps > 0 {
        lines("flaps", &format!("it came back {}", times(record.flaps)), out)?;
    }
    if record.attempts > 0 {
        lines("attempts", &format!("reopened {} after it failed", times(record.attempts)), out)?;
    }
    if let Some(refusal) = &record.wont_fix {
        lines("refused", &format!("by {} until {}: {}", refusal.by, refusal.until, refusal.reason), out)?;
    }
    Ok(())
}

fn times(count: u32) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}
