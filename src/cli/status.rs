//! `abide status`.

#[cfg(test)]
mod tests;
mod tree;
pub(in crate::cli) mod view;
mod wire;

use std::io::{IsTerminal, Write};
use std::time::Duration as Span;

use super::output::{Output, write_all};
use super::plan::nothing_matched;
use super::setup::Access;
use super::{CliError, Exit, Global, Io, Setup, progress};
use crate::diagnostic::{counted, nearest, plain};
use crate::engine::{EngineError, Handle, Pass, Which};
use crate::git::SourceError;
use crate::model::{Duration, TaskStatus, Timestamp};
use crate::store::{Filter, Listed};
use view::{Node, View};

/// How often --watch and --wait look again.
const EVERY: Span = Span::from_secs(1);

/// Shows a tree of how things stand: spec, drift, task, agent.
///
/// Reads the configured branch's newest commit and the database as they are now, and writes nothing. Healthy specs are
/// only counted, unless --all or one spec is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Shows only this spec: slo/fixes-succeed, or its name alone.
    pub spec: Option<String>,
    /// Shows healthy specs as well, and every drift.
    #[arg(long)]
    pub all: bool,
    /// Judges as of this time: 2026-03-02T10:00:00Z.
    #[arg(long, env = "ABIDE_AT", value_name = "TIME")]
    pub at: Option<Timestamp>,
    /// Shows it again whenever it has changed, until interrupted.
    #[arg(long, conflicts_with = "wait")]
    pub watch: bool,
    /// Waits until no drift is open, of the spec or at all.
    #[arg(long)]
    pub wait: bool,
    /// How long to wait at most; then it ends with 7.
    #[arg(long, value_name = "DURATION", default_value = "5m", requires = "wait")]
    pub timeout: Duration,
    /// What to write: tree, table or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

/// How to write how things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A tree, for people.
    Tree,
    /// A row for each drift.
    Table,
    /// For programs.
    Json,
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "tree" | "text" => Ok(Self::Tree),
            "table" => Ok(Self::Table),
            "json" => Ok(Self::Json),
            _ => Err(format!("no format is called `{word}`; the formats here are tree, table and json")),
        }
    }
}

/// Runs the command.
///
/// # Errors
/// When specs or database are out of reach, there is no such spec, or waiting took too long.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    let spinner = progress::spinner(global, if args.wait { "waiting" } else { "asking" });
    setup.with_engine(Access::Read, |handle| async move {
        let seen = if args.wait { wait(args, &handle).await? } else { look(&handle, args.at).await? };
        spinner.finish_and_clear();
        nothing_matched(&seen.pass)?;
        if args.watch {
            return watch(args, &handle, io).await;
        }
        show(args, &seen, io)?;
        warn(&seen.pass, io)?;
        Ok(Exit::Fine)
    })
}

/// A pass with the remediation tasks as they are.
struct Seen {
    pass: Pass,
    tasks: Vec<Listed>,
}

impl Seen {
    fn view(&self) -> View<'_> {
        View::new(&self.pass, &self.tasks)
    }
}

/// That nothing is known of what asks for tasks, where that is so.
pub(super) fn warn(pass: &Pass, io: &mut Io) -> std::io::Result<()> {
    match &pass.misfit {
        None => Ok(()),
        Some(misfit) => writeln!(io.err, "warning: what asks for tasks has no answer: {}", plain(&misfit.to_string())),
    }
}

async fn look(handle: &Handle, at: Option<Timestamp>) -> Result<Seen, CliError> {
    let pass = head(handle, at).await?;
    let status = TaskStatus::ALL.into_iter().filter(|status| *status != TaskStatus::Cancelled).collect();
    let tasks = handle.list(Filter { own: true, status, skips: true, ..Filter::default() }).await?;
    Ok(Seen { pass, tasks })
}

/// What a pass over the newest commit would do; over the files on the disk where nothing was committed yet.
pub(super) async fn head(handle: &Handle, at: Option<Timestamp>) -> Result<Pass, CliError> {
    match handle.plan(Which::Head, at).await {
        Err(EngineError::Source(missing @ SourceError::NoRevision { .. })) => {
            let working = handle.plan(Which::Working, at).await;
            // What is missing says more than why the files on the disk are not there either.
            working.map_err(|_| EngineError::Source(missing).into())
        }
        other => Ok(other?),
    }
}

/// The nodes that are asked for.
fn chosen<'v, 'a>(view: &'v View<'a>, spec: Option<&str>) -> Result<Vec<&'v Node<'a>>, CliError> {
    let Some(word) = spec else { return Ok(view.nodes.iter().collect()) };
    let named = |node: &&Node<'a>| {
        node.spec.as_ref().is_some_and(|id| id.to_string() == word.to_lowercase() || id.name.as_str() == word)
    };
    let found: Vec<&Node<'a>> = view.nodes.iter().filter(named).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let names: Vec<String> = view.nodes.iter().filter_map(|node| node.spec.as_ref()).map(ToString::to_string).collect();
    let bare = |name: &str| name.split_once('/').map_or("", |(_, bare)| bare).to_owned();
    let error = CliError { exit: Exit::NothingMatched, ..CliError::usage(format!("no spec is called `{word}`")) };
    let near = nearest(word, names.iter().map(String::as_str)).map(str::to_owned);
    let near = near.or_else(|| {
        let bares: Vec<String> = names.iter().map(|name| bare(name)).collect();
        nearest(word, bares.iter().map(String::as_str)).map(str::to_owned)
    });
    Err(match near {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("`abide status --all` lists every spec"),
    })
}

fn show(args: &Args, seen: &Seen, io: &mut Io) -> Result<(), CliError> {
    let view = seen.view();
    let nodes = chosen(&view, args.spec.as_deref())?;
    let all = args.all || args.spec.is_some();
    write_all(&args.output, Format::Tree, io, |format, color, out| match format {
        Format::Tree => {
            tree::draw(&view, &nodes, all, color, out)?;
            if args.spec.is_none() { summary(&view, color, out) } else { Ok(()) }
        }
        Format::Table => wire::table(&nodes, all, out),
        Format::Json => wire::json(&view, &nodes, out),
    })
}

/// The tree of everything that a pass found, for who has just made one. `tasks` are the remediation tasks as they are now.
pub(super) fn tree(pass: &Pass, tasks: &[Listed], color: bool, out: &mut dyn Write) -> std::io::Result<()> {
    let view = View::new(pass, tasks);
    let nodes: Vec<&Node<'_>> = view.nodes.iter().collect();
    tree::draw(&view, &nodes, false, color, out)
}

fn summary(view: &View<'_>, color: bool, out: &mut dyn Write) -> std::io::Result<()> {
    let paint = super::paint::Paint { color };
    let plan = &view.pass.plan;
    let specs = format!("{} at {}", counted(view.pass.catalog.len(), "spec"), view.pass.catalog.revision.short());
    let unknown = match plan.unknown.len() {
        0 => String::new(),
        many => format!(", {many} unknown"),
    };
    if view.doubt.is_some() {
        return writeln!(out, "{}: {specs}", paint.warn("Nothing was judged"));
    }
    if plan.drifts.is_empty() {
        return writeln!(out, "{}{unknown}: {specs}", paint.good("No drift"));
    }
    writeln!(out, "{}{unknown}: {specs}", super::report::drifts(plan))
}

/// Whether nothing that is asked for drifts any more.
fn is_settled(args: &Args, seen: &Seen) -> Result<bool, CliError> {
    let view = seen.view();
    let nodes = chosen(&view, args.spec.as_deref())?;
    // What was asked for by name must be known to be well; of everything, something is always unknown.
    let known = |node: &&Node<'_>| args.spec.is_none() || (node.unknown.is_empty() && node.unread.is_empty());
    Ok(view.doubt.is_none() && nodes.iter().all(|node| node.is_settled() && known(node)))
}

async fn wait(args: &Args, handle: &Handle) -> Result<Seen, CliError> {
    let mut last = String::from("nothing was seen");
    let waiting = async {
        let mut ticks = tokio::time::interval(EVERY);
        loop {
            ticks.tick().await;
            let seen = look(handle, args.at).await?;
            nothing_matched(&seen.pass)?;
            if is_settled(args, &seen)? {
                return Ok(seen);
            }
            last = left(args, &seen)?;
        }
    };
    match tokio::time::timeout(args.timeout.to_std(), waiting).await {
        Ok(result) => result,
        Err(_) => {
            let what = args.spec.as_deref().unwrap_or("the organisation");
            let message = format!("{what} still drifts after {}: {last}", args.timeout);
            let error = CliError { exit: Exit::TimedOut, ..CliError::usage(message) };
            Err(error.hint("`abide status` shows who has the tasks; --timeout waits longer"))
        }
    }
}

/// What is still waited for, in words.
fn left(args: &Args, seen: &Seen) -> Result<String, CliError> {
    let view = seen.view();
    if let Some(doubt) = view.doubt {
        return Ok(doubt.to_owned());
    }
    let nodes = chosen(&view, args.spec.as_deref())?;
    let open = nodes.iter().flat_map(|node| &node.groups).filter(|group| !group.is_waived());
    let titles: Vec<&str> =
        open.filter_map(|group| group.drifts.first()).map(|reported| reported.drift.title.as_str()).collect();
    Ok(match titles[..] {
        [] => "how it stands cannot be told".to_owned(),
        [only] => only.to_owned(),
        [first, ref rest @ ..] => format!("{first}, and {} more", rest.len()),
    })
}

/// Shows it again whenever it has changed.
async fn watch(args: &Args, handle: &Handle, io: &mut Io) -> Result<Exit, CliError> {
    let clears = std::io::stdout().is_terminal() && args.output.is_empty();
    let mut ticks = tokio::time::interval(EVERY);
    let mut before = Vec::new();
    loop {
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => {
                interrupted?;
                return Ok(Exit::Fine);
            }
            _ = ticks.tick() => {
                let seen = look(handle, args.at).await?;
                let now = essence(&seen);
                if now != before {
                    before = now;
                    if clears {
                        write!(io.out, "\x1b[2J\x1b[H")?;
                    }
                    show(args, &seen, io)?;
                    io.out.flush()?;
                }
            }
        }
    }
}

/// What of a view makes it worth showing again: everything but the time.
fn essence(seen: &Seen) -> Vec<String> {
    let drifts =
        seen.pass.plan.drifts.iter().map(|it| format!("{} {:?} {}", it.fingerprint, it.state, it.drift.severity));
    let tasks = seen.tasks.iter().map(|listed| format!("{:?}", listed.task));
    let held = seen.pass.plan.held.iter().map(|held| held.id.to_string());
    let unknown = seen.pass.plan.unknown.iter().map(|it| format!("{} {:?}", it.case, it.subject));
    let revision = std::iter::once(seen.pass.catalog.revision.to_string());
    revision.chain(drifts).chain(tasks).chain(held).chain(unknown).collect()
}
