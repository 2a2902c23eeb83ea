//! Why the live table does not take a row in, as people can mend it.

use std::collections::BTreeMap;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension as _, ffi};

use super::fault::Fault;
use super::layout::{Layout, quoted};
use super::row::text_of;
use crate::config::Field;
use crate::model::TaskId;
use crate::store::StoreError;

type Values = BTreeMap<String, Value>;

/// The refusal of a constraint in words; any other error as it is.
pub(super) fn explain(
    conn: &Connection,
    layout: &Layout<'_>,
    (task, values): (Option<&TaskId>, &Values),
    error: rusqlite::Error,
) -> Fault {
    if matches!(error, rusqlite::Error::QueryReturnedNoRows) {
        return super::lookup::refused(
            layout,
            "a trigger of the team keeps the new row out, and says nothing".to_owned(),
        )
        .into();
    }
    let rusqlite::Error::SqliteFailure(code, Some(message)) = &error else { return Fault::Sql(error) };
    if code.code != ffi::ErrorCode::ConstraintViolation {
        return Fault::Sql(error);
    }
    let detail = message.split_once(": ").map_or("", |(_, detail)| detail);
    let reason = match code.extended_code {
        ffi::SQLITE_CONSTRAINT_CHECK => check(conn, layout, values, detail),
        ffi::SQLITE_CONSTRAINT_NOTNULL => not_null(layout, detail),
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => foreign_key(conn, layout, values),
        ffi::SQLITE_CONSTRAINT_UNIQUE => Ok(unique(detail)),
        ffi::SQLITE_CONSTRAINT_TRIGGER => Ok(format!("a trigger of the team says: {message}")),
        _ => Ok(format!("{message}. What Abide writes is set under [tasks.insert] and [tasks.columns]")),
    };
    match reason {
        Ok(reason) => {
            let what = task.map_or_else(|| "the task".to_owned(), |task| format!("task {task}"));
            StoreError::Refused { table: layout.mapping.table.clone(), what, reason }.into()
        }
        Err(error) => Fault::Sql(error),
    }
}

/// The refusal of a trigger that leaves a row as it was, and says nothing.
pub(super) fn unmoved(layout: &Layout<'_>, task: &TaskId) -> Fault {
    let reason = "a trigger of the team leaves it as it was, and says nothing".to_owned();
    StoreError::Refused { table: layout.mapping.table.clone(), what: format!("task {task}"), reason }.into()
}

/// `detail` is the condition itself, or the name that the schema gives it.
fn check(conn: &Connection, layout: &Layout<'_>, values: &Values, detail: &str) -> rusqlite::Result<String> {
    let condition = named_condition(conn, layout, detail)?.unwrap_or_else(|| detail.to_owned());
    let mut named: Vec<(&String, &Value)> = values.iter().filter(|(column, _)| mentions(&condition, column)).collect();
    // Words and numbers that are mapped are likelier to be at fault than texts for people.
    named.sort_by_key(|(column, _)| !is_mapped_word(layout, column));
    Ok(match &named[..] {
        [] => format!("its CHECK ({condition}) does not hold. Set the columns that it names under [tasks.insert]"),
        [(column, value)] => {
            let fix = fix(layout, column);
            format!("column {column} does not take {}, by its CHECK ({condition}). {fix}", shown(value))
        }
        [(likeliest, _), ..] => {
            let shown: Vec<String> = named.iter().map(|(column, value)| format!("{column} {}", shown(value))).collect();
            let fix = fix(layout, likeliest);
            format!("its CHECK ({condition}) does not take {} together. {fix}", shown.join(", "))
        }
    })
}

fn is_mapped_word(layout: &Layout<'_>, column: &str) -> bool {
    let words = [Field::Type, Field::Status, Field::Priority];
    words.into_iter().filter_map(|field| layout.mapping.column(field)).any(|name| name.eq_ignore_ascii_case(column))
}

fn not_null(layout: &Layout<'_>, detail: &str) -> rusqlite::Result<String> {
    let column = detail.rsplit_once('.').map_or(detail, |(_, column)| column);
    Ok(format!("column {column} does not take NULL. {}", fix(layout, column)))
}

/// `detail` names the columns of the index, each with its table; or the index, where that is of what rows say together.
fn unique(detail: &str) -> String {
    let columns: Vec<&str> =
        detail.split(", ").map(|it| it.rsplit_once('.').map_or(it, |(_, column)| column)).collect();
    format!(
        "another row has the same in {}, which no two may. Where one of them is a number that counts, write \
         `COLUMN = {{next = true}}` for it under [tasks.insert]",
        columns.join(" and ")
    )
}

fn foreign_key(conn: &Connection, layout: &Layout<'_>, values: &Values) -> rusqlite::Result<String> {
    let mut statement = conn.prepare("SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list(?, ?)")?;
    let mut rows = statement.query([&layout.mapping.table, layout.table.schema()])?;
    while let Some(row) = rows.next()? {
        let (from, table, to): (String, String, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let Some((column, value)) = values.iter().find(|(column, _)| column.eq_ignore_ascii_case(&from)) else {
            continue;
        };
        let to = to.map_or_else(|| "rowid".to_owned(), |to| quoted(&to));
        let there = format!("SELECT 1 FROM {} WHERE {to} = ?", layout.table.qualified(&table));
        if conn.query_row(&there, [value], |_| Ok(())).optional()?.is_none() {
            let shown = shown(value);
            return Ok(format!("column {column} names {shown}, which {table} does not have. {}", fix(layout, column)));
        }
    }
    Ok("a FOREIGN KEY does not hold. Set the columns that refer to other tables under [tasks.insert]".to_owned())
}

/// The condition of a CHECK that the schema names.
fn named_condition(conn: &Connection, layout: &Layout<'_>, name: &str) -> rusqlite::Result<Option<String>> {
    let table = layout.table.schema();
    let sql = format!("SELECT sql FROM {table}.sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE");
    let schema: Option<String> = conn.query_row(&sql, [&layout.mapping.table], |row| row.get(0)).optional()?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    Ok(schema.filter(|_| is_name).and_then(|schema| {
        let lower = schema.to_ascii_lowercase();
        let at = lower.find(&format!("constraint {}", name.to_ascii_lowercase()))?;
        let check = at + lower[at..].find("check")?;
        let open = check + schema[check..].find('(')?;
        inner(&schema[open..]).map(str::to_owned)
    }))
}

/// What stands between the first parenthesis and the one that closes it.
fn inner(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return text.get(1..at),
            ')' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

/// Whether a condition names a column, as a word of its own.
fn mentions(condition: &str, column: &str) -> bool {
    let mut words = condition.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    words.any(|word| word.eq_ignore_ascii_case(column))
}

fn shown(value: &Value) -> String {
    text_of(ValueRef::from(value)).map_or_else(|| "NULL".to_owned(), |text| format!("`{text}`"))
}

/// Which key of `abide.toml` decides what is written into a column.
fn fix(layout: &Layout<'_>, column: &str) -> String {
    let is = |name: &str| name.eq_ignore_ascii_case(column);
    let field = layout.mapping.columns.iter().find(|(_, name)| is(name)).map(|(field, _)| *field);
    match field {
        Some(Field::Type) => "Set `type` under [tasks.insert] to a word that it takes.".to_owned(),
        Some(Field::Status) => "Put a word that it takes first in its line under [tasks.status].".to_owned(),
        Some(Field::Priority) => "Set `insert` under [tasks.severity] to a value that it takes.".to_owned(),
        Some(Field::Created | Field::Finished | Field::Due | Field::Updated) => {
            "Set `time` under [tasks] to the format that it takes.".to_owned()
        }
        _ => format!("Set `{column}` under [tasks.insert] to a value that it takes."),
    }
}
