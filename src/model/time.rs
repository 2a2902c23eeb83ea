//! Points in time, lengths of time and calendar days, as the specs write them.

use std::fmt;
use std::str::FromStr;

/// A point in time: milliseconds since 1970-01-01 00:00:00 UTC.
///
/// Every clock reading and every stored time is one of these; text appears only at the edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// A length of time in milliseconds, never negative. Written `90s`, `15m`, `6h`, `14d` or `4w`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration(u64);

/// A day of the calendar. One that ends something ends at 24:00 UTC of that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(jiff::civil::Date);

/// Why a text is no time, length of time or date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not of the form that a duration has.
    #[error("`{0}` is no duration; write a whole number and a unit: 90s, 15m, 6h, 14d or 4w")]
    Duration(String),
    /// Longer than ten thousand years or shorter than a second.
    #[error("the duration `{0}` is out of range; it must be longer than nothing and at most 3650000d")]
    DurationRange(String),
    /// Not an ISO 8601 day.
    #[error("`{0}` is no date; write it as YYYY-MM-DD")]
    Date(String),
    /// Not an RFC 3339 time.
    #[error("`{0}` is no time; write it as 2026-03-02T10:00:00Z")]
    Timestamp(String),
}

impl Timestamp {
    /// The time so many milliseconds after 1970-01-01 00:00:00 UTC.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// The time so many seconds after 1970-01-01 00:00:00 UTC.
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1000))
    }

    /// Milliseconds since 1970-01-01 00:00:00 UTC.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// How long `self` is after `earlier`; nothing when it is before.
    pub const fn since(self, earlier: Self) -> Duration {
        let span = self.0.saturating_sub(earlier.0);
        Duration(if span < 0 { 0 } else { span as u64 })
    }

    /// This time, so much later.
    pub const fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add_unsigned(by.0))
    }

    /// This time, so much earlier.
    pub const fn minus(self, by: Duration) -> Self {
        Self(self.0.saturating_sub_unsigned(by.0))
    }

    /// The day that this time falls on in UTC.
    pub fn date(self) -> Date {
        Date(self.civil().date())
    }

    /// `YYYY-MM-DD HH:MM:SS` in UTC, as SQLite's own functions write it.
    pub fn to_sql_text(self) -> String {
        self.civil().strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// Reads `YYYY-MM-DD HH:MM[:SS[.fff]]`, with a blank or a `T` between, as UTC.
    ///
    /// # Errors
    /// [`TimeError::Timestamp`] when the text is of any other form. One with an offset is: it means another moment.
    pub fn from_sql_text(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError::Timestamp(text.to_owned());
        let shown = text.trim();
        let civil: jiff::civil::DateTime =
            if is_sql_text(shown) { shown.parse().map_err(|_| wrong())? } else { return Err(wrong()) };
        let at = jiff::tz::TimeZone::UTC.to_timestamp(civil).map_err(|_| wrong())?;
        Ok(Self(at.as_millisecond()))
    }

    fn civil(self) -> jiff::civil::DateTime {
        let clamped = self.0.clamp(YEAR_1, YEAR_9999);
        let at = jiff::Timestamp::from_millisecond(clamped).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        jiff::tz::TimeZone::UTC.to_datetime(at)
    }
}

/// Whether a text has the form of a time without an offset, down to minutes, seconds or a fraction of one.
fn is_sql_text(text: &str) -> bool {
    let (time, fraction) = text.split_once('.').map_or((text, None), |(time, fraction)| (time, Some(fraction)));
    let form: &[u8] = if time.len() == 16 && fraction.is_none() { b"0000-00-00 00:00" } else { b"0000-00-00 00:00:00" };
    let fits = |(is, form): (u8, &u8)| match form {
        b'0' => is.is_ascii_digit(),
        b' ' => matches!(is, b' ' | b'T'),
        mark => is == *mark,
    };
    let is_fraction = |digits: &str| (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    time.len() == form.len() && time.bytes().zip(form).all(fits) && fraction.is_none_or(is_fraction)
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC; milliseconds only where there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = if self.0 % 1000 == 0 { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S%.3fZ" };
        write!(f, "{}", self.civil().strftime(format))
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let at: jiff::Timestamp = text.trim().parse().map_err(|_| TimeError::Timestamp(text.to_owned()))?;
        Ok(Self(at.as_millisecond()))
    }
}

impl Duration {
    /// So many milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// So many seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs * 1000)
    }

    /// So many minutes.
    pub const fn from_mins(mins: u64) -> Self {
        Self(mins * 60_000)
    }

    /// So many hours.
    pub const fn from_hours(hours: u64) -> Self {
        Self(hours * 3_600_000)
    }

    /// So many days of 24 hours.
    pub const fn from_days(days: u64) -> Self {
        Self(days * 86_400_000)
    }

    /// The length in milliseconds.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// This length times `numerator / denominator`, rounded down to a millisecond.
    pub const fn scaled(self, numerator: u64, denominator: u64) -> Self {
        Self((self.0 as u128 * numerator as u128 / denominator as u128) as u64)
    }

    /// The length as the standard library has it, for timers.
    pub const fn to_std(self) -> std::time::Duration {
        std::time::Duration::from_millis(self.0)
    }
}

/// The first and the last moment that a calendar can show.
const YEAR_1: i64 = -62_135_596_800_000;
const YEAR_9999: i64 = 253_402_207_199_000;

/// Unit, its length in milliseconds. Longest first, so that `Display` picks the longest that fits.
const UNITS: [(&str, u64); 5] = [("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];

const LONGEST: u64 = 3_650_000 * 86_400_000;

impl FromStr for Duration {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError::Duration(text.to_owned());
        let (unit, millis) = UNITS.into_iter().find(|(unit, _)| text.ends_with(unit)).ok_or_else(wrong)?;
        let digits = &text[..text.len() - unit.len()];
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let range = || TimeError::DurationRange(text.to_owned());
        let count: u64 = digits.parse().map_err(|_| range())?;
        match count.checked_mul(millis) {
            Some(total) if (1..=LONGEST).contains(&total) => Ok(Self(total)),
            _ => Err(range()),
        }
    }
}

impl fmt::Display for Duration {
    /// The two largest units that are not nothing: `2d 4h`, `15m`, `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        let mut written = 0;
        for (unit, millis) in UNITS.into_iter().skip(1) {
            let count = rest / millis;
            rest %= millis;
            if count > 0 && written < 2 {
                let gap = if written > 0 { " " } else { "" };
                write!(f, "{gap}{count}{unit}")?;
                written += 1;
            } else if written > 0 {
                break;
            }
        }
        if written == 0 { f.write_str("0s") } else { Ok(()) }
    }
}

impl Date {
    /// 24:00 UTC of this day: the first moment that is no longer in it.
    pub fn end(self) -> Timestamp {
        self.start().plus(Duration::from_days(1))
    }

    /// 00:00 UTC of this day.
    pub fn start(self) -> Timestamp {
        let midnight = jiff::tz::TimeZone::UTC.to_timestamp(self.0.at(0, 0, 0, 0));
        Timestamp(midnight.map_or(i64::MAX, jiff::Timestamp::as_millisecond))
    }

    /// Its beginning on the clocks of wherever one is.
    pub const fn midnight(self) -> jiff::civil::DateTime {
        self.0.at(0, 0, 0, 0)
    }

    /// The day so much later, in whole days.
    pub fn plus(self, by: Duration) -> Self {
        self.start().plus(by).date()
    }
}

impl FromStr for Date {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let shape = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
        let date = if shape { text.parse().ok() } else { None };
        date.map(Self).ok_or_else(|| TimeError::Date(text.to_owned()))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        assert_eq!("90s".parse(), Ok(Duration::from_secs(90)));
        assert_eq!("4w".parse(), Ok(Duration::from_days(28)));
        for wrong in ["soon", "", "m", "-5m", "1.5h", "5", "5 m", "1M", "+1h"] {
            assert_eq!(wrong.parse::<Duration>(), Err(TimeError::Duration(wrong.into())), "{wrong}");
        }
        for outside in ["0s", "99999999999999999999d", "3650001d"] {
            let range = Err(TimeError::DurationRange(outside.into()));
            assert_eq!(outside.parse::<Duration>(), range, "{outside}");
        }
    }

    #[test]
    fn durations_print_their_two_largest_units() {
        assert_eq!(Duration::from_secs(90).to_string(), "1m 30s");
        assert_eq!(Duration::from_hours(52).to_string(), "2d 4h");
        assert_eq!(Duration::from_secs(86_405).to_string(), "1d");
        assert_eq!(Duration::default().to_string(), "0s");
    }

    #[test]
    fn a_date_ends_at_midnight_utc() {
        let date: Date = "2026-12-31".parse().unwrap();
        assert_eq!(date.end().to_string(), "2027-01-01T00:00:00Z");
        assert_eq!(date.start().date(), date);
        for wrong in ["2026-13-01", "2026-1-1", "31.12.2026", "20261231", "2026-02-30"] {
            assert!(wrong.parse::<Date>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_read_back_what_they_print() {
        let at: Timestamp = "2026-03-02T10:00:00.250+08:00".parse().unwrap();
        assert_eq!(at.to_string(), "2026-03-02T02:00:00.250Z");
        assert_eq!(at.to_string().parse(), Ok(at));
        let whole = Timestamp::from_sql_text("2026-03-02 02:00:00").unwrap();
        assert_eq!(whole.to_sql_text(), "2026-03-02 02:00:00");
        assert_eq!(Timestamp::from_millis(i64::MAX).to_string().get(..4), Some("9999"));
    }

    #[test]
    fn an_sql_text_is_utc_and_says_nothing_else() {
        for text in ["2026-03-02 02:00", "2026-03-02T02:00", "2026-03-02 02:00:00", "2026-03-02T02:00:00.000"] {
            assert_eq!(Timestamp::from_sql_text(text), Ok(Timestamp::from_secs(1_772_416_800)), "{text}");
        }
        let fraction = Timestamp::from_sql_text("2026-03-02 02:00:00.25").unwrap();
        assert_eq!(fraction.to_string(), "2026-03-02T02:00:00.250Z");
        for wrong in [
            "2026-11-20T12:40:00+01:00",
            "2026-11-20 12:40:00 +01:00",
            "2026-11-20T12:40:00Z",
            "2026-11-20 12:40:00[Europe/Vienna]",
            "2026-11-20T12:40-05",
            "2026-11-20",
            "2026-11-20 12",
            "2026-11-20t12:40:00",
            "2026-11-20 12:40:00.",
            "2026-11-20 12:40:00,5",
            "2026-11-20 12:40:00.1234567890",
            "20261120 124000",
            "2026-02-30 12:40:00",
            "2026-11-20 24:00:00",
            "2026-11-20 12:60",
            "+2026-11-20 12:40",
            "",
        ] {
            assert_eq!(Timestamp::from_sql_text(wrong), Err(TimeError::Timestamp(wrong.into())), "{wrong}");
        }
    }
}
