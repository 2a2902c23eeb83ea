//! Whether the live table takes new tasks in.

use rusqlite::Connection;
use rusqlite::types::Value;

use super::trouble;
use crate::config::{Constant, Field};
use crate::diagnostic::{counted, plain};
use crate::model::Severity;
use crate::store::Check;
use crate::store::sqlite::fault::Done;
use crate::store::sqlite::holds;
use crate::store::sqlite::layout::{Layout, quoted};

/// What Abide has a value for in every task that it opens.
const GIVEN: [Field; 11] = [
    Field::Id,
    Field::Type,
    Field::Title,
    Field::Body,
    Field::Author,
    Field::Status,
    Field::Context,
    Field::Attempts,
    Field::Created,
    Field::Updated,
    Field::Due,
];

/// Columns that a new row must have something in and that nothing fills.
pub(super) fn unfilled(conn: &Connection, layout: &Layout<'_>) -> Done<Vec<Check>> {
    let unfilled = layout.must_be_given().map(|column| &*column.name).filter(|name| !is_filled(layout, name));
    let check = |name: &str| {
        let wrong = format!(
            "Abide cannot open a task: {name} of {} must be filled, and neither the mapping nor [tasks.insert] fills it",
            layout.mapping.table
        );
        Ok(trouble("new tasks", wrong, line(conn, layout, name)?))
    };
    unfilled.filter(|_| !layout.mapping.own).map(check).collect()
}

fn is_filled(layout: &Layout<'_>, name: &str) -> bool {
    let mapping = layout.mapping;
    let is = |other: &String| other.eq_ignore_ascii_case(name);
    let always = |field: &Field| {
        let ranks = || Severity::ALL.into_iter().all(|severity| mapping.severity.insert(severity).is_some());
        GIVEN.contains(field) || (*field == Field::Priority && ranks())
    };
    let nothing = Constant::Text(String::new());
    mapping.columns.iter().any(|(field, column)| is(column) && always(field))
        || mapping.insert.keys().chain(mapping.counted.keys()).any(is)
        || mapping.only.iter().any(|(column, values)| is(column) && values.first().is_some_and(|it| *it != nothing))
}

/// The line that fills a column: it counts where every row has another number, and is what most rows have where not.
fn line(conn: &Connection, layout: &Layout<'_>, name: &str) -> Done<String> {
    let (column, table) = (quoted(name), layout.table());
    let sql = format!(
        "SELECT count(*) > 1 AND count(*) = count(DISTINCT {column}) AND min(CAST({column} AS NUMERIC) = {column}) = 1 FROM {table}"
    );
    if conn.query_row(&sql, [], |row| row.get::<_, Option<bool>>(0))? == Some(true) {
        return Ok(format!("Write `{name} = {{next = true}}` under [tasks.insert]."));
    }
    let most = format!("SELECT {column} FROM {table} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1");
    let most: Option<Value> = conn.prepare(&most)?.query_map([], |row| row.get(0))?.next().transpose()?;
    let value = match most {
        Some(Value::Integer(number)) => number.to_string(),
        Some(Value::Real(number)) => format!("{number:?}"),
        Some(Value::Text(text)) if text.len() <= 40 => format!("\"{}\"", plain(&text)),
        _ => "\"…\"".to_owned(),
    };
    Ok(format!("Write `{name} = {value}` under [tasks.insert], or what else is right for new tasks."))
}

/// Steps that wait since the table refused them.
pub(super) fn refused(conn: &Connection) -> Done<Option<Check>> {
    let sql = "SELECT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE name = 'abide_refusals')";
    if !conn.query_row(sql, [], |row| row.get::<_, bool>(0))? {
        return Ok(None);
    }
    let refused = holds::refused(conn)?;
    Ok(refused.values().next().map(|reason| {
        let steps = counted(refused.len(), "step");
        let wrong = format!("the table refused {steps} of the last pass, and they wait: {}", plain(reason));
        trouble("refused", wrong, "`abide holds list` names each; mend the table or the mapping, and reconcile again.")
    }))
}
