//! `abide decision lint`.

mod records;
mod specs;

use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::output::{Output, write_all};
use crate::cli::{CliError, Exit, Global, Io};
use crate::diagnostic::render::{Format, Report};
use crate::diagnostic::{Diagnostic, Level};
use crate::model::Revision;

/// Says what is wrong with decisions, offline: no daemon, no database.
///
/// Without paths it says what `abide validate` says of the decisions among the specs: errors in them, references to nothing,
/// circles, numbers that are taken twice, statuses that cannot be. With paths, to files or folders of Markdown records, it
/// says the same of those, and what could not be read of them; nothing is imported.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files or folders of decision records in Markdown; the specs where none are given.
    pub paths: Vec<PathBuf>,
    /// Checks a revision of the spec repository instead of the files on the disk.
    #[arg(long, value_name = "REV", conflicts_with = "paths")]
    pub rev: Option<String>,
    /// Makes warnings errors; hints stay hints.
    #[arg(long, env = "ABIDE_STRICT")]
    pub strict: bool,
    /// What to write: text, json, sarif, junit, github or gitlab, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

/// Gives the text of a file, where it has one.
type Text = Box<dyn Fn(&str) -> Option<Arc<str>>>;

/// What was looked at, and what is wrong with it.
struct Linted {
    revision: Option<Revision>,
    decisions: usize,
    files: Vec<Arc<str>>,
    diagnostics: Vec<Diagnostic>,
    text: Text,
}

/// Runs the command.
///
/// # Errors
/// When nothing can be read, there are no decisions, or the result cannot be written. What is wrong is no error but a
/// finding.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let linted =
        if args.paths.is_empty() { specs::lint(global, args.rev.as_deref())? } else { records::lint(&args.paths)? };
    let Linted { revision, decisions, files, mut diagnostics, text } = linted;
    if args.strict {
        let warnings = diagnostics.iter_mut().filter(|said| said.problem.level == Level::Warning);
        warnings.for_each(|said| said.problem.level = Level::Error);
    }
    let report = Report { revision, specs: decisions, files, diagnostics, texts: &*text };
    write_all(&args.output, Format::Text, io, |format, color, out| report.render(format, color, out))?;
    Ok(if report.count(Level::Error) > 0 { Exit::Findings } else { Exit::Fine })
}

/// That there is nothing to say anything of.
fn nothing(message: &str, hint: String) -> CliError {
    CliError { exit: Exit::NothingMatched, ..CliError::usage(message) }.hint(hint)
}
