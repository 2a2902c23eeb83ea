//! Tasks as a list.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use crate::cli::output::{Output, write_all};
use crate::cli::paint::Paint;
use crate::cli::words::line;
use crate::cli::{CliError, Io, setup, table};
use crate::config::Mapping;
use crate::diagnostic::{counted, nearest};
use crate::engine::Handle;
use crate::model::{Demand, TaskStatus, Timestamp};
use crate::store::{Filter, Listed, Unread};

/// Lists tasks, the newest first.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only tasks of this status: pending, running, blocked, completed, failed or cancelled. May be given several times.
    #[arg(long, value_parser = status, value_delimiter = ',')]
    pub status: Vec<TaskStatus>,
    /// Only tasks of this type.
    #[arg(long = "type", value_name = "TYPE")]
    pub kind: Option<String>,
    /// Only tasks of this role.
    #[arg(long)]
    pub role: Option<String>,
    /// Only tasks that this agent holds.
    #[arg(long)]
    pub agent: Option<String>,
    /// Only the tasks that Abide opened.
    #[arg(long)]
    pub own: bool,
    /// Only the tasks whose tries are used up: they wait for a person.
    #[arg(long)]
    pub dead: bool,
    /// At most so many; 0 for all.
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
    /// What to write: text, table or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

pub(super) fn status(word: &str) -> Result<TaskStatus, String> {
    TaskStatus::from_word(word).ok_or_else(|| {
        let words = TaskStatus::ALL.map(TaskStatus::word);
        match nearest(word, words) {
            Some(near) => format!("`{word}` is no status; did you mean `{near}`?"),
            None => format!("`{word}` is no status: use {}", words.join(", ")),
        }
    })
}

pub(super) async fn run(args: &Args, mapping: &Mapping, handle: &Handle, io: &mut Io) -> Result<(), CliError> {
    if args.dead && !mapping.own {
        let why = "does not tell which failed tasks have no try left: only Abide's own table marks dead letters";
        let error = CliError::usage(format!("{} {why}", mapping.table));
        return Err(error.hint("`abide tasks list --status failed` shows everything that has failed"));
    }
    let filter = Filter {
        id: None,
        status: args.status.clone(),
        kind: args.kind.clone(),
        role: args.role.clone(),
        agent: args.agent.clone(),
        own: args.own,
        dead: args.dead,
        most: args.limit,
        skips: true,
    };
    let tasks = handle.list(filter.clone()).await?;
    let unread = handle.unread(filter).await?;
    write((&tasks, &unread), args.limit, &args.output, io)?;
    unread.iter().try_for_each(|unread| warn(unread, io)).map_err(CliError::from)
}

/// Says which rows the list leaves out, and how to have them in it.
fn warn(Unread { count, rows, error }: &Unread, io: &mut Io) -> io::Result<()> {
    let keys: Vec<&str> = rows.iter().map(|id| &*id.0).collect();
    let more =
        if *count > keys.len() as u64 { format!(" and {} more", count - keys.len() as u64) } else { String::new() };
    let said = if *count == 1 { "1 row is not listed".to_owned() } else { format!("{count} rows are not listed") };
    let which = if keys.is_empty() { String::new() } else { format!(" (row {}{more})", keys.join(", ")) };
    let at = error.column.as_ref().map(|column| format!(", {column}")).unwrap_or_default();
    let held = error.value.as_ref().map(|value| format!(" holds `{}`", line(value))).unwrap_or_default();
    writeln!(io.err, "warning: {said}{which}: {}{at}{held}\n  = help: {}", error.what, error.fix)
}

/// How to write a list of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// With a heading.
    Table,
    /// For programs.
    Json,
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "text" => Ok(Self::Text),
            "table" => Ok(Self::Table),
            "json" => Ok(Self::Json),
            _ => Err(format!("no format is called `{word}`; the formats here are text, table and json")),
        }
    }
}

/// A task for programs.
#[derive(Serialize)]
pub(super) struct TaskWire<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: &'a str,
    title: &'a str,
    status: &'a str,
    severity: &'a str,
    role: Option<&'a str>,
    agent: Option<&'a str>,
    author: Option<&'a str>,
    labels: std::collections::BTreeMap<&'a str, &'a str>,
    created: String,
    claimed: Option<String>,
    started: Option<String>,
    finished: Option<String>,
    due: Option<String>,
    #[serde(rename = "notBefore")]
    not_before: Option<String>,
    parent: Option<&'a str>,
    attempts: u32,
    tries: Option<u32>,
    error: Option<&'a str>,
    result: Option<&'a str>,
    demands: Value,
    lease: Option<Value>,
    own: bool,
}

impl<'a> TaskWire<'a> {
    /// The task.
    pub(super) fn of(listed: &'a Listed) -> Self {
        let Listed { task, details, lease, .. } = listed;
        let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
        Self {
            id: task.id.to_string(),
            kind: &task.kind,
            title: &task.title,
            status: task.status.word(),
            severity: task.severity.word(),
            role: task.role.as_deref(),
            agent: task.agent.as_deref(),
            author: task.author.as_deref(),
            labels: task.labels.iter().map(|(key, value)| (&**key, &**value)).collect(),
            created: task.created.to_string(),
            claimed: text(task.claimed),
            started: text(task.started),
            finished: text(task.finished),
            due: text(details.due),
            not_before: text(details.not_before),
            parent: details.parent.as_deref(),
            attempts: details.attempts,
            tries: details.tries,
            error: details.error.as_deref(),
            result: details.result.as_deref(),
            demands: demands(&details.demand),
            lease: lease.as_ref().map(super::claim::lease),
            own: task.own,
        }
    }
}

/// What a task demands, for programs.
fn demands(demand: &Demand) -> Value {
    let Demand { skills, site } = demand;
    let skills: Vec<&str> = skills.iter().map(|skill| &**skill).collect();
    json!({"skills": skills, "class": site.class.as_deref(), "region": site.region.as_deref(), "machine": site.machine.as_deref()})
}

#[derive(Serialize)]
struct Wire<'a> {
    version: u32,
    tasks: Vec<TaskWire<'a>>,
    /// What is not among them, where there is any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unread: Vec<Value>,
}

/// Rows that are not listed, for programs.
fn unread_wire(Unread { count, rows, error }: &Unread) -> Value {
    let rows: Vec<&str> = rows.iter().map(|id| &*id.0).collect();
    json!({"count": count, "rows": rows, "key": error.key, "column": error.column, "value": error.value, "what": error.what, "fix": error.fix})
}

/// Writes tasks in every format that is asked for.
fn write(
    (tasks, unread): (&[Listed], &[Unread]),
    limit: usize,
    output: &[Output<Format>],
    io: &mut Io,
) -> Result<(), CliError> {
    let now = setup::now();
    write_all(output, Format::Text, io, |format, color, out| match format {
        Format::Text => text(tasks, limit, Paint { color }, out),
        Format::Table => as_table(tasks, now, out),
        Format::Json => {
            let wire = Wire {
                version: 1,
                tasks: tasks.iter().map(TaskWire::of).collect(),
                unread: unread.iter().map(unread_wire).collect(),
            };
            serde_json::to_writer_pretty(&mut *out, &wire)?;
            writeln!(out)
        }
    })
}

fn text(tasks: &[Listed], limit: usize, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let ids: Vec<String> = tasks.iter().map(|listed| line(&listed.task.id.0)).collect();
    let wide = ids.iter().map(|id| id.chars().count()).max().unwrap_or_default();
    for (Listed { task, .. }, id) in tasks.iter().zip(&ids) {
        let role = task.role.as_ref().map(|role| format!(" -> {}", line(role))).unwrap_or_default();
        let agent = task.agent.as_ref().map(|agent| format!(", {}", line(agent))).unwrap_or_default();
        let severity = paint.severity(task.severity, &format!("{:<8}", task.severity.word()));
        let (title, kind) = (line(&task.title), paint.dim(&format!("({})", line(&task.kind))));
        writeln!(out, "{id:<wide$}  {:<9}  {severity}  {title} {kind}{role}{agent}", task.status.word())?;
    }
    match tasks.len() {
        0 => writeln!(out, "No such tasks"),
        many if many > 1 && many == limit => writeln!(out, "the {many} newest tasks; --limit 0 shows all"),
        many => writeln!(out, "{}", counted(many, "task")),
    }
}

fn as_table(tasks: &[Listed], now: Timestamp, out: &mut dyn Write) -> io::Result<()> {
    let cell = |text: &Option<std::sync::Arc<str>>| text.as_deref().map_or_else(|| "-".to_owned(), line);
    let row = |Listed { task, .. }: &Listed| {
        [
            line(&task.id.0),
            task.status.word().to_owned(),
            task.severity.word().to_owned(),
            line(&task.kind),
            cell(&task.role),
            cell(&task.agent),
            task.age(now).to_string(),
            line(&task.title),
        ]
    };
    let rows: Vec<[String; 8]> = tasks.iter().map(row).collect();
    table::write(["ID", "STATUS", "SEVERITY", "TYPE", "ROLE", "AGENT", "AGE", "TITLE"], &rows, out)
}
