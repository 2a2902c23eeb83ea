//! By what a written row is known: whether it was written can be told from the row alone, after a crash and by anybody.

use std::collections::BTreeMap;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension as _, params_from_iter};
use serde::{Deserialize, Serialize};

use super::fault::Done;
use super::layout::{Layout, quoted};
use super::row::text_of;
use crate::config::Field;

/// The values of a row before and after it is written, as far as they tell. It is kept as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Mark {
    /// None where the row is a new one.
    before: Option<Cells>,
    after: Cells,
}

/// Values by column.
type Cells = BTreeMap<String, serde_json::Value>;

/// What a row says of whether it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// It was.
    Written,
    /// It was not.
    Unwritten,
    /// It would be the same either way.
    Same,
    /// Somebody else has written it since, or taken it away.
    Moved,
}

impl Mark {
    /// Of a row that is inserted under a key of its own: it is known by what nobody changes later.
    pub(super) fn inserted(layout: &Layout<'_>, values: &BTreeMap<String, Value>) -> Self {
        let named = [Field::Type, Field::Author, Field::Created];
        let is_named = |column: &str| named.iter().any(|field| layout.mapping.column(*field) == Some(column));
        let after = values.iter().filter(|(column, _)| is_named(column));
        Self { before: None, after: after.map(|(column, value)| (column.clone(), json(value))).collect() }
    }

    /// Of a row that is changed: by all values but the context, into which others write as well.
    pub(super) fn changed(
        conn: &Connection,
        layout: &Layout<'_>,
        task: &str,
        values: &BTreeMap<String, Value>,
    ) -> Done<Self> {
        let context = layout.mapping.column(Field::Context);
        let after = values.iter().filter(|(column, _)| Some(column.as_str()) != context);
        let after: Cells = after.map(|(column, value)| (column.clone(), json(value))).collect();
        let before = read(conn, layout, task, &after)?.unwrap_or_default();
        Ok(Self { before: Some(before), after })
    }

    /// What the row of that key says now.
    pub(super) fn told(&self, tx: &Connection, layout: &Layout<'_>, task: &str) -> Done<Told> {
        if self.after.keys().any(|column| layout.column(column).is_none()) {
            // Another mapping than when it was written down.
            return Ok(Told::Moved);
        }
        let is = has(tx, layout, task, &self.after)?;
        let Some(before) = &self.before else {
            return Ok(if is == Some(true) { Told::Written } else { Told::Unwritten });
        };
        Ok(match (has(tx, layout, task, before)?, is) {
            (Some(true), Some(true)) => Told::Same,
            (Some(true), _) => Told::Unwritten,
            (_, Some(true)) => Told::Written,
            _ => Told::Moved,
        })
    }
}

/// Whether the row has these values; none where it is gone.
fn has(tx: &Connection, layout: &Layout<'_>, task: &str, cells: &Cells) -> Done<Option<bool>> {
    let each = cells.keys().map(|column| format!("{} IS ?", quoted(column)));
    let all = each.chain(["1".to_owned()]).collect::<Vec<_>>().join(" AND ");
    let sql = format!("SELECT {all} FROM {} WHERE {} = ?", layout.table(), layout.id());
    let bound = cells.values().map(value).chain([Value::Text(task.to_owned())]);
    Ok(tx.query_row(&sql, params_from_iter(bound), |row| row.get(0)).optional()?)
}

fn read(conn: &Connection, layout: &Layout<'_>, task: &str, like: &Cells) -> Done<Option<Cells>> {
    let names: Vec<String> = like.keys().map(|column| quoted(column)).chain(["1".to_owned()]).collect();
    let sql = format!("SELECT {} FROM {} WHERE {} = ?", names.join(", "), layout.table(), layout.id());
    let cells = |row: &rusqlite::Row<'_>| {
        let cell = |(at, column): (usize, &String)| Ok((column.clone(), json(&row.get::<_, Value>(at)?)));
        like.keys().enumerate().map(cell).collect::<rusqlite::Result<Cells>>()
    };
    Ok(conn.query_row(&sql, [task], cells).optional()?)
}

fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Integer(number) => (*number).into(),
        Value::Real(number) => (*number).into(),
        other => text_of(ValueRef::from(other)).unwrap_or_default().into(),
    }
}

fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Value::Integer(number),
            None => Value::Real(number.as_f64().unwrap_or_default()),
        },
        serde_json::Value::String(text) => Value::Text(text.clone()),
        _ => Value::Null,
    }
}
