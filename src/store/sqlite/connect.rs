//! Opening the database file: to write it, or only to read it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::fault::{Done, Fault, away};
use crate::model::Durability;
use crate::store::{MappingError, StoreError};

mod embedded {
    refinery::embed_migrations!("src/store/sqlite/migrations");
}

/// Below this, SQLite can lose a database when a write-ahead log is reset: <https://sqlite.org/releaselog/3_51_3.html>.
pub(super) const LEAST_VERSION: i32 = 3_051_003;

/// How long a write waits for another's to end.
const BUSY: Duration = Duration::from_secs(10);

/// The file of a `sqlite:` URL.
pub(super) fn path(url: &Arc<str>) -> Result<PathBuf, StoreError> {
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
    match path.filter(|path| !path.is_empty()) {
        Some(path) => Ok(PathBuf::from(path)),
        // No waiting brings it within reach, so it is a mistake of the configuration.
        None => Err(MappingError {
            key: "store.url".into(),
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

/// A connection and the file that it was opened on.
pub(super) struct Link {
    pub(super) conn: Connection,
    file: Option<(u64, u64)>,
}

impl Link {
    pub(super) fn new(conn: Connection, path: &Path) -> Self {
        Self { conn, file: identity(path) }
    }

    /// Whether the file of that path is still the one that was opened. SQLite itself would go on with a deleted one.
    pub(super) fn is_current(&self, path: &Path) -> bool {
        self.file == identity(path)
    }
}

/// What tells one file from another of the same name; none where there is no file.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    path.metadata().ok().map(|file| (file.dev(), file.ino()))
}

/// Elsewhere an open file can be neither deleted nor replaced.
#[cfg(not(unix))]
fn identity(path: &Path) -> Option<(u64, u64)> {
    path.exists().then_some((0, 0))
}

/// Opens the file to write it. The file is made where it is missing only if `create` allows.
pub(super) fn writer(
    url: &Arc<str>,
    path: &Path,
    create: bool,
    durability: Durability,
) -> Result<Connection, StoreError> {
    let unreachable = |reason: String| StoreError::OutOfReach { url: url.clone(), reason };
    if rusqlite::version_number() < LEAST_VERSION {
        return Err(unreachable(format!("SQLite {} may lose data; 3.51.3 is the least", rusqlite::version())));
    }
    if !path.exists() {
        if !create {
            return Err(unreachable("there is no such file, and the task table is expected in it".into()));
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        parent.map_or(Ok(()), std::fs::create_dir_all).map_err(|error| unreachable(error.to_string()))?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> Done<Connection> {
        let mut conn = Connection::open_with_flags(path, flags)?;
        conn.busy_timeout(BUSY)?;
        log_ahead(&conn)?;
        conn.pragma_update(None, "cache_size", -16_384)?;
        let synchronous = match durability {
            Durability::Full => "FULL",
            Durability::Normal => "NORMAL",
        };
        conn.pragma_update(None, "synchronous", synchronous)?;
        conn.pragma_update(None, "foreign_keys", true)?;
        conn.set_prepared_statement_cache_capacity(64);
        migrate(&mut conn)?;
        Ok(conn)
    };
    open().map_err(|fault| fault.at(url))
}

/// Opens the file to read it.
pub(super) fn reader(url: &Arc<str>, path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> rusqlite::Result<Connection> {
        let conn = Connection::open_with_flags(path, flags)?;
        conn.busy_timeout(BUSY)?;
        conn.pragma_update(None, "cache_size", -16_384)?;
        // Fails here, and not in the middle of something, where the file is no database.
        conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(conn)
    };
    open().map_err(|error| away(url, &error))
}

/// A database of Abide's own tables with nothing in them.
pub(super) fn empty(url: &Arc<str>) -> Result<Connection, StoreError> {
    let open = || -> Done<Connection> {
        let mut conn = Connection::open_in_memory()?;
        migrate(&mut conn)?;
        Ok(conn)
    };
    open().map_err(|fault| fault.at(url))
}

/// Whether the database has Abide's own tables.
pub(super) fn is_migrated(conn: &Connection) -> rusqlite::Result<bool> {
    conn.query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'abide_state'", [], |row| {
        row.get::<_, i64>(0).map(|count| count > 0)
    })
}

/// Refuses tables of an earlier version: whoever may not write cannot bring them up to date.
pub(super) fn must_be_current(url: &Arc<str>, conn: &Connection) -> Result<(), StoreError> {
    let sql = "SELECT coalesce(max(version), 0) FROM abide_schema_history";
    let found: u32 = conn.query_row(sql, [], |row| row.get(0)).map_err(|error| away(url, &error))?;
    let versions = embedded::migrations::runner();
    let wanted = versions.get_migrations().iter().filter_map(|it| u32::try_from(it.version()).ok()).max().unwrap_or(0);
    if found >= wanted { Ok(()) } else { Err(StoreError::Outdated { url: url.clone(), found, wanted }) }
}

/// Sets the write-ahead log. While somebody else uses the file it may stay as it is, which `abide doctor` tells.
fn log_ahead(conn: &Connection) -> rusqlite::Result<()> {
    let set = conn.pragma_update(None, "journal_mode", "WAL");
    set.or_else(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Ok(()),
        _ => Err(error),
    })
}

fn migrate(conn: &mut Connection) -> Done<()> {
    let mut runner = embedded::migrations::runner();
    runner.set_migration_table_name("abide_schema_history");
    let failed = |error: refinery::Error| Fault::Store(StoreError::Damaged(format!("a migration failed: {error}")));
    runner.run(conn).map(|_| ()).map_err(failed)
}

/// What a migration's text comes to, as the history of migrations has it.
#[cfg(test)]
pub(super) fn checksum(version: u32) -> String {
    let runner = embedded::migrations::runner();
    let found = runner.get_migrations().iter().find(|it| u32::try_from(it.version()) == Ok(version));
    found.map(|migration| migration.checksum().to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_printed() {
        let error = path(&"postgres://u:se@cret@host/db".into()).unwrap_err().to_string();
        assert!(error.contains("`postgres://host/db` is no database") && !error.contains("cret"), "{error}");
    }
}
