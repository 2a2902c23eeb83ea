//! The statements that make a feed. They name no database: the team runs them in its own.

use std::sync::Arc;

use crate::config::{Field, Mapping};
use crate::store::Settings;
use crate::store::sqlite::layout::{Layout, Shape, quoted};
use crate::store::sqlite::table::Table;

/// How many entries are kept. Whoever has seen none of them reads everything.
const KEPT: i64 = 100_000;

/// The feed's table. One of Abide's own is beside the team's table, so that of a team's table has its name in it.
pub(super) fn table(mapping: &Mapping) -> String {
    if mapping.own { "abide_changes".to_owned() } else { format!("abide_changes_{}", mapping.table) }
}

/// What must be run once in the live table's database so that its changes are told exactly. Each names no database.
pub(in crate::store::sqlite) fn statements(mapping: &Mapping) -> Vec<String> {
    named(mapping).into_iter().map(|(_, sql)| sql).collect()
}

/// What takes away all that the statements make, and what there may be of it from another mapping.
pub(in crate::store::sqlite) fn removal(mapping: &Mapping) -> Vec<String> {
    let names = named(mapping).into_iter().map(|(name, _)| quoted(&name));
    let mut drop: Vec<String> = names.map(|name| format!("DROP TRIGGER IF EXISTS {name};")).collect();
    if let Some(first) = drop.first_mut() {
        *first = format!("DROP TABLE IF EXISTS {};", quoted(&table(mapping)));
    }
    drop
}

/// The same, each with the name of what it makes. Nothing where no triggers could tell everything.
pub(super) fn named(mapping: &Mapping) -> Vec<(String, String)> {
    let (name, live) = (table(mapping), quoted(&mapping.table));
    let id = quoted(mapping.column(Field::Id).unwrap_or("rowid"));
    let Some(columns) = columns(mapping) else { return Vec::new() };
    let of = columns.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
    let (now, was) = (row(mapping, &columns, ""), row(mapping, &columns, "old."));
    let feed = quoted(&name);
    let into = format!("INSERT INTO {feed} (task, was)");
    let triggers = [
        (
            "replace",
            format!("BEFORE INSERT ON {live}"),
            format!("{into} SELECT {id}, {now} FROM {live} WHERE {id} = new.{id}"),
        ),
        ("insert", format!("AFTER INSERT ON {live}"), format!("{into} VALUES (new.{id}, '')")),
        ("update", format!("AFTER UPDATE OF {of} ON {live}"), format!("{into} VALUES (old.{id}, {was})")),
        (
            "rekey",
            format!("AFTER UPDATE OF {id} ON {live} WHEN new.{id} IS NOT old.{id}"),
            format!("{into} VALUES (new.{id}, '')"),
        ),
        ("delete", format!("AFTER DELETE ON {live}"), format!("{into} VALUES (old.{id}, {was})")),
        (
            "prune",
            format!("AFTER INSERT ON {feed} WHEN new.seq % 1000 = 0"),
            format!("DELETE FROM {feed} WHERE seq <= new.seq - {KEPT}"),
        ),
    ];
    // The newest entry stays, so that no number is given twice; a team's table has SQLite's own counter for that.
    let keep = mapping.own.then(|| {
        let newest = format!("BEFORE DELETE ON {feed} WHEN old.seq = (SELECT max(seq) FROM {feed})");
        ("keep", newest, "SELECT RAISE(IGNORE)".to_owned())
    });
    let trigger = |(what, when, does): (&str, String, String)| {
        let name = format!("{name}_{what}");
        let sql = format!("CREATE TRIGGER {} {when} BEGIN\n  {does};\nEND;", quoted(&name));
        (name, sql)
    };
    let counter = if mapping.own { "" } else { " AUTOINCREMENT" };
    let table = format!("CREATE TABLE {feed} (seq INTEGER PRIMARY KEY{counter}, task, was TEXT);");
    std::iter::once((name.clone(), table)).chain(triggers.into_iter().chain(keep).map(trigger)).collect()
}

/// What an entry holds of a row, as an expression: its values, or nothing where it is open.
fn row(mapping: &Mapping, columns: &[String], of: &str) -> String {
    let open = mapping.status.iter().filter(|(status, _)| status.is_open());
    let open: Vec<String> = open.map(|(_, word)| format!("'{}'", word.replace('\'', "''"))).collect();
    let status = quoted(mapping.column(Field::Status).unwrap_or("status"));
    let each: Vec<String> = columns.iter().map(|name| format!("quote({of}{})", quoted(name))).collect();
    let each = each.join(" || ',' || ");
    // Of a list SQLite makes a table each time. What teams have run already says it so, and goes on being recognised.
    let is_open = if mapping.own {
        open.iter().map(|word| format!("{of}{status} = {word}")).collect::<Vec<_>>().join(" OR ")
    } else {
        format!("CAST({of}{status} AS TEXT) IN ({})", open.join(", "))
    };
    format!("CASE WHEN {is_open} THEN NULL ELSE {each} END")
}

/// The columns that a task is read from, in the order in which an entry has them; none where words or labels of a task stand in
/// other tables, since triggers on one table cannot tell of those, and none where rows may become tasks and cease to be, since an
/// entry does not say whether the row was one.
fn columns(mapping: &Mapping) -> Option<Vec<String>> {
    if !mapping.only.is_empty() {
        return None;
    }
    let table = Table::new(mapping.clone(), Settings::default(), None);
    let layout = Layout {
        table: &table,
        mapping,
        shape: Arc::new(Shape::nothing()),
        on_record: Arc::default(),
        is_migrated: false,
    };
    table.ways.task(&layout).names()
}
