//! From answers to what a budget is charged with.

use std::collections::{BTreeMap, BTreeSet};

use super::account::{Account, Charge, Method, Slices};
use super::export::is_selector;
use super::measured::{Measured, Percentile, RatioMetric};
use crate::kinds::Asked;
use crate::model::{Ask, Comparison, Duration, Line, Metric, MetricQuestion, NoAnswer, Question, Timestamp, Window};

/// What there is to judge by.
#[derive(Debug, Clone)]
pub enum Ground {
    /// Everything that happened, over time.
    Account {
        /// What the budget is charged with.
        account: Account,
        /// What was selected but could not be measured.
        unmeasured: u64,
    },
    /// What each window holds as of now, and nothing of how it came to be.
    Totals(BTreeMap<Window, Share>),
}

/// What a window holds, where only that is known.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Share {
    /// How much missed the objective.
    pub bad: f64,
    /// How much there was.
    pub total: f64,
    /// How many events that was; nothing where only their share is told.
    pub events: Option<u64>,
}

/// Why there is nothing to judge by.
#[derive(Debug, Clone, PartialEq)]
pub enum Silence {
    /// The source did not answer.
    NoAnswer(NoAnswer),
    /// It did, and has nothing.
    NoData,
    /// What it says cannot be meant.
    Cannot(String),
}

/// Metrics count in fractions of an event: a thousandth is the smallest.
const THOUSANDTHS: f64 = 1000.0;

/// Ratios are told apart to a thousand-millionth.
const BILLIONTHS: f64 = 1_000_000_000.0;

/// A Prometheus shows a sample for as long as this after it was taken, unless it knows that there will be no other.
const STALE: Duration = Duration::from_mins(5);

/// Beyond this a figure no longer counts single events, and no sum of it can be trusted.
const MOST: f64 = 9_007_199_254_740_992.0;

impl From<NoAnswer> for Silence {
    fn from(none: NoAnswer) -> Self {
        Self::NoAnswer(none)
    }
}

/// What the answers give to judge by.
///
/// # Errors
/// Why there is nothing.
pub fn ground(measured: &Measured, method: Method, asked: &Asked<'_>) -> Result<Ground, Silence> {
    match measured {
        Measured::Tasks(events) => {
            let series = asked.events(&Question::Events(events.clone()))?;
            // What lies further back was counted in for others, or long ago.
            let known = series.iter().filter(|(at, _, _)| *at > asked.now.minus(events.window));
            let charges =
                known.map(|(at, good, total)| Charge { at, good: i128::from(good), total: i128::from(total) });
            Ok(Ground::Account { account: Account::new(method, 1, charges), unmeasured: series.unmeasured() })
        }
        Measured::Percentile(percentile) => of_percentile(percentile, method, asked),
        Measured::Ratio(ratio) => of_ratio(ratio, method, asked),
        Measured::Raw { success, of } => match metric(of, asked)? {
            Metric::Samples(lines) => samples((of, lines, asked.now), method, BILLIONTHS, |it| share_of(it, *success)),
            Metric::Totals(totals) => of_totals(totals, |value| share_of(value, *success)),
            Metric::Refused(why) => Err(Silence::Cannot(why.to_string())),
        },
        Measured::Threshold { op, limit, of } => match metric(of, asked)? {
            Metric::Samples(lines) => samples((of, lines, asked.now), method, 1.0, |it| Some(held(*op, it, *limit))),
            Metric::Totals(totals) => of_totals(totals, |value| Some(held(*op, value, *limit))),
            Metric::Refused(why) => Err(Silence::Cannot(why.to_string())),
        },
    }
}

fn metric<'a>(question: &MetricQuestion, asked: &Asked<'a>) -> Result<&'a Metric, Silence> {
    Ok(asked.metric(&Question::Metric(question.clone()))?)
}

/// The good share that a ratio stands for; nothing where it is no share.
fn share_of(value: f64, success: bool) -> Option<f64> {
    (0.0..=1.0).contains(&value).then_some(if success { value } else { 1.0 - value })
}

fn held(op: Comparison, value: f64, limit: f64) -> f64 {
    if op.holds(value, limit) { 1.0 } else { 0.0 }
}

/// Each sample is an event, of which so much was good.
fn samples(
    (question, lines, now): (&MetricQuestion, &[Line], Timestamp),
    method: Method,
    parts: f64,
    good: impl Fn(f64) -> Option<f64>,
) -> Result<Ground, Silence> {
    let points = || lines.iter().flat_map(|line| &line.points);
    let until = known_until(question, lines, now)?;
    let mut unmeasured = 0;
    let mut charges = Vec::new();
    for &(at, value) in points() {
        match good(value) {
            Some(good) => charges.push(Charge { at, good: (good * parts).round() as i128, total: parts as i128 }),
            None => unmeasured += 1,
        }
    }
    if charges.is_empty() {
        return Err(Silence::Cannot("not one of its samples is a ratio from 0 to 1".into()));
    }
    let ended = charges.into_iter().filter(|charge| has_ended(method, charge.at, until));
    Ok(Ground::Account { account: Account::new(method, parts as u64, ended), unmeasured })
}

/// Up to when it is known what happened: the newest sample stands for the time to the next one.
///
/// # Errors
/// [`Silence::NoData`] where there is no sample, or none any more: what a server does not see any longer did not stop
/// happening. Rows of a database come when something happens, so their absence says that nothing did.
fn known_until(question: &MetricQuestion, lines: &[Line], now: Timestamp) -> Result<Timestamp, Silence> {
    let newest = lines.iter().filter_map(|line| line.points.last()).map(|(at, _)| *at).max();
    let Some(newest) = newest else { return Err(Silence::NoData) };
    let Ask::Range(step) = &question.ask else { return Ok(now) };
    let missing = Duration::from_millis(step.as_millis().saturating_mul(3)).max(STALE);
    if now.since(newest) > missing { Err(Silence::NoData) } else { Ok(newest.plus(*step)) }
}

/// Whether the slice that a moment is in was over at that time, so that all of it is known.
const fn has_ended(method: Method, at: Timestamp, until: Timestamp) -> bool {
    match method.slices() {
        Some(slices) => slices.last(at).as_millis() <= until.as_millis(),
        None => true,
    }
}

/// A figure of each window that stands for the good share of it. How many events that was, nobody says.
fn of_totals(totals: &BTreeMap<Window, Option<f64>>, good: impl Fn(f64) -> Option<f64>) -> Result<Ground, Silence> {
    let mut shares = BTreeMap::new();
    for (window, value) in totals.iter().filter_map(|(window, value)| Some((window, (*value)?))) {
        let Some(good) = good(value) else {
            return Err(Silence::Cannot(format!("its ratio is {value}, and no share from 0 to 1")));
        };
        shares.insert(window.clone(), Share { bad: 1.0 - good, total: 1.0, events: None });
    }
    if shares.is_empty() { Err(Silence::NoData) } else { Ok(Ground::Totals(shares)) }
}

fn of_ratio(ratio: &RatioMetric, method: Method, asked: &Asked<'_>) -> Result<Ground, Silence> {
    match (metric(&ratio.some, asked)?, metric(&ratio.total, asked)?) {
        (Metric::Samples(some), Metric::Samples(total)) => {
            // A source that never told of good events may be asked wrongly; one that never told of bad ones had none.
            if ratio.good && is_empty(some) {
                return Err(Silence::NoData);
            }
            let until = known_until(&ratio.total, total, asked.now)?;
            let falls = |question: &MetricQuestion| ratio.counter.then(|| Fall::of(&question.query));
            let mut told = Amounts::default();
            let total = told.of(total, falls(&ratio.total))?;
            let some = told.of(some, falls(&ratio.some))?;
            let all = total.into_iter().map(|(at, amount)| Charge {
                at,
                good: if ratio.good { 0 } else { amount },
                total: amount,
            });
            let part = some.into_iter().map(|(at, amount)| Charge {
                at,
                good: if ratio.good { amount } else { -amount },
                total: 0,
            });
            // Of a moment of which one metric tells nothing, the other tells only half.
            let known = all.chain(part).filter(|charge| !told.unknown.contains(&charge.at));
            let ended = known.filter(|charge| has_ended(method, charge.at, until));
            let account = Account::new(method, THOUSANDTHS as u64, ended);
            Ok(Ground::Account { account, unmeasured: told.unmeasured })
        }
        (Metric::Totals(some), Metric::Totals(total)) => {
            let mut shares = BTreeMap::new();
            for (window, all) in total.iter().filter_map(|(window, all)| Some((window, (*all)?))) {
                let part = some.get(window).copied().flatten();
                let Some(part) = part.or_else(|| (!ratio.good).then_some(0.0)) else { continue };
                if !(0.0..=MOST).contains(&part) || !(0.0..=MOST).contains(&all) {
                    let why = "which is less than nothing or more than can be counted";
                    return Err(Silence::Cannot(format!("it counts {part} of {all} events, {why}")));
                }
                let bad = if ratio.good { (all - part).max(0.0) } else { part.min(all) };
                shares.insert(window.clone(), Share { bad, total: all, events: Some(all as u64) });
            }
            if shares.is_empty() { Err(Silence::NoData) } else { Ok(Ground::Totals(shares)) }
        }
        (Metric::Refused(why), _) | (_, Metric::Refused(why)) => Err(Silence::Cannot(why.to_string())),
        _ => Err(Silence::Cannot("one of its metrics gives samples, and the other one figure for each window".into())),
    }
}

fn is_empty(lines: &[Line]) -> bool {
    lines.iter().all(|line| line.points.is_empty())
}

/// What it means that a counter falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fall {
    /// It was set back to nothing, and has grown since by all that it shows, as Prometheus's own `increase` has it.
    Reset,
    /// It may be a sum, and one of those that it is the sum of was set back: by how much the others grew, nobody knows.
    Unknown,
}

impl Fall {
    fn of(query: &str) -> Self {
        if is_selector(query) { Self::Reset } else { Self::Unknown }
    }
}

/// What samples add up to, and what of them cannot be counted.
#[derive(Default)]
struct Amounts {
    /// How many are less than nothing, too large to count, or not known.
    unmeasured: u64,
    /// When those were.
    unknown: BTreeSet<Timestamp>,
}

impl Amounts {
    /// What each sample adds, in thousandths of an event: the growth of a counter, or the sample itself.
    ///
    /// # Errors
    /// [`Silence::Cannot`] where there is something, and not one of it can be counted.
    fn of(&mut self, lines: &[Line], counter: Option<Fall>) -> Result<Vec<(Timestamp, i128)>, Silence> {
        let mut amounts = Vec::new();
        let before = self.unmeasured;
        for line in lines {
            let grown = counter.map_or_else(|| line.points.clone(), |fall| growth(&line.points, fall));
            for (at, amount) in grown {
                if (0.0..=MOST).contains(&amount) {
                    amounts.push((at, (amount * THOUSANDTHS).round() as i128));
                } else {
                    self.unmeasured += 1;
                    self.unknown.insert(at);
                }
            }
        }
        if amounts.is_empty() && self.unmeasured > before {
            return Err(Silence::Cannot("not one of its samples is a number of events".into()));
        }
        Ok(amounts)
    }
}

/// By how much a counter grew from each sample to the next.
fn growth(points: &[(Timestamp, f64)], fall: Fall) -> Vec<(Timestamp, f64)> {
    let grown = |before: f64, value: f64| match fall {
        _ if value >= before => value - before,
        Fall::Reset => value,
        Fall::Unknown => f64::NAN,
    };
    points.windows(2).map(|pair| (pair[1].0, grown(pair[0].1, pair[1].1))).collect()
}

fn of_percentile(percentile: &Percentile, method: Method, asked: &Asked<'_>) -> Result<Ground, Silence> {
    let durations = asked.durations(&Question::Events(percentile.events.clone()))?;
    let spans =
        Slices { length: percentile.every, origin: method.slices().map_or_else(Timestamp::default, |it| it.origin) };
    let begin = durations.measured().partition_point(|(at, _)| *at <= asked.now.minus(percentile.events.window));
    let measured = durations.measured().get(begin..).unwrap_or(&[]);
    let charges = measured.chunk_by(|a, b| spans.last(a.0) == spans.last(b.0)).map(|span| {
        let took = nearest_rank(span, percentile);
        let good = i128::from(percentile.op.holds(took, percentile.limit));
        Charge { at: spans.last(span[0].0), good, total: 1 }
    });
    Ok(Ground::Account { account: Account::new(method, 1, charges), unmeasured: durations.unmeasured() })
}

/// The percentile by nearest rank: the smallest duration that at least the share of all do not exceed.
fn nearest_rank(span: &[(Timestamp, Duration)], percentile: &Percentile) -> Duration {
    let mut lengths: Vec<Duration> = span.iter().map(|(_, took)| *took).collect();
    lengths.sort_unstable();
    let rank = percentile.share.times(lengths.len() as u64, true).max(1) as usize;
    lengths.get(rank - 1).or(lengths.last()).copied().unwrap_or_default()
}
