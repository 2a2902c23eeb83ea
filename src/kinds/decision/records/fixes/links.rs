//! Links to files that have another name now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::families::{is_alike, resolved};
use super::super::identity::of_file;
use super::{Record, edit, line_of, only};
use crate::diagnostic::Edit;

/// Links of one record that are looked at for the names of their files.
const LINKS: usize = 1000;

/// Gives links whose file has another name now that name.
pub(super) fn mend(record: &Record, names: &Names<'_>, texts: &dyn Fn(&str) -> Option<Arc<str>>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (to, line) in record.links.iter().take(LINKS) {
        let Some(path) = resolved(&record.file, to).filter(|path| !names.all.contains(&**path)) else { continue };
        let Some(file) = names.meant(&path).filter(|file| !record.file.ends_with(*file)) else { continue };
        let Some(text) = texts(&record.file) else { continue };
        let Some((range, whole)) = line_of(&text, *line) else { continue };
        let Some(at) = only(whole, &format!("]({to})")).filter(|_| !file.contains([' ', '(', ')'])) else { continue };
        let bare = to.split(['#', '?']).next().unwrap_or_default();
        let folder = bare.rfind('/').map_or(0, |slash| slash + 1);
        let begin = range.start + at.start + 2;
        edits.push(edit(record, begin + folder..begin + bare.len(), *line, file.to_owned()));
    }
    edits
}

/// The files of folders, as links ask for them.
pub(super) struct Names<'a> {
    all: BTreeSet<&'a str>,
    /// By folder and name in small letters.
    alike: BTreeMap<(String, String), Vec<&'a str>>,
    /// By folder, prefix and number.
    counted: BTreeMap<(String, String, u32), Vec<&'a str>>,
}

impl<'a> Names<'a> {
    /// Of those files.
    pub(super) fn of(files: &'a [Arc<str>]) -> Self {
        let (mut alike, mut counted) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
        for file in files {
            let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
            alike.entry((folder.to_owned(), name.to_ascii_lowercase())).or_default().push(name);
            if let Some(id) = name.strip_suffix(".md").and_then(of_file) {
                counted.entry((folder.to_owned(), id.prefix, id.number)).or_default().push(name);
            }
        }
        Self { all: files.iter().map(|file| &**file).collect(), alike, counted }
    }

    /// The one file that a path without a file can only mean: of the same name in other letters, or of the same
    /// number and called alike.
    fn meant(&self, path: &str) -> Option<&'a str> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let found = |all: Option<&Vec<&'a str>>| match all.map(Vec::as_slice) {
            Some([one]) => Some(*one),
            _ => None,
        };
        let counted = || {
            let id = name.strip_suffix(".md").and_then(of_file)?;
            found(self.counted.get(&(folder.to_owned(), id.prefix, id.number))).filter(|file| is_alike(file, name))
        };
        found(self.alike.get(&(folder.to_owned(), name.to_ascii_lowercase()))).or_else(counted)
    }
}
