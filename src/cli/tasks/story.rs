//! What was done to a task, by whom and when.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::find::find;
use crate::cli::output::{Output, write_all};
use crate::cli::plan::Format;
use crate::cli::{CliError, Io};
use crate::engine::Handle;
use crate::store::Told;

/// Tells what was done to a task, by whom and when.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The task's key, or its fingerprint.
    pub id: String,
    /// What to write: text or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

pub(super) async fn run(args: &Args, handle: &Handle, io: &mut Io) -> Result<(), CliError> {
    let task = find(handle, &args.id).await?.listed.task.id.clone();
    let story = handle.story(task.clone()).await?;
    write_all(&args.output, Format::Text, io, |format, _, out| match format {
        Format::Text if story.is_empty() => {
            writeln!(out, "Abide has done nothing to task {task}, nor has anybody through it")
        }
        Format::Text => text(&story, out),
        Format::Json => {
            let events: Vec<Value> = story.iter().map(as_json).collect();
            writeln!(out, "{:#}", json!({"version": 1, "task": *task.0, "events": events}))
        }
    })
}

fn particulars(told: &Told) -> Value {
    serde_json::from_str(&told.what).unwrap_or_default()
}

fn as_json(told: &Told) -> Value {
    json!({"at": told.at.to_string(), "by": told.by, "action": told.action, "what": particulars(told)})
}

fn text(story: &[Told], out: &mut dyn Write) -> io::Result<()> {
    let wide = story.iter().map(|told| told.action.len()).max().unwrap_or_default();
    story.iter().try_for_each(|told| {
        let Told { at, by, action, .. } = told;
        writeln!(out, "{at}  {action:<wide$}  {by}{}", beside(&particulars(told)))
    })
}

/// What of the particulars people want to see.
fn beside(what: &Value) -> String {
    let number = |key: &str| what.get(key).and_then(Value::as_i64);
    let text = |key: &str| what.get(key).and_then(Value::as_str);
    let token = number("token").map(|token| format!(", token {token}"));
    let until = text("until").map(|until| format!(", until {until}"));
    let again = text("again").map(|again| format!(", again from {again}"));
    let why = text("reason").or_else(|| text("why")).map(|why| format!(": {why}"));
    [token, until, again, why].into_iter().flatten().collect()
}
