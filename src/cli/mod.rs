//! The command line: one file a command, whose doc comment is its help text.

pub mod able;
pub mod agents;
pub mod approvals;
pub mod approve;
pub mod attach;
pub mod audit;
pub mod check;
pub mod completions;
pub mod decision;
pub mod demo;
pub mod doctor;
pub mod drift;
pub mod explain;
pub mod export;
pub mod fix;
pub mod holds;
pub mod import;
pub mod init;
mod io;
mod logging;
mod markup;
pub mod new;
mod output;
mod paint;
pub mod plan;
mod progress;
pub mod reconcile;
mod recording;
mod records;
mod report;
pub mod run;
pub mod schema;
mod setup;
pub mod slo;
pub mod status;
mod table;
pub mod tasks;
#[cfg(test)]
mod testing;
mod unread;
pub mod validate;
mod words;

pub use io::{CliError, Exit, Io};
pub use setup::{Global, Setup};

use std::ffi::OsString;
use std::io::{IsTerminal, Write};

use clap::builder::FalseyValueParser;
use clap::{ArgAction, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::diagnostic::nearest;
use crate::model::Kind;
use output::Color;

/// Keeps an organisation true to what it has committed to.
///
/// Specs in a git repository say what must hold; Abide compares them with the task database, the code and the metrics, and
/// opens one task for every drift.
#[derive(Debug, Parser)]
#[command(name = "abide", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// What every command may be told.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
#[allow(missing_docs, reason = "the doc comment of each command's arguments is its help text")]
pub enum Command {
    Init(init::Args),
    Attach(attach::Args),
    Demo(demo::Args),
    New(new::Args),
    Validate(validate::Args),
    Check(check::Args),
    Fix(fix::Args),
    Plan(plan::Args),
    Reconcile(reconcile::Args),
    Run(run::Args),
    Status(status::Args),
    Drift(drift::Args),
    Holds(holds::Args),
    Tasks(tasks::Args),
    Agents(agents::Args),
    Approve(approve::ApproveArgs),
    Reject(approve::RejectArgs),
    Approvals(approvals::Args),
    Slo(slo::Args),
    Decision(decision::Args),
    Import(import::Args),
    Export(export::Args),
    Audit(audit::Args),
    Schema(schema::Args),
    Explain(explain::Args),
    Doctor(doctor::Args),
    Completions(completions::Args),
    Man(completions::ManArgs),
}

/// Runs the program with those arguments and gives the code that the process ends with.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let matches = with_variables(Cli::command()).try_get_matches_from(arguments);
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to stdout and are fine; both ways of failing to print them leave nothing to do.
            drop(error.print());
            return if error.use_stderr() { Exit::Usage.code() } else { Exit::Fine.code() };
        }
    };
    let color = cli.global.color.for_stream(std::io::stdout().is_terminal());
    let mut io = Io { out: Box::new(anstream::stdout()), err: Box::new(anstream::stderr()), color };
    match cli.global.color {
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
        Color::Auto => {}
    }
    match dispatch(&cli, &mut io).and_then(|exit| io.out.flush().map(|()| exit).map_err(CliError::from)) {
        Ok(exit) => exit.code(),
        // Whoever read the results has seen enough.
        Err(error) if error.is_broken_pipe() => Exit::Fine.code(),
        Err(error) => {
            let code = error.code.map(|code| format!("[{code}]")).unwrap_or_default();
            drop(writeln!(io.err, "error{code}: {error}"));
            error.exit.code()
        }
    }
}

/// Lets every flag be given by a variable too: `--exit-code` by `ABIDE_EXIT_CODE`.
fn with_variables(command: clap::Command) -> clap::Command {
    let command = command.mut_args(|arg| match arg.get_long() {
        Some(long) if arg.get_env().is_none() => {
            let name = format!("ABIDE_{}", long.to_uppercase().replace('-', "_"));
            let arg = arg.env(name).hide_env_values(true);
            match arg.get_action() {
                // Set to anything but nothing, 0, false or no, the variable counts as given.
                ArgAction::SetTrue => arg.value_parser(FalseyValueParser::new()),
                _ => arg,
            }
        }
        _ => arg,
    });
    command.mut_subcommands(with_variables)
}

fn dispatch(cli: &Cli, io: &mut Io) -> Result<Exit, CliError> {
    let global = &cli.global;
    match &cli.command {
        Command::Init(args) => init::run(args, io),
        Command::Attach(args) => attach::run(args, global, io),
        Command::Demo(args) => demo::run(args, global, io),
        Command::New(args) => new::run(args, io),
        Command::Validate(args) => validate::run(args, global, io),
        Command::Check(args) => check::run(args, global, io),
        Command::Fix(args) => fix::run(args, global, io),
        Command::Plan(args) => plan::run(args, global, io),
        Command::Reconcile(args) => reconcile::run(args, global, io),
        Command::Run(args) => run::run(args, global, io),
        Command::Status(args) => status::run(args, global, io),
        Command::Drift(args) => drift::run(args, global, io),
        Command::Holds(args) => holds::run(args, global, io),
        Command::Tasks(args) => tasks::run(args, global, io),
        Command::Agents(args) => agents::run(args, global, io),
        Command::Approve(args) => approve::approve(args, global, io),
        Command::Reject(args) => approve::reject(args, global, io),
        Command::Approvals(args) => approvals::run(args, global, io),
        Command::Slo(args) => slo::run(args, global, io),
        Command::Decision(args) => decision::run(args, global, io),
        Command::Import(args) => import::run(args, global, io),
        Command::Export(args) => export::run(args, global, io),
        Command::Audit(args) => audit::run(args, global, io),
        Command::Schema(args) => schema::run(args, io),
        Command::Explain(args) => explain::run(args, io),
        Command::Doctor(args) => doctor::run(args, global, io),
        Command::Completions(args) => completions::run(args, io),
        Command::Man(args) => completions::man(args, io),
    }
}

/// The kind of that name: as `kind:` writes it or as references do, in any case, with hyphens or without.
pub(crate) fn kind(word: &str) -> Option<Kind> {
    let word = word.to_lowercase().replace(['-', '_'], "");
    Kind::from_word(&word)
}

/// That there is no such kind, and which was meant.
pub(crate) fn no_kind(word: &str) -> CliError {
    let error = CliError::usage(format!("no kind is called `{word}`"));
    match nearest(word, Kind::ALL.iter().map(|kind| kind.word())) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => {
            let titles: Vec<&str> = Kind::ALL.iter().map(|kind| kind.title()).collect();
            error.hint(format!("the kinds are {}", titles.join(", ")))
        }
    }
}
