//! For merge requests: GitLab's Code Quality report.

use std::io;

use serde::Serialize;

use super::{Diagnostic, Level, Report, fingerprints, paragraph, write_json};

/// One finding, as GitLab's documentation of the report format names the fields.
#[derive(Serialize)]
struct Finding<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'a str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    /// Relative to the root of the repository, without `./`.
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

pub(super) fn render(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let sorted = report.sorted();
    let fingerprints = fingerprints(&sorted);
    let findings: Vec<Finding<'_>> =
        sorted.iter().zip(fingerprints).map(|(diagnostic, print)| finding(report, diagnostic, print)).collect();
    write_json(&findings, out)
}

fn finding<'a>(report: &Report<'_>, diagnostic: &'a Diagnostic, fingerprint: String) -> Finding<'a> {
    let problem = &diagnostic.problem;
    let region = report.region(&diagnostic.file, problem.span);
    let path = diagnostic.file.strip_prefix("./").unwrap_or(&diagnostic.file);
    let lines = Lines { begin: region.begin.line, end: region.end.line };
    Finding {
        description: paragraph(problem),
        check_name: problem.entry.code,
        fingerprint,
        severity: severity(problem.level),
        location: Location { path, lines },
    }
}

/// GitLab's words are info, minor, major, critical and blocker.
const fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Info => "info",
    }
}
