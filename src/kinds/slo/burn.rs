//! How fast a budget goes: burn rates over pairs of windows, when they open and when they ease.
//!
//! The factors and shares are those of the SRE workbook, chapter 5, "Multiwindow, multi-burn-rate alerts".

use super::decimal::Decimal;
use super::policy::BurnRate;
use crate::model::{Duration, Series, Severity, Tally, Timestamp};

/// Fewer events than this prove nothing.
pub const ENOUGH: u64 = 10;

/// A burn rate and the two windows that must both exceed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// How many times faster than the budget allows.
    pub factor: Decimal,
    /// The long window: that it is no blip.
    pub long: Duration,
    /// The short window: that it still goes on.
    pub short: Duration,
    /// How bad it is.
    pub severity: Severity,
}

/// How things stand with a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fire {
    /// Both windows exceed now.
    Burns,
    /// They did, and the short one has not yet stayed below for its own length; it exceeded last at that moment.
    Eases(Timestamp),
    /// No.
    Out,
}

/// The default pairs for a budget that is counted over that window. Those of 30 days stretch in proportion, so that each
/// still stands for its share of the budget; a window is never shorter than a millisecond.
pub fn default_pairs(window: Duration) -> Vec<Pair> {
    let stretched = |length: Duration| {
        let scaled = length.scaled(window.as_millis(), Duration::from_days(30).as_millis());
        Duration::from_millis(scaled.as_millis().max(1))
    };
    let (min, hour, day) = (Duration::from_mins, Duration::from_hours, Duration::from_days);
    [
        (14.4, hour(1), min(5), Severity::Critical),
        (6.0, hour(6), min(30), Severity::Critical),
        (3.0, day(1), hour(2), Severity::High),
        (1.0, day(3), hour(6), Severity::High),
    ]
    .into_iter()
    .map(|(factor, long, short, severity)| Pair {
        factor: Decimal::of(factor),
        long: stretched(long),
        short: stretched(short),
        severity,
    })
    .collect()
}

impl From<&BurnRate> for Pair {
    fn from(rate: &BurnRate) -> Self {
        Self {
            factor: Decimal::of(rate.factor.value),
            long: rate.long.value,
            short: rate.short.value,
            severity: rate.severity.unwrap_or(Severity::High),
        }
    }
}

impl Pair {
    /// Whether a window with these events goes faster than the pair allows.
    const fn exceeds(&self, tally: Tally, budget: Decimal) -> bool {
        Decimal::exceeded(tally.bad(), tally.total, self.factor, budget)
    }

    /// Whether both windows exceed.
    const fn burns(&self, long: Tally, short: Tally, budget: Decimal) -> bool {
        long.total >= ENOUGH && self.exceeds(long, budget) && self.exceeds(short, budget)
    }

    /// How things stand now. Looks back over `horizon`: a burn that has lingered for longer without both windows
    /// exceeding again counts as out.
    pub fn fire(&self, series: &Series, budget: Decimal, horizon: Duration, now: Timestamp) -> Fire {
        if self.burns(series.tally(self.long, now), series.tally(self.short, now), budget) {
            return Fire::Burns;
        }
        let Some(from) = self.last_quiet(series, horizon, now) else { return Fire::Out };
        let history = Sums::of(series, from.minus(self.long), now);
        self.walk(&history, budget, from, now).map_or(Fire::Out, Fire::Eases)
    }

    /// The first bad event behind the last span so quiet that the pair was out for certain. The short window can exceed
    /// only with a bad event in it, so two spans of it without one are enough. Nothing where it is quiet now.
    fn last_quiet(&self, series: &Series, horizon: Duration, now: Timestamp) -> Option<Timestamp> {
        let oldest = now.minus(horizon).plus(self.long).min(now);
        let quiet = Duration::from_millis(self.short.as_millis().saturating_mul(2));
        let mut first = None;
        let mut after = now;
        for (at, good, total) in series.iter_back(now) {
            if at <= oldest || after.since(at) >= quiet {
                break;
            }
            if good < total {
                after = at;
                first = Some(at);
            }
        }
        first
    }

    /// Lives through every change from `from` on; says when the short window exceeded last, where the pair is not out.
    fn walk(&self, history: &Sums, budget: Decimal, from: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let mut open = false;
        let mut last: Option<Timestamp> = None;
        let changes = history.changes([self.long, self.short], from, now);
        for (n, &begins) in changes.iter().enumerate() {
            // What is counted stays the same to the last moment before the next change.
            let next = changes.get(n + 1).map_or(now, |next| next.minus(Duration::from_millis(1)));
            let short = history.tally(self.short, begins);
            if self.exceeds(short, budget) {
                last = Some(next);
                open = open || self.burns(history.tally(self.long, begins), short, budget);
            } else if last.is_some_and(|last| next.since(last) >= self.short) {
                open = false;
            }
        }
        last.filter(|_| open)
    }
}

/// Running sums over a part of a series, so that any window costs two look-ups.
struct Sums {
    at: Vec<Timestamp>,
    /// Good and all events up to and with that moment; one entry more than `at`, the first being nothing.
    sums: Vec<Tally>,
}

impl Sums {
    fn of(series: &Series, after: Timestamp, until: Timestamp) -> Self {
        let mut all = Self { at: Vec::new(), sums: vec![Tally::default()] };
        let mut sum = Tally::default();
        for (at, good, total) in series.iter().filter(|(at, _, _)| *at > after && *at <= until) {
            sum.good += u64::from(good);
            sum.total += u64::from(total);
            all.at.push(at);
            all.sums.push(sum);
        }
        all
    }

    fn tally(&self, window: Duration, now: Timestamp) -> Tally {
        let upto = |until: Timestamp| self.sums.get(self.at.partition_point(|&at| at <= until)).copied();
        let (to, from) = (upto(now).unwrap_or_default(), upto(now.minus(window)).unwrap_or_default());
        Tally { good: to.good - from.good, total: to.total - from.total }
    }

    /// The moments in `[from, until]` at which one of the windows holds other events than just before; `from` itself is one.
    fn changes(&self, windows: [Duration; 2], from: Timestamp, until: Timestamp) -> Vec<Timestamp> {
        let leaving = windows.into_iter().flat_map(|window| self.at.iter().map(move |at| at.plus(window)));
        let mut all: Vec<Timestamp> = self.at.iter().copied().chain(leaving).chain([from]).collect();
        all.retain(|at| (from..=until).contains(at));
        all.sort_unstable();
        all.dedup();
        all
    }
}
