//! The files of a store, and connections that know which files they were opened on.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

use crate::config::Mapping;
use crate::store::{MappingError, StoreError};

/// Abide's own file, and the team's where the live tasks lie in another one.
pub(super) struct Files {
    pub(super) url: Arc<str>,
    pub(super) path: PathBuf,
    pub(super) team: Option<Team>,
}

/// The team's own database file.
pub(super) struct Team {
    pub(super) url: Arc<str>,
    pub(super) path: PathBuf,
}

impl Files {
    /// The files of a store's `sqlite:PATH` URL and of what a mapping says beside it.
    ///
    /// # Errors
    /// When one of the URLs is none of SQLite.
    pub(super) fn of(url: &str, mapping: &Mapping) -> Result<Self, StoreError> {
        let path = path("store.url", url)?;
        let team = mapping.url.as_deref().filter(|other| *other != url);
        let team = team.map(|url| Ok::<_, StoreError>(Team { url: url.into(), path: self::path("tasks.url", url)? }));
        // One file under two names is one database: two transactions on it would wait for each other.
        let team = team.transpose()?.filter(|team| !is_same(&team.path, &path));
        Ok(Self { url: url.into(), path, team })
    }

    /// One file by itself, whatever is in it. `key` says where its URL was written.
    ///
    /// # Errors
    /// When the URL is none of SQLite.
    pub(super) fn alone(key: &str, url: &str) -> Result<Self, StoreError> {
        Ok(Self { url: url.into(), path: path(key, url)?, team: None })
    }

    /// The databases as errors name them.
    pub(super) fn name(&self) -> Arc<str> {
        match &self.team {
            None => self.url.clone(),
            Some(team) => format!("{} with the tasks in {}", self.url, team.url).into(),
        }
    }

    fn identity(&self) -> (Option<Identity>, Option<Identity>) {
        (identity(&self.path), self.team.as_ref().and_then(|team| identity(&team.path)))
    }
}

/// The file of a `sqlite:` URL.
fn path(key: &str, url: &str) -> Result<PathBuf, StoreError> {
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
    match path.filter(|path| !path.is_empty()) {
        Some(path) => Ok(PathBuf::from(path)),
        // No waiting brings it within reach, so it is a mistake of the configuration.
        None => Err(MappingError {
            key: key.into(),
            column: None,
            value: None,
            row: None,
            what: format!("`{}` is no database that can be opened; only SQLite is supported so far", public(url)),
            fix: "Write `sqlite:PATH`.".into(),
        }
        .into()),
    }
}

/// A URL without the credentials before its host: what is printed may be read by anybody.
fn public(url: &str) -> String {
    match url.split_once("://").map(|(scheme, rest)| (scheme, rest.rsplit_once('@'))) {
        Some((scheme, Some((_, host)))) => format!("{scheme}://{host}"),
        _ => url.to_owned(),
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| std::fs::canonicalize(path).ok();
    one == other || whole(one).is_some_and(|one| Some(one) == whole(other))
}

/// A connection and the files that it was opened on.
pub(super) struct Link {
    pub(super) conn: Connection,
    files: (Option<Identity>, Option<Identity>),
}

impl Link {
    pub(super) fn new(conn: Connection, files: &Files) -> Self {
        Self { conn, files: files.identity() }
    }

    /// Whether the files are still those that were opened. SQLite itself would go on with deleted ones.
    pub(super) fn is_current(&self, files: &Files) -> bool {
        self.files == files.identity()
    }
}

/// What tells one file from another of the same name.
type Identity = (u64, u64);

/// None where there is no file.
#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    path.metadata().ok().map(|file| (file.dev(), file.ino()))
}

/// Elsewhere an open file can be neither deleted nor replaced.
#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    path.exists().then_some((0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_printed() {
        let error = path("store.url", "postgres://u:se@cret@host/db").unwrap_err().to_string();
        assert!(error.contains("`postgres://host/db` is no database") && !error.contains("cret"), "{error}");
    }

    #[test]
    fn one_file_under_two_names_is_one_database() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| format!("sqlite:{}", folder.path().join(path).display());
        std::fs::write(folder.path().join("a.db"), "").unwrap();
        let team = |url: String| Files::of(&at("a.db"), &Mapping { url: Some(url), ..Mapping::own() }).unwrap().team;
        assert!(team(at("a.db")).is_none() && team(at("./a.db")).is_none());
        assert!(team(at("b.db")).is_some());
    }
}
