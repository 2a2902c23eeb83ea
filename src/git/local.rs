//! A spec repository on this machine, or a folder that is in none.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use git2::{ErrorCode, Repository, Status, StatusOptions};

use super::disk::{Files, read_folders};
use super::history::{self, DIRTY};
use super::introduced::{self, Walks};
use super::scope::{Folders, IGNORE_FILE, Scope, is_page_name, slashed};
use super::trees::{Trees, reason};
use super::{Before, BranchTip, Effort, SourceConfig, SourceError, SpecSource, Wanted, change};
use crate::catalog::{SourceFile, SourceTree};
use crate::model::{Provenance, Revision};

/// Specs on this machine. The repository is looked for whenever it is needed and not open, so that one that was away
/// comes back, and one that was made after the start is found.
pub(super) struct Local {
    config: SourceConfig,
    name: Arc<str>,
    opened: Option<Opened>,
}

/// The repository, once it is found.
struct Opened {
    repository: Repository,
    trees: Trees,
    walks: Walks,
}

impl Local {
    pub(super) const fn new(config: SourceConfig, name: Arc<str>) -> Self {
        Self { config, name, opened: None }
    }

    /// The folder that the configuration names.
    fn place(&self) -> PathBuf {
        self.config.base.join(&self.config.repository)
    }

    /// The folders of specs in it.
    fn folders(&self) -> Folders {
        Folders::new(&self.config.path, &self.config.records)
    }

    /// Opens the repository, or finds that there is none.
    fn open(&mut self) -> Result<Option<&mut Opened>, SourceError> {
        let gone = self.opened.as_ref().is_some_and(|opened| !opened.repository.path().exists());
        if gone {
            self.opened = None;
        }
        if self.opened.is_none() {
            let place = self.place();
            std::fs::metadata(&place).map_err(|error| self.unreachable(&error.to_string()))?;
            let repository = match Repository::discover(&place) {
                Ok(repository) => repository,
                Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
                Err(error) => return Err(self.unreachable(&reason(&error))),
            };
            let root = self.root_in(&repository);
            let trees = Trees::new(self.name.clone(), root, self.folders());
            self.opened = Some(Opened { repository, trees, walks: Walks::default() });
        }
        Ok(self.opened.as_mut())
    }

    fn unreachable(&self, reason: &str) -> SourceError {
        SourceError::OutOfReach { repository: self.name.clone(), reason: reason.trim().to_owned() }
    }

    fn no_history(&self, revision: &str) -> SourceError {
        let reason = "the folder is in no git repository and has no history; make one: git init".to_owned();
        SourceError::NoRevision { repository: self.name.clone(), revision: revision.to_owned(), reason }
    }

    /// The folder that spec paths are relative to: that of `abide.toml` where the repository holds it, else the one that is configured.
    fn root(&self, repository: &Repository) -> PathBuf {
        let holds = |folder: &Path| below(repository.workdir(), folder).is_some();
        if holds(&self.config.base) { self.config.base.clone() } else { self.place() }
    }

    /// That folder's path in the repository.
    fn root_in(&self, repository: &Repository) -> String {
        below(repository.workdir(), &self.root(repository)).unwrap_or_default()
    }

    /// Reads the folder itself.
    fn folder(&self) -> Result<SourceTree, SourceError> {
        let (_, files) = read_folders(&self.place(), self.folders())?;
        Ok(SourceTree { revision: SourceTree::digest(&files), files, renames: Vec::new() })
    }
}

/// The path of a folder below another, both as they really are.
fn below(folder: Option<&Path>, other: &Path) -> Option<String> {
    let (folder, other) = (folder?.canonicalize().ok()?, other.canonicalize().ok()?);
    other.strip_prefix(folder).ok().map(slashed)
}

impl Opened {
    /// Whether a spec differs from its commit, or one is new or gone. `files` are those on the disk.
    fn is_dirty(&self, scope: &Scope, files: &Files) -> Result<bool, SourceError> {
        let mut options = StatusOptions::new();
        let folders = self.trees.folders_in_repository();
        if !folders.is_empty() {
            options.disable_pathspec_match(true).pathspec(self.trees.path_in_repository(IGNORE_FILE));
            folders.iter().for_each(|folder| _ = options.pathspec(folder));
        }
        options.include_untracked(true).recurse_untracked_dirs(true);
        options.include_ignored(true).recurse_ignored_dirs(true);
        options.exclude_submodules(true).update_index(false);
        let statuses = self.repository.statuses(Some(&mut options)).map_err(|error| self.trees.out_of_reach(&error))?;
        for entry in statuses.iter().filter(|entry| entry.status() != Status::CURRENT) {
            let path = String::from_utf8_lossy(entry.path_bytes());
            let Some(shown) = self.trees.shown(&path).filter(|shown| scope.concerns(shown)) else { continue };
            if !is_page_name(shown) || files.contains_key(shown) || self.was_spec(&path)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a page was a spec when it was committed.
    fn was_spec(&self, path: &str) -> Result<bool, SourceError> {
        let commit = history::checked_out(&self.repository).map_err(|error| self.trees.out_of_reach(&error))?;
        let Some(commit) = commit else { return Ok(false) };
        self.trees.is_spec_at(&self.repository, &commit, path).map_err(|error| self.trees.out_of_reach(&error))
    }
}

impl SpecSource for Local {
    fn effort(&mut self) -> Effort {
        // One that cannot be opened now may be a repository; finding that out again is cheap.
        match self.open() {
            Ok(None) => Effort::Files,
            Ok(Some(_)) | Err(_) => Effort::Slight,
        }
    }

    fn tip(&mut self) -> Result<Option<Revision>, SourceError> {
        let branch = self.config.branch.clone();
        let Some(opened) = self.open()? else { return Ok(None) };
        let commit = history::tip(&opened.trees, &opened.repository, branch.as_deref())?;
        Ok(Some(Revision::new(commit.id().to_string())))
    }

    fn head(&mut self, before: Option<&SourceTree>) -> Result<SourceTree, SourceError> {
        let branch = self.config.branch.clone();
        let Some(Opened { repository, trees, .. }) = self.open()? else { return self.folder() };
        let commit = history::tip(trees, repository, branch.as_deref())?;
        trees.read(repository, &commit, before)
    }

    fn at(&mut self, revision: &str) -> Result<SourceTree, SourceError> {
        let Some(Opened { repository, trees, .. }) = self.open()? else {
            return Err(self.no_history(revision));
        };
        let commit = history::named(trees, repository, revision)?;
        trees.read(repository, &commit, None)
    }

    fn working(&mut self) -> Result<SourceTree, SourceError> {
        if self.open()?.is_none() {
            return self.folder();
        }
        let Some(opened) = &self.opened else { return self.folder() };
        if opened.repository.workdir().is_none() {
            return Err(self.unreachable("it is a bare repository and has no working tree; name a revision with --rev"));
        }
        let (scope, files) = read_folders(&self.root(&opened.repository), self.folders())?;
        let revision =
            match history::checked_out(&opened.repository).map_err(|error| opened.trees.out_of_reach(&error))? {
                None => SourceTree::digest(&files),
                Some(commit) if opened.is_dirty(&scope, &files)? => Revision::new(format!("{}{DIRTY}", commit.id())),
                Some(commit) => Revision::new(commit.id().to_string()),
            };
        Ok(SourceTree { revision, files, renames: Vec::new() })
    }

    fn earlier(
        &mut self,
        from: &Revision,
        path: &str,
        most: usize,
    ) -> Result<Vec<(Revision, SourceFile)>, SourceError> {
        let Some(Opened { repository, trees, .. }) = self.open()? else { return Ok(Vec::new()) };
        history::earlier(trees, repository, from, path, most)
    }

    fn continues(&mut self, old: &Revision, new: &Revision) -> Result<bool, SourceError> {
        // A folder has no history to rewrite, and may become a repository; one that was a repository before is suspicious.
        let from_folder = old.as_str().ends_with(SourceTree::FOLDER);
        let Some(Opened { repository, trees, .. }) = self.open()? else { return Ok(from_folder) };
        if from_folder {
            return Ok(true);
        }
        history::continues(trees, repository, old, new)
    }

    fn before(&mut self, revision: Option<&Revision>, against: Option<&str>) -> Result<Before, SourceError> {
        match (self.open()?, against) {
            (Some(Opened { repository, trees, .. }), _) => change::before(trees, repository, revision, against),
            (None, None) => Ok(Before::Nothing),
            (None, Some(against)) => Err(self.no_history(against)),
        }
    }

    fn branches(&mut self, base: Option<&Revision>) -> Result<Vec<BranchTip>, SourceError> {
        let Some(Opened { repository, trees, .. }) = self.open()? else { return Ok(Vec::new()) };
        change::branches(trees, repository, base)
    }

    fn introduced(&mut self, wanted: &Wanted<'_>) -> Result<Provenance, SourceError> {
        let Some(Opened { repository, trees, walks }) = self.open()? else {
            let why = "the specs are in no git repository, so that nobody can tell who wrote them";
            return Ok(Provenance::Unknown(why.into()));
        };
        introduced::introduced(trees, repository, walks, wanted).map_err(|error| trees.out_of_reach(&error))
    }

    fn tips(&mut self) -> Result<Revision, SourceError> {
        let Some(Opened { repository, trees, .. }) = self.open()? else { return Ok(Revision::new("")) };
        change::tips(repository).map_err(|error| trees.out_of_reach(&error))
    }
}
