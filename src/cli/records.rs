//! Decision records in Markdown: which files may hold some, and what is read of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalog::{Content, SourceFile};
use crate::cli::{CliError, Exit};
use crate::engine::EngineError;
use crate::git::read_files;
use crate::kinds::decision::records::{Collection, Source, read};

/// A file that may hold records.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The file as people named it, with slashes.
    pub shown: Arc<str>,
    /// The file below the folder that was named.
    pub name: String,
    /// Its content.
    pub file: SourceFile,
    /// Whether somebody named it.
    pub named: bool,
}

/// What this can read.
const MARKDOWN: [&str; 3] = ["md", "markdown", "mdx"];

/// What records are written in too, and this cannot read.
const OTHERS: [&str; 5] = ["adoc", "asciidoc", "rst", "org", "textile"];

/// Folders below folders, at most.
const DEPTH: usize = 32;

/// Finds all files, in order and each once.
pub(super) fn find(paths: &[PathBuf]) -> Result<Vec<Found>, CliError> {
    let mut all: BTreeMap<Arc<str>, Found> = BTreeMap::new();
    for path in paths {
        for found in find_in(path)? {
            all.entry(found.shown.clone()).or_insert(found);
        }
    }
    Ok(all.into_values().collect())
}

/// Reads all files together, so that each may refer to every other.
pub(super) fn collect(inputs: &[Found]) -> Collection {
    let mut unread = Vec::new();
    let mut sources = Vec::new();
    for Found { shown, file, named, .. } in inputs {
        match &file.content {
            Content::Text(text) => sources.push(Source { file: shown.clone(), text, named: *named }),
            Content::NotUtf8(valid) => unread.push((shown.clone(), 1, format!("it is not UTF-8 behind byte {valid}"))),
            Content::TooLarge(bytes) => {
                unread.push((shown.clone(), 1, format!("it has {bytes} bytes, and a file may have at most 1 MiB")));
            }
            Content::Unreadable(why) => unread.push((shown.clone(), 1, why.to_string())),
        }
    }
    let mut collection = read(&sources);
    collection.unread.extend(unread);
    collection.unread.sort();
    collection
}

fn find_in(path: &Path) -> Result<Vec<Found>, CliError> {
    let whole = std::path::absolute(path).map_err(|error| CliError::usage(format!("{}: {error}", path.display())))?;
    if !whole.exists() {
        let error = CliError::usage(format!("there is no {}", path.display()));
        return Err(CliError { exit: Exit::NothingMatched, ..error });
    }
    let named = whole.is_file();
    let (base, names) = match (named, whole.parent(), whole.file_name()) {
        (true, Some(folder), Some(name)) => (folder.to_path_buf(), vec![PathBuf::from(name)]),
        _ => {
            let mut names = Vec::new();
            list(&whole, Path::new(""), 0, &mut names)?;
            names.sort();
            (whole, names)
        }
    };
    let files = read_files(&base, &names).map_err(EngineError::from)?;
    let found = files.into_iter().map(|(name, file)| {
        let shown = if named { path.to_path_buf() } else { path.join(&*name) };
        let shown = shown.to_string_lossy().replace('\\', "/");
        let file = if is_one_of(&name, &OTHERS) { SourceFile::unreadable(NOT_MARKDOWN) } else { file };
        Found { shown: shown.strip_prefix("./").unwrap_or(&shown).into(), name: name.to_string(), file, named }
    });
    Ok(found.collect())
}

const NOT_MARKDOWN: &str = "it is no Markdown, and no other form is read";

fn list(base: &Path, within: &Path, depth: usize, names: &mut Vec<PathBuf>) -> Result<(), CliError> {
    let place = base.join(within);
    let failed = |error: std::io::Error| CliError::usage(format!("{} cannot be read: {error}", place.display()));
    for entry in fs::read_dir(&place).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (name, kind) = (entry.file_name(), entry.file_type().map_err(failed)?);
        let text = name.to_string_lossy();
        if text.starts_with('.') || text == "node_modules" {
            continue;
        }
        // What a link leads to is no file of this folder.
        if kind.is_dir() && depth < DEPTH {
            list(base, &within.join(&name), depth + 1, names)?;
        } else if kind.is_file() && (is_one_of(&text, &MARKDOWN) || (is_one_of(&text, &OTHERS) && has_number(&text))) {
            names.push(within.join(&name));
        }
    }
    Ok(())
}

fn is_one_of(name: &str, endings: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&&*ending.to_lowercase()))
}

/// Whether a file that is no Markdown is called like a record.
fn has_number(name: &str) -> bool {
    let name = name.to_lowercase();
    name.trim_start_matches("adr").trim_start_matches(['-', '_']).starts_with(|c: char| c.is_ascii_digit())
}
