//! Tasks as a list.

use std::io::{self, Write};

use serde::Serialize;

use crate::cli::output::{Output, write_all};
use crate::cli::paint::Paint;
use crate::cli::{CliError, Io, setup, table};
use crate::model::{Task, Timestamp};
use crate::store::Listed;

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
    own: bool,
}

impl<'a> TaskWire<'a> {
    /// The task.
    pub(super) fn of(task: &'a Task) -> Self {
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
            own: task.own,
        }
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    version: u32,
    tasks: Vec<TaskWire<'a>>,
}

/// Writes tasks in every format that is asked for.
pub(super) fn write(tasks: &[Listed], limit: usize, output: &[Output<Format>], io: &mut Io) -> Result<(), CliError> {
    let now = setup::now();
    write_all(output, Format::Text, io, |format, color, out| match format {
        Format::Text => text(tasks, limit, Paint { color }, out),
        Format::Table => as_table(tasks, now, out),
        Format::Json => {
            let wire = Wire { version: 1, tasks: tasks.iter().map(|listed| TaskWire::of(&listed.task)).collect() };
            serde_json::to_writer_pretty(&mut *out, &wire)?;
            writeln!(out)
        }
    })
}

fn text(tasks: &[Listed], limit: usize, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let wide = tasks.iter().map(|listed| listed.task.id.0.chars().count()).max().unwrap_or_default();
    for Listed { task, .. } in tasks {
        let role = task.role.as_ref().map(|role| format!(" -> {role}")).unwrap_or_default();
        let agent = task.agent.as_ref().map(|agent| format!(", {agent}")).unwrap_or_default();
        let severity = paint.severity(task.severity, &format!("{:<8}", task.severity.word()));
        let kind = paint.dim(&format!("({})", task.kind));
        let id = &task.id.0;
        writeln!(out, "{id:<wide$}  {:<9}  {severity}  {} {kind}{role}{agent}", task.status.word(), task.title)?;
    }
    match tasks.len() {
        0 => writeln!(out, "No such tasks"),
        1 => writeln!(out, "1 task"),
        many if many == limit => writeln!(out, "the {many} newest tasks; --limit 0 shows all"),
        many => writeln!(out, "{many} tasks"),
    }
}

fn as_table(tasks: &[Listed], now: Timestamp, out: &mut dyn Write) -> io::Result<()> {
    let cell = |text: &Option<std::sync::Arc<str>>| text.as_deref().unwrap_or("-").to_owned();
    let row = |Listed { task, .. }: &Listed| {
        [
            task.id.to_string(),
            task.status.word().to_owned(),
            task.severity.word().to_owned(),
            task.kind.to_string(),
            cell(&task.role),
            cell(&task.agent),
            task.age(now).to_string(),
            task.title.to_string(),
        ]
    };
    let rows: Vec<[String; 8]> = tasks.iter().map(row).collect();
    table::write(["ID", "STATUS", "SEVERITY", "TYPE", "ROLE", "AGENT", "AGE", "TITLE"], &rows, out)
}
