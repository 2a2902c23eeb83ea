//! `abide import openslo`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::input::{self, Input};
use super::place::{self, Fate};
use super::report::{self, Finding, Report};
use crate::catalog::{Catalog, Content, SourceFile, SourceTree, load};
use crate::cli::output::{Output, write_all};
use crate::cli::plan::Format;
use crate::cli::{CliError, Exit, Global, Io, Setup, setup};
use crate::diagnostic::Level;
use crate::kinds::slo::import::{Composed, Draft, Finished, Left, Renames, draft};
use crate::model::Revision;

/// Imports service levels that are written in OpenSLO, of any version, as specs of OpenSLO v1.
///
/// Documents of v1 are taken over letter by letter; those of v1alpha and v2alpha are converted. What cannot be converted
/// without a guess is left out, and listed with its line and the reason. A file that is there already and says something
/// else is kept.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, folders with all that is below them, or `-` for standard input.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// The folder to import to; `imported` in the spec folder where none is given.
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
    /// Gives documents right names whose names are no RFC 1123 labels, and rewrites what refers to them.
    #[arg(long)]
    pub rename: bool,
    /// Replaces files that are there already.
    #[arg(long)]
    pub force: bool,
    /// Writes nothing, and says what would be written.
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
    let to = place::folder(&setup, args.to.as_deref(), "imported")?;
    let inputs = input::read(&args.paths)?;
    let mut report = Report { renamed: args.rename, dry_run: args.dry_run, ..Report::default() };
    let files = convert(&inputs, args.rename, &mut report);
    let mut written = Vec::new();
    for (name, finished) in files {
        written.extend(file(args, &setup, &to.join(name), finished, &mut report)?);
    }
    look(&setup, &to, &written, &mut report)?;
    if !args.dry_run {
        written.iter().try_for_each(|file| place::write(&file.path, &file.composed.text, file.fate))?;
    }
    report.sort();
    write_all(&args.output, Format::Text, io, |format, color, out| report::write(&report, format, color, out))?;
    if report.is_empty() {
        let error = CliError { exit: Exit::NothingMatched, ..CliError::usage("no OpenSLO documents were found") };
        return Err(
            error.hint("they are documents in *.yaml, *.yml or *.json whose apiVersion is openslo/v1 or the like")
        );
    }
    Ok(if report.has_errors() { Exit::Findings } else { Exit::Fine })
}

/// Converts all files together, so that what one calls otherwise is called so in the others too.
fn convert(inputs: &[Input], rename: bool, report: &mut Report) -> Vec<(String, Finished)> {
    let mut drafts: Vec<(&str, Draft<'_>)> = Vec::new();
    for Input { shown, name, file, named } in inputs {
        let unread = |why: String| (shown.clone(), Left { line: 1, why });
        match &file.content {
            Content::Text(text) => {
                let draft = draft(shown, text);
                if draft.is_openslo() {
                    drafts.push((name, draft));
                } else if *named {
                    report.unread.push(unread(report::NO_OPENSLO.into()));
                } else {
                    report.passed_over += 1;
                }
            }
            Content::NotUtf8(valid) => report.unread.push(unread(format!("it is not UTF-8 behind byte {valid}"))),
            Content::TooLarge(bytes) => {
                report.unread.push(unread(format!("it has {bytes} bytes, and a spec file at most 1 MiB")));
            }
            Content::Unreadable(why) => report.unread.push(unread(why.to_string())),
        }
    }
    let (names, drafts): (Vec<&str>, Vec<Draft<'_>>) = drafts.into_iter().unzip();
    let renames = rename.then(|| Renames::of(&drafts));
    let finished = drafts.into_iter().map(|draft| draft.finish(renames.as_ref()));
    names.into_iter().map(str::to_owned).zip(finished).collect()
}

/// A file that is to be written.
struct Written {
    path: PathBuf,
    /// As the tree of specs names it.
    to: Arc<str>,
    from: Arc<str>,
    composed: Composed,
    fate: Fate,
}

/// Reports a file, and gives it back where it has anything in it.
fn file(
    args: &Args,
    setup: &Setup,
    path: &Path,
    finished: Finished,
    report: &mut Report,
) -> Result<Option<Written>, CliError> {
    let Finished { file: from, text, specs, converted, left, kept } = finished;
    report.unread.extend(left.into_iter().map(|left| (from.clone(), left)));
    let Some(composed) = text else { return Ok(None) };
    let fate = place::foresee(path, &composed.text, args.force)?;
    let to: Arc<str> = path.strip_prefix(&setup.base).unwrap_or(path).to_string_lossy().replace('\\', "/").into();
    report.files.push(report::File { file: from.clone(), to: to.clone(), fate, specs });
    report.converted.extend(converted.into_iter().map(|converted| (from.clone(), converted)));
    let finding = |Left { line, why }: Left| Finding {
        code: "spec/name",
        level: Level::Error,
        file: from.clone(),
        line,
        message: why,
        fix: None,
    };
    report.findings.extend(kept.into_iter().map(finding));
    Ok(Some(Written { path: path.to_path_buf(), to, from, composed, fate }))
}

/// Reads what was imported as `validate` will, together with the specs that are there, and says it of the lines that it
/// comes from.
fn look(setup: &Setup, to: &Path, written: &[Written], report: &mut Report) -> Result<(), CliError> {
    let place = setup.base.join(&setup.config.specs.path);
    let mut files = BTreeMap::new();
    if to.starts_with(&place) && place.exists() {
        files = setup.spec_files()?;
    }
    let new: BTreeMap<&Arc<str>, &Written> =
        written.iter().filter(|file| file.fate != Fate::Kept).map(|file| (&file.to, file)).collect();
    for (to, file) in &new {
        files.insert((*to).clone(), SourceFile::of_text(file.composed.text.as_str().into()));
    }
    let tree = SourceTree { revision: Revision::new(""), files, renames: Vec::new() };
    let (_, diagnostics) = load(&tree, &Catalog::empty(), setup::now());
    for said in diagnostics {
        let Some(file) = new.get(&said.file) else { continue };
        report.findings.push(Finding {
            code: said.problem.entry.code,
            level: said.problem.level,
            file: file.from.clone(),
            line: file.composed.line_of(said.problem.span.start),
            message: said.problem.message,
            fix: said.problem.fix,
        });
    }
    Ok(())
}
