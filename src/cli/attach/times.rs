//! How a column writes times, from what it holds.

use crate::config::TimeFormat;
use crate::model::{Date, Timestamp};
use crate::store::inspect::{ColumnSeen, Held};

/// What the values of a column say of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Times {
    /// They are written so.
    Written(TimeFormat),
    /// There are none, and the schema says that there will be.
    Empty,
    /// They are none.
    No,
}

/// How a column writes times; of two ways the one that is met more often.
pub(super) fn of(column: &ColumnSeen) -> Times {
    if column.sample.is_empty() {
        let declared = column.declared.to_ascii_uppercase();
        let by_default =
            column.default.as_deref().is_some_and(|default| default.to_ascii_uppercase().contains("CURRENT"));
        let may = declared.is_empty()
            || ["DATE", "TIME", "TEXT", "INT", "REAL", "NUM", "CHAR"].iter().any(|it| declared.contains(it));
        return match () {
            () if by_default => Times::Written(TimeFormat::Text),
            () if declared == "DATE" => Times::Written(TimeFormat::Date),
            () if may => Times::Empty,
            () => Times::No,
        };
    }
    let mut formats: Vec<(TimeFormat, u64)> = Vec::new();
    for (held, count) in &column.sample {
        let Some(format) = format(held) else { return Times::No };
        match formats.iter_mut().find(|(seen, _)| *seen == format) {
            Some((_, times)) => *times += count,
            None => formats.push((format, *count)),
        }
    }
    formats.into_iter().max_by_key(|(_, count)| *count).map_or(Times::No, |(format, _)| Times::Written(format))
}

fn format(held: &Held) -> Option<TimeFormat> {
    match held {
        Held::Integer(number) => of_number(*number as f64),
        Held::Real(number) => of_number(*number),
        Held::Text(text) => of_text(text),
        Held::Blob => None,
    }
}

/// Seconds, milliseconds and microseconds of the years 1990 to 2100 lie far apart.
fn of_number(number: f64) -> Option<TimeFormat> {
    match number {
        n if (6.3e8..4.2e9).contains(&n) => Some(TimeFormat::Unix),
        n if (6.3e11..4.2e12).contains(&n) => Some(TimeFormat::UnixMs),
        n if (6.3e14..4.2e15).contains(&n) => Some(TimeFormat::UnixUs),
        _ => None,
    }
}

fn of_text(text: &str) -> Option<TimeFormat> {
    if let Ok(number) = text.trim().parse::<f64>() {
        return of_number(number);
    }
    if Timestamp::from_sql_text(text).is_ok() {
        return Some(if text.contains('T') { TimeFormat::TextT } else { TimeFormat::Text });
    }
    if text.parse::<Date>().is_ok() {
        return Some(TimeFormat::Date);
    }
    text.parse::<Timestamp>().is_ok().then_some(TimeFormat::Iso8601)
}
