//! Nodes and values to text. What needs quotes, and which, is the library's business alone.

use serde::Serialize;
use serde::ser::{Error as _, SerializeMap, SerializeSeq, Serializer};

use super::node::{Node, Value};
use super::scalar::{Scalar, resolve};

/// Why something could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it cannot be written as {0}: {1}")]
pub struct WriteError(&'static str, String);

/// A value as YAML, ending with a line break.
///
/// # Errors
/// When the value has a form that YAML has none for.
pub fn to_yaml<T: Serialize>(value: &T) -> Result<String, WriteError> {
    // A query that is folded at eighty characters is hard to read and to search for: no line is ever broken.
    let options = serde_saphyr::ser_options! { folded_wrap_chars: usize::MAX };
    serde_saphyr::to_string_with_options(value, options).map_err(|error| WriteError("YAML", error.to_string()))
}

/// A node as YAML in block style, ending with a line break.
///
/// # Errors
/// As [`to_yaml`].
pub fn node_to_yaml(node: &Node<'_>) -> Result<String, WriteError> {
    to_yaml(&Tree(node))
}

/// A node as JSON, which YAML in flow style may hold anywhere.
///
/// # Errors
/// When a number has no form in JSON.
pub fn node_to_json(node: &Node<'_>) -> Result<String, WriteError> {
    serde_json::to_string_pretty(&Tree(node)).map_err(|error| WriteError("JSON", error.to_string()))
}

/// What a scalar means, as JSON has it; nothing where the node is no scalar.
pub fn scalar(node: &Node<'_>) -> serde_json::Value {
    match &node.value {
        Value::Scalar { .. } => serde_json::to_value(Tree(node)).unwrap_or_default(),
        Value::List(_) | Value::Map(_) => serde_json::Value::Null,
    }
}

/// Whether two nodes say the same, however each is written and wherever it stands.
pub fn says_the_same(left: &Node<'_>, right: &Node<'_>) -> bool {
    match (&left.value, &right.value) {
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| says_the_same(left, right))
        }
        (Value::Map(left), Value::Map(right)) => {
            let same = |((key, value), (other_key, other)): (&(Node<'_>, Node<'_>), &(Node<'_>, Node<'_>))| {
                key.text() == other_key.text() && says_the_same(value, other)
            };
            left.len() == right.len() && left.iter().zip(right).all(same)
        }
        (Value::Scalar { text, plain }, Value::Scalar { text: other, plain: other_plain }) => {
            let (meaning, other_meaning) = (meaning(text, *plain), meaning(other, *other_plain));
            meaning == other_meaning && (meaning != Scalar::Text || text == other)
        }
        _ => false,
    }
}

/// Whether a text that stands without quotes is read as that text.
pub fn is_text(text: &str) -> bool {
    meaning(text, true) == Scalar::Text
}

/// What a scalar is written as. `True` is a boolean to every other reader; what has no other meaning is text.
fn meaning(text: &str, plain: bool) -> Scalar {
    match (resolve(text, plain), text) {
        (Scalar::Odd, "True" | "TRUE") => Scalar::Bool(true),
        (Scalar::Odd, "False" | "FALSE") => Scalar::Bool(false),
        (Scalar::Odd, _) => Scalar::Text,
        (known, _) => known,
    }
}

/// A node on its way out.
struct Tree<'n, 't>(&'n Node<'t>);

impl Serialize for Tree<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0.value {
            Value::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(&Tree(item)))?;
                list.end()
            }
            Value::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    let name = key.text().ok_or_else(|| S::Error::custom("a key must be a text"))?;
                    map.serialize_entry(name, &Tree(value))?;
                }
                map.end()
            }
            Value::Scalar { text, plain } => match meaning(text, *plain) {
                Scalar::Null => serializer.serialize_unit(),
                Scalar::Bool(flag) => serializer.serialize_bool(flag),
                Scalar::Integer(number) => serializer.serialize_i64(number),
                Scalar::Float(number) => serializer.serialize_f64(number),
                Scalar::Odd | Scalar::Text => serializer.serialize_str(text),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostic::Span;
    use crate::yaml::parse;

    fn back(text: &str) -> Node<'_> {
        let parsed = parse(text);
        assert_eq!(parsed.problems, [], "{text}");
        parsed.documents.into_iter().next().unwrap()
    }

    #[test]
    fn what_is_written_reads_back_as_it_was() {
        let text = "a: 1\nb: '1'\nc: [true, 'true', ~, 'null', 0.995, 1e3]\nd: {x: '', 'y: z': \"a\\nb\\n\"}\n\
                    e: 'no'\nf: 2022-01-01 12:00:00\ng: sum(rate(x{job=\"a\",code=~\"5..\"}[5m])) # not a comment\n\
                    h: []\ni: {}\nj: '- x'\nk: \" # y\"\nl: '{{.window}}'\n";
        let node = back(text);
        for written in [node_to_yaml(&node).unwrap(), node_to_json(&node).unwrap()] {
            assert!(says_the_same(&node, &back(&written)), "{written}");
        }
        assert_eq!(node_to_yaml(&back("b: {c: 1}\na: [{x: z}]\n")).unwrap(), "b:\n  c: 1\na:\n- x: z\n");
    }

    #[test]
    fn a_long_query_stays_on_its_line() {
        let query = "sum(increase(x{job=\"a\"}[5m])) / ".repeat(20);
        let node = Node::text_at(&query, Span::default());
        assert_eq!(node_to_yaml(&node).unwrap().lines().count(), 1);
    }

    #[test]
    fn booleans_of_other_readers_are_booleans_and_numbers_too_large_are_texts() {
        assert_eq!(node_to_yaml(&back("a: True\nb: 99999999999999999999\n")).unwrap().lines().next(), Some("a: true"));
        assert!(!says_the_same(&back("a: 1"), &back("a: '1'")));
        assert!(says_the_same(&back("a: 'x'"), &back("a: x")));
        assert!(is_text("a-b") && !is_text("123") && !is_text("null"));
    }

    proptest! {
        #[test]
        fn any_text_reads_back(text in "[ -~\n\u{e4}]{0,60}", key in "[ -~]{1,20}") {
            let entry = (Node::text_at(&key, Span::default()), Node::text_at(&text, Span::default()));
            let node = Node::map_at(vec![entry], Span::default());
            for written in [node_to_yaml(&node).unwrap(), node_to_json(&node).unwrap()] {
                prop_assert!(says_the_same(&node, &back(&written)), "{}", written);
            }
        }
    }
}
