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
    if layout.has_integer_ids() {
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
    for (column, within) in &layout.mapping.counted {
        // A row whose place is left to a default counts on from all rows: that number is free in any place.
        let place = within.as_ref().and_then(|within| Some((quoted(within), values.get(within)?)));
        let number = next(writer, layout, &quoted(column), place)?;
        values.insert(column.clone(), number);
    }
    Ok(())
}

/// One more than the greatest number of a column, of all rows or of those in one place.
fn next(writer: &Writer<'_>, layout: &Layout<'_>, column: &str, place: Option<(String, &Value)>) -> Done<Value> {
    let mut sql = format!("SELECT coalesce(max({column}), 0) + 1 FROM {}", layout.table());
    sql.extend(place.iter().map(|(within, _)| format!(" WHERE {within} = ?")));
    let place: Vec<&Value> = place.into_iter().map(|(_, value)| value).collect();
    let mut statement = writer.tx.prepare_cached(&sql)?;
    Ok(Value::Integer(statement.query_row(params_from_iter(place), |row| row.get(0))?))
}
