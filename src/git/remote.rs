//! A spec repository elsewhere, through its mirror.

use super::history;
use super::introduced::{self, Walks};
use super::mirror::Mirror;
use super::scope::Folders;
use super::trees::Trees;
use super::{Before, BranchTip, Effort, SourceError, SpecSource, Wanted, change};
use crate::catalog::{SourceFile, SourceTree};
use crate::model::{Provenance, Revision};

/// Specs of a remote repository.
pub(super) struct Remote {
    mirror: Mirror,
    trees: Trees,
    branch: Option<String>,
    walks: Walks,
}

impl Remote {
    pub(super) fn new(mirror: Mirror, branch: Option<String>, folders: Folders) -> Self {
        let trees = Trees::new(mirror.name.clone(), String::new(), folders);
        Self { mirror, trees, branch, walks: Walks::default() }
    }
}

impl SpecSource for Remote {
    fn effort(&mut self) -> Effort {
        Effort::Network
    }

    fn tip(&mut self) -> Result<Option<Revision>, SourceError> {
        let repository = self.mirror.fetch()?;
        let commit = history::tip(&self.trees, repository, self.branch.as_deref())?;
        Ok(Some(Revision::new(commit.id().to_string())))
    }

    fn head(&mut self, before: Option<&SourceTree>) -> Result<SourceTree, SourceError> {
        let repository = self.mirror.fetch()?;
        let commit = history::tip(&self.trees, repository, self.branch.as_deref())?;
        self.trees.read(repository, &commit, before)
    }

    fn at(&mut self, revision: &str) -> Result<SourceTree, SourceError> {
        let known = history::named(&self.trees, self.mirror.opened()?, revision).is_ok();
        let repository = if known { self.mirror.opened()? } else { self.mirror.fetch()? };
        let commit = history::named(&self.trees, repository, revision)?;
        self.trees.read(repository, &commit, None)
    }

    fn working(&mut self) -> Result<SourceTree, SourceError> {
        let reason = "it is a remote repository and has no working tree; name a revision with --rev".to_owned();
        Err(SourceError::OutOfReach { repository: self.mirror.name.clone(), reason })
    }

    fn earlier(
        &mut self,
        from: &Revision,
        path: &str,
        most: usize,
    ) -> Result<Vec<(Revision, SourceFile)>, SourceError> {
        history::earlier(&self.trees, self.mirror.opened()?, from, path, most)
    }

    fn continues(&mut self, old: &Revision, new: &Revision) -> Result<bool, SourceError> {
        history::continues(&self.trees, self.mirror.opened()?, old, new)
    }
    fn before(&mut self, revision: Option<&Revision>, against: Option<&str>) -> Result<Before, SourceError> {
        if revision.is_none() {
            return self.working().map(|_| Before::Nothing);
        }
        change::before(&self.trees, self.mirror.opened()?, revision, against)
    }

    fn branches(&mut self, base: Option<&Revision>) -> Result<Vec<BranchTip>, SourceError> {
        change::branches(&self.trees, self.mirror.opened()?, base)
    }

    fn introduced(&mut self, wanted: &Wanted<'_>) -> Result<Provenance, SourceError> {
        let repository = self.mirror.opened()?;
        introduced::introduced(&self.trees, repository, &mut self.walks, wanted)
            .map_err(|error| self.trees.out_of_reach(&error))
    }

    fn tips(&mut self) -> Result<Revision, SourceError> {
        change::tips(self.mirror.opened()?).map_err(|error| self.trees.out_of_reach(&error))
    }
}
