//! Mirrors and watches repositories, and yields their trees. Never a checkout.

use std::sync::Arc;

use crate::catalog::{SourceFile, SourceTree};
use crate::model::Revision;

/// Where spec trees come from: a git repository, or a folder that is in none. Calls block; keep them off async threads.
pub trait SpecSource: Send {
    /// The tree of the configured branch's newest commit, fetched first where the repository is remote. `before` is the
    /// tree of the last call: its contents are reused, and renames are told relative to it.
    ///
    /// # Errors
    /// [`SourceError`] when the repository is out of reach or has no such branch; the world is then left as it is.
    fn head(&mut self, before: Option<&SourceTree>) -> Result<SourceTree, SourceError>;

    /// The tree of any revision that the repository can name.
    ///
    /// # Errors
    /// [`SourceError`] when the revision is unknown or the repository out of reach.
    fn at(&mut self, revision: &str) -> Result<SourceTree, SourceError>;

    /// The files as they lie on the disk, committed or not. Their revision is the commit's id when nothing differs from
    /// it, that id with `-dirty` when something does, and a digest where there is no repository.
    ///
    /// # Errors
    /// [`SourceError`] when the repository is a remote one or the folder cannot be read.
    fn working(&mut self) -> Result<SourceTree, SourceError>;

    /// Earlier versions of a file, newest first, each different from the one after it, at most `most`; none where there
    /// is no history.
    ///
    /// # Errors
    /// [`SourceError`] when the history cannot be read.
    fn earlier(&mut self, from: &Revision, path: &str, most: usize)
    -> Result<Vec<(Revision, SourceFile)>, SourceError>;

    /// Whether `new` comes after `old` in history or is the same; true as well where there is no history to rewrite.
    ///
    /// # Errors
    /// [`SourceError`] when the repository is out of reach.
    fn continues(&mut self, old: &Revision, new: &Revision) -> Result<bool, SourceError>;
}

/// Why a tree could not be had.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SourceError {
    /// The repository cannot be reached or opened.
    #[error("the repository {repository} is out of reach: {reason}")]
    OutOfReach {
        /// Its path or URL, without credentials.
        repository: Arc<str>,
        /// What git says.
        reason: String,
    },
    /// The repository has no such branch or revision.
    #[error("the repository {repository} has no `{revision}`: {reason}")]
    NoRevision {
        /// Its path or URL, without credentials.
        repository: Arc<str>,
        /// What was asked for.
        revision: String,
        /// What git says, and what there is instead.
        reason: String,
    },
    /// More files or bytes than the limits allow.
    #[error("the tree of {repository} is too large: {reason}")]
    TooLarge {
        /// Its path or URL, without credentials.
        repository: Arc<str>,
        /// Which limit.
        reason: String,
    },
}
