//! `abide export`.

pub mod adr;

use super::{CliError, Exit, Global, Io};

/// Writes specs in the form of others.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to write.
    #[command(subcommand)]
    pub action: Action,
}

/// What to write.
#[derive(Debug, clap::Subcommand)]
#[allow(missing_docs, reason = "the doc comment of each command's arguments is its help text")]
pub enum Action {
    Adr(adr::Args),
}

/// Runs the command.
///
/// # Errors
/// When the specs are out of reach, nothing matches, or a file cannot be written.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    match &args.action {
        Action::Adr(args) => adr::run(args, global, io),
    }
}
