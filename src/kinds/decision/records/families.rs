//! Which record a reference means.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Collection, Record, Reference};

/// What a reference leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A record, by its place in the collection.
    Record(usize),
    /// Nothing, although it would stand among these records.
    Missing,
    /// Something that is not judged here: another folder, another kind of document.
    Elsewhere,
}

/// The records of a collection by folder and number.
#[derive(Debug)]
pub struct Families<'a> {
    collection: &'a Collection,
    numbered: BTreeMap<(&'a str, u32), Vec<usize>>,
    files: BTreeMap<&'a str, Vec<usize>>,
}

/// The folder of a file; of records that share a file, the file.
pub(super) fn folder(record: &Record) -> &str {
    if record.shares { &record.file } else { folder_of(&record.file) }
}

fn folder_of(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

impl<'a> Families<'a> {
    /// Of a collection.
    pub fn of(collection: &'a Collection) -> Self {
        let (mut numbered, mut files) = (BTreeMap::<_, Vec<usize>>::new(), BTreeMap::<_, Vec<usize>>::new());
        for (index, record) in collection.records.iter().enumerate() {
            files.entry(&*record.file).or_default().push(index);
            if let Some(number) = record.number {
                numbered.entry((folder(record), number)).or_default().push(index);
            }
        }
        Self { collection, numbered, files }
    }

    /// What a record's reference leads to.
    pub fn find(&self, from: &Record, to: &Reference) -> Found {
        if let Some(path) = &to.path {
            let file = resolved(&from.file, path);
            match file.as_deref().map(|file| (file, self.files.get(file))) {
                Some((_, Some(records))) => return self.within(records, to),
                // A page that is no decision is not judged as one.
                Some((file, None)) if self.collection.passed_over.contains(file) => return Found::Elsewhere,
                // Another folder may count otherwise.
                Some((file, None)) if folder_of(file) != folder_of(&from.file) => return Found::Elsewhere,
                None => return Found::Elsewhere,
                Some(_) => {}
            }
        }
        to.number.map_or(Found::Elsewhere, |number| self.by_number(from, to, number))
    }

    fn within(&self, records: &[usize], to: &Reference) -> Found {
        let number = |index: &&usize| self.collection.records.get(**index).and_then(|record| record.number);
        match records {
            [one] => Found::Record(*one),
            many => {
                let found = many.iter().find(|index| to.number.is_some() && number(index) == to.number);
                found.map_or(Found::Elsewhere, |index| Found::Record(*index))
            }
        }
    }

    fn by_number(&self, from: &Record, to: &Reference, number: u32) -> Found {
        let record = |index: &usize| self.collection.records.get(*index);
        let near = self.numbered.get(&(folder(from), number)).map(Vec::as_slice).unwrap_or_default();
        let fits = |index: &&usize| record(index).is_some_and(|other| is_one_prefix(&other.prefix, &to.prefix));
        let fitting: Vec<usize> = near.iter().filter(fits).copied().collect();
        let own = fitting.iter().find(|index| record(index).is_some_and(|other| other.prefix == from.prefix));
        if let Some(index) = own.or(fitting.first()) {
            return Found::Record(*index);
        }
        let far = self.numbered.iter().filter(|((_, other), _)| *other == number).flat_map(|(_, all)| all);
        let far: Vec<usize> = far.filter(fits).copied().collect();
        match &*far {
            // A number alone is of the same folder; a prefix that only one folder has names that folder.
            [one]
                if !is_plain(&to.prefix) || record(one).is_some_and(|other| is_within(folder(other), folder(from))) =>
            {
                Found::Record(*one)
            }
            [] if is_one_prefix(&from.prefix, &to.prefix) && from.number.is_some() => Found::Missing,
            _ => Found::Elsewhere,
        }
    }
}

/// Whether a prefix that was written may mean a record's own: a file `0012-x` is called ADR-0012.
fn is_one_prefix(own: &str, written: &str) -> bool {
    own == written || written.is_empty() || (is_plain(own) && is_plain(written))
}

/// Whether one of two folders lies in the other, as an archive does.
fn is_within(one: &str, other: &str) -> bool {
    let lies = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
    lies(one, other) || lies(other, one)
}

fn is_plain(prefix: &str) -> bool {
    matches!(prefix, "" | "ADR" | "MADR" | "DECISION")
}

/// A path as it is seen from a file; nothing where it leaves what was read, or the machine.
pub(super) fn resolved(from: &str, path: &str) -> Option<Arc<str>> {
    let path = path.split(['#', '?']).next().filter(|path| !path.is_empty())?;
    if path.contains("://") || path.starts_with(['/', '@', '{', '<']) || path.starts_with("mailto:") {
        return None;
    }
    let mut parts: Vec<&str> = folder_of(from).split('/').filter(|part| !part.is_empty()).collect();
    let decoded = path.replace("%20", " ").replace("%23", "#");
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_none_or(|last| *last == "..") => return None,
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let root = if from.starts_with('/') { "/" } else { "" };
    Some(format!("{root}{}", parts.join("/")).into())
}
