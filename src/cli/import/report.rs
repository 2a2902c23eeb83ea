//! What an import did, for people and for programs.

use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use super::place::Fate;
use crate::cli::plan::Format;
use crate::diagnostic::{Level, counted};
use crate::kinds::slo::import::{Converted, Left};

/// What an import did.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub files: Vec<File>,
    pub converted: Vec<(Arc<str>, Converted)>,
    pub findings: Vec<Finding>,
    pub unread: Vec<(Arc<str>, Left)>,
    /// How many files of folders have nothing to do with OpenSLO.
    pub passed_over: usize,
    pub renamed: bool,
    pub dry_run: bool,
}

/// A file that was imported.
#[derive(Debug)]
pub(super) struct File {
    pub file: Arc<str>,
    pub to: Arc<str>,
    pub fate: Fate,
    pub specs: Vec<String>,
}

/// What the reader of specs says of what was imported.
#[derive(Debug)]
pub(super) struct Finding {
    pub code: &'static str,
    pub level: Level,
    pub file: Arc<str>,
    pub line: u32,
    pub message: String,
    pub fix: Option<String>,
}

impl Report {
    /// Whether nothing was found at all.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.unread.iter().all(|(_, left)| left.why == NO_OPENSLO)
    }

    /// Whether something could not be read.
    pub(super) fn has_errors(&self) -> bool {
        !self.unread.is_empty() || self.findings.iter().any(|finding| finding.level == Level::Error)
    }

    /// Puts everything in the order of files and lines.
    pub(super) fn sort(&mut self) {
        self.findings.sort_by(|a, b| (&a.file, a.line, a.code).cmp(&(&b.file, b.line, b.code)));
        self.unread.sort_by(|(a, left), (b, right)| (a, left.line).cmp(&(b, right.line)));
    }

    fn changed(&self) -> usize {
        self.files.iter().filter(|file| matches!(file.fate, Fate::Created | Fate::Replaced)).count()
    }
}

/// Why a file that somebody named is left out when it has nothing to do with OpenSLO.
pub(super) const NO_OPENSLO: &str = "it holds no OpenSLO document";

/// Writes a report.
pub(super) fn write(report: &Report, format: Format, _color: bool, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text(report, out),
        Format::Json => json(report, out),
    }
}

fn text(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for File { file, to, fate, specs } in &report.files {
        let why = if *fate == Fate::Kept { ": it is there already and says something else" } else { "" };
        writeln!(out, "{:9}  {to}  from {file}: {}{why}", fate.word(), specs.join(", "))?;
    }
    for (file, Converted { line, kind, name, from, changes }) in &report.converted {
        writeln!(out, "\n{file}:{line}: {kind} {name}, from {from}")?;
        changes.iter().try_for_each(|change| writeln!(out, "  - {change}"))?;
    }
    if !report.findings.is_empty() {
        writeln!(out)?;
    }
    for Finding { code, level, file, line, message, fix } in &report.findings {
        let fix = fix.as_ref().map_or_else(String::new, |fix| format!("; {fix}"));
        writeln!(out, "{}[{code}]: {file}:{line}: {message}{fix}", level.word())?;
    }
    if !report.unread.is_empty() {
        writeln!(out, "\nleft out:")?;
    }
    for (file, Left { line, why }) in &report.unread {
        writeln!(out, "  {file}:{line}: {why}")?;
    }
    if !report.is_empty() {
        summary(report, out)?;
    }
    Ok(())
}

fn summary(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let specs: usize = report.files.iter().map(|file| file.specs.len()).sum();
    writeln!(
        out,
        "\n{}, {} converted, {} left out.",
        counted(specs, "spec"),
        report.converted.len(),
        counted(report.unread.len(), "document")
    )?;
    match (report.changed(), report.dry_run) {
        (0, _) => writeln!(out, "Nothing changed: every file is as it was.")?,
        (files, true) => {
            writeln!(out, "Nothing was written: without --dry-run it would be {}.", counted(files, "file"))?
        }
        (files, false) => writeln!(out, "{} written.", counted(files, "file"))?,
    }
    if report.passed_over > 0 {
        writeln!(out, "{} passed over that hold no OpenSLO.", counted(report.passed_over, "file"))?;
    }
    let kept = report.files.iter().any(|file| file.fate == Fate::Kept);
    if kept {
        writeln!(out, "  = help: --force replaces files that are there already")?;
    }
    if !report.renamed && report.findings.iter().any(|finding| finding.code == "spec/name") {
        writeln!(out, "  = help: --rename gives names that are none right ones, and rewrites what refers to them")?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Wire<'a> {
    version: u32,
    #[serde(rename = "dryRun")]
    dry_run: bool,
    files: Vec<FileWire<'a>>,
    converted: Vec<ConvertedWire<'a>>,
    findings: Vec<FindingWire<'a>>,
    unread: Vec<UnreadWire<'a>>,
}

#[derive(Serialize)]
struct FileWire<'a> {
    file: &'a str,
    to: &'a str,
    fate: &'a str,
    specs: &'a [String],
}

#[derive(Serialize)]
struct ConvertedWire<'a> {
    file: &'a str,
    line: u32,
    kind: &'a str,
    name: &'a str,
    from: &'a str,
    changes: &'a [String],
}

#[derive(Serialize)]
struct FindingWire<'a> {
    code: &'a str,
    severity: &'a str,
    file: &'a str,
    line: u32,
    message: &'a str,
    fix: Option<&'a str>,
}

#[derive(Serialize)]
struct UnreadWire<'a> {
    file: &'a str,
    line: u32,
    why: &'a str,
}

fn json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let converted = report.converted.iter().map(|(file, it)| ConvertedWire {
        file,
        line: it.line,
        kind: &it.kind,
        name: &it.name,
        from: &it.from,
        changes: &it.changes,
    });
    let findings = report.findings.iter().map(|it| FindingWire {
        code: it.code,
        severity: it.level.word(),
        file: &it.file,
        line: it.line,
        message: &it.message,
        fix: it.fix.as_deref(),
    });
    let files = report.files.iter();
    let wire = Wire {
        version: 1,
        dry_run: report.dry_run,
        files: files
            .map(|it| FileWire { file: &it.file, to: &it.to, fate: it.fate.word(), specs: &it.specs })
            .collect(),
        converted: converted.collect(),
        findings: findings.collect(),
        unread: report.unread.iter().map(|(file, it)| UnreadWire { file, line: it.line, why: &it.why }).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &wire)?;
    writeln!(out)
}
