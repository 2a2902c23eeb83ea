//! What is wrong with a collection of records, one rule a file.

mod dangling;
mod heading;
mod shared;
mod status;
mod supersession;

use std::sync::Arc;

use super::{Collection, Families, Record};
use crate::diagnostic::Entry;
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
    let rules: [fn(&Look<'_>, &mut Vec<Finding>); 5] =
        [dangling::look, heading::look, shared::look, status::look, supersession::look];
    let mut findings = Vec::new();
    rules.iter().for_each(|rule| rule(&look, &mut findings));
    let key = |finding: &Finding| (finding.file.clone(), finding.line, finding.entry.code, finding.message.clone());
    findings.sort_by_key(key);
    findings.dedup();
    findings
}

impl<'a> Look<'a> {
    fn record(&self, index: usize) -> Option<&'a Record> {
        self.collection.records.get(index)
    }

    fn all(&self) -> impl Iterator<Item = (usize, &'a Record)> {
        self.collection.records.iter().enumerate()
    }
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
