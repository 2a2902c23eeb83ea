//! `abide decision show`.

mod demand;
mod json;
mod prose;
mod text;

use super::find::{self, Called};
use super::seen::look;
use crate::cli::output::{Output, write_all};
use crate::cli::paint::Paint;
use crate::cli::plan::Format;
use crate::cli::status::view::View;
use crate::cli::{CliError, Exit, Global, Io};
use crate::model::Timestamp;

/// Shows one decision in full: what was decided and why, and whether it is so.
///
/// Tells context, options and consequences; the decisions that it supersedes, amends and relates to, and those that say so of
/// it; when its review is due; its tasks and how far they are; every rule with whether it holds and the places where it does
/// not; and the open remediation tasks. Reads the specs as they lie on the disk and asks the sources anew; writes nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The decision: its name, decision/NAME, or its number as 12 or ADR-12.
    #[arg(value_name = "NAME")]
    pub name: String,
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
/// When specs or database are out of reach, or there is no such decision.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let seen = look(global, args.at)?;
    let stands = seen.stands();
    let called = |stand: &super::stand::Stand<'_>| Called {
        id: stand.spec.id.to_string(),
        number: stand.number(),
        file: String::new(),
    };
    let all: Vec<Called> = stands.iter().map(called).collect();
    let Some(stand) = stands.get(find::one(&args.name, &all)?) else { return Ok(Exit::Fine) };
    let view = View::new(&seen.pass, &seen.tasks);
    let node = view.nodes.iter().find(|node| node.spec.as_ref() == Some(&stand.spec.id));
    let relations = seen.relations();
    write_all(&args.output, Format::Text, io, |format, color, out| match format {
        Format::Text => {
            text::write(&text::Page { seen: &seen, stand, relations: &relations, node, paint: Paint { color } }, out)
        }
        Format::Json => json::write(&seen, stand, &relations, node, out),
    })?;
    Ok(Exit::Fine)
}
