//! `abide slo show`.

mod asked;
mod find;
mod json;
mod text;

use super::chart::{self, Chart};
use super::level::{Level, look};
use crate::cli::output::{Output, write_all};
use crate::cli::paint::Paint;
use crate::cli::{CliError, Exit, Global, Io};
use crate::model::Timestamp;

/// Shows one service level in full: what is wanted, how it stands, and how its error budget went.
///
/// Tells the budget with what is spent and left of it, every alarm with its burn rates, what is asked of which source, and
/// draws what was left of the budget over its window: -o svg as a picture for a page, -o table as numbers. Reads the
/// configured branch's newest commit and asks the sources anew; writes nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The service level: slo/fixes-succeed, or its name alone.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Only this one of its objectives, counted from 0.
    #[arg(long, value_name = "N")]
    pub objective: Option<usize>,
    /// Judges as of this time: 2026-03-02T10:00:00Z.
    #[arg(long, env = "ABIDE_AT", value_name = "TIME")]
    pub at: Option<Timestamp>,
    /// What to write: text, json, svg or table, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

/// How to write a service level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Everything, for people.
    Text,
    /// Everything, for programs.
    Json,
    /// How its budget went, as a picture.
    Svg,
    /// How its budget went, as numbers.
    Table,
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            "svg" => Ok(Self::Svg),
            "table" => Ok(Self::Table),
            _ => Err(format!("no format is called `{word}`; the formats here are text, json, svg and table")),
        }
    }
}

/// Runs the command.
///
/// # Errors
/// When specs or database are out of reach, there is no such service level, or no picture can be drawn of it.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let seen = look(global, args.at)?;
    let (spec, slo) = find::spec(&seen, &args.name)?;
    let levels = seen.levels(spec, slo);
    let chosen = find::chosen(&levels, args.objective)?;
    let drawn = args.output.iter().any(|output| matches!(output.format, Format::Svg | Format::Table));
    // One picture shows one objective, and an empty one would lie.
    let chart = if drawn { Some(only(&chosen)?) } else { None };
    write_all(&args.output, Format::Text, io, |format, color, out| match (format, &chart) {
        (Format::Svg, Some(chart)) => chart::svg(chart, out),
        (Format::Table, Some(chart)) => chart::every(chart, out),
        (Format::Json, _) => json::write(&seen, &levels, &chosen, out),
        _ => chosen.iter().enumerate().try_for_each(|(n, level)| {
            if n > 0 {
                writeln!(out)?;
            }
            text::write(&seen, &levels, level, Paint { color }, out)
        }),
    })?;
    Ok(Exit::Fine)
}

/// The chart of the only objective that is chosen.
fn only<'a>(chosen: &[&'a Level<'a>]) -> Result<Chart<'a>, CliError> {
    match chosen {
        [level] => Chart::of(level).map_err(|why| {
            let error = CliError::usage(format!("no curve can be drawn of {}: {why}", level.name()));
            error.hint("-o text and -o json say what is known of it")
        }),
        several => {
            let message = format!("it has {} objectives, and a picture shows one", several.len());
            Err(CliError::usage(message).hint("choose with --objective 0 and so on"))
        }
    }
}
