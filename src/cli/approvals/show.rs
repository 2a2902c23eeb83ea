//! The requests about one task, with all that was said.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::wire;
use crate::cli::output::{Output, write_all};
use crate::cli::plan::Format;
use crate::cli::{CliError, Io};
use crate::diagnostic::plain;
use crate::engine::{Handle, Requested, Sought};
use crate::kinds::approval::voice::{From, Voice};
use crate::model::TaskId;
use crate::store::{Filter, Told};

/// The transitions that tell of agreement.
const ACTIONS: [&str; 5] = ["request", "gate", "approve", "reject", "override"];

/// Shows the requests about a task: what a yes must be said to, all that was said, and how each came to stand as it does.
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
    let mut story = handle.story(TaskId::from(args.task.as_str())).await?;
    story.retain(|told| ACTIONS.contains(&told.action.as_str()));
    write_all(&args.output, Format::Text, io, |format, _, out| match format {
        Format::Text => text(&args.task, &found, &story, out),
        Format::Json => {
            let requests: Vec<Value> = found.iter().map(wire::request).collect();
            let history: Vec<Value> = story.iter().map(told).collect();
            let whole = json!({"version": 1, "task": args.task, "requests": requests, "history": history});
            writeln!(out, "{whole:#}")
        }
    })
}

/// Every request about a task that is there.
pub(super) async fn requests_of(handle: &Handle, task: &str) -> Result<Vec<Requested>, CliError> {
    let id = TaskId::from(task);
    if handle.list(Filter { id: Some(id.clone()), ..Filter::default() }).await?.is_empty() {
        let error = CliError::usage(format!("there is no task `{task}`"));
        return Err(error.hint("`abide tasks list` shows what there is"));
    }
    Ok(handle.requests(Sought { task: Some(id), whom: None }).await?)
}

fn told(told: &Told) -> Value {
    // What is no object was not written by Abide: it is shown as the text that it is.
    let what: Value = serde_json::from_str(&told.what).unwrap_or_else(|_| told.what.as_str().into());
    json!({"at": told.at.to_string(), "by": told.by, "action": told.action, "what": what})
}

fn text(task: &str, found: &[Requested], story: &[Told], out: &mut dyn Write) -> io::Result<()> {
    if found.is_empty() {
        writeln!(out, "No policy asks about task {task}: it needs no yes")?;
    }
    for it in found {
        let why = it.assessed.why.as_ref().map(|why| format!(": {}", plain(why))).unwrap_or_default();
        writeln!(out, "{} is {}{why}", it.policy, it.assessed.state)?;
        writeln!(out, "  digest    sha256:{}", it.digest)?;
        if let Some(asked) = it.asked {
            writeln!(out, "  asked     {asked}")?;
        }
        if !it.waits_on.is_empty() {
            let whom: Vec<String> = it.waits_on.iter().map(ToString::to_string).collect();
            writeln!(out, "  waits on  {}", whom.join(", "))?;
        }
        it.assessed.voices.iter().try_for_each(|it| voice(it, out))?;
        writeln!(out)?;
    }
    story
        .iter()
        .try_for_each(|told| writeln!(out, "{}  {:<8}  {}{}", told.at, told.action, plain(&told.by), beside(told)))
}

fn voice(voice: &Voice, out: &mut dyn Write) -> io::Result<()> {
    let at = voice.at.map(|at| format!(" at {at}")).unwrap_or_default();
    let from = match &voice.from {
        From::Row(role) => format!(" in the task's row, for {role}"),
        From::Document(spec) => format!(" in {spec}"),
        From::Record => String::new(),
    };
    let counts = voice
        .fault
        .as_ref()
        .map(|fault| format!("; does not count: {} [{}]", plain(&fault.to_string()), fault.reason.code()));
    writeln!(
        out,
        "  said      {} {} it{at}{from}{}",
        plain(&voice.who()),
        voice.vote.word(),
        counts.unwrap_or_default()
    )
}

/// What of a transition people want to see.
fn beside(told: &Told) -> String {
    let Ok(what) = serde_json::from_str::<Value>(&told.what) else {
        return format!(
            "  row {} of the audit cannot be read: `abide audit verify` tells whether it was changed",
            told.number
        );
    };
    let text = |key: &str| what.get(key).and_then(Value::as_str);
    let policy = text("policy").map(|policy| format!("  {policy}")).unwrap_or_default();
    let moved = text("from").zip(text("to")).map(|(from, to)| format!("  {from} to {to}")).unwrap_or_default();
    let reason = text("reason").map(|reason| format!("  ({})", plain(reason))).unwrap_or_default();
    format!("{policy}{moved}{reason}")
}
