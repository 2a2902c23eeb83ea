//! What a task waits for.

use rusqlite::types::ValueRef;
use serde_json::Value;

use super::join;
use super::layout::{Layout, quoted};
use super::row::text_of;
use crate::config::Source;
use crate::model::TaskId;

/// SQL for the value that holds the keys, and how they are read from it.
pub(super) fn selected(layout: &Layout<'_>) -> Option<(String, Needs)> {
    let column = |column: &str| format!("t.{}", quoted(column));
    Some(match layout.mapping.needs.as_ref()? {
        Source::Column(it) | Source::Lookup { column: it, .. } => (column(it), Needs::Text),
        Source::Json { column: it, pointer, .. } => (column(it), Needs::Json(pointer.clone())),
        Source::Rows(rows) => (join::unsorted(rows, &layout.id()), Needs::Json(String::new())),
    })
}

/// How keys are read from a value.
pub(super) enum Needs {
    /// It is one, or several with commas between.
    Text,
    /// It is JSON, with a list of them or one at this place.
    Json(String),
}

impl Needs {
    /// The keys in a value, each once and in order.
    pub(super) fn read(&self, value: ValueRef<'_>) -> Vec<TaskId> {
        let Some(text) = text_of(value) else { return Vec::new() };
        let mut ids: Vec<TaskId> = match self {
            Self::Text => text.split(',').filter_map(id).collect(),
            Self::Json(pointer) => {
                let value = serde_json::from_str::<Value>(&text).ok();
                match value.as_ref().and_then(|value| value.pointer(pointer)) {
                    Some(Value::Array(list)) => list.iter().flat_map(keys).collect(),
                    Some(one) => keys(one),
                    None => Vec::new(),
                }
            }
        };
        ids.sort();
        ids.dedup();
        ids
    }
}

fn id(text: &str) -> Option<TaskId> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(TaskId::from)
}

/// A text may hold several, with commas between.
fn keys(value: &Value) -> Vec<TaskId> {
    match value {
        Value::String(text) => text.split(',').filter_map(id).collect(),
        Value::Number(number) => id(&number.to_string()).into_iter().collect(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Vec::new(),
    }
}
