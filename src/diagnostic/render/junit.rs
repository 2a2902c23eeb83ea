//! For test reports: JUnit XML with one test case for each file. Errors fail it; the rest is its output.

use std::collections::BTreeMap;
use std::io;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::{Diagnostic, Level, Report, paragraph};

pub(super) fn render(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut by_file: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for file in &report.files {
        by_file.entry(file).or_default();
    }
    for diagnostic in report.sorted() {
        by_file.entry(&diagnostic.file).or_default().push(diagnostic);
    }
    let mut suite = TestSuite::new("specs");
    suite.add_test_cases(by_file.iter().map(|(file, diagnostics)| case(file, diagnostics)));
    let mut junit = quick_junit::Report::new("abide validate");
    junit.add_test_suite(suite);
    junit.serialize(&mut *out).map_err(io::Error::other)
}

fn case(file: &str, diagnostics: &[&Diagnostic]) -> TestCase {
    let is_error = |diagnostic: &&&Diagnostic| diagnostic.problem.level == Level::Error;
    let (errors, rest): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        diagnostics.iter().partition(|diagnostic| is_error(diagnostic));
    let mut case = TestCase::new(file, status(&errors));
    case.set_classname("abide.validate");
    if !rest.is_empty() {
        case.set_system_out(lines(&rest));
    }
    case
}

fn status(errors: &[&Diagnostic]) -> TestCaseStatus {
    let Some(first) = errors.first() else { return TestCaseStatus::success() };
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(first.problem.entry.code);
    status.set_message(match errors.len() {
        1 => first.problem.message.clone(),
        count => format!("{} (and {} more)", first.problem.message, count - 1),
    });
    status.set_description(lines(errors));
    status
}

/// Each finding with its place, so that an editor or a terminal can follow it.
fn lines(diagnostics: &[&Diagnostic]) -> String {
    let line = |diagnostic: &&Diagnostic| {
        let Diagnostic { file, problem, .. } = diagnostic;
        let (span, level, code) = (problem.span, problem.level.word(), problem.entry.code);
        format!("{file}:{}:{}: {level}[{code}]: {}", span.line, span.column, paragraph(problem))
    };
    diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}
