//! Odd input: each has an outcome that is written down, here and in `abide explain slo`.

use std::sync::Arc;

use super::tests::{codes, documents};
use crate::kinds::slo::{Refusal, State, Target, Whole, targets};
use crate::kinds::{Body, Spec, Specs, Unread};

const HEAD: &str = "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a}\nspec:\n  service: web\n";

fn level(method: &str, window: &str, objective: &str, measure: &str) -> String {
    format!(
        "{HEAD}  budgetingMethod: {method}\n  timeWindow: [{{{window}}}]\n  objectives: [{{op: lte, value: 5, {objective}}}]\n  indicator: {{metadata: {{name: b}}, spec: {{thresholdMetric: {{metricSource: {{type: abide.dev/tasks, spec: {{select: {{types: [x]}}, {measure}}}}}}}}}}}\n"
    )
}

const ROLLING: &str = "duration: 30d, isRolling: true";
const LASTING: &str = "measure: created-to-finished, unit: minutes";

fn target(text: &str) -> Target {
    let specs = documents(text).into_iter().filter_map(|document| document.spec).collect::<Vec<Arc<Spec>>>();
    let specs = Specs::new(specs, Unread::default());
    let spec = specs.iter().next().unwrap_or_else(|| panic!("unreadable:\n{text}"));
    let Body::Slo(slo) = &spec.body else { panic!("no SLO") };
    targets(&specs, spec, slo).remove(0)
}

/// Why it cannot be evaluated.
fn refused(text: &str) -> String {
    match target(text).whole {
        Err(Refusal::Cannot(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn units_figures_and_lengths_that_cannot_be_meant_are_errors_at_their_place() {
    let says = |text: &str| codes(text).into_iter().map(|(_, code)| code).collect::<Vec<_>>();
    let well = level("Occurrences", ROLLING, "target: 0.9", LASTING);
    assert_eq!(says(&well), [""; 0]);
    for (from, to) in [
        ("unit: minutes", "unit: fortnights"),
        ("target: 0.9", "target: .nan"),
        ("target: 0.9", "target: .inf"),
        ("value: 5", "value: .nan"),
        ("duration: 30d", "duration: -30d"),
        ("duration: 30d", "duration: 99999999999d"),
        ("duration: 30d", "duration: 1.5d"),
        ("created-to-finished", "finished-to-created"),
        ("unit: minutes", "unit: minutes, percentile: 0"),
        ("unit: minutes", "unit: minutes, percentile: 101"),
        ("unit: minutes", "unit: minutes, every: 1h"),
        ("unit: minutes", "unit: minutes, percentile: 95, every: 0h"),
    ] {
        let wrong = well.replacen(from, to, 1);
        assert_ne!(wrong, well);
        let parsed = crate::yaml::parse(&wrong);
        let said = if parsed.problems.is_empty() { says(&wrong).len() } else { parsed.problems.len() };
        assert!(said > 0, "nothing is said of {to}");
    }
}

#[test]
fn enormous_windows_and_tiny_slices_cost_nothing() {
    let sliced = |window: &str, slice: &str| {
        level("Timeslices", window, &format!("target: 0.9, timeSliceTarget: 0.9, timeSliceWindow: {slice}"), LASTING)
    };
    assert!(refused(&sliced("duration: 1Y, isRolling: true", "1s")).contains("more than 1000000 slices"));
    let alert = "  alertPolicies: [{kind: AlertPolicy, metadata: {name: p}, spec: {alertWhenBreaching: true, conditions: [{kind: AlertCondition, metadata: {name: c}, spec: {severity: page, condition: {kind: burnrate, op: lt, threshold: 1, lookbackWindow: 50Y}}}]}}]\n";
    let watched = format!("{}{alert}", sliced("duration: 100m, isRolling: true", "1s"));
    assert!(refused(&watched).contains("more than 1000000 slices"));
    assert!(refused(&sliced(ROLLING, "31d")).contains("does not fit into the window"));
    assert!(matches!(target(&sliced("duration: 1Y, isRolling: true", "1m")).whole, Ok(Whole::Objective(_))));
    let calendar = "duration: 100000Y, calendar: {startTime: 2026-01-01 00:00:00, timeZone: UTC}";
    assert!(refused(&level("Occurrences", calendar, "target: 0.9", LASTING)).contains("no calendar reaches"));
    assert!(target(&level("Occurrences", "duration: 100000Y, isRolling: true", "target: 0.9", LASTING)).whole.is_ok());
}

#[test]
fn a_negative_limit_of_a_duration_is_refused() {
    let text = level("Occurrences", ROLLING, "target: 0.9", LASTING).replace("value: 5", "value: -5");
    assert!(refused(&text).contains("no duration compares with a negative value"));
}

#[test]
fn a_percentile_is_taken_over_its_slices_and_no_other_span() {
    let text = level(
        "Timeslices",
        ROLLING,
        "target: 0.9, timeSliceTarget: 1, timeSliceWindow: 1h",
        "measure: created-to-finished, unit: minutes, percentile: 95, every: 2h",
    );
    assert!(refused(&text).contains("differs from the slices"));
}

#[test]
fn every_state_has_a_word_of_its_own() {
    let words: std::collections::BTreeSet<&str> = [
        State::Healthy,
        State::Burning,
        State::Exhausted,
        State::NoTraffic,
        State::NoData,
        State::TooYoung,
        State::NotEvaluated(String::new()),
        State::CannotEvaluate(String::new()),
    ]
    .iter()
    .map(State::word)
    .collect();
    assert_eq!(words.len(), 8);
}
