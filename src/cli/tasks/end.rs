//! Ending a task, and trying it again.

use std::sync::Arc;

use super::find::{Found, find};
use super::who;
use crate::cli::{CliError, Exit, Io};
use crate::engine::Handle;
use crate::model::{Date, TaskStatus, Token, WontFix};
use crate::store::{Applied, Command};

/// Says that a task is done. Of a remediation task that is a claim, which the next pass verifies.
#[derive(Debug, clap::Args)]
pub struct CompleteArgs {
    /// The task's key, or its fingerprint.
    pub id: String,
    /// The claim's token, where somebody holds the task.
    #[arg(long)]
    pub token: Option<i64>,
    /// What came of it: a text, or JSON.
    #[arg(long)]
    pub result: Option<String>,
    /// Who says so.
    #[arg(long, env = "USER", hide_env = true)]
    pub by: Option<String>,
}

/// Says that a try has failed: the task is tried again where it has tries left, and waits for a person where it has none. A
/// remediation task opens again, unless it is refused with --wont-fix.
#[derive(Debug, clap::Args)]
pub struct FailArgs {
    /// The task's key, or its fingerprint.
    pub id: String,
    /// The claim's token, where somebody holds the task.
    #[arg(long)]
    pub token: Option<i64>,
    /// Why.
    #[arg(long)]
    pub reason: Option<String>,
    /// There is no use in trying again.
    #[arg(long)]
    pub last: bool,
    /// Refuses to mend the drift.
    #[arg(long, requires = "until", requires = "reason")]
    pub wont_fix: bool,
    /// Until the end of which day: 2026-12-31.
    #[arg(long, value_name = "DATE", requires = "wont_fix")]
    pub until: Option<Date>,
    /// Who says so.
    #[arg(long, env = "USER", hide_env = true)]
    pub by: Option<String>,
}

/// Says that a task is not wanted any more, whoever holds it.
#[derive(Debug, clap::Args)]
pub struct CancelArgs {
    /// The task's key, or its fingerprint.
    pub id: String,
    /// Why.
    #[arg(long)]
    pub reason: Option<String>,
    /// Who says so.
    #[arg(long, env = "USER", hide_env = true)]
    pub by: Option<String>,
}

/// Tries a task again that has failed or was cancelled, with as many tries as at first.
#[derive(Debug, clap::Args)]
pub struct RetryArgs {
    /// The task's key, or its fingerprint.
    pub id: String,
    /// Who says so.
    #[arg(long, env = "USER", hide_env = true)]
    pub by: Option<String>,
}

/// That a task has ended already, where it ended otherwise than is asked for.
fn ended(found: &Found, wanted: TaskStatus) -> Option<CliError> {
    let (id, status) = (&found.listed.task.id, found.listed.task.status);
    let message = format!("task {id} is {status} already, so it cannot be {wanted}");
    let error = CliError { exit: Exit::Conflict, ..CliError::usage(message) };
    (!status.is_open() && status != wanted).then(|| error.hint(format!("`abide tasks show {id}` says how it stands")))
}

pub(super) async fn complete(args: &CompleteArgs, handle: &Handle, io: &mut Io) -> Result<(), CliError> {
    let found = find(handle, &args.id).await?;
    // With a token, the store tells what has become of the claim.
    if let Some(error) = ended(&found, TaskStatus::Completed).filter(|_| args.token.is_none()) {
        return Err(error);
    }
    let task = found.listed.task.id.clone();
    let (token, result) = (args.token.map(Token), args.result.clone());
    handle.apply(Command::Complete { task: task.clone(), token, result }, who(args.by.as_deref())).await?;
    writeln!(io.out, "task {task} is completed")?;
    if found.record.is_some() {
        writeln!(
            io.out,
            "  that is a claim: the next pass closes it where its drift is gone, and opens it again where not"
        )?;
    }
    Ok(())
}

pub(super) async fn fail(args: &FailArgs, handle: &Handle, io: &mut Io) -> Result<(), CliError> {
    let found = find(handle, &args.id).await?;
    if let Some(error) = ended(&found, TaskStatus::Failed).filter(|_| args.token.is_none()) {
        return Err(error);
    }
    let task = found.listed.task.id.clone();
    let by = who(args.by.as_deref());
    let refusal = args.until.zip(args.reason.as_deref());
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
    let (token, reason) = (args.token.map(Token), args.reason.clone());
    let applied = handle.apply(Command::Fail { task: task.clone(), token, reason, last: args.last }, by).await?;
    match applied {
        Applied::Left { status: TaskStatus::Pending, again, .. } => {
            let from = again.map(|at| format!(" from {at} on")).unwrap_or_default();
            writeln!(io.out, "task {task} is tried again{from}")?;
        }
        _ => writeln!(io.out, "task {task} is failed")?,
    }
    match (refusal, &found.record) {
        (Some((until, _)), _) => writeln!(io.out, "  its drift is not asked for again until the end of {until}")?,
        (None, Some(_)) => writeln!(io.out, "  while its drift is there, Abide opens it again after a while")?,
        (None, None) => {}
    }
    Ok(())
}

pub(super) async fn cancel(args: &CancelArgs, handle: &Handle, io: &mut Io) -> Result<(), CliError> {
    let found = find(handle, &args.id).await?;
    let task = found.listed.task.id.clone();
    let command = Command::Cancel { task: task.clone(), reason: args.reason.clone() };
    handle.apply(command, who(args.by.as_deref())).await?;
    writeln!(io.out, "task {task} is cancelled")?;
    if found.record.is_some() {
        writeln!(io.out, "  while its drift is there, Abide opens it again after a while")?;
    }
    Ok(())
}

pub(super) async fn retry(args: &RetryArgs, handle: &Handle, io: &mut Io) -> Result<(), CliError> {
    let task = find(handle, &args.id).await?.listed.task.id.clone();
    handle.apply(Command::Retry(task.clone()), who(args.by.as_deref())).await?;
    let now = find(handle, &task.0).await?;
    writeln!(io.out, "task {task} is {} again", now.listed.task.status)?;
    Ok(())
}
