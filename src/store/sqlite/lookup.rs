//! Words that stand in tables of their own: reading them, asking by them, and finding the key to write.

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension as _};

use super::fault::Done;
use super::layout::{Layout, quoted};
use super::live::value_of;
use super::row::text_of;
use super::select::marks;
use crate::config::{Field, Lookup, Mapping, Within};
use crate::model::TaskId;
use crate::store::StoreError;

/// SQL for what a field says in a row `t`: its column, or the word that the column refers to.
pub(super) fn spelled(mapping: &Mapping, field: Field) -> Option<String> {
    let column = mapping.column(field)?;
    Some(match mapping.lookups.get(&field) {
        None => format!("t.{}", quoted(column)),
        Some(lookup) => word(lookup, &format!("t.{}", quoted(column))),
    })
}

/// SQL for what a field's column holds in a row `t`, word or key.
pub(super) fn held(mapping: &Mapping, field: Field) -> Option<String> {
    Some(format!("t.{}", quoted(mapping.column(field)?)))
}

/// What SQL makes of one row, as of [`spelled`] and [`held`].
pub(super) fn raw(
    conn: &Connection,
    layout: &Layout<'_>,
    task: &TaskId,
    wanted: Option<String>,
) -> rusqlite::Result<Value> {
    let Some(wanted) = wanted else { return Ok(Value::Null) };
    let sql = format!("SELECT {wanted} FROM {} t WHERE t.{} = ?", layout.table(), layout.id());
    conn.prepare_cached(&sql)?.query_row([&*task.0], |row| row.get(0))
}

/// SQL for the word that a key stands for.
pub(super) fn word(lookup: &Lookup, key: &str) -> String {
    let (table, column, value) = (quoted(&lookup.table), quoted(&lookup.key), quoted(&lookup.value));
    format!("(SELECT l.{value} FROM {table} l WHERE l.{column} = {key})")
}

/// SQL that holds where a field of a row `t` says one of so many words. An index on the column serves it.
pub(super) fn says(mapping: &Mapping, field: Field, count: usize) -> Option<String> {
    let column = quoted(mapping.column(field)?);
    let marks = marks(count);
    Some(match mapping.lookups.get(&field) {
        None => format!("t.{column} IN ({marks})"),
        Some(Lookup { table, key, value, .. }) => {
            let (table, key, value) = (quoted(table), quoted(key), quoted(value));
            format!(
                "t.{column} IN (SELECT l.{key} FROM {table} l WHERE l.{value} IN ({marks}) AND l.{key} IS NOT NULL)"
            )
        }
    })
}

/// The row that is written.
#[derive(Clone, Copy)]
pub(super) enum Of<'a> {
    /// A new one.
    New,
    /// That of a task.
    Task(&'a TaskId),
}

/// The key of the first of these words that the field's table has, where the row is.
///
/// # Errors
/// [`StoreError::Refused`] where none is there, or several are that nothing tells apart.
pub(super) fn key(conn: &Connection, layout: &Layout<'_>, field: Field, words: &[String], of: Of<'_>) -> Done<Value> {
    let mapping = layout.mapping;
    let (Some(lookup), Some(column)) = (mapping.lookups.get(&field), mapping.column(field)) else {
        return Ok(words.first().cloned().map_or(Value::Null, Value::Text));
    };
    let place = match &lookup.within {
        None => None,
        Some(within) => within_of(conn, layout, (column, lookup, within), of)?.map(|value| (within, value)),
    };
    for word in words {
        let keys = keys(conn, lookup, word, place.as_ref())?;
        match keys.len() {
            0 => {}
            1 => return Ok(keys.into_iter().next().unwrap_or(Value::Null)),
            _ => return Err(refused(layout, several(field, lookup, word)).into()),
        }
    }
    let constant = mapping.insert.get(column).filter(|_| matches!(of, Of::New) && field != Field::Status);
    match constant {
        Some(constant) => Ok(value_of(constant)),
        None => Err(refused(layout, none(field, column, lookup, words, place.as_ref())).into()),
    }
}

/// The key of the word that a label is written as.
///
/// # Errors
/// [`StoreError::Refused`] where the table has no such row: Abide adds none to the team's lists.
pub(super) fn label(conn: &Connection, layout: &Layout<'_>, lookup: &Lookup, word: &str) -> Done<Value> {
    keys(conn, lookup, word, None)?.into_iter().next().ok_or_else(|| {
        let reason = format!("{} has no row whose {} is `{word}`. Add one first", lookup.table, lookup.value);
        refused(layout, reason).into()
    })
}

/// The keys of a word, two at most.
fn keys(
    conn: &Connection,
    lookup: &Lookup,
    word: &str,
    place: Option<&(&Within, Value)>,
) -> rusqlite::Result<Vec<Value>> {
    let (table, key, value) = (quoted(&lookup.table), quoted(&lookup.key), quoted(&lookup.value));
    let mut sql = format!("SELECT {key} FROM {table} WHERE {value} = ?");
    let mut values = vec![Value::Text(word.to_owned())];
    if let Some((within, at)) = place {
        sql += &format!(" AND {} IS ?", quoted(&within.column));
        values.push(at.clone());
    }
    let mut statement = conn.prepare_cached(&(sql + " LIMIT 2"))?;
    statement.query_map(rusqlite::params_from_iter(values), |row| row.get(0))?.collect()
}

/// What the row is within; none where nothing tells.
fn within_of(
    conn: &Connection,
    layout: &Layout<'_>,
    (column, lookup, within): (&str, &Lookup, &Within),
    of: Of<'_>,
) -> Done<Option<Value>> {
    if let Of::Task(id) = of {
        let sql = format!(
            "SELECT l.{} FROM {} t JOIN {} l ON l.{} = t.{} WHERE t.{} = ?",
            quoted(&within.column),
            layout.table(),
            quoted(&lookup.table),
            quoted(&lookup.key),
            quoted(column),
            layout.id()
        );
        let found = conn.query_row(&sql, [&*id.0], |row| row.get::<_, Value>(0)).optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(within.insert.as_ref().or_else(|| layout.mapping.insert.get(&within.column)).map(value_of))
}

fn several(field: Field, lookup: &Lookup, word: &str) -> String {
    let fix = match &lookup.within {
        None => format!("Name the column of {} that tells them apart: `within = \"…\"`", lookup.table),
        Some(within) => format!("Say with `insert` which {} new tasks are put within", within.column),
    };
    format!(
        "{} has several rows that are called `{word}`. {fix}, in tasks.columns.{} of abide.toml",
        lookup.table,
        field.word()
    )
}

fn none(field: Field, column: &str, lookup: &Lookup, words: &[String], place: Option<&(&Within, Value)>) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    let place = place.map(|(within, value)| {
        format!(" within {} {}", within.column, text_of(ValueRef::from(value)).unwrap_or_else(|| "NULL".into()))
    });
    let fix = match field {
        Field::Status => {
            "Add such a row, or put a word that it has into the line of that status under [tasks.status]".to_owned()
        }
        Field::Type => "Set `type` under [tasks.insert] to a word that it has, or add such a row".to_owned(),
        Field::Priority => "Set `insert` under [tasks.severity] to a word that it has, or add such a row".to_owned(),
        _ => format!("Add such a row, or set `{column}` under [tasks.insert] to a key that it has"),
    };
    format!(
        "{} has no row whose {} is {}{}, and {column} refers to one. {fix}",
        lookup.table,
        lookup.value,
        words.join(" or "),
        place.unwrap_or_default()
    )
}

pub(super) fn refused(layout: &Layout<'_>, reason: String) -> StoreError {
    StoreError::Refused { table: layout.mapping.table.clone(), what: "the task".to_owned(), reason }
}
