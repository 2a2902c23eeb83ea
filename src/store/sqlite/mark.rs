//! By what a written row is known: whether it was written can be told from the row alone, after a crash and by anybody.

use std::collections::BTreeMap;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension as _, params_from_iter};
use serde::{Deserialize, Serialize};

use super::fault::Done;
use super::layout::{Layout, quoted};
use super::live::{Row, Write};
use super::row::text_of;
use crate::config::Field;
use crate::model::TaskId;

/// What is written, as far as it tells. It is kept as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Mark {
    /// A row is inserted with these values, and with this text in its context or its body.
    Inserted { values: Cells, made: Cells, holds: Option<String> },
    /// A row has the one values before and the other after.
    Changed { before: Cells, after: Cells },
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
    /// Somebody else has written it since.
    Moved,
}

impl Mark {
    /// The mark of a write that is still to come. `fingerprint` is a remediation task's.
    pub(super) fn of(tx: &Connection, layout: &Layout<'_>, write: &Write<'_>, fingerprint: Option<&str>) -> Done<Self> {
        Ok(match write {
            Write::Insert { row, .. } => {
                let named: &[Field] =
                    if fingerprint.is_some() { &[Field::Type] } else { &[Field::Type, Field::Title, Field::Author] };
                let made = cells(row, |column| layout.mapping.column(Field::Created) == Some(column));
                let is_named = |column: &str| named.iter().any(|field| layout.mapping.column(*field) == Some(column));
                Self::Inserted { values: cells(row, is_named), made, holds: fingerprint.map(str::to_owned) }
            }
            Write::Update { row, task, at, .. } => {
                let stamp = layout.mapping.column(Field::Updated).filter(|_| !row.values.is_empty());
                let context = layout.mapping.column(Field::Context);
                let mut after = cells(row, |column| Some(column) != context);
                after.extend(stamp.map(|column| (column.to_owned(), json(&row.time(*at)))));
                let before = read(tx, layout, task, &after.keys())?.unwrap_or_default();
                Self::Changed { before, after }
            }
        })
    }

    /// What the row with that key says. Only of a change.
    pub(super) fn told(&self, tx: &Connection, layout: &Layout<'_>, task: &TaskId) -> Done<Told> {
        let Self::Changed { before, after } = self else { return Ok(Told::Same) };
        if after.keys().any(|column| layout.column(column).is_none()) {
            // Another mapping than when it was written down.
            return Ok(Told::Moved);
        }
        let Some((was, is)) = compare(tx, layout, task, (before, after))? else { return Ok(Told::Moved) };
        Ok(match (was, is) {
            (true, true) => Told::Same,
            (true, false) => Told::Unwritten,
            (false, true) => Told::Written,
            (false, false) => Told::Moved,
        })
    }

    /// The key of the row that was inserted: above the highest key that there was before, or, since the highest keys may have
    /// been deleted and given out again, made at the same time.
    pub(super) fn find(&self, tx: &Connection, layout: &Layout<'_>, above: Option<i64>) -> Done<Option<TaskId>> {
        let Self::Inserted { values, made, holds } = self else { return Ok(None) };
        let mut wanted = Wanted::of(layout, values);
        if let Some(text) = holds {
            let texts = Field::MARKED.into_iter().filter_map(|field| layout.quoted(field));
            let texts: Vec<String> = texts.map(|column| format!("instr({column}, ?) > 0")).collect();
            texts.iter().for_each(|_| wanted.bound.push(Value::Text(text.clone())));
            wanted.all.push(format!("({})", texts.join(" OR ")));
        } else {
            wanted.same(layout, made);
        }
        if let Some(above) = above.filter(|_| layout.shape.has_rowid) {
            let mut newer = wanted.clone();
            newer.all.push(format!("t.rowid > {above}"));
            if let Some(found) = newer.first(tx, layout)? {
                return Ok(Some(found));
            }
        }
        wanted.same(layout, made);
        wanted.first(tx, layout)
    }
}

/// Conditions that all must hold, and the values bound in them.
#[derive(Clone)]
struct Wanted {
    all: Vec<String>,
    bound: Vec<Value>,
}

impl Wanted {
    /// What is not on record has these values.
    fn of(layout: &Layout<'_>, cells: &Cells) -> Self {
        let unknown = format!("{} NOT IN (SELECT task FROM main.abide_remediations)", layout.id());
        let mut wanted = Self { all: vec![unknown], bound: Vec::new() };
        wanted.same(layout, cells);
        wanted
    }

    fn same(&mut self, layout: &Layout<'_>, cells: &Cells) {
        for (column, cell) in cells.iter().filter(|(column, _)| layout.column(column).is_some()) {
            self.all.push(format!("{} IS ?", quoted(column)));
            self.bound.push(value(cell));
        }
    }

    fn first(&self, tx: &Connection, layout: &Layout<'_>) -> Done<Option<TaskId>> {
        let all = self.all.join(" AND ");
        let sql = format!("SELECT {} FROM {} t WHERE {all} LIMIT 1", layout.id(), layout.table());
        let id = |row: &rusqlite::Row<'_>| Ok(text_of(row.get_ref(0)?));
        let id = tx.query_row(&sql, params_from_iter(&self.bound), id).optional()?;
        Ok(id.flatten().map(|id| TaskId(id.into())))
    }
}

/// Whether a row has the one values, and whether it has the other; none where it is gone.
fn compare(
    tx: &Connection,
    layout: &Layout<'_>,
    task: &TaskId,
    (before, after): (&Cells, &Cells),
) -> Done<Option<(bool, bool)>> {
    let same = |cells: &Cells| {
        let each = cells.keys().map(|column| format!("{} IS ?", quoted(column)));
        each.chain(["1".to_owned()]).collect::<Vec<_>>().join(" AND ")
    };
    let sql = format!("SELECT {}, {} FROM {} WHERE {} = ?", same(before), same(after), layout.table(), layout.id());
    let id = Value::Text(task.0.to_string());
    let bound = before.values().chain(after.values()).map(value).chain([id]);
    let compared = tx.query_row(&sql, params_from_iter(bound), |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(compared.optional()?)
}

fn read<'c>(
    tx: &Connection,
    layout: &Layout<'_>,
    task: &TaskId,
    columns: &(impl Iterator<Item = &'c String> + Clone),
) -> Done<Option<Cells>> {
    let names: Vec<String> = columns.clone().map(|column| quoted(column)).chain(["1".to_owned()]).collect();
    let sql = format!("SELECT {} FROM {} WHERE {} = ?", names.join(", "), layout.table(), layout.id());
    let cells = |row: &rusqlite::Row<'_>| {
        let cell = |(at, column): (usize, &String)| Ok((column.clone(), json(&row.get::<_, Value>(at)?)));
        columns.clone().enumerate().map(cell).collect::<rusqlite::Result<Cells>>()
    };
    Ok(tx.query_row(&sql, [&*task.0], cells).optional()?)
}

fn cells(row: &Row<'_>, wanted: impl Fn(&str) -> bool) -> Cells {
    let wanted = row.values.iter().filter(|(column, _)| wanted(column));
    wanted.map(|(column, value)| (column.clone(), json(value))).collect()
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
