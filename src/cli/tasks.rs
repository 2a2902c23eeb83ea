//! `abide tasks`.

mod list;
mod show;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::output::Output;
use super::setup::Access;
use super::{CliError, Exit, Global, Io, Setup};
use crate::diagnostic::nearest;
use crate::engine::Handle;
use crate::model::{Date, Ledger, Record, Severity, TaskId, TaskStatus, WontFix};
use crate::store::{Applied, Command, Filter, Listed, NewTask};
use list::Format;

/// How many open tasks are looked through for the one that was meant.
const NEAR: usize = 1000;

/// Lists, shows, adds and ends tasks of the live table.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with tasks.
#[derive(Debug, clap::Subcommand)]
pub enum Action {
    /// Lists tasks, the newest first.
    List {
        /// Only tasks of this status: pending, running, blocked, completed, failed or cancelled. May be given several times.
        #[arg(long, value_parser = status, value_delimiter = ',')]
        status: Vec<TaskStatus>,
        /// Only the tasks that Abide opened.
        #[arg(long)]
        own: bool,
        /// At most so many; 0 for all.
        #[arg(long, default_value_t = 50)]
        limit: usize,
        /// What to write: text, table or json, each with =PATH to a file. May be given several times.
        #[arg(short, long, value_name = "FORMAT[=PATH]")]
        output: Vec<Output<Format>>,
    },
    /// Shows one task; of a remediation task also what is wanted, what was seen and how to mend it.
    Show {
        /// The task's key; of a remediation task the fingerprint or its beginning as well.
        id: String,
        /// What to write: text or json, each with =PATH to a file. May be given several times.
        #[arg(short, long, value_name = "FORMAT[=PATH]")]
        output: Vec<Output<super::plan::Format>>,
    },
    /// Adds a task.
    Add {
        /// Its type: fix_bug.
        #[arg(long = "type", value_name = "TYPE")]
        kind: String,
        /// One line for people.
        #[arg(long)]
        title: String,
        /// The role that it is for.
        #[arg(long)]
        role: Option<String>,
        /// How urgent: low, medium, high or critical.
        #[arg(long, default_value_t = Severity::Medium)]
        severity: Severity,
        /// A label, as the mapping names it: --label area=db. May be given several times.
        #[arg(long = "label", value_name = "KEY=VALUE", value_parser = label)]
        labels: Vec<(String, String)>,
        /// Who asks for it.
        #[arg(long, env = "USER", hide_env = true)]
        by: Option<String>,
    },
    /// Says that a task is done. Of a remediation task that is a claim, which the next pass verifies.
    Complete {
        /// The task's key, or its fingerprint.
        id: String,
        /// Who says so.
        #[arg(long, env = "USER", hide_env = true)]
        by: Option<String>,
    },
    /// Gives a task up. A remediation task opens again, unless it is refused with --wont-fix.
    Fail {
        /// The task's key, or its fingerprint.
        id: String,
        /// Why.
        #[arg(long)]
        reason: Option<String>,
        /// Refuses to mend the drift.
        #[arg(long, requires = "until", requires = "reason")]
        wont_fix: bool,
        /// Until the end of which day: 2026-12-31.
        #[arg(long, value_name = "DATE", requires = "wont_fix")]
        until: Option<Date>,
        /// Who says so.
        #[arg(long, env = "USER", hide_env = true)]
        by: Option<String>,
    },
}

fn status(word: &str) -> Result<TaskStatus, String> {
    TaskStatus::from_word(word).ok_or_else(|| {
        let words = TaskStatus::ALL.map(TaskStatus::word);
        match nearest(word, words) {
            Some(near) => format!("`{word}` is no status; did you mean `{near}`?"),
            None => format!("`{word}` is no status: use {}", words.join(", ")),
        }
    })
}

fn label(text: &str) -> Result<(String, String), String> {
    let wrong = || format!("`{text}` is no label; write it as KEY=VALUE");
    let (key, value) = text.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or_else(wrong)?;
    Ok((key.to_owned(), value.to_owned()))
}

/// Runs the command.
///
/// # Errors
/// When the database is out of reach, there is no such task, or the table refuses what is asked for.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    let access = match args.action {
        Action::List { .. } | Action::Show { .. } => Access::Read,
        _ => Access::Write,
    };
    setup.with_engine(access, |handle| async move {
        match &args.action {
            Action::List { status, own, limit, output } => {
                let filter = Filter { id: None, status: status.clone(), own: *own, most: *limit };
                list::write(&handle.list(filter).await?, *limit, output, io)?;
            }
            Action::Show { id, output } => {
                let found = find(&handle, id).await?;
                show::write(&found, super::setup::now(), output, io)?;
            }
            Action::Add { kind, title, role, severity, labels, by } => {
                let labels: BTreeMap<String, String> = labels.iter().cloned().collect();
                let (kind, title, role) = (kind.clone(), title.clone(), role.clone());
                let task = NewTask { kind, title, role, severity: *severity, labels };
                if let Applied::Task(id) = handle.apply(Command::Add(task), who(by.as_deref())).await? {
                    writeln!(io.out, "added task {id}")?;
                }
            }
            Action::Complete { id, by } => complete(&handle, id, who(by.as_deref()), io).await?,
            Action::Fail { id, reason, until, by, .. } => {
                let refusal = until.zip(reason.as_deref());
                fail(&handle, (id, reason.as_deref()), refusal, who(by.as_deref()), io).await?;
            }
        }
        Ok(Exit::Fine)
    })
}

/// Who does something: as they say, else as the system calls them.
pub(super) fn who(by: Option<&str>) -> String {
    by.filter(|by| !by.is_empty()).unwrap_or("somebody").to_owned()
}

/// A task as the live table has it, and the ledger's record where it is a remediation task.
struct Found {
    listed: Listed,
    record: Option<Record>,
}

async fn find(handle: &Handle, id: &str) -> Result<Found, CliError> {
    let ledger = handle.ledger().await?;
    let by_key = handle.list(Filter { id: Some(id.into()), ..Filter::default() }).await?;
    if let Some(listed) = by_key.into_iter().next() {
        let record = ledger.records.values().find(|record| record.task == listed.task.id).cloned();
        return Ok(Found { listed, record });
    }
    let Some(record) = ledger.find(id).cloned() else { return Err(no_task(handle, &ledger, id).await?) };
    let rows = handle.list(Filter { id: Some(record.task.clone()), ..Filter::default() }).await?;
    let Some(listed) = rows.into_iter().next() else {
        let error = CliError::usage(format!("the row of task {} is gone from the table", record.task));
        return Err(error.hint("the next pass opens it again, if its drift is still there"));
    };
    Ok(Found { listed, record: Some(record) })
}

async fn no_task(handle: &Handle, ledger: &Ledger, id: &str) -> Result<CliError, CliError> {
    let error = CliError::usage(format!("there is no task `{id}`"));
    let beginning = ledger.records.keys().filter(|print| starts(print.as_str(), id));
    let beginning: Vec<&str> = beginning.map(crate::model::Fingerprint::short).collect();
    if beginning.len() > 1 {
        let error = CliError::usage(format!("`{id}` is the beginning of several fingerprints"));
        return Ok(error.hint(format!("give more of it: {}", beginning.join(", "))));
    }
    let status: Vec<TaskStatus> = TaskStatus::ALL.into_iter().filter(|status| status.is_open()).collect();
    let open = handle.list(Filter { status, most: NEAR, ..Filter::default() }).await?;
    let near = nearest(id, open.iter().map(|listed| &*listed.task.id.0));
    Ok(match near {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("`abide tasks list` shows what there is"),
    })
}

/// Whether a fingerprint begins so, with its version or without.
pub(super) fn starts(fingerprint: &str, id: &str) -> bool {
    !id.is_empty() && (fingerprint.starts_with(id) || fingerprint.get(2..).is_some_and(|rest| rest.starts_with(id)))
}

/// That a task has ended already, where it ended otherwise than is asked for.
fn ended(found: &Found, wanted: TaskStatus) -> Option<CliError> {
    let (id, status) = (&found.listed.task.id, found.listed.task.status);
    let message = format!("task {id} is {status} already, so it cannot be {wanted}");
    let error = CliError { exit: Exit::Conflict, ..CliError::usage(message) };
    (!status.is_open() && status != wanted).then(|| error.hint(format!("`abide tasks show {id}` says how it stands")))
}

async fn complete(handle: &Handle, id: &str, by: String, io: &mut Io) -> Result<(), CliError> {
    let found = find(handle, id).await?;
    if let Some(error) = ended(&found, TaskStatus::Completed) {
        return Err(error);
    }
    let task: TaskId = found.listed.task.id.clone();
    handle.apply(Command::Complete(task.clone()), by).await?;
    writeln!(io.out, "task {task} is completed")?;
    if found.record.is_some() {
        writeln!(
            io.out,
            "  that is a claim: the next pass closes it where its drift is gone, and opens it again where not"
        )?;
    }
    Ok(())
}

async fn fail(
    handle: &Handle,
    (id, reason): (&str, Option<&str>),
    refusal: Option<(Date, &str)>,
    by: String,
    io: &mut Io,
) -> Result<(), CliError> {
    let found = find(handle, id).await?;
    if let Some(error) = ended(&found, TaskStatus::Failed) {
        return Err(error);
    }
    let task = found.listed.task.id.clone();
    match (refusal, &found.record) {
        (Some(_), None) => {
            let error = CliError::usage(format!("task {task} is no remediation task, so there is no drift to refuse"));
            return Err(error.hint("leave --wont-fix out; `abide drift list` shows the drifts"));
        }
        (Some((until, why)), Some(record)) => {
            let refusal = WontFix { until: until.end(), by: Arc::from(by.as_str()), reason: why.into() };
            let command = Command::WontFix { fingerprint: record.fingerprint.clone(), refusal };
            handle.apply(command, by.clone()).await?;
        }
        _ => {}
    }
    let command = Command::Fail { task: task.clone(), reason: reason.map(str::to_owned) };
    handle.apply(command, by).await?;
    writeln!(io.out, "task {task} is failed")?;
    match (refusal, &found.record) {
        (Some((until, _)), _) => writeln!(io.out, "  its drift is not asked for again until the end of {until}")?,
        (None, Some(_)) => writeln!(io.out, "  while its drift is there, Abide opens it again after a while")?,
        (None, None) => {}
    }
    Ok(())
}
