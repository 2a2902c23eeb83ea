//! Whole repositories as evidence: their files at a revision or on the disk, to be read by somebody who looks for something.

mod disk;
mod listing;
mod since;
mod trust;

pub use listing::{Changes, CodeFile, Listing};
pub use since::{Since, Standing, work_tree};

use std::path::{Path, PathBuf};
use std::sync::Arc;

use git2::{Commit, ErrorCode, Odb, Oid, Repository};
use rayon::prelude::*;

use super::address::Address;
use super::history;
use super::mirror::Mirror;
use super::scope::Folders;
use super::trees::Trees;
use super::{SourceConfig, SourceError, limits};
use crate::model::{Digest, Hasher, Revision};

/// Files share a thread in groups of this size.
const FILES_PER_SHARE: usize = 256;

/// A repository on this machine or elsewhere, or a folder in none. Calls block; keep them off async threads.
pub struct Code {
    place: Place,
    /// For messages.
    trees: Trees,
    listed: Option<(Oid, Arc<Listing>)>,
}

enum Place {
    Here(PathBuf),
    Elsewhere(Box<Mirror>),
}

/// Which state of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At<'a> {
    /// Its HEAD, or the files of a folder that is in no repository.
    Head,
    /// The commit of that name.
    Revision(&'a str),
    /// The files as they lie on the disk, without those that git ignores.
    Working,
}

/// What a file holds, told apart without reading it. Equal ids, equal content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileId(Id);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Id {
    Blob(Oid),
    /// A file on the disk: of its place, its length and when it was written.
    Disk(Digest),
    /// A link or a submodule: there, but not to be read.
    Other,
}

impl FileId {
    /// Whether there is something to read.
    pub const fn is_readable(self) -> bool {
        !matches!(self.0, Id::Other)
    }
}

impl Code {
    /// The repository at a path, relative to `base`, or at a URL, which is mirrored at `mirror`.
    fn new(repository: &str, base: &Path, mirror: PathBuf, token: Option<String>) -> Self {
        let (name, place) = match Address::parse(repository) {
            Some(address) => {
                let mirror = Mirror::new(address, mirror, token);
                (mirror.name.clone(), Place::Elsewhere(Box::new(mirror)))
            }
            None => (base.join(repository).to_string_lossy().into(), Place::Here(base.join(repository))),
        };
        Self { place, trees: Trees::new(name, String::new(), Folders::default()), listed: None }
    }

    /// Another repository, named by a spec and mirrored at `mirror` where it is remote. The token of the configuration goes only to
    /// hosts that the spec repository itself is on, or comes from: whoever writes a spec must not get it.
    pub fn beside_specs(repository: &str, config: &SourceConfig, mirror: PathBuf) -> Self {
        let token = trust::token_for(repository, config);
        Self::new(repository, &config.base, mirror, token)
    }

    /// The repository that the specs are in, as a whole.
    pub fn of_specs(config: &SourceConfig) -> Self {
        Self::new(&config.repository, &config.base, config.base.join(&config.mirror), config.token.clone())
    }

    /// Whether its state must be fetched to be known.
    pub const fn is_remote(&self) -> bool {
        matches!(self.place, Place::Elsewhere(_))
    }

    /// Fetches a remote repository; nothing to do for others.
    ///
    /// # Errors
    /// [`SourceError`] when it is out of reach.
    pub fn fetch(&mut self) -> Result<(), SourceError> {
        match &mut self.place {
            Place::Elsewhere(mirror) => mirror.fetch().map(|_| ()),
            Place::Here(_) => Ok(()),
        }
    }

    /// Its files, as they were fetched last.
    ///
    /// # Errors
    /// [`SourceError`] when it is out of reach, has no such revision or too many files.
    pub fn list(&mut self, at: At<'_>) -> Result<Arc<Listing>, SourceError> {
        let repository = match self.repository()? {
            Some(repository) if at == At::Working => return self.list_folder(Some(&repository)).map(Arc::new),
            Some(repository) => repository,
            None => match (at, &self.place) {
                (At::Revision(revision), _) => return Err(self.no_history(revision)),
                (_, Place::Here(_)) => return self.list_folder(None).map(Arc::new),
                (_, Place::Elsewhere(_)) => return Err(self.unreachable("it is not mirrored yet")),
            },
        };
        let commit = match at {
            At::Revision(revision) => history::named(&self.trees, &repository, revision)?,
            At::Head | At::Working => history::tip(&self.trees, &repository, None)?,
        };
        match &self.listed {
            Some((id, listing)) if *id == commit.id() => Ok(listing.clone()),
            before => {
                let since = before.as_ref().and_then(|(id, before)| listing::since(&repository, *id, before, &commit));
                let listing = match since {
                    Some(listing) => listing,
                    None => self.list_tree(&repository, &commit)?,
                };
                self.bound(listing.files.len())?;
                let listing = Arc::new(listing);
                self.listed = Some((commit.id(), listing.clone()));
                Ok(listing)
            }
        }
    }

    fn list_tree(&self, repository: &Repository, commit: &Commit<'_>) -> Result<Listing, SourceError> {
        let files = listing::whole(repository, commit.tree_id(), limits::CODE_FILES);
        let files = files.map_err(|error| self.trees.out_of_reach(&error))?;
        Ok(Listing { revision: Some(listing::revision(commit)), files, ..Listing::default() })
    }

    fn repository(&mut self) -> Result<Option<Repository>, SourceError> {
        let opened = match &mut self.place {
            Place::Elsewhere(mirror) => Repository::open_bare(mirror.opened()?.path()),
            Place::Here(place) => match std::fs::metadata(&place) {
                Ok(_) => Repository::discover(&place),
                Err(error) => return Err(self.unreachable(&error.to_string())),
            },
        };
        match opened {
            Ok(repository) => Ok(Some(repository)),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(self.trees.out_of_reach(&error)),
        }
    }

    fn unreachable(&self, reason: &str) -> SourceError {
        SourceError::OutOfReach { repository: self.trees.name.clone(), reason: reason.to_owned() }
    }

    fn no_history(&self, revision: &str) -> SourceError {
        let reason = "it is a folder without git and has no revisions".to_owned();
        SourceError::NoRevision { repository: self.trees.name.clone(), revision: revision.to_owned(), reason }
    }

    fn bound(&self, files: usize) -> Result<(), SourceError> {
        if files <= limits::CODE_FILES {
            return Ok(());
        }
        let reason = format!("it has more than {} files", limits::CODE_FILES);
        Err(SourceError::TooLarge { repository: self.trees.name.clone(), reason })
    }

    /// All files on the disk, in order: of the repository's working tree, or of the folder.
    fn list_folder(&self, repository: Option<&Repository>) -> Result<Listing, SourceError> {
        let folder = match (repository, &self.place) {
            (Some(repository), _) => repository.workdir().map(Path::to_owned),
            (None, Place::Here(place)) => Some(place.clone()),
            (None, Place::Elsewhere(_)) => None,
        };
        let folder = folder.ok_or_else(|| self.unreachable("it has no working tree"))?;
        let mut paths: Vec<String> =
            disk::walk(&folder, repository.is_some()).map_err(|error| self.unreachable(&error.to_string()))?;
        if let Some(index) = repository.map(Repository::index) {
            // What is committed counts although git would ignore it if it were new.
            let index = index.map_err(|error| self.trees.out_of_reach(&error))?;
            paths.extend(index.iter().map(|entry| String::from_utf8_lossy(&entry.path).into_owned()));
        }
        paths.sort_unstable();
        paths.dedup();
        self.bound(paths.len())?;
        let files: Vec<CodeFile> = paths.into_par_iter().filter_map(|path| disk::stamped(&folder, path)).collect();
        let hash = files
            .iter()
            .fold(Hasher::default(), |hasher, file| hasher.part(file.path.as_bytes()).part(format!("{:?}", file.id.0)));
        let revision = Some(Revision::new(hash.finish().short(40)));
        Ok(Listing { revision, files, folder: Some(folder), changes: None })
    }

    /// Reads files of a listing and hands each to `look`, in order, with what stands beside it; nothing where one is larger than
    /// [`limits::CODE_BYTES`] or cannot be read as a file.
    ///
    /// # Errors
    /// [`SourceError`] when the repository cannot be read.
    pub fn read<T: Send, H: Copy + Sync>(
        &mut self,
        listing: &Listing,
        files: &[(&CodeFile, H)],
        look: impl Fn(&CodeFile, H, Option<&[u8]>) -> T + Sync,
    ) -> Result<Vec<T>, SourceError> {
        let repository = if listing.folder.is_some() { None } else { self.repository()? };
        let objects = repository.as_ref().map(Repository::commondir);
        let shares: Result<Vec<Vec<T>>, git2::Error> = files
            .par_chunks(FILES_PER_SHARE)
            .map(|files| {
                let repository = objects.map(Repository::open).transpose()?;
                let odb = repository.as_ref().map(Repository::odb).transpose()?;
                let look = |(file, how): &(&CodeFile, H)| {
                    Ok(look(file, *how, content(file, odb.as_ref(), listing)?.as_deref()))
                };
                files.iter().map(look).collect()
            })
            .collect();
        Ok(shares.map_err(|error| self.trees.out_of_reach(&error))?.into_iter().flatten().collect())
    }
}

/// The bytes of a file; nothing where it is too large or not to be read.
fn content(file: &CodeFile, odb: Option<&Odb<'_>>, listing: &Listing) -> Result<Option<Vec<u8>>, git2::Error> {
    match (file.id.0, odb, &listing.folder) {
        (Id::Blob(id), Some(odb), _) if odb.read_header(id)?.0 <= limits::CODE_BYTES => {
            Ok(Some(odb.read(id)?.data().to_vec()))
        }
        (Id::Disk(_), _, Some(folder)) => disk::read(&folder.join(&*file.path)),
        _ => Ok(None),
    }
}
