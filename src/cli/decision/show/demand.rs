//! What a rule of a decision demands, in a few words.

use crate::diagnostic::Spanned;
use crate::kinds::decision::{Dependency, Pattern, Rule, TaskCount};

/// What it demands; nothing where it has no condition that is known here.
pub(super) fn words(rule: &Rule) -> String {
    let of_pattern =
        |word: &str, pattern: &Pattern| format!("{word} `{}`{}", pattern.pattern.value, among(&pattern.within));
    let of_dependency = |word: &str, it: &Dependency| format!("{word} on {}{}", it.name, among(&it.within));
    let words = [
        rule.forbid.as_ref().map(|pattern| of_pattern("no line matches", pattern)),
        rule.require.as_ref().map(|pattern| of_pattern("some line matches", pattern)),
        rule.require_path.as_ref().map(|path| format!("there is a file {path}")),
        rule.forbid_dependency.as_ref().map(|it| of_dependency("no manifest depends", it)),
        rule.require_dependency.as_ref().map(|it| of_dependency("some manifest depends", it)),
        rule.matches.as_ref().map(|it| format!("{} of {} is {}", it.pointer.value, it.file, it.equals)),
        rule.layers.as_ref().map(|layers| {
            let order: Vec<&str> = layers.order.iter().map(|layer| layer.value.as_str()).collect();
            format!("in {}, each of {} imports only those before it", layers.within.value, order.join(", "))
        }),
        rule.tasks.as_ref().map(tasks),
    ];
    let words = words.into_iter().flatten().next().unwrap_or_default();
    match &rule.repository {
        Some(repository) => format!("{words}, in {}", repository.text()),
        None => words,
    }
}

fn tasks(count: &TaskCount) -> String {
    let bounds = [("at most", count.at_most), ("at least", count.at_least)];
    let bounds: Vec<String> =
        bounds.into_iter().filter_map(|(word, bound)| Some(format!("{word} {}", bound?))).collect();
    format!("{} tasks are as selected", bounds.join(" and "))
}

fn among(globs: &[Spanned<std::sync::Arc<str>>]) -> String {
    if globs.is_empty() {
        return String::new();
    }
    let globs: Vec<&str> = globs.iter().map(|glob| &*glob.value).collect();
    format!(" in {}", globs.join(", "))
}
