//! JSON to a tree. The parser tells no places, but hands over parts of the text as they stand in it.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Tree, Value};
use crate::facts::{Lines, Unread};

/// Levels of nesting; the parser itself allows a few more.
const DEPTH: usize = 100;

pub(super) fn read(text: &str) -> Result<Tree, Unread> {
    let wrong = |error: serde_json::Error| Unread {
        line: Some(error.line().max(1) as u32),
        reason: format!("this is no JSON: {}", without_place(&error)).into(),
    };
    let root: &RawValue = serde_json::from_str(text).map_err(wrong)?;
    Reader { text, lines: Lines::of(text) }.node(root, 0)
}

struct Reader<'t> {
    text: &'t str,
    lines: Lines,
}

impl Reader<'_> {
    fn node(&self, raw: &RawValue, depth: usize) -> Result<Tree, Unread> {
        let part = raw.get();
        // A part of the text stands where its first byte stands.
        let line = self.lines.at((part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize));
        let wrong = |error: serde_json::Error| Unread::at(line, without_place(&error));
        if depth > DEPTH {
            return Err(Unread::at(line, "this is no JSON that can be read: it is nested too deep"));
        }
        let value = match part.as_bytes().first() {
            Some(b'{') => {
                let entries: Entries<'_> = serde_json::from_str(part).map_err(wrong)?;
                let node = |(key, value): (String, &RawValue)| Ok((key, self.node(value, depth + 1)?));
                Value::Map(entries.0.into_iter().map(node).collect::<Result<_, Unread>>()?)
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(part).map_err(wrong)?;
                Value::List(items.into_iter().map(|item| self.node(item, depth + 1)).collect::<Result<_, _>>()?)
            }
            _ => Value::Scalar(serde_json::from_str(part).map_err(wrong)?),
        };
        Ok(Tree { line, value })
    }
}

/// What the parser says, without the place: that is told apart.
fn without_place(error: &serde_json::Error) -> String {
    let said = error.to_string();
    said.rsplit_once(" at line ").map_or_else(|| said.clone(), |(said, _)| said.to_owned())
}

/// The entries of a mapping, each once for each time that it is there.
struct Entries<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a mapping")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}
