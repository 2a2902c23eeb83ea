//! `abide agents`.

mod list;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::able::Able;
use super::output::Output;
use super::plan::Format;
use super::setup::Access;
use super::tasks::who;
use super::{CliError, Exit, Global, Io, Setup};
use crate::diagnostic::plain;
use crate::model::Duration;
use crate::store::{Command, Enlistment, Readiness};

/// Lists who works, lets agents register, report and pause, and forgets those that are no more.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with agents.
#[derive(Debug, clap::Subcommand)]
pub enum Action {
    /// Lists everybody who has registered, has reported or holds a task under a lease.
    List {
        /// What to write: text or json, each with =PATH to a file. May be given several times.
        #[arg(short, long, value_name = "FORMAT[=PATH]")]
        output: Vec<Output<Format>>,
    },
    /// Says what an agent can do. Where a spec declares the agent, the spec counts.
    Register(Register),
    /// An agent reports that it is there. Its leases are kept by `abide tasks renew`.
    Heartbeat {
        /// The agent.
        #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
        agent: String,
        /// Which of its processes, where there are several.
        #[arg(long, default_value = "", hide_default_value = true)]
        instance: String,
    },
    /// Lets an agent end what it has, and gives it nothing more.
    Drain(Station),
    /// Gives an agent nothing for now; its backups do its work.
    Pause(Station),
    /// Lets an agent take work again.
    Resume(Station),
    /// Forgets an agent that is no more: what it said of itself, and when it reported. What its spec says stays.
    Remove {
        /// The agent.
        #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
        agent: String,
        /// Who says so.
        #[arg(long, env = "USER", hide_env = true)]
        by: Option<String>,
    },
}

/// What an agent says of itself.
#[derive(Debug, clap::Args)]
pub struct Register {
    /// The agent.
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub agent: String,
    /// Which of its processes, where there are several.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub instance: String,
    /// A role that it has. May be given several times.
    #[arg(long = "role", value_name = "ROLE", value_delimiter = ',')]
    pub roles: Vec<String>,
    /// What it can do, and where.
    #[command(flatten)]
    pub able: Able,
    /// How many tasks it may hold at once; no more than its spec says.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max: Option<u32>,
    /// After how long a silence its work is given back, where its spec does not say.
    #[arg(long, value_name = "DURATION")]
    pub dead_after: Option<Duration>,
}

/// Who may take work, or may not.
#[derive(Debug, clap::Args)]
pub struct Station {
    /// The agent.
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub agent: String,
    /// Why.
    #[arg(long)]
    pub reason: Option<String>,
    /// Who says so.
    #[arg(long, env = "USER", hide_env = true)]
    pub by: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// When the database is out of reach.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    let (command, by, said) = match &args.action {
        Action::List { output } => {
            let agents = setup.with_engine(Access::Read, |handle| async move { Ok(handle.agents().await?) })?;
            list::write(&agents, output, io)?;
            return Ok(Exit::Fine);
        }
        Action::Register(said) => {
            (Command::Enlist(enlistment(said)), said.agent.clone(), format!("{} is registered", said.agent))
        }
        Action::Heartbeat { agent, instance } => {
            let beat =
                Command::Beat { agent: agent.as_str().into(), instance: instance.as_str().into(), dead_after: None };
            (beat, agent.clone(), format!("{agent} has reported"))
        }
        Action::Drain(station) => stationed(station, Readiness::Draining, "ends what it has and takes nothing more"),
        Action::Pause(station) => stationed(station, Readiness::Paused, "takes nothing for now"),
        Action::Resume(station) => stationed(station, Readiness::Active, "takes work again"),
        Action::Remove { agent, by } => {
            (Command::Delist(agent.as_str().into()), who(by.as_deref()), format!("{agent} is forgotten"))
        }
    };
    setup.with_engine(Access::Write, |handle| async move { Ok(handle.apply(command, by).await?) })?;
    writeln!(io.out, "{}", plain(&said))?;
    Ok(Exit::Fine)
}

/// What is asked of the store, by whom, and what is said when it is done.
type Wanted = (Command, String, String);

fn stationed(station: &Station, duty: Readiness, what: &str) -> Wanted {
    let agent: Arc<str> = station.agent.as_str().into();
    let said = format!("{agent} {what}");
    (Command::Station { agent, duty, reason: station.reason.clone() }, who(station.by.as_deref()), said)
}

fn enlistment(said: &Register) -> Enlistment {
    let list = |texts: &[String]| texts.iter().map(|text| Arc::from(text.as_str())).collect();
    Enlistment {
        agent: said.agent.as_str().into(),
        instance: said.instance.as_str().into(),
        roles: list(&said.roles),
        skills: said.able.skills().into_iter().collect(),
        site: said.able.site(),
        most: said.max,
        dead_after: said.dead_after,
    }
}
