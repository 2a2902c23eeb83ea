//! What the demo built and what Abide found in it.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use super::Made;
use crate::cli::report::Paint;
use crate::engine::Pass;
use crate::model::{DriftState, Fingerprint, Reported, SpecId, Step};

/// Tells it.
pub(super) fn tell(dir: &Path, made: &Made, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let Made { built, pass } = made;
    let built_again = if built.again { "Built anew" } else { "Built" };
    writeln!(out, "{built_again} an agency of AI agents in {}:", paint.bold(&dir.display().to_string()))?;
    writeln!(
        out,
        "  {} specs in git, in {} commits: who does which work, who must say yes, what was",
        pass.plan.basis.specs, built.commits
    )?;
    writeln!(out, "  decided, how well it must go")?;
    writeln!(out, "  {} tasks of a month in agency.db, a table that was there before Abide", built.tasks)?;
    writeln!(out, "\nReconciled: what the specs ask for, against what the tasks and the code show.\n")?;
    tree(pass, paint, out)?;
    summary(pass, paint, out)
}

/// Spec, its drifts, and the task of each.
fn tree(pass: &Pass, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let mut specs: BTreeMap<Option<&SpecId>, BTreeMap<&Fingerprint, Vec<&Reported>>> = BTreeMap::new();
    for reported in &pass.plan.drifts {
        let tasks = specs.entry(reported.drift.case.spec.as_ref()).or_default();
        tasks.entry(&reported.fingerprint).or_default().push(reported);
    }
    for (spec, tasks) in specs {
        let title = spec.and_then(|id| pass.catalog.specs.get(id)).and_then(|spec| spec.head.title.clone());
        let name = spec.map_or_else(|| "no spec".to_owned(), ToString::to_string);
        writeln!(out, "{}  {}", paint.bold(&name), paint.dim(&title.unwrap_or_default()))?;
        let last = tasks.len().saturating_sub(1);
        for (n, (fingerprint, drifts)) in tasks.iter().enumerate() {
            branch(pass, (fingerprint, drifts), n == last, paint, out)?;
        }
    }
    Ok(())
}

fn branch(
    pass: &Pass,
    (fingerprint, drifts): (&Fingerprint, &[&Reported]),
    last: bool,
    paint: Paint,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(first) = drifts.first() else { return Ok(()) };
    let (fork, stem) = if last { ("└─", "  ") } else { ("├─", "│ ") };
    let drift = &first.drift;
    let severity = paint.severity(drift.severity, &format!("{:<8}", drift.severity.word()));
    let more = match drifts.len() {
        1 => drift.subject.to_string(),
        many => format!("{} and {} more", drift.subject, many - 1),
    };
    writeln!(out, "{fork} {severity} {:<33} {more}", drift.code)?;
    writeln!(out, "{stem}   {}", drift.evidence.answer)?;
    writeln!(out, "{stem}   {}", paint.good(&fate(pass, fingerprint, first)))
}

/// What became of a drift: the task that was opened, or why there is none.
fn fate(pass: &Pass, fingerprint: &Fingerprint, reported: &Reported) -> String {
    if let (DriftState::Waived | DriftState::Held, Some(reason)) = (reported.state, &reported.reason) {
        return format!("{}: {reason}", reported.state.word());
    }
    let owner = step(pass, fingerprint).and_then(|step| step.remediation.owner.as_ref());
    let owner = owner.map_or_else(String::new, |owner| format!(" for {owner}"));
    match task(pass, fingerprint) {
        Some(task) => format!("→ task {task}{owner}"),
        None => reported.state.word().to_owned(),
    }
}

fn step<'a>(pass: &'a Pass, fingerprint: &Fingerprint) -> Option<&'a Step> {
    pass.plan.steps.iter().find(|step| step.remediation.fingerprint == *fingerprint)
}

/// The remediation task that the pass opened.
pub(super) fn task(pass: &Pass, fingerprint: &Fingerprint) -> Option<String> {
    let mut opened = pass.outcome.iter().flat_map(|outcome| &outcome.opened);
    opened.find(|(of, _)| of == fingerprint).map(|(_, task)| task.to_string())
}

fn summary(pass: &Pass, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let drifting: std::collections::BTreeSet<_> =
        pass.plan.drifts.iter().filter_map(|reported| reported.drift.case.spec.as_ref()).collect();
    let opened = pass.outcome.as_ref().map_or(0, |outcome| outcome.opened.len());
    writeln!(
        out,
        "\n{} drifts of {} specs; {} specs are as they should be. {} opened, in the table that the agents work from.",
        pass.plan.drifts.len(),
        drifting.len(),
        pass.plan.basis.specs.saturating_sub(drifting.len()),
        paint.bold(&format!("{opened} remediation tasks")),
    )
}
