//! Putting the labels of a new task where the mapping would read them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::fault::Done;
use super::join;
use super::live::Row;
use super::lookup::refused;
use crate::config::{ANY_LABEL, Source};
use crate::diagnostic::nearest;

/// Puts each label where the mapping would read it.
///
/// # Errors
/// `StoreError::Refused` where the mapping says of none of its places that the label is there.
pub(super) fn set(row: &mut Row<'_>, labels: &BTreeMap<String, String>) -> Done<()> {
    let layout = row.layout;
    let mapped = &layout.mapping.labels;
    let mut documents: BTreeMap<&str, Value> = BTreeMap::new();
    let mut tags: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, value) in labels {
        let named = mapped.get(name.as_str()).map(|source| (source, false));
        let Some((source, is_any)) = named.or_else(|| mapped.get(ANY_LABEL).map(|source| (source, true))) else {
            let near = nearest(name, mapped.keys().map(|label| &**label));
            let hint = near.map_or_else(
                || "map it under [tasks.labels] in abide.toml".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(refused(layout, format!("no label `{name}` is mapped; {hint}")).into());
        };
        match source {
            Source::Column(column) if is_any => tags.entry(column).or_default().push(join::tag(name, value)),
            Source::Column(column) => drop(row.values.insert(column.clone(), value.clone().into())),
            Source::Json { column, pointer, is_list } => {
                let (tag, text) = (join::tag(name, value), Value::String(value.clone()));
                let parts = pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
                let document = documents.entry(column).or_insert_with(|| json!({}));
                match (is_any, is_list) {
                    (true, true) => push(place(document, parts), Value::String(tag)),
                    (true, false) => *place(document, parts.chain([name.clone()])) = text,
                    (false, true) => push(place(document, parts), text),
                    (false, false) => *place(document, parts) = text,
                }
            }
            Source::Rows(rows) => row.labels.push((rows, name.clone(), value.clone())),
            Source::Lookup { column, lookup } => {
                let word = if is_any { join::tag(name, value) } else { value.clone() };
                row.referred.push((column, lookup, word));
            }
        }
    }
    let documents = documents.into_iter().map(|(column, json)| (column.to_owned(), json.to_string().into()));
    row.values.extend(documents);
    row.values.extend(tags.into_iter().map(|(column, tags)| (column.to_owned(), tags.join(",").into())));
    Ok(())
}

/// A place in a document, made with what lies on the way to it.
fn place(document: &mut Value, path: impl Iterator<Item = String>) -> &mut Value {
    let mut place = document;
    for part in path {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = &mut place[part];
    }
    place
}

/// Adds to a list, which is made where there is none.
fn push(place: &mut Value, tag: Value) {
    match place {
        Value::Array(list) => list.push(tag),
        other => *other = Value::Array(vec![tag]),
    }
}
