//! What was read and what is wrong with it, for people and for programs.

use std::io::{self, Write};

use serde::Serialize;

use crate::cli::import::place::Fate;
use crate::cli::plan::Format;
use crate::diagnostic::{Level, counted};
use crate::kinds::decision::Status;
use crate::kinds::decision::records::{Collection, Families, Found, Record, Reference, Relation, lint::Finding};

/// What an import did.
#[derive(Debug)]
pub(super) struct Report {
    pub collection: Collection,
    pub findings: Vec<Finding>,
    pub files: Vec<File>,
    pub dry_run: bool,
}

/// A spec that was written.
#[derive(Debug)]
pub(super) struct File {
    pub record: usize,
    pub to: String,
    pub fate: Fate,
}

impl Report {
    /// Whether nothing was found at all.
    pub(super) const fn is_empty(&self) -> bool {
        self.collection.records.is_empty() && self.collection.unread.is_empty()
    }

    /// Whether something could not be read, or is wrong.
    pub(super) fn has_errors(&self) -> bool {
        !self.collection.unread.is_empty() || self.findings.iter().any(|finding| finding.entry.level == Level::Error)
    }
}

/// Writes a report.
pub(super) fn write(report: &Report, format: Format, _color: bool, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text(report, out),
        Format::Json => json(report, out),
    }
}

/// A code as this report writes it: they are all of records.
fn short(finding: &Finding) -> &'static str {
    finding.entry.code.trim_start_matches("adr/")
}

fn text(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for File { record, to, fate } in &report.files {
        let Some(record) = report.collection.records.get(*record) else { continue };
        let why = if *fate == Fate::Kept { ": it is there already and says something else" } else { "" };
        let status = record.status.status.map_or("no status", Status::word);
        writeln!(
            out,
            "{:9}  {to}  from {}:{}: {}, {status}{why}",
            fate.word(),
            record.file,
            record.line,
            record.title
        )?;
    }
    if !report.findings.is_empty() {
        writeln!(out)?;
    }
    for finding in &report.findings {
        let Finding { entry, file, line, message } = finding;
        writeln!(out, "{}[{}]: {file}:{line}: {message}", entry.level.word(), entry.code)?;
    }
    if !report.collection.unread.is_empty() {
        writeln!(out, "\nnot read:")?;
    }
    for (file, line, why) in &report.collection.unread {
        writeln!(out, "  {file}:{line}: {why}")?;
    }
    if report.is_empty() { Ok(()) } else { summary(report, out) }
}

fn summary(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let of = |level: Level| report.findings.iter().filter(|finding| finding.entry.level == level).count();
    writeln!(
        out,
        "\n{}, {}, {}, {} for information, {} not read.",
        counted(report.collection.records.len(), "decision"),
        counted(of(Level::Error), "error"),
        counted(of(Level::Warning), "warning"),
        of(Level::Info),
        counted(report.collection.unread.len(), "place"),
    )?;
    let left_out = report.collection.records.len() - report.files.len();
    if left_out > 0 {
        let records = counted(left_out, "decision");
        writeln!(out, "{records} without a status or a date: a spec needs both, so none is written of them.")?;
        writeln!(out, "  = help: --status draft and --date YYYY-MM-DD say what such records have")?;
    }
    let changed = report.files.iter().filter(|file| matches!(file.fate, Fate::Created | Fate::Replaced)).count();
    match (changed, report.dry_run) {
        (0, _) => writeln!(out, "Nothing changed: every file is as it was.")?,
        (files, true) => {
            writeln!(out, "Nothing was written: without --dry-run it would be {}.", counted(files, "file"))?
        }
        (files, false) => writeln!(out, "{} written.", counted(files, "file"))?,
    }
    if !report.collection.passed_over.is_empty() {
        let files = counted(report.collection.passed_over.len(), "file");
        writeln!(out, "{files} passed over that hold no decision.")?;
    }
    if report.files.iter().any(|file| file.fate == Fate::Kept) {
        writeln!(out, "  = help: --force replaces files that are there already")?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Wire<'a> {
    version: u32,
    decisions: Vec<DecisionWire<'a>>,
    findings: Vec<FindingWire<'a>>,
    unread: Vec<UnreadWire<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<FileWire<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DecisionWire<'a> {
    file: &'a str,
    line: u32,
    id: &'a str,
    number: Option<u32>,
    title: &'a str,
    status: Option<&'static str>,
    date: Option<String>,
    supersedes: Vec<String>,
    superseded_by: Vec<String>,
    amends: Vec<String>,
}

#[derive(Serialize)]
struct FindingWire<'a> {
    code: &'a str,
    severity: &'a str,
    file: &'a str,
    line: u32,
    message: &'a str,
}

#[derive(Serialize)]
struct UnreadWire<'a> {
    file: &'a str,
    line: u32,
    why: &'a str,
}

#[derive(Serialize)]
struct FileWire<'a> {
    file: &'a str,
    to: &'a str,
    fate: &'a str,
}

fn json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let collection = &report.collection;
    let families = Families::of(collection);
    let findings = report.findings.iter().map(|finding| FindingWire {
        code: short(finding),
        severity: finding.entry.level.word(),
        file: &finding.file,
        line: finding.line,
        message: &finding.message,
    });
    let files = report.files.iter().filter(|_| !report.dry_run).filter_map(|file| {
        let record = collection.records.get(file.record)?;
        Some(FileWire { file: &record.file, to: &file.to, fate: file.fate.word() })
    });
    let wire = Wire {
        version: 1,
        decisions: collection.records.iter().map(|record| decision(record, collection, &families)).collect(),
        findings: findings.collect(),
        unread: collection.unread.iter().map(|(file, line, why)| UnreadWire { file, line: *line, why }).collect(),
        files: files.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &wire)?;
    writeln!(out)
}

fn decision<'a>(record: &'a Record, collection: &Collection, families: &Families<'_>) -> DecisionWire<'a> {
    let of = |relation: Relation| links(record, relation, collection, families);
    DecisionWire {
        file: &record.file,
        line: record.line,
        id: &record.id,
        number: record.number,
        title: &record.title,
        status: record.status.status.map(Status::word),
        date: record.date.map(|date| date.to_string()),
        supersedes: of(Relation::Supersedes),
        superseded_by: of(Relation::SupersededBy),
        amends: of(Relation::Amends),
    }
}

/// What a record says of others: each by what it is called, or as it was written where it is not there.
fn links(record: &Record, relation: Relation, collection: &Collection, families: &Families<'_>) -> Vec<String> {
    let itself = |to: &Reference| to.number.is_some() && (to.number, &to.prefix) == (record.number, &record.prefix);
    let claims = record.claims.iter().filter(|claim| claim.relation == relation && !itself(&claim.to));
    let name = |to: &Reference| match families.find(record, to) {
        Found::Record(index) => collection.records.get(index).map(|other| other.id.clone()),
        _ => None,
    };
    let mut all: Vec<String> =
        claims.map(|claim| name(&claim.to).unwrap_or_else(|| claim.to.written.clone())).collect();
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|name| seen.insert(name.clone()));
    all
}
