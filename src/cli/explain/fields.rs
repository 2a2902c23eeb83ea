//! The fields of a kind, drawn from its JSON Schema so that they never differ from what is read.

use serde_json::Value;

/// No kind nests its fields deeper than this; a schema that did would be cut off.
const DEPTH: usize = 6;

/// One line a field: its name, what it holds, whether it must be there, and what it is for.
pub(super) fn text(schema: &Value) -> String {
    let mut lines = Vec::new();
    for part in ["metadata", "spec"] {
        lines.push((format!("{part}:"), String::new()));
        let at = &schema["properties"][part];
        fields(schema, at, 1, &mut Vec::new(), &mut lines);
    }
    let wide = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    lines.iter().map(|(name, what)| format!("  {}\n", format!("{name:wide$}  {what}").trim_end())).collect()
}

fn fields(root: &Value, at: &Value, depth: usize, open: &mut Vec<String>, lines: &mut Vec<(String, String)>) {
    let reference = reference(at).map(str::to_owned);
    if depth > DEPTH || reference.as_ref().is_some_and(|name| open.contains(name)) {
        return;
    }
    open.extend(reference.clone());
    let at = resolve(root, at);
    let required = |name: &str| at["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    for (name, field) in at["properties"].as_object().into_iter().flatten() {
        let resolved = resolve(root, field);
        let says = field["description"].as_str().or_else(|| resolved["description"].as_str()).unwrap_or_default();
        let must = if required(name) { ", required" } else { "" };
        let what = format!("{}{must}. {}", holds(root, field), says.replace('\n', " "));
        lines.push((format!("{}{name}", "  ".repeat(depth)), what.trim_end().to_owned()));
        let inner = if resolved["items"].is_object() { &resolved["items"] } else { field };
        fields(root, inner_of(root, inner), depth + 1, open, lines);
    }
    if reference.is_some() {
        open.pop();
    }
}

/// What an optional field holds when it is there.
fn inner_of<'a>(root: &'a Value, field: &'a Value) -> &'a Value {
    let field = present(field);
    let resolved = resolve(root, field);
    if resolved["items"].is_object() { present(&resolved["items"]) } else { field }
}

/// The alternative that is not null.
fn present(field: &Value) -> &Value {
    let mut options = field["anyOf"].as_array().into_iter().flatten();
    options.rfind(|option| option["type"] != "null").unwrap_or(field)
}

fn reference(field: &Value) -> Option<&str> {
    present(field)["$ref"].as_str()
}

fn resolve<'a>(root: &'a Value, field: &'a Value) -> &'a Value {
    let field = present(field);
    let pointer = field["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| root.pointer(pointer)).unwrap_or(field)
}

/// What stands in a field, in a word or a few.
fn holds(root: &Value, field: &Value) -> String {
    let field = resolve(root, field);
    if let Some(words) = words_of(field) {
        return words.join(" | ");
    }
    let types = field["type"].as_array().and_then(|types| types.iter().find(|one| *one != "null"));
    match types.unwrap_or(&field["type"]).as_str() {
        Some("array") => format!("list of {}", holds(root, &field["items"])),
        Some("object") => "mapping".into(),
        Some("integer") => "whole number".into(),
        Some("boolean") => "true or false".into(),
        Some("string") => field["title"].as_str().map_or_else(|| "text".into(), words),
        Some(other) => other.into(),
        None => "any value".into(),
    }
}

/// The name of a type as words: `SeverityRange` is a severity range.
fn words(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words
}

/// The words that a field allows, where it lists them.
fn words_of(field: &Value) -> Option<Vec<&str>> {
    if let Some(one) = field["const"].as_str() {
        return Some(vec![one]);
    }
    if let Some(words) = field["enum"].as_array() {
        return words.iter().filter(|word| !word.is_null()).map(Value::as_str).collect();
    }
    let each: Option<Vec<Vec<&str>>> = field["oneOf"].as_array()?.iter().map(words_of).collect();
    each.map(|words| words.concat())
}
