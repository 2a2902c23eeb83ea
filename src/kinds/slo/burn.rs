//! How fast a budget goes: what counts as too fast, when that opens and when it eases.
//!
//! A burn rate is the bad share of a window divided by the budget: at 1 the budget lasts exactly as long as its own window.
//! The factors and shares are those of the SRE workbook, chapter 5, "Multiwindow, multi-burn-rate alerts".

use std::cmp::Ordering;
use std::sync::Arc;

use super::account::{Account, Tally};
use super::decimal::Decimal;
use super::policy::BurnRate;
use crate::model::{Comparison, Duration, Severity, Timestamp};

/// Fewer events than this prove nothing, unless a policy says otherwise.
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

/// The condition of an alert policy: one window, and for how long it must be so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The burn rate that is compared with.
    pub factor: Decimal,
    /// How: `gte` is at least so fast.
    pub op: Comparison,
    /// The window that is looked at.
    pub window: Duration,
    /// For how long it must have been so.
    pub after: Duration,
    /// How bad it is.
    pub severity: Severity,
    /// Whether anybody wants to hear of it: `alertWhenBreaching`.
    pub speaks: bool,
    /// The alert policy.
    pub policy: Arc<str>,
}

/// What counts as too fast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alarm {
    /// Both windows exceed.
    Pair(Pair),
    /// One window compares, for so long.
    Condition(Condition),
}

/// How things stand with an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fire {
    /// It burns now.
    Burns,
    /// It did, and has not been quiet for long enough; it was too fast last at that moment.
    Eases(Timestamp),
    /// No.
    Out,
}

/// Something that spends a budget over time.
pub trait Spending {
    /// How the burn rate of the last so long compares with a factor; nothing where nothing happened in it.
    fn compare(&self, window: Duration, now: Timestamp, factor: Decimal) -> Option<Ordering>;
    /// How many events the last so long holds.
    fn events(&self, window: Duration, now: Timestamp) -> u64;
    /// The moments up to `until` at which something bad may have happened, the latest first.
    fn bad_back(&self, until: Timestamp) -> Box<dyn Iterator<Item = Timestamp> + '_>;
    /// The moments in `[from, until]` at which one of these windows may hold something else than just before.
    fn changes(&self, windows: &[Duration], from: Timestamp, until: Timestamp) -> Vec<Timestamp>;
}

/// An account with its budget: the share that may be bad.
pub struct Single<'a> {
    /// What happened.
    pub account: &'a Account,
    /// The share that may be bad.
    pub budget: Decimal,
}

impl Spending for Single<'_> {
    fn compare(&self, window: Duration, now: Timestamp, factor: Decimal) -> Option<Ordering> {
        let Tally { bad, total, .. } = self.account.last(window, now);
        Decimal::compare(bad, total, factor, self.budget)
    }

    fn events(&self, window: Duration, now: Timestamp) -> u64 {
        self.account.last(window, now).events
    }

    fn bad_back(&self, until: Timestamp) -> Box<dyn Iterator<Item = Timestamp> + '_> {
        Box::new(self.account.bad_back(until))
    }

    fn changes(&self, windows: &[Duration], from: Timestamp, until: Timestamp) -> Vec<Timestamp> {
        let longest = windows.iter().copied().max().unwrap_or_default();
        let moments = self.account.moments(from.minus(longest).minus(Duration::from_millis(1)), until);
        let slices = slices_within(self.account, from, until);
        let leaving = windows.iter().flat_map(|&window| moments.iter().map(move |at| at.plus(window)));
        let sliding = windows.iter().flat_map(|&window| {
            slices_within(self.account, from.minus(window), until.minus(window)).map(move |at| at.plus(window))
        });
        let mut all: Vec<Timestamp> = moments.iter().copied().chain(leaving).chain(slices).chain(sliding).collect();
        all.push(from);
        all.retain(|at| (from..=until).contains(at));
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The last moments of all slices in `[from, until]`: with each, a window holds one slice more.
fn slices_within(account: &Account, from: Timestamp, until: Timestamp) -> impl Iterator<Item = Timestamp> + use<> {
    let slices = account.slices();
    let first = slices.map(|slices| slices.last(from));
    std::iter::successors(first, move |at| slices.map(|slices| at.plus(slices.length)))
        .take_while(move |at| *at <= until)
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

impl Alarm {
    /// The burn rate that it compares with.
    pub const fn factor(&self) -> Decimal {
        match self {
            Self::Pair(pair) => pair.factor,
            Self::Condition(condition) => condition.factor,
        }
    }

    /// The longest window that it looks at.
    pub const fn long(&self) -> Duration {
        match self {
            Self::Pair(pair) => pair.long,
            Self::Condition(condition) => condition.window,
        }
    }

    /// The window that must be quiet for it to ease: the short one, or the only one.
    pub const fn short(&self) -> Duration {
        match self {
            Self::Pair(pair) => pair.short,
            Self::Condition(condition) => condition.window,
        }
    }

    /// How bad it is.
    pub const fn severity(&self) -> Severity {
        match self {
            Self::Pair(pair) => pair.severity,
            Self::Condition(condition) => condition.severity,
        }
    }

    /// Whether anybody wants to hear of it.
    pub const fn speaks(&self) -> bool {
        match self {
            Self::Pair(_) => true,
            Self::Condition(condition) => condition.speaks,
        }
    }

    /// Whether it may be loud although nothing is bad: what it looks for is little.
    pub const fn is_quiet_loud(&self) -> bool {
        match self {
            Self::Pair(_) => false,
            Self::Condition(it) => matches!(it.op, Comparison::Lt | Comparison::Lte) || it.factor.numerator == 0,
        }
    }

    /// For how long it must be so before it counts.
    pub const fn after(&self) -> Duration {
        match self {
            Self::Pair(_) => Duration::from_millis(0),
            Self::Condition(condition) => condition.after,
        }
    }

    /// For how long it must be quiet to ease. A pair: for as long as its short window. A condition: for as long as it had to
    /// last, or else a twelfth of its window, which is what the short windows of the workbook are of the long ones.
    pub fn ease(&self) -> Duration {
        match self {
            Self::Pair(pair) => pair.short,
            Self::Condition(condition) if condition.after > Duration::default() => condition.after,
            Self::Condition(condition) => Duration::from_millis((condition.window.as_millis() / 12).max(1)),
        }
    }

    /// Whether the window that must grow quiet is too fast.
    fn is_loud(&self, spending: &dyn Spending, now: Timestamp) -> bool {
        match self {
            Self::Pair(pair) => spending.compare(pair.short, now, pair.factor) == Some(Ordering::Greater),
            Self::Condition(it) => {
                spending.compare(it.window, now, it.factor).is_some_and(|is| it.op.holds(is, Ordering::Equal))
            }
        }
    }

    /// Whether all windows are too fast at that moment, and hold enough to say so.
    pub fn holds(&self, spending: &dyn Spending, enough: u64, now: Timestamp) -> bool {
        let long = match self {
            Self::Pair(pair) => spending.compare(pair.long, now, pair.factor) == Some(Ordering::Greater),
            Self::Condition(_) => true,
        };
        long && self.is_loud(spending, now) && spending.events(self.long(), now) >= enough
    }

    /// Whether these burn rates of its windows are too fast, where only they are known.
    pub fn is_over(&self, long: Option<f64>, short: Option<f64>) -> bool {
        let factor = self.factor().shown();
        match self {
            Self::Pair(_) => long.is_some_and(|rate| rate > factor) && short.is_some_and(|rate| rate > factor),
            Self::Condition(condition) => long.is_some_and(|rate| condition.op.holds(rate, factor)),
        }
    }

    /// How things stand now. Looks back over `horizon`: what has lingered for longer without being too fast again counts as
    /// out.
    pub fn fire(&self, spending: &dyn Spending, enough: u64, horizon: Duration, now: Timestamp) -> Fire {
        let holds = self.holds(spending, enough, now);
        if holds && self.after() == Duration::default() {
            return Fire::Burns;
        }
        let Some(from) = self.last_quiet(spending, horizon, now) else { return Fire::Out };
        match self.walk(spending, enough, from, now) {
            Some(_) if holds => Fire::Burns,
            Some(last) => Fire::Eases(last),
            None => Fire::Out,
        }
    }

    /// A moment from which on to live through what happened: before it, all was so quiet that it was out for certain. It is
    /// loud only while something bad is in the window that must grow quiet, so a span of that window and of the time to
    /// ease without anything bad is enough. Nothing where it is quiet now.
    fn last_quiet(&self, spending: &dyn Spending, horizon: Duration, now: Timestamp) -> Option<Timestamp> {
        let oldest = now.minus(horizon).plus(self.long()).min(now);
        if self.is_quiet_loud() {
            return Some(oldest);
        }
        let quiet = Duration::from_millis(self.short().as_millis().saturating_add(self.ease().as_millis()));
        let mut first = None;
        let mut after = now;
        for at in spending.bad_back(now) {
            if at <= oldest || after.since(at) >= quiet {
                break;
            }
            after = at;
            first = Some(at);
        }
        first
    }

    /// Lives through every change from `from` on; says when it was loud last, where it is not out.
    fn walk(&self, spending: &dyn Spending, enough: u64, from: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let mut open = false;
        let mut last: Option<Timestamp> = None;
        let mut since: Option<Timestamp> = None;
        let changes = spending.changes(&[self.long(), self.short()], from, now);
        for (n, &begins) in changes.iter().enumerate() {
            // What is counted stays the same to the last moment before the next change.
            let next = changes.get(n + 1).map_or(now, |next| next.minus(Duration::from_millis(1)));
            if self.is_loud(spending, begins) {
                last = Some(next);
                since = self.holds(spending, enough, begins).then(|| since.unwrap_or(begins));
                open = open || since.is_some_and(|since| next.since(since) >= self.after());
            } else {
                since = None;
                open = open && last.is_none_or(|last| next.since(last) < self.ease());
            }
        }
        last.filter(|_| open)
    }
}
