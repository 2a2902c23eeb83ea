//! The newest rows of the record.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::cli::output::{Output, write_all};
use crate::cli::plan::Format;
use crate::cli::setup::Access;
use crate::cli::words::{WIDE, cut};
use crate::cli::{CliError, Exit, Global, Io, Setup, table};
use crate::diagnostic::plain;
use crate::model::{TaskId, Timestamp};
use crate::store::audit::{Entry, Extract, Page};

/// Shows the newest rows of the record, the oldest of them first.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only what was done to this task, by its key.
    #[arg(long, value_name = "ID")]
    pub task: Option<String>,
    /// Only what this person, agent or program did.
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
    /// Only this action: open, close, claim, complete, release …
    #[arg(long)]
    pub action: Option<String>,
    /// Only what was done at this time or later: 2026-03-02T10:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub since: Option<Timestamp>,
    /// Only what was done at this time or earlier.
    #[arg(long, value_name = "TIME")]
    pub until: Option<Timestamp>,
    /// At most so many rows, 10000 at the most; `abide audit export` writes all of them.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub last: u32,
    /// What to write: text or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    let wanted = Extract {
        after: None,
        task: args.task.as_deref().map(TaskId::from),
        who: args.by.clone(),
        action: args.action.clone(),
        since: args.since,
        until: args.until,
        newest: true,
        most: args.last as usize,
        kept: false,
    };
    let is_all = wanted == Extract { newest: true, most: wanted.most, ..Extract::default() };
    let page = setup.with_engine(Access::Read, |handle| async move { Ok(handle.audit(wanted).await?) })?;
    write_all(&args.output, Format::Text, io, |format, _, out| match format {
        Format::Text => text(&page, is_all, out),
        Format::Json => as_json(&page, out),
    })?;
    Ok(Exit::Fine)
}

fn text(page: &Page, is_all: bool, out: &mut dyn Write) -> io::Result<()> {
    if page.rows.is_empty() {
        let what =
            if is_all { "The record is empty: nothing was done yet" } else { "No row of the record is like that" };
        return writeln!(out, "{what}");
    }
    let rows: Vec<[String; 5]> = page.rows.iter().map(cells).collect();
    table::write(["ROW", "AT", "WHO", "ACTION", "WHAT"], &rows, out)?;
    if page.has_more {
        let shown = page.rows.len();
        writeln!(out, "… older rows are left out: these are the newest {shown}; --last shows more of them")?;
    }
    Ok(())
}

fn cells(entry: &Entry) -> [String; 5] {
    let Entry { seq, at, who, action, what, .. } = entry;
    [seq.to_string(), at.to_string(), cut(&plain(who), 40), cut(&plain(action), 40), cut(&plain(&pairs(what)), WIDE)]
}

/// The particulars without the signs of JSON, the task first.
fn pairs(what: &str) -> String {
    let Ok(Value::Object(pairs)) = serde_json::from_str(what) else { return what.to_owned() };
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let (first, others): (Vec<_>, Vec<_>) = pairs.iter().partition(|(key, _)| *key == "task");
    let told = first.into_iter().chain(others).filter(|(_, value)| !value.is_null());
    told.map(|(key, value)| format!("{key}={}", word(value))).collect::<Vec<_>>().join(" ")
}

fn as_json(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let row = |entry: &Entry| {
        let Entry { seq, at, who, action, what, prev, hash } = entry;
        let what: Value = serde_json::from_str(what).unwrap_or_else(|_| what.as_str().into());
        json!({"seq": seq, "at": at.to_string(), "who": who, "action": action, "what": what, "prev": prev, "hash": hash})
    };
    let rows: Vec<Value> = page.rows.iter().map(row).collect();
    writeln!(out, "{:#}", json!({"version": 1, "rows": rows, "more": page.has_more}))
}
