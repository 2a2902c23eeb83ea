//! What the tests of all rules need.

use crate::kinds::slo::tests::documents;
use crate::kinds::{Specs, Unread};
use crate::model::Habits;

/// No line at all.
pub(super) const NONE: [u32; 0] = [];

const METRIC: &str = "{metricSource: {type: abide.dev/tasks, spec: {select: {types: [a]}}}}";

/// A service level of the service `web` over tasks, of seven lines; `more` begins on the eighth.
pub(super) fn slo(name: &str, more: &str) -> String {
    let indicator = format!("{{metadata: {{name: i}}, spec: {{ratioMetric: {{good: {METRIC}, total: {METRIC}}}}}}}");
    format!(
        "apiVersion: openslo/v1\nkind: SLO\nmetadata: {{name: {name}}}\nspec:\n  service: web\n  indicator: {indicator}\n  budgetingMethod: Occurrences\n{more}"
    )
}

/// The window and the objective of a service level, on two lines.
pub(super) fn promise(window: &str, target: &str) -> String {
    format!("  timeWindow: [{{duration: {window}, isRolling: true}}]\n  objectives: [{{target: {target}}}]\n")
}

/// One document of OpenSLO, of four lines.
pub(super) fn document(kind: &str, name: &str, spec: &str) -> String {
    format!("apiVersion: openslo/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n")
}

/// The documents in one file, with a line between each two.
pub(super) fn file(documents: &[String]) -> String {
    documents.join("---\n")
}

/// Line and message of everything that is said with that code.
pub(super) fn said(code: &str, text: &str, habits: &Habits) -> Vec<(u32, String)> {
    let documents = documents(text);
    for document in &documents {
        assert!(document.spec.is_some(), "{:?}", document.problems);
    }
    let specs = Specs::new(documents.iter().filter_map(|document| document.spec.clone()), Unread::default());
    let all = super::lint(&documents, &specs, &[], habits);
    let of_code = all.into_iter().filter(|said| said.problem.entry.code == code);
    of_code.map(|said| (said.problem.span.line, said.problem.message)).collect()
}

/// Lines of everything that is said with that code.
pub(super) fn lines(code: &str, text: &str) -> Vec<u32> {
    said(code, text, &Habits::default()).into_iter().map(|(line, _)| line).collect()
}
