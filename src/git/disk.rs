//! Reads spec files from the disk, many at a time.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::scope::{IGNORE_FILE, Scope, clean, is_hidden, is_spec_name, join, slashed};
use super::{SourceError, limits};
use crate::catalog::SourceFile;
use crate::yaml::limits::FILE_BYTES;

/// Spec files by their shown path.
pub(super) type Files = BTreeMap<Arc<str>, SourceFile>;

/// What stands in for a folder that holds a repository of its own.
pub(super) const SUBMODULE: &str =
    "this folder is a git repository of its own (a submodule); Abide reads one repository: commit the files themselves";
/// What stands in for a symbolic link.
pub(super) const SYMLINK: &str = "this is a symbolic link; Abide follows none: commit the file itself";

/// Something found in the spec folder: where it is seen, and its place on the disk or what is wrong with it.
type Found = (Arc<str>, Result<PathBuf, Arc<str>>);

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
            found.push((clean_shown(&shown).into(), Ok(place)));
        } else {
            let scope = scope_on_disk(base, &shown);
            list(&scope, &place, &mut found)?;
        }
    }
    read_all(found, base)
}

/// Reads the spec folder `folder` below `root`; one that is not there has no files.
pub(super) fn read_folder(root: &Path, folder: &str) -> Result<(Scope, Files), SourceError> {
    fs::metadata(root).map_err(|error| out_of_reach(root, &error))?;
    let scope = scope_on_disk(root, folder);
    let mut found = Vec::new();
    let place = root.join(scope.folder());
    match fs::metadata(&place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(out_of_reach(&place, &error)),
        Ok(_) => list(&scope, &place, &mut found)?,
    }
    let files = read_all(found, root)?;
    Ok((scope, files))
}

/// The scope as the ignore files on the disk have it.
fn scope_on_disk(root: &Path, folder: &str) -> Scope {
    let read = |path: &str| -> Result<Option<String>, std::convert::Infallible> {
        Ok(fs::read(root.join(path)).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    };
    match Scope::new(folder, read) {
        Ok(scope) => scope,
        Err(never) => match never {},
    }
}

/// Adds all spec files below `place`, which is the scope's folder.
fn list(scope: &Scope, place: &Path, found: &mut Vec<Found>) -> Result<(), SourceError> {
    let mut folders = vec![(String::new(), place.to_owned())];
    for (file, problem) in scope.problems() {
        found.push((file.clone(), Err(problem.as_str().into())));
    }
    while let Some((within, place)) = folders.pop() {
        let entries = match fs::read_dir(&place) {
            Err(error) if within.is_empty() => return Err(out_of_reach(&place, &error)),
            Err(error) => {
                found.push((scope.shown(&within), Err(cannot_read("folder", &error))));
                continue;
            }
            Ok(entries) => entries,
        };
        let before = (found.len(), folders.len());
        for entry in entries {
            match entry {
                Ok(entry) if !within.is_empty() && entry.file_name() == ".git" => {
                    found.truncate(before.0);
                    folders.truncate(before.1);
                    found.push((scope.shown(&within), Err(SUBMODULE.into())));
                    break;
                }
                Ok(entry) => {
                    sort_in(scope, &entry, join(&within, &entry.file_name().to_string_lossy()), &mut folders, found)
                }
                Err(error) => found.push((scope.shown(&within), Err(cannot_read("folder", &error)))),
            }
        }
        if found.len() > limits::FILES {
            return Err(too_many(place.as_path()));
        }
    }
    Ok(())
}

/// Puts an entry of a folder among the folders to be listed, or among what was found, or leaves it out.
fn sort_in(
    scope: &Scope,
    entry: &fs::DirEntry,
    within: String,
    folders: &mut Vec<(String, PathBuf)>,
    found: &mut Vec<Found>,
) {
    let kind = match entry.file_type() {
        Ok(kind) => kind,
        Err(error) => return found.push((scope.shown(&within), Err(cannot_read("file", &error)))),
    };
    if kind.is_dir() {
        if scope.enters(&within) {
            folders.push((within, entry.path()));
        }
    } else if is_spec_name(&within) && !is_hidden(&within) && scope.admits(&within) {
        let content = if kind.is_file() {
            Ok(entry.path())
        } else if kind.is_symlink() {
            Err(SYMLINK.into())
        } else {
            Err("this is a device, a pipe or a socket, and no file".into())
        };
        found.push((scope.shown(&within), content));
    }
}

/// Reads what was found.
fn read_all(found: Vec<Found>, root: &Path) -> Result<Files, SourceError> {
    if found.len() > limits::FILES {
        return Err(too_many(root));
    }
    let mut files: Vec<(Arc<str>, SourceFile)> = found
        .into_par_iter()
        .map(|(shown, place)| {
            let file = match place {
                Ok(place) => read_file(&place),
                Err(words) => SourceFile::unreadable(words),
            };
            (shown, file)
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
