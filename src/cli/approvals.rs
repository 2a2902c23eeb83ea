//! `abide approvals`.

mod explain;
mod list;
mod show;
#[cfg(test)]
mod tests;
mod token;
mod wire;

use super::setup::Access;
use super::{CliError, Exit, Global, Io, Setup};
use crate::model::{Kind, Name, SpecId};

/// Shows what needs a yes before it starts, who has said what, and what is missing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with approvals.
#[derive(Debug, clap::Subcommand)]
#[allow(missing_docs, reason = "the doc comment of each action's arguments is its help text")]
pub enum Action {
    List(list::Args),
    Show(show::Args),
    Explain(explain::Args),
    Token(token::Args),
    Revoke(token::RevokeArgs),
}

/// Runs the command.
///
/// # Errors
/// When specs or database are out of reach, or there is no such task.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    let access = match args.action {
        Action::List(_) | Action::Show(_) | Action::Explain(_) => Access::Read,
        Action::Token(_) | Action::Revoke(_) => Access::Write,
    };
    setup.with_engine(access, |handle| async move {
        match &args.action {
            Action::List(args) => list::run(args, &handle, io).await?,
            Action::Show(args) => show::run(args, &handle, io).await?,
            Action::Explain(args) => explain::run(args, &handle, io).await?,
            Action::Token(args) => token::run(args, &handle, io).await?,
            Action::Revoke(args) => token::revoke(args, &handle, io).await?,
        }
        Ok(Exit::Fine)
    })
}

/// The policy that a word names: an ApprovalPolicy, unless it says of which kind it is.
pub(super) fn policy_of(word: &str) -> Result<SpecId, CliError> {
    let id = if word.contains('/') {
        word.parse().ok()
    } else {
        word.parse::<Name>().ok().map(|name| SpecId::new(Kind::ApprovalPolicy, name))
    };
    id.ok_or_else(|| {
        CliError::usage(format!("`{word}` is no policy")).hint("write `deploys` or `approvalpolicy/deploys`")
    })
}
