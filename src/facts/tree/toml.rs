//! TOML to a tree.

use ::toml::de::{DeTable, DeValue};
use serde_json::Value as Json;

use super::{Tree, Value};
use crate::facts::{Lines, Unread, first_line};

pub(super) fn read(text: &str) -> Result<Tree, Unread> {
    let lines = Lines::of(text);
    match DeTable::parse(text) {
        Ok(root) => Ok(Tree { line: 1, value: map(root.get_ref(), &lines) }),
        Err(error) => {
            let line = error.span().map(|span| lines.at(span.start));
            Err(Unread { line, reason: format!("this is no TOML: {}", first_line(error.message())).into() })
        }
    }
}

fn map(table: &DeTable<'_>, lines: &Lines) -> Value {
    let entry = |(key, value): (&::toml::Spanned<_>, &::toml::Spanned<DeValue<'_>>)| {
        let key: &::toml::Spanned<std::borrow::Cow<'_, str>> = key;
        (key.get_ref().clone().into_owned(), node(value.get_ref(), lines.at(key.span().start), lines))
    };
    Value::Map(table.iter().map(entry).collect())
}

fn node(value: &DeValue<'_>, line: u32, lines: &Lines) -> Tree {
    let value = match value {
        DeValue::Table(table) => map(table, lines),
        DeValue::Array(items) => {
            Value::List(items.iter().map(|item| node(item.get_ref(), lines.at(item.span().start), lines)).collect())
        }
        DeValue::String(text) => Value::Scalar(Json::String(text.clone().into_owned())),
        DeValue::Boolean(it) => Value::Scalar(Json::Bool(*it)),
        DeValue::Datetime(it) => Value::Scalar(Json::String(it.to_string())),
        DeValue::Integer(it) => Value::Scalar(whole(it.as_str(), it.radix())),
        // What JSON has no number for, like `inf`, is a text.
        DeValue::Float(it) => Value::Scalar(it.as_str().parse().map_or_else(|_| it.as_str().into(), Json::Number)),
    };
    Tree { line, value }
}

fn whole(text: &str, radix: u32) -> Json {
    i64::from_str_radix(text, radix).map_or_else(|_| text.into(), Json::from)
}
