//! Mirrors and watches repositories, and yields their trees. Never a checkout.

mod address;
mod change;
mod code;
mod committed;
mod disk;
mod fetch;
mod history;
mod introduced;
mod local;
mod mirror;
mod remote;
mod scope;
mod signed;
mod trees;
mod watch;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

pub use code::{At, Changes, Code, CodeFile, FileId, Listing, Since, Standing, work_tree};
pub use committed::committed;
pub use disk::{read_files, read_specs};
pub(crate) use fetch::base64;
pub use introduced::Wanted;
pub use watch::{WatchError, Watcher};

use crate::catalog::{Change, SourceFile, SourceTree};
use crate::model::{Provenance, Revision};

/// Where spec trees come from: a git repository, or a folder that is in none. Calls block; keep them off async threads.
pub trait SpecSource: Send {
    /// What a look at the newest state costs, for somebody who wants to look often.
    fn effort(&mut self) -> Effort;

    /// The revision that [`head`](Self::head) would give now, for somebody who asks often; nothing where only reading all files can
    /// tell. A remote repository is fetched from.
    ///
    /// # Errors
    /// As those of [`head`](Self::head).
    fn tip(&mut self) -> Result<Option<Revision>, SourceError> {
        Ok(None)
    }

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

    /// What a revision changed, or the files on the disk where none is given. A commit is compared with its first parent,
    /// files that differ from their commit with that, and either with where it and `against` parted, if that is given.
    ///
    /// # Errors
    /// [`SourceError`] when the repository is out of reach or has no `against`.
    fn before(&mut self, _revision: Option<&Revision>, _against: Option<&str>) -> Result<Before, SourceError> {
        Ok(Before::Nothing)
    }

    /// The branches that are not in `base`, or not in what is checked out where none is given, each with what it changed
    /// since it left; those of a remote as they were last fetched.
    ///
    /// # Errors
    /// [`SourceError`] when the repository is out of reach.
    fn branches(&mut self, _base: Option<&Revision>) -> Result<Vec<BranchTip>, SourceError> {
        Ok(Vec::new())
    }

    /// The commit that brought a document in, and who signed it.
    ///
    /// # Errors
    /// [`SourceError`] when the history cannot be read.
    fn introduced(&mut self, _wanted: &Wanted<'_>) -> Result<Provenance, SourceError> {
        Ok(Provenance::Unknown("the specs are in no git repository, so that nobody can tell who wrote them".into()))
    }

    /// A digest of where all branches are: another one, and some branch has moved. Nothing is fetched for it.
    ///
    /// # Errors
    /// [`SourceError`] when the repository is out of reach.
    fn tips(&mut self) -> Result<Revision, SourceError> {
        Ok(Revision::new(""))
    }
}

/// What there was before a state of the specs.
#[derive(Debug, Clone)]
pub enum Before {
    /// Another state, from which it differs so.
    Change(Change),
    /// Nothing: it is the first commit, or in no repository.
    Nothing,
    /// Nobody knows: the repository was cloned without its history.
    CutOff,
}

/// A branch that has something that another has not.
#[derive(Debug, Clone)]
pub struct BranchTip {
    /// Its name; that of a remote's branch with the remote's: `origin/main`.
    pub name: Arc<str>,
    /// What it changed since it left.
    pub change: Change,
}

/// What a look at the newest state costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Next to nothing: a reference is read.
    Slight,
    /// All files are read.
    Files,
    /// Somebody else's server is asked.
    Network,
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

/// Where the specs are. Its debug form leaves out what may be secret.
#[derive(Clone, Default)]
pub struct SourceConfig {
    /// A path, relative to `base`, or a URL.
    pub repository: String,
    /// The branch whose newest commit counts; the repository's HEAD unless given.
    pub branch: Option<String>,
    /// The folder of the specs: relative to `base` where the repository holds it, else to the repository's root.
    pub path: String,
    /// Folders beside it in which decisions may be Markdown; one that is not there has none.
    pub records: Vec<String>,
    /// The folder of `abide.toml`.
    pub base: PathBuf,
    /// Where a bare mirror of a remote repository may be kept.
    pub mirror: PathBuf,
    /// A token for a repository over HTTPS, where its URL has none.
    pub token: Option<String>,
}

impl std::fmt::Debug for SourceConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let repository = address::Address::parse(&self.repository).map(|address| address.to_string());
        f.debug_struct("SourceConfig")
            .field("repository", repository.as_ref().unwrap_or(&self.repository))
            .field("branch", &self.branch)
            .field("path", &self.path)
            .field("records", &self.records)
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

/// Whether the specs are on somebody else's server, so that there are no files of them here.
pub fn is_remote(config: &SourceConfig) -> bool {
    address::Address::parse(&config.repository).is_some()
}

/// The source that the configuration asks for. Nothing is opened or fetched before it is asked something.
pub fn open(config: SourceConfig) -> Box<dyn SpecSource> {
    if let Some(address) = address::Address::parse(&config.repository) {
        let folders = scope::Folders::new(&config.path, &config.records);
        let mirror = mirror::Mirror::new(address, config.base.join(&config.mirror), config.token);
        return Box::new(remote::Remote::new(mirror, config.branch, folders));
    }
    let name: Arc<str> = config.base.join(&config.repository).to_string_lossy().into();
    Box::new(local::Local::new(config, name))
}

/// What a spec repository may cost at most.
pub mod limits {
    /// Spec files in one tree.
    pub const FILES: usize = 100_000;
    /// Commits looked at for earlier versions of a file.
    pub const HISTORY: usize = 2_000;
    /// Commits gone back through for the one that brought a document in.
    pub const PROVENANCE: usize = 20_000;
    /// Bytes of versions of one file that are read to find the commit that brought a document in.
    pub const WALK_BYTES: usize = 64 << 20;
    /// Times that a document may have been taken out and brought back by merges.
    pub const BROUGHT_BACK: usize = 16;
    /// Things of history that are remembered between two questions.
    pub const REMEMBERED: usize = 500_000;
    /// Signatures that are no good, or cannot be checked, before no more are checked for a revision.
    pub const FAULTY_SIGNATURES: usize = 100;
    /// Bytes of a commit whose signature is checked.
    pub const COMMIT_BYTES: usize = 1 << 20;
    /// Bytes of a name or an e-mail address in a commit.
    pub const PERSON_BYTES: usize = 256;
    /// Branches looked at beside the one that counts.
    pub const BRANCHES: usize = 1_000;
    /// Files of a repository that is looked at as evidence.
    pub const CODE_FILES: usize = 1_000_000;
    /// Bytes of a file that is looked into as evidence.
    pub const CODE_BYTES: usize = 4 << 20;
    /// Bytes received in one fetch.
    pub const FETCH_BYTES: u64 = 2 << 30;
}
