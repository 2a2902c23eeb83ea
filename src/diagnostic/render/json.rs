//! For programs: `validate -o json` and `check -o json`, versioned.

use std::io;

use serde::Serialize;

use super::{Diagnostic, Related, Report, Telling, Tested, VERSION, write_json};

/// The whole report.
#[derive(Serialize)]
struct Wire<'a> {
    version: u32,
    revision: Option<&'a str>,
    specs: usize,
    files: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Rules>,
    diagnostics: Vec<Finding<'a>>,
}

/// Where rules were tested: how many, and what came of them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rules {
    checked: usize,
    broken: usize,
    waived: usize,
    unknown: usize,
    older: usize,
    not_checked: usize,
}

impl From<Tested> for Rules {
    fn from(numbers: Tested) -> Self {
        let Tested { tested, broken, waived, unknown, older, not_tested } = numbers;
        Self { checked: tested, broken, waived, unknown, older, not_checked: not_tested }
    }
}

/// One finding. Lines and columns count from 1, columns in characters; the end is exclusive.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    spec: Option<&'a str>,
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    help: Option<&'a str>,
    fix: Option<&'a str>,
    related: Vec<Beside<'a>>,
}

/// Another place that has to do with a finding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Beside<'a> {
    message: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

pub(super) fn render(report: &Report<'_>, telling: Option<&Telling>, out: &mut dyn io::Write) -> io::Result<()> {
    let wire = Wire {
        version: VERSION,
        revision: report.revision.as_ref().map(crate::model::Revision::as_str),
        specs: report.specs,
        files: report.files.len(),
        rules: telling.map(|telling| telling.numbers.into()),
        diagnostics: report.sorted().into_iter().map(|diagnostic| finding(report, diagnostic)).collect(),
    };
    write_json(&wire, out)
}

fn finding<'a>(report: &Report<'_>, diagnostic: &'a Diagnostic) -> Finding<'a> {
    let problem = &diagnostic.problem;
    let region = report.region(&diagnostic.file, problem.span);
    Finding {
        code: problem.entry.code,
        severity: problem.level.word(),
        message: &problem.message,
        spec: diagnostic.spec.as_deref(),
        file: &diagnostic.file,
        line: region.begin.line,
        column: region.begin.column,
        end_line: region.end.line,
        end_column: region.end.column,
        help: problem.help.as_deref().or(problem.label.as_deref()),
        fix: problem.fix.as_deref(),
        related: problem.related.iter().map(|related| beside(report, related)).collect(),
    }
}

fn beside<'a>(report: &Report<'_>, related: &'a Related) -> Beside<'a> {
    let region = report.region(&related.file, related.span);
    Beside {
        message: &related.message,
        file: &related.file,
        line: region.begin.line,
        column: region.begin.column,
        end_line: region.end.line,
        end_column: region.end.column,
    }
}
