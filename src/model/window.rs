//! The windows over which a budget is counted: those that roll, and those that a calendar sets.

use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZoneDatabase;
use jiff::{Span, ZonedDateTime};

use super::{Duration, Timestamp};

/// A window of time that ends now, or that a calendar begins and ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Window {
    /// The last so long: `(now - length, now]`.
    Rolling(Duration),
    /// The period of a calendar that now is in: `[its beginning, now]`.
    Calendar(Arc<Calendar>),
}

/// Periods of equal name that follow each other, each beginning where the one before ends.
///
/// Years, quarters, months, weeks and days are those of the time zone's calendar: one with a change of daylight saving in it
/// is an hour shorter or longer. Hours, minutes and seconds always have the same length. A month that begins on a day
/// that another month has not begins on that one's last day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Calendar {
    /// Where the first period begins, on the clocks of the zone. A time that a change of daylight saving skips is taken
    /// as the clocks went before it; of one that comes twice, the first counts.
    pub start: DateTime,
    /// A name of the IANA time zone database.
    pub zone: Arc<str>,
    /// The unit that a period is counted in.
    pub unit: CalendarUnit,
    /// How many units a period has; at least 1.
    pub count: u32,
}

/// A unit of calendar periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each variant is the unit of that name")]
pub enum CalendarUnit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// Where a window lies as of a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The last moment before it.
    pub after: Timestamp,
    /// The moment that it is looked at.
    pub now: Timestamp,
    /// Its last moment: now, where it rolls.
    pub until: Timestamp,
}

impl Bounds {
    /// How long it is from now to a moment.
    pub const fn now_until(self, at: Timestamp) -> Duration {
        at.since(self.now)
    }

    /// How long the whole window is.
    pub const fn length(self) -> Duration {
        self.until.since(self.after)
    }
}

impl Window {
    /// Where it lies as of now; nothing before its calendar begins.
    pub fn bounds(&self, now: Timestamp) -> Option<Bounds> {
        match self {
            Self::Rolling(length) => Some(Bounds { after: now.minus(*length), now, until: now }),
            Self::Calendar(calendar) => calendar.bounds(now),
        }
    }

    /// How long it is, by name: a month has 30 days, a quarter 90, a year 365.
    pub fn nominal(&self) -> Duration {
        match self {
            Self::Rolling(length) => *length,
            Self::Calendar(calendar) => {
                Duration::from_millis(calendar.unit.nominal().as_millis().saturating_mul(u64::from(calendar.count)))
            }
        }
    }

    /// No shorter than it ever is: what has to be known of the past.
    pub fn longest(&self) -> Duration {
        match self {
            Self::Rolling(length) => *length,
            Self::Calendar(calendar) => {
                let nominal = self.nominal().as_millis();
                // The longest month is a thirtieth longer than 30 days; a day more is for the clocks that are set back.
                let longer = if calendar.unit >= CalendarUnit::Month { nominal / 30 } else { 0 };
                Duration::from_millis(nominal.saturating_add(longer).saturating_add(90_000_000))
            }
        }
    }
}

impl std::fmt::Display for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rolling(length) => write!(f, "{length}"),
            Self::Calendar(calendar) if calendar.count == 1 => write!(f, "this {}", calendar.unit.word()),
            Self::Calendar(calendar) => write!(f, "these {} {}s", calendar.count, calendar.unit.word()),
        }
    }
}

impl CalendarUnit {
    /// As people write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    const fn nominal(self) -> Duration {
        match self {
            Self::Second => Duration::from_secs(1),
            Self::Minute => Duration::from_mins(1),
            Self::Hour => Duration::from_hours(1),
            Self::Day => Duration::from_days(1),
            Self::Week => Duration::from_days(7),
            Self::Month => Duration::from_days(30),
            Self::Quarter => Duration::from_days(90),
            Self::Year => Duration::from_days(365),
        }
    }

    /// So many of it; nothing where that is more than any calendar has.
    fn span(self, many: i64) -> Option<Span> {
        let span = Span::new();
        let (many, span) = match self {
            Self::Second => return span.try_seconds(many).ok(),
            Self::Minute => return span.try_minutes(many).ok(),
            Self::Hour => return span.try_hours(many).ok(),
            Self::Day => return span.try_days(many).ok(),
            Self::Week => return span.try_weeks(many).ok(),
            Self::Month => (many, span),
            Self::Quarter => (many.checked_mul(3)?, span),
            Self::Year => return span.try_years(many).ok(),
        };
        span.try_months(many).ok()
    }
}

impl Calendar {
    /// Where its first period begins; nothing where the zone is unknown or the time beyond what a calendar holds.
    pub fn begins(&self) -> Option<Timestamp> {
        self.zoned().map(|zoned| Timestamp::from_millis(zoned.timestamp().as_millisecond()))
    }

    fn zoned(&self) -> Option<ZonedDateTime> {
        // The database that is built in, so that a spec means the same on every machine.
        let zone = TimeZoneDatabase::bundled().get(&self.zone).ok()?;
        zone.to_ambiguous_zoned_datetime(self.start).compatible().ok()
    }

    /// The beginning of a period, counted from the first so that nothing adds up.
    fn beginning(&self, first: &ZonedDateTime, period: i64) -> Option<Timestamp> {
        let span = self.unit.span(period.checked_mul(i64::from(self.count.max(1)))?)?;
        let at = first.checked_add(span).ok()?;
        Some(Timestamp::from_millis(at.timestamp().as_millisecond()))
    }

    fn bounds(&self, now: Timestamp) -> Option<Bounds> {
        let first = self.zoned()?;
        let begins = Timestamp::from_millis(first.timestamp().as_millisecond());
        if now < begins {
            return None;
        }
        let nominal = self.unit.nominal().as_millis().saturating_mul(u64::from(self.count.max(1))).max(1);
        let mut period = i64::try_from(now.since(begins).as_millis() / nominal).ok()?;
        // By name alone the guess is a period off at most every few decades, so a few steps find it.
        while period > 0 && self.beginning(&first, period)? > now {
            period -= 1;
        }
        while self.beginning(&first, period + 1)? <= now {
            period += 1;
        }
        let (start, next) = (self.beginning(&first, period)?, self.beginning(&first, period + 1)?);
        let before = Duration::from_millis(1);
        Some(Bounds { after: start.minus(before), now, until: next.minus(before) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(start: &str, zone: &str, unit: CalendarUnit, count: u32) -> Window {
        Window::Calendar(Arc::new(Calendar { start: start.parse().unwrap(), zone: zone.into(), unit, count }))
    }

    /// First and last moment of the period, and its hours.
    fn period(window: &Window, now: &str) -> (String, String, u64) {
        let bounds = window.bounds(now.parse().unwrap()).unwrap();
        let first = bounds.after.plus(Duration::from_millis(1));
        let next = bounds.until.plus(Duration::from_millis(1));
        (first.to_string(), next.to_string(), bounds.length().as_millis() / 3_600_000)
    }

    #[test]
    fn a_month_begins_at_midnight_of_its_zone() {
        let month = calendar("2022-01-01T00:00:00", "Europe/Warsaw", CalendarUnit::Month, 1);
        let (from, to, hours) = period(&month, "2026-03-15T12:00:00Z");
        assert_eq!((&*from, &*to, hours), ("2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z", 743));
        let (from, to, hours) = period(&month, "2026-10-31T23:00:00Z");
        assert_eq!((&*from, &*to, hours), ("2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z", 720));
        assert_eq!(period(&month, "2026-10-31T22:59:59.999Z").2, 745);
    }

    #[test]
    fn a_day_of_daylight_saving_has_23_or_25_hours() {
        let day = calendar("2026-01-01T00:00:00", "America/New_York", CalendarUnit::Day, 1);
        assert_eq!(period(&day, "2026-03-08T15:00:00Z").2, 23);
        assert_eq!(period(&day, "2026-11-01T15:00:00Z").2, 25);
        let hours = calendar("2026-01-01T00:00:00", "America/New_York", CalendarUnit::Hour, 24);
        assert_eq!(period(&hours, "2026-03-08T15:00:00Z").2, 24);
    }

    #[test]
    fn months_that_begin_on_the_31st_do_not_drift() {
        let month = calendar("2026-01-31T00:00:00", "UTC", CalendarUnit::Month, 1);
        assert_eq!(period(&month, "2026-03-01T00:00:00Z").0, "2026-02-28T00:00:00Z");
        assert_eq!(period(&month, "2026-04-01T00:00:00Z").0, "2026-03-31T00:00:00Z");
    }

    #[test]
    fn quarters_years_and_several_of_one_unit_follow_each_other() {
        let quarter = calendar("2024-01-01T00:00:00", "UTC", CalendarUnit::Quarter, 1);
        assert_eq!(period(&quarter, "2026-11-25T00:00:00Z").0, "2026-10-01T00:00:00Z");
        let year = calendar("2024-07-01T00:00:00", "UTC", CalendarUnit::Year, 1);
        assert_eq!(period(&year, "2026-06-30T23:59:59Z").0, "2025-07-01T00:00:00Z");
        let fortnight = calendar("2026-01-05T00:00:00", "UTC", CalendarUnit::Week, 2);
        assert_eq!(period(&fortnight, "2026-01-20T00:00:00Z").0, "2026-01-19T00:00:00Z");
        assert_eq!((fortnight.to_string(), quarter.to_string()), ("these 2 weeks".into(), "this quarter".into()));
    }

    #[test]
    fn nothing_is_counted_before_the_calendar_begins() {
        let month = calendar("2030-01-01T00:00:00", "UTC", CalendarUnit::Month, 1);
        assert_eq!(month.bounds("2026-01-01T00:00:00Z".parse().unwrap()), None);
        let nowhere = calendar("2020-01-01T00:00:00", "Europe/Nowhere", CalendarUnit::Month, 1);
        assert_eq!(nowhere.bounds("2026-01-01T00:00:00Z".parse().unwrap()), None);
    }

    #[test]
    fn the_longest_period_fits_into_what_is_asked_for() {
        for (unit, count) in [(CalendarUnit::Month, 1), (CalendarUnit::Quarter, 1), (CalendarUnit::Year, 2)] {
            let window = calendar("2020-01-01T00:00:00", "Europe/Warsaw", unit, count);
            for day in 0..1500 {
                let now = Timestamp::from_secs(1_600_000_000).plus(Duration::from_days(day));
                let length = window.bounds(now).unwrap().length();
                assert!(length <= window.longest(), "{window} {now}: {length}");
            }
        }
    }

    #[test]
    fn a_rolling_window_ends_now() {
        let now = Timestamp::from_secs(1000);
        let bounds = Window::Rolling(Duration::from_secs(60)).bounds(now).unwrap();
        assert_eq!((bounds.after, bounds.until), (Timestamp::from_secs(940), now));
    }
}
