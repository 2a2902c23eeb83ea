//! What somebody who shows places of code wants to know of it: its texts, where it stands in history, what changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{CodeSource, RepositoryAt, SpecsAt};
use crate::git::{At, Code, CodeFile, Since, SourceError, Standing};
use crate::model::Timestamp;

impl CodeSource {
    /// The paths of the files that there are now; none where that cannot be told.
    pub fn paths(&mut self, repository: Option<&RepositoryAt>, now: Timestamp) -> Vec<Arc<str>> {
        let listing = self.listing(repository, now);
        listing.map_or_else(|_| Vec::new(), |listing| listing.files.iter().map(|file| file.path.clone()).collect())
    }

    /// The texts of those files, as far as they can be had; what is no UTF-8 in them is replaced.
    pub fn texts(
        &mut self,
        files: &BTreeSet<Arc<str>>,
        repository: Option<&RepositoryAt>,
        now: Timestamp,
    ) -> BTreeMap<Arc<str>, Arc<str>> {
        let Ok(listing) = self.listing(repository, now) else { return BTreeMap::new() };
        let wanted: Vec<(&CodeFile, ())> =
            listing.files.iter().filter(|file| files.contains(&file.path)).map(|file| (file, ())).collect();
        let Some((code, _)) = self.code(repository) else { return BTreeMap::new() };
        let text = |file: &CodeFile, (), bytes: Option<&[u8]>| {
            Some((file.path.clone(), Arc::from(String::from_utf8_lossy(bytes?))))
        };
        // What cannot be read is shown without its lines.
        code.read(&listing, &wanted, text).unwrap_or_default().into_iter().flatten().collect()
    }

    /// Where the code that is looked at stands in history; nothing where it has none.
    pub fn standing(&mut self, repository: Option<&RepositoryAt>, now: Timestamp) -> Option<Standing> {
        self.listing(repository, now).ok()?;
        let (code, at) = self.code(repository)?;
        code.standing(at).ok().flatten()
    }

    /// What the code that is looked at changed since it parted from `reference`.
    ///
    /// # Errors
    /// [`SourceError`] when there is no such reference, no commit in common, or the repository is out of reach.
    pub fn since(
        &mut self,
        reference: &str,
        repository: Option<&RepositoryAt>,
        now: Timestamp,
    ) -> Result<Since, SourceError> {
        // A remote repository must have been fetched. Where that fails, whoever asks a question hears of it.
        let _ = self.listing(repository, now);
        match self.code(repository) {
            Some((code, at)) => code.since(reference, at),
            None => {
                let reason = "it is not open".to_owned();
                Err(SourceError::OutOfReach { repository: self.config.repository.as_str().into(), reason })
            }
        }
    }

    /// The code of a repository that was listed, and which state of it is looked at.
    fn code<'a>(&'a mut self, repository: Option<&'a RepositoryAt>) -> Option<(&'a mut Code, At<'a>)> {
        match (repository, &self.specs_at) {
            (None, SpecsAt::Working) => Some((&mut self.specs, At::Working)),
            (None, SpecsAt::Commit(revision)) => Some((&mut self.specs, At::Revision(revision.as_str()))),
            (Some(repository), _) => {
                let at = repository.reference.as_deref().map_or(At::Head, At::Revision);
                self.others.get_mut(&repository.url).map(|opened| (&mut opened.code, at))
            }
        }
    }
}
