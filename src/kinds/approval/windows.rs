//! When tasks may start by the calendar: `deny` wins over `allow`.

use jiff::civil::{DateTime, Time, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::diagnostic::{Problem, Span, Spanned, codes};
use crate::model::{Date, Duration, Timestamp};

/// When tasks may start.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Windows {
    /// The zone of all times within, by its IANA name; UTC unless given.
    pub time_zone: Option<Spanned<String>>,
    /// Only then, where any are given.
    #[serde(default)]
    pub allow: Vec<Spanned<Window>>,
    /// Not then, whatever `allow` says.
    #[serde(default)]
    pub deny: Vec<Spanned<Window>>,
}

/// Some days, or some hours of them. All given fields must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Window {
    /// On these days of the week.
    #[serde(default)]
    pub days: Vec<Day>,
    /// From this time of day: `09:00`.
    pub from: Option<Spanned<String>>,
    /// To this time of day, which is no longer in it; of the next day where it is not after `from`.
    pub to: Option<Spanned<String>>,
    /// From the beginning of this day.
    pub since: Option<Date>,
    /// To the end of this day.
    pub until: Option<Date>,
    /// Why, for people.
    pub reason: Option<String>,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "each is the day of that name")]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl From<Day> for Weekday {
    fn from(day: Day) -> Self {
        match day {
            Day::Mon => Self::Monday,
            Day::Tue => Self::Tuesday,
            Day::Wed => Self::Wednesday,
            Day::Thu => Self::Thursday,
            Day::Fri => Self::Friday,
            Day::Sat => Self::Saturday,
            Day::Sun => Self::Sunday,
        }
    }
}

/// How far ahead the next change is looked for; a week holds every pattern of days and hours.
const AHEAD_DAYS: usize = 9;

impl Windows {
    /// That nothing starts at all, for that reason.
    pub(in crate::kinds) fn never(reason: &str) -> Self {
        let always = Window { reason: Some(reason.to_owned()), ..Window::default() };
        Self { time_zone: None, allow: Vec::new(), deny: vec![Spanned { value: always, span: Span::default() }] }
    }

    /// Whether it holds no window at all.
    pub(super) const fn is_empty(&self) -> bool {
        self.allow.is_empty() && self.deny.is_empty()
    }

    /// Why nothing may start at a moment, if so.
    pub fn closed(&self, at: Timestamp) -> Option<String> {
        let here = self.local(at)?;
        let why = |window: &Window| window.reason.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        if let Some(window) = self.deny.iter().find(|window| window.holds(&here)) {
            return Some(format!("nothing starts now{}", why(window)));
        }
        let is_allowed = self.allow.is_empty() || self.allow.iter().any(|window| window.holds(&here));
        (!is_allowed).then(|| "nothing starts outside the windows that the policy allows".to_owned())
    }

    /// When that next changes.
    pub fn turns(&self, at: Timestamp) -> Option<Timestamp> {
        let (zone, here) = (self.zone()?, self.local(at)?);
        let windows = || self.allow.iter().chain(&self.deny);
        let times: Vec<Time> = windows().flat_map(|window| window.edges()).chain([Time::midnight()]).collect();
        let near = here.date().series(jiff::Span::new().days(1)).take(AHEAD_DAYS);
        let near = near.flat_map(|day| times.iter().map(move |time| day.to_datetime(*time)));
        let ends = windows().filter_map(|window| Some(window.until?.plus(Duration::from_days(1))));
        let far = windows().filter_map(|window| window.since).chain(ends).map(Date::midnight);
        let mut edges: Vec<Timestamp> = near.chain(far).filter_map(|edge| moment(&zone, edge)).collect();
        edges.retain(|edge| *edge > at);
        edges.sort_unstable();
        let closed = self.closed(at);
        edges.into_iter().find(|edge| self.closed(*edge) != closed)
    }

    fn zone(&self) -> Option<TimeZone> {
        let name = self.time_zone.as_ref().map_or("UTC", |zone| &zone.value);
        TimeZoneDatabase::bundled().get(name).ok()
    }

    /// The time on the clocks of the zone; nothing where the zone is unknown, which is refused when the spec is read.
    fn local(&self, at: Timestamp) -> Option<DateTime> {
        Some(self.zone()?.to_datetime(jiff::Timestamp::from_millisecond(at.as_millis()).ok()?))
    }

    /// Says what no calendar has.
    pub(super) fn check(&self, problems: &mut Vec<Problem>) {
        if let Some(zone) = self.time_zone.as_ref().filter(|_| self.zone().is_none()) {
            let message = format!("`{}` is no time zone", zone.value);
            let problem = Problem::new(&codes::SPEC_VALUE, zone.span, message);
            problems.push(problem.help("a time zone is an IANA name such as `Europe/Zurich`, or `UTC`"));
        }
        self.allow.iter().chain(&self.deny).for_each(|window| window.value.check(window.span, problems));
    }
}

/// The moment at which the clocks of a zone show that. A time that they skip is taken as just after.
fn moment(zone: &TimeZone, local: DateTime) -> Option<Timestamp> {
    let zoned = zone.to_ambiguous_zoned_datetime(local).compatible().ok()?;
    Some(Timestamp::from_millis(zoned.timestamp().as_millisecond()))
}

fn time(text: &str) -> Option<Time> {
    let is_short = text.len() == 5 && text.as_bytes()[2] == b':';
    is_short.then(|| text.parse().ok()).flatten()
}

impl Window {
    fn bounds(&self) -> (Option<Time>, Option<Time>) {
        let of = |text: &Option<Spanned<String>>| text.as_ref().and_then(|text| time(&text.value));
        (of(&self.from), of(&self.to))
    }

    fn edges(&self) -> impl Iterator<Item = Time> {
        let (from, to) = self.bounds();
        [from, to].into_iter().flatten()
    }

    /// Whether a moment lies in it. Hours that go over midnight belong to the day on which they begin.
    fn holds(&self, here: &DateTime) -> bool {
        let (from, to) = self.bounds();
        let (from, to) = (from.unwrap_or(Time::midnight()), to);
        let now = here.time();
        let is_today = from <= now && to.is_none_or(|to| now < to || to <= from);
        let is_of_yesterday = to.is_some_and(|to| to <= from && now < to);
        let today = here.date();
        let on = |date: jiff::civil::Date| {
            let day = self.days.is_empty() || self.days.iter().any(|day| Weekday::from(*day) == date.weekday());
            let since = self.since.is_none_or(|since| since.midnight().date() <= date);
            let until = self.until.is_none_or(|until| date <= until.midnight().date());
            day && since && until
        };
        is_today && on(today) || is_of_yesterday && today.yesterday().is_ok_and(on)
    }

    fn check(&self, at: Span, problems: &mut Vec<Problem>) {
        for text in [&self.from, &self.to].into_iter().flatten().filter(|text| time(&text.value).is_none()) {
            let message = format!("`{}` is no time of day", text.value);
            problems.push(Problem::new(&codes::SPEC_VALUE, text.span, message).help("write it as `09:00`"));
        }
        if let (Some(since), Some(until)) = (self.since, self.until)
            && until.start() < since.start()
        {
            let message = format!("it ends on {until}, before it begins on {since}");
            problems.push(Problem::new(&codes::SPEC_VALUE, at, message));
        }
        if self.days.is_empty() && self.edges().next().is_none() && self.since.is_none() && self.until.is_none() {
            let message = "it says neither days nor hours nor dates, so it is always";
            problems.push(Problem::new(&codes::SPEC_VALUE, at, message).fix("say when, or leave it out"));
        }
    }
}
