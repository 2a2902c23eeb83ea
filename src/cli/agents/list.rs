//! Who works, as a list.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::cli::output::{Output, write_all};
use crate::cli::plan::Format;
use crate::cli::words::line;
use crate::cli::{CliError, Io, setup};
use crate::model::Timestamp;
use crate::store::{Enlisted, Lease, Readiness};

/// Writes agents in every format that is asked for.
pub(super) fn write(agents: &[Enlisted], output: &[Output<Format>], io: &mut Io) -> Result<(), CliError> {
    let now = setup::now();
    write_all(output, Format::Text, io, |format, _, out| match format {
        Format::Text => text(agents, now, out),
        Format::Json => {
            let agents: Vec<Value> = agents.iter().map(|agent| as_json(agent, now)).collect();
            writeln!(out, "{:#}", json!({"version": 1, "agents": agents}))
        }
    })
}

fn as_json(agent: &Enlisted, now: Timestamp) -> Value {
    let Enlisted { said, readiness, reason, seen, leases } = agent;
    let list = |words: &[std::sync::Arc<str>]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
    let held: Vec<Value> = leases.iter().map(lease).collect();
    json!({
        "name": *said.agent,
        "state": readiness.word(),
        "reason": reason,
        "roles": list(&said.roles),
        "skills": list(&said.skills),
        "class": said.site.class.as_deref(),
        "region": said.site.region.as_deref(),
        "machine": said.site.machine.as_deref(),
        "max": said.most,
        "deadAfter": said.dead_after.map(|silence| silence.to_string()),
        "seen": seen.map(|at| at.to_string()),
        "silent": agent.is_silent(now),
        "holds": held,
    })
}

fn lease(lease: &Lease) -> Value {
    json!({"task": *lease.task.0, "token": lease.token.0, "until": lease.until.to_string()})
}

fn text(agents: &[Enlisted], now: Timestamp, out: &mut dyn Write) -> io::Result<()> {
    let wide = agents.iter().map(|agent| line(&agent.said.agent).chars().count()).max().unwrap_or_default();
    for agent in agents {
        let Enlisted { said, readiness, reason, seen, leases } = agent;
        let is_silent = agent.is_silent(now);
        let limit = said.dead_after.filter(|_| is_silent).map(|limit| format!(", dead after {limit}"));
        let seen = seen.map_or_else(|| "never reported".to_owned(), |at| format!("seen {} ago", now.since(at)));
        let seen = seen + &limit.unwrap_or_default();
        let roles = said.roles.iter().map(|role| line(role)).collect::<Vec<_>>().join(", ");
        let roles = if roles.is_empty() { String::new() } else { format!("  {roles}") };
        let held: Vec<String> = leases.iter().map(|lease| line(&lease.task.0)).collect();
        let held = if held.is_empty() { String::new() } else { format!("; holds {}", held.join(", ")) };
        let reason = reason.as_ref().filter(|_| *readiness != Readiness::Active);
        let why = reason.map(|why| format!(" ({})", line(why))).unwrap_or_default();
        // Whoever takes no work anyway is not waited for.
        let state = match readiness {
            Readiness::Active if is_silent => "silent",
            other => other.word(),
        };
        writeln!(out, "{:<wide$}  {state:<8}{why}  {seen}{roles}{held}", line(&said.agent))?;
    }
    match agents.len() {
        0 => writeln!(out, "No agent has registered, reported or claimed anything"),
        1 => writeln!(out, "1 agent"),
        many => writeln!(out, "{many} agents"),
    }
}
