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
    forms.iter().all(|it| it.format.is_some() && alike(it.format) == alike(forms[0].format))
}

/// The form in which most of its times are written.
pub(super) fn commonest(column: &ColumnSeen) -> Option<TimeFormat> {
    forms(column).into_iter().filter(|it| it.format.is_some()).max_by_key(|it| it.rows)?.format
}

/// In which ways a column writes times, each with an example, where it does so in several or holds what is no time; none where
/// all is well, and where it holds no times at all and does not claim to.
pub(super) fn ways(column: &ColumnSeen) -> Option<String> {
    let forms = forms(column);
    let has_times = forms.iter().any(|it| it.format.is_some());
    let has_bytes = forms.iter().any(|it| *it.example == Held::Blob);
    if is_one(&forms) || !(has_times || has_bytes) {
        return None;
    }
    let shown = forms.iter().map(|form| {
        let what = match (form.format, form.example) {
            (Some(format), _) => format!("`{}`", format.word()),
            (None, Held::Blob) => return format!("bytes ({})", rows(form.rows)),
            (None, _) => "what is no time".to_owned(),
        };
        format!("{what} ({}, as `{}`)", rows(form.rows), form.example.word())
    });
    Some(shown.collect::<Vec<_>>().join(", "))
}

fn rows(count: u64) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}

/// A way of writing.
struct Form<'a> {
    /// None where it is no time.
    format: Option<TimeFormat>,
    example: &'a Held,
    rows: u64,
}

/// Every way that is met in a column, the most frequent first.
fn forms(column: &ColumnSeen) -> Vec<Form<'_>> {
    let mut forms: Vec<Form<'_>> = Vec::new();
    // Beside numbers that are times, 0 says that there is none.
    let is_counted =
        |held: &Held| matches!(format(held), Some(TimeFormat::Unix | TimeFormat::UnixMs | TimeFormat::UnixUs));
    let has_counted = column.sample.iter().any(|(held, _)| is_counted(held));
    for (held, count) in column.sample.iter().filter(|(held, _)| !has_counted || *held != Held::Integer(0)) {
        let format = format(held);
        let is_same = |it: &&mut Form<'_>| {
            it.format == format && (format.is_some() || (*it.example == Held::Blob) == (*held == Held::Blob))
        };
        match forms.iter_mut().find(is_same) {
            Some(form) => form.rows += count,
            None => forms.push(Form { format, example: held, rows: *count }),
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
