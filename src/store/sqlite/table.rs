//! The live table of a store: how it is mapped, and what was last seen of it.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use rustc_hash::FxHashMap;

use super::columns::Ways;
use super::connect::is_migrated;
use super::fault::Done;
use super::layout::{Layout, Shape, quoted};
use super::records::{self, Made};
use super::writer;
use crate::config::Mapping;
use crate::store::Settings;

/// Under which name a connection has the database of the live table, where it is not Abide's own.
pub(super) const TEAM: &str = "team";

/// A mapped table. What it looks like is looked up once for each version of the schema and of the ledger, since a look
/// costs more than many a transaction.
pub(super) struct Table {
    pub(super) mapping: Mapping,
    /// The URL of the database that it lies in, where that is another than Abide's.
    pub(super) team: Option<Arc<str>>,
    pub(super) settings: Settings,
    pub(super) ways: Ways,
    seen: Mutex<Option<Seen>>,
}

struct Seen {
    schema: i64,
    /// The ledger's version; none where there is no ledger yet.
    ledger: Option<u64>,
    shape: Arc<Shape>,
    on_record: Arc<FxHashMap<String, Made>>,
}

impl Table {
    pub(super) const fn new(mapping: Mapping, settings: Settings, team: Option<Arc<str>>) -> Self {
        Self { mapping, settings, team, ways: Ways::new(), seen: Mutex::new(None) }
    }

    /// Whether it lies in another database than Abide's own tables.
    pub(super) const fn is_apart(&self) -> bool {
        self.team.is_some()
    }

    /// Under which name a connection has the database of the live table.
    pub(super) const fn schema(&self) -> &'static str {
        if self.is_apart() { TEAM } else { "main" }
    }

    /// A name of the live table's database, quoted and with the database before it.
    pub(super) fn qualified(&self, name: &str) -> String {
        format!("{}.{}", self.schema(), quoted(name))
    }

    /// The table as it is in this transaction.
    pub(super) fn seen(&self, conn: &Connection) -> Done<Layout<'_>> {
        let schema: i64 = conn
            .prepare_cached(&format!("PRAGMA {}.schema_version", self.schema()))?
            .query_row([], |row| row.get(0))?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let before = seen.take().filter(|seen| seen.schema == schema);
        let ledger = match &before {
            Some(Seen { ledger: None, .. }) => None,
            Some(_) => Some(writer::version(conn)?),
            None if is_migrated(conn)? => Some(writer::version(conn)?),
            None => None,
        };
        let now = match before {
            Some(before) if before.ledger == ledger => before,
            before => {
                let shape = before.map_or_else(|| Shape::of(conn, self).map(Arc::new), |it| Ok(it.shape))?;
                let on_record = if ledger.is_some() { records::tasks(conn)? } else { FxHashMap::default() };
                Seen { schema, ledger, shape, on_record: Arc::new(on_record) }
            }
        };
        let layout = Layout {
            table: self,
            mapping: &self.mapping,
            shape: now.shape.clone(),
            on_record: now.on_record.clone(),
            is_migrated: ledger.is_some(),
        };
        *seen = Some(now);
        Ok(layout)
    }

    /// Forgets what it looked like: another file may be the database now.
    pub(super) fn forget(&self) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
