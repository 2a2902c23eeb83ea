//! Reports for people and for machines: one renderer a file, all of the same report.

mod github;
mod gitlab;
mod json;
mod junit;
mod sarif;
mod telling;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use super::{Diagnostic, Level, Position, Problem, Related, Span};
use crate::model::{Hasher, Revision};
pub use telling::{Case, Telling, Tested};

/// The version of the machine-readable reports. It changes when a field goes or changes its meaning.
pub const VERSION: u32 = 1;

/// Gives the text of a file, where it is at hand.
pub type Texts<'a> = &'a dyn Fn(&str) -> Option<Arc<str>>;

/// What a run found, and in how much.
pub struct Report<'a> {
    /// The revision that was looked at, where there is one.
    pub revision: Option<Revision>,
    /// How many specs were looked at.
    pub specs: usize,
    /// The files that were looked at, with findings or without.
    pub files: Vec<Arc<str>>,
    /// The findings, in any order.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts of the files, to show the lines at fault.
    pub texts: Texts<'a>,
}

/// For whom a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// People at a terminal.
    Text,
    /// Programs.
    Json,
    /// Code scanning: SARIF 2.1.0.
    Sarif,
    /// Test reports: JUnit XML.
    Junit,
    /// Annotations on a pull request: workflow commands of GitHub Actions.
    Github,
    /// Annotations on a merge request: GitLab's Code Quality report.
    Gitlab,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 6] = [Self::Text, Self::Json, Self::Sarif, Self::Junit, Self::Github, Self::Gitlab];

    /// As `-o` names it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
        }
    }

    /// The format that `-o` names so, if any.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.word() == word)
    }
}

impl Report<'_> {
    /// Writes the report. Colours are for text only.
    ///
    /// # Errors
    /// When nothing can be written to `out`.
    pub fn render(&self, format: Format, color: bool, out: &mut dyn io::Write) -> io::Result<()> {
        self.render_as(None, format, color, out)
    }

    /// The same of a command that checks something else than specs, and tells of it in words of its own.
    ///
    /// # Errors
    /// When nothing can be written to `out`.
    pub fn render_as(
        &self,
        telling: Option<&Telling>,
        format: Format,
        color: bool,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        match format {
            Format::Text => text::render(self, telling, color, out),
            Format::Json => json::render(self, telling, out),
            Format::Sarif => sarif::render(self, out),
            Format::Junit => junit::render(self, telling, out),
            Format::Github => github::render(self, out),
            Format::Gitlab => gitlab::render(self, out),
        }
    }

    /// How many findings are of that level.
    pub fn count(&self, level: Level) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.problem.level == level).count()
    }

    /// The findings by file, line and column.
    fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<&Diagnostic> = self.diagnostics.iter().collect();
        sorted.sort_by_key(|d| {
            let Problem { entry, span, message, .. } = &d.problem;
            (&d.file, span.line, span.column, entry.code, message)
        });
        sorted
    }

    /// The place of a span in full.
    fn region(&self, file: &str, span: Span) -> Region {
        let text = (self.texts)(file);
        Region::of(span, text.as_deref().map_or("", without_bom))
    }
}

/// Places are counted without a byte order mark, as the reader does.
fn without_bom(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// A place as machines want it: lines and columns from 1, columns in characters, the end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Region {
    begin: Position,
    end: Position,
}

impl Region {
    fn of(span: Span, text: &str) -> Self {
        let begin = Position { line: span.line.max(1), column: span.column.max(1) };
        // A place past the end, or one that is cut off from its text, has no length.
        let run = text.get(span.range(text.len())).unwrap_or("");
        let run = run.trim_end_matches(['\r', '\n']);
        let length = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let end = match run.rsplit_once('\n') {
            None => Position { line: begin.line, column: begin.column.saturating_add(length(run)) },
            Some((before, last)) => {
                let breaks = u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX);
                Position {
                    line: begin.line.saturating_add(breaks).saturating_add(1),
                    column: length(last).saturating_add(1),
                }
            }
        };
        Self { begin, end }
    }
}

/// What stays the same of each finding while lines move: a hash of its file, code and message, and its number among equals.
fn fingerprints(sorted: &[&Diagnostic]) -> Vec<String> {
    let mut seen: BTreeMap<[&str; 3], usize> = BTreeMap::new();
    let mut fingerprints = Vec::with_capacity(sorted.len());
    for &Diagnostic { file, problem, .. } in sorted {
        let parts = [&**file, problem.entry.code, &problem.message];
        let number = seen.entry(parts).or_default();
        *number += 1;
        let hasher = parts.iter().fold(Hasher::default(), |hasher, part| hasher.part(part));
        fingerprints.push(hasher.part(number.to_string()).finish().short(32));
    }
    fingerprints
}

/// A finding in one paragraph, for reports that have no field for the rest.
fn paragraph(problem: &Problem) -> String {
    let help = problem.help.iter().map(|help| format!("help: {help}"));
    let fix = problem.fix.iter().map(|fix| format!("fix: {fix}"));
    std::iter::once(problem.message.clone()).chain(help).chain(fix).collect::<Vec<_>>().join("\n")
}

/// A report as JSON, with a line break at its end.
fn write_json(value: &impl serde::Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    out.write_all(b"\n")
}
