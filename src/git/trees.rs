//! Reads the specs of a commit out of its tree. Blobs that were read before are neither read nor hashed again.

use std::path::Path;
use std::sync::Arc;

use git2::{Commit, ErrorCode, ObjectType, Odb, Oid, Repository, Tree};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::disk::{Files, SUBMODULE, SYMLINK};
use super::scope::{Folders, Scope, clean, is_page_name, join, within};
use super::{SourceError, limits};
use crate::catalog::{SourceFile, SourceTree};
use crate::kinds::decision::markdown::is_spec;
use crate::model::Revision;
use crate::yaml::limits::FILE_BYTES;

/// So many blobs are read by one thread before it pays to ask another.
const BLOBS_PER_THREAD: usize = 256;

/// Bytes of a page that is looked into, to see whether it is a spec.
const PAGE_BYTES: usize = 16 * FILE_BYTES;

/// The modes of git's trees that matter here.
const REGULAR: [i32; 3] = [0o100_644, 0o100_755, 0o100_664];
const LINK: i32 = 0o120_000;

/// The specs in the trees of one repository.
pub(super) struct Trees {
    /// The repository's path or URL, without credentials.
    pub(super) name: Arc<str>,
    /// The folder of `abide.toml` in the repository; empty for its root.
    pub(super) root: String,
    /// The folders of specs, relative to that one.
    folders: Folders,
    /// Files of the tree that was read last, by the id of their blob.
    cache: FxHashMap<Oid, SourceFile>,
    /// The Markdown of that tree; nothing is known of an ordinary page but that it is one.
    pages: FxHashMap<Oid, Option<SourceFile>>,
}

/// A file of a tree: where it is seen, and its blob or what is wrong with it.
type Entry = (Arc<str>, Result<Oid, Arc<str>>);

/// The files of a tree that may be specs, unread.
#[derive(Default)]
struct Entries {
    specs: Vec<Entry>,
    /// Markdown, of which only its text tells whether it is one.
    pages: Vec<(Arc<str>, Oid)>,
}

impl Entries {
    const fn len(&self) -> usize {
        self.specs.len() + self.pages.len()
    }
}

impl Trees {
    pub(super) fn new(name: Arc<str>, root: String, folders: Folders) -> Self {
        Self { name, root, folders, cache: FxHashMap::default(), pages: FxHashMap::default() }
    }

    /// What git says, as an error of this repository.
    pub(super) fn out_of_reach(&self, error: &git2::Error) -> SourceError {
        SourceError::OutOfReach { repository: self.name.clone(), reason: reason(error) }
    }

    /// The path in the repository of what is seen as `shown`.
    pub(super) fn path_in_repository(&self, shown: &str) -> String {
        clean(&join(&self.root, shown))
    }

    /// The paths in the repository of the folders of specs; none where they are all of it.
    pub(super) fn folders_in_repository(&self) -> Vec<String> {
        let paths: Vec<String> = self.folders.all().map(|folder| self.path_in_repository(folder)).collect();
        if paths.iter().any(String::is_empty) { Vec::new() } else { paths }
    }

    /// How people see what has that path in the repository; nothing where it lies outside of the folder of `abide.toml`.
    pub(super) fn shown<'p>(&self, path: &'p str) -> Option<&'p str> {
        within(&self.root, path)
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
        Scope::new(self.folders.clone(), read).map_err(|error| self.out_of_reach(&error))
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

    /// All files of a tree that may be specs, unread.
    fn list(&self, repository: &Repository, tree: &Tree<'_>, scope: &Scope) -> Result<Entries, SourceError> {
        let mut entries = Entries::default();
        let problems = scope.problems().iter();
        entries.specs.extend(problems.map(|(file, problem)| (file.clone(), Err(problem.as_str().into()))));
        let mut folders: Vec<(String, Oid)> = Vec::new();
        for folder in scope.folders().all() {
            folders.extend(self.folder(tree, folder)?.map(|id| (folder.to_owned(), id)));
        }
        while let Some((folder, id)) = folders.pop() {
            let tree = repository.find_tree(id).map_err(|error| self.out_of_reach(&error))?;
            for entry in &tree {
                let path = join(&folder, &String::from_utf8_lossy(entry.name_bytes()));
                match entry.kind() {
                    Some(ObjectType::Tree) if scope.enters(&path) => folders.push((path, entry.id())),
                    // A repository of its own within the specs is told; among other pages nobody meant specs by it.
                    Some(ObjectType::Commit) if scope.folders().of_specs(&path) && scope.enters(&path) => {
                        entries.specs.push((path.into(), Err(SUBMODULE.into())));
                    }
                    Some(ObjectType::Blob) if scope.admits(&path) => match content(entry.filemode_raw(), entry.id()) {
                        Ok(id) if is_page_name(&path) => entries.pages.push((path.into(), id)),
                        // A link to a page is no spec, and common.
                        Err(_) if is_page_name(&path) => {}
                        content => entries.specs.push((path.into(), content)),
                    },
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

    /// The id of one of the folders' trees, if there is such a folder.
    fn folder(&self, tree: &Tree<'_>, folder: &str) -> Result<Option<Oid>, SourceError> {
        let path = self.path_in_repository(folder);
        let unreachable = |reason| Err(SourceError::OutOfReach { repository: self.name.clone(), reason });
        if path.is_empty() {
            return Ok(Some(tree.id()));
        }
        if path.starts_with("..") {
            return unreachable(format!("the spec folder `{folder}` lies outside of it"));
        }
        match tree.get_path(Path::new(&path)) {
            Ok(entry) if entry.kind() == Some(ObjectType::Tree) => Ok(Some(entry.id())),
            Ok(_) if folder != self.folders.specs() => Ok(None),
            Ok(_) => unreachable(format!("`{path}` is no folder; `[specs] path` must name the folder of the specs")),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(self.out_of_reach(&error)),
        }
    }

    /// Reads the blobs that are not yet known, and forgets those that are no longer wanted.
    fn files(&mut self, repository: &Repository, entries: Entries) -> Result<Files, git2::Error> {
        let wanted = entries.specs.iter().filter_map(|(_, content)| content.as_ref().ok().copied());
        fill(&mut self.cache, wanted.collect(), repository, read_blob)?;
        fill(&mut self.pages, entries.pages.iter().map(|(_, id)| *id).collect(), repository, read_page)?;
        let mut files = Vec::with_capacity(entries.len());
        let missing = || git2::Error::from_str("a blob went missing while it was read");
        for (shown, content) in entries.specs {
            let file = match content {
                Ok(id) => self.cache.get(&id).cloned().ok_or_else(missing)?,
                Err(words) => SourceFile::unreadable(words),
            };
            files.push((shown, file));
        }
        for (shown, id) in entries.pages {
            files.extend(self.pages.get(&id).ok_or_else(missing)?.clone().map(|file| (shown, file)));
        }
        files.sort_by(|(left, _), (right, _)| left.cmp(right));
        Ok(files.into_iter().collect())
    }

    /// Whether a file of a commit, by its path in the repository, is Markdown that is a spec.
    pub(super) fn is_spec_at(
        &self,
        repository: &Repository,
        commit: &Commit<'_>,
        path: &str,
    ) -> Result<bool, git2::Error> {
        let id = self.blob_at(commit, path)?;
        id.map_or(Ok(false), |id| read_page(&repository.odb()?, id).map(|page| page.is_some()))
    }

    /// One file of a commit by its path in the repository; nothing where it has none.
    pub(super) fn blob_at(&self, commit: &Commit<'_>, path: &str) -> Result<Option<Oid>, git2::Error> {
        Self::blob_in(&commit.tree()?, path)
    }

    /// One file of a tree by its path in the repository; nothing where it has none.
    pub(super) fn blob_in(tree: &Tree<'_>, path: &str) -> Result<Option<Oid>, git2::Error> {
        match tree.get_path(Path::new(path)) {
            Ok(entry) => Ok(content(entry.filemode_raw(), entry.id()).ok()),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Reads the wanted blobs that are not yet known, and forgets others once they pile up: another tree may be asked for in
/// between.
fn fill<T: Send>(
    known: &mut FxHashMap<Oid, T>,
    mut wanted: Vec<Oid>,
    repository: &Repository,
    read: Read<T>,
) -> Result<(), git2::Error> {
    wanted.sort_unstable();
    wanted.dedup();
    let unknown: Vec<Oid> = wanted.iter().copied().filter(|id| !known.contains_key(id)).collect();
    if !unknown.is_empty() {
        let new = read_blobs(repository, &unknown, read)?;
        known.extend(unknown.into_iter().zip(new));
    }
    if known.len() > 2 * wanted.len() + 1024 {
        known.retain(|id, _| wanted.binary_search(id).is_ok());
    }
    Ok(())
}

/// The specs among changed files, read; ordinary pages are left out.
pub(super) fn read_changed(repository: &Repository, wanted: &[(Arc<str>, Oid)]) -> Result<Files, git2::Error> {
    let (pages, specs): (Vec<_>, Vec<_>) = wanted.iter().partition(|(path, _)| is_page_name(path));
    let ids = |files: &[&(Arc<str>, Oid)]| files.iter().map(|(_, id)| *id).collect::<Vec<_>>();
    let named = |files: &[&(Arc<str>, Oid)]| files.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    let found = read_blobs(repository, &ids(&pages), read_page)?;
    let mut files: Files =
        named(&pages).into_iter().zip(found).filter_map(|(path, file)| Some((path, file?))).collect();
    files.extend(named(&specs).into_iter().zip(read_blobs(repository, &ids(&specs), read_blob)?));
    Ok(files)
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

/// Reads one blob.
type Read<T> = fn(&Odb<'_>, Oid) -> Result<T, git2::Error>;

/// Reads blobs, in their order, with as many threads as pay.
fn read_blobs<T: Send>(repository: &Repository, ids: &[Oid], read: Read<T>) -> Result<Vec<T>, git2::Error> {
    if ids.len() <= BLOBS_PER_THREAD {
        let odb = repository.odb()?;
        return ids.iter().map(|&id| read(&odb, id)).collect();
    }
    let place = repository.commondir();
    let share = (ids.len() / (rayon::current_num_threads() * 4)).max(BLOBS_PER_THREAD);
    let shares: Result<Vec<Vec<T>>, git2::Error> = ids
        .par_chunks(share)
        .map(|ids| {
            let repository = Repository::open(place)?;
            let odb = repository.odb()?;
            ids.iter().map(|&id| read(&odb, id)).collect()
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

/// Reads Markdown that is a spec; nothing where it is an ordinary page. Git can only read a blob as a whole, so that one which
/// is larger than anybody's decision is an ordinary page unseen.
fn read_page(odb: &Odb<'_>, id: Oid) -> Result<Option<SourceFile>, git2::Error> {
    let (bytes, _) = odb.read_header(id)?;
    if bytes > PAGE_BYTES {
        return Ok(None);
    }
    let blob = odb.read(id)?;
    Ok(is_spec(blob.data()).then(|| match bytes > FILE_BYTES {
        true => SourceFile::too_large(bytes as u64),
        false => SourceFile::of_bytes(blob.data().to_vec()),
    }))
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
        let files = read_blobs(&fixture.repository, &ids, read_blob).unwrap();
        assert!(files.iter().zip(&texts).all(|(file, text)| &**file.text().unwrap() == text.as_str()));
    }
}
