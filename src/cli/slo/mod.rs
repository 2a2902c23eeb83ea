//! `abide slo`.

mod chart;
pub mod export;
pub mod history;
mod level;
pub mod list;
mod rules;
pub mod show;
#[cfg(test)]
mod tests;
mod wire;

use super::{CliError, Exit, Global, Io};

/// Looks at service levels, and hands them on.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with service levels.
#[derive(Debug, clap::Subcommand)]
#[allow(missing_docs, reason = "the doc comment of each command's arguments is its help text")]
pub enum Action {
    List(list::Args),
    Show(show::Args),
    Export(export::Args),
    History(history::Args),
}

/// Runs the command.
///
/// # Errors
/// As the action does.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    match &args.action {
        Action::List(args) => list::run(args, global, io),
        Action::Show(args) => show::run(args, global, io),
        Action::Export(args) => export::run(args, global, io),
        Action::History(args) => history::run(args, global, io),
    }
}
