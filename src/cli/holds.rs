//! `abide holds`.

#[cfg(test)]
mod tests;

use std::io::{self, Write};

use serde_json::json;

use super::output::{Output, write_all};
use super::paint::Paint;
use super::plan::Format;
use super::setup::Access;
use super::tasks::who;
use super::words::line;
use super::{CliError, Exit, Global, Io, Setup, progress, status};
use crate::diagnostic::{nearest, plain};
use crate::engine::{Handle, Pass};
use crate::model::{Held, HoldId, Ledger, Timestamp};
use crate::store::Command;

/// Lists the steps that wait, and releases those that wait for a person.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with holds.
#[derive(Debug, clap::Subcommand)]
pub enum Action {
    /// Lists what waits, and on what.
    List {
        /// Judges as of this time: 2026-03-02T10:00:00Z.
        #[arg(long, env = "ABIDE_AT", value_name = "TIME")]
        at: Option<Timestamp>,
        /// What to write: text or json, each with =PATH to a file. May be given several times.
        #[arg(short, long, value_name = "FORMAT[=PATH]")]
        output: Vec<Output<Format>>,
    },
    /// Lets steps go ahead at the next pass.
    Release {
        /// What to release, as the list names it; a beginning that only one has is enough.
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        ids: Vec<String>,
        /// Releases everything that waits for a person.
        #[arg(long)]
        all: bool,
        /// Who says so.
        #[arg(long, env = "USER", hide_env = true)]
        by: Option<String>,
    },
}

/// Runs the command.
///
/// # Errors
/// When specs or database are out of reach, or nothing waits under that name.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    match &args.action {
        Action::List { at, output } => {
            let spinner = progress::spinner(global, "asking");
            let pass = setup.with_engine(Access::Read, |handle| async move { status::head(&handle, *at).await })?;
            spinner.finish_and_clear();
            write_all(output, Format::Text, io, |format, color, out| match format {
                Format::Text => text(&pass, Paint { color }, out),
                Format::Json => as_json(&pass, out),
            })?;
            status::warn(&pass, io)?;
        }
        Action::Release { ids, by, .. } => {
            let by = who(by.as_deref());
            setup.with_engine(Access::Write, |handle| async move { release(&handle, ids, by, io).await })?;
        }
    }
    Ok(Exit::Fine)
}

fn is_released(pass: &Pass, id: &HoldId) -> bool {
    pass.ledger.holds.get(id) == Some(&true)
}

fn text(pass: &Pass, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let held = &pass.plan.held;
    for Held { id, reason, needs_person, .. } in held {
        let on = match needs_person {
            true if is_released(pass, id) => paint.good("released"),
            true => paint.warn("a person"),
            false if pass.ledger.refused.contains_key(id) => paint.dim("table   "),
            false => paint.dim("time    "),
        };
        writeln!(out, "{on}  {id}")?;
        let what = title(pass, id).map(|title| format!("{}: ", line(title))).unwrap_or_default();
        writeln!(out, "          {what}{}", plain(reason))?;
    }
    let people = held.iter().filter(|held| held.needs_person).count();
    match (held.len(), people) {
        (0, _) => writeln!(out, "{}", paint.good("Nothing is held")),
        (all, 0) => writeln!(out, "{all} held, none of them for a person"),
        (all, people) => {
            writeln!(out, "{all} held, {people} of them for a person: `abide holds release ID` lets one go ahead")
        }
    }
}

/// The title of the task that a hold is about.
fn title<'p>(pass: &'p Pass, id: &HoldId) -> Option<&'p str> {
    let held = pass.plan.held.iter().find(|held| held.id == *id)?;
    let fingerprint = held.fingerprint.as_ref()?;
    let drift = pass.plan.drifts.iter().find(|reported| reported.fingerprint == *fingerprint);
    let record = pass.ledger.records.get(fingerprint).map(|record| &*record.title);
    drift.map(|reported| reported.drift.title.as_str()).or(record)
}

fn as_json(pass: &Pass, out: &mut dyn Write) -> io::Result<()> {
    let held = pass.plan.held.iter().map(|held| {
        json!({
            "id": &*held.id.0,
            "action": held.action,
            "fingerprint": held.fingerprint.as_ref().map(crate::model::Fingerprint::as_str),
            "title": title(pass, &held.id),
            "reason": held.reason,
            "needsPerson": held.needs_person,
            "released": is_released(pass, &held.id),
        })
    });
    let held: Vec<_> = held.collect();
    let (revision, at) = (pass.catalog.revision.as_str(), pass.plan.at.to_string());
    writeln!(out, "{:#}", json!({"version": 1, "revision": revision, "at": at, "held": held}))
}

async fn release(handle: &Handle, ids: &[String], by: String, io: &mut Io) -> Result<(), CliError> {
    let ledger = handle.ledger().await?;
    let waiting: Vec<&HoldId> = ledger.holds.iter().filter(|(_, released)| !**released).map(|(id, _)| id).collect();
    let all = ids.is_empty();
    let chosen = if all { waiting } else { choose(&ledger, ids)? };
    if chosen.is_empty() {
        writeln!(io.out, "Nothing waits for a person")?;
        return Ok(());
    }
    for id in &chosen {
        handle.apply(Command::Release((*id).clone()), by.clone()).await?;
        writeln!(io.out, "released {id}")?;
    }
    let what = if chosen.len() == 1 { "it goes" } else { "they go" };
    writeln!(io.out, "  {what} ahead at the next pass: the daemon's, or `abide reconcile`")?;
    Ok(())
}

/// The holds that are meant, before any of them is released.
fn choose<'h>(ledger: &'h Ledger, ids: &[String]) -> Result<Vec<&'h HoldId>, CliError> {
    let mut chosen = Vec::new();
    for id in ids {
        let exact: Vec<&HoldId> = ledger.holds.keys().filter(|hold| *hold.0 == **id).collect();
        let begins = || ledger.holds.keys().filter(|hold| begins_so(&hold.0, id)).collect();
        let found: Vec<&HoldId> = if exact.is_empty() { begins() } else { exact };
        match found[..] {
            [one] => chosen.push(one),
            [] if ledger.refused.keys().any(|refused| begins_so(&refused.0, id)) => {
                let error = CliError::usage(format!("`{id}` waits for the team's table, and not for a person"));
                return Err(error.hint("every pass tries it again; `abide holds list` says why the table refuses it"));
            }
            [] => {
                let error = CliError::usage(format!("nothing waits for a person under `{id}`"));
                let near = nearest(id, ledger.holds.keys().map(|hold| &*hold.0));
                return Err(match near {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error
                        .hint("`abide holds list` shows what waits; a pass has to see it before it can be released"),
                });
            }
            _ => {
                let error = CliError::usage(format!("`{id}` is the beginning of {} holds", found.len()));
                let names: Vec<String> = found.iter().take(10).map(ToString::to_string).collect();
                return Err(error.hint(format!("give more of it: {}", names.join(", "))));
            }
        }
    }
    chosen.dedup();
    Ok(chosen)
}

/// Whether an id begins so: as a whole, or with its fingerprint or revision.
fn begins_so(hold: &str, id: &str) -> bool {
    let rest = hold.split_once(':').map_or("", |(_, rest)| rest);
    !id.is_empty() && (hold.starts_with(id) || super::tasks::starts(rest, id))
}
