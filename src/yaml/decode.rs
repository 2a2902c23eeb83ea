//! Nodes to typed values, with all errors of a document at once.
//!
//! serde stops at the first error. So the node at fault is dropped and decoding begins again, until a value comes out or
//! the root itself is at fault. Only documents with errors pay for that.

use std::collections::HashSet;

use serde::de::DeserializeOwned;

use super::de::{Error, Fault, View};
use super::limits;
use super::node::{Node, Value};
use crate::diagnostic::{Problem, Span, codes, nearest};

/// Decodes a node. What is wrong is added to `problems`; a value may come out all the same, without the parts at fault,
/// so that the rest can be checked too.
pub fn decode<T: DeserializeOwned>(node: &Node<'_>, problems: &mut Vec<Problem>) -> Option<T> {
    let mut dropped = HashSet::new();
    for _ in 0..limits::PROBLEMS {
        match T::deserialize(View { node, dropped: &dropped }) {
            Ok(value) => return Some(value),
            Err(error) => {
                let (id, span) = error.at.unwrap_or((node.id, node.span));
                let follows = matches!(error.fault, Fault::MissingField(name) if was_dropped(node, id, name, &dropped));
                if !follows {
                    problems.push(explain(error, span));
                }
                if id == node.id || !dropped.insert(id) {
                    return None;
                }
            }
        }
    }
    None
}

/// Whether the mapping has that field and it was dropped, so that its absence was already explained.
fn was_dropped(node: &Node<'_>, id: u32, field: &str, dropped: &HashSet<u32>) -> bool {
    find(node, id).and_then(|map| map.get(field)).is_some_and(|value| dropped.contains(&value.id))
}

fn find<'n, 't>(node: &'n Node<'t>, id: u32) -> Option<&'n Node<'t>> {
    if node.id == id {
        return Some(node);
    }
    match &node.value {
        Value::Scalar { .. } => None,
        Value::List(items) => items.iter().find_map(|item| find(item, id)),
        Value::Map(entries) => entries.iter().find_map(|(_, value)| find(value, id)),
    }
}

fn explain(error: Error, span: Span) -> Problem {
    match error.fault {
        Fault::UnknownField { name, known } => {
            let problem = Problem::new(&codes::SPEC_UNKNOWN_FIELD, span, format!("there is no field `{name}` here"));
            match nearest(&name, known.iter().copied()) {
                Some(near) => problem.label(format!("did you mean `{near}`?")).fix(format!("use `{near}`")),
                None => problem.help(format!("the fields are {}", list(known))),
            }
        }
        Fault::MissingField(name) => {
            Problem::new(&codes::SPEC_MISSING_FIELD, head_of(span), format!("the field `{name}` is missing"))
                .fix(format!("add `{name}:`"))
        }
        Fault::UnknownWord { word, known } => {
            let message = format!("`{word}` is not one of {}", list(known));
            Problem::new(&codes::SPEC_VALUE, span, message).did_you_mean(&word, known.iter().copied())
        }
        Fault::WrongType { found, expected } => wrong_type(&found, &expected, span),
        Fault::Said(message) => Problem::new(&codes::SPEC_VALUE, span, message),
    }
}

fn wrong_type(found: &str, expected: &str, span: Span) -> Problem {
    let problem = Problem::new(&codes::SPEC_WRONG_TYPE, span, format!("expected {expected}, found {found}"));
    let quoted = found.split('`').nth(1).unwrap_or_default();
    match (expected, quoted.to_ascii_lowercase().as_str()) {
        ("a text", _) if !quoted.is_empty() => problem.fix(format!("quote it: \"{quoted}\"")),
        ("true or false", "yes" | "on" | "y" | "true") => problem.fix("write `true`"),
        ("true or false", "no" | "off" | "n" | "false") => problem.fix("write `false`"),
        _ => problem,
    }
}

/// Something is missing from a whole mapping; point to its beginning rather than underline all of it.
const fn head_of(span: Span) -> Span {
    Span { end: span.start + 1, ..span }
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::diagnostic::Spanned;
    use crate::yaml::parse;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    struct Sample {
        name: Spanned<String>,
        #[serde(default)]
        human: bool,
        count: Option<u32>,
        #[serde(default)]
        items: Vec<Item>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Item {
        id: String,
        level: Option<Level>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Level {
        High,
        Low,
    }

    fn problems(text: &str) -> Vec<String> {
        let mut problems = Vec::new();
        let parsed = parse(text);
        let _: Option<Sample> = decode(&parsed.documents[0], &mut problems);
        problems.iter().map(|p| format!("{}:{} {} {}", p.span.line, p.span.column, p.entry.code, p.message)).collect()
    }

    #[test]
    fn a_good_document_knows_its_places() {
        let parsed = parse("name: one\nitems:\n  - {id: a, level: low}\n");
        let mut problems = Vec::new();
        let sample: Sample = decode(&parsed.documents[0], &mut problems).unwrap();
        assert!(problems.is_empty());
        assert_eq!((sample.name.span.line, sample.name.span.column), (1, 7));
        assert_eq!(sample.items[0].level, Some(Level::Low));
    }

    #[test]
    fn all_errors_come_at_once_each_at_its_place() {
        let text = "name: 12\nhuman: yes\ncuont: 3\nitems:\n  - {id: a, level: hihg}\n  - {level: low}\n  - {id: b}\n";
        assert_eq!(
            problems(text),
            [
                "1:7 spec/wrong-type expected a text, found the number `12`",
                "2:8 spec/wrong-type expected true or false, found `yes`",
                "3:1 spec/unknown-field there is no field `cuont` here",
                "5:20 spec/value `hihg` is not one of `high`, `low`",
                "6:5 spec/missing-field the field `id` is missing",
            ]
        );
    }

    #[test]
    fn a_missing_field_is_told_once() {
        assert_eq!(problems("count: 1\n"), ["1:1 spec/missing-field the field `name` is missing"]);
    }
}
