//! `abide import adr`.

mod report;
mod spec;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::place::{self, Fate};
use crate::cli::output::{Output, write_all};
use crate::cli::plan::Format;
use crate::cli::records::{collect, find};
use crate::cli::{CliError, Exit, Global, Io, Setup, setup};
use crate::kinds::decision::Status;
use crate::kinds::decision::records::lint;
use crate::model::Date;
use report::Report;

/// Imports decision records that are written in Markdown as specs, and tells what is wrong with them.
///
/// Reads MADR, the form of Nygard and of adr-tools, log4brains, and files with many decisions under headings. What cannot
/// be read is listed with its line and never guessed. A spec needs a status and a date: a record that lacks one is told and not
/// written, unless --status or --date say what such records have. A file that is there already and says something else is
/// kept.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, or folders with all Markdown below them.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// The folder to import to; `decisions` in the spec folder where none is given.
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
    /// What records without a status are: draft, proposed, accepted, rejected, deprecated or superseded.
    #[arg(long, value_name = "STATUS", value_parser = status)]
    pub status: Option<Status>,
    /// When records without a date were decided: 2026-03-02.
    #[arg(long, value_name = "DATE")]
    pub date: Option<Date>,
    /// Replaces files that are there already.
    #[arg(long)]
    pub force: bool,
    /// Writes nothing, and says what was read and what is wrong with it.
    #[arg(long)]
    pub dry_run: bool,
    /// What to write: text or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

/// Runs the command.
///
/// # Errors
/// When a path cannot be listed, or a file cannot be written.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    let to = place::folder(&setup, args.to.as_deref(), "decisions")?;
    let inputs = find(&args.paths)?;
    let collection = collect(&inputs);
    let whole: Vec<Arc<str>> = inputs.iter().filter(|input| !input.named).map(|input| input.shown.clone()).collect();
    let findings = lint::lint(&collection, &whole, setup::now().date());
    let mut report = Report { collection, findings, files: Vec::new(), dry_run: args.dry_run };
    let origins = inputs.iter().map(|input| (&input.shown, &*input.name)).collect();
    write_specs(args, &setup, &to, &origins, &mut report)?;
    write_all(&args.output, Format::Text, io, |format, color, out| report::write(&report, format, color, out))?;
    if report.is_empty() {
        let error = CliError { exit: Exit::NothingMatched, ..CliError::usage("no decision records were found") };
        return Err(
            error.hint("they are Markdown files with a number in their name, or with sections as Context and Decision")
        );
    }
    Ok(if report.has_errors() { Exit::Findings } else { Exit::Fine })
}

/// The status of that word.
pub(in crate::cli) fn status(word: &str) -> Result<Status, String> {
    let known = Status::ALL.into_iter().find(|status| status.word() == word.to_lowercase());
    known.ok_or_else(|| format!("`{word}` is no status: use {}", Status::ALL.map(Status::word).join(", ")))
}

/// Writes one spec a record, unless nothing is to be written.
fn write_specs(
    args: &Args,
    setup: &Setup,
    to: &Path,
    origins: &BTreeMap<&Arc<str>, &str>,
    report: &mut Report,
) -> Result<(), CliError> {
    let given = spec::Given { status: args.status, date: args.date };
    let texts = spec::specs(&report.collection, origins, given)
        .map_err(|error| CliError::usage(format!("a decision cannot be written: {error}")))?;
    let mut written = Vec::new();
    for (index, name, text) in texts {
        let path = to.join(format!("{name}.yaml"));
        let fate = place::foresee(&path, &text, args.force)?;
        let shown = path.strip_prefix(&setup.base).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        report.files.push(report::File { record: index, to: shown, fate });
        written.push((path, text, fate));
    }
    if args.dry_run {
        return Ok(());
    }
    written.iter().try_for_each(|(path, text, fate): &(PathBuf, String, Fate)| place::write(path, text, *fate))
}
