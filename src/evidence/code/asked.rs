//! A question that was asked before, and what is known for when it is asked again.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::RepositoryAt;
use super::look::{As, Files, Looker};
use super::told::{Fact, Told};
use crate::facts::layers::Modules;
use crate::git::{Changes, Code, CodeFile, FileId, Listing, SourceError};
use crate::model::{CodeMatch, CodeQuestion, CodeSeen, Revision};

/// So many contents are remembered, however few files there are.
const KNOWN_AT_LEAST: usize = 1000;

/// A question that was asked before.
pub(super) struct Asked {
    looker: Result<Looker, String>,
    /// What it was answered for: the repository and its revision.
    of: Option<(Option<RepositoryAt>, Revision)>,
    pub(super) answer: CodeSeen,
    /// Files that were left out because they are no text or too large.
    pub(super) skipped: usize,
    /// Files that were read for it, ever.
    pub(super) reads: usize,
    /// What contents say that are there now.
    known: FxHashMap<(FileId, As), Fact>,
    /// The files that say something.
    telling: BTreeMap<Arc<str>, Told>,
    /// The Go modules that there are, where imports are asked for.
    modules: Modules,
    /// So many matches are kept.
    most: usize,
}

impl Asked {
    pub(super) fn new(question: &CodeQuestion, most: usize) -> Self {
        Self {
            most,
            looker: Looker::new(&question.look),
            of: None,
            answer: CodeSeen::default(),
            skipped: 0,
            reads: 0,
            known: FxHashMap::default(),
            telling: BTreeMap::new(),
            modules: Modules::default(),
        }
    }

    /// How many contents it knows.
    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        self.known.len()
    }

    /// Whether it was never answered.
    pub(super) const fn is_new(&self) -> bool {
        self.of.is_none()
    }

    /// The files that it looks into, where it does.
    pub(super) fn files(&self) -> Option<&Files> {
        match &self.looker {
            Ok(Looker::Files(files)) => Some(files),
            Ok(Looker::Path(_)) | Err(_) => None,
        }
    }

    /// What a content says that was read for it and for others.
    pub(super) fn learn(&mut self, id: FileId, how: As, fact: Fact) {
        self.reads += 1;
        self.known.insert((id, how), fact);
    }

    /// Brings the answer up to date.
    pub(super) fn look(
        &mut self,
        code: &mut Code,
        listing: &Listing,
        repository: Option<&RepositoryAt>,
    ) -> Result<(), Arc<str>> {
        let of = listing.revision.clone().map(|revision| (repository.cloned(), revision));
        if of.is_some() && of == self.of {
            return Ok(());
        }
        let changes = listing.changes.as_ref().filter(|changes| {
            let before = self.of.as_ref().map(|(at, revision)| (at.as_ref(), revision));
            before == Some((repository, &changes.since))
        });
        let looker = std::mem::replace(&mut self.looker, Err(String::new()));
        let looked = match &looker {
            Err(reason) => Err(reason.as_str().into()),
            Ok(Looker::Path(paths)) if changes.is_some_and(|changes| !any_path(changes, |path| paths.has(path))) => {
                Ok(())
            }
            Ok(Looker::Path(paths)) => {
                self.answer.places = paths.matches(&listing.files);
                self.answer.places.truncate(self.most);
                Ok(())
            }
            Ok(Looker::Files(files)) => {
                let changes = changes.filter(|changes| self.may_follow(files, listing, changes));
                let looked = match changes {
                    Some(changes) => self.follow(files, code, listing, changes),
                    None => self.look_into(files, code, listing),
                };
                looked.map_err(|error| Arc::from(error.to_string()))
            }
        };
        self.looker = looker;
        self.of = if looked.is_ok() { of } else { None };
        looked
    }

    /// Looks at all files. Reads what is not known yet, and forgets what is no longer there.
    fn look_into(&mut self, files: &Files, code: &mut Code, listing: &Listing) -> Result<(), SourceError> {
        let wanted: Vec<(&CodeFile, As)> =
            listing.files.iter().filter_map(|file| Some((file, files.wants(file)?))).collect();
        self.read(files, code, listing, &wanted)?;
        let there: FxHashSet<(FileId, As)> = wanted.iter().map(|(file, how)| (file.id, *how)).collect();
        self.known.retain(|content, _| there.contains(content));
        self.modules = Modules::default();
        for (file, how) in &wanted {
            if let Some(Fact::Module(Some(module))) = self.known.get(&(file.id, *how)) {
                self.modules.add(&file.path, module.clone());
            }
        }
        self.telling.clear();
        wanted.iter().for_each(|(file, how)| self.tell(files, file, *how));
        self.gather(files, listing);
        Ok(())
    }

    /// Whether it is enough to look at what changed.
    fn may_follow(&self, files: &Files, listing: &Listing, changes: &Changes) -> bool {
        // Contents that are no longer there are forgotten when all is looked at: now and then that must be.
        self.known.len() <= 2 * listing.files.len() + KNOWN_AT_LEAST
            && !any_path(changes, |path| files.tells_of_others(path))
    }

    /// Looks at what changed.
    fn follow(
        &mut self,
        files: &Files,
        code: &mut Code,
        listing: &Listing,
        changes: &Changes,
    ) -> Result<(), SourceError> {
        let wanted = changes.written.iter().filter_map(|file| Some((file, files.wants(file)?)));
        let wanted: Vec<(&CodeFile, As)> = wanted.collect();
        self.read(files, code, listing, &wanted)?;
        let written = changes.written.iter().map(|file| &file.path);
        written.chain(&changes.gone).for_each(|path| drop(self.telling.remove(path)));
        wanted.iter().for_each(|(file, how)| self.tell(files, file, *how));
        self.gather(files, listing);
        Ok(())
    }

    /// Keeps what a file says, where it says anything.
    fn tell(&mut self, files: &Files, file: &CodeFile, how: As) {
        let told = self.known.get(&(file.id, how)).map(|fact| files.tell(&file.path, fact, &self.modules));
        if let Some(told) = told.filter(|told| !told.is_nothing()) {
            self.telling.insert(file.path.clone(), told);
        }
    }

    /// Reads those files that are not known yet.
    fn read(
        &mut self,
        files: &Files,
        code: &mut Code,
        listing: &Listing,
        wanted: &[(&CodeFile, As)],
    ) -> Result<(), SourceError> {
        let mut once = FxHashSet::default();
        let is_new =
            |(file, how): &&(&CodeFile, As)| !self.known.contains_key(&(file.id, *how)) && once.insert((file.id, *how));
        let unknown: Vec<(&CodeFile, As)> = wanted.iter().filter(is_new).copied().collect();
        let facts = code.read(listing, &unknown, |file, how, content| files.read(file, how, content))?;
        self.reads += facts.len();
        self.known.extend(unknown.iter().map(|(file, how)| (file.id, *how)).zip(facts));
        Ok(())
    }

    /// The answer, from all files that say something.
    fn gather(&mut self, files: &Files, listing: &Listing) {
        let place = |file: &Arc<str>, line, text: &Arc<str>| CodeMatch { file: file.clone(), line, text: text.clone() };
        let of_file = |(file, told): (&Arc<str>, &Told)| -> Vec<CodeMatch> {
            told.places.iter().map(|found| place(file, found.line, &found.text)).collect()
        };
        let unread = |(file, told): (&Arc<str>, &Told)| {
            told.unread.as_ref().map(|unread| place(file, unread.line, &unread.reason))
        };
        self.answer.places = self.telling.iter().flat_map(of_file).take(self.most).collect();
        self.answer.unread = self.telling.iter().filter_map(unread).take(self.most).collect();
        // Where a file must be, its absence is a place as well.
        if let Some(file) = files.must_have().filter(|file| !has(listing, file)) {
            self.answer.places.push(place(file, None, &"there is no such file".into()));
        }
        self.skipped = self.telling.values().filter(|told| told.skipped).count();
    }
}

fn any_path(changes: &Changes, mut is: impl FnMut(&str) -> bool) -> bool {
    changes.written.iter().map(|file| &file.path).chain(&changes.gone).any(|path| is(path))
}

fn has(listing: &Listing, path: &str) -> bool {
    listing.files.binary_search_by(|file| (*file.path).cmp(path)).is_ok()
}
