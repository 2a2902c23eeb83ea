//! The files of `examples/agency`, and the folder that they are put into.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{DemoError, MARK, MARK_TEXT};

macro_rules! files {
    ($($path:literal),+ $(,)?) => { [$(($path, include_str!(concat!("../../examples/agency/", $path)))),+] };
}

/// Path and text of every file.
pub(super) const FILES: [(&str, &str); 13] = files![
    ".gitignore",
    "README.md",
    "abide.toml",
    "agents/llm/gateway.js",
    "agents/outreach/write_mail.js",
    "runbooks/rollback.md",
    "specs/agents.yaml",
    "specs/approvals.yaml",
    "specs/assignments.yaml",
    "specs/decisions.yaml",
    "specs/roles.yaml",
    "specs/slos.yaml",
    "specs/waivers.yaml",
];

/// Makes sure that the folder is there, empty but for the mark, and a demo's own. Says whether a demo stood there before.
pub(super) fn clear(folder: &Path) -> Result<bool, DemoError> {
    let again = match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(source) => return Err(of(folder, source)),
        Ok(found) if !found.is_dir() => return Err(DemoError::NoFolder(folder.to_owned())),
        Ok(_) => empty(folder)?,
    };
    put(folder, MARK, MARK_TEXT)?;
    Ok(again)
}

/// Empties a demo's own folder; one of somebody else must be empty already.
fn empty(folder: &Path) -> Result<bool, DemoError> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = entries.map_err(|source| of(folder, source))?;
    let own = fs::read(folder.join(MARK)).is_ok_and(|text| text == MARK_TEXT.as_bytes());
    if !own && !entries.is_empty() {
        return Err(DemoError::Foreign(folder.to_owned()));
    }
    // The mark goes last, so that a run that was cut short is still known as a demo's own.
    for entry in entries.iter().filter(|entry| entry.file_name() != MARK) {
        let path = entry.path();
        let is_folder = entry.file_type().map_err(|source| of(&path, source))?.is_dir();
        let gone = if is_folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        gone.map_err(|source| of(&path, source))?;
    }
    Ok(own)
}

/// Writes a file, with the folders above it.
pub(super) fn put(folder: &Path, path: &str, text: &str) -> Result<(), DemoError> {
    let path = folder.join(path);
    let parent = path.parent().unwrap_or(folder);
    let written = fs::create_dir_all(parent).and_then(|()| fs::write(&path, text));
    written.map_err(|source| of(&path, source))
}

fn of(path: impl Into<PathBuf>, source: io::Error) -> DemoError {
    DemoError::File { path: path.into(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_what_the_example_holds() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/agency");
        let mut found: Vec<String> = ignore::WalkBuilder::new(&root)
            .standard_filters(false)
            .build()
            .map(Result::unwrap)
            .filter(|entry| entry.path().is_file())
            .map(|entry| entry.path().strip_prefix(&root).unwrap().to_str().unwrap().to_owned())
            .collect();
        found.sort();
        assert_eq!(found, FILES.map(|(path, _)| path));
    }
}
