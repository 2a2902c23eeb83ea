//! Rows of other tables that refer to a task: its tags, and what it waits for.

use rusqlite::types::Value;

use super::fault::{Done, Fault};
use super::layout::{Layout, quoted};
use super::live::value_of;
use super::lookup::{self, refused};
use super::select::marks;
use super::writer::Writer;
use crate::config::Join;

/// SQL for the values that the rows of a task `t` hold, as a JSON list in order; of pairs, where rows have names.
pub(super) fn values(join: &Join, id: &str) -> String {
    let value = said(join);
    let shown = match &join.name {
        None => format!("{value} ORDER BY {value}"),
        Some(name) => format!("json_array(j.{name}, {value}) ORDER BY j.{name}, {value}", name = quoted(name)),
    };
    listed(join, id, &shown)
}

/// The same in whatever order, for whoever sorts them: SQLite makes a table for each list that it sorts, however short.
pub(super) fn unsorted(join: &Join, id: &str) -> String {
    listed(join, id, &said(join))
}

/// SQL for what a row `j` says.
fn said(join: &Join) -> String {
    let column = format!("j.{}", quoted(&join.value));
    join.lookup.as_ref().map_or_else(|| column.clone(), |lookup| lookup::word(lookup, &column))
}

fn listed(join: &Join, id: &str, shown: &str) -> String {
    let only: String = join
        .only
        .iter()
        .map(|(column, constant)| format!(" AND j.{} = {}", quoted(column), literal(&value_of(constant))))
        .collect();
    let (table, task) = (quoted(&join.table), quoted(&join.task));
    format!("(SELECT json_group_array({shown}) FROM {table} j WHERE j.{task} = t.{id}{only})")
}

/// A value as SQL writes it.
pub(super) fn literal(value: &Value) -> String {
    match value {
        Value::Null | Value::Blob(_) => "NULL".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => format!("{number:?}"),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
    }
}

/// Adds a row that gives a task a label.
///
/// # Errors
/// `StoreError::Refused` where the value is a word that its table does not have, or the table takes the row not in.
pub(super) fn add(
    writer: &mut Writer<'_>,
    layout: &Layout<'_>,
    join: &Join,
    id: &Value,
    label: (&str, &str),
) -> Done<()> {
    let (name, value) = label;
    let mut columns = vec![(join.task.as_str(), id.clone())];
    match &join.name {
        Some(column) => {
            columns.push((column, Value::Text(name.to_owned())));
            columns.push((&join.value, key(writer, layout, join, value)?));
        }
        None => columns.push((&join.value, key(writer, layout, join, &tag(name, value))?)),
    }
    columns.extend(join.only.iter().map(|(column, constant)| (column.as_str(), value_of(constant))));
    let names: Vec<String> = columns.iter().map(|(name, _)| quoted(name)).collect();
    let sql = format!(
        "INSERT INTO {} ({}) VALUES ({})",
        layout.table.qualified(&join.table),
        names.join(", "),
        marks(columns.len())
    );
    let values: Vec<Value> = columns.into_iter().map(|(_, value)| value).collect();
    match writer.write_beside(&sql, &values) {
        Ok(()) => Ok(()),
        Err(rusqlite::Error::SqliteFailure(code, Some(message)))
            if code.code == rusqlite::ErrorCode::ConstraintViolation =>
        {
            let reason = format!("its label {name}={value} is a row of {}, and that says: {message}", join.table);
            Err(refused(layout, reason).into())
        }
        Err(error) => Err(Fault::Sql(error)),
    }
}

/// A label as the tag that reads as it.
pub(super) fn tag(name: &str, value: &str) -> String {
    if value == "true" { name.to_owned() } else { format!("{name}:{value}") }
}

fn key(writer: &Writer<'_>, layout: &Layout<'_>, join: &Join, word: &str) -> Done<Value> {
    match &join.lookup {
        None => Ok(Value::Text(word.to_owned())),
        Some(lookup) => lookup::label(writer.tx, layout, lookup, word),
    }
}
