//! Who has reported, and when last.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::fault::Done;
use super::layout::{Layout, quoted};
use super::row::text_of;
use super::table::Table;
use super::times::{self, Times};
use crate::config::{AgentsTable, Mapping, TimeFormat};
use crate::model::Heartbeat;
use crate::store::MappingError;

/// The last report of each agent, to its team's table or to Abide. One that never reported is not there.
pub(super) fn read(conn: &Connection, table: &Table) -> Done<BTreeMap<Arc<str>, Heartbeat>> {
    let layout = Layout::of(conn, table)?;
    let mut found = BTreeMap::new();
    if let Some(agents) = &table.mapping.agents {
        of_table(conn, agents, agents.time.unwrap_or(table.mapping.time), &mut found)?;
    }
    // Where the team's agents report elsewhere, some may still report to Abide.
    let own = Mapping::own();
    if let Some(agents) = own.agents.filter(|_| layout.is_migrated && !table.mapping.own) {
        of_table(conn, &agents, own.time, &mut found)?;
    }
    Ok(found)
}

fn of_table(
    conn: &Connection,
    agents: &AgentsTable,
    time: TimeFormat,
    found: &mut BTreeMap<Arc<str>, Heartbeat>,
) -> Done<()> {
    let role = agents.role.as_deref().map_or_else(|| "NULL".to_owned(), quoted);
    let sql =
        format!("SELECT {}, {role}, {} FROM {}", quoted(&agents.name), quoted(&agents.seen), quoted(&agents.table));
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut reader = Times::new(time);
    while let Some(row) = rows.next()? {
        let Some(name) = text_of(row.get_ref(0)?) else { continue };
        let seen = reader.read(row.get_ref(2)?).map_err(|expected| MappingError {
            key: "tasks.agents.seen".into(),
            column: Some(format!("{}.{}", agents.table, agents.seen)),
            value: row.get_ref(2).ok().and_then(text_of),
            row: Some(name.clone()),
            what: "a time cannot be read".into(),
            fix: times::mend(time, row.get_ref(2).unwrap_or(ValueRef::Null), expected),
        })?;
        let Some(seen) = seen else { continue };
        let role = text_of(row.get_ref(1)?).map(Into::into);
        let heartbeat = Heartbeat { seen, role };
        let last = found.entry(name.into()).or_insert_with(|| heartbeat.clone());
        if last.seen < heartbeat.seen {
            *last = heartbeat;
        }
    }
    Ok(())
}
