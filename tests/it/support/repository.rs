//! A real git repository in a temporary folder.

use std::fs;
use std::path::{Path, PathBuf};

use git2::{IndexAddOption, Oid, Repository, RepositoryInitOptions, Signature, Time};

/// A repository that goes away with the value.
pub(crate) struct Repo {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) git: Repository,
}

impl Repo {
    /// An empty repository on the branch `main`.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let git = Repository::init_opts(folder.path(), RepositoryInitOptions::new().initial_head("main")).unwrap();
        Self { folder, git }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file and its folders.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let place = self.path().join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(&place, content).unwrap();
        place
    }

    /// Commits whatever differs on the disk from the last commit; makes none where nothing does.
    pub(crate) fn commit(&self) -> Oid {
        let mut index = self.git.index().unwrap();
        index.add_all(["*"], IndexAddOption::DEFAULT, None).unwrap();
        index.update_all(["*"], None).unwrap();
        index.write().unwrap();
        let tree = self.git.find_tree(index.write_tree().unwrap()).unwrap();
        let who = Signature::new("Ada", "ada@example.org", &Time::new(1_770_000_000, 0)).unwrap();
        let parent = self.git.head().ok().map(|head| head.peel_to_commit().unwrap());
        if let Some(parent) = parent.as_ref().filter(|parent| parent.tree_id() == tree.id()) {
            return parent.id();
        }
        let parents: Vec<_> = parent.iter().collect();
        self.git.commit(Some("HEAD"), &who, &who, "a change", &tree, &parents).unwrap()
    }

    /// Makes the next commit the first of a history of its own.
    pub(crate) fn forget_history(&self) {
        fs::remove_file(self.path().join(".git/refs/heads/main")).unwrap();
    }
}
