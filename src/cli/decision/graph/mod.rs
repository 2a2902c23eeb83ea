//! `abide decision graph`.

mod json;
mod layout;
mod map;
mod mermaid;
mod source;
mod svg;
mod text;

use std::path::PathBuf;

use super::find::{Called, meant, nothing};
use crate::cli::output::{Output, write_all};
use crate::cli::paint::Paint;
use crate::cli::{CliError, Exit, Global, Io};
use map::Map;

/// Draws how decisions hang together: which supersedes, amends or relates to which.
///
/// As a tree for the terminal, as Mermaid for a page that draws it, as SVG for any page, or as JSON. An arrow leads from the
/// newer decision to the older one: solid where it supersedes it, dashed where it amends it, dotted where it relates to it.
/// With names, only what is connected to these is drawn. Reads the specs as they lie on the disk, or with --records decision
/// records in Markdown; needs no database.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only what is connected to these decisions: names, decision/NAME, or numbers as 12 or ADR-12.
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Draws the Markdown records of these files or folders instead of the specs.
    #[arg(long, value_name = "DIR", num_args = 1..)]
    pub records: Vec<PathBuf>,
    /// Reads this revision of the specs instead of the files on the disk.
    #[arg(long, value_name = "REV", conflicts_with = "records")]
    pub rev: Option<String>,
    /// What to write: text, mermaid, svg or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

/// How to write how decisions hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A tree, for people at a terminal.
    Text,
    /// A flowchart of Mermaid, which many pages draw.
    Mermaid,
    /// A picture that needs nothing else.
    Svg,
    /// For programs.
    Json,
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "text" | "tree" => Ok(Self::Text),
            "mermaid" => Ok(Self::Mermaid),
            "svg" => Ok(Self::Svg),
            "json" => Ok(Self::Json),
            _ => Err(format!("no format is called `{word}`; the formats here are text, mermaid, svg and json")),
        }
    }
}

/// Runs the command.
///
/// # Errors
/// When nothing can be read, there are no decisions, or no decision is called so.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let read = match args.records.is_empty() {
        true => source::specs(global, args.rev.as_deref())?,
        false => source::records(&args.records)?,
    };
    for (file, line, why) in &read.unread {
        writeln!(io.err, "unread: {file}:{line}: {}", crate::diagnostic::plain(why))?;
    }
    let map = chosen(Map::of(&read.graph), &args.names)?;
    let drawn = args.output.iter().any(|output| output.format == Format::Svg);
    if drawn && map.ties().len() > svg::MOST_TIES {
        let message = format!("{} ties are more than a picture of {} can show", map.ties().len(), svg::MOST_TIES);
        return Err(CliError::usage(message).hint("name the decisions whose surroundings are to be drawn"));
    }
    write_all(&args.output, Format::Text, io, |format, color, out| match format {
        Format::Text => text::write(&map, Paint { color }, out),
        Format::Mermaid => mermaid::write(&map, out),
        Format::Svg => svg::write(&map, out),
        Format::Json => json::write(&map, &read.unread, out),
    })?;
    Ok(Exit::Fine)
}

/// What is connected to the decisions of these names; everything where there are none.
fn chosen(map: Map, names: &[String]) -> Result<Map, CliError> {
    if names.is_empty() {
        return Ok(map);
    }
    let called = |index: usize| {
        let node = map.node(index)?;
        Some(Called { id: node.id.to_string(), number: node.number, file: node.file.to_string() })
    };
    let all: Vec<Called> = (0..map.len()).filter_map(called).collect();
    let mut starts = Vec::new();
    for name in names {
        let found = meant(name, &all);
        if found.is_empty() {
            return Err(nothing(name, &all));
        }
        starts.extend(found);
    }
    Ok(map.around(&starts))
}
