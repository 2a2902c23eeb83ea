//! What shows who somebody is.

use std::io::Write;
use std::sync::Arc;

use crate::cli::tasks::who;
use crate::cli::{CliError, Io, setup};
use crate::engine::Handle;
use crate::model::Duration;
use crate::store::{Applied, Command};

/// Makes a token with which a person approves by command. It is printed once, and kept nowhere: only its digest is.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Whose: the name of an Agent with `human: true`.
    pub agent: String,
    /// How long it is good: 90d.
    #[arg(long = "for", value_name = "DURATION", default_value = "90d")]
    pub length: Duration,
    /// Who makes it.
    #[arg(long, env = "USER", hide_env = true)]
    pub by: Option<String>,
}

/// Takes back every token of somebody.
#[derive(Debug, clap::Args)]
pub struct RevokeArgs {
    /// Whose.
    pub agent: String,
    /// Who takes them back.
    #[arg(long, env = "USER", hide_env = true)]
    pub by: Option<String>,
}

fn name(agent: &str) -> Arc<str> {
    agent.strip_prefix("agent/").unwrap_or(agent).into()
}

pub(super) async fn run(args: &Args, handle: &Handle, io: &mut Io) -> Result<(), CliError> {
    let until = setup::now().plus(args.length);
    let token = handle.entrust(name(&args.agent), Some(until), who(args.by.as_deref())).await?;
    writeln!(io.err, "good until {until}; give it to agent/{} as ABIDE_TOKEN, and to nobody else", name(&args.agent))?;
    writeln!(io.out, "{token}")?;
    Ok(())
}

pub(super) async fn revoke(args: &RevokeArgs, handle: &Handle, io: &mut Io) -> Result<(), CliError> {
    let agent = name(&args.agent);
    let applied = handle.apply(Command::Distrust(agent.clone()), who(args.by.as_deref())).await?;
    let count = if let Applied::Swept(count) = applied { count } else { 0 };
    match count {
        0 => writeln!(io.out, "agent/{agent} has no token that is good")?,
        1 => writeln!(io.out, "1 token of agent/{agent} is good for nothing any more")?,
        count => writeln!(io.out, "{count} tokens of agent/{agent} are good for nothing any more")?,
    }
    Ok(())
}
