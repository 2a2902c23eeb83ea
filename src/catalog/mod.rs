//! A tree of files to all specs of one commit: parse what changed, resolve references, collect questions, judge.

mod branches;
mod file;
mod judge;
mod keys;
mod lint;
mod load;
mod moves;
mod resolve;
mod source;
#[cfg(test)]
mod tests;

pub use branches::branch_claims;
pub use judge::{Asking, judge};
pub use keys::{Keys, Which};
pub use lint::lint;
pub use load::load;
pub use moves::{follow_renames, moves};
pub use source::{Blob, Change, Content, SourceFile, SourceTree};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::Span;
use crate::kinds::{Identity, Specs};
use crate::model::{Revision, SpecId, Timestamp};
use file::FileRead;

/// All specs of one revision: as they are, or in their last readable version.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// Which revision.
    pub revision: Revision,
    /// The specs that rules look at.
    pub specs: Arc<Specs>,
    /// What could not be read as it is.
    pub unread: Vec<UnreadSpec>,
    /// The specs that git renamed since the catalog before: the old name by the new one.
    pub renamed: BTreeMap<SpecId, SpecId>,
    files: BTreeMap<Arc<str>, Arc<FileRead>>,
}

/// A document that could not be read as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadSpec {
    /// What it claims to be, where that could be read.
    pub spec: Option<SpecId>,
    /// Its file.
    pub file: Arc<str>,
    /// The line of the first error.
    pub line: u32,
    /// The first error.
    pub message: String,
    /// Since when it has been so, as far as this process knows.
    pub since: Timestamp,
    /// Whether an earlier version is in force.
    pub kept: bool,
}

/// What makes a whole tree doubtful, so that nothing moves until a person has looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// There were specs before, and now there is none.
    Empty,
    /// More than a fifth of the specs are gone at once: so many of so many.
    Shrunk(usize, usize),
}

impl Catalog {
    /// The catalog of nothing, from which every load may begin.
    pub fn empty() -> Self {
        Self {
            revision: Revision::new(""),
            specs: Arc::default(),
            unread: Vec::new(),
            renamed: BTreeMap::new(),
            files: BTreeMap::new(),
        }
    }

    /// How many specs the tree has: readable, kept in an earlier version, or known only by name.
    pub fn len(&self) -> usize {
        self.specs.len() + self.specs.unread().ids.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many files were read.
    pub fn file_count(&self) -> usize {
        self.files.len()
    }

    /// How many documents the files have that are wanted.
    pub fn documents_in(&self, wanted: &dyn Fn(&str) -> bool) -> usize {
        self.files.iter().filter(|(path, _)| wanted(path)).map(|(_, file)| file.documents.len()).sum()
    }

    /// The text of a file, for showing lines of it.
    pub fn text(&self, file: &str) -> Option<&Arc<str>> {
        self.files.get(file)?.text.as_ref()
    }

    /// The files of which some document is in force in no version at all: an earlier version of theirs may help.
    pub fn wanting(&self) -> BTreeSet<Arc<str>> {
        self.unread.iter().filter(|unread| !unread.kept).map(|unread| unread.file.clone()).collect()
    }

    /// Whether so many specs are missing, compared with a catalog before, that a person should look first.
    pub fn doubt(&self, before: &Self) -> Option<Doubt> {
        let there = |id: &SpecId| self.specs.is_declared(id) || self.renamed.values().any(|old| old == id);
        let gone = before.specs.iter().filter(|spec| !there(&spec.id)).count();
        self.doubt_of(gone, before.len())
    }

    /// The same where only the number of specs before is known.
    pub fn doubt_of_count(&self, before: usize) -> Option<Doubt> {
        self.doubt_of(before.saturating_sub(self.len()), before)
    }

    fn doubt_of(&self, gone: usize, before: usize) -> Option<Doubt> {
        if before > 0 && self.is_empty() {
            return Some(Doubt::Empty);
        }
        (gone * 5 > before).then_some(Doubt::Shrunk(gone, before))
    }

    /// Every document's identity and place, for whoever needs all heads.
    fn heads(files: &BTreeMap<Arc<str>, Arc<FileRead>>) -> resolve::Heads<'_> {
        let mut heads = resolve::Heads::default();
        for (path, file) in files {
            for document in &file.documents {
                if let Identity::Spec(id, span) = &document.identity {
                    heads.entry(id).or_default().push(Head { path, span: *span });
                }
            }
        }
        heads
    }
}

/// Where a spec's name stands.
#[derive(Debug, Clone, Copy)]
struct Head<'a> {
    path: &'a Arc<str>,
    span: Span,
}

impl std::fmt::Display for Doubt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("the tree has no specs at all, and had some before"),
            Self::Shrunk(gone, before) => write!(f, "{gone} of {before} specs are gone at once, more than a fifth"),
        }
    }
}
