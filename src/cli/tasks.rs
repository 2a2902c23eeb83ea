//! `abide tasks`.

mod add;
mod claim;
mod depend;
mod end;
mod find;
mod hold;
mod list;
mod show;
mod story;
#[cfg(test)]
mod tests;

pub(super) use find::starts;

use super::setup::Access;
use super::{CliError, Exit, Global, Io, Setup};

/// Works with tasks of the live table: lists and shows them, adds them, hands them to agents under leases, and ends them.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with tasks.
#[derive(Debug, clap::Subcommand)]
#[allow(missing_docs, reason = "the doc comment of each action's arguments is its help text")]
pub enum Action {
    List(list::Args),
    Show(show::Args),
    History(story::Args),
    Add(add::Args),
    Claim(claim::Args),
    Renew(hold::RenewArgs),
    Release(hold::ReleaseArgs),
    Complete(end::CompleteArgs),
    Fail(end::FailArgs),
    Cancel(end::CancelArgs),
    Retry(end::RetryArgs),
    Depend(depend::Args),
}

/// Runs the command.
///
/// # Errors
/// When the database is out of reach, there is no such task, the table refuses what is asked for, or a claim does not hold any more.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    let access = match args.action {
        Action::List(_) | Action::Show(_) | Action::History(_) => Access::Read,
        _ => Access::Write,
    };
    let policy = setup.config.queue;
    let mapping = &setup.config.mapping();
    setup.with_engine(access, |handle| async move {
        let (handle, policy) = (&handle, &policy);
        match &args.action {
            Action::List(args) => list::run(args, mapping, handle, io).await?,
            Action::Show(args) => show::run(args, handle, io).await?,
            Action::History(args) => story::run(args, handle, io).await?,
            Action::Add(args) => add::run(args, handle, io).await?,
            Action::Claim(args) => claim::run(args, policy, handle, io).await?,
            Action::Renew(args) => hold::renew(args, policy, handle, io).await?,
            Action::Release(args) => hold::release(args, handle, io).await?,
            Action::Complete(args) => end::complete(args, handle, io).await?,
            Action::Fail(args) => end::fail(args, handle, io).await?,
            Action::Cancel(args) => end::cancel(args, handle, io).await?,
            Action::Retry(args) => end::retry(args, handle, io).await?,
            Action::Depend(args) => depend::run(args, handle, io).await?,
        }
        Ok(Exit::Fine)
    })
}

/// Who does something: as they say, else as the system calls them.
pub(super) fn who(by: Option<&str>) -> String {
    by.map(str::trim).filter(|by| !by.is_empty()).unwrap_or("somebody").to_owned()
}
