//! Lengths of time as OpenSLO writes them.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::model::{CalendarUnit, Duration};

/// A length of time as OpenSLO writes it: `28d`, `1M`. A rolling month has 30 days, a quarter 90, a year 365.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    count: u32,
    unit: char,
}

/// Longest first; the month is an upper-case M.
const UNITS: [(char, u64); 8] = [
    ('Y', 365 * 86_400_000),
    ('Q', 90 * 86_400_000),
    ('M', 30 * 86_400_000),
    ('w', 7 * 86_400_000),
    ('d', 86_400_000),
    ('h', 3_600_000),
    ('m', 60_000),
    ('s', 1000),
];

impl Period {
    /// So many minutes.
    pub const fn minutes(count: u32) -> Self {
        Self { count, unit: 'm' }
    }

    /// Its length; months, quarters and years count as 30, 90 and 365 days.
    pub fn length(self) -> Duration {
        let millis = UNITS.iter().find(|(unit, _)| *unit == self.unit).map_or(0, |(_, millis)| *millis);
        Duration::from_millis(millis * u64::from(self.count))
    }
}

impl Period {
    /// How many of which unit of a calendar it is.
    pub const fn calendar(self) -> (u32, CalendarUnit) {
        let unit = match self.unit {
            'Y' => CalendarUnit::Year,
            'Q' => CalendarUnit::Quarter,
            'M' => CalendarUnit::Month,
            'w' => CalendarUnit::Week,
            'd' => CalendarUnit::Day,
            'h' => CalendarUnit::Hour,
            'm' => CalendarUnit::Minute,
            _ => CalendarUnit::Second,
        };
        (self.count, unit)
    }
}

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is no duration; write a whole number and one of m, h, d, w, M (month), Q (quarter), Y: 28d"
            )
        };
        let unit = text.chars().last().filter(|last| UNITS.iter().any(|(unit, _)| unit == last)).ok_or_else(wrong)?;
        let digits = &text[..text.len() - 1];
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        match digits.parse::<u32>() {
            Ok(count @ 1..=100_000) => Ok(Self { count, unit }),
            _ => Err(format!("the duration `{text}` is out of range: use 1 to 100000 of a unit")),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Word;

        impl Visitor<'_> for Word {
            type Value = Period;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration such as 5m, 6h, 28d, 4w, 1M, 1Q or 1Y")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Period, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Word)
    }
}

impl JsonSchema for Period {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[0-9]+[smhdwMQY]$", "description": "a duration such as 5m, 28d or 1M"})
    }
}

/// For how long something must last: a period, or none at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, JsonSchema)]
#[schemars(with = "Period")]
pub struct Lasting(Option<Period>);

impl Lasting {
    /// Its length.
    pub fn length(self) -> Duration {
        self.0.map_or(Duration::default(), Period::length)
    }
}

impl<'de> Deserialize<'de> for Lasting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let is_nothing = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit == b'0');
        let unit = |unit: char| UNITS.iter().any(|(known, _)| *known == unit);
        if text.strip_suffix(unit).is_some_and(is_nothing) {
            return Ok(Self(None));
        }
        text.parse().map(|period| Self(Some(period))).map_err(D::Error::custom)
    }
}

/// A slice of time: a period, or a number of minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(with = "either::Slice")]
pub struct Slice(pub Period);

/// What an editor may know of [`Slice`].
mod either {
    use super::Period;

    #[derive(schemars::JsonSchema)]
    #[schemars(untagged)]
    #[allow(dead_code, reason = "only its schema is used")]
    pub(super) enum Slice {
        Written(Period),
        Minutes(u32),
    }
}

impl<'de> Deserialize<'de> for Slice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl Visitor<'_> for Either {
            type Value = Slice;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration such as 1m, or a number of minutes")
            }

            fn visit_i64<E: Error>(self, minutes: i64) -> Result<Slice, E> {
                match u32::try_from(minutes) {
                    Ok(minutes @ 1..=100_000) => Ok(Slice(Period::minutes(minutes))),
                    _ => Err(E::custom(format!("`{minutes}` is no number of minutes"))),
                }
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Slice, E> {
                text.parse().map(Slice).map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_no_minute() {
        assert_eq!("1M".parse::<Period>().unwrap().length(), Duration::from_days(30));
        assert_eq!("1m".parse::<Period>().unwrap().length(), Duration::from_mins(1));
        assert_eq!("2Q".parse::<Period>().unwrap().to_string(), "2Q");
        for wrong in ["", "d", "0d", "-1d", "1.5d", "30", "30D", "1ä", "999999999d", "1y"] {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
    }
}
