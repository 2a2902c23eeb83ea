//! What the demo built and what Abide found in it.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use super::Made;
use crate::cli::paint::Paint;
use crate::cli::status;
use crate::engine::Pass;
use crate::model::Fingerprint;

/// Tells it.
pub(super) fn tell(dir: &Path, made: &Made, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let Made { built, pass, tasks } = made;
    let verb = if built.again { "Built anew" } else { "Built" };
    writeln!(
        out,
        "{verb}: an agency of AI agents, in {}\n\
         \x20 {} specs in git: who does which work, who must say yes, what was decided, how well it must go\n\
         \x20 {} tasks of a month in agency.db, in a table that was there before Abide\n\
         Reconciled: what the specs ask for, against what tasks and code show\n",
        paint.bold(&dir.display().to_string()),
        pass.plan.basis.specs,
        built.tasks,
    )?;
    status::tree(pass, tasks, paint.color, out)?;
    let drifting: BTreeSet<_> = pass.plan.drifts.iter().filter_map(|found| found.drift.case.spec.as_ref()).collect();
    let opened = pass.outcome.as_ref().map_or(0, |outcome| outcome.opened.len());
    writeln!(
        out,
        "\n{} drifts from {} of {} specs. {} opened, in the table that the agents work from.",
        pass.plan.drifts.len(),
        drifting.len(),
        pass.plan.basis.specs,
        paint.bold(&format!("{opened} remediation tasks")),
    )
}

/// The remediation task that the pass opened.
pub(super) fn task(pass: &Pass, fingerprint: &Fingerprint) -> Option<String> {
    let mut opened = pass.outcome.iter().flat_map(|outcome| &outcome.opened);
    opened.find(|(of, _)| of == fingerprint).map(|(_, task)| task.to_string())
}
