//! `abide reconcile`.

use std::io;

use super::output::{Output, check, write_all};
use super::plan::{Format, nothing_matched, write};
use super::setup::Access;
use super::{CliError, Exit, Global, Io, Setup, progress};
use crate::diagnostic::{Diagnostic, codes, plain};
use crate::engine::EngineError;
use crate::model::{TaskStatus, Timestamp};
use crate::store::{Filter, StoreError, Unread};

/// Makes one pass over the configured branch's newest commit, carries it out, and exits.
#[derive(Debug, clap::Args)]
pub struct Args {
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
/// When specs or database are out of reach, somebody else leads, or a row of the live table cannot be read or is refused: then all
/// else was carried out.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    check(&args.output)?;
    let setup = Setup::new(global)?;
    let spinner = progress::spinner(global, "reconciling");
    let (pass, unread) = setup.with_engine(Access::Write, |handle| async move {
        let pass = handle.reconcile(args.at).await?;
        let open = TaskStatus::ALL.into_iter().filter(|status| status.is_open()).collect();
        let open = Filter { status: open, ..Filter::default() };
        Ok(match &pass.misfit {
            Some(_) => (pass, handle.unread(open).await?),
            None => (pass, Vec::new()),
        })
    })?;
    spinner.finish_and_clear();
    nothing_matched(&pass)?;
    // What cannot be read is in the report; what a commit did to decisions is over with this pass, and said here.
    for Diagnostic { file, problem, .. } in
        pass.diagnostics.iter().filter(|said| codes::MOVES.contains(&said.problem.entry))
    {
        writeln!(
            io.err,
            "{}[{}]: {file}:{}: {}",
            problem.level.word(),
            problem.entry.code,
            problem.span.line,
            problem.message
        )?;
    }
    write_all(&args.output, Format::Text, io, |format, color, out| write(&pass, format, color, out))?;
    // What was refused waits in the report, each with its reason.
    let why = pass.undone().next().map(str::to_owned);
    if let Some(misfit) = pass.misfit {
        warn(&unread, &misfit, io)?;
        return Err(EngineError::from(misfit).into());
    }
    if let Some(why) = why {
        let what = format!("not all of it could be carried out: {why}");
        return Err(CliError::usage(what).hint("everything else was done; the next pass tries it again"));
    }
    Ok(Exit::Fine)
}

/// So many sorts of rows that cannot be read are named.
const SORTS: usize = 10;

/// What else cannot be read than the error tells: whoever mends one row after the other wants to know of all.
fn warn(unread: &[Unread], misfit: &StoreError, io: &mut Io) -> io::Result<()> {
    let is_told = |sort: &&Unread| sort.count == 1 && *misfit == StoreError::Mapping(Box::new(sort.error.clone()));
    let others: Vec<&Unread> = unread.iter().filter(|sort| !is_told(sort)).collect();
    for sort in others.iter().take(SORTS) {
        writeln!(io.err, "warning: {}\n  = help: {}", plain(&sort.fault()), plain(&sort.error.fix))?;
    }
    match others.iter().skip(SORTS).map(|sort| sort.count).sum::<u64>() {
        0 => Ok(()),
        more => writeln!(io.err, "warning: {more} more rows cannot be read; `abide tasks list` names them"),
    }
}
