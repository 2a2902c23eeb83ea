//! `abide audit`.

mod anchor;
mod anchors;
mod clock;
mod export;
mod line;
mod report;
mod show;
#[cfg(test)]
mod tests;
mod verify;

use super::{CliError, Exit, Global, Io};
use crate::engine::Handle;
use crate::store::audit::{Entry, Extract};

/// Reads the record of everything that was done, and tells whether somebody has changed it.
///
/// Each transition has one row, written together with it, and each row is bound to the one before it by a hash.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with the record.
#[derive(Debug, clap::Subcommand)]
#[allow(missing_docs, reason = "the doc comment of each action's arguments is its help text")]
pub enum Action {
    Show(show::Args),
    Export(export::Args),
    Verify(verify::Args),
    Anchor(anchor::Args),
    Clock(clock::Args),
}

/// Runs the command.
///
/// # Errors
/// When the database or a file is out of reach.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    match &args.action {
        Action::Show(args) => show::run(args, global, io),
        Action::Export(args) => export::run(args, global, io),
        Action::Verify(args) => verify::run(args, global, io),
        Action::Anchor(args) => anchor::run(args, global, io),
        Action::Clock(args) => clock::run(args, global, io),
    }
}

/// Hands over every row after that one, in order, until somebody has seen enough. Never more than a page of them is in memory, and
/// others are answered between two pages.
async fn walk(
    handle: &Handle,
    after: Option<i64>,
    mut take: impl FnMut(&Entry) -> Result<bool, CliError>,
) -> Result<(), CliError> {
    let mut after = after;
    loop {
        let page = handle.audit(Extract::page(after)).await?;
        for entry in &page.rows {
            if !take(entry)? {
                return Ok(());
            }
        }
        if !page.has_more {
            return Ok(());
        }
        after = page.rows.last().map(|entry| entry.seq);
    }
}
