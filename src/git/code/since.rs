//! What a change touches: the files that differ from the commit where it parted from another history.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use git2::{Commit, DiffOptions, ErrorCode, Repository};

use super::super::{SourceError, history, trees};
use super::{At, Code, disk};
use crate::model::Revision;

/// What changed since two histories parted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// The commit that both come from.
    pub base: Revision,
    /// The files that are new, gone, or hold something else than there.
    pub changed: BTreeSet<Arc<str>>,
}

/// Where a state of a repository stands in its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The commit.
    pub commit: Revision,
    /// Whether files differ from it.
    pub dirty: bool,
}

/// The folder of the work tree that a path lies in, as it really is; nothing where it is in none.
///
/// # Errors
/// [`SourceError`] when there is one that git does not open, because it belongs to somebody else, for instance.
pub fn work_tree(path: &Path) -> Result<Option<PathBuf>, SourceError> {
    match Repository::discover(path) {
        Ok(repository) => Ok(repository.workdir().and_then(|folder| folder.canonicalize().ok())),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) => {
            let repository = path.to_string_lossy().into();
            Err(SourceError::OutOfReach { repository, reason: trees::reason(&error) })
        }
    }
}

impl Code {
    /// Where that state stands; nothing where there is no history, or no commit yet.
    ///
    /// # Errors
    /// [`SourceError`] when the repository cannot be read.
    pub fn standing(&mut self, at: At<'_>) -> Result<Option<Standing>, SourceError> {
        let Some(repository) = self.repository()? else { return Ok(None) };
        let commit = match self.commit(&repository, at) {
            Ok(commit) => commit,
            Err(SourceError::NoRevision { .. }) if at == At::Working => return Ok(None),
            Err(error) => return Err(error),
        };
        let dirty = at == At::Working && !self.changed(&repository, &commit, at, &commit)?.is_empty();
        Ok(Some(Standing { commit: Revision::new(commit.id().to_string()), dirty }))
    }

    /// What that state changed since it parted from `reference`: committed, or lying on the disk.
    ///
    /// # Errors
    /// [`SourceError`] when there is no such reference, the two have no commit in common, as in a clone without its history, or
    /// the repository cannot be read.
    pub fn since(&mut self, reference: &str, at: At<'_>) -> Result<Since, SourceError> {
        let Some(repository) = self.repository()? else { return Err(self.no_history(reference)) };
        let theirs =
            history::named(&self.trees, &repository, reference).map_err(|error| shallow(&repository, error))?;
        let ours = self.commit(&repository, at)?;
        let parted = history::parted(&repository, theirs.id(), ours.id());
        let base = parted.map_err(|error| self.trees.out_of_reach(&error))?;
        let base = base.ok_or_else(|| shallow(&repository, self.apart(reference)))?;
        let changed = self.changed(&repository, &base, at, &ours)?;
        Ok(Since { base: Revision::new(base.id().to_string()), changed })
    }

    /// The commit that a state is, or begins from.
    fn commit<'r>(&self, repository: &'r Repository, at: At<'_>) -> Result<Commit<'r>, SourceError> {
        match at {
            At::Revision(revision) => history::named(&self.trees, repository, revision),
            At::Head | At::Working => history::tip(&self.trees, repository, None),
        }
    }

    /// The files that differ between a commit and a state.
    fn changed(
        &self,
        repository: &Repository,
        base: &Commit<'_>,
        at: At<'_>,
        ours: &Commit<'_>,
    ) -> Result<BTreeSet<Arc<str>>, SourceError> {
        let compare = || -> Result<BTreeSet<Arc<str>>, git2::Error> {
            let mut options = DiffOptions::new();
            options.include_typechange(true).ignore_submodules(true).skip_binary_check(true);
            options.include_untracked(true).recurse_untracked_dirs(true);
            let base = Some(base.tree()?);
            let diff = match at {
                At::Working => repository.diff_tree_to_workdir_with_index(base.as_ref(), Some(&mut options))?,
                _ => repository.diff_tree_to_tree(base.as_ref(), Some(&ours.tree()?), Some(&mut options))?,
            };
            let paths = diff.deltas().flat_map(|delta| {
                let paths = [delta.old_file().path_bytes(), delta.new_file().path_bytes()];
                paths.map(|path| path.map(|path| Arc::from(String::from_utf8_lossy(path))))
            });
            Ok(paths.flatten().filter(|path: &Arc<str>| !disk::is_own(path)).collect())
        };
        compare().map_err(|error| self.trees.out_of_reach(&error))
    }

    fn apart(&self, reference: &str) -> SourceError {
        let reason = "they have nothing in common".to_owned();
        let revision = format!("commit that {reference} and HEAD both come from");
        SourceError::NoRevision { repository: self.trees.name.clone(), revision, reason }
    }
}

/// Says that a clone lacks its history, where it does: what is not found may only not have been fetched.
fn shallow(repository: &Repository, error: SourceError) -> SourceError {
    match error {
        SourceError::NoRevision { repository: name, revision, reason } if repository.is_shallow() => {
            let reason = format!("{reason}; the clone is shallow, so most of its history is not there");
            SourceError::NoRevision { repository: name, revision, reason }
        }
        error => error,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::SourceConfig;
    use super::super::super::testing::Fixture;
    use super::*;

    fn code(fixture: &Fixture) -> Code {
        let config = SourceConfig { repository: ".".into(), base: fixture.path().into(), ..SourceConfig::default() };
        Code::of_specs(&config)
    }

    fn changed(since: &Since) -> Vec<&str> {
        since.changed.iter().map(|path| &**path).collect()
    }

    /// `main` went on after the branch parted from it.
    fn parted() -> Fixture {
        let fixture = Fixture::of(&[("old.rs", "1"), ("gone.rs", "1"), (".gitignore", "out/\n")]);
        let base = fixture.repository.head().unwrap().target().unwrap();
        fixture.branch("base", base);
        fixture.commit(&[("theirs.rs", "1")]);
        fixture.branch("theirs", fixture.repository.head().unwrap().target().unwrap());
        fixture.repository.set_head("refs/heads/ours").unwrap();
        fixture.branch("ours", base);
        std::fs::remove_file(fixture.path().join("theirs.rs")).unwrap();
        fixture.commit(&[("ours.rs", "1")]);
        fixture
    }

    #[test]
    fn what_is_committed_and_what_lies_there_has_changed() {
        let fixture = parted();
        let mut code = code(&fixture);
        let since = code.since("theirs", At::Head).unwrap();
        assert_eq!(changed(&since), ["ours.rs"]);
        assert_eq!(since.base, Revision::new(fixture.repository.refname_to_id("refs/heads/base").unwrap().to_string()));
        assert!(!code.standing(At::Working).unwrap().unwrap().dirty);
        fixture.write("old.rs", "longer");
        fixture.write("deep/new.rs", "1");
        fixture.write("out/ignored.rs", "1");
        std::fs::remove_file(fixture.path().join("gone.rs")).unwrap();
        assert_eq!(
            changed(&code.since("theirs", At::Working).unwrap()),
            ["deep/new.rs", "gone.rs", "old.rs", "ours.rs"]
        );
        assert_eq!(changed(&code.since("theirs", At::Head).unwrap()), ["ours.rs"]);
        assert!(code.standing(At::Working).unwrap().unwrap().dirty);
        assert!(!code.standing(At::Head).unwrap().unwrap().dirty);
    }

    #[test]
    fn without_a_common_commit_it_says_what_is_missing() {
        let fixture = parted();
        let tree = fixture.repository.head().unwrap().peel_to_tree().unwrap();
        let who = git2::Signature::new("Ada", "ada@example.org", &git2::Time::new(0, 0)).unwrap();
        fixture.repository.commit(Some("refs/heads/apart"), &who, &who, "another beginning", &tree, &[]).unwrap();
        let mut code = code(&fixture);
        let said = |error: SourceError| error.to_string();
        let apart = said(code.since("apart", At::Head).unwrap_err());
        assert!(apart.contains("no `commit that apart and HEAD both come from`"), "{apart}");
        assert!(!apart.contains("shallow"), "{apart}");
        let head = fixture.repository.head().unwrap().target().unwrap();
        fixture.write(".git/shallow", format!("{head}\n"));
        for reference in ["apart", "origin/main"] {
            let missing = said(code.since(reference, At::Head).unwrap_err());
            assert!(missing.contains("the clone is shallow"), "{missing}");
        }
    }

    #[test]
    fn a_folder_without_history_stands_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let config = SourceConfig { repository: ".".into(), base: folder.path().into(), ..SourceConfig::default() };
        let mut code = Code::of_specs(&config);
        assert_eq!(code.standing(At::Working).unwrap(), None);
        assert!(code.since("main", At::Working).unwrap_err().to_string().contains("without git"));
        assert_eq!(work_tree(folder.path()).unwrap(), None);
        let empty = Fixture::new();
        assert_eq!(self::code(&empty).standing(At::Working).unwrap(), None);
        assert_eq!(work_tree(&empty.path().join(".git/..")).unwrap(), empty.path().canonicalize().ok());
        // One that cannot be opened is not none: somebody else's code would be looked at in its place.
        empty.write(".git/config", "[core");
        assert!(work_tree(empty.path()).unwrap_err().to_string().contains("out of reach"));
    }
}
