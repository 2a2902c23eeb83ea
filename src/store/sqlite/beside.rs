//! The tables that a mapping names beside the task table.

use rusqlite::Connection;

use super::fault::Done;
use super::layout::quoted;
use super::table::Table;
use crate::config::{Join, Lookup, Mapping, Source};

/// A key of `abide.toml`, the table that it names, and the columns of it that the parts of the key name.
pub(super) type Named<'a> = (String, &'a str, Vec<(&'static str, &'a str)>);

/// Every table that the mapping names beside the task table.
pub(super) fn wanted(mapping: &Mapping) -> Vec<Named<'_>> {
    let mut wanted = Vec::new();
    if let Some(agents) = &mapping.agents {
        let mut names = vec![("name", agents.name.as_str()), ("seen", agents.seen.as_str())];
        names.extend(agents.role.as_deref().map(|role| ("role", role)));
        wanted.push(("tasks.agents".to_owned(), agents.table.as_str(), names));
    }
    for (field, lookup) in &mapping.lookups {
        wanted.push(of_lookup(format!("tasks.columns.{}", field.word()), lookup));
    }
    let labels = mapping.labels.iter().map(|(name, source)| (format!("tasks.labels.{name}"), source));
    for (key, source) in labels.chain(mapping.needs.iter().map(|source| ("tasks.needs".to_owned(), source))) {
        match source {
            Source::Lookup { lookup, .. } => wanted.push(of_lookup(key, lookup)),
            Source::Rows(join) => wanted.extend(of_join(key, join)),
            Source::Column(_) | Source::Json { .. } => {}
        }
    }
    wanted
}

fn of_lookup(key: String, lookup: &Lookup) -> Named<'_> {
    let mut names = vec![("key", lookup.key.as_str()), ("value", lookup.value.as_str())];
    names.extend(lookup.within.as_ref().map(|within| ("within", within.column.as_str())));
    (key, &lookup.table, names)
}

fn of_join(key: String, join: &Join) -> Vec<Named<'_>> {
    let mut names = vec![("task", join.task.as_str()), ("value", join.value.as_str())];
    names.extend(join.name.as_deref().map(|name| ("name", name)));
    names.extend(join.only.keys().map(|name| ("only", name.as_str())));
    let lookup = join.lookup.as_ref().map(|lookup| of_lookup(format!("{key}.value"), lookup));
    [(key, join.table.as_str(), names)].into_iter().chain(lookup).collect()
}

/// The tables whose rows refer to tasks and that have no index for it, each with the statement that makes one.
pub(super) fn rows_without_index(conn: &Connection, table: &Table) -> Done<Vec<(String, String)>> {
    let sources = table.mapping.labels.values().chain(&table.mapping.needs);
    let mut without = Vec::new();
    for source in sources {
        let Source::Rows(join) = source else { continue };
        if !has_index(conn, table.schema(), &join.table, &join.task)? {
            let name = quoted(&format!("{}_by_{}", join.table, join.task));
            let create = format!("CREATE INDEX {name} ON {} ({});", quoted(&join.table), quoted(&join.task));
            without.push((join.table.clone(), create));
        }
    }
    without.dedup();
    Ok(without)
}

/// Whether an index begins with a column, or it is SQLite's own key.
pub(super) fn has_index(conn: &Connection, schema: &str, table: &str, column: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT (SELECT count(*) FROM pragma_index_list(?1, ?3) l, pragma_index_info(l.name, ?3) i
               WHERE i.seqno = 0 AND i.name = ?2 COLLATE NOCASE AND l.partial = 0)
             + (SELECT count(*) FROM pragma_table_info(?1, ?3) WHERE pk = 1 AND type = 'INTEGER' COLLATE NOCASE
               AND name = ?2 COLLATE NOCASE)";
    conn.query_row(sql, [table, column, schema], |row| row.get::<_, i64>(0)).map(|count| count > 0)
}
