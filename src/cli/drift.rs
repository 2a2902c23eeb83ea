//! `abide drift`.

mod explain;
mod find;
mod list;
#[cfg(test)]
mod tests;

use super::output::{Output, write_all};
use super::plan::{Format, nothing_matched};
use super::setup::Access;
use super::{CliError, Exit, Global, Io, Setup, progress, status};
use crate::model::Timestamp;
use crate::store::Filter;

/// Lists what drifts, and explains one drift in full.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with drifts.
#[derive(Debug, clap::Subcommand)]
pub enum Action {
    /// Lists every drift of the configured branch's newest commit, the worst first.
    List {
        /// How to look and what to write.
        #[command(flatten)]
        look: Look,
    },
    /// Explains one drift: the question, the answer, the rule, the commit and line, the task and how to mend it.
    Explain {
        /// A fingerprint or its beginning, the key of its task, or a spec and a subject: agent/dev-1 or decision/use-postgres rule/none-left.
        #[arg(required = true, num_args = 1..=2, value_names = ["ID", "SUBJECT"])]
        id: Vec<String>,
        /// How to look and what to write.
        #[command(flatten)]
        look: Look,
    },
}

/// How to look and what to write.
#[derive(Debug, clap::Args)]
pub struct Look {
    /// Judges as of this time: 2026-03-02T10:00:00Z.
    #[arg(long, env = "ABIDE_AT", value_name = "TIME")]
    pub at: Option<Timestamp>,
    /// What to write: text or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

/// Runs the command.
///
/// # Errors
/// When specs or database are out of reach, or no single drift is meant.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    let look = match &args.action {
        Action::List { look } | Action::Explain { look, .. } => look,
    };
    let spinner = progress::spinner(global, "asking");
    let (pass, tasks) = setup.with_engine(Access::Read, |handle| async move {
        let pass = status::head(&handle, look.at).await?;
        let tasks = handle.list(Filter { own: true, skips: true, ..Filter::default() }).await?;
        Ok((pass, tasks))
    })?;
    spinner.finish_and_clear();
    nothing_matched(&pass)?;
    status::warn(&pass, io)?;
    let view = status::view::View::new(&pass, &tasks);
    if let Some(doubt) = view.doubt {
        let error = CliError::usage(format!("nothing was judged: {doubt}"));
        return Err(error.hint("`abide holds list` shows what waits for a person"));
    }
    match &args.action {
        Action::List { look } => write_all(&look.output, Format::Text, io, |format, color, out| match format {
            Format::Text => list::text(&view, color, out),
            Format::Json => list::json(&view, out),
        })?,
        Action::Explain { id, look } => {
            let (node, group) = find::one(&view, id)?;
            write_all(&look.output, Format::Text, io, |format, color, out| match format {
                Format::Text => explain::text(&view, node, group, color, out),
                Format::Json => explain::json(&view, group, out),
            })?;
        }
    }
    Ok(Exit::Fine)
}
