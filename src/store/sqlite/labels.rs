//! Labels from columns and from places in JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Row;
use rusqlite::types::ValueRef;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

use super::fault::Done;
use super::intern::Interner;
use super::row::text_of;
use crate::config::{ANY_LABEL, LabelSource, Mapping};
use crate::diagnostic::nearest;
use crate::store::StoreError;

type LabelMap = BTreeMap<Arc<str>, Arc<str>>;
type Found = Vec<(Arc<str>, Arc<str>)>;

/// Reads the labels of rows. JSON is parsed only where a label needs it, and the same JSON only once.
pub(super) struct Labels {
    columns: Vec<(Arc<str>, usize)>,
    documents: Vec<Document>,
}

/// A JSON column with the labels that it holds.
struct Document {
    at: usize,
    pointers: Vec<(Arc<str>, String)>,
    /// What earlier rows' texts came to: contexts repeat.
    known: FxHashMap<Box<[u8]>, Found>,
}

/// So many different texts of one column are remembered, and none longer than this.
const MOST_KNOWN: usize = 4096;
const LONGEST_KNOWN: usize = 512;

impl Labels {
    pub(super) fn new<'a>(mapping: &'a Mapping, mut place: impl FnMut(&'a str) -> usize) -> Self {
        let mut columns = Vec::new();
        let mut documents: Vec<Document> = Vec::new();
        for (name, source) in &mapping.labels {
            let at = place(&source.column);
            let Some(pointer) = source.pointer.clone() else {
                columns.push((name.clone(), at));
                continue;
            };
            match documents.iter_mut().find(|document| document.at == at) {
                Some(document) => document.pointers.push((name.clone(), pointer)),
                None => {
                    let pointers = vec![(name.clone(), pointer)];
                    documents.push(Document { at, pointers, known: FxHashMap::default() });
                }
            }
        }
        Self { columns, documents }
    }

    pub(super) fn read(&mut self, row: &Row<'_>, strings: &mut Interner) -> Done<LabelMap> {
        let mut labels = LabelMap::new();
        for document in &mut self.documents {
            if let ValueRef::Text(text) = row.get_ref(document.at)? {
                document.read(text, strings, &mut labels);
            }
        }
        for (name, at) in &self.columns {
            if let Some(text) = text_of(row.get_ref(*at)?) {
                labels.insert(name.clone(), strings.share(&text));
            }
        }
        Ok(labels)
    }
}

impl Document {
    fn read(&mut self, text: &[u8], strings: &mut Interner, labels: &mut LabelMap) {
        if let Some(found) = self.known.get(text) {
            labels.extend(found.iter().cloned());
            return;
        }
        let found = self.parse(text, strings);
        if self.known.len() < MOST_KNOWN && text.len() <= LONGEST_KNOWN {
            self.known.insert(text.into(), found.clone());
        }
        labels.extend(found);
    }

    /// What is no JSON has no labels; `abide doctor` tells of it.
    fn parse(&self, text: &[u8], strings: &mut Interner) -> Found {
        let Ok(value) = serde_json::from_slice::<Value>(text) else { return Vec::new() };
        let mut found = Vec::new();
        for (name, pointer) in &self.pointers {
            let Some(place) = value.pointer(pointer) else { continue };
            if &**name == ANY_LABEL {
                let members = place.as_object().into_iter().flatten();
                found.extend(members.filter_map(|(key, value)| Some((strings.share(key), word(value, strings)?))));
            } else if let Some(word) = word(place, strings) {
                found.push((name.clone(), word));
            }
        }
        found
    }
}

/// A value as a label has it: a text, number or truth; none for anything else.
fn word(value: &Value, strings: &mut Interner) -> Option<Arc<str>> {
    match value {
        Value::String(text) => Some(strings.share(text)),
        Value::Number(number) => Some(strings.share(&number.to_string())),
        Value::Bool(truth) => Some(strings.share(if *truth { "true" } else { "false" })),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Puts each label where the mapping would read it.
pub(super) fn write(row: &mut super::live::Row<'_>, wanted: &BTreeMap<String, String>) -> Done<()> {
    let labels = &row.layout.mapping.labels;
    let mut documents: BTreeMap<&str, Value> = BTreeMap::new();
    let mut plain = Vec::new();
    for (name, value) in wanted {
        let named = labels.get(name.as_str()).map(|source| (source, None));
        let source = named.or_else(|| labels.get(ANY_LABEL).map(|source| (source, Some(name))));
        let Some((LabelSource { column, pointer }, member)) = source else {
            let near = nearest(name, labels.keys().map(|label| &**label));
            let hint = super::command::hint(near, "map it under [tasks.labels] in abide.toml");
            let reason = format!("no label `{name}` is mapped; {hint}");
            return Err(StoreError::Refused { table: row.layout.mapping.table.clone(), reason }.into());
        };
        match pointer {
            None => plain.push((column.clone(), value.clone())),
            Some(pointer) => {
                let document = documents.entry(column).or_insert_with(|| json!({}));
                let parts = pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
                put(document, parts.chain(member.cloned()), value);
            }
        }
    }
    let documents: Vec<_> = documents.into_iter().map(|(column, json)| (column.to_owned(), json.to_string())).collect();
    row.values.extend(plain.into_iter().chain(documents).map(|(column, text)| (column, text.into())));
    Ok(())
}

/// Writes a text at a place in a document, making what lies on the way.
fn put(document: &mut Value, path: impl Iterator<Item = String>, value: &str) {
    let mut place = document;
    for part in path {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = &mut place[part];
    }
    *place = Value::String(value.to_owned());
}
