//! `abide slo list`.

use std::io::{self, Write};

use serde::Serialize;

use super::level::{Level, Seen, colored, look};
use super::wire::{self, LevelWire, VERSION};
use crate::cli::output::{Output, write_all};
use crate::cli::paint::Paint;
use crate::cli::unread::UnreadWire;
use crate::cli::{CliError, Exit, Global, Io, table};
use crate::diagnostic::{counted, nearest};
use crate::kinds::slo::{Exhaustion, Figures, State, words};
use crate::model::{Kind, Timestamp};

/// Lists every service level with its state, the worst first.
///
/// A row for each objective, or for all objectives of a composite together: the share that must be good and the one that
/// was, what is left of the error budget, how fast it goes (1x lasts exactly as long as the window), and when it will be
/// gone if it goes on so. Reads the configured branch's newest commit and asks the sources anew; writes nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Judges as of this time: 2026-03-02T10:00:00Z.
    #[arg(long, env = "ABIDE_AT", value_name = "TIME")]
    pub at: Option<Timestamp>,
    /// Only those in this state: healthy, burning, exhausted, no-traffic, no-data, too-young, no-answer, not-evaluated or
    /// cannot-be-evaluated. May be given several times.
    #[arg(long, value_parser = state, value_delimiter = ',')]
    pub state: Vec<&'static str>,
    /// What to write: table or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

/// How to write a list of service levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Table,
    /// For programs.
    Json,
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "table" | "text" => Ok(Self::Table),
            "json" => Ok(Self::Json),
            _ => Err(format!("no format is called `{word}`; the formats here are table and json")),
        }
    }
}

/// The state of that name, with hyphens for its blanks.
fn state(word: &str) -> Result<&'static str, String> {
    let wanted = word.to_lowercase().replace(['-', '_'], " ");
    State::WORDS.into_iter().find(|known| *known == wanted).ok_or_else(|| match nearest(&wanted, State::WORDS) {
        Some(near) => format!("`{word}` is no state; did you mean `{}`?", near.replace(' ', "-")),
        None => format!("`{word}` is no state: use {}", State::WORDS.map(|word| word.replace(' ', "-")).join(", ")),
    })
}

/// Runs the command.
///
/// # Errors
/// When specs or database are out of reach, or nothing was judged.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let seen = look(global, args.at)?;
    let mut levels: Vec<Level<'_>> = seen.specs().flat_map(|(spec, slo)| seen.levels(spec, slo)).collect();
    levels.retain(|level| level.target.judged);
    levels.sort_by_cached_key(|level| (level.state().rank(), level.spec.id.clone(), level.index()));
    let wanted = |level: &&Level<'_>| args.state.is_empty() || args.state.contains(&level.state().word());
    let chosen: Vec<&Level<'_>> = levels.iter().filter(wanted).collect();
    write_all(&args.output, Format::Table, io, |format, color, out| match format {
        Format::Table => text(&seen, &chosen, levels.len(), Paint { color }, out),
        Format::Json => json(&seen, &chosen, out),
    })?;
    Ok(Exit::Fine)
}

fn text(seen: &Seen, levels: &[&Level<'_>], all: usize, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    if !levels.is_empty() {
        let rows: Vec<[String; 8]> = levels.iter().map(|level| row(level, paint)).collect();
        table::write(["SLO", "STATE", "TARGET", "GOOD", "BUDGET LEFT", "BURN", "GONE IN", "OWNER"], &rows, out)?;
    }
    for unread in unread(seen) {
        let kept = if unread.kept { "its last readable version is in force" } else { "nothing is known of it" };
        let name = unread.spec.as_ref().map_or_else(String::new, |spec| format!("{spec} "));
        writeln!(out, "{} {name}{}:{}: {}; {kept}", paint.warn("unread"), unread.file, unread.line, unread.message)?;
    }
    match (levels.len(), all) {
        (_, 0) => writeln!(out, "No service levels: {}", seen.source()),
        (0, many) => writeln!(out, "None of {many} objectives is in such a state: {}", seen.source()),
        (shown, _) => writeln!(out, "{} ({}): {}", counted(shown, "objective"), states(levels), seen.source()),
    }
}

/// How many are in which state.
fn states(levels: &[&Level<'_>]) -> String {
    let count = |word: &str| levels.iter().filter(|level| level.state().word() == word).count();
    let counts = State::WORDS.into_iter().map(|word| (count(word), word)).filter(|(count, _)| *count > 0);
    counts.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}

fn row(level: &Level<'_>, paint: Paint) -> [String; 8] {
    let nothing = || "-".to_owned();
    let percent = |share: f64| format!("{}%", words::percent(share));
    let figures = level.figures().filter(|figures| !figures.is_idle());
    let state = level.state();
    [
        level.name(),
        colored(paint, state, state.word()),
        level.wanted().map_or_else(nothing, |target| percent(target.shown())),
        figures.and_then(Figures::ratio).map_or_else(nothing, percent),
        figures.map_or_else(nothing, |figures| left(figures.budget_left(), state, paint)),
        figures.and_then(Figures::burn_now).map_or_else(nothing, |rate| words::rate(Some(rate))),
        figures.map_or_else(nothing, gone),
        level.owner.as_ref().map_or_else(nothing, ToString::to_string),
    ]
}

/// How many cells the bar of a whole budget has.
const BAR: usize = 5;

/// What is left of the budget as a bar and in percent.
fn left(share: f64, state: &State, paint: Paint) -> String {
    format!("{} {:>7}", colored(paint, state, &bar(share)), format!("{:.1}%", share * 100.0))
}

/// A bar of eighths of a cell. What is left is never drawn as nothing, and what is gone never as something.
fn bar(share: f64) -> String {
    const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    let eighths = (share.clamp(0.0, 1.0) * (BAR * 8) as f64).round() as usize;
    let eighths = if share > 0.0 { eighths.max(1) } else { 0 };
    let mut bar = "█".repeat(eighths / 8);
    bar.extend((eighths % 8).checked_sub(1).and_then(|part| EIGHTHS.get(part)));
    format!("{bar:BAR$}")
}

fn gone(figures: &Figures) -> String {
    match figures.exhaustion() {
        Exhaustion::Spent => "spent".to_owned(),
        Exhaustion::At(at) => figures.bounds.now_until(at).to_string(),
        Exhaustion::Never => "never".to_owned(),
        Exhaustion::Unknown => "-".to_owned(),
    }
}

fn unread(seen: &Seen) -> impl Iterator<Item = &crate::catalog::UnreadSpec> {
    let speaks = |unread: &&crate::catalog::UnreadSpec| unread.spec.as_ref().is_none_or(|id| id.kind == Kind::Slo);
    seen.pass.catalog.unread.iter().filter(speaks)
}

#[derive(Serialize)]
struct Wire<'a> {
    version: u32,
    revision: &'a str,
    at: String,
    objectives: Vec<LevelWire<'a>>,
    unread: Vec<UnreadWire<'a>>,
}

fn json(seen: &Seen, levels: &[&Level<'_>], out: &mut dyn Write) -> io::Result<()> {
    let unread = unread(seen).map(UnreadWire::of);
    let wire = Wire {
        version: VERSION,
        revision: seen.pass.catalog.revision.as_str(),
        at: seen.pass.plan.at.to_string(),
        objectives: levels.iter().map(|level| wire::level(level)).collect(),
        unread: unread.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &wire)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_what_is_left() {
        let bars = [1.0, 0.5, 0.26, 0.001, 0.0, -2.0, 7.0].map(bar);
        assert_eq!(bars, ["█████", "██▌  ", "█▎   ", "▏    ", "     ", "     ", "█████"]);
    }

    #[test]
    fn states_are_written_with_hyphens_or_without() {
        assert_eq!(state("too-young"), Ok("too young"));
        assert_eq!(state("No Data"), Ok("no data"));
        assert_eq!(state("burnin"), Err("`burnin` is no state; did you mean `burning`?".into()));
        assert!(state("x").unwrap_err().contains("cannot-be-evaluated, no-answer"));
    }
}
