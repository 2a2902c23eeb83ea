//! `abide slo export`.

use std::path::PathBuf;
use std::str::FromStr;

use super::rules;
use crate::catalog::{Catalog, load};
use crate::cli::{CliError, Exit, Global, Io, Setup, setup};
use crate::kinds::slo::export::{Untold, prometheus};

/// Writes service levels in the language of another system.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which one.
    #[command(subcommand)]
    pub system: System,
}

/// Another system.
#[derive(Debug, clap::Subcommand)]
#[allow(missing_docs, reason = "the doc comment of each command's arguments is its help text")]
pub enum System {
    Prometheus(Prometheus),
}

/// Writes a rules file for a Prometheus server: what each service level measures, its budget, and alerts on how fast it goes.
///
/// There are rules for every service level whose figures come from a source of type `prometheus`. What they do not tell is
/// said on standard error. A query that is more than the name of a metric with labels is evaluated at many moments of each
/// window: have the server record a costly one under a name, and ask for that. Reads the specs as they lie on the disk,
/// unless --rev says otherwise.
#[derive(Debug, clap::Args)]
pub struct Prometheus {
    /// The file to write, in place of standard output. It is replaced: change the specs, and not the rules.
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// Reads this revision of the specs instead of the files on the disk.
    #[arg(long, value_name = "REV")]
    pub rev: Option<String>,
    /// In which format: yaml.
    #[arg(short, long, value_name = "FORMAT", default_value = "yaml")]
    pub output: Format,
}

/// How to write rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// As Prometheus reads them.
    Yaml,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "yaml" => Ok(Self::Yaml),
            _ => Err(format!("no format is called `{word}`; the format here is yaml")),
        }
    }
}

/// Runs the command.
///
/// # Errors
/// When the specs are out of reach, there is nothing to write rules for, or the file cannot be written.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    match &args.system {
        System::Prometheus(args) => run_prometheus(args, global, io),
    }
}

fn run_prometheus(args: &Prometheus, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    let (catalog, _) = load(&setup.spec_tree(args.rev.as_deref())?, &Catalog::empty(), setup::now());
    let exported = prometheus(&catalog.specs, &setup.config.policy());
    for Untold { spec, place, why, partly } in &exported.untold {
        let word = if *partly { "note" } else { "left out" };
        writeln!(io.err, "{word}: {spec} ({}:{}): {why}", place.file, place.line)?;
    }
    for unread in &catalog.unread {
        writeln!(io.err, "unread: {}:{}: {}", unread.file, unread.line, unread.message)?;
    }
    if exported.groups.is_empty() {
        let error = CliError::usage("no service level gets its figures from Prometheus");
        let error = CliError { exit: Exit::NothingMatched, ..error };
        return Err(error.hint("the source of its metrics has `type: prometheus`, or refers to a DataSource that has"));
    }
    let text = rules::yaml(&exported.groups)?;
    match &args.to {
        None => io.out.write_all(text.as_bytes())?,
        Some(path) => {
            let failed = |error| CliError::usage(format!("cannot write {}: {error}", path.display()));
            std::fs::write(path, text).map_err(failed)?;
            writeln!(io.out, "{} objectives in {}", exported.groups.len(), path.display())?;
        }
    }
    Ok(if catalog.unread.is_empty() { Exit::Fine } else { Exit::Findings })
}
