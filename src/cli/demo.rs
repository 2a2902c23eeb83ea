//! `abide demo`.

mod story;
#[cfg(test)]
mod tests;
mod tries;

use std::path::{Path, PathBuf};

use super::setup::{self, Access};
use super::{CliError, Exit, Global, Io, Setup, progress};
use crate::demo::{Built, DemoError, build};
use crate::engine::Pass;
use crate::model::Timestamp;
use crate::store::{Filter, Listed};

/// Builds a whole organisation with planted drift, and reconciles it before your eyes. Needs no set-up.
///
/// Specs and code in a git repository, and a task table with a month of history. Run again on its own folder, it builds it
/// anew; a folder that holds anything else is left alone.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder.
    #[arg(default_value = "abide-demo")]
    pub dir: PathBuf,
    /// Another seed is another month.
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    pub seed: u64,
}

/// Runs the command.
///
/// # Errors
/// When the folder holds something else, or cannot be written.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let made = make(args, global, setup::now())?;
    let paint = super::paint::Paint { color: io.color };
    story::tell(&args.dir, &made, paint, &mut *io.out)?;
    tries::write(&args.dir, &made, paint, &mut *io.out)?;
    Ok(Exit::Fine)
}

/// An organisation, the pass over it, and the tasks that it opened.
struct Made {
    built: Built,
    pass: Pass,
    tasks: Vec<Listed>,
}

fn make(args: &Args, global: &Global, now: Timestamp) -> Result<Made, CliError> {
    let spinner = progress::spinner(global, "building an organisation");
    let built = build(&args.dir, args.seed, now)?;
    spinner.set_message("reconciling it");
    let (pass, tasks) = setup(&args.dir, global)?.with_engine(Access::Write, |handle| async move {
        let pass = handle.reconcile(Some(now)).await?;
        Ok((pass, handle.list(Filter { own: true, ..Filter::default() }).await?))
    })?;
    spinner.finish_and_clear();
    Ok(Made { built, pass, tasks })
}

/// The demo's own configuration, whatever else this process was told.
fn setup(dir: &Path, global: &Global) -> Result<Setup, CliError> {
    Setup::new(&Global { config: dir.join("abide.toml"), set: Vec::new(), store: None, ..global.clone() })
}

impl From<DemoError> for CliError {
    fn from(error: DemoError) -> Self {
        let hint = match &error {
            DemoError::Foreign(_) | DemoError::NoFolder(_) => {
                Some("name a folder that is not there yet: abide demo DIR")
            }
            _ => None,
        };
        let error = Self::usage(error.to_string());
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}
