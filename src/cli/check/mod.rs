//! `abide check`.

mod asks;
mod code;
mod findings;
mod lines;
mod summary;
#[cfg(test)]
mod tests;
mod verdict;

use std::path::PathBuf;

use super::output::{Output, write_all};
use super::{CliError, Exit, Global, Io, Setup, plan, progress, setup};
use crate::catalog::Catalog;
use crate::diagnostic::render::{Format, Report};
use crate::diagnostic::{Level, nearest};
use crate::engine::{EngineError, Looked, SpecReader, Which};
use crate::model::{Kind, Ledger, Name, SpecId, Timestamp};
use asks::Asks;
use code::Code;
use findings::Findings;

/// Checks code against the rules of accepted decisions: no daemon, no database.
///
/// Without --repository it checks every rule over code, each in the repository that it names; a rule that names none is about the
/// files that lie in the spec repository. With --repository it checks the rules of that Repository only. Run in a code
/// repository's own CI, the files that lie there are looked at instead of what the Repository's URL has:
///
///   abide check --repository app --config ../specs/abide.toml
///
/// Where the working directory (or --code) is in the spec repository itself, the Repository's URL and ref count. Files that git
/// ignores are never looked at. Rules over tasks need a database: `abide plan` judges them, and here they are only counted.
///
/// Ends with 1 where a rule of severity medium or above is broken, or nobody can tell whether a rule holds. A rule that a Waiver
/// accepts is shown and fails nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Checks only the rules of this Repository.
    // `ABIDE_REPOSITORY` is taken: CI jobs of `abide init` have the address of Abide itself in it.
    #[arg(long, env = "ABIDE_CHECK_REPOSITORY", value_name = "NAME")]
    pub repository: Option<String>,
    /// Where the code of that repository lies; the working directory where it is in a git repository other than that of the
    /// specs.
    #[arg(long, value_name = "DIR", requires = "repository")]
    pub code: Option<PathBuf>,
    /// Reports only what is new since the code parted from this branch, tag or commit: places in files that changed since then,
    /// committed or not, and what is missing now and was there. Concerns the code repository, or without --repository that of
    /// the specs.
    #[arg(long, value_name = "REF")]
    pub changed_since: Option<String>,
    /// What to write: text, json, sarif, junit, github or gitlab, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

/// Runs the command.
///
/// # Errors
/// When the specs are out of reach, the repository or the reference is unknown, or the result cannot be written. A broken rule
/// is no error but a finding.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let (setup, now) = (Setup::new(global)?, setup::now());
    let spinner = progress::spinner(global, "looking at the code");
    let looked = look(&setup, now)?;
    let catalog = &*looked.catalog;
    plan::any_specs(catalog)?;
    let repository = args.repository.as_deref().map(|name| named(name, catalog)).transpose()?;
    let mut code = Code::new(&setup, &looked, repository, args.code.as_deref(), now)?;
    let since = args.changed_since.as_deref().map(|reference| code.since(reference)).transpose()?;
    let asks = Asks::of(catalog, code.about(), since.is_some());
    let verdicts = verdict::judge(&asks, &mut code, since.as_ref(), &setup.config.policy());
    let texts = findings::texts(&asks, &verdicts, &mut code);
    let findings = Findings::of(&asks, &verdicts, &code, &texts);
    let telling = summary::telling(&asks, &verdicts, &findings, &mut code, args.changed_since.as_deref());
    spinner.finish_and_clear();
    let report = Report {
        revision: code.revision(&asks),
        specs: asks.decisions().len(),
        files: code.files(&asks),
        diagnostics: findings.diagnostics,
        texts: &|file: &str| texts.get(file).cloned(),
    };
    write_all(&args.output, Format::Text, io, |format, color, out| {
        report.render_as(Some(&telling), format, color, out)
    })?;
    Ok(if report.count(Level::Error) > 0 { Exit::Findings } else { Exit::Fine })
}

/// The specs as they lie on the disk; of a remote repository its newest commit. What cannot be read counts in its last readable
/// version, as in a pass.
fn look(setup: &Setup, now: Timestamp) -> Result<Looked, CliError> {
    let source = setup.source();
    let which = if crate::git::is_remote(&source) { Which::Head } else { Which::Working };
    let mut reader = SpecReader::new(crate::git::open(source));
    Ok(reader.look(&which, &Ledger::default(), now).map_err(EngineError::from)?)
}

/// The Repository of that name.
fn named(word: &str, catalog: &Catalog) -> Result<Name, CliError> {
    let name = word.strip_prefix("repository/").unwrap_or(word);
    let known = name
        .parse::<Name>()
        .ok()
        .filter(|name| catalog.specs.is_declared(&SpecId::new(Kind::Repository, name.clone())));
    known.ok_or_else(|| {
        let error = CliError::usage(format!("no Repository is called `{name}`"));
        let names: Vec<String> = catalog.specs.of_kind(Kind::Repository).map(|spec| spec.id.name.to_string()).collect();
        let hint = match (catalog.specs.may_hide(Kind::Repository), nearest(name, names.iter().map(String::as_str))) {
            (_, Some(near)) => format!("did you mean `{near}`?"),
            (Some(hidden), None) => hidden.to_string(),
            (None, None) if names.is_empty() => "there is none yet: `abide new repository NAME` writes one".into(),
            (None, None) => format!("there are {}", names.join(", ")),
        };
        error.hint(hint)
    })
}
