//! Opening the database file: to write it, or only to read it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::fault::{Done, Fault, away};
use super::files::{Files, Team};
use super::table::TEAM;
use crate::model::Durability;
use crate::store::StoreError;

mod embedded {
    refinery::embed_migrations!("src/store/sqlite/migrations");
}

/// Below this, SQLite can lose a database when a write-ahead log is reset: <https://sqlite.org/releaselog/3_51_3.html>.
pub(super) const LEAST_VERSION: i32 = 3_051_003;

/// How long a write waits for another's to end.
const BUSY: Duration = Duration::from_secs(10);

/// The bytes of a page of a new file. A claim touches some ten pages, and each goes into the log whole: with pages half of SQLite's
/// usual size a queue writes half as much.
const PAGE: u32 = 2_048;

/// How many pages the log may have before it goes into the database: 32 MiB of a new file. Each time SQLite waits for the disk, so a
/// queue of small commits would wait after every few dozen of them.
const LOG_PAGES: u32 = 16_000;

/// What connections are opened with besides reading or writing. Only Abide's own parts of a URI are ever in one.
const FLAGS: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX.union(OpenFlags::SQLITE_OPEN_URI);

/// Opens the files to write them. Abide's own is made where it is missing only if `create` allows; the team's never is.
pub(super) fn writer(files: &Files, create: bool, durability: Durability) -> Result<Connection, StoreError> {
    let (url, path) = (&files.url, &files.path);
    let unreachable = |reason: String| StoreError::OutOfReach { url: url.clone(), reason };
    if rusqlite::version_number() < LEAST_VERSION {
        return Err(unreachable(format!("SQLite {} may lose data; 3.51.3 is the least", rusqlite::version())));
    }
    if let Some(team) = &files.team {
        is_there(&team.url, &team.path)?;
    }
    if !path.exists() {
        if !create {
            is_there(url, path)?;
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        parent.map_or(Ok(()), std::fs::create_dir_all).map_err(|error| unreachable(error.to_string()))?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | FLAGS;
    let open = || -> Done<Connection> {
        let mut conn = Connection::open_with_flags(path, flags)?;
        conn.busy_timeout(BUSY)?;
        conn.pragma_update(None, "page_size", PAGE)?;
        log_ahead(&conn)?;
        conn.pragma_update(None, "cache_size", -16_384)?;
        // What a savepoint goes back to is kept in memory: else a pass that opens thousands of tasks writes most pages twice.
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        conn.pragma_update(None, "synchronous", synchronous(durability))?;
        conn.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
        conn.pragma_update(None, "foreign_keys", true)?;
        conn.set_prepared_statement_cache_capacity(256);
        // Else, on a database that somebody has run ANALYZE on, SQLite plans a statement anew for each value that is bound in it.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        migrate(&mut conn)?;
        Ok(conn)
    };
    let conn = open().map_err(|fault| fault.at(url))?;
    if let Some(team) = &files.team {
        attach(&conn, team, "rw")?;
        // For this connection alone: what the file itself says of its journal stays as the team has set it.
        let set = conn.pragma_update(Some(TEAM), "synchronous", synchronous(durability));
        set.map_err(|error| away(&team.url, &error))?;
    }
    Ok(conn)
}

const fn synchronous(durability: Durability) -> &'static str {
    match durability {
        Durability::Full => "FULL",
        Durability::Normal => "NORMAL",
    }
}

/// Opens the files to read them. Abide's own may be missing where the tasks are in another.
pub(super) fn reader(files: &Files) -> Result<Connection, StoreError> {
    let (url, path) = (&files.url, &files.path);
    let open = || -> rusqlite::Result<Connection> {
        let conn = if files.team.is_some() && !path.exists() {
            Connection::open_in_memory_with_flags(OpenFlags::SQLITE_OPEN_READ_WRITE | FLAGS)?
        } else {
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | FLAGS)?
        };
        conn.busy_timeout(BUSY)?;
        conn.pragma_update(None, "cache_size", -16_384)?;
        // Fails here, and not in the middle of something, where the file is no database.
        conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(conn)
    };
    match &files.team {
        None => {
            is_there(url, path)?;
            open().map_err(|error| away(url, &error))
        }
        Some(team) => {
            is_there(&team.url, &team.path)?;
            let conn = open().map_err(|error| away(url, &error))?;
            attach(&conn, team, "ro")?;
            Ok(conn)
        }
    }
}

fn is_there(url: &Arc<str>, path: &Path) -> Result<(), StoreError> {
    if path.exists() {
        return Ok(());
    }
    let reason = "there is no such file, and the task table is expected in it".into();
    Err(StoreError::OutOfReach { url: url.clone(), reason })
}

/// Brings the team's database into the connection. It is never made, and nothing of it is changed.
fn attach(conn: &Connection, team: &Team, mode: &str) -> Result<(), StoreError> {
    let Some(path) = team.path.to_str() else {
        let reason = "its path is not UTF-8".into();
        return Err(StoreError::OutOfReach { url: team.url.clone(), reason });
    };
    let attach = || -> rusqlite::Result<()> {
        conn.execute(&format!("ATTACH ? AS {TEAM}"), [format!("file:{}?mode={mode}", escaped(path))])?;
        conn.pragma_update(Some(TEAM), "cache_size", -16_384)?;
        conn.query_row(&format!("SELECT count(*) FROM {TEAM}.sqlite_schema"), [], |_| Ok(()))
    };
    attach().map_err(|error| away(&team.url, &error))
}

/// A path as a URI has it.
fn escaped(path: &str) -> String {
    path.replace('%', "%25").replace('?', "%3f").replace('#', "%23")
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
    conn.query_row("SELECT count(*) FROM main.sqlite_schema WHERE type = 'table' AND name = 'abide_state'", [], |row| {
        row.get::<_, i64>(0).map(|count| count > 0)
    })
}

/// Refuses tables of an earlier version: whoever may not write cannot bring them up to date.
pub(super) fn must_be_current(url: &Arc<str>, conn: &Connection) -> Result<(), StoreError> {
    let sql = "SELECT coalesce(max(version), 0) FROM main.abide_schema_history";
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

/// How often migrating is begun anew where another process does the same.
const TRIES: u32 = 20;

/// Brings Abide's tables up to date: all of it in one transaction, so that a crash leaves none half done. Another process that
/// does the same at once is seen by that its tables are there already; then a second look finds nothing left to do.
#[expect(
    clippy::disallowed_methods,
    reason = "databases are opened off the async threads, and this ends within half a second"
)]
fn migrate(conn: &mut Connection) -> Done<()> {
    let mut tries = 1;
    while let Err(fault) = migrate_once(conn) {
        if tries == TRIES {
            return Err(fault);
        }
        tries += 1;
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn migrate_once(conn: &mut Connection) -> Done<()> {
    let mut runner = embedded::migrations::runner().set_grouped(true);
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
