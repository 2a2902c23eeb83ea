//! What waits for a yes.

use std::io::{self, Write};
use std::sync::Arc;

use serde_json::{Value, json};

use super::wire;
use crate::cli::output::{Output, write_all};
use crate::cli::plan::Format;
use crate::cli::words::line;
use crate::cli::{CliError, Io, setup, table};
use crate::engine::{Handle, Requested, Sought};
use crate::model::{GateState, TaskStatus, Timestamp};

/// Lists the requests of open tasks that wait for a yes, what has waited longest first.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only what this person may answer: their inbox.
    #[arg(long = "for", value_name = "AGENT")]
    pub whom: Option<String>,
    /// Only requests in this state: pending, approved, rejected, expired, void, overridden or closed. May be given several times.
    #[arg(long = "state", value_name = "STATE", value_parser = state, value_delimiter = ',')]
    pub states: Vec<GateState>,
    /// Those that are settled too.
    #[arg(long)]
    pub all: bool,
    /// What to write: text or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

fn state(word: &str) -> Result<GateState, String> {
    GateState::from_word(word).ok_or_else(|| {
        let words: Vec<&str> = GateState::ALL.iter().map(|state| state.word()).collect();
        format!("the states are {}", words.join(", "))
    })
}

pub(super) async fn run(args: &Args, handle: &Handle, io: &mut Io) -> Result<(), CliError> {
    let whom = args.whom.as_deref().map(|whom| Arc::from(whom.strip_prefix("agent/").unwrap_or(whom)));
    let all = handle.requests(Sought { task: None, whom }).await?;
    let settled = |it: &Requested| it.assessed.state.is_open() || it.task.status == TaskStatus::Running;
    let wanted = |it: &&Requested| match args.states.as_slice() {
        [] => args.all || !settled(it),
        states => states.contains(&it.assessed.state),
    };
    let found: Vec<&Requested> = all.iter().filter(wanted).collect();
    write_all(&args.output, Format::Text, io, |format, _, out| match format {
        Format::Text => text(args, &found, all.len(), out),
        Format::Json => {
            let requests: Vec<Value> = found.iter().map(|it| wire::request(it)).collect();
            writeln!(out, "{:#}", json!({"version": 1, "requests": requests}))
        }
    })
}

fn text(args: &Args, found: &[&Requested], all: usize, out: &mut dyn Write) -> io::Result<()> {
    if found.is_empty() {
        let whom = args.whom.as_ref().map(|whom| format!(" for {whom}")).unwrap_or_default();
        return match all {
            0 => writeln!(out, "Nothing needs a yes{whom}"),
            1 => writeln!(out, "Nothing waits for a yes{whom}; 1 request is settled (--all)"),
            all => writeln!(out, "Nothing waits for a yes{whom}; {all} requests are settled (--all)"),
        };
    }
    let now = setup::now();
    let rows: Vec<[String; 6]> = found.iter().map(|it| row(it, now)).collect();
    table::write(["TASK", "POLICY", "STATE", "WAITED", "WAITS ON", "TITLE"], &rows, out)
}

fn row(it: &Requested, now: Timestamp) -> [String; 6] {
    let waits_on: Vec<String> = it.waits_on.iter().map(ToString::to_string).collect();
    let waits_on = if waits_on.is_empty() { "-".to_owned() } else { waits_on.join(", ") };
    let waited = it.asked.map_or_else(|| "-".to_owned(), |asked| now.since(asked).to_string());
    let (task, title) = (line(&it.task.id.0), line(&it.task.title));
    [task, it.policy.name.to_string(), it.assessed.state.word().to_owned(), waited, waits_on, title]
}
