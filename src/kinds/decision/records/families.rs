//! Which record a reference means.

use std::collections::{BTreeMap, BTreeSet};
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
                Some((_, Some(records))) => return self.within(from, records, to),
                // A page that is no decision is not judged as one.
                Some((file, None)) if self.collection.passed_over.contains(file) => return Found::Elsewhere,
                // Another folder may count otherwise.
                Some((file, None)) if folder_of(file) != folder_of(&from.file) => return Found::Elsewhere,
                None => return Found::Elsewhere,
                Some((file, None)) => return self.renamed(from, to, file),
            }
        }
        to.number.map_or(Found::Elsewhere, |number| self.by_number(from, to, number))
    }

    /// The record of its number that a path without a file means, where it is called alike: a number alone may be another's
    /// by now.
    fn renamed(&self, from: &Record, to: &Reference, file: &str) -> Found {
        let found = to.number.map_or(Found::Elsewhere, |number| self.by_number(from, to, number));
        match found {
            Found::Record(index) => {
                let other = self.collection.records.get(index);
                let alike = |other: &Record| is_alike(file, &other.file) || is_alike(file, &other.title);
                if other.is_some_and(alike) { found } else { Found::Missing }
            }
            found => found,
        }
    }

    fn within(&self, from: &Record, records: &[usize], to: &Reference) -> Found {
        let number = |index: &&usize| self.collection.records.get(**index).and_then(|record| record.number);
        match records {
            [one] => Found::Record(*one),
            many => {
                let fitting = many.iter().filter(|index| to.number.is_some() && number(index) == to.number);
                self.another(from, &fitting.copied().collect::<Vec<_>>()).unwrap_or(Found::Elsewhere)
            }
        }
    }

    /// The first of some records. Who names its own number where others have it too means one of them, as the second version
    /// of a decision does that keeps the number of the first; which of many, nobody knows.
    fn another(&self, from: &Record, all: &[usize]) -> Option<Found> {
        let is_own = |index: &usize| {
            self.collection
                .records
                .get(*index)
                .is_some_and(|other| (&other.file, other.line) == (&from.file, from.line))
        };
        let others: Vec<usize> = all.iter().filter(|index| !is_own(index)).copied().collect();
        match &*others {
            [one] => Some(Found::Record(*one)),
            [_, _, ..] if others.len() < all.len() => Some(Found::Elsewhere),
            _ => all.first().map(|index| Found::Record(*index)),
        }
    }

    fn by_number(&self, from: &Record, to: &Reference, number: u32) -> Found {
        let record = |index: &usize| self.collection.records.get(*index);
        let near = self.numbered.get(&(folder(from), number)).map(Vec::as_slice).unwrap_or_default();
        let fits = |index: &&usize| record(index).is_some_and(|other| is_one_prefix(&other.prefix, &to.prefix));
        let fitting: Vec<usize> = near.iter().filter(fits).copied().collect();
        let kin = |index: &&usize| record(index).is_some_and(|other| other.prefix == from.prefix);
        let own: Vec<usize> = fitting.iter().filter(kin).copied().collect();
        if let Some(found) = self.another(from, if own.is_empty() { &fitting } else { &own }) {
            return found;
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

/// Whether two names of files or titles share most of their words. A name that is a number alone is like any other.
pub(super) fn is_alike(one: &str, other: &str) -> bool {
    const SMALL: [&str; 16] = [
        "adr", "md", "the", "for", "and", "use", "using", "with", "from", "into", "our", "der", "die", "das", "les",
        "des",
    ];
    let words = |text: &str| -> BTreeSet<String> {
        let name = text.rsplit('/').next().unwrap_or_default().to_lowercase();
        let words = name.split(|c: char| !c.is_alphanumeric());
        let says = |word: &&str| word.chars().any(char::is_alphabetic) && word.len() > 2 && !SMALL.contains(word);
        words.filter(says).map(str::to_owned).collect()
    };
    let (one, other) = (words(one), words(other));
    let stem = |a: &str, b: &str| a == b || (a.len().min(b.len()) > 3 && (a.starts_with(b) || b.starts_with(a)));
    let common = one.iter().filter(|word| other.iter().any(|it| stem(word, it))).count();
    common * 2 >= one.len().min(other.len())
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

#[cfg(test)]
mod tests {
    use super::super::{Relation, Source, read};
    use super::*;

    /// What the claims of supersession lead to: from which line of which file to which.
    fn led(files: &[(&str, &str)]) -> Vec<String> {
        let source =
            |(name, text): &(&'static str, &'static str)| Source { file: Arc::from(*name), text, named: false };
        let files: Vec<(&'static str, &'static str)> = files
            .iter()
            .map(|(name, text)| {
                (&*Box::leak((*name).to_owned().into_boxed_str()), &*Box::leak((*text).to_owned().into_boxed_str()))
            })
            .collect();
        let collection = read(&files.iter().map(source).collect::<Vec<_>>());
        let families = Families::of(&collection);
        let place = |record: &Record| format!("{}:{}", record.file, record.line);
        let claims =
            collection.records.iter().flat_map(|record| record.claims.iter().map(move |claim| (record, claim)));
        let claims = claims
            .filter(|(_, claim)| matches!(claim.relation, Relation::Supersedes | Relation::SupersededBy))
            .map(|(record, claim)| match families.find(record, &claim.to) {
                Found::Record(index) => format!("{} {}", place(record), place(&collection.records[index])),
                other => format!("{} {other:?}", place(record)),
            });
        claims.collect()
    }

    #[test]
    fn a_link_without_a_file_means_the_record_of_its_number_only_where_it_is_called_alike() {
        let older = "# Keep sessions in memory\n\nStatus: superseded by [2](0002-keep-sessions-in-redis.md)\n";
        let renamed = [("0001-a.md", older), ("0002-sessions-in-valkey.md", "# Sessions in Valkey\n")];
        assert_eq!(led(&renamed), ["0001-a.md:1 0002-sessions-in-valkey.md:1"]);
        let titled = [("0001-a.md", older), ("0002-valkey.md", "# Keep sessions in Redis\n")];
        assert_eq!(led(&titled), ["0001-a.md:1 0002-valkey.md:1"]);
        let other = [("0001-a.md", older), ("0002-write-logs-as-json.md", "# Write logs as JSON\n")];
        assert_eq!(led(&other), ["0001-a.md:1 Missing"]);
    }

    #[test]
    fn a_version_that_keeps_its_number_supersedes_the_other_and_never_itself() {
        let two = "# Log\n\n## ADR-1: Y (v1)\nStatus: superseded\nSuperseded by: ADR-1 v2\n\n## ADR-1: Y (v2)\n\
                   Status: accepted\nSupersedes: ADR-1 v1\n\n## ADR-2: Z\nStatus: accepted\n";
        assert_eq!(led(&[("log.md", two)]), ["log.md:3 log.md:7", "log.md:7 log.md:3"]);
        let three = "# Log\n\n## ADR-1: Y (v1)\n\n## ADR-1: Y (v2)\n\n## ADR-1: Y (v3)\nSupersedes: ADR-1 v2\n";
        assert_eq!(led(&[("log.md", three)]), ["log.md:7 Elsewhere"]);
    }
}
