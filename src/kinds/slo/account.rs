//! What a budget is charged with over time, so that any window costs two look-ups.

use super::decimal::{Decimal, ONE};
use crate::model::{Duration, Timestamp};

/// Something that happened: how much of it in all, and how much of that was good. What is good may be told apart from what
/// there was, at a moment of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Charge {
    /// When.
    pub at: Timestamp,
    /// How much was good, in parts of an event; less than nothing takes back what was taken for good.
    pub good: i128,
    /// How much there was, in parts of an event.
    pub total: i128,
}

/// What a window holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// What missed the objective, in parts of an event or of a slice.
    pub bad: u128,
    /// All there was, in the same parts.
    pub total: u128,
    /// The events behind it.
    pub events: u64,
}

/// Equal slices of time, each known by its last millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slices {
    /// How long each is; at least a millisecond.
    pub length: Duration,
    /// A moment at which one begins.
    pub origin: Timestamp,
}

/// How a budget is counted: `budgetingMethod` of OpenSLO v1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Bad events among all events.
    Occurrences,
    /// Bad slices among all slices: those of whose events less than this share was good. One in which nothing happened is
    /// not bad.
    Timeslices(Slices, Decimal),
    /// The mean of the bad shares of all slices. One in which nothing happened has lost nothing.
    RatioTimeslices(Slices),
}

/// All charges to a budget, in order of time.
#[derive(Debug, Clone)]
pub struct Account {
    at: Vec<Timestamp>,
    /// Sums up to and with each moment; one entry more than `at`, the first being nothing.
    sums: Vec<Sum>,
    slices: Option<Slices>,
    /// How many parts one event has among the events, and one event or slice among the charges.
    event: u128,
    unit: u128,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    good: i128,
    total: i128,
    events: i128,
}

/// How many parts a slice has where its share counts: the share of each is rounded to a thousand-millionth.
const SHARES: i128 = 1_000_000_000;

impl Slices {
    /// The last millisecond of the slice that a moment is in.
    pub const fn last(self, at: Timestamp) -> Timestamp {
        let (length, origin) = (self.length(), self.origin.as_millis());
        let slice = at.as_millis().saturating_sub(origin).div_euclid(length);
        Timestamp::from_millis(origin.saturating_add((slice + 1).saturating_mul(length)).saturating_sub(1))
    }

    /// How many slices end within `(after, until]`.
    pub const fn count(self, after: Timestamp, until: Timestamp) -> u64 {
        let ended = self.ended(until).saturating_sub(self.ended(after));
        if ended < 0 { 0 } else { ended as u64 }
    }

    const fn ended(self, upto: Timestamp) -> i64 {
        upto.as_millis().saturating_add(1).saturating_sub(self.origin.as_millis()).div_euclid(self.length())
    }

    const fn length(self) -> i64 {
        let length = self.length.as_millis();
        if length == 0 { 1 } else { length as i64 }
    }
}

impl Method {
    /// The slices, where there are any.
    pub const fn slices(self) -> Option<Slices> {
        match self {
            Self::Occurrences => None,
            Self::Timeslices(slices, _) | Self::RatioTimeslices(slices) => Some(slices),
        }
    }
}

impl Account {
    /// Takes charges in, in any order. `event` says how many parts of theirs are one event.
    pub fn new(method: Method, event: u64, charges: impl IntoIterator<Item = Charge>) -> Self {
        let event = u128::from(event.max(1));
        let mut charges: Vec<Charge> = charges.into_iter().collect();
        charges.sort_unstable_by_key(|charge| charge.at);
        let mut account =
            Self { at: Vec::new(), sums: vec![Sum::default()], slices: method.slices(), event, unit: event };
        match method {
            Method::Occurrences => {
                for same in charges.chunk_by(|a, b| a.at == b.at) {
                    let (good, total) = added(same);
                    account.enter(same[0].at, Sum { good, total, events: total });
                }
            }
            Method::Timeslices(slices, target) => {
                account.unit = 1;
                account.slice(slices, &charges, |bad, total| {
                    i128::from(Decimal::exceeded(bad, total, target.rest(), ONE))
                });
            }
            Method::RatioTimeslices(slices) => {
                account.unit = SHARES.unsigned_abs();
                account.slice(slices, &charges, share);
            }
        }
        account
    }

    fn slice(&mut self, slices: Slices, charges: &[Charge], lost: impl Fn(u128, u128) -> i128) {
        for slice in charges.chunk_by(|a, b| slices.last(a.at) == slices.last(b.at)) {
            let (good, total) = added(slice);
            let bad = bad(good, total);
            let lost = if total > 0 { lost(bad, total.unsigned_abs()) } else { 0 };
            self.enter(slices.last(slice[0].at), Sum { good: -lost, total: 0, events: total });
        }
    }

    fn enter(&mut self, at: Timestamp, more: Sum) {
        let last = self.sums.last().copied().unwrap_or_default();
        self.at.push(at);
        self.sums.push(Sum {
            good: last.good.saturating_add(more.good),
            total: last.total.saturating_add(more.total),
            events: last.events.saturating_add(more.events),
        });
    }

    /// What `(after, until]` holds.
    pub fn between(&self, after: Timestamp, until: Timestamp) -> Tally {
        let (from, to) = (self.upto(after), self.upto(until));
        let (good, total) = (to.good - from.good, to.total - from.total);
        let events = u64::try_from((to.events - from.events).max(0).unsigned_abs() / self.event).unwrap_or(u64::MAX);
        match self.slices {
            None => Tally { bad: bad(good, total), total: total.max(0).unsigned_abs(), events },
            Some(slices) => {
                let total = u128::from(slices.count(after, until)) * self.unit;
                Tally { bad: bad(good, 0).min(total), total, events }
            }
        }
    }

    /// What the last so long holds: `(now - window, now]`.
    pub fn last(&self, window: Duration, now: Timestamp) -> Tally {
        self.between(now.minus(window), now)
    }

    /// How many parts one event, or one slice, has among what a tally holds.
    pub const fn unit(&self) -> u128 {
        self.unit
    }

    /// The slices, where the budget is counted in them.
    pub const fn slices(&self) -> Option<Slices> {
        self.slices
    }

    /// The moments in `(after, until]` at which something is charged.
    pub fn moments(&self, after: Timestamp, until: Timestamp) -> &[Timestamp] {
        let from = self.at.partition_point(|&at| at <= after);
        let to = self.at.partition_point(|&at| at <= until);
        self.at.get(from..to.max(from)).unwrap_or(&[])
    }

    /// The moments up to `until` at which something bad may have been charged, the latest first.
    pub fn bad_back(&self, until: Timestamp) -> impl Iterator<Item = Timestamp> + '_ {
        let to = self.at.partition_point(|&at| at <= until);
        (0..to).rev().filter_map(|n| {
            let (before, after) = (self.sums.get(n)?, self.sums.get(n + 1)?);
            let is_bad = after.good - before.good < after.total - before.total;
            is_bad.then(|| self.at.get(n).copied()).flatten()
        })
    }

    /// How many events are charged to moments that are still to come.
    pub fn ahead(&self, now: Timestamp) -> u64 {
        if self.slices.is_some() { 0 } else { self.between(now, Timestamp::from_millis(i64::MAX)).events }
    }

    fn upto(&self, until: Timestamp) -> Sum {
        self.sums.get(self.at.partition_point(|&at| at <= until)).copied().unwrap_or_default()
    }
}

fn added(charges: &[Charge]) -> (i128, i128) {
    charges
        .iter()
        .fold((0, 0), |(good, total), charge| (good.saturating_add(charge.good), total.saturating_add(charge.total)))
}

/// What is not good, never less than nothing: two counters are read at slightly different moments. In slices, nothing
/// stands for all there is, and what is lost is less than nothing.
const fn bad(good: i128, total: i128) -> u128 {
    let bad = total.saturating_sub(good);
    if bad < 0 { 0 } else { bad.unsigned_abs() }
}

/// A share in parts of a slice, rounded to the nearest.
fn share(bad: u128, total: u128) -> i128 {
    let parts = bad.min(total).saturating_mul(SHARES.unsigned_abs()).saturating_add(total / 2) / total;
    i128::try_from(parts).unwrap_or(SHARES)
}
