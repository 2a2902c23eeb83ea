//! From answers to what a budget is charged with.

use std::collections::BTreeMap;

use super::account::{Account, Charge, Method, Slices};
use super::measured::{Measured, Percentile, RatioMetric};
use crate::kinds::Asked;
use crate::model::{Comparison, Duration, Line, Metric, MetricQuestion, NoAnswer, Question, Timestamp, Window};

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
            let charges =
                series.iter().map(|(at, good, total)| Charge { at, good: i128::from(good), total: i128::from(total) });
            Ok(Ground::Account { account: Account::new(method, 1, charges), unmeasured: series.unmeasured() })
        }
        Measured::Percentile(percentile) => of_percentile(percentile, method, asked),
        Measured::Ratio(ratio) => of_ratio(ratio, method, asked),
        Measured::Raw { success, of } => match metric(of, asked)? {
            Metric::Samples(lines) => samples(lines, method, BILLIONTHS, |value| share_of(value, *success)),
            Metric::Totals(totals) => of_totals(totals, |value| share_of(value, *success)),
            Metric::Refused(why) => Err(Silence::Cannot(why.to_string())),
        },
        Measured::Threshold { op, limit, of } => match metric(of, asked)? {
            Metric::Samples(lines) => samples(lines, method, 1.0, |value| Some(held(*op, value, *limit))),
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
fn samples(lines: &[Line], method: Method, parts: f64, good: impl Fn(f64) -> Option<f64>) -> Result<Ground, Silence> {
    let points = || lines.iter().flat_map(|line| &line.points);
    if points().next().is_none() {
        return Err(Silence::NoData);
    }
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
    Ok(Ground::Account { account: Account::new(method, parts as u64, charges), unmeasured })
}

/// A figure of each window that stands for the good share of it. How many events that was, nobody says.
fn of_totals(totals: &BTreeMap<Window, Option<f64>>, good: impl Fn(f64) -> Option<f64>) -> Result<Ground, Silence> {
    let mut shares = BTreeMap::new();
    for (window, value) in totals.iter().filter_map(|(window, value)| Some((window, (*value)?))) {
        let Some(good) = good(value) else {
            return Err(Silence::Cannot(format!("its ratio is {value}, and no share from 0 to 1")));
        };
        shares.insert(window.clone(), Share { bad: 1.0 - good, total: 1.0 });
    }
    if shares.is_empty() { Err(Silence::NoData) } else { Ok(Ground::Totals(shares)) }
}

fn of_ratio(ratio: &RatioMetric, method: Method, asked: &Asked<'_>) -> Result<Ground, Silence> {
    match (metric(&ratio.some, asked)?, metric(&ratio.total, asked)?) {
        (Metric::Samples(some), Metric::Samples(total)) => {
            // A source that never told of good events may be asked wrongly; one that never told of bad ones had none.
            if is_empty(total) || (ratio.good && is_empty(some)) {
                return Err(Silence::NoData);
            }
            let mut unmeasured = 0;
            let mut charges = Vec::new();
            for (at, amount) in amounts(total, ratio.counter.then(|| Fall::of(&ratio.total.query)), &mut unmeasured) {
                charges.push(Charge { at, good: if ratio.good { 0 } else { amount }, total: amount });
            }
            for (at, amount) in amounts(some, ratio.counter.then(|| Fall::of(&ratio.some.query)), &mut unmeasured) {
                charges.push(Charge { at, good: if ratio.good { amount } else { -amount }, total: 0 });
            }
            Ok(Ground::Account { account: Account::new(method, THOUSANDTHS as u64, charges), unmeasured })
        }
        (Metric::Totals(some), Metric::Totals(total)) => {
            let mut shares = BTreeMap::new();
            for (window, all) in total.iter().filter_map(|(window, all)| Some((window, (*all)?))) {
                let part = some.get(window).copied().flatten();
                let Some(part) = part.or_else(|| (!ratio.good).then_some(0.0)) else { continue };
                if part < 0.0 || all < 0.0 {
                    return Err(Silence::Cannot(format!(
                        "it counts {part} of {all} events, and none is less than nothing"
                    )));
                }
                let bad = if ratio.good { (all - part).max(0.0) } else { part.min(all) };
                shares.insert(window.clone(), Share { bad, total: all });
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
    /// One of those that it is the sum of was set back: by how much the others grew, nobody knows.
    Unknown,
}

impl Fall {
    fn of(query: &str) -> Self {
        if query.trim_start().starts_with("sum") { Self::Unknown } else { Self::Reset }
    }
}

/// What each sample adds, in thousandths of an event: the growth of a counter, or the sample itself. What is less than
/// nothing, too large to count or not known is left out and said.
fn amounts(lines: &[Line], counter: Option<Fall>, unmeasured: &mut u64) -> Vec<(Timestamp, i128)> {
    let mut amounts = Vec::new();
    for line in lines {
        let grown = counter.map_or_else(|| line.points.clone(), |fall| growth(&line.points, fall));
        for (at, amount) in grown {
            if (0.0..=MOST).contains(&amount) {
                amounts.push((at, (amount * THOUSANDTHS).round() as i128));
            } else {
                *unmeasured += 1;
            }
        }
    }
    amounts
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
    let measured = durations.measured();
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
