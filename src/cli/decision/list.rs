//! `abide decision list`.

use std::io::{self, Write};

use serde::Serialize;

use super::relations::{Related, Relations, Way, decision};
use super::seen::{Seen, look};
use super::stand::{Stand, State};
use super::wire::{self, DecisionWire, VERSION};
use crate::cli::import::adr::status;
use crate::cli::output::{Output, write_all};
use crate::cli::paint::Paint;
use crate::cli::plan::Format;
use crate::cli::unread::UnreadWire;
use crate::cli::words::cut;
use crate::cli::{CliError, Exit, Global, Io, table};
use crate::diagnostic::{counted, plain};
use crate::kinds::decision::Status;
use crate::kinds::decision::graph::Tie;
use crate::model::Timestamp;

/// Lists every decision with how it stands, by number and name.
///
/// Of an accepted decision it says whether it holds; or that it was decided and not delivered, how far its tasks are, that its
/// review is overdue, that another one has taken its place, how many of its rules are broken or waived, and what cannot be
/// told. Nothing is asked of the others. Reads the specs as they lie on the disk and asks the sources anew; writes nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only those with this status: draft, proposed, accepted, rejected, deprecated or superseded. May be given several
    /// times.
    #[arg(long, value_name = "STATUS", value_parser = status, value_delimiter = ',')]
    pub status: Vec<Status>,
    /// Judges as of this time: 2026-03-02T10:00:00Z.
    #[arg(long, env = "ABIDE_AT", value_name = "TIME")]
    pub at: Option<Timestamp>,
    /// What to write: text or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

/// Runs the command.
///
/// # Errors
/// When specs or database are out of reach, or nothing was judged.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let seen = look(global, args.at)?;
    let stands = seen.stands();
    let wanted = |stand: &&Stand<'_>| args.status.is_empty() || args.status.contains(&stand.status());
    let chosen: Vec<&Stand<'_>> = stands.iter().filter(wanted).collect();
    let relations = seen.relations();
    write_all(&args.output, Format::Text, io, |format, color, out| match format {
        Format::Text => text(&seen, &chosen, stands.len(), Paint { color }, out),
        Format::Json => json(&seen, &relations, &chosen, out),
    })?;
    Ok(Exit::Fine)
}

fn text(seen: &Seen, stands: &[&Stand<'_>], all: usize, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let relations = seen.relations();
    if !stands.is_empty() {
        let rows: Vec<[String; 6]> = stands.iter().map(|stand| row(stand, &relations, paint)).collect();
        table::write(["NO", "DECISION", "STATUS", "DATE", "TITLE", "STANDS"], &rows, out)?;
    }
    for unread in seen.unread() {
        let kept = if unread.kept { "its last readable version is in force" } else { "nothing is known of it" };
        let name = unread.spec.as_ref().map_or_else(String::new, |spec| format!("{spec} "));
        let message = plain(&unread.message);
        writeln!(out, "{} {name}{}:{}: {message}; {kept}", paint.warn("unread"), unread.file, unread.line)?;
    }
    let (catalog, at) = (&seen.pass.catalog, seen.pass.catalog.revision.short());
    let source = format!("{} at {at}", counted(catalog.len(), "spec"));
    match (stands.len(), all) {
        (_, 0) => writeln!(out, "No decisions: {source}"),
        (0, many) => writeln!(out, "None of {} has such a status: {source}", counted(many, "decision")),
        (shown, _) => writeln!(out, "{} ({}): {source}", counted(shown, "decision"), states(stands)),
    }
}

/// How many stand how.
fn states(stands: &[&Stand<'_>]) -> String {
    let count = |state: State| stands.iter().filter(|stand| stand.state() == state).count();
    let counts = State::ALL.into_iter().map(|state| (count(state), state.word())).filter(|(count, _)| *count > 0);
    counts.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}

/// As many cells of a title as a table has room for.
const TITLE: usize = 44;

fn row(stand: &Stand<'_>, relations: &Relations<'_>, paint: Paint) -> [String; 6] {
    let nothing = || "-".to_owned();
    let words = Some(stand.words().join("; ")).filter(|words| !words.is_empty());
    let ties = ties(stand, relations);
    let stands = match words.map(|words| stand.state().colored(paint, &words)) {
        Some(stands) if ties.is_empty() => stands,
        Some(stands) => format!("{stands}; {}", paint.dim(&ties)),
        None if ties.is_empty() => nothing(),
        None => paint.dim(&ties),
    };
    [
        stand.number().map_or_else(nothing, |number| number.to_string()),
        stand.spec.id.name.to_string(),
        stand.status().word().to_owned(),
        stand.decision.date.to_string(),
        stand.spec.head.title.as_deref().map_or_else(nothing, |title| cut(&plain(title), TITLE)),
        stands,
    ]
}

/// What supersedes it or would, and what it supersedes.
fn ties(stand: &Stand<'_>, relations: &Relations<'_>) -> String {
    let names = |way: Way, word: &str, counts: &dyn Fn(&Related<'_>) -> bool| {
        let others = relations.to(&stand.spec.id, Tie::Supersedes, way);
        let names: Vec<String> = others.iter().filter(|other| counts(other)).map(Related::brief).collect();
        if names.is_empty() { None } else { Some(format!("{word} {}", names.join(", "))) }
    };
    let status = |other: &Related<'_>| other.spec.and_then(|spec| decision(spec)).map(|decision| *decision.status);
    let waits = |other: &Related<'_>| status(other).is_some_and(Status::is_open);
    let takes = |other: &Related<'_>| !waits(other) && status(other) != Some(Status::Rejected);
    let verb = if stand.status().is_open() { "would supersede" } else { "supersedes" };
    let ties = [
        names(Way::Told, "superseded by", &takes),
        names(Way::Told, "would be superseded by", &waits),
        names(Way::Says, verb, &|_| true),
    ];
    ties.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

#[derive(Serialize)]
struct Wire<'a> {
    version: u32,
    revision: &'a str,
    at: String,
    decisions: Vec<DecisionWire<'a>>,
    unread: Vec<UnreadWire<'a>>,
}

fn json(seen: &Seen, relations: &Relations<'_>, stands: &[&Stand<'_>], out: &mut dyn Write) -> io::Result<()> {
    let unread = seen.unread().map(UnreadWire::of);
    let wire = Wire {
        version: VERSION,
        revision: seen.pass.catalog.revision.as_str(),
        at: seen.pass.plan.at.to_string(),
        decisions: stands.iter().map(|stand| wire::decision(seen, relations, stand)).collect(),
        unread: unread.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &wire)?;
    writeln!(out)
}
