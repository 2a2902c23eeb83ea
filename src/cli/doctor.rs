//! `abide doctor`.

mod look;
mod sources;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use serde::Serialize;

use super::output::{Output, write_all};
use super::paint::Paint;
use super::plan::Format;
use super::words::shown;
use super::{CliError, Exit, Global, Io, progress};

/// Looks the whole set-up over: what is wrong with it, and the command or line that mends it.
///
/// It writes nothing and never stops at the first finding. Ends with 1 when something is wrong; what is only worth knowing does not count.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to write: text or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    /// It is as it should be.
    Fine,
    /// Worth knowing.
    Note,
    /// Something does not work.
    Trouble,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Finding {
    /// What.
    what: String,
    /// How it stands.
    level: Level,
    /// The same in words.
    says: String,
    /// How to mend it.
    fix: Option<String>,
}

impl Finding {
    fn fine(what: &str, says: impl Into<String>) -> Self {
        Self { what: what.to_owned(), level: Level::Fine, says: says.into(), fix: None }
    }

    fn note(what: &str, says: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { what: what.to_owned(), level: Level::Note, says: says.into(), fix: Some(fix.into()) }
    }

    fn trouble(what: &str, says: impl Into<String>, fix: Option<String>) -> Self {
        Self { what: what.to_owned(), level: Level::Trouble, says: says.into(), fix }
    }

    /// What an error says.
    fn error(what: &str, error: CliError) -> Self {
        Self::trouble(what, error.message, error.hint)
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    version: u32,
    checks: &'a [Finding],
}

/// Runs the command.
///
/// # Errors
/// When the result cannot be written. What is wrong with the set-up is no error but a finding.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let spinner = progress::spinner(global, "looking");
    let findings = look::all(global);
    spinner.finish_and_clear();
    write_all(&args.output, Format::Text, io, |format, color, out| match format {
        Format::Text => text(&findings, Paint { color }, out),
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &Wire { version: 1, checks: &findings })?;
            writeln!(out)
        }
    })?;
    let wrong = findings.iter().any(|finding| finding.level == Level::Trouble);
    Ok(if wrong { Exit::Findings } else { Exit::Fine })
}

fn text(findings: &[Finding], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    for finding in findings {
        let sign = match finding.level {
            Level::Fine => paint.good("✓"),
            Level::Note => paint.warn("!"),
            Level::Trouble => paint.severity(crate::model::Severity::Critical, "✗"),
        };
        let mut said = finding.says.lines().map(shown);
        writeln!(out, "{sign} {}: {}", paint.bold(&finding.what), said.next().unwrap_or_default())?;
        said.try_for_each(|line| writeln!(out, "    {line}"))?;
        for (index, line) in finding.fix.iter().flat_map(|fix| fix.lines()).enumerate() {
            writeln!(out, "  {} {line}", if index == 0 { "=" } else { " " })?;
        }
    }
    let count = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
    match (count(Level::Trouble), count(Level::Note)) {
        (0, 0) => writeln!(out, "{}", paint.good("Everything is fine")),
        (0, notes) => writeln!(out, "{}, {notes} worth knowing", paint.good("Nothing is wrong")),
        (wrong, notes) => writeln!(out, "{wrong} to mend, {notes} worth knowing"),
    }
}
