//! Reads spec files from the disk, many at a time.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::scope::{Folders, IGNORE_FILE, Scope, clean, is_page_name, join, slashed};
use super::{SourceError, limits};
use crate::catalog::SourceFile;
use crate::kinds::decision::markdown::{is_spec, may_be_spec};
use crate::yaml::limits::FILE_BYTES;

/// Spec files by their shown path.
pub(super) type Files = BTreeMap<Arc<str>, SourceFile>;

/// What stands in for a folder that holds a repository of its own.
pub(super) const SUBMODULE: &str =
    "this folder is a git repository of its own (a submodule); Abide reads one repository: commit the files themselves";
/// What stands in for a symbolic link.
pub(super) const SYMLINK: &str = "this is a symbolic link; Abide follows none: commit the file itself";

/// Something that may be a spec: where it is seen, and where it lies or what is wrong with it.
type Found = (Arc<str>, Result<Lies, Arc<str>>);

/// A file on the disk.
enum Lies {
    /// One that is a spec, or that somebody named.
    Spec(PathBuf),
    /// Markdown, of which only a look tells whether it is one.
    Page(PathBuf),
}

/// Bytes of a page that are read to see whether it begins as a spec.
const FIRST_BYTES: u64 = 8;
/// Bytes of a page that has more than a spec may have, which are read to see whether it was meant as one.
const FRONT_BYTES: u64 = 64 << 10;

/// Reads the spec files under each of the paths, without a look at git. Paths are relative to `base`, which is the folder of
/// `abide.toml`; a path may be a file too, which is then read whatever its name. Files are named relative to `base`.
///
/// # Errors
/// [`SourceError::OutOfReach`] when one of the paths does not exist or cannot be listed; [`SourceError::TooLarge`] beyond
/// [`limits::FILES`].
pub fn read_files(base: &Path, paths: &[PathBuf]) -> Result<BTreeMap<Arc<str>, SourceFile>, SourceError> {
    let mut found = Vec::new();
    for path in paths {
        let place = base.join(path);
        let shown = place.strip_prefix(base).map_or_else(|_| path.to_string_lossy().into_owned(), slashed);
        let unreachable = |error: io::Error| out_of_reach(&place, &error);
        if fs::metadata(&place).map_err(unreachable)?.is_file() {
            found.push((clean_shown(&shown).into(), Ok(Lies::Spec(place))));
        } else {
            let scope = scope_on_disk(base, Folders::new(&shown, &[]));
            tell_problems(&scope, &mut found);
            list(&scope, scope.folders().specs(), &place, &mut found)?;
        }
    }
    read_all(found, base)
}

/// Reads all specs as a folder has them: those below `path`, and Markdown below each of `records`. A folder that is not there has
/// none. Files are named relative to `base`.
///
/// # Errors
/// As those of [`read_files`], but for folders that are not there.
pub fn read_specs(base: &Path, path: &str, records: &[String]) -> Result<BTreeMap<Arc<str>, SourceFile>, SourceError> {
    read_folders(base, Folders::new(path, records)).map(|(_, files)| files)
}

/// Reads the specs of those folders below `root`; one that is not there has none.
pub(super) fn read_folders(root: &Path, folders: Folders) -> Result<(Scope, Files), SourceError> {
    fs::metadata(root).map_err(|error| out_of_reach(root, &error))?;
    let scope = scope_on_disk(root, folders);
    let mut found = Vec::new();
    let specs = root.join(scope.folders().specs());
    match fs::metadata(&specs) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(out_of_reach(&specs, &error)),
        Ok(_) => {
            tell_problems(&scope, &mut found);
            list(&scope, scope.folders().specs(), &specs, &mut found)?;
        }
    }
    for folder in scope.folders().records() {
        let place = root.join(folder);
        match fs::metadata(&place) {
            Ok(there) if there.is_dir() => list(&scope, folder, &place, &mut found)?,
            // Whoever keeps no records has a folder of that name or none, as they like.
            Ok(_) => {}
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(error) => return Err(out_of_reach(&place, &error)),
        }
    }
    let files = read_all(found, root)?;
    Ok((scope, files))
}

/// The scope as the ignore files on the disk have it.
fn scope_on_disk(root: &Path, folders: Folders) -> Scope {
    let read = |path: &str| -> Result<Option<String>, std::convert::Infallible> {
        Ok(fs::read(root.join(path)).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    };
    match Scope::new(folders, read) {
        Ok(scope) => scope,
        Err(never) => match never {},
    }
}

/// Adds what is wrong with the ignore files.
fn tell_problems(scope: &Scope, found: &mut Vec<Found>) {
    found.extend(scope.problems().iter().map(|(file, problem)| (file.clone(), Err(problem.as_str().into()))));
}

/// Adds all that may be a spec below one of the scope's folders, which lies at that place.
fn list(scope: &Scope, folder: &str, place: &Path, found: &mut Vec<Found>) -> Result<(), SourceError> {
    let mut folders = vec![(folder.to_owned(), place.to_owned())];
    while let Some((path, place)) = folders.pop() {
        let is_first = path == folder;
        let entries = match fs::read_dir(&place) {
            Err(error) if is_first => return Err(out_of_reach(&place, &error)),
            Err(error) => {
                found.push((path.into(), Err(cannot_read("folder", &error))));
                continue;
            }
            Ok(entries) => entries,
        };
        let before = (found.len(), folders.len());
        for entry in entries {
            match entry {
                Ok(entry) if !is_first && entry.file_name() == ".git" => {
                    found.truncate(before.0);
                    folders.truncate(before.1);
                    found.extend(submodule(scope, &path));
                    break;
                }
                Ok(entry) => {
                    sort_in(scope, &entry, join(&path, &entry.file_name().to_string_lossy()), &mut folders, found)
                }
                Err(error) => found.push((path.as_str().into(), Err(cannot_read("folder", &error)))),
            }
        }
        if found.len() > limits::FILES {
            return Err(too_many(place.as_path()));
        }
    }
    Ok(())
}

/// A repository of its own within the specs is told; among other pages nobody need have meant specs by it.
fn submodule(scope: &Scope, path: &str) -> Option<Found> {
    scope.folders().of_specs(path).then(|| (path.into(), Err(SUBMODULE.into())))
}

/// Puts an entry of a folder among the folders to be listed, or among what was found, or leaves it out.
fn sort_in(
    scope: &Scope,
    entry: &fs::DirEntry,
    path: String,
    folders: &mut Vec<(String, PathBuf)>,
    found: &mut Vec<Found>,
) {
    let kind = match entry.file_type() {
        Ok(kind) => kind,
        Err(error) => return found.push((path.into(), Err(cannot_read("file", &error)))),
    };
    if kind.is_dir() {
        if scope.enters(&path) {
            folders.push((path, entry.path()));
        }
    } else if scope.admits(&path) {
        let content = match (is_page_name(&path), kind.is_file()) {
            (true, true) => Ok(Lies::Page(entry.path())),
            // No file of its own is an ordinary page: links between pages are common, and are nobody's specs.
            (true, false) => return,
            (false, true) => Ok(Lies::Spec(entry.path())),
            (false, false) if kind.is_symlink() => Err(SYMLINK.into()),
            (false, false) => Err("this is a device, a pipe or a socket, and no file".into()),
        };
        found.push((path.into(), content));
    }
}

/// Reads what was found.
fn read_all(found: Vec<Found>, root: &Path) -> Result<Files, SourceError> {
    if found.len() > limits::FILES {
        return Err(too_many(root));
    }
    let mut files: Vec<(Arc<str>, SourceFile)> = found
        .into_par_iter()
        .filter_map(|(shown, content)| {
            let file = match content {
                Ok(Lies::Spec(place)) => read_file(&place),
                Ok(Lies::Page(place)) => read_page(&place)?,
                Err(words) => SourceFile::unreadable(words),
            };
            Some((shown, file))
        })
        .collect();
    files.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
    Ok(files.into_iter().collect())
}

/// Reads one file, within the limits.
pub(super) fn read_file(place: &Path) -> SourceFile {
    let read = || -> io::Result<SourceFile> {
        let file = fs::File::open(place)?;
        let length = file.metadata()?.len();
        if length > FILE_BYTES as u64 {
            return Ok(SourceFile::too_large(length));
        }
        let mut bytes = Vec::with_capacity(length as usize + 1);
        file.take(FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > FILE_BYTES {
            return Ok(SourceFile::too_large(bytes.len() as u64));
        }
        Ok(SourceFile::of_bytes(bytes))
    };
    read().unwrap_or_else(|error| SourceFile::unreadable(cannot_read("file", &error)))
}

/// Reads Markdown that is a spec; nothing where it is an ordinary page, which costs a look at its first bytes.
fn read_page(place: &Path) -> Option<SourceFile> {
    let read = || -> io::Result<Option<SourceFile>> {
        let mut file = fs::File::open(place)?;
        let mut bytes = Vec::new();
        file.by_ref().take(FIRST_BYTES).read_to_end(&mut bytes)?;
        if !may_be_spec(&bytes) {
            return Ok(None);
        }
        let length = file.metadata()?.len();
        let most = if length > FILE_BYTES as u64 { FRONT_BYTES } else { FILE_BYTES as u64 + 1 };
        file.take(most).read_to_end(&mut bytes)?;
        Ok(is_spec(&bytes).then(|| match length > FILE_BYTES as u64 {
            true => SourceFile::too_large(length),
            false => SourceFile::of_bytes(bytes),
        }))
    };
    read().unwrap_or_else(|error| Some(SourceFile::unreadable(cannot_read("file", &error))))
}

fn clean_shown(shown: &str) -> String {
    if shown.starts_with('/') { shown.to_owned() } else { clean(shown) }
}

fn cannot_read(what: &str, error: &io::Error) -> Arc<str> {
    format!("the {what} cannot be read: {error}").into()
}

fn out_of_reach(place: &Path, error: &io::Error) -> SourceError {
    SourceError::OutOfReach { repository: place.to_string_lossy().into(), reason: format!("{error}") }
}

fn too_many(place: &Path) -> SourceError {
    SourceError::TooLarge {
        repository: place.to_string_lossy().into(),
        reason: format!(
            "it holds more than {} spec files; name a narrower `[specs] path` or leave files out in {IGNORE_FILE}",
            limits::FILES
        ),
    }
}
