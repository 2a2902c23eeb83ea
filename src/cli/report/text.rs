//! A pass as people read it.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use super::{reason, task_id};
use crate::cli::paint::Paint;
use crate::cli::words::line;
use crate::diagnostic::{counted, plain};
use crate::engine::Pass;
use crate::model::{Drift, DriftState, Fingerprint, HoldId, Plan, Step};

/// Writes a pass for people: what is broken, what it does about it, what waits and what it cannot tell.
pub(in crate::cli) fn text(pass: &Pass, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let plan = &pass.plan;
    let paint = Paint { color };
    for step in &plan.steps {
        write_step(pass, step, paint, out)?;
    }
    shown(pass, paint, out)?;
    for held in &plan.held {
        writeln!(out, "{} {}  {}", paint.dim("held   "), held.id, plain(&held.reason))?;
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
            plain(&unread.message)
        )?;
    }
    for none in &plan.unknown {
        let subject = none.subject.as_ref().map(|subject| format!(" {}", plain(subject.as_str()))).unwrap_or_default();
        writeln!(out, "{} {}{subject}: {}", paint.dim("unknown"), none.case, plain(&none.why.reason))?;
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
    writeln!(out, "{action} {severity} {}{task}{owner}", line(&remediation.title))?;
    let spec = remediation.case.spec.as_ref().map_or_else(|| "the catalog".into(), ToString::to_string);
    let why = reason(&step.action).map(|why| format!("; {}", plain(why))).unwrap_or_default();
    writeln!(out, "        {}", paint.dim(&format!("{} of {spec}{why}", remediation.code)))?;
    seen(&remediation.drifts, out)
}

/// What was wanted and seen of each drift of a task.
fn seen(drifts: &[Arc<Drift>], out: &mut dyn Write) -> io::Result<()> {
    for drift in drifts.iter().take(5) {
        let place = drift.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
        writeln!(out, "        wanted: {}{place}", plain(&drift.desired))?;
        writeln!(out, "        seen:   {}", plain(&drift.evidence.answer))?;
    }
    if drifts.len() > 5 {
        writeln!(out, "        … and {} more", drifts.len() - 5)?;
    }
    Ok(())
}

/// What only is to be seen, by the task that there would be.
fn shown(pass: &Pass, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let mut groups: BTreeMap<&Fingerprint, Vec<Arc<Drift>>> = BTreeMap::new();
    let shown = pass.plan.drifts.iter().filter(|reported| reported.state == DriftState::Shown);
    shown.for_each(|it| groups.entry(&it.fingerprint).or_default().push(it.drift.clone()));
    for drifts in groups.values() {
        let Some(first) = drifts.first() else { continue };
        let worst = drifts.iter().map(|drift| drift.severity).max().unwrap_or_default();
        let severity = paint.severity(worst, &format!("{:<8}", worst.word()));
        let more = if drifts.len() > 1 { format!(", and {} more", drifts.len() - 1) } else { String::new() };
        writeln!(out, "{} {severity} {}{more}", paint.warn("shown  "), line(&first.title))?;
        let spec = first.case.spec.as_ref().map_or_else(|| "the catalog".into(), ToString::to_string);
        writeln!(out, "        {}", paint.dim(&format!("{} of {spec}; onDrift: warn opens no task", first.code)))?;
        seen(drifts, out)?;
    }
    Ok(())
}

/// How many drifts there are, and what becomes of them.
pub(in crate::cli) fn drifts(plan: &Plan) -> String {
    let state = |state: DriftState| plan.drifts.iter().filter(|reported| reported.state == state).count();
    let shown = match state(DriftState::Shown) {
        0 => String::new(),
        shown => format!(", {shown} only shown"),
    };
    format!(
        "{} ({} new, {} open, {} waived, {} held{shown})",
        counted(plan.drifts.len(), "drift"),
        state(DriftState::New),
        state(DriftState::Open),
        state(DriftState::Waived),
        state(DriftState::Held),
    )
}

fn summary(pass: &Pass, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let plan = &pass.plan;
    let at = format!("{} at {}", counted(plan.basis.specs, "spec"), plan.basis.revision.short());
    let unsure = match plan.unknown.len() {
        0 => String::new(),
        many => format!(", {many} unknown"),
    };
    if plan.drifts.is_empty() && plan.steps.is_empty() && plan.held.is_empty() {
        return writeln!(out, "{}{unsure}: {at}", paint.good("No drift"));
    }
    if plan.held.iter().any(|held| held.id == HoldId::of_tree(&pass.catalog.revision)) {
        let (looks, ours) = (pass.catalog.revision.short(), plan.basis.revision.short());
        let what = paint.warn("Nothing was judged");
        let fix = "`abide holds release` puts them in force";
        return writeln!(
            out,
            "{what}: the specs at {looks} wait for a person, and those at {ours} are in force; {fix}"
        );
    }
    let done = if pass.outcome.is_some() { "done" } else { "to do" };
    writeln!(out, "{}{unsure}; {} {done}: {at}", drifts(plan), counted(plan.steps.len(), "step"))
}
