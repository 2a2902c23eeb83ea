//! A bare mirror of a remote repository: its branches and tags, and nothing checked out.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use git2::{AutotagOption, FetchOptions, FetchPrune, RemoteCallbacks, Repository, RepositoryInitOptions};

use super::address::{Address, Scheme};
use super::fetch::{self, Advertised, FetchError};
use super::{SourceError, limits};

/// The branches and tags that are mirrored, under their own names.
const REFSPECS: [&str; 2] = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];

/// A mirror of one repository.
pub(super) struct Mirror {
    /// Its URL without credentials.
    pub(super) name: Arc<str>,
    address: Address,
    place: PathBuf,
    token: Option<String>,
    repository: Option<Repository>,
    /// Bytes that one fetch may receive.
    limit: u64,
}

impl Mirror {
    /// The mirror of that address at that place, not yet made.
    pub(super) fn new(address: Address, place: PathBuf, token: Option<String>) -> Self {
        let name = address.to_string().into();
        Self { name, address, place, token, repository: None, limit: limits::FETCH_BYTES }
    }

    /// The mirror as it is, made where it is not there yet.
    pub(super) fn opened(&mut self) -> Result<&Repository, SourceError> {
        if self.repository.as_ref().is_none_or(|repository| !repository.path().exists()) {
            let opened = open_or_make(&self.place).map_err(|error| self.out_of_reach(&FetchError::Mirror(error)))?;
            self.repository = Some(opened);
        }
        self.repository
            .as_ref()
            .ok_or_else(|| self.out_of_reach(&FetchError::Protocol("the mirror is not open".into())))
    }

    /// Brings the mirror up to date. One that cannot be is left as it was.
    pub(super) fn fetch(&mut self) -> Result<&Repository, SourceError> {
        let (address, token, limit) = (self.address.clone(), self.token.clone(), self.limit);
        let repository = self.opened()?;
        let fetched = match address.scheme {
            Scheme::File => fetch_files(&address, repository, limit),
            _ => fetch::fetch(&address, token.as_deref(), repository, limit)
                .and_then(|advertised| Ok(move_refs(repository, &advertised)?)),
        };
        match fetched {
            Ok(()) => self.opened(),
            Err(error) => Err(self.out_of_reach(&error)),
        }
    }

    fn out_of_reach(&self, error: &FetchError) -> SourceError {
        match error {
            FetchError::TooLarge => SourceError::TooLarge { repository: self.name.clone(), reason: error.to_string() },
            error => SourceError::OutOfReach { repository: self.name.clone(), reason: error.to_string() },
        }
    }

    #[cfg(test)]
    pub(super) const fn limited(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }
}

fn open_or_make(place: &Path) -> Result<Repository, git2::Error> {
    match Repository::open_bare(place) {
        Err(error) if error.code() == git2::ErrorCode::NotFound => {
            let mut options = RepositoryInitOptions::new();
            Repository::init_opts(place, options.bare(true).mkpath(true).external_template(false).initial_head("main"))
        }
        opened => opened,
    }
}

/// Fetches from a path on this machine, which git2 does by itself.
fn fetch_files(address: &Address, mirror: &Repository, limit: u64) -> Result<(), FetchError> {
    let mut too_large = false;
    let mut callbacks = RemoteCallbacks::new();
    callbacks.transfer_progress(|progress| {
        too_large = progress.received_bytes() as u64 > limit;
        !too_large
    });
    let mut options = FetchOptions::new();
    options.remote_callbacks(callbacks).prune(FetchPrune::On).download_tags(AutotagOption::None);
    let mut remote = mirror.remote_anonymous(&address.to_string())?;
    let fetched = remote.fetch(&REFSPECS, Some(&mut options), None);
    drop(options);
    match fetched {
        Err(_) if too_large => Err(FetchError::TooLarge),
        Err(error) => Err(FetchError::Connection(error.message().trim().to_owned())),
        Ok(()) => {
            if let Ok(head) = remote.default_branch() {
                mirror.set_head_bytes(&head)?;
            }
            Ok(())
        }
    }
}

/// Moves the mirror's references to what the other side has, and drops those that it has no longer.
fn move_refs(mirror: &Repository, advertised: &Advertised) -> Result<(), git2::Error> {
    let gone: Vec<String> = mirror
        .references()?
        .flatten()
        .filter_map(|reference| reference.name().ok().map(str::to_owned))
        .filter(|name| name.starts_with("refs/heads/") || name.starts_with("refs/tags/"))
        .filter(|name| !advertised.refs.iter().any(|(kept, _)| kept == name))
        .collect();
    // What is gone goes first: `a` may have to make room for `a/b`.
    let mut removals = mirror.transaction()?;
    for name in gone {
        removals.lock_ref(&name)?;
        removals.remove(&name)?;
    }
    removals.commit()?;
    let mut moves = mirror.transaction()?;
    for (name, id) in &advertised.refs {
        if mirror.refname_to_id(name).ok() != Some(*id) {
            moves.lock_ref(name)?;
            moves.set_target(name, *id, None, "fetch")?;
        }
    }
    moves.commit()?;
    match &advertised.head {
        Some(head) => mirror.set_head(head),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Fixture;
    use super::super::{SourceConfig, open};
    use super::*;

    #[test]
    fn a_path_is_mirrored_refetched_and_survives_its_loss() {
        let (fixture, place) = (Fixture::of(&[("specs/a.yaml", "1")]), tempfile::tempdir().unwrap());
        let repository = format!("file://{}", fixture.path().display());
        let (path, mirror) = ("specs".to_owned(), place.path().join("deep/mirror"));
        let mut source = open(SourceConfig { repository, path, mirror, ..SourceConfig::default() });
        let before = source.head(None).unwrap();
        let gone = fixture.commit(&[("specs/a.yaml", "2")]);
        fixture.branch("old", gone);
        let after = source.head(Some(&before)).unwrap();
        assert_eq!(&**after.files["specs/a.yaml"].text().unwrap(), "2");
        fixture.repository.find_reference("refs/heads/old").unwrap().delete().unwrap();
        source.head(Some(&after)).unwrap();
        assert!(source.at("old").is_err());
        drop(fixture);
        let error = source.head(Some(&after)).unwrap_err();
        assert!(matches!(error, SourceError::OutOfReach { .. }), "{error}");
        assert_eq!(source.at("main").unwrap().files, after.files);
        assert!(source.working().unwrap_err().to_string().contains("--rev"));
    }

    #[test]
    fn the_default_branch_is_that_of_the_other_side() {
        let (fixture, place) = (Fixture::new(), tempfile::tempdir().unwrap());
        fixture.repository.set_head("refs/heads/trunk").unwrap();
        let commit = fixture.commit(&[("specs/a.yaml", "1")]);
        let address = Address::parse(&format!("file://{}", fixture.path().display())).unwrap();
        let mut mirror = Mirror::new(address, place.path().join("m"), None);
        assert_eq!(mirror.fetch().unwrap().head().unwrap().target(), Some(commit));
    }

    #[test]
    fn a_fetch_beyond_the_limit_is_broken_off() {
        let (fixture, place) = (Fixture::of(&[("specs/a.yaml", "1")]), tempfile::tempdir().unwrap());
        let address = Address::parse(&format!("file://{}", fixture.path().display())).unwrap();
        let mut mirror = Mirror::new(address, place.path().join("m"), None).limited(0);
        let error = mirror.fetch().err().unwrap();
        assert!(matches!(error, SourceError::TooLarge { .. }), "{error}");
    }
}
