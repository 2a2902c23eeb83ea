//! For test reports: JUnit XML with one test case for each file, or for each rule. Errors fail it; the rest is its output.

use std::collections::BTreeMap;
use std::io;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::{Case, Diagnostic, Level, Report, Telling, paragraph};

pub(super) fn render(report: &Report<'_>, telling: Option<&Telling>, out: &mut dyn io::Write) -> io::Result<()> {
    let (tested, command) = telling.map_or(("specs", "validate"), |telling| (telling.tested, telling.command));
    let mut suite = TestSuite::new(tested);
    let class = format!("abide.{command}");
    let cases: Vec<TestCase> = match telling {
        Some(telling) => telling.cases.iter().map(|case| told(report, case, &class)).collect(),
        None => by_file(report).iter().map(|(file, findings)| case(file, &class, findings)).collect(),
    };
    suite.add_test_cases(cases);
    let mut junit = quick_junit::Report::new(format!("abide {command}"));
    junit.add_test_suite(suite);
    junit.serialize(&mut *out).map_err(io::Error::other)
}

fn told(report: &Report<'_>, it: &Case, class: &str) -> TestCase {
    let findings: Vec<&Diagnostic> = it.findings.iter().filter_map(|&number| report.diagnostics.get(number)).collect();
    case(&it.name, class, &findings)
}

fn by_file<'r>(report: &'r Report<'_>) -> BTreeMap<&'r str, Vec<&'r Diagnostic>> {
    let mut by_file: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for file in &report.files {
        by_file.entry(file).or_default();
    }
    for diagnostic in report.sorted() {
        by_file.entry(&diagnostic.file).or_default().push(diagnostic);
    }
    by_file
}

fn case(name: &str, class: &str, diagnostics: &[&Diagnostic]) -> TestCase {
    let is_error = |diagnostic: &&&Diagnostic| diagnostic.problem.level == Level::Error;
    let (errors, rest): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        diagnostics.iter().partition(|diagnostic| is_error(diagnostic));
    let mut case = TestCase::new(name, status(&errors));
    case.set_classname(class);
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
