//! Reads the specs of a commit out of its tree. Blobs that were read before are neither read nor hashed again.

use std::path::Path;
use std::sync::Arc;

use git2::{Commit, ErrorCode, ObjectType, Odb, Oid, Repository, Tree};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::disk::{Files, SUBMODULE, SYMLINK};
use super::scope::{Scope, clean, is_hidden, is_spec_name, join};
use super::{SourceError, limits};
use crate::catalog::{SourceFile, SourceTree};
use crate::model::Revision;
use crate::yaml::limits::FILE_BYTES;

/// So many blobs are read by one thread before it pays to ask another.
const BLOBS_PER_THREAD: usize = 256;

/// The modes of git's trees that matter here.
const REGULAR: [i32; 3] = [0o100_644, 0o100_755, 0o100_664];
const LINK: i32 = 0o120_000;

/// The specs in the trees of one repository.
pub(super) struct Trees {
    /// The repository's path or URL, without credentials.
    pub(super) name: Arc<str>,
    /// The folder of `abide.toml` in the repository; empty for its root.
    pub(super) root: String,
    /// The spec folder, relative to that one.
    folder: String,
    /// Files of the tree that was read last, by the id of their blob.
    cache: FxHashMap<Oid, SourceFile>,
}

/// A file of a tree: where it is seen, and its blob or what is wrong with it.
type Entry = (Arc<str>, Result<Oid, Arc<str>>);

impl Trees {
    pub(super) fn new(name: Arc<str>, root: String, folder: &str) -> Self {
        Self { name, root, folder: clean(folder), cache: FxHashMap::default() }
    }

    /// What git says, as an error of this repository.
    pub(super) fn out_of_reach(&self, error: &git2::Error) -> SourceError {
        SourceError::OutOfReach { repository: self.name.clone(), reason: reason(error) }
    }

    /// The path in the repository of what is seen as `shown`.
    pub(super) fn path_in_repository(&self, shown: &str) -> String {
        clean(&join(&self.root, shown))
    }

    /// What is seen as `within` the spec folder, from its path in the repository; nothing outside of the spec folder.
    pub(super) fn within_folder<'p>(&self, path: &'p str) -> Option<&'p str> {
        let folder = self.path_in_repository(&self.folder);
        if folder.is_empty() { Some(path) } else { path.strip_prefix(&folder)?.strip_prefix('/') }
    }

    /// The scope as the ignore files of that tree have it.
    pub(super) fn scope(&self, repository: &Repository, tree: &Tree<'_>) -> Result<Scope, SourceError> {
        let read = |shown: &str| -> Result<Option<String>, git2::Error> {
            let entry = match tree.get_path(Path::new(&self.path_in_repository(shown))) {
                Ok(entry) if entry.kind() == Some(ObjectType::Blob) => entry,
                Ok(_) => return Ok(None),
                Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
                Err(error) => return Err(error),
            };
            let blob = repository.find_blob(entry.id())?;
            Ok(Some(String::from_utf8_lossy(blob.content()).into_owned()))
        };
        Scope::new(&self.folder, read).map_err(|error| self.out_of_reach(&error))
    }

    /// The specs of that commit, and the renames since `before`.
    pub(super) fn read(
        &mut self,
        repository: &Repository,
        commit: &Commit<'_>,
        before: Option<&SourceTree>,
    ) -> Result<SourceTree, SourceError> {
        let revision = Revision::new(commit.id().to_string());
        if let Some(before) = before.filter(|before| before.revision == revision) {
            return Ok(SourceTree { renames: Vec::new(), ..before.clone() });
        }
        let tree = commit.tree().map_err(|error| self.out_of_reach(&error))?;
        let scope = self.scope(repository, &tree)?;
        let entries = self.list(repository, &tree, &scope)?;
        let files = self.files(repository, entries).map_err(|error| self.out_of_reach(&error))?;
        let renames = match before {
            Some(before) => super::history::renames(self, repository, &before.revision, &tree, &scope)?,
            None => Vec::new(),
        };
        Ok(SourceTree { revision, files, renames })
    }

    /// All spec files of a tree, unread.
    fn list(&self, repository: &Repository, tree: &Tree<'_>, scope: &Scope) -> Result<Vec<Entry>, SourceError> {
        let mut entries: Vec<Entry> = Vec::new();
        let problems = scope.problems().iter();
        entries.extend(problems.map(|(file, problem)| (file.clone(), Err(problem.as_str().into()))));
        let mut folders: Vec<(String, Oid)> =
            self.spec_folder(tree)?.map(|id| (String::new(), id)).into_iter().collect();
        while let Some((within, id)) = folders.pop() {
            let tree = repository.find_tree(id).map_err(|error| self.out_of_reach(&error))?;
            for entry in &tree {
                let path = join(&within, &String::from_utf8_lossy(entry.name_bytes()));
                match entry.kind() {
                    Some(ObjectType::Tree) if scope.enters(&path) => folders.push((path, entry.id())),
                    Some(ObjectType::Commit) if scope.enters(&path) => {
                        entries.push((scope.shown(&path), Err(SUBMODULE.into())));
                    }
                    Some(ObjectType::Blob) if is_spec_name(&path) && !is_hidden(&path) && scope.admits(&path) => {
                        entries.push((scope.shown(&path), content(entry.filemode_raw(), entry.id())));
                    }
                    _ => {}
                }
            }
            if entries.len() > limits::FILES {
                let reason = format!("it holds more than {} spec files", limits::FILES);
                return Err(SourceError::TooLarge { repository: self.name.clone(), reason });
            }
        }
        Ok(entries)
    }

    /// The id of the spec folder's tree, if there is such a folder.
    fn spec_folder(&self, tree: &Tree<'_>) -> Result<Option<Oid>, SourceError> {
        let path = self.path_in_repository(&self.folder);
        let unreachable = |reason| Err(SourceError::OutOfReach { repository: self.name.clone(), reason });
        if path.is_empty() {
            return Ok(Some(tree.id()));
        }
        if path.starts_with("..") {
            return unreachable(format!("the spec folder `{}` lies outside of it", self.folder));
        }
        match tree.get_path(Path::new(&path)) {
            Ok(entry) if entry.kind() == Some(ObjectType::Tree) => Ok(Some(entry.id())),
            Ok(_) => unreachable(format!("`{path}` is no folder; `[specs] path` must name the folder of the specs")),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(self.out_of_reach(&error)),
        }
    }

    /// Reads the blobs that are not yet known, and forgets those that are no longer wanted.
    fn files(&mut self, repository: &Repository, entries: Vec<Entry>) -> Result<Files, git2::Error> {
        let mut wanted: Vec<Oid> = entries.iter().filter_map(|(_, content)| content.as_ref().ok().copied()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let unknown: Vec<Oid> = wanted.iter().copied().filter(|id| !self.cache.contains_key(id)).collect();
        let read = read_blobs(repository, &unknown)?;
        self.cache.extend(unknown.into_iter().zip(read));
        let mut files = Vec::with_capacity(entries.len());
        for (shown, content) in entries {
            let file = match content {
                Ok(id) => match self.cache.get(&id) {
                    Some(file) => file.clone(),
                    None => return Err(git2::Error::from_str("a blob went missing while it was read")),
                },
                Err(words) => SourceFile::unreadable(words),
            };
            files.push((shown, file));
        }
        // Another tree may be asked for in between; only what piles up is forgotten.
        if self.cache.len() > 2 * files.len() + 1024 {
            self.cache.retain(|id, _| wanted.binary_search(id).is_ok());
        }
        files.sort_by(|(left, _), (right, _)| left.cmp(right));
        Ok(files.into_iter().collect())
    }

    /// One file of a commit by its path in the repository; nothing where it has none.
    pub(super) fn blob_at(&self, commit: &Commit<'_>, path: &str) -> Result<Option<Oid>, git2::Error> {
        match commit.tree()?.get_path(Path::new(path)) {
            Ok(entry) => Ok(content(entry.filemode_raw(), entry.id()).ok()),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// What git says, and what to do where git does not say it.
pub(super) fn reason(error: &git2::Error) -> String {
    let message = error.message().trim();
    match error.code() {
        ErrorCode::Owner => format!("{message}; trust it with: git config --global --add safe.directory PATH"),
        _ => message.to_owned(),
    }
}

/// What an entry of that mode holds.
fn content(mode: i32, id: Oid) -> Result<Oid, Arc<str>> {
    match mode {
        mode if REGULAR.contains(&mode) => Ok(id),
        LINK => Err(SYMLINK.into()),
        mode => Err(format!("git gives it the mode {mode:o}, which is that of no regular file").into()),
    }
}

/// Reads blobs, in their order, with as many threads as pay.
pub(super) fn read_blobs(repository: &Repository, ids: &[Oid]) -> Result<Vec<SourceFile>, git2::Error> {
    if ids.len() <= BLOBS_PER_THREAD {
        let odb = repository.odb()?;
        return ids.iter().map(|&id| read_blob(&odb, id)).collect();
    }
    let place = repository.commondir();
    let share = (ids.len() / (rayon::current_num_threads() * 4)).max(BLOBS_PER_THREAD);
    let shares: Result<Vec<Vec<SourceFile>>, git2::Error> = ids
        .par_chunks(share)
        .map(|ids| {
            let repository = Repository::open(place)?;
            let odb = repository.odb()?;
            ids.iter().map(|&id| read_blob(&odb, id)).collect()
        })
        .collect();
    Ok(shares?.into_iter().flatten().collect())
}

/// Reads one blob, within the limits.
pub(super) fn read_blob(odb: &Odb<'_>, id: Oid) -> Result<SourceFile, git2::Error> {
    let (bytes, _) = odb.read_header(id)?;
    if bytes > FILE_BYTES {
        return Ok(SourceFile::too_large(bytes as u64));
    }
    Ok(SourceFile::of_bytes(odb.read(id)?.data().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Fixture;
    use super::*;

    #[test]
    fn blobs_read_by_many_threads_keep_their_order() {
        let fixture = Fixture::new();
        let texts: Vec<String> = (0..3 * BLOBS_PER_THREAD).map(|number| number.to_string()).collect();
        let ids: Vec<Oid> = texts.iter().map(|text| fixture.repository.blob(text.as_bytes()).unwrap()).collect();
        let files = read_blobs(&fixture.repository, &ids).unwrap();
        assert!(files.iter().zip(&texts).all(|(file, text)| &**file.text().unwrap() == text.as_str()));
    }
}
