//! A part of a document whose shape depends on something else: kept as nodes, to be decoded once that is known.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::de::Error;
use super::decode;
use super::node::{Node, Value};
use super::spanned::MARKER;
use crate::diagnostic::{Problem, Span, Spanned};

/// Nodes of a document that own their text. Equal when they say the same, wherever they stand.
#[derive(Debug, Clone)]
pub struct Raw(Node<'static>);

impl Raw {
    /// Decodes the nodes, as [`decode`] does: every problem has the place that it has in the document.
    pub fn read<T: DeserializeOwned>(&self, problems: &mut Vec<Problem>) -> Option<T> {
        decode(&self.0, problems)
    }

    /// Where it stands.
    pub const fn span(&self) -> Span {
        self.0.span
    }

    /// The fields of a mapping with the places of their names; none where it is no mapping.
    pub fn fields(&self) -> impl Iterator<Item = (&str, Span)> {
        self.0.entries().iter().filter_map(|(name, _)| Some((name.text()?, name.span)))
    }

    fn number(&mut self) {
        let mut next = 0;
        super::parse::renumber(&mut self.0, &mut next);
    }
}

impl PartialEq for Raw {
    fn eq(&self, other: &Self) -> bool {
        same(&self.0, &other.0)
    }
}

fn same(left: &Node<'_>, right: &Node<'_>) -> bool {
    match (&left.value, &right.value) {
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Map(left), Value::Map(right)) => {
            let pairs = || left.iter().zip(right);
            left.len() == right.len() && pairs().all(|(left, right)| same(&left.0, &right.0) && same(&left.1, &right.1))
        }
        (left, right) => left == right,
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut raw = Self(node(Spanned::deserialize(deserializer)?));
        raw.number();
        Ok(raw)
    }
}

impl JsonSchema for Raw {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Anything".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"description": "anything that the source understands"})
    }
}

fn node(Spanned { value: Any(value), span }: Spanned<Any>) -> Node<'static> {
    Node { id: 0, span, value }
}

struct Any(Value<'static>);

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Anything;

        const fn scalar(text: String, plain: bool) -> Any {
            Any(Value::Scalar { text: Cow::Owned(text), plain })
        }

        impl<'de> Visitor<'de> for Anything {
            type Value = Any;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }

            fn visit_unit<E>(self) -> Result<Any, E> {
                Ok(scalar(String::new(), true))
            }

            fn visit_bool<E>(self, flag: bool) -> Result<Any, E> {
                Ok(scalar(flag.to_string(), true))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Any, E> {
                Ok(scalar(number.to_string(), true))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Any, E> {
                Ok(scalar(format!("{number:?}"), true))
            }

            fn visit_str<E>(self, text: &str) -> Result<Any, E> {
                Ok(scalar(text.to_owned(), false))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Any, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(node(item));
                }
                Ok(Any(Value::List(list)))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Any, A::Error> {
                let mut map = Vec::new();
                while let Some(Spanned { value, span }) = entries.next_key::<Spanned<Arc<str>>>()? {
                    let key = Value::Scalar { text: Cow::Owned(value.to_string()), plain: false };
                    map.push((Node { id: 0, span, value: key }, node(entries.next_value()?)));
                }
                Ok(Any(Value::Map(map)))
            }
        }

        deserializer.deserialize_any(Anything)
    }
}

/// A key of a mapping: text whatever it looks like, `1: a` has the key `1`.
pub(super) struct Key<'n> {
    pub text: &'n str,
    pub span: Span,
}

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.text)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        if name == MARKER { visitor.visit_seq(KeyPlace { key: self, next: 0 }) } else { self.deserialize_any(visitor) }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        map struct enum identifier ignored_any
    }
}

/// The place of a key and then the key itself.
struct KeyPlace<'n> {
    key: Key<'n>,
    next: usize,
}

impl<'de> SeqAccess<'de> for KeyPlace<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Span { start, end, line, column } = self.key.span;
        let number = [start, end, line, column].get(self.next).copied();
        self.next += 1;
        match number {
            Some(number) => seed.deserialize(serde::de::value::U32Deserializer::new(number)),
            None => seed.deserialize(Key { text: self.key.text, span: self.key.span }),
        }
        .map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse;

    #[derive(Debug, Deserialize)]
    struct Holder {
        free: Raw,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        #[serde(rename = "limit")]
        _limit: Option<u32>,
    }

    #[test]
    fn what_is_decoded_later_has_its_places_and_meanings() {
        let parsed = parse("free:\n  limit: \"3\"\n  1: x\n");
        let mut problems = Vec::new();
        let holder: Holder = decode(&parsed.documents[0], &mut problems).unwrap();
        assert!(problems.is_empty(), "{problems:?}");
        holder.free.read::<Strict>(&mut problems);
        let said: Vec<_> = problems.iter().map(|p| (p.entry.code, p.span.line, p.span.column)).collect();
        assert_eq!(said, [("spec/wrong-type", 2, 10), ("spec/unknown-field", 3, 3)]);
    }

    #[test]
    fn equality_is_of_what_is_said() {
        let raw = |text: &'static str| {
            let parsed = parse(text);
            decode::<Raw>(&parsed.documents[0], &mut Vec::new()).unwrap()
        };
        assert_eq!(raw("a: [1, 0.5, true, x]"), raw("a:\n  - 1\n  - 0.5\n  - true\n  - x\n"));
        assert_ne!(raw("a: 1"), raw("a: \"1\""));
    }
}
