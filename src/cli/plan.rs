//! `abide plan`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::output::{Output, write_all};
use super::recording::Source;
use super::setup::with_parts;
use super::{CliError, Exit, Global, Io, Setup, progress, report};
use crate::catalog::Catalog;
use crate::engine::{EngineError, Pass, Which};
use crate::model::{Fingerprint, Timestamp};

/// Shows which remediation tasks would open, change or close, and why. Writes nothing.
///
/// Reads the specs as they lie on the disk, unless --rev says otherwise.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Shows only what the specs would add and remove compared with this revision: what a pull request would do.
    #[arg(long, value_name = "REF")]
    pub against: Option<String>,
    /// Reads this revision of the specs instead of the files on the disk.
    #[arg(long, value_name = "REV")]
    pub rev: Option<String>,
    /// Judges as of this time: 2026-03-02T10:00:00Z.
    #[arg(long, env = "ABIDE_AT", value_name = "TIME")]
    pub at: Option<Timestamp>,
    /// Ends with 1 when there is anything to do.
    #[arg(long)]
    pub exit_code: bool,
    /// Keeps the answers of the world in a file.
    #[arg(long, value_name = "FILE", conflicts_with = "answers")]
    pub record: Option<PathBuf>,
    /// Plans from recorded answers instead of the world, for CI without a database: as of when they were recorded, and as
    /// if no task were open yet.
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// What to write: text or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

/// How to write a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(format!("no format is called `{word}`; the formats here are text and json")),
        }
    }
}

/// Runs the command.
///
/// # Errors
/// When specs or database are out of reach, or the result cannot be written.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    // A remote repository has no files on this disk: its newest commit stands in for them.
    let here = if crate::git::is_remote(&setup.source()) { Which::Head } else { Which::Working };
    let which = args.rev.clone().map_or(here, Which::At);
    let Source { parts, at, keep } = Source::new(&setup, args.record.as_deref(), args.answers.as_deref())?;
    let at = args.at.or(at);
    let spinner = progress::spinner(global, "asking");
    let (mut pass, base) = with_parts(parts, |handle| async move {
        let base = match &args.against {
            Some(base) => Some(handle.plan(Which::At(base.clone()), at).await?),
            None => None,
        };
        Ok((handle.plan(which, at).await?, base))
    })?;
    spinner.finish_and_clear();
    keep.map_or(Ok(()), |keep| keep.write(pass.plan.at))?;
    let gone = base.map(|base| compare(&mut pass, &base));
    write_all(&args.output, Format::Text, io, |format, color, out| {
        write(&pass, format, color, out)?;
        match (&gone, format) {
            (Some(gone), Format::Text) => gone.iter().try_for_each(|line| writeln!(out, "{line}")),
            _ => Ok(()),
        }
    })?;
    nothing_matched(&pass)?;
    // Half a plan may look like a whole one.
    if let Some(misfit) = pass.misfit {
        return Err(EngineError::from(misfit).into());
    }
    let changes = !pass.plan.steps.is_empty() || gone.is_some_and(|gone| !gone.is_empty());
    Ok(if args.exit_code && changes { Exit::Findings } else { Exit::Fine })
}

/// Writes a pass.
pub(super) fn write(pass: &Pass, format: Format, color: bool, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    match format {
        Format::Text => report::text(pass, color, out),
        Format::Json => report::json(pass, out),
    }
}

/// A tree without a single spec is more likely a wrong path than an organisation that wants nothing.
pub(super) fn nothing_matched(pass: &Pass) -> Result<(), CliError> {
    any_specs(&pass.catalog)
}

/// The same where no pass was made.
pub(super) fn any_specs(catalog: &Catalog) -> Result<(), CliError> {
    if catalog.is_empty() && catalog.unread.is_empty() {
        let error = CliError { exit: Exit::NothingMatched, ..CliError::usage("no specs matched") };
        return Err(error.hint("`[specs] path` in abide.toml says where they are; `abide init` makes a first set"));
    }
    Ok(())
}

/// Leaves in `pass` what `base` does not have too, and says what only `base` has.
fn compare(pass: &mut Pass, base: &Pass) -> Vec<String> {
    let prints =
        |pass: &Pass| -> BTreeSet<Fingerprint> { pass.plan.drifts.iter().map(|d| d.fingerprint.clone()).collect() };
    let (ours, theirs) = (prints(pass), prints(base));
    let mut plan = (*pass.plan).clone();
    plan.drifts.retain(|reported| !theirs.contains(&reported.fingerprint));
    plan.steps.retain(|step| !base.plan.steps.iter().any(|other| same(step, other)));
    plan.unknown.retain(|unknown| {
        !base.plan.unknown.iter().any(|other| (&other.case, &other.subject) == (&unknown.case, &unknown.subject))
    });
    pass.plan = std::sync::Arc::new(plan);
    let gone = base.plan.drifts.iter().filter(|reported| !ours.contains(&reported.fingerprint));
    gone.map(|reported| {
        format!("no longer drift: {} ({} {})", reported.drift.title, reported.drift.case, reported.drift.subject)
    })
    .collect()
}

fn same(step: &crate::model::Step, other: &crate::model::Step) -> bool {
    let (a, b) = (&step.remediation, &other.remediation);
    step.action == other.action
        && (&a.fingerprint, &a.subjects, a.severity, &a.owner) == (&b.fingerprint, &b.subjects, b.severity, &b.owner)
}
