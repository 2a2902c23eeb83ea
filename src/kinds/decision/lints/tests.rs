use crate::catalog::{Catalog, SourceTree, lint, load};
use crate::diagnostic::Diagnostic;
use crate::model::{Habits, Timestamp};

/// A decision in one line: name, number, status, and what it says of others.
fn decision(name: &str, rest: &str) -> String {
    format!(
        "apiVersion: abide.dev/v1\nkind: Decision\nmetadata: {{name: {name}}}\nspec: {{date: 2026-01-01, {rest}}}\n---\n"
    )
}

fn said(decisions: &[(&str, &str)]) -> Vec<Diagnostic> {
    let text: String = decisions.iter().map(|(name, rest)| decision(name, rest)).collect();
    let tree = SourceTree::of_texts([("specs/d.yaml", text)]);
    let (catalog, broken) = load(&tree, &Catalog::empty(), Timestamp::from_secs(0));
    assert_eq!(broken, [], "the decisions can be read");
    lint(&catalog, &Habits::default())
}

/// What is said, each as `level code line`; every decision has five lines.
fn lines(decisions: &[(&str, &str)]) -> Vec<String> {
    let line = |said: &Diagnostic| {
        format!("{} {} {}", said.problem.level.word(), said.problem.entry.code, said.problem.span.line)
    };
    let mut lines: Vec<String> = said(decisions).iter().map(line).collect();
    lines.sort();
    lines
}

#[test]
fn decisions_that_go_well_together_get_nothing() {
    let all = [
        ("a", "number: 1, status: superseded"),
        ("b", "number: 2, status: accepted, supersedes: [a]"),
        ("c", "number: 3, status: accepted, amends: [b], relatesTo: [b]"),
    ];
    assert_eq!(lines(&all), [""; 0]);
}

#[test]
fn one_that_supersedes_itself_is_a_circle() {
    let itself = [("a", "status: accepted, supersedes: [a]")];
    assert_eq!(lines(&itself), ["error adr/cycle 4"]);
    assert_eq!(said(&itself)[0].problem.message, "decision/a supersedes itself");
}

#[test]
fn circles_of_superseding_and_amending_are_told_once() {
    let three = [
        ("a", "status: deprecated, supersedes: [c]"),
        ("b", "status: superseded, amends: [a]"),
        ("c", "status: superseded, supersedes: [b]"),
        ("d", "status: superseded, supersedes: [c, b]"),
        ("e", "status: accepted, supersedes: [d]"),
    ];
    assert_eq!(lines(&three), ["error adr/cycle 4"]);
}

#[test]
fn a_number_is_taken_once_in_a_folder() {
    let two = [("a", "number: 7, status: accepted"), ("b", "number: 7, status: draft")];
    assert_eq!(lines(&two), ["error adr/duplicate-number 4", "error adr/duplicate-number 9"]);
    assert_eq!(said(&two)[0].problem.message, "7 is also the number of line 8");
}

#[test]
fn a_gap_is_told_where_numbers_are_counted_up() {
    let gap = [("a", "number: 1, status: draft"), ("b", "number: 2, status: draft"), ("c", "number: 4, status: draft")];
    assert_eq!(lines(&gap), ["info adr/number-gap 14"]);
}

#[test]
fn what_is_superseded_is_not_accepted() {
    let newer = |status: &'static str| [("a", "status: accepted"), ("b", status)];
    assert_eq!(lines(&newer("status: accepted, supersedes: [a]")), ["info adr/superseded-yet-accepted 4"]);
    assert_eq!(lines(&newer("status: proposed, supersedes: [a]")), ["info adr/proposed-over-accepted 9"]);
    assert_eq!(lines(&newer("status: rejected, supersedes: [a]")), [""; 0]);
}

#[test]
fn only_one_takes_a_place() {
    let two = [
        ("a", "status: superseded"),
        ("b", "status: accepted, supersedes: [a]"),
        ("c", "status: accepted, supersedes: [a, a]"),
    ];
    assert_eq!(lines(&two), ["warning adr/two-successors 14"]);
}

#[test]
fn what_holds_does_not_rest_on_what_no_longer_does() {
    let resting = [
        ("a", "status: superseded"),
        ("b", "status: accepted, supersedes: [a], relatesTo: [a]"),
        ("c", "status: accepted, amends: [a]"),
        ("d", "status: accepted, relatesTo: [a]"),
        ("e", "status: proposed, amends: [a]"),
    ];
    assert_eq!(lines(&resting), ["info adr/rests-on-superseded 19", "warning adr/rests-on-superseded 14"]);
}

#[test]
fn a_decision_is_superseded_by_something() {
    assert_eq!(lines(&[("a", "status: superseded")]), ["info adr/superseded-by-nothing 4"]);
}
