//! The files of a commit: all of them, or those of an earlier one with what changed since.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use git2::{Commit, DiffFile, DiffOptions, FileMode, ObjectType, Oid, Repository};

use super::super::scope::join;
use super::{FileId, Id};
use crate::model::Revision;

/// The files of one state.
#[derive(Debug, Default)]
pub struct Listing {
    /// Which state; for files of the disk a digest that changes when one of them is written.
    pub revision: Option<Revision>,
    /// In the order of their paths.
    pub files: Vec<CodeFile>,
    /// What changed since a state that was listed before, where that is known.
    pub changes: Option<Changes>,
    /// Where they lie, where they are on the disk.
    pub(super) folder: Option<PathBuf>,
}

/// What changed from one state to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The earlier state.
    pub since: Revision,
    /// The files that are new or hold something else.
    pub written: Vec<CodeFile>,
    /// The files that are no longer there.
    pub gone: Vec<Arc<str>>,
}

/// One file of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeFile {
    /// The path from the root of the repository, with forward slashes.
    pub path: Arc<str>,
    /// What it holds.
    pub id: FileId,
}

/// The revision that a commit is.
pub(super) fn revision(commit: &Commit<'_>) -> Revision {
    Revision::new(commit.id().to_string())
}

/// All files of a tree, in order; somewhat more than `most` where there are more.
pub(super) fn whole(repository: &Repository, root: Oid, most: usize) -> Result<Vec<CodeFile>, git2::Error> {
    let mut files = Vec::new();
    let mut folders = vec![(String::new(), root)];
    while let Some((within, id)) = folders.pop().filter(|_| files.len() <= most) {
        for entry in &repository.find_tree(id)? {
            let path = join(&within, &String::from_utf8_lossy(entry.name_bytes()));
            match entry.kind() {
                Some(ObjectType::Tree) => folders.push((path, entry.id())),
                Some(ObjectType::Blob) if entry.filemode_raw() & 0o170_000 == 0o100_000 => {
                    files.push(CodeFile { path: path.into(), id: FileId(Id::Blob(entry.id())) });
                }
                _ => files.push(CodeFile { path: path.into(), id: FileId(Id::Other) }),
            }
        }
    }
    files.sort_unstable_by(|left, right| left.path.cmp(&right.path));
    Ok(files)
}

/// The files of a commit, from those of an earlier one: only folders that changed are looked into. Nothing where git cannot
/// tell, because the earlier one is gone, for instance.
pub(super) fn since(repository: &Repository, id: Oid, before: &Listing, commit: &Commit<'_>) -> Option<Listing> {
    let changed = changed(repository, id, commit).ok()?;
    let mut files: Vec<CodeFile> =
        before.files.iter().filter(|file| !changed.contains_key(&*file.path)).cloned().collect();
    let mut changes = Changes { since: before.revision.clone()?, written: Vec::new(), gone: Vec::new() };
    for (path, id) in changed {
        match id {
            Some(id) => changes.written.push(CodeFile { path: path.into(), id }),
            None => changes.gone.push(path.into()),
        }
    }
    files.extend(changes.written.iter().cloned());
    // Two runs that are in order already: this takes one merge.
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Some(Listing { revision: Some(revision(commit)), files, changes: Some(changes), folder: None })
}

/// What each path that changed holds now.
fn changed(
    repository: &Repository,
    id: Oid,
    commit: &Commit<'_>,
) -> Result<BTreeMap<String, Option<FileId>>, git2::Error> {
    let (old, new) = (repository.find_commit(id)?.tree()?, commit.tree()?);
    let mut options = DiffOptions::new();
    options.include_typechange(true).ignore_submodules(false).skip_binary_check(true);
    let diff = repository.diff_tree_to_tree(Some(&old), Some(&new), Some(&mut options))?;
    let path = |file: &DiffFile<'_>| file.path_bytes().map(|path| String::from_utf8_lossy(path).into_owned());
    let mut changed = BTreeMap::new();
    for delta in diff.deltas() {
        // What was there is gone, unless a delta says what is there now: in whichever order they come.
        if let Some(path) = path(&delta.old_file()) {
            changed.entry(path).or_insert(None);
        }
        let there = delta.new_file();
        let id = match there.mode() {
            FileMode::Blob | FileMode::BlobExecutable | FileMode::BlobGroupWritable => Id::Blob(there.id()),
            FileMode::Link | FileMode::Commit => Id::Other,
            _ => continue,
        };
        changed.extend(path(&there).map(|path| (path, Some(FileId(id)))));
    }
    Ok(changed)
}
