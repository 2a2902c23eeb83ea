//! Labels from columns, from places in JSON, and from rows of other tables.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use rusqlite::Row;
use rusqlite::types::ValueRef;
use rustc_hash::FxHashMap;
use serde_json::Value;

use super::intern::Interner;
use super::layout::{Layout, quoted};
use super::row::text_of;
use super::{fault::Done, join, lookup};
use crate::config::{ANY_LABEL, Source};

type LabelMap = BTreeMap<Arc<str>, Arc<str>>;

/// Reads the labels of rows. JSON is parsed only where a label needs it, and the same JSON only once.
#[derive(Clone)]
pub(super) struct Labels {
    /// Labels that have a name in the mapping come first, and nothing takes their place.
    columns: Vec<(Arc<str>, usize)>,
    documents: Vec<Document>,
    /// Columns whose text is tags.
    tags: Vec<(usize, Tags)>,
}

/// How a text holds tags.
#[derive(Clone, Copy)]
enum Tags {
    /// One.
    One,
    /// With commas between.
    List,
}

/// A JSON text with the labels that it holds.
#[derive(Clone)]
struct Document {
    at: usize,
    readings: Vec<(Arc<str>, Reading)>,
    /// What earlier rows' texts came to: contexts repeat.
    known: FxHashMap<Box<[u8]>, Vec<Found>>,
}

/// Where in a JSON text a label is.
#[derive(Clone)]
enum Reading {
    /// At this place.
    Pointer(String),
    /// In a list of names and values.
    Pairs,
}

/// A label that was found.
#[derive(Clone)]
struct Found {
    name: Arc<str>,
    value: Arc<str>,
    /// The tag that it was read from, which is a label of its own where another has the name.
    tag: Option<Arc<str>>,
}

/// So many different texts of one column are remembered, and none longer than this.
const MOST_KNOWN: usize = 4096;
const LONGEST_KNOWN: usize = 512;

impl Labels {
    /// `place` takes SQL for a value of the row, and says at which place of it the value will be.
    pub(super) fn new(layout: &Layout<'_>, mut place: impl FnMut(String) -> usize) -> Self {
        let mut labels = Self { columns: Vec::new(), documents: Vec::new(), tags: Vec::new() };
        // `*` sorts before every name, and is read last.
        let (any, named): (Vec<_>, Vec<_>) = layout.mapping.labels.iter().partition(|(name, _)| &***name == ANY_LABEL);
        for (name, source) in named.into_iter().chain(any) {
            let is_any = &**name == ANY_LABEL;
            let column = |column: &str| format!("t.{}", quoted(column));
            match source {
                Source::Column(it) if is_any => labels.tags.push((place(column(it)), Tags::List)),
                Source::Column(it) => labels.columns.push((name.clone(), place(column(it)))),
                Source::Lookup { column: it, lookup } => {
                    let at = place(lookup::word(lookup, &column(it)));
                    match is_any {
                        true => labels.tags.push((at, Tags::One)),
                        false => labels.columns.push((name.clone(), at)),
                    }
                }
                Source::Json { column: it, pointer, .. } => {
                    labels.add_document(place(column(it)), name, Reading::Pointer(pointer.clone()));
                }
                Source::Rows(rows) => {
                    let at = place(join::values(rows, &layout.id()));
                    let first = if is_any { String::new() } else { "/0".to_owned() };
                    let reading = if rows.name.is_some() { Reading::Pairs } else { Reading::Pointer(first) };
                    labels.add_document(at, name, reading);
                }
            }
        }
        labels
    }

    fn add_document(&mut self, at: usize, name: &Arc<str>, reading: Reading) {
        let reading = (name.clone(), reading);
        match self.documents.iter_mut().find(|document| document.at == at) {
            Some(document) => document.readings.push(reading),
            None => self.documents.push(Document { at, readings: vec![reading], known: FxHashMap::default() }),
        }
    }

    pub(super) fn read(&mut self, row: &Row<'_>, strings: &mut Interner) -> Done<LabelMap> {
        let mut labels = LabelMap::new();
        for (name, at) in &self.columns {
            if let Some(text) = text_of(row.get_ref(*at)?) {
                labels.insert(name.clone(), strings.share(&text));
            }
        }
        for document in &mut self.documents {
            if let ValueRef::Text(text) = row.get_ref(document.at)? {
                document.read(text, strings, &mut labels);
            }
        }
        for (at, tags) in &self.tags {
            let Some(text) = text_of(row.get_ref(*at)?) else { continue };
            match tags {
                Tags::One => tag(&text, strings).into_iter().for_each(|found| add(&mut labels, found)),
                Tags::List => text.split(',').filter_map(|it| tag(it, strings)).for_each(|it| add(&mut labels, it)),
            }
        }
        Ok(labels)
    }
}

/// Adds a label whose name nothing has. A tag whose name is taken is a label as it stands.
fn add(labels: &mut LabelMap, found: Found) {
    let Found { name, value, tag } = found;
    match labels.entry(name) {
        Entry::Vacant(free) => drop(free.insert(value)),
        Entry::Occupied(taken) if *taken.get() == value => {}
        Entry::Occupied(_) => {
            if let Some(tag) = tag {
                labels.entry(tag).or_insert_with(|| TRUE.into());
            }
        }
    }
}

/// The value of a tag that has none.
const TRUE: &str = "true";

/// A tag as a label: `area:db` and `area=db` have a value, and what is only a word is true.
fn tag(text: &str, strings: &mut Interner) -> Option<Found> {
    let text = text.trim();
    let parts = text.split_once([':', '=']).map(|(name, value)| (name.trim(), value.trim()));
    // An address is no name with a value.
    let parts = parts.filter(|(name, value)| !name.is_empty() && !value.is_empty() && !value.starts_with("//"));
    let (name, value) = parts.unwrap_or((text, TRUE));
    let found = || Found { name: strings.share(name), value: strings.share(value), tag: Some(strings.share(text)) };
    (!text.is_empty()).then(found)
}

impl Document {
    fn read(&mut self, text: &[u8], strings: &mut Interner, labels: &mut LabelMap) {
        if let Some(found) = self.known.get(text) {
            found.iter().cloned().for_each(|found| add(labels, found));
            return;
        }
        let found = self.parse(text, strings);
        if self.known.len() < MOST_KNOWN && text.len() <= LONGEST_KNOWN {
            self.known.insert(text.into(), found.clone());
        }
        found.into_iter().for_each(|found| add(labels, found));
    }

    /// What is no JSON has no labels; `abide doctor` tells of it.
    fn parse(&self, text: &[u8], strings: &mut Interner) -> Vec<Found> {
        let Ok(value) = serde_json::from_slice::<Value>(text) else { return Vec::new() };
        let mut found = Vec::new();
        for (name, reading) in &self.readings {
            let is_any = &**name == ANY_LABEL;
            match reading {
                Reading::Pointer(pointer) => match value.pointer(pointer) {
                    Some(Value::Object(members)) if is_any => {
                        for (key, value) in members {
                            found.extend(word(value, strings).map(|value| labelled(strings.share(key), value)));
                        }
                    }
                    Some(Value::Array(tags)) if is_any => {
                        found.extend(tags.iter().filter_map(|it| tag(&word(it, strings)?, strings)));
                    }
                    Some(place) => found.extend(word(place, strings).map(|word| labelled(name.clone(), word))),
                    None => {}
                },
                Reading::Pairs => {
                    let pairs = value.as_array().into_iter().flatten();
                    let pairs = pairs
                        .filter_map(|pair| Some(labelled(word(pair.get(0)?, strings)?, word(pair.get(1)?, strings)?)));
                    found.extend(pairs.filter(|pair| is_any || pair.name == *name));
                }
            }
        }
        found
    }
}

const fn labelled(name: Arc<str>, value: Arc<str>) -> Found {
    Found { name, value, tag: None }
}

/// A value as a label has it: a text, number or truth, or what an object is called; none for anything else.
fn word(value: &Value, strings: &mut Interner) -> Option<Arc<str>> {
    match value {
        Value::String(text) => Some(strings.share(text)),
        Value::Number(number) => Some(strings.share(&number.to_string())),
        Value::Bool(truth) => Some(strings.share(if *truth { TRUE } else { "false" })),
        Value::Object(object) => object.get("name").and_then(Value::as_str).map(|name| strings.share(name)),
        Value::Null | Value::Array(_) => None,
    }
}
