//! serde's view of a node. Every error knows the node that it belongs to.

use std::collections::HashSet;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::node::{Node, Value};
use super::raw::Key;
use super::scalar::{Scalar, resolve};
use super::spanned::MARKER;
use crate::diagnostic::Span;

/// Why a node could not become a value.
#[derive(Debug)]
pub(super) struct Error {
    /// The node at fault and its place, as soon as the error has passed through one.
    pub at: Option<(u32, Span)>,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What can be wrong.
#[derive(Debug)]
pub(super) enum Fault {
    /// The type has no such field.
    UnknownField { name: String, known: &'static [&'static str] },
    /// The type needs this field.
    MissingField(&'static str),
    /// Not one of the words allowed.
    UnknownWord { word: String, known: &'static [&'static str] },
    /// Another type.
    WrongType { found: String, expected: String },
    /// Anything that a type says of its value.
    Said(String),
}

impl Error {
    const fn new(fault: Fault) -> Self {
        Self { at: None, fault }
    }

    fn at(mut self, node: &Node<'_>) -> Self {
        self.at.get_or_insert((node.id, node.span));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.fault)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Fault::Said(message.to_string()))
    }

    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(Fault::WrongType { found: found.to_string(), expected: expected.to_string() })
    }

    fn invalid_value(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        Self::new(Fault::UnknownWord { word: word.to_owned(), known })
    }

    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        Self::new(Fault::UnknownField { name: name.to_owned(), known })
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new(Fault::MissingField(name))
    }
}

/// A node to decode, without the nodes that were found at fault before.
#[derive(Clone, Copy)]
pub(super) struct View<'n, 't> {
    pub node: &'n Node<'t>,
    pub dropped: &'n HashSet<u32>,
}

impl<'n> View<'n, '_> {
    const fn of(self, node: &'n Node<'n>) -> View<'n, 'n> {
        View { node, dropped: self.dropped }
    }

    fn wrong(self, expected: &dyn de::Expected) -> Error {
        let fault = Fault::WrongType { found: self.node.describe(), expected: expected.to_string() };
        Error::new(fault).at(self.node)
    }

    fn wrong_word(self, expected: &str) -> Error {
        let fault = Fault::WrongType { found: self.node.describe(), expected: expected.to_owned() };
        Error::new(fault).at(self.node)
    }

    fn scalar(self) -> Option<(&'n str, Scalar)> {
        match &self.node.value {
            Value::Scalar { text, plain } => Some((text, resolve(text, *plain))),
            _ => None,
        }
    }

    fn number<'de, V: Visitor<'de>>(self, visitor: V, expected: &str) -> Result<V::Value, Error> {
        match self.scalar() {
            Some((_, Scalar::Integer(number))) if number >= 0 => visitor.visit_u64(number.unsigned_abs()),
            Some((_, Scalar::Integer(number))) => visitor.visit_i64(number),
            Some((_, Scalar::Float(number))) => visitor.visit_f64(number),
            _ => return Err(self.wrong_word(expected)),
        }
        .map_err(|error: Error| error.at(self.node))
    }
}

impl<'de> Deserializer<'de> for View<'_, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = match (&self.node.value, self.scalar()) {
            (Value::List(_), _) => return self.deserialize_seq(visitor),
            (Value::Map(_), _) => return self.deserialize_map(visitor),
            (_, Some((_, Scalar::Null))) => visitor.visit_unit(),
            (_, Some((_, Scalar::Bool(flag)))) => visitor.visit_bool(flag),
            (_, Some((_, Scalar::Integer(number)))) => visitor.visit_i64(number),
            (_, Some((_, Scalar::Float(number)))) => visitor.visit_f64(number),
            (_, Some((text, _))) => visitor.visit_str(text),
            (Value::Scalar { text, .. }, None) => visitor.visit_str(text),
        };
        value.map_err(|error: Error| error.at(self.node))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.scalar() {
            Some((_, Scalar::Bool(flag))) => visitor.visit_bool(flag),
            _ => Err(self.wrong_word("true or false")),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.scalar() {
            Some((text, Scalar::Text)) => visitor.visit_str(text).map_err(|error: Error| error.at(self.node)),
            _ => Err(self.wrong_word("a text")),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.scalar() {
            Some((_, Scalar::Null)) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self).map_err(|error| error.at(self.node))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        if name == MARKER {
            return visitor.visit_seq(Place { view: self, next: 0 }).map_err(|error| error.at(self.node));
        }
        self.deserialize_seq(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.value {
            Value::List(items) => {
                visitor.visit_seq(Items { view: self, items: items.iter() }).map_err(|error| error.at(self.node))
            }
            _ => Err(self.wrong_word("a list")),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.value {
            Value::Map(entries) => visitor
                .visit_map(Entries { view: self, entries: entries.iter(), value: None })
                .map_err(|error| error.at(self.node)),
            _ => Err(self.wrong_word("a mapping")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.scalar() {
            Some((text, Scalar::Text)) => visitor.visit_enum(Word(text)).map_err(|error: Error| error.at(self.node)),
            _ => Err(self.wrong_word(&format!("one of {}", known.join(", ")))),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.number(visitor, "a whole number")
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.number(visitor, "a whole number")
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.number(visitor, "a whole number")
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.number(visitor, "a number")
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.scalar() {
            Some((_, Scalar::Null)) => visitor.visit_unit(),
            _ => Err(self.wrong(&visitor)),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u128 f32 char bytes byte_buf unit_struct tuple identifier
    }
}

/// The place of a node and then the node itself.
struct Place<'n, 't> {
    view: View<'n, 't>,
    next: usize,
}

impl<'de> SeqAccess<'de> for Place<'_, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Span { start, end, line, column } = self.view.node.span;
        let number = [start, end, line, column].get(self.next).copied();
        self.next += 1;
        match number {
            Some(number) => seed.deserialize(de::value::U32Deserializer::new(number)),
            None => seed.deserialize(self.view),
        }
        .map(Some)
    }
}

struct Items<'n, 't> {
    view: View<'n, 't>,
    items: std::slice::Iter<'n, Node<'t>>,
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let dropped = self.view.dropped;
        match self.items.find(|item| !dropped.contains(&item.id)) {
            Some(item) => seed.deserialize(self.view.of(item)).map(Some).map_err(|error: Error| error.at(item)),
            None => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

struct Entries<'n, 't> {
    view: View<'n, 't>,
    entries: std::slice::Iter<'n, (Node<'t>, Node<'t>)>,
    value: Option<&'n Node<'t>>,
}

impl<'de> MapAccess<'de> for Entries<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let dropped = self.view.dropped;
        let next = self.entries.find(|(key, value)| !dropped.contains(&key.id) && !dropped.contains(&value.id));
        let Some((key, value)) = next else { return Ok(None) };
        self.value = Some(value);
        let name = Key { text: key.text().unwrap_or_default(), span: key.span };
        seed.deserialize(name).map(Some).map_err(|error| error.at(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let value = self.value.take().ok_or_else(|| de::Error::custom("a value was asked for before its key"))?;
        seed.deserialize(self.view.of(value)).map_err(|error| error.at(value))
    }
}

/// One of the words of an enumeration.
struct Word<'n>(&'n str);

impl<'de> EnumAccess<'de> for Word<'_> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let name: de::value::StrDeserializer<'_, Error> = de::IntoDeserializer::into_deserializer(self.0);
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Word<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Error> {
        Err(de::Error::custom("a word cannot hold a value"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        Err(de::Error::custom("a word cannot hold a list"))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Error> {
        Err(de::Error::custom("a word cannot hold fields"))
    }
}
