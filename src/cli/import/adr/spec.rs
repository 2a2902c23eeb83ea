//! A record as a spec. Whatever has no field of its own is kept: as an annotation, or with its heading behind the context.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use crate::kinds::decision::Status;
use crate::kinds::decision::records::{Collection, Families, Found, Record, Relation, Slots};
use crate::model::{Date, Name};
use crate::yaml::{WriteError, to_yaml};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata,
    spec: Spec,
}

#[derive(Serialize)]
struct Metadata {
    name: String,
    title: String,
    annotations: BTreeMap<String, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec {
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
    status: &'static str,
    date: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    supersedes: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    amends: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    context: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    drivers: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<Choice>,
    #[serde(skip_serializing_if = "String::is_empty")]
    decision: String,
    #[serde(skip_serializing_if = "Consequences::is_empty")]
    consequences: Consequences,
}

#[derive(Serialize)]
struct Choice {
    title: String,
}

#[derive(Serialize, Default)]
struct Consequences {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    good: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bad: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    neutral: Vec<String>,
}

impl Consequences {
    const fn is_empty(&self) -> bool {
        self.good.is_empty() && self.bad.is_empty() && self.neutral.is_empty()
    }
}

/// What somebody says of records that do not say it themselves: a Decision needs a status and a date.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Given {
    /// Where in its life a record without a status is.
    pub status: Option<Status>,
    /// When a record without a date was decided.
    pub date: Option<Date>,
}

impl Given {
    /// Status and date of a record; nothing where one of them is known to nobody.
    fn whole(self, record: &Record) -> Option<(Status, Date)> {
        // A status that was written and is none is no missing one.
        let given = self.status.filter(|_| record.status.written.is_none());
        Some((record.status.status.or(given)?, record.date.or(self.date)?))
    }
}

/// The specs of the records that are whole, in their order: which record, name and text.
pub(super) fn specs(
    collection: &Collection,
    origins: &BTreeMap<&Arc<str>, &str>,
    given: Given,
) -> Result<Vec<(usize, String, String)>, WriteError> {
    let names = names(collection);
    let families = Families::of(collection);
    let written: Vec<bool> = collection.records.iter().map(|record| given.whole(record).is_some()).collect();
    let links = Links { collection, families: &families, names: &names, written: &written };
    let mut all = Vec::new();
    for (index, (record, name)) in collection.records.iter().zip(&names).enumerate() {
        let Some(whole) = given.whole(record) else { continue };
        let origin = origins.get(&record.file).copied().unwrap_or(&record.file);
        all.push((index, name.clone(), to_yaml(&document((index, record), name, (origin, whole), &links))?));
    }
    Ok(all)
}

/// A name for each record: that of its file, or of its number and title where it shares one.
fn names(collection: &Collection) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let name = |record: &Record| {
        let file = record.file.rsplit('/').next().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let own =
            if record.number.is_some() { format!("{}-{}", record.id, record.title) } else { record.title.clone() };
        let slug = slug(if record.shares { &own } else { stem }, 58);
        let slug = if slug.is_empty() { "decision".to_owned() } else { slug };
        let mut unique = slug.clone();
        let mut count = 2;
        while !taken.insert(unique.clone()) {
            unique = format!("{slug}-{count}");
            count += 1;
        }
        unique
    };
    collection.records.iter().map(name).collect()
}

/// A text as an RFC 1123 label of at most so many characters.
fn slug(text: &str, most: usize) -> String {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let whole: String = words.join("-").chars().take(most).collect();
    Name::slug(&whole).to_string()
}

/// What is needed to name another record.
struct Links<'a> {
    collection: &'a Collection,
    families: &'a Families<'a>,
    names: &'a [String],
    /// Which of them become specs: only those can be referred to.
    written: &'a [bool],
}

impl Links<'_> {
    fn of(&self, record: &Record, relation: Relation) -> impl Iterator<Item = usize> {
        let claims = record.claims.iter().filter(move |claim| claim.relation == relation);
        claims.filter_map(|claim| match self.families.find(record, &claim.to) {
            Found::Record(index) => Some(index),
            _ => None,
        })
    }

    /// The records that this one says it does that to, or that say it of themselves.
    fn both(&self, index: usize, active: Relation, passive: Relation) -> Vec<String> {
        let record = self.collection.records.get(index);
        let mut all: BTreeSet<usize> = record.into_iter().flat_map(|record| self.of(record, active)).collect();
        for (other, record) in self.collection.records.iter().enumerate() {
            if self.of(record, passive).any(|newer| newer == index) {
                all.insert(other);
            }
        }
        all.remove(&index);
        let written = all.iter().filter(|index| self.written.get(**index).copied().unwrap_or_default());
        written.filter_map(|index| self.names.get(*index).cloned()).collect()
    }
}

fn document(
    (index, record): (usize, &Record),
    name: &str,
    (origin, (status, date)): (&str, (Status, Date)),
    links: &Links<'_>,
) -> Document {
    let slots = Slots::of(&record.preamble, &record.sections);
    let supersedes = links.both(index, Relation::Supersedes, Relation::SupersededBy);
    let mut amends = links.both(index, Relation::Amends, Relation::AmendedBy);
    amends.retain(|name| !supersedes.contains(name));
    let spec = Spec {
        number: record.number,
        status: status.word(),
        date: date.to_string(),
        supersedes,
        amends,
        context: slots.whole_context(),
        drivers: slots.drivers,
        options: slots.options.into_iter().map(|title| Choice { title }).collect(),
        decision: slots.decision,
        consequences: Consequences { good: slots.good, bad: slots.bad, neutral: slots.neutral },
    };
    let metadata =
        Metadata { name: name.to_owned(), title: record.title.clone(), annotations: annotations(record, origin) };
    Document { api_version: "abide.dev/v1", kind: "Decision", metadata, spec }
}

/// What specs have no field for. People are here too: a spec's deciders are roles and agents, and these are names.
fn annotations(record: &Record, origin: &str) -> BTreeMap<String, String> {
    let mut all =
        BTreeMap::from([("adr/file".to_owned(), origin.to_owned()), ("adr/id".to_owned(), record.id.clone())]);
    let mut put = |key: &str, value: String| {
        if !value.is_empty() {
            all.insert(format!("adr/{key}"), value);
        }
    };
    for (key, value) in &record.extra {
        put(&key.replace(' ', "-"), value.clone());
    }
    put("status", record.status.written.as_ref().map(|(text, _)| text.clone()).unwrap_or_default());
    put("until", record.status.until.map(|date| date.to_string()).unwrap_or_default());
    put("deciders", record.people.deciders.join(", "));
    put("consulted", record.people.consulted.join(", "));
    put("informed", record.people.informed.join(", "));
    all
}
