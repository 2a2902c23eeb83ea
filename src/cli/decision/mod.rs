//! `abide decision`.

mod find;
pub mod graph;
pub mod lint;
pub mod list;
mod relations;
mod seen;
pub mod show;
mod stand;
#[cfg(test)]
mod tests;
mod tree;
mod wire;

use super::{CliError, Exit, Global, Io};

/// Looks at architecture decisions: how they stand, how they hang together, and what is wrong with them.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with decisions.
#[derive(Debug, clap::Subcommand)]
#[allow(missing_docs, reason = "the doc comment of each command's arguments is its help text")]
pub enum Action {
    List(list::Args),
    Show(show::Args),
    Graph(graph::Args),
    Lint(lint::Args),
}

/// Runs the command.
///
/// # Errors
/// As the action does.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    match &args.action {
        Action::List(args) => list::run(args, global, io),
        Action::Show(args) => show::run(args, global, io),
        Action::Graph(args) => graph::run(args, global, io),
        Action::Lint(args) => lint::run(args, global, io),
    }
}
