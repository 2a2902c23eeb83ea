//! Adding a task.

use std::collections::BTreeMap;

use super::who;
use crate::cli::able::Able;
use crate::cli::{CliError, Io};
use crate::engine::Handle;
use crate::model::{Date, Severity, TaskId, Timestamp};
use crate::store::{Applied, Command, Filter, NewTask};

/// Adds a task.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Its type: fix_bug.
    #[arg(long = "type", value_name = "TYPE", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub kind: String,
    /// One line for people.
    #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub title: String,
    /// More for people: what is to be done, and how one sees that it is.
    #[arg(long)]
    pub body: Option<String>,
    /// The role that it is for.
    #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub role: Option<String>,
    /// The agent that it is for, if only one will do.
    #[arg(long = "for", value_name = "AGENT")]
    pub agent: Option<String>,
    /// How urgent: low, medium, high or critical.
    #[arg(long, default_value_t = Severity::Medium)]
    pub severity: Severity,
    /// A label, as the mapping names it: --label area=db. May be given several times.
    #[arg(long = "label", value_name = "KEY=VALUE", value_parser = label)]
    pub labels: Vec<(String, String)>,
    /// When it should be done: 2026-12-31T18:00:00Z, or 2026-12-31, which ends at 24:00 UTC.
    #[arg(long, value_name = "TIME|DAY", value_parser = end)]
    pub due: Option<Timestamp>,
    /// When it may be claimed at the earliest: a time, or a day, which begins at 00:00 UTC.
    #[arg(long, value_name = "TIME|DAY", value_parser = beginning)]
    pub not_before: Option<Timestamp>,
    /// A task that must be completed first. May be given several times.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub needs: Vec<String>,
    /// What it demands.
    #[command(flatten)]
    pub able: Able,
    /// How often it is tried in all; between tries it rests, twice as long each time.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub tries: u32,
    /// The task that it is part of.
    #[arg(long, value_name = "ID")]
    pub parent: Option<String>,
    /// Makes adding it twice the same as once: whoever asks again with this key gets the same task.
    #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub key: Option<String>,
    /// Who asks for it.
    #[arg(long, env = "USER", hide_env = true)]
    pub by: Option<String>,
}

pub(super) fn label(text: &str) -> Result<(String, String), String> {
    let wrong = || format!("`{text}` is no label; write it as KEY=VALUE");
    let (key, value) = text.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or_else(wrong)?;
    Ok((key.to_owned(), value.to_owned()))
}

pub(super) fn end(text: &str) -> Result<Timestamp, String> {
    text.parse().map(Date::end).or_else(|_| moment(text))
}

fn beginning(text: &str) -> Result<Timestamp, String> {
    text.parse().map(Date::start).or_else(|_| moment(text))
}

fn moment(text: &str) -> Result<Timestamp, String> {
    text.parse()
        .map_err(|_| "it is neither a day such as 2026-12-31 nor a time such as 2026-12-31T18:00:00Z".to_owned())
}

fn task(args: &Args) -> NewTask {
    let id = |text: &String| TaskId::from(text.as_str());
    NewTask {
        kind: args.kind.clone(),
        title: args.title.clone(),
        body: args.body.clone(),
        role: args.role.clone(),
        agent: args.agent.clone(),
        severity: args.severity,
        labels: args.labels.iter().cloned().collect::<BTreeMap<_, _>>(),
        due: args.due,
        not_before: args.not_before,
        demand: args.able.demand(),
        needs: args.needs.iter().map(id).collect(),
        tries: args.tries,
        parent: args.parent.as_ref().map(id),
        key: args.key.clone(),
    }
}

pub(super) async fn run(args: &Args, handle: &Handle, io: &mut Io) -> Result<(), CliError> {
    if let Applied::Task(id) = handle.apply(Command::Add(task(args)), who(args.by.as_deref())).await? {
        let filter = Filter { id: Some(id.clone()), ..Filter::default() };
        let ended = handle.list(filter).await?.into_iter().find(|row| !row.task.status.is_open());
        match ended {
            Some(row) => writeln!(io.out, "task {id} was added under that key before, and is {}", row.task.status)?,
            None => writeln!(io.out, "added task {id}")?,
        }
    }
    Ok(())
}
