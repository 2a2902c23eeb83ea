//! Values that no row has yet: keys that the database does not make by itself, and numbers that a table counts.

use std::collections::BTreeMap;

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::fault::Done;
use super::layout::{Layout, quoted};
use super::writer::Writer;

/// A key that no row has: a number above all others, or the name, counted up where it is taken.
pub(super) fn id(writer: &Writer<'_>, layout: &Layout<'_>, name: &str) -> Done<Value> {
    let (table, id) = (layout.table(), layout.id());
    if layout.mapping.counted.keys().any(|column| layout.is_id(column)) || layout.has_integer_ids(writer.tx)? {
        return next(writer, layout, &id, None);
    }
    let mut statement = writer.tx.prepare_cached(&format!("SELECT count(*) FROM {table} WHERE {id} = ?"))?;
    let mut candidate = name.to_owned();
    let mut next = 2;
    while statement.query_row([&candidate], |row| row.get::<_, i64>(0))? > 0 {
        candidate = format!("{name}-{next}");
        next += 1;
    }
    Ok(Value::Text(candidate))
}

/// Puts the next number into each column that counts. Every row counts, also one that is no task.
pub(super) fn count(writer: &Writer<'_>, layout: &Layout<'_>, values: &mut BTreeMap<String, Value>) -> Done<()> {
    // A key counts by itself, so that it is one.
    for (column, within) in layout.mapping.counted.iter().filter(|(column, _)| !layout.is_id(column)) {
        // A row whose place is left to a default counts on from all rows: that number is free in any place.
        let place = within.as_ref().and_then(|within| Some((quoted(within), values.get(within)?)));
        let number = next(writer, layout, &quoted(column), place)?;
        values.insert(column.clone(), number);
    }
    Ok(())
}

/// One more than the greatest number of a column, of all rows or of those in one place.
fn next(writer: &Writer<'_>, layout: &Layout<'_>, column: &str, place: Option<(String, &Value)>) -> Done<Value> {
    let rows = place.iter().map(|(within, _)| format!(" WHERE {within} = ?")).collect::<String>();
    let place: Vec<&Value> = place.into_iter().map(|(_, value)| value).collect();
    let greatest = |number: &str| {
        let sql = format!("SELECT max({number}) FROM {}{rows}", layout.table());
        writer.tx.prepare_cached(&sql)?.query_row(params_from_iter(&place), |row| row.get::<_, Value>(0))
    };
    // Among texts, `9` is greater than `10`.
    let found = match greatest(column)? {
        Value::Text(_) => greatest(&format!("CAST({column} AS INTEGER)"))?,
        found => found,
    };
    Ok(match found {
        Value::Integer(number) => Value::Integer(number.saturating_add(1)),
        Value::Real(number) => Value::Real(number + 1.0),
        _ => Value::Integer(1),
    })
}
