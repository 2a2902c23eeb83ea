//! Real repositories in temporary folders, for the tests of this room and of those that read repositories.

use std::fs;
use std::path::{Path, PathBuf};

use git2::{IndexAddOption, Oid, Repository, RepositoryInitOptions, Signature, Time};

/// A repository that goes away with the value.
pub(crate) struct Fixture {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) repository: Repository,
}

impl Fixture {
    /// An empty repository on the branch `main`.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let repository =
            Repository::init_opts(folder.path(), RepositoryInitOptions::new().initial_head("main")).unwrap();
        Self { folder, repository }
    }

    /// One with those files committed.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let fixture = Self::new();
        fixture.commit(files);
        fixture
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) -> PathBuf {
        write(self.path(), path, content)
    }

    /// Writes the files and commits whatever differs.
    pub(crate) fn commit(&self, files: &[(&str, &str)]) -> Oid {
        for (path, content) in files {
            self.write(path, content);
        }
        self.commit_all()
    }

    /// Commits whatever differs.
    pub(crate) fn commit_all(&self) -> Oid {
        let mut index = self.repository.index().unwrap();
        index.add_all(["*"], IndexAddOption::DEFAULT, None).unwrap();
        index.update_all(["*"], None).unwrap();
        index.write().unwrap();
        let tree = index.write_tree().unwrap();
        self.commit_tree(tree)
    }

    /// Commits that tree on top of HEAD, whatever it holds.
    pub(crate) fn commit_tree(&self, tree: Oid) -> Oid {
        let tree = self.repository.find_tree(tree).unwrap();
        let who = Signature::new("Ada", "ada@example.org", &Time::new(1_770_000_000, 0)).unwrap();
        let parent = self.repository.head().ok().map(|head| head.peel_to_commit().unwrap());
        let parents: Vec<_> = parent.iter().collect();
        self.repository.commit(Some("HEAD"), &who, &who, "a change", &tree, &parents).unwrap()
    }

    /// Makes a branch at a commit, or moves it there.
    pub(crate) fn branch(&self, name: &str, at: Oid) {
        self.repository.reference(&format!("refs/heads/{name}"), at, true, "test").unwrap();
    }
}

/// Writes a file and its folders.
pub(crate) fn write(folder: &Path, path: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let place = folder.join(path);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(&place, content).unwrap();
    place
}

/// Commits a tree on top of those parents, signed with a private key of OpenSSH. No branch moves.
pub(crate) fn signed_commit(
    repository: &Repository,
    tree: &git2::Tree<'_>,
    parents: &[&git2::Commit<'_>],
    key: &str,
) -> Oid {
    let who = Signature::new("Ada", "ada@example.org", &Time::new(1_770_000_000, 0)).unwrap();
    let content = repository.commit_create_buffer(&who, &who, "a signed change", tree, parents).unwrap();
    let content = std::str::from_utf8(&content).unwrap();
    let signature = crate::signature::sign(content.as_bytes(), crate::signature::GIT, key).unwrap();
    repository.commit_signed(content, signature.trim_end(), None).unwrap()
}
