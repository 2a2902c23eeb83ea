//! Answers questions about code from the trees of repositories. Only files that changed since the last answer are read.

mod ahead;
mod asked;
#[cfg(test)]
mod follow_tests;
mod lines;
mod look;
mod scope;
mod state;
#[cfg(test)]
mod tests;
mod told;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::git::{At, Code, Listing, SourceConfig, SourceError};
use crate::model::{Answer, CodeQuestion, Digest, Duration, NoAnswer, Revision, Timestamp};
use asked::Asked;

/// Matches of one question that are kept; more would tell nobody more.
pub const MOST_MATCHES: usize = 1000;

/// A remote repository is fetched at most so often.
const FETCH_EVERY: Duration = Duration::from_secs(30);

/// What a `Repository` spec says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RepositoryAt {
    /// A URL, or a path relative to the folder of `abide.toml`.
    pub url: Arc<str>,
    /// A branch, tag or commit; the repository's HEAD unless given.
    pub reference: Option<Arc<str>>,
}

/// Which state of the spec repository's own code is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpecsAt {
    /// The whole tree of the commit that the specs were read from.
    Commit(Revision),
    /// The files as they lie on the disk, with the specs; also where the specs are in no repository.
    Working,
}

/// Answers questions about code. Calls block; keep them off async threads.
pub struct CodeSource {
    config: SourceConfig,
    mirrors: PathBuf,
    specs_at: SpecsAt,
    specs: Code,
    /// The files that lie beside the specs, as of one moment: all questions of a pass are answered from one listing.
    beside: Option<(Timestamp, Arc<Listing>)>,
    others: BTreeMap<Arc<str>, Opened>,
    asked: FxHashMap<CodeQuestion, Asked>,
    /// So many matches of one question are kept.
    most: usize,
}

/// A repository that was asked before.
struct Opened {
    code: Code,
    /// When it was fetched last, or when that failed and why.
    fetched: Option<(Timestamp, Result<(), Arc<str>>)>,
}

impl CodeSource {
    /// A source for the code beside the specs of that configuration and for other repositories, which are mirrored in
    /// folders below `mirrors` where they are remote.
    pub fn new(config: SourceConfig, mirrors: PathBuf, specs_at: SpecsAt) -> Self {
        let specs = Code::of_specs(&config);
        let (others, asked) = (BTreeMap::new(), FxHashMap::default());
        Self { config, mirrors, specs_at, specs, beside: None, others, asked, most: MOST_MATCHES }
    }

    /// The same with every match kept, for somebody who wants to see all of them and asks once.
    #[must_use]
    pub const fn telling_all(mut self) -> Self {
        self.most = usize::MAX;
        self
    }

    /// Looks at another state of the spec repository from now on. Gives the one before.
    pub const fn specs_are_at(&mut self, at: SpecsAt) -> SpecsAt {
        std::mem::replace(&mut self.specs_at, at)
    }

    /// Answers a question about the repository that its name stands for; that must be given where the question has one.
    ///
    /// # Errors
    /// Why there is no answer: the repository is unknown or out of reach, or the expression or a glob is none.
    pub fn answer(
        &mut self,
        question: &CodeQuestion,
        repository: Option<&RepositoryAt>,
        now: Timestamp,
    ) -> Result<Answer, NoAnswer> {
        let none = |reason: Arc<str>| NoAnswer { reason, since: now };
        if let (Some(name), None) = (&question.repository, repository) {
            return Err(none(format!("no Repository is called `{name}`").into()));
        }
        let listing = self.listing(repository, now).map_err(none)?;
        let asked = self.asked.entry(question.clone()).or_insert_with(|| Asked::new(question, self.most));
        let code = match repository {
            None => &mut self.specs,
            Some(at) => match self.others.get_mut(&at.url) {
                Some(opened) => &mut opened.code,
                None => return Err(none("the repository is not open".into())),
            },
        };
        asked.look(code, &listing, repository).map_err(none)?;
        Ok(Answer::Code(asked.answer.clone()))
    }

    /// Reads ahead for the questions of one repository that were never answered, each content once. What goes wrong is said
    /// when they are answered.
    pub fn read_ahead(&mut self, questions: &[&CodeQuestion], repository: Option<&RepositoryAt>, now: Timestamp) {
        let Ok(listing) = self.listing(repository, now) else { return };
        for question in questions {
            self.asked.entry((*question).clone()).or_insert_with(|| Asked::new(question, self.most));
        }
        let code = match repository {
            None => Some(&mut self.specs),
            Some(at) => self.others.get_mut(&at.url).map(|opened| &mut opened.code),
        };
        let meant: FxHashSet<&CodeQuestion> = questions.iter().copied().collect();
        let is_meant = |(question, asked): &(&CodeQuestion, &mut Asked)| asked.is_new() && meant.contains(question);
        let mut asked: Vec<&mut Asked> = self.asked.iter_mut().filter(is_meant).map(|(_, asked)| asked).collect();
        if let Some(code) = code.filter(|_| asked.len() > 1) {
            // Whoever is answered later finds what is missing, and why it is.
            let _ = ahead::read(&mut asked, code, &listing);
        }
    }

    /// The revision that an answer would be of now, to tell whether it moved; the spec repository's without an argument.
    ///
    /// # Errors
    /// Why that cannot be told.
    pub fn revision(&mut self, repository: Option<&RepositoryAt>, now: Timestamp) -> Result<Revision, NoAnswer> {
        let revision = self.listing(repository, now).map(|listing| listing.revision.clone());
        let reason = "the repository has no revision";
        revision.and_then(|found| found.ok_or_else(|| reason.into())).map_err(|reason| NoAnswer { reason, since: now })
    }

    /// How many files the last answer to the question left out because they are no text.
    pub fn skipped(&self, question: &CodeQuestion) -> usize {
        self.asked.get(question).map_or(0, |asked| asked.skipped)
    }

    /// How many files were read so far to answer the question.
    pub fn reads(&self, question: &CodeQuestion) -> usize {
        self.asked.get(question).map_or(0, |asked| asked.reads)
    }

    /// Forgets every question that `keep` does not want.
    pub fn retain(&mut self, mut keep: impl FnMut(&CodeQuestion) -> bool) {
        self.asked.retain(|question, _| keep(question));
    }

    /// The files that there are now.
    fn listing(&mut self, repository: Option<&RepositoryAt>, now: Timestamp) -> Result<Arc<Listing>, Arc<str>> {
        let Some(at) = repository else { return self.listing_of_specs(now).map_err(|error| words(&error)) };
        let opened = self.others.entry(at.url.clone()).or_insert_with(|| {
            let mirror = self.mirrors.join(Digest::of(at.url.as_bytes()).short(16));
            let code = Code::beside_specs(&at.url, &self.config, mirror);
            Opened { code, fetched: None }
        });
        opened.fetch(now)?;
        let at = at.reference.as_deref().map_or(At::Head, At::Revision);
        opened.code.list(at).map_err(|error| words(&error))
    }

    /// The files of the spec repository. Its mirror is fetched by whoever reads the specs.
    fn listing_of_specs(&mut self, now: Timestamp) -> Result<Arc<Listing>, SourceError> {
        match (&self.specs_at, &self.beside) {
            (SpecsAt::Commit(revision), _) => self.specs.list(At::Revision(revision.as_str())),
            (SpecsAt::Working, Some((at, listing))) if *at == now => Ok(listing.clone()),
            (SpecsAt::Working, _) => {
                let listing = self.specs.list(At::Working)?;
                self.beside = Some((now, listing.clone()));
                Ok(listing)
            }
        }
    }
}

fn words(error: &SourceError) -> Arc<str> {
    error.to_string().into()
}

impl Opened {
    /// Fetches it where it is remote and the last time was long ago. A failure is not tried again at once.
    fn fetch(&mut self, now: Timestamp) -> Result<(), Arc<str>> {
        if !self.code.is_remote() {
            return Ok(());
        }
        match &self.fetched {
            Some((at, result)) if now.since(*at) < FETCH_EVERY => result.clone(),
            _ => {
                let result = self.code.fetch().map_err(|error| words(&error));
                self.fetched = Some((now, result.clone()));
                result
            }
        }
    }
}
