//! The files of one revision, as git or a folder gives them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{Digest, Revision};

/// The identity of a file's content. Equal content, equal blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Blob(pub Digest);

/// All spec files of one revision. Cheap to clone: contents are shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceTree {
    /// Which revision.
    pub revision: Revision,
    /// By path from the root of the tree, with forward slashes.
    pub files: BTreeMap<Arc<str>, SourceFile>,
    /// Files that git saw renamed since the revision before: from, to.
    pub renames: Vec<(Arc<str>, Arc<str>)>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The identity of its content.
    pub blob: Blob,
    /// Its content.
    pub content: Content,
}

/// How one state of the spec files differs from another. Only what differs is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The state before.
    pub from: Revision,
    /// The files that have another content now, or are gone, as they were.
    pub before: BTreeMap<Arc<str>, SourceFile>,
    /// The files that had another content, or were not there, as they are; none where they are those on the disk.
    pub after: BTreeMap<Arc<str>, SourceFile>,
    /// The paths of the files that had another content or were not there.
    pub touched: BTreeSet<Arc<str>>,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Text.
    Text(Arc<str>),
    /// Bytes that are no UTF-8: how many of the first are.
    NotUtf8(usize),
    /// More than a spec file may have: so many bytes.
    TooLarge(u64),
    /// Something that is no regular file, or that could not be read: what it is, in words.
    Unreadable(Arc<str>),
}

impl SourceTree {
    /// A tree of texts, for tests and for input that comes from no repository.
    pub fn of_texts<P: Into<Arc<str>>, T: Into<Arc<str>>>(texts: impl IntoIterator<Item = (P, T)>) -> Self {
        let files: BTreeMap<Arc<str>, SourceFile> =
            texts.into_iter().map(|(path, text)| (path.into(), SourceFile::of_text(text.into()))).collect();
        let revision = Self::digest(&files);
        Self { revision, files, renames: Vec::new() }
    }

    /// What differs between this state and another.
    pub fn change_to(&self, to: &Self) -> Change {
        let differs = |(path, file): &(&Arc<str>, &SourceFile), other: &Self| {
            other.files.get(*path).is_none_or(|there| there.blob != file.blob)
        };
        let owned = |(path, file): (&Arc<str>, &SourceFile)| (path.clone(), file.clone());
        let before = self.files.iter().filter(|it| differs(it, to)).map(owned).collect();
        let after: BTreeMap<_, _> = to.files.iter().filter(|it| differs(it, self)).map(owned).collect();
        let touched = after.keys().cloned().collect();
        Change { from: self.revision.clone(), before, after, touched }
    }

    /// How the revision of a folder ends, so that nobody takes it for a commit.
    pub const FOLDER: &'static str = "-folder";

    /// The revision of files that are in no repository: a digest of them all.
    pub fn digest(files: &BTreeMap<Arc<str>, SourceFile>) -> Revision {
        let hash = files.iter().fold(crate::model::Hasher::default(), |hasher, (path, file)| {
            hasher.part(path.as_bytes()).part(file.blob.0.to_string())
        });
        Revision::new(hash.finish().short(40) + Self::FOLDER)
    }
}

impl SourceFile {
    /// A file with that text.
    pub fn of_text(text: Arc<str>) -> Self {
        Self { blob: Blob(Digest::of(text.as_bytes())), content: Content::Text(text) }
    }

    /// A file with those bytes, within the limits.
    pub fn of_bytes(bytes: Vec<u8>) -> Self {
        if bytes.len() > crate::yaml::limits::FILE_BYTES {
            return Self::too_large(bytes.len() as u64);
        }
        let blob = Blob(Digest::of(&bytes));
        let content = match String::from_utf8(bytes) {
            Ok(text) => Content::Text(text.into()),
            Err(error) => Content::NotUtf8(error.utf8_error().valid_up_to()),
        };
        Self { blob, content }
    }

    /// A file that is larger than a spec may be; its content is not read.
    pub fn too_large(bytes: u64) -> Self {
        Self { blob: Blob(Digest::of(format!("too large: {bytes}"))), content: Content::TooLarge(bytes) }
    }

    /// Something that cannot be read as a file, in words.
    pub fn unreadable(words: impl Into<Arc<str>>) -> Self {
        let words = words.into();
        Self { blob: Blob(Digest::of(format!("unreadable: {words}"))), content: Content::Unreadable(words) }
    }

    /// Its text, where it has one.
    pub const fn text(&self) -> Option<&Arc<str>> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }
}
