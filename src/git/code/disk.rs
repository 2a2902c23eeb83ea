//! The files of a folder on the disk, without those that git ignores.

use std::io;
use std::path::Path;

use super::super::limits;
use super::super::scope::slashed;
use super::{CodeFile, FileId, Id};
use crate::model::Digest;

/// Abide's own folder, which is no evidence of anything.
const OWN_FOLDER: &str = ".abide";

/// The paths of all files below a folder that git would not ignore. What lies in another repository within one is none of
/// its files: specs that CI puts beside the code, for instance.
pub(super) fn walk(folder: &Path, is_repository: bool) -> Result<Vec<String>, ignore::Error> {
    let mut builder = ignore::WalkBuilder::new(folder);
    builder.hidden(false).ignore(false).parents(false).filter_entry(move |entry| {
        let name = entry.file_name();
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let is_nested = || is_repository && is_folder && entry.depth() > 0 && entry.path().join(".git").exists();
        name != ".git" && name != OWN_FOLDER && !is_nested()
    });
    let mut paths = Vec::new();
    for entry in builder.build() {
        let entry = match entry {
            Ok(entry) => entry,
            // What went away in the meantime is not there. Any other error might hide what is looked for.
            Err(error) if error.depth() > Some(0) && is_gone(&error) => continue,
            Err(error) => return Err(error),
        };
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        if let Ok(path) = entry.path().strip_prefix(folder)
            && !is_folder
        {
            paths.push(slashed(path));
        }
    }
    Ok(paths)
}

/// Whether a path lies in Abide's own folder.
pub(super) fn is_own(path: &str) -> bool {
    path.split('/').any(|part| part == OWN_FOLDER)
}

/// A file of the disk with its identity; nothing where it is gone or a folder.
pub(super) fn stamped(folder: &Path, path: String) -> Option<CodeFile> {
    let place = folder.join(&path);
    let metadata = std::fs::symlink_metadata(&place).ok()?;
    let id = if metadata.is_file() {
        let written = metadata.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
        let stamp = format!("{}\0{}\0{written:?}", place.display(), metadata.len());
        Id::Disk(Digest::of(stamp))
    } else {
        Id::Other
    };
    // A folder that the index names is a submodule.
    Some(CodeFile { path: path.into(), id: FileId(id) })
}

/// The bytes of a file on the disk; nothing where it is too large or has gone.
pub(super) fn read(place: &Path) -> Result<Option<Vec<u8>>, git2::Error> {
    let read = || -> io::Result<Option<Vec<u8>>> {
        let small = std::fs::metadata(place)?.len() <= limits::CODE_BYTES as u64;
        if small { std::fs::read(place).map(Some) } else { Ok(None) }
    };
    match read() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(git2::Error::from_str(&format!("{}: {error}", place.display()))),
        Ok(bytes) => Ok(bytes),
    }
}

fn is_gone(error: &ignore::Error) -> bool {
    error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}
