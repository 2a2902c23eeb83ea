//! The git history of a corpus: commits that each touch one spec, made ahead of the measuring.

use std::fs;
use std::path::Path;

use git2::build::TreeUpdateBuilder;
use git2::{FileMode, IndexAddOption, Oid, Repository, RepositoryInitOptions, Signature, Time};

use crate::corpus::decision_path;

const BRANCH: &str = "refs/heads/main";
const START: &str = "refs/tags/start";

/// A corpus in a repository.
pub(crate) struct History {
    git: Repository,
    start: Oid,
}

impl History {
    /// The repository of a corpus, at its first commit.
    pub(crate) fn of(folder: &Path) -> Self {
        let git = Repository::open(folder).unwrap_or_else(|_| {
            let mut options = RepositoryInitOptions::new();
            Repository::init_opts(folder, options.initial_head("main").external_template(false)).unwrap()
        });
        let start = match git.refname_to_id(START) {
            Ok(start) => start,
            Err(_) => first(&git),
        };
        let history = Self { git, start };
        history.go_to(history.start);
        history
    }

    /// Moves the branch.
    pub(crate) fn go_to(&self, commit: Oid) {
        self.git.reference(BRANCH, commit, true, "moved by the benchmark").unwrap();
    }

    /// Commits upon the branch, each of which changes one decision of `specs`: `change` gets its text as it was at first.
    pub(crate) fn chain(&self, count: usize, specs: usize, change: impl Fn(usize, String) -> String) -> Vec<Oid> {
        let root = self.git.workdir().unwrap();
        let mut parent = self.git.head().unwrap().peel_to_commit().unwrap();
        let mut commits = Vec::with_capacity(count);
        for n in 0..count {
            let path = decision_path(n * 20 % specs);
            let text = change(n, fs::read_to_string(root.join(&path)).unwrap());
            let blob = self.git.blob(text.as_bytes()).unwrap();
            let mut update = TreeUpdateBuilder::new();
            let tree = update.upsert(&path, blob, FileMode::Blob).create_updated(&self.git, &parent.tree().unwrap());
            let tree = self.git.find_tree(tree.unwrap()).unwrap();
            let who = who();
            let commit = self.git.commit(None, &who, &who, "a change", &tree, &[&parent]).unwrap();
            parent = self.git.find_commit(commit).unwrap();
            commits.push(commit);
        }
        commits
    }
}

fn who() -> Signature<'static> {
    Signature::new("Ada", "ada@example.org", &Time::new(1_770_000_000, 0)).unwrap()
}

fn first(git: &Repository) -> Oid {
    let mut index = git.index().unwrap();
    index.add_all(["specs", "abide.toml"], IndexAddOption::DEFAULT, None).unwrap();
    index.write().unwrap();
    let tree = git.find_tree(index.write_tree().unwrap()).unwrap();
    let start = git.commit(Some(BRANCH), &who(), &who(), "the corpus", &tree, &[]).unwrap();
    git.reference(START, start, true, "where every run begins").unwrap();
    start
}
