//! Every drift, a line each.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::cli::paint::Paint;
use crate::cli::status::view::{Group, View};
use crate::cli::words::line;
use crate::diagnostic::{counted, plain};
use crate::model::DriftState;

/// Writes a line for each remediation task that is there or is missing, the worst first.
pub(super) fn text(view: &View<'_>, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint { color };
    let mut rows: Vec<(&Group<'_>, String)> = Vec::new();
    for node in &view.nodes {
        let spec = node.spec.as_ref().map_or_else(|| "the catalog".to_owned(), ToString::to_string);
        rows.extend(node.groups.iter().map(|group| (group, spec.clone())));
    }
    rows.sort_by_key(|(group, _)| std::cmp::Reverse(group.severity()));
    for (group, spec) in &rows {
        let Some((first, telling)) = group.drifts.first().zip(group.telling()) else { continue };
        let severity = paint.severity(group.severity(), &format!("{:<8}", group.severity().word()));
        let more = if group.drifts.len() > 1 { format!(" and {} more", group.drifts.len() - 1) } else { String::new() };
        let task = group.work.as_ref().map(|work| format!(", task {}", work.id)).unwrap_or_default();
        let about = paint.dim(&format!("({spec}{task})"));
        let (id, state) = (group.fingerprint.short(), telling.state.word());
        writeln!(out, "{id}  {severity}  {state:<6}  {}{more} {about}", line(&first.drift.title))?;
        let why = telling.reason.as_ref().filter(|_| telling.state == DriftState::Held);
        why.map_or(Ok(()), |why| writeln!(out, "{:22}{}", "", paint.dim(&plain(why))))?;
    }
    let specs = format!("{} at {}", counted(view.pass.catalog.len(), "spec"), view.pass.catalog.revision.short());
    // Drifts of one task share a line, and every other command counts the drifts.
    let (drifts, tasks) = (view.pass.plan.drifts.len(), rows.len());
    let lines = if drifts == tasks { String::new() } else { format!(" on {}", counted(tasks, "line")) };
    match (drifts, view.pass.plan.unknown.len()) {
        (0, 0) => writeln!(out, "{}: {specs}", paint.good("No drift")),
        (0, unknown) => writeln!(out, "No drift, {unknown} unknown: {specs}; `abide status` says of what"),
        (1, _) => writeln!(out, "1 drift: {specs}; `abide drift explain ID` says all about it"),
        (many, _) => writeln!(out, "{many} drifts{lines}: {specs}; `abide drift explain ID` says all about one"),
    }
}

/// Writes the same for programs.
pub(super) fn json(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let drifts: Vec<Value> = view.nodes.iter().flat_map(|node| &node.groups).filter_map(brief).collect();
    let (revision, at) = (view.pass.catalog.revision.as_str(), view.pass.plan.at.to_string());
    writeln!(out, "{:#}", json!({"version": 1, "revision": revision, "at": at, "drifts": drifts}))
}

/// One drift in short.
pub(super) fn brief(group: &Group<'_>) -> Option<Value> {
    let (first, telling) = group.drifts.first().zip(group.telling())?;
    Some(json!({
        "fingerprint": group.fingerprint.as_str(),
        "rule": first.drift.case.rule.word(),
        "code": first.drift.code.word(),
        "spec": first.drift.case.spec.as_ref().map(ToString::to_string),
        "subjects": group.drifts.iter().map(|it| it.drift.subject.as_str()).collect::<Vec<_>>(),
        "severity": group.severity().word(),
        "state": telling.state.published(),
        "reason": telling.reason,
        "title": first.drift.title,
        "taskId": group.work.as_ref().map(|work| work.id.to_string()),
    }))
}
