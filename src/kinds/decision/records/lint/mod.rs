//! What is wrong with a collection of records, one rule a file.

mod cycle;
mod dangling;
mod duplicate;
mod numbers;
mod status;
mod supersession;

use std::sync::Arc;

use super::{Collection, Families, Found, Record, Relation};
use crate::diagnostic::Entry;
use crate::kinds::decision::Status;
use crate::model::Date;

/// Something that is wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub entry: &'static Entry,
    /// In which file.
    pub file: Arc<str>,
    /// On which line.
    pub line: u32,
    /// What is wrong, and how to mend it.
    pub message: String,
}

/// What rules look at.
struct Look<'a> {
    collection: &'a Collection,
    families: Families<'a>,
    /// The files of folders that were read as a whole, so that what is not among them is not there.
    files: &'a [Arc<str>],
    today: Date,
}

/// Everything that is wrong. `files` are all files of the folders that were read as a whole.
pub fn lint(collection: &Collection, files: &[Arc<str>], today: Date) -> Vec<Finding> {
    let look = Look { collection, families: Families::of(collection), files, today };
    let rules: [fn(&Look<'_>, &mut Vec<Finding>); 6] =
        [cycle::look, dangling::look, duplicate::look, numbers::look, status::look, supersession::look];
    let mut findings = Vec::new();
    rules.iter().for_each(|rule| rule(&look, &mut findings));
    let key = |finding: &Finding| (finding.file.clone(), finding.line, finding.entry.code, finding.message.clone());
    findings.sort_by_key(key);
    findings.dedup();
    findings
}

/// One record says of another that it takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Succession {
    /// The one that takes the place.
    newer: usize,
    /// The one whose place is taken.
    older: usize,
    /// Where the newer one says so.
    said_by_newer: Option<u32>,
    /// Where the older one says so.
    said_by_older: Option<u32>,
}

impl<'a> Look<'a> {
    fn record(&self, index: usize) -> Option<&'a Record> {
        self.collection.records.get(index)
    }

    fn all(&self) -> impl Iterator<Item = (usize, &'a Record)> {
        self.collection.records.iter().enumerate()
    }

    /// The places in the collection that a record's claims of a kind lead to, each with its line.
    fn claimed(&self, record: &Record, relations: &[Relation]) -> Vec<(usize, u32)> {
        let claims = record.claims.iter().filter(|claim| relations.contains(&claim.relation));
        let found = claims.filter_map(|claim| match self.families.find(record, &claim.to) {
            Found::Record(index) => Some((index, claim.line)),
            _ => None,
        });
        found.collect()
    }

    /// Who takes whose place as a whole, whoever says so.
    fn successions(&self) -> Vec<Succession> {
        let mut all: Vec<Succession> = Vec::new();
        for (index, record) in self.all() {
            let newer = self.claimed(record, &[Relation::Supersedes]).into_iter();
            let newer = newer.map(|(older, line)| Succession {
                newer: index,
                older,
                said_by_newer: Some(line),
                said_by_older: None,
            });
            let older = self.claimed(record, &[Relation::SupersededBy]).into_iter();
            let older = older.map(|(newer, line)| Succession {
                newer,
                older: index,
                said_by_newer: None,
                said_by_older: Some(line),
            });
            for one in newer.chain(older).filter(|one| one.newer != one.older) {
                match all.iter_mut().find(|other| (other.newer, other.older) == (one.newer, one.older)) {
                    Some(other) => {
                        other.said_by_newer = other.said_by_newer.or(one.said_by_newer);
                        other.said_by_older = other.said_by_older.or(one.said_by_older);
                    }
                    None => all.push(one),
                }
            }
        }
        all
    }
}

/// Whether a record is not in force yet.
const fn is_only_proposed(record: &Record) -> bool {
    matches!(record.status.status, Some(Status::Draft | Status::Proposed))
}

fn finding(entry: &'static Entry, record: &Record, line: u32, message: String) -> Finding {
    Finding { entry, file: record.file.clone(), line, message }
}

/// The line of a record's status, or of the record.
fn status_line(record: &Record) -> u32 {
    record.status.written.as_ref().map_or(record.line, |(_, line)| *line)
}

#[cfg(test)]
mod testing;
