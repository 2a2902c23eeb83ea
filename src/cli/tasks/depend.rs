//! What must be completed before what.

use super::find::find;
use super::who;
use crate::cli::{CliError, Io};
use crate::engine::Handle;
use crate::model::TaskId;
use crate::store::Command;

/// Has a task wait until others are completed; with --remove, no longer.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The task's key, or its fingerprint.
    pub id: String,
    /// What it waits for.
    #[arg(long, value_name = "ID", value_delimiter = ',', required = true)]
    pub on: Vec<String>,
    /// Waits for them no longer.
    #[arg(long)]
    pub remove: bool,
    /// Who says so.
    #[arg(long, env = "USER", hide_env = true)]
    pub by: Option<String>,
}

pub(super) async fn run(args: &Args, handle: &Handle, io: &mut Io) -> Result<(), CliError> {
    let task = find(handle, &args.id).await?.listed.task.id.clone();
    let mut needs: Vec<TaskId> = Vec::new();
    for id in &args.on {
        needs.push(find(handle, id).await?.listed.task.id.clone());
    }
    let command = match args.remove {
        true => Command::Undepend { task: task.clone(), needs },
        false => Command::Depend { task: task.clone(), needs },
    };
    handle.apply(command, who(args.by.as_deref())).await?;
    let now = find(handle, &task.0).await?;
    writeln!(io.out, "task {task} is {}", now.listed.task.status)?;
    Ok(())
}
