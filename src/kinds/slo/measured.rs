//! What an objective measures: from its indicator to questions.

use super::account::Method;
use super::asked::{Source, back, question, source_of};
use super::burn::Alarm;
use super::decimal::Decimal;
use super::indicator::{Refusal, cannot};
use super::level::Objective;
use super::metric::{Ratio, RawType, Sli};
use super::source::TasksSource;
use crate::kinds::Specs;
use crate::model::{Comparison, Duration, Events, Measure, MetricQuestion, Question, SourceKind, Window};

/// What is measured.
#[derive(Debug, Clone, PartialEq)]
pub enum Measured {
    /// Tasks, each an event at its finish.
    Tasks(Events),
    /// A percentile of how long tasks lasted, each span of time an event.
    Percentile(Percentile),
    /// Good or bad events among all events.
    Ratio(RatioMetric),
    /// Ratios, each sample an event.
    Raw {
        /// Whether a ratio is the good share, and not the bad one.
        success: bool,
        /// What gives them.
        of: MetricQuestion,
    },
    /// Values that compare so with a limit, each sample an event.
    Threshold {
        /// The comparison that a good value satisfies.
        op: Comparison,
        /// The limit.
        limit: f64,
        /// What gives the values.
        of: MetricQuestion,
    },
}

/// A percentile of how long tasks lasted.
#[derive(Debug, Clone, PartialEq)]
pub struct Percentile {
    /// Which tasks, from where to where.
    pub events: Events,
    /// The share of the durations that must not be longer.
    pub share: Decimal,
    /// The span over which it is taken.
    pub every: Duration,
    /// The comparison that a good percentile satisfies.
    pub op: Comparison,
    /// The limit.
    pub limit: Duration,
}

/// Good or bad events among all events.
#[derive(Debug, Clone, PartialEq)]
pub struct RatioMetric {
    /// Whether the metrics only ever grow, so that it is their growth that counts.
    pub counter: bool,
    /// Whether `some` counts the good events, and not the bad ones.
    pub good: bool,
    /// Good or bad events.
    pub some: MetricQuestion,
    /// All events.
    pub total: MetricQuestion,
}

/// In what a metric is counted: the window of the budget, how it is counted, what counts as too fast.
pub(super) type Counting<'a> = (&'a Window, Method, &'a [Alarm]);

impl Measured {
    /// What to ask.
    pub fn questions(&self) -> Vec<Question> {
        match self {
            Self::Tasks(events) => vec![Question::Events(events.clone())],
            Self::Percentile(percentile) => vec![Question::Events(percentile.events.clone())],
            Self::Ratio(ratio) => {
                let (some, total) = (ratio.some.clone(), ratio.total.clone());
                if some == total {
                    vec![Question::Metric(some)]
                } else {
                    vec![Question::Metric(some), Question::Metric(total)]
                }
            }
            Self::Raw { of, .. } | Self::Threshold { of, .. } => vec![Question::Metric(of.clone())],
        }
    }
}

impl Measured {
    /// Whether it is made of tasks, so that time alone may change what it says.
    pub const fn is_of_tasks(&self) -> bool {
        matches!(self, Self::Tasks(_) | Self::Percentile(_))
    }

    /// How far back it is known.
    pub const fn back(&self) -> Duration {
        match self {
            Self::Tasks(events) | Self::Percentile(Percentile { events, .. }) => events.window,
            Self::Ratio(RatioMetric { total, .. }) => total.back,
            Self::Raw { of, .. } | Self::Threshold { of, .. } => of.back,
        }
    }

    /// Reaches so much further back.
    pub(super) fn reach(&mut self, back: Duration) {
        let longer = |length: &mut Duration| {
            *length = Duration::from_millis(length.as_millis().saturating_add(back.as_millis()));
        };
        match self {
            Self::Tasks(events) | Self::Percentile(Percentile { events, .. }) => longer(&mut events.window),
            Self::Ratio(RatioMetric { some, total, .. }) => {
                [some, total].into_iter().for_each(|it| longer(&mut it.back))
            }
            Self::Raw { of, .. } | Self::Threshold { of, .. } => longer(&mut of.back),
        }
    }
}

/// What the objective measures by that indicator.
pub(super) fn measured(
    specs: &Specs,
    sli: &Sli,
    objective: &Objective,
    counting: Counting<'_>,
) -> Result<Measured, Refusal> {
    if let Some(ratio) = &sli.ratio_metric {
        return ratio_of(specs, ratio, counting);
    }
    let Some(metric) = &sli.threshold_metric else { return cannot("its indicator measures nothing") };
    let (Some(op), Some(value)) = (&objective.op, &objective.value) else {
        return cannot("the objective over a threshold needs `op` and `value`");
    };
    let op = Comparison::from(op.value);
    match source_of(specs, metric)? {
        Source::Tasks(source) => lasting(source, (op, value.value), counting),
        Source::Asked(source) => {
            Ok(Measured::Threshold { op, limit: value.value, of: question(&source, metric, counting)? })
        }
    }
}

fn ratio_of(specs: &Specs, ratio: &Ratio, counting: Counting<'_>) -> Result<Measured, Refusal> {
    if let Some(raw) = &ratio.raw {
        let success = ratio.raw_type != Some(RawType::Failure);
        return match source_of(specs, raw)? {
            Source::Tasks(_) => cannot("tasks are counted: give `good` or `bad` and `total` in place of `raw`"),
            Source::Asked(source) => Ok(Measured::Raw { success, of: question(&source, raw, counting)? }),
        };
    }
    let (good, some) = match (&ratio.good, &ratio.bad) {
        (Some(good), None) => (true, good),
        (None, Some(bad)) => (false, bad),
        _ => return cannot("its ratio needs exactly one of good, bad and raw"),
    };
    let Some(total) = &ratio.total else { return cannot("its ratio has no `total`") };
    match (source_of(specs, some)?, source_of(specs, total)?) {
        (Source::Tasks(some), Source::Tasks(total)) => {
            let select = some.select.0.clone();
            let measure = if good { Measure::Good(select) } else { Measure::NotBad(select) };
            let window = back(counting, Duration::default());
            Ok(Measured::Tasks(Events { total: total.select.0.clone(), measure, window }))
        }
        (Source::Asked(one), Source::Asked(other)) if one.kind == other.kind => {
            let (some, total) = (question(&one, some, counting)?, question(&other, total, counting)?);
            // A statement tells what happened in its span, and a count of that does not go on growing.
            let counter = ratio.counter && one.kind == SourceKind::Prometheus;
            Ok(Measured::Ratio(RatioMetric { counter, good, some, total }))
        }
        _ => cannot("both metrics of its ratio must come from one type of source"),
    }
}

/// How long tasks last: each by itself, or a percentile of them.
fn lasting(source: &TasksSource, (op, value): (Comparison, f64), counting: Counting<'_>) -> Result<Measured, Refusal> {
    let (Some(span), Some(unit)) = (&source.measure, source.unit) else {
        return cannot("the threshold over tasks needs `measure` and `unit`");
    };
    if value < 0.0 {
        return cannot("no duration compares with a negative value");
    }
    // Durations are whole milliseconds: a limit between two of them is rounded to where the comparison stays the same.
    let up = matches!(op, Comparison::Lt | Comparison::Gte);
    let limit = Duration::from_millis(Decimal::of(value).times(unit.length().as_millis(), up));
    let (from, to) = (span.value.from, span.value.to);
    let (_, method, _) = counting;
    let total = source.select.0.clone();
    let Some(percentile) = &source.percentile else {
        let measure = Measure::Duration { from, to, op, limit };
        return Ok(Measured::Tasks(Events { total, measure, window: back(counting, Duration::default()) }));
    };
    let every = match (&source.every, method.slices()) {
        (Some(every), Some(slices)) if every.value != slices.length => {
            return cannot("`every` of its percentile differs from the slices that its budget is counted in");
        }
        (_, Some(slices)) => slices.length,
        (Some(every), None) => every.value,
        (None, None) => Duration::from_hours(1),
    };
    let events = Events { total, measure: Measure::Lasted { from, to }, window: back(counting, every) };
    Ok(Measured::Percentile(Percentile { events, share: Decimal::of_percent(percentile.value), every, op, limit }))
}
