//! How a column writes times, from what it holds.

use super::shapes;
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
    /// They are none, or not all of them are, or they are written in several ways.
    No,
}

/// How a column writes times.
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
    if is_one(&forms(column)) { commonest(column).map_or(Times::No, Times::Written) } else { Times::No }
}

/// Whether all are times that one form reads.
fn is_one(forms: &[Form<'_>]) -> bool {
    forms.iter().all(|it| it.format().is_some() && alike(it.format()) == alike(forms[0].format()))
}

/// The form in which most of its times are written.
pub(super) fn commonest(column: &ColumnSeen) -> Option<TimeFormat> {
    forms(column).into_iter().filter(|it| it.format().is_some()).max_by_key(|it| it.rows)?.format()
}

/// In which ways a column writes times, each with an example, where it does so in several or in one that Abide does not read; none
/// where all is well, and where it holds no times at all and does not claim to.
pub(super) fn ways(column: &ColumnSeen) -> Option<Ways> {
    let forms = forms(column);
    if is_one(&forms) || forms.iter().all(|it| it.way == Way::None) {
        return None;
    }
    let shown = forms.iter().map(|form| {
        let what = match form.way {
            Way::Format(format) => format!("`{}`", format.word()),
            Way::Odd(shape) => shape.to_owned(),
            Way::Bytes => return format!("bytes ({})", rows(form.rows)),
            Way::None => "what is no time".to_owned(),
        };
        format!("{what} ({}, as `{}`)", rows(form.rows), form.example.word())
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    let odd = forms.iter().all(|it| matches!(it.way, Way::Odd(_))).then(|| forms[0].example.word());
    Some(Ways { shown, odd })
}

/// The ways in which a column writes times.
pub(super) struct Ways {
    /// All of them, each with an example.
    pub shown: String,
    /// An example, where all are times that people read and Abide does not.
    pub odd: Option<String>,
}

fn rows(count: u64) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Format(TimeFormat),
    /// As people write times, and Abide does not read them.
    Odd(&'static str),
    Bytes,
    /// It is no time.
    None,
}

/// A way of writing.
struct Form<'a> {
    way: Way,
    example: &'a Held,
    rows: u64,
}

impl Form<'_> {
    const fn format(&self) -> Option<TimeFormat> {
        if let Way::Format(format) = self.way { Some(format) } else { None }
    }
}

/// Every way that is met in a column, the most frequent first.
fn forms(column: &ColumnSeen) -> Vec<Form<'_>> {
    let mut forms: Vec<Form<'_>> = Vec::new();
    // Beside numbers that are times, 0 says that there is none.
    let has_counted = column.sample.iter().any(|(held, _)| format(held).is_some_and(TimeFormat::counts));
    let is_none = |held: &Held| matches!(held, Held::Integer(0) | Held::Real(0.0));
    for (held, count) in column.sample.iter().filter(|(held, _)| !has_counted || !is_none(held)) {
        let way = match format(held) {
            Some(format) => Way::Format(format),
            None if *held == Held::Blob => Way::Bytes,
            None => shapes::of(held).map_or(Way::None, Way::Odd),
        };
        match forms.iter_mut().find(|it| it.way == way) {
            Some(form) => form.rows += count,
            None => forms.push(Form { way, example: held, rows: *count }),
        }
    }
    forms.sort_by_key(|form| std::cmp::Reverse(form.rows));
    forms
}

/// Forms that are read by the same rules: a `T` in place of the blank hinders nobody.
fn alike(format: Option<TimeFormat>) -> Option<TimeFormat> {
    format.map(|format| if format == TimeFormat::TextT { TimeFormat::Text } else { format })
}

fn format(held: &Held) -> Option<TimeFormat> {
    match held {
        Held::Integer(_) if shapes::of(held).is_some_and(|shape| shape.starts_with("days packed")) => None,
        Held::Integer(number) => of_number(*number as f64),
        Held::Real(number) => of_number(*number),
        Held::Text(text) => of_text(text),
        Held::Blob => None,
    }
}

/// The day of a time, counted from 1970.
pub(super) fn day(held: &Held) -> Option<i64> {
    const DAY: f64 = 86_400.0;
    let number = match held {
        Held::Integer(number) => *number as f64,
        Held::Real(number) => *number,
        Held::Text(text) => match text.trim().parse() {
            Ok(number) => number,
            Err(_) => return Some(text.get(..10)?.parse::<Date>().ok()?.start().as_millis() / 86_400_000),
        },
        Held::Blob => return None,
    };
    let days = match of_number(number)? {
        TimeFormat::Unix => number / DAY,
        TimeFormat::UnixMs => number / DAY / 1e3,
        TimeFormat::UnixUs => number / DAY / 1e6,
        TimeFormat::Apple => (number + 978_307_200.0) / DAY,
        TimeFormat::Ticks => number / DAY / 1e7 - 719_162.0,
        TimeFormat::Julian => number - 2_440_587.5,
        _ => return None,
    };
    Some(days.floor() as i64)
}

/// The years 1990 to 2100 lie far apart in what most count. Seconds since 1970 of before 1999 are no times of a tracker: they are
/// seconds since 2001 of 2004 to 2029.
fn of_number(number: f64) -> Option<TimeFormat> {
    match number {
        n if (1.0e8..9.15e8).contains(&n) => Some(TimeFormat::Apple),
        n if (9.15e8..4.2e9).contains(&n) => Some(TimeFormat::Unix),
        n if (6.3e11..4.2e12).contains(&n) => Some(TimeFormat::UnixMs),
        n if (6.3e14..4.2e15).contains(&n) => Some(TimeFormat::UnixUs),
        n if (6.276e17..6.626e17).contains(&n) => Some(TimeFormat::Ticks),
        n if (2_447_892.0..2_488_070.0).contains(&n) => Some(TimeFormat::Julian),
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
