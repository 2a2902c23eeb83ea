//! Why a task may start, or may not.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::show::requests_of;
use super::wire;
use crate::cli::output::{Output, write_all};
use crate::cli::paint::Paint;
use crate::cli::plan::Format;
use crate::cli::{CliError, Io};
use crate::diagnostic::plain;
use crate::engine::{Handle, Requested};
use crate::kinds::approval::Tree;
use crate::kinds::approval::voice::Voice;
use crate::model::Vote;

/// Shows what each policy asks of a task as a tree: who has said what, what of it counts, and what is missing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The task's key.
    pub task: String,
    /// What to write: text or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

pub(super) async fn run(args: &Args, handle: &Handle, io: &mut Io) -> Result<(), CliError> {
    let found = requests_of(handle, &args.task).await?;
    write_all(&args.output, Format::Text, io, |format, color, out| match format {
        Format::Text => text(&args.task, &found, Paint { color }, out),
        Format::Json => {
            let requests: Vec<Value> = found.iter().map(wire::request).collect();
            writeln!(out, "{:#}", json!({"version": 1, "task": args.task, "requests": requests}))
        }
    })
}

fn text(task: &str, found: &[Requested], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let Some(first) = found.first() else {
        return writeln!(out, "No policy asks about task {task}: it needs no yes");
    };
    let is_open = found.iter().all(|it| it.assessed.state.is_open());
    let may = match (first.task.has_run(), is_open) {
        (false, _) if !first.task.waits() => "was cancelled before it started".into(),
        (false, true) => paint.good("may start"),
        (false, false) => paint.warn("may not start"),
        (true, true) => paint.good("has started with its yes"),
        (true, false) => paint.warn("has started without its yes"),
    };
    writeln!(out, "task {task} {may}: {}", paint.bold(&plain(&first.task.title)))?;
    for it in found {
        let state = it.assessed.state;
        let shown = if state.is_open() { paint.good(state.word()) } else { paint.warn(state.word()) };
        let why = it.assessed.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        writeln!(
            out,
            "\n{} is {shown}{why}  {}",
            it.policy,
            paint.dim(&format!("({}:{})", it.place.file, it.place.line))
        )?;
        it.tree.iter().try_for_each(|tree| branch(tree, 1, paint, out))?;
        let yes = it.tree.as_ref().map(Tree::agreeing).unwrap_or_default();
        it.assessed.voices.iter().try_for_each(|voice| beside(voice, &yes, out))?;
        if let Some(turns) = it.assessed.turns {
            writeln!(out, "  by time alone this may change at {turns}")?;
        }
    }
    Ok(())
}

fn branch(tree: &Tree, depth: usize, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let mark = if tree.is_met { paint.good("✓") } else { paint.warn("✗") };
    let yes = if tree.yes.is_empty() { String::new() } else { format!(": {} said yes", tree.yes.join(", ")) };
    let missing = match tree.missing {
        0 => String::new(),
        1 => "; 1 is missing".to_owned(),
        more => format!("; {more} are missing"),
    };
    writeln!(out, "{}{mark} {}{yes}{missing}", "  ".repeat(depth), tree.words)?;
    tree.parts.iter().try_for_each(|part| branch(part, depth + 1, paint, out))
}

/// What was said and is not told by the tree.
fn beside(voice: &Voice, yes: &[&str], out: &mut dyn Write) -> io::Result<()> {
    let (who, said) = (plain(&voice.who()), voice.vote.word());
    let because = voice.because.as_ref().map(|because| format!(" ({})", plain(because))).unwrap_or_default();
    match &voice.fault {
        Some(fault) => {
            writeln!(
                out,
                "  {who} {said} it{because}, which does not count: {} [{}]",
                plain(&fault.to_string()),
                fault.reason.code()
            )
        }
        None if voice.vote == Vote::Rejected => writeln!(out, "  {who} {said} it{because}"),
        None if !yes.contains(&&*who) => writeln!(out, "  {who} {said} it{because}, and is not asked"),
        None => Ok(()),
    }
}
