//! That the clock is right now, and was wrong before.

use std::io::Write;

use crate::cli::setup::Access;
use crate::cli::tasks::who;
use crate::cli::{CliError, Exit, Global, Io, Setup};
use crate::store::{Applied, Command};

/// Says that a clock was wrong which showed a later time than it is.
///
/// While the clock shows an earlier time than what is on record, nothing that needs somebody's yes starts, and nobody says yes: what
/// has run out would count again. Where the earlier times are the wrong ones, a person says so here, and that is on record too.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Why.
    #[arg(long)]
    pub reason: String,
    /// Who says so.
    #[arg(long, env = "USER", hide_env = true)]
    pub by: Option<String>,
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    if args.reason.trim().is_empty() {
        let error = CliError::usage("whoever says that a clock was wrong says why");
        return Err(error.hint("--reason 'the machine had no time server'"));
    }
    let command = Command::TrustClock { reason: args.reason.as_str().into() };
    let by = who(args.by.as_deref());
    let setup = Setup::new(global)?;
    let applied = setup.with_engine(Access::Write, |handle| async move { Ok(handle.apply(command, by).await?) })?;
    match applied {
        Applied::Swept(1..) => writeln!(io.out, "From now on what the clock shows is taken for the time")?,
        _ => writeln!(io.out, "The clock does not show an earlier time than what is on record: nothing to do")?,
    }
    Ok(Exit::Fine)
}
