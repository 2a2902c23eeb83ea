//! Keeping a claim, and giving it back.

use super::find::find;
use super::who;
use crate::cli::{CliError, Io};
use crate::engine::Handle;
use crate::model::{Duration, QueuePolicy, Token};
use crate::store::{Applied, Command};

/// Keeps a claim for longer.
#[derive(Debug, clap::Args)]
pub struct RenewArgs {
    /// The task's key, or its fingerprint.
    pub id: String,
    /// The claim's token.
    #[arg(long)]
    pub token: i64,
    /// How long from now; as `[queue] lease` says unless given.
    #[arg(long, value_name = "DURATION")]
    pub lease: Option<Duration>,
    /// Who says so.
    #[arg(long, env = "USER", hide_env = true)]
    pub by: Option<String>,
}

/// Gives a claimed task back, so that others may claim it.
#[derive(Debug, clap::Args)]
pub struct ReleaseArgs {
    /// The task's key, or its fingerprint.
    pub id: String,
    /// The claim's token.
    #[arg(long, required_unless_present = "force")]
    pub token: Option<i64>,
    /// Takes the task away from whoever holds it.
    #[arg(long, conflicts_with = "token")]
    pub force: bool,
    /// Why.
    #[arg(long)]
    pub reason: Option<String>,
    /// Who says so.
    #[arg(long, env = "USER", hide_env = true)]
    pub by: Option<String>,
}

pub(super) async fn renew(
    args: &RenewArgs,
    policy: &QueuePolicy,
    handle: &Handle,
    io: &mut Io,
) -> Result<(), CliError> {
    let task = find(handle, &args.id).await?.listed.task.id.clone();
    let command =
        Command::Renew { task: task.clone(), token: Token(args.token), length: args.lease.unwrap_or(policy.lease) };
    if let Applied::Held(lease) = handle.apply(command, who(args.by.as_deref())).await? {
        writeln!(io.out, "task {task} is yours until {}", lease.until)?;
    }
    Ok(())
}

pub(super) async fn release(args: &ReleaseArgs, handle: &Handle, io: &mut Io) -> Result<(), CliError> {
    let task = find(handle, &args.id).await?.listed.task.id.clone();
    let token = args.token.map(Token);
    let command = Command::GiveBack { task: task.clone(), token, reason: args.reason.clone() };
    handle.apply(command, who(args.by.as_deref())).await?;
    writeln!(io.out, "task {task} waits for somebody again")?;
    Ok(())
}
