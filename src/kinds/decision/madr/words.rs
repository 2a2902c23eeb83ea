//! Executable rules in words.

use std::sync::Arc;

use super::super::{Rule, TaskCount};
use crate::diagnostic::Spanned;
use crate::kinds::common::Select;

/// What a rule demands.
pub(super) fn rule(rule: &Rule) -> String {
    let severity = rule.severity.map(|severity| format!(", {severity}")).unwrap_or_default();
    let whose = rule.repository.as_ref().map(|link| format!(" in the repository {}", code(link.text())));
    format!("Rule {}{severity}: {}{}", code(&rule.id), condition(rule), whose.unwrap_or_default())
}

fn condition(rule: &Rule) -> String {
    if let Some(pattern) = &rule.forbid {
        return format!("no line matches {}{}", code(&pattern.pattern), among(&pattern.within, &pattern.except));
    }
    if let Some(pattern) = &rule.require {
        return format!("some line matches {}{}", code(&pattern.pattern), among(&pattern.within, &pattern.except));
    }
    if let Some(path) = &rule.require_path {
        return format!("the file {} is there", code(path));
    }
    if let Some(it) = &rule.forbid_dependency {
        return format!("no manifest depends on {}{}", code(&it.name), among(&it.within, &it.except));
    }
    if let Some(it) = &rule.require_dependency {
        return format!("some manifest depends on {}{}", code(&it.name), among(&it.within, &it.except));
    }
    if let Some(value) = &rule.matches {
        let equals = value.equals.to_string();
        return format!("{} of {} is {}", code(&value.pointer), code(&value.file), code(&equals));
    }
    if let Some(layers) = &rule.layers {
        let order: Vec<String> = layers.order.iter().map(|layer| code(layer)).collect();
        let within = among(std::slice::from_ref(&layers.within), &layers.except);
        return format!("each of {} imports only what stands before it{within}", order.join(", "));
    }
    rule.tasks.as_ref().map_or_else(String::new, count)
}

fn count(count: &TaskCount) -> String {
    let most = count.at_most.map(|most| format!("at most {most}"));
    let least = count.at_least.map(|least| format!("at least {least}"));
    let both: Vec<String> = least.into_iter().chain(most).collect();
    format!("{} {}", both.join(" and "), tasks(&count.select))
}

/// Tasks by what selects them.
pub(super) fn tasks(select: &Select) -> String {
    let fields = select.0.fields();
    let any = |name: &str, words: &Option<Vec<Arc<str>>>| {
        let words = words.as_ref()?.iter().map(|word| code(word)).collect::<Vec<_>>();
        Some(format!("{name} {}", words.join(" or ")))
    };
    let status = fields.status.as_ref().map(|all| {
        let words: Vec<String> = all.iter().map(|status| code(status.word())).collect();
        format!("status {}", words.join(" or "))
    });
    let labels =
        fields.labels.iter().flatten().map(|(key, value)| format!("label {}", code(&format!("{key}={value}"))));
    let named = [any("type", &fields.types), any("role", &fields.roles), any("agent", &fields.agents)];
    let mut parts: Vec<String> =
        named.into_iter().chain([any("author", &fields.authors), status]).flatten().chain(labels).collect();
    parts.extend(fields.severity.map(|range| format!("severity {} to {}", range.from, range.to)));
    parts.extend(fields.created_within.map(|within| format!("created within {within}")));
    if parts.is_empty() { "tasks".into() } else { format!("tasks of {}", parts.join(", ")) }
}

fn among(within: &[Spanned<Arc<str>>], except: &[Spanned<Arc<str>>]) -> String {
    let all = |globs: &[Spanned<Arc<str>>]| globs.iter().map(|glob| code(glob)).collect::<Vec<_>>().join(", ");
    let mut words = String::new();
    if !within.is_empty() {
        words += &format!(" in {}", all(within));
    }
    if !except.is_empty() {
        words += &format!(", except in {}", all(except));
    }
    words
}

/// A text as code, on one line and between more marks than it has itself.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let marks = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{marks}{space}{}{space}{marks}", text.replace(['\n', '\r'], " "))
}
