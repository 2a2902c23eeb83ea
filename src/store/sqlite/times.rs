//! Times as a table writes them.

use rusqlite::types::{Value, ValueRef};
use rustc_hash::FxHashMap;

use crate::config::TimeFormat;
use crate::model::{Date, Duration, Timestamp};

/// Reads times of one format. Remembers days, since rows share them.
pub(crate) struct Times {
    format: TimeFormat,
    days: FxHashMap<[u8; 10], i64>,
}

impl Times {
    /// Reads times of that format.
    pub(crate) fn new(format: TimeFormat) -> Self {
        Self { format, days: FxHashMap::default() }
    }

    /// The time that a value stands for, none for NULL, for an empty text, and for 0 where the format counts.
    ///
    /// # Errors
    /// What a value of this format looks like.
    pub(crate) fn read(&mut self, value: ValueRef<'_>) -> Result<Option<Timestamp>, &'static str> {
        self.read_as(self.format, value)
    }

    /// The same in another format: single columns may have one of their own.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(super) fn read_as(
        &mut self,
        format: TimeFormat,
        value: ValueRef<'_>,
    ) -> Result<Option<Timestamp>, &'static str> {
        let at = match (value, format) {
            (ValueRef::Null | ValueRef::Text(b""), _) => return Ok(None),
            // Where a column counts, many programs write 0 for what has not been yet.
            (ValueRef::Integer(0) | ValueRef::Real(0.0), format) if format.counts() => return Ok(None),
            (ValueRef::Text(text), TimeFormat::Text | TimeFormat::TextT) => self.text(text),
            (ValueRef::Text(text), TimeFormat::Iso8601) => {
                std::str::from_utf8(text).ok().and_then(|text| text.parse().ok())
            }
            (ValueRef::Text(text), TimeFormat::Date) => {
                std::str::from_utf8(text).ok().and_then(|text| text.trim().parse().ok()).map(Date::start)
            }
            (value, format) => scale(format).and_then(|scale| number(value, &scale)),
        };
        at.map(Some).ok_or(expected(format))
    }

    fn text(&mut self, text: &[u8]) -> Option<Timestamp> {
        let whole = |text: &[u8]| Timestamp::from_sql_text(std::str::from_utf8(text).ok()?).ok();
        let &[_, _, _, _, b'-', _, _, b'-', _, _, b' ', h1, h2, b':', m1, m2, b':', s1, s2] = text else {
            return whole(text);
        };
        let two = |a: u8, b: u8| {
            (a.is_ascii_digit() && b.is_ascii_digit()).then(|| i64::from(a - b'0') * 10 + i64::from(b - b'0'))
        };
        let (hour, minute, second) = (two(h1, h2)?, two(m1, m2)?, two(s1, s2)?);
        if hour > 23 || minute > 59 || second > 59 {
            return whole(text);
        }
        let day: [u8; 10] = text[..10].try_into().ok()?;
        let start = match self.days.get(&day) {
            Some(start) => *start,
            None => {
                let start = whole(&[&day[..], b" 00:00:00"].concat())?.as_millis();
                self.days.insert(day, start);
                start
            }
        };
        Some(Timestamp::from_millis(start + (hour * 3600 + minute * 60 + second) * 1000))
    }
}

/// How a format counts: so many of its units are so many milliseconds.
struct Scale {
    /// When it counts from, in milliseconds since 1970.
    from: i64,
    units: i64,
    millis: i64,
}

/// The scale of a format that counts.
const fn scale(format: TimeFormat) -> Option<Scale> {
    let (from, units, millis) = match format {
        TimeFormat::Text | TimeFormat::TextT | TimeFormat::Iso8601 | TimeFormat::Date => return None,
        TimeFormat::Unix => (0, 1, 1000),
        TimeFormat::UnixMs => (0, 1, 1),
        TimeFormat::UnixUs => (0, 1000, 1),
        TimeFormat::Apple => (978_307_200_000, 1, 1000),
        TimeFormat::Ticks => (-62_135_596_800_000, 10_000, 1),
        TimeFormat::Julian => (-210_866_760_000_000, 1, 86_400_000),
    };
    Some(Scale { from, units, millis })
}

/// A time as a number. To the millisecond a float is exact on every scale.
fn number(value: ValueRef<'_>, scale: &Scale) -> Option<Timestamp> {
    let number = match value {
        ValueRef::Integer(number) => number as f64,
        ValueRef::Real(number) => number,
        ValueRef::Text(text) => std::str::from_utf8(text).ok()?.trim().parse::<f64>().ok()?,
        ValueRef::Null | ValueRef::Blob(_) => return None,
    };
    let millis = number * scale.millis as f64 / scale.units as f64;
    in_range((millis.round() as i64).saturating_add(scale.from))
}

/// The end of the year 9999: what lies beyond was written in another unit.
const LAST: i64 = 253_402_300_799_999;

fn in_range(millis: i64) -> Option<Timestamp> {
    (-LAST..=LAST).contains(&millis).then(|| Timestamp::from_millis(millis))
}

const fn expected(format: TimeFormat) -> &'static str {
    match format {
        TimeFormat::Text => "a text `YYYY-MM-DD HH:MM:SS` in UTC",
        TimeFormat::Iso8601 => "ISO 8601 with an offset, as `2026-03-02T10:00:00Z`",
        TimeFormat::Unix => "seconds since 1970",
        TimeFormat::UnixMs => "milliseconds since 1970",
        TimeFormat::UnixUs => "microseconds since 1970",
        TimeFormat::TextT => "a text `YYYY-MM-DDTHH:MM:SS` in UTC",
        TimeFormat::Date => "a text `YYYY-MM-DD`",
        TimeFormat::Apple => "seconds since 2001",
        TimeFormat::Ticks => "tenths of microseconds since the year 1",
        TimeFormat::Julian => "a Julian day with its fraction, as 2461000.5",
    }
}

/// How to mend a mapping whose format cannot read a value, and what was expected of that.
pub(super) fn mend(format: TimeFormat, value: ValueRef<'_>, expected: &str) -> String {
    let mut mend = format!("This table is mapped with `time = \"{}\"`: {expected}.", format.word());
    let text = value.as_str().ok().filter(|_| matches!(format, TimeFormat::Text | TimeFormat::TextT));
    if text.is_some_and(|text| text.parse::<Timestamp>().is_ok()) {
        mend += &format!(" Did you mean `time = \"{}\"`? It can be read so.", TimeFormat::Iso8601.word());
    }
    mend
}

/// A time as the format writes it.
pub(crate) fn write(format: TimeFormat, at: Timestamp) -> Value {
    match format {
        TimeFormat::Text => Value::Text(at.to_sql_text()),
        TimeFormat::Iso8601 => Value::Text(at.to_string()),
        TimeFormat::TextT => Value::Text(at.to_sql_text().replacen(' ', "T", 1)),
        TimeFormat::Date => Value::Text(at.date().to_string()),
        format => scale(format).map_or(Value::Null, |scale| {
            let since = at.as_millis().saturating_sub(scale.from).saturating_mul(scale.units);
            // Of a day the fraction is what matters.
            let is_coarse = scale.millis > 1000;
            if is_coarse {
                Value::Real(since as f64 / scale.millis as f64)
            } else {
                Value::Integer(since.div_euclid(scale.millis))
            }
        }),
    }
}

/// A time at which something ends, as a column that tells days means it: at 24:00 UTC of the day that was read.
pub(super) fn read_end(format: TimeFormat, at: Timestamp) -> Timestamp {
    if format == TimeFormat::Date { at.date().end() } else { at }
}

/// The same to be written: the day in which it ends.
pub(super) fn write_end(format: TimeFormat, at: Timestamp) -> Timestamp {
    if format == TimeFormat::Date { at.minus(Duration::from_millis(1)) } else { at }
}

/// What every value written for a later time is greater than, in SQL's own order; some earlier ones may be as well.
pub(super) fn bound(format: TimeFormat, at: Timestamp) -> Value {
    match format {
        // Offsets reach to 14 hours either way, and a blank sorts before a `T`, so only days compare.
        TimeFormat::Iso8601 | TimeFormat::TextT | TimeFormat::Date => {
            Value::Text(at.minus(Duration::from_days(1)).date().to_string())
        }
        // A time with a fraction sorts behind the same one without.
        format => write(format, at.minus(Duration::from_secs(1))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(format: TimeFormat, value: &Value) -> Result<Option<Timestamp>, &'static str> {
        Times::new(format).read(ValueRef::from(value))
    }

    proptest! {
        #[test]
        fn every_format_reads_what_it_writes(millis in 1_i64..4_000_000_000_000) {
            let at = Timestamp::from_millis(millis);
            let second = Timestamp::from_secs(millis / 1000);
            for format in TimeFormat::ALL {
                let kept = match format {
                    TimeFormat::Date => at.date().start(),
                    TimeFormat::Text | TimeFormat::TextT | TimeFormat::Unix | TimeFormat::Apple => second,
                    TimeFormat::Iso8601 | TimeFormat::UnixMs | TimeFormat::UnixUs | TimeFormat::Ticks | TimeFormat::Julian => at,
                };
                prop_assert_eq!(read(format, &write(format, at)), Ok(Some(kept)));
            }
        }

        #[test]
        fn what_ends_ends_with_the_day_that_is_written(secs in 0_i64..4_000_000_000) {
            let at = Timestamp::from_secs(secs);
            for format in TimeFormat::ALL {
                let found = |at| read(format, &write(format, write_end(format, at))).unwrap().map(|at| read_end(format, at));
                let kept = if format == TimeFormat::Date { at.minus(Duration::from_millis(1)).date().end() } else { at };
                prop_assert_eq!(found(at), Some(kept));
                prop_assert_eq!(found(kept), Some(kept));
            }
        }

        #[test]
        fn a_bound_lets_every_later_time_through(secs in 100_000_i64..4_000_000_000, later in 0_i64..90_000_000) {
            let at = Timestamp::from_secs(secs);
            let conn = rusqlite::Connection::open_in_memory().unwrap();
            for format in TimeFormat::ALL {
                let value = write(format, Timestamp::from_millis(at.as_millis() + 1000 + later));
                let admits: bool = conn.query_row("SELECT ? > ?", [value, bound(format, at)], |row| row.get(0)).unwrap();
                prop_assert!(admits, "{}", format.word());
            }
        }
    }

    /// As other programs write the same moment.
    #[test]
    fn numbers_count_from_where_their_makers_say() {
        let moment = Timestamp::from_secs(1_772_445_600);
        for (format, value) in [
            (TimeFormat::Apple, Value::Integer(794_138_400)),
            (TimeFormat::Apple, Value::Real(794_138_400.000_2)),
            (TimeFormat::Ticks, Value::Integer(639_080_424_000_000_000)),
            (TimeFormat::Julian, Value::Real(2_461_101.916_666_666_5)),
        ] {
            assert_eq!(read(format, &value), Ok(Some(moment)), "{value:?}");
        }
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        let julian: Value = conn.query_row("SELECT julianday('2026-03-02 10:00:00')", [], |row| row.get(0)).unwrap();
        assert_eq!(write(TimeFormat::Julian, moment), julian);
        for format in TimeFormat::ALL.into_iter().filter(|format| format.counts()) {
            assert_eq!(read(format, &Value::Integer(0)), Ok(None));
            assert_eq!(read(format, &Value::Real(0.0)), Ok(None));
        }
    }

    #[test]
    fn what_is_no_time_of_the_format_is_refused() {
        for (format, value) in [
            (TimeFormat::Text, Value::Text("2026-13-01 00:00:00".into())),
            (TimeFormat::Text, Value::Text("2026-03-01 24:00:00".into())),
            (TimeFormat::Text, Value::Integer(5)),
            (TimeFormat::Iso8601, Value::Text("2026-03-02T10:00:00".into())),
            (TimeFormat::Unix, Value::Integer(1_700_000_000_000)),
            (TimeFormat::UnixMs, Value::Text("soon".into())),
            (TimeFormat::TextT, Value::Text("2026-03-02T10:00:00Z".into())),
            (TimeFormat::Date, Value::Text("2026-03-02 10:00:00".into())),
        ] {
            assert_eq!(read(format, &value), Err(expected(format)), "{value:?}");
        }
        assert_eq!(read(TimeFormat::Text, &Value::Null), Ok(None));
        let fraction = read(TimeFormat::Text, &Value::Text("2026-03-02 10:00:00.250".into())).unwrap().unwrap();
        assert_eq!(fraction.to_string(), "2026-03-02T10:00:00.250Z");
        let micros = read(TimeFormat::TextT, &Value::Text("2026-03-02T10:00:00.250731".into())).unwrap();
        assert_eq!(micros, Some(fraction));
        let real = read(TimeFormat::Unix, &Value::Real(1_772_445_600.25)).unwrap();
        assert_eq!(real, Some(fraction));
        let offset = read(TimeFormat::Iso8601, &Value::Text("2026-03-02T10:00:00+08:00".into())).unwrap().unwrap();
        assert_eq!(offset.to_string(), "2026-03-02T02:00:00Z");
    }
}
