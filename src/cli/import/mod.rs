//! `abide import`.

pub mod adr;
mod input;
pub mod openslo;
pub(super) mod place;
mod report;

use super::{CliError, Exit, Global, Io};

/// Brings in what others wrote, as specs.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to import.
    #[command(subcommand)]
    pub action: Action,
}

/// What to import.
#[derive(Debug, clap::Subcommand)]
#[allow(missing_docs, reason = "the doc comment of each command's arguments is its help text")]
pub enum Action {
    Adr(adr::Args),
    Openslo(openslo::Args),
}

/// Runs the command.
///
/// # Errors
/// When nothing can be read or written.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    match &args.action {
        Action::Adr(args) => adr::run(args, global, io),
        Action::Openslo(args) => openslo::run(args, global, io),
    }
}
