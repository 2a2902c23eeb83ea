//! From rows to figures.

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::Fault;
use crate::config::TimeFormat;
use crate::model::Timestamp;
use crate::store::times::Times;

/// What a statement says.
#[derive(Debug, Clone, PartialEq)]
pub enum Table {
    /// One number; none where it is NULL, and where there is no row.
    Number(Option<f64>),
    /// Times with a number each, in order of time.
    Rows(Vec<(Timestamp, f64)>),
}

/// The rows of a statement that runs, no more than so many.
pub(super) struct Rows<'s, F> {
    rows: rusqlite::Rows<'s>,
    most: usize,
    seen: usize,
    fault: F,
}

impl<'s, F: Fn(&rusqlite::Error) -> Fault> Rows<'s, F> {
    pub(super) const fn new(rows: rusqlite::Rows<'s>, most: usize, fault: F) -> Self {
        Self { rows, most, seen: 0, fault }
    }

    fn next(&mut self) -> Result<Option<&Row<'s>>, Fault> {
        let row = self.rows.next().map_err(|error| (self.fault)(&error))?;
        if row.is_some() {
            self.seen += 1;
            if self.seen > self.most {
                let most = self.most;
                return Err(Fault::TooMuch(format!(
                    "it gives more than {most} rows; sum them up by the hour, or set a higher `rows` in abide.toml"
                )));
            }
        }
        Ok(row)
    }

    /// The one number of the one row.
    pub(super) fn number(mut self) -> Result<Table, Fault> {
        let Some(row) = self.next()? else { return Ok(Table::Number(None)) };
        let value = number(cell(row, 0), 1)?;
        match self.next()? {
            None => Ok(Table::Number(value)),
            Some(_) => Err(Fault::Malformed(
                "there are several rows of one column; give one row, or two columns, a time and a number".into(),
            )),
        }
    }

    /// The numbers of the times after `from`, up to and with `to`.
    pub(super) fn series(mut self, from: Timestamp, to: Timestamp, format: TimeFormat) -> Result<Table, Fault> {
        let mut times = Times::new(format);
        let mut series = Vec::new();
        let mut at = 0;
        while let Some(row) = self.next()? {
            at += 1;
            let first = cell(row, 0);
            let time = times.read(first).map_err(|expected| no_time(first, at, format, expected))?;
            let value = number(cell(row, 1), at)?;
            series.extend(time.filter(|time| *time > from && *time <= to).zip(value));
        }
        // Rows of the same time as well have one order, whatever the database's is.
        series.sort_by(|(a, left), (b, right)| a.cmp(b).then(left.total_cmp(right)));
        Ok(Table::Rows(series))
    }
}

/// A value of a row. There is one: the columns were counted.
fn cell<'r>(row: &'r Row<'_>, column: usize) -> ValueRef<'r> {
    row.get_ref(column).unwrap_or(ValueRef::Null)
}

fn number(value: ValueRef<'_>, row: usize) -> Result<Option<f64>, Fault> {
    let number = match value {
        ValueRef::Null => return Ok(None),
        ValueRef::Integer(number) => number as f64,
        ValueRef::Real(number) => number,
        ValueRef::Text(_) | ValueRef::Blob(_) => {
            let read = value.as_str().ok().and_then(|text| text.trim().parse().ok());
            read.ok_or_else(|| Fault::Malformed(format!("row {row} has {} where a number is expected", shown(value))))?
        }
    };
    if number.is_finite() {
        return Ok(Some(number));
    }
    Err(Fault::Malformed(format!(
        "row {row} has a number that is not finite, as from a division or a sum that is too large"
    )))
}

fn no_time(value: ValueRef<'_>, row: usize, format: TimeFormat, expected: &str) -> Fault {
    Fault::Malformed(format!(
        "row {row} has {} where a time in the format `{}` is expected: {expected}",
        shown(value),
        format.word()
    ))
}

/// The value for people, not too long.
fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".into(),
        ValueRef::Integer(number) => format!("`{number}`"),
        ValueRef::Real(number) => format!("`{number}`"),
        ValueRef::Blob(_) => "a blob".into(),
        ValueRef::Text(text) => {
            let text = String::from_utf8_lossy(text);
            let start: String = text.chars().take(40).collect();
            if start.len() < text.len() { format!("the text `{start}...`") } else { format!("the text `{start}`") }
        }
    }
}
