//! Taking work.

use std::io::{self, Write};
use std::sync::Arc;

use serde_json::{Value, json};

use super::list::TaskWire;
use crate::cli::able::Able;
use crate::cli::output::{Output, write_all};
use crate::cli::plan::Format;
use crate::cli::words::{line, shown};
use crate::cli::{CliError, Io};
use crate::diagnostic::plain;
use crate::engine::{Ask, Handle};
use crate::model::{Duration, QueuePolicy, TaskId, TaskStatus};
use crate::store::{Claimed, Filter, Full, Lease, Listed, Refusal, Taken};

/// Takes the tasks that suit an agent best, each under a lease: what is not ended or renewed in time goes to others.
///
/// Each claim has a number, the token. Whoever renews, ends or gives back the task names it; once somebody else has the task,
/// the older token is refused (exit code 6).
#[derive(Debug, clap::Args)]
pub struct Args {
    /// This task and no other.
    pub id: Option<String>,
    /// Who wants it.
    #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub agent: String,
    /// Which process of that agent, where there are several.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub instance: String,
    /// Only work of this role. May be given several times. An agent that no spec declares has the roles that it names.
    #[arg(long = "role", value_name = "ROLE", value_delimiter = ',')]
    pub roles: Vec<String>,
    /// What the agent can do, where no spec says so, and where it runs.
    #[command(flatten)]
    pub able: Able,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub max: u32,
    /// How long each is held unless renewed; as `[queue] lease` says unless given.
    #[arg(long, value_name = "DURATION")]
    pub lease: Option<Duration>,
    /// What to write: text or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

/// So many pending tasks are counted where none of them can be had.
const COUNTED: usize = 100;

fn asked(args: &Args, policy: &QueuePolicy) -> Ask {
    let list = |texts: &[String]| texts.iter().map(|text| Arc::from(text.as_str())).collect();
    Ask {
        agent: args.agent.as_str().into(),
        instance: args.instance.as_str().into(),
        roles: list(&args.roles),
        skills: args.able.skills().into_iter().collect(),
        site: args.able.site(),
        task: args.id.as_deref().map(TaskId::from),
        most: args.max as usize,
        length: args.lease.unwrap_or(policy.lease),
    }
}

pub(super) async fn run(args: &Args, policy: &QueuePolicy, handle: &Handle, io: &mut Io) -> Result<(), CliError> {
    let mut ask = asked(args, policy);
    if let Some(id) = &args.id {
        ask.task = Some(super::find::find(handle, id).await?.listed.task.id.clone());
    }
    let agent = plain(&args.agent);
    let Taken { claimed, refused, stuck, full } = handle.claim(ask).await?;
    let pending = Filter { status: vec![TaskStatus::Pending], most: COUNTED, skips: true, ..Filter::default() };
    let left = if claimed.is_empty() && full.is_none() { handle.list(pending).await? } else { Vec::new() };
    write_all(&args.output, Format::Text, io, |format, _, out| match format {
        Format::Text if claimed.is_empty() && !refused.is_empty() => Ok(()),
        Format::Text if claimed.is_empty() => match full {
            Some(full) => writeln!(out, "{agent} {full}: it gets more when it has ended or given back some"),
            None => nothing(&left, &agent, out),
        },
        Format::Text => text(&claimed, &agent, out),
        Format::Json => {
            let tasks: Vec<Value> = claimed.iter().map(as_json).collect::<Result<_, _>>()?;
            let (refused, stuck) = (refusals(&refused), refusals(&stuck));
            let full = full.map(|Full { held, most }| json!({"held": held, "most": most}));
            writeln!(
                out,
                "{:#}",
                json!({"version": 1, "tasks": tasks, "refused": refused, "stuck": stuck, "full": full})
            )
        }
    })?;
    warn(&refused, "was passed over", io)?;
    warn(&stuck, "stays with its holder, who is lost", io)?;
    if claimed.is_empty() && !refused.is_empty() {
        let what = format!("nothing was taken for {agent}, and of what waits some cannot be taken by anybody");
        return Err(CliError::usage(what).hint("`abide doctor` looks the whole table over"));
    }
    Ok(())
}

/// So many rows are named that stood in the way.
const NAMED: usize = 5;

fn refusals(refused: &[Refusal]) -> Value {
    refused.iter().map(|Refusal { task, why }| json!({"task": *task.0, "reason": why})).collect()
}

fn warn(refused: &[Refusal], what: &str, io: &mut Io) -> io::Result<()> {
    for Refusal { task, why } in refused.iter().take(NAMED) {
        writeln!(io.err, "warning: task {} {what}: {}", plain(&task.0), plain(why))?;
    }
    match refused.len().saturating_sub(NAMED) {
        0 => Ok(()),
        more => writeln!(io.err, "warning: and {more} more"),
    }
}

/// A claim for programs.
pub(super) fn lease(lease: &Lease) -> Value {
    let instance = (!lease.instance.is_empty()).then_some(&*lease.instance);
    json!({
        "token": lease.token.0,
        "agent": *lease.agent,
        "instance": instance,
        "taken": lease.taken.to_string(),
        "until": lease.until.to_string(),
    })
}

fn as_json(claimed: &Claimed) -> serde_json::Result<Value> {
    let Claimed { listed, lease } = claimed;
    let mut task = serde_json::to_value(TaskWire::of(listed))?;
    let context = listed.context.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
    task["body"] = json!(listed.details.body);
    task["context"] = json!(context);
    Ok(json!({"task": task, "lease": self::lease(lease)}))
}

fn text(claimed: &[Claimed], agent: &str, out: &mut dyn Write) -> io::Result<()> {
    for Claimed { listed, lease } in claimed {
        let task = &listed.task;
        writeln!(out, "task {}  {}  {} ({})", task.id, task.severity, line(&task.title), line(&task.kind))?;
        listed
            .details
            .body
            .iter()
            .flat_map(|body| body.lines())
            .try_for_each(|line| writeln!(out, "  {}", shown(line)))?;
        let id = &task.id;
        writeln!(out, "  all there is to know of it: abide tasks show {id}")?;
        writeln!(out, "  yours until {} with token {}", lease.until, lease.token)?;
        writeln!(out, "  when it is done: abide tasks complete {id} --token {} --by {agent}", lease.token)?;
    }
    Ok(())
}

/// That there is no work, and where to learn why of what waits nevertheless.
fn nothing(left: &[Listed], agent: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "Nothing that {agent} may do is waiting")?;
    let Some(newest) = left.first() else { return Ok(()) };
    let (count, id) = (left.len(), &newest.task.id);
    let more = if count == COUNTED { " or more" } else { "" };
    let what = if count == 1 { "1 task is".to_owned() } else { format!("{count}{more} tasks are") };
    writeln!(out, "  {what} pending; why not task {id}: abide tasks claim {id} --agent {agent}")
}
