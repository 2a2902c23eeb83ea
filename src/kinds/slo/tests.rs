//! What is read of OpenSLO documents, and what is said of wrong ones.

use std::sync::Arc;

use crate::diagnostic::Problem;
use crate::kinds::{Document, read};
use crate::yaml::parse;

pub(super) fn documents(text: &str) -> Vec<Document> {
    let parsed = parse(text);
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
    parsed.documents.iter().map(|node| read(node, &Arc::from("a.yaml"), &Arc::from(text))).collect()
}

fn problems(text: &str) -> Vec<Problem> {
    documents(text).into_iter().flat_map(|document| document.problems).collect()
}

/// Line, code and message of everything that is said.
fn said(text: &str) -> Vec<String> {
    problems(text).iter().map(|p| format!("{} {} {}", p.span.line, p.entry.code, p.message)).collect()
}

/// Line and code of everything that is said.
pub(super) fn codes(text: &str) -> Vec<(u32, &'static str)> {
    problems(text).iter().map(|p| (p.span.line, p.entry.code)).collect()
}

const HEAD: &str =
    "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a}\nspec:\n  service: web\n  budgetingMethod: Occurrences\n";
const WINDOW: &str = "  timeWindow: [{duration: 30d, isRolling: true}]\n";
const RATIO: &str = "  indicator: {metadata: {name: b}, spec: {ratioMetric: {good: {metricSource: {type: x}}, total: {metricSource: {type: x}}}}}\n";
const THRESHOLD: &str =
    "  indicator: {metadata: {name: b}, spec: {thresholdMetric: {metricSource: {type: x, spec: {q: 1}}}}}\n";
const OBJECTIVE: &str = "  objectives: [{target: 0.9}]\n";

/// A service level whose window and ratio are fine, with that objective on line 10.
fn objective(text: &str) -> Vec<(u32, &'static str)> {
    codes(&format!("{HEAD}{WINDOW}{RATIO}  objectives:\n    - displayName: x\n      {text}\n"))
}

/// A service level whose ratio and objective are fine, with that window on line 9.
fn window(text: &str) -> Vec<(u32, &'static str)> {
    codes(&format!("{HEAD}{RATIO}{OBJECTIVE}  timeWindow: [{text}]\n"))
}

#[test]
fn targets_are_told_at_their_own_line() {
    assert_eq!(objective("target: 0.99"), []);
    assert_eq!(objective("target: 0"), []);
    assert_eq!(objective("targetPercent: 99.5"), []);
    for wrong in ["target: 7.9", "target: 1", "target: 1.0", "target: -0.1", "targetPercent: 100", "targetPercent: -1"]
    {
        assert_eq!(objective(wrong), [(11, "spec/value")], "{wrong}");
    }
    assert_eq!(objective("target: high"), [(11, "spec/wrong-type")]);
    assert_eq!(objective("op: gt"), [(10, "spec/missing-field"), (11, "slo/op-on-ratio")]);
    assert_eq!(objective("{}".trim_matches(['{', '}'])), [(10, "spec/missing-field")]);
    assert_eq!(objective("target: 0.9\n      targetPercent: 90"), [(12, "spec/exclusive")]);
    assert_eq!(objective("target: 0.9\n      compositeWeight: 0"), [(12, "spec/value")]);
    let whole = problems(&format!("{HEAD}{WINDOW}{RATIO}  objectives: [{{target: 1}}]\n"));
    assert!(whole[0].help.as_ref().unwrap().contains("no budget at all"));
    let text = format!("{HEAD}{WINDOW}{RATIO}  objectives: [{{target: 7.9}}]\n");
    assert_eq!(said(&text), ["9 spec/value target is 7.9, but must be at least 0 and less than 1"]);
}

#[test]
fn a_threshold_needs_something_to_compare_with() {
    let all = |objective: &str| codes(&format!("{HEAD}{WINDOW}{THRESHOLD}  objectives: [{objective}]\n"));
    assert_eq!(all("{op: lt, value: 500, target: 0.9}"), []);
    assert_eq!(all("{target: 0.9}"), [(9, "spec/missing-field"), (9, "spec/missing-field")]);
    assert_eq!(all("{op: less, value: 1, target: 0.9}"), [(9, "spec/value")]);
}

#[test]
fn windows_roll_or_have_a_calendar() {
    let calendar = "calendar: {startTime: 2022-01-01 12:00:00, timeZone: America/New_York}";
    assert_eq!(window("{duration: 1M, isRolling: true}"), []);
    assert_eq!(window(&format!("{{duration: 1M, isRolling: false, {calendar}}}")), []);
    assert_eq!(window(&format!("{{duration: 1M, {calendar}}}")), []);
    assert_eq!(window("{duration: 1M, isRolling: false}"), [(9, "spec/missing-field")]);
    assert_eq!(window("{duration: 1M}"), [(9, "spec/missing-field")]);
    assert_eq!(window(&format!("{{duration: 1M, isRolling: true, {calendar}}}")), [(9, "spec/exclusive")]);
    assert_eq!(window("{duration: soon, isRolling: true}"), [(9, "spec/value")]);
    assert_eq!(window("{duration: 1d, isRolling: true}, {duration: 7d, isRolling: true}"), [(9, "spec/exclusive")]);
    assert_eq!(window(""), [(5, "slo/no-time-window")]);
    let zone = "{duration: 1M, calendar: {startTime: 2022-01-01 12:00:00, timeZone: Europe/Warsav}}";
    assert_eq!(window(zone), [(9, "spec/value")]);
    for time in ["2022-01-01", "2022-13-01 12:00:00", "2022-01-01T12:00:00", "2022-01-01 25:00:00"] {
        let text = format!("{{duration: 1M, calendar: {{startTime: \"{time}\", timeZone: UTC}}}}");
        assert_eq!(window(&text), [(9, "spec/value")], "{time}");
    }
}

#[test]
fn slices_need_their_figures() {
    let all = |method: &str, objective: &str| {
        let head = HEAD.replace("Occurrences", method);
        codes(&format!("{head}{WINDOW}{RATIO}  objectives: [{objective}]\n"))
    };
    assert_eq!(all("Timeslices", "{target: 0.9, timeSliceTarget: 0.9, timeSliceWindow: 1m}"), []);
    assert_eq!(all("Timeslices", "{target: 0.9, timeSliceTarget: 1, timeSliceWindow: 5}"), []);
    assert_eq!(all("Timeslices", "{target: 0.9}"), [(9, "spec/missing-field"); 2]);
    assert_eq!(all("RatioTimeslices", "{target: 0.9, timeSliceWindow: 1m}"), []);
    assert_eq!(all("RatioTimeslices", "{target: 0.9}"), [(9, "spec/missing-field")]);
    assert_eq!(all("Hourly", "{target: 0.9}"), [(6, "spec/value")]);
}

#[test]
fn indicators_are_one_thing_only() {
    let ratio = |text: &str| {
        let indicator = format!("  indicator: {{metadata: {{name: b}}, spec: {{{text}}}}}\n");
        codes(&format!("{HEAD}{WINDOW}{indicator}{OBJECTIVE}"))
    };
    let metric = "{metricSource: {type: x}}";
    assert_eq!(ratio(&format!("ratioMetric: {{bad: {metric}, total: {metric}}}")), []);
    assert_eq!(ratio(&format!("ratioMetric: {{raw: {metric}, rawType: success}}")), []);
    assert_eq!(ratio(&format!("ratioMetric: {{raw: {metric}}}")), [(8, "spec/missing-field")]);
    assert_eq!(ratio(&format!("ratioMetric: {{good: {metric}}}")), [(8, "spec/missing-field")]);
    assert_eq!(
        ratio(&format!("ratioMetric: {{good: {metric}, bad: {metric}, total: {metric}}}")),
        [(8, "spec/exclusive")]
    );
    assert_eq!(ratio(&format!("ratioMetric: {{total: {metric}}}")), [(8, "spec/exclusive")]);
    assert_eq!(ratio("description: x"), [(8, "spec/missing-field")]);
    assert_eq!(
        ratio("ratioMetric: {good: {metricSource: {}}, total: {metricSource: {type: x}}}"),
        [(8, "spec/missing-field")]
    );
    assert_eq!(codes(&format!("{HEAD}{WINDOW}{OBJECTIVE}")), [(5, "spec/missing-field")]);
    assert_eq!(codes(&format!("{HEAD}{WINDOW}  indicatorRef: b\n{OBJECTIVE}")), []);
    assert_eq!(codes(&format!("{HEAD}{WINDOW}{RATIO}  indicatorRef: b\n{OBJECTIVE}")), [(9, "spec/exclusive")]);
}

#[test]
fn what_is_asked_of_tasks_is_read_strictly_in_its_place() {
    let text = "apiVersion: openslo/v1\nkind: SLI\nmetadata: {name: a}\nspec:\n  ratioMetric:\n    good:\n      metricSource:\n        type: Abide.dev/Tasks\n        spec:\n          selct: {types: [a]}\n    total:\n      metricSource:\n        spec:\n          select: {types: [a], status: done}\n        type: abide.dev/tasks\n";
    let found = codes(text);
    assert_eq!(found, [(10, "spec/unknown-field"), (10, "spec/missing-field"), (14, "spec/wrong-type")]);
    let threshold = "apiVersion: openslo/v1\nkind: SLI\nmetadata: {name: a}\nspec:\n  thresholdMetric:\n    metricSource:\n      type: abide.dev/tasks\n      spec: {select: {}, measure: finished-to-created, unit: minutes}\n";
    assert_eq!(codes(threshold), [(8, "spec/value")]);
    assert_eq!(codes(&threshold.replace("finished-to-created", "created-to-finished")), []);
    assert_eq!(codes(&threshold.replace("measure: finished-to-created, ", "")), [(6, "spec/missing-field")]);
    assert_eq!(codes(&threshold.replace("abide.dev/tasks", "prometheus")), [(7, "slo/no-query")]);
    assert_eq!(codes(&threshold.replace("abide.dev/tasks", "datadog")), []);
}

#[test]
fn the_other_kinds_are_read_too() {
    let text = include_str!("tests.yaml");
    assert_eq!(said(text), Vec::<String>::new());
    let all = documents(text);
    assert!(all.iter().all(|document| document.spec.is_some()));
    let links: Vec<String> = all.iter().flat_map(|d| d.links.iter().map(|link| link.id.to_string())).collect();
    for wanted in [
        "alertpolicy/named",
        "alertpolicy/other",
        "alertcondition/fast",
        "alertnotificationtarget/pager",
        "datasource/tasks",
        "sli/b",
    ] {
        assert!(links.iter().any(|link| link == wanted), "{wanted}: {links:?}");
    }
}

#[test]
fn json_is_read_as_well() {
    let text = r#"{"apiVersion": "openslo/v1", "kind": "Service", "metadata": {"name": "a", "labels": {"t": ["x"]}}, "spec": {"markdown": 1}}"#;
    assert_eq!(codes(text), [(1, "spec/unknown-field")]);
}

#[test]
fn policies_over_budgets_are_read_strictly() {
    let head = "apiVersion: abide.dev/v1\nkind: ErrorBudgetPolicy\nmetadata: {name: a}\nspec:\n";
    let good = "  slos: [b]\n  burnRates: [{factor: 14.4, long: 1h, short: 5m, severity: critical}]\n  steps:\n    - {remainingBelow: 0.25, task: {to: role/developer, severity: high}}\n    - {remainingBelow: 0, freeze: {select: {types: [x]}, require: {role: architect, count: 1}}}\n  reviewBy: 2027-03-01\n";
    assert_eq!(said(&format!("{head}{good}")), Vec::<String>::new());
    assert_eq!(said(&format!("{head}  slos: {{labels: {{team: a}}}}\n")), Vec::<String>::new());
    let wrong = |from: &str, to: &str| codes(&format!("{head}{good}").replace(from, to));
    assert_eq!(wrong("[b]", "[]"), [(5, "spec/empty-list")]);
    assert_eq!(wrong("short: 5m", "short: 2h"), [(6, "spec/value")]);
    assert_eq!(wrong("14.4", "0"), [(6, "spec/value")]);
    assert_eq!(wrong("0.25", "25"), [(8, "spec/value")]);
    assert_eq!(wrong("task: {to: role/developer, severity: high}", "tsk: 1"), [(8, "spec/unknown-field")]);
    assert_eq!(wrong("role/developer", "decision/x"), [(8, "reference/kind")]);
}
