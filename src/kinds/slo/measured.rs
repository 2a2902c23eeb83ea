//! What an objective measures: from its indicator to questions.

use std::sync::Arc;

use super::account::Method;
use super::burn::Alarm;
use super::decimal::Decimal;
use super::indicator::{Refusal, cannot, horizon, referred};
use super::level::Objective;
use super::metric::{Detail, Metric, MetricSource, Ratio, RawType, Sli};
use super::source::{DataSource, PROMETHEUS, PrometheusSpec, SQL, SqlSpec, TASKS, TasksSource};
use crate::kinds::{Body, Specs};
use crate::model::{
    Ask, Comparison, Duration, Events, Kind, Measure, MetricQuestion, Question, SourceAt, SourceKind, Window,
};

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

/// Where a metric comes from.
enum Source<'a> {
    Tasks(&'a TasksSource),
    Asked(SourceAt),
}

fn source_of<'a>(specs: &Specs, metric: &'a Metric) -> Result<Source<'a>, Refusal> {
    let source = &metric.metric_source.value;
    let (word, url) = type_of(specs, source)?;
    let kind = if word.eq_ignore_ascii_case(TASKS) {
        return tasks(source).map(Source::Tasks);
    } else if word.eq_ignore_ascii_case(PROMETHEUS) {
        SourceKind::Prometheus
    } else if word.eq_ignore_ascii_case(SQL) {
        SourceKind::Sql
    } else {
        let why = format!("Abide asks no source of type `{word}`: only {TASKS}, {SQL} and {PROMETHEUS}");
        return Err(Refusal::Elsewhere(why));
    };
    let name = source.reference.as_ref().and_then(|link| link.id(Some(Kind::DataSource)));
    Ok(Source::Asked(SourceAt { kind, name: name.map(|id| id.name.as_str().into()), url }))
}

/// The type of a source, and where its DataSource says that it is.
fn type_of<'a>(specs: &'a Specs, source: &'a MetricSource) -> Result<(&'a str, Option<Arc<str>>), Refusal> {
    let data = data_of(specs, source)?;
    match word_of(source, data) {
        Some(word) => Ok((word, data.and_then(DataSource::url))),
        None => cannot("its source has no type"),
    }
}

/// The DataSource that a source refers to, if it does.
pub(super) fn data_of<'a>(specs: &'a Specs, source: &MetricSource) -> Result<Option<&'a DataSource>, Refusal> {
    let Some(link) = &source.reference else { return Ok(None) };
    match &referred(specs, link, Kind::DataSource)?.body {
        Body::DataSource(data) => Ok(Some(data)),
        _ => cannot("its metricSourceRef leads to no DataSource"),
    }
}

/// The type of a source: its own, or that of its DataSource.
pub(super) fn word_of<'a>(source: &'a MetricSource, data: Option<&'a DataSource>) -> Option<&'a str> {
    let written = source.kind.as_ref().map(|kind| &*kind.value);
    written.or_else(|| data.map(|data| data.kind.value.as_str()))
}

fn tasks(source: &MetricSource) -> Result<&TasksSource, Refusal> {
    match &source.detail {
        // Whether something was created lately changes with time, and an event that happened does not.
        Detail::Tasks(tasks) if tasks.select.0.fields().created_within.is_some() => {
            cannot("`createdWithin` cannot select events: the time window says how far back they count")
        }
        Detail::Tasks(tasks) => Ok(tasks),
        Detail::NotTasks(problems) => {
            let why = problems.first().map_or("it cannot be read", |problem| &problem.message);
            cannot(format!("what is asked of the tasks cannot be read: {why}"))
        }
        Detail::None | Detail::Free(_) => cannot("nothing is asked of the tasks: `select` is missing"),
    }
}

fn question(source: &SourceAt, metric: &Metric, counting: Counting<'_>) -> Result<MetricQuestion, Refusal> {
    let (window, method, alarms) = counting;
    let (query, ask) = match source.kind {
        SourceKind::Prometheus => {
            let spec: PrometheusSpec = written(metric, "query")?;
            let query = spec.query.value.clone();
            let ask = if spec.instant {
                if method.slices().is_some() {
                    return cannot("an instant query tells nothing of single slices: leave `instant` out");
                }
                Ask::ByWindow(windows(window, alarms))
            } else {
                Ask::Range(spec.step.map_or_else(|| step(method, alarms), |step| step.value))
            };
            (query, ask)
        }
        SourceKind::Sql => {
            let spec: SqlSpec = written(metric, "query")?;
            if let Some(missing) = [":from", ":to"].into_iter().find(|name| !spec.query.value.contains(name)) {
                return cannot(format!("its statement does not use `{missing}`, so it always tells the same"));
            }
            (spec.query.value.clone(), Ask::Statement { time: spec.time.into(), windows: windows(window, alarms) })
        }
    };
    // The first sample of a counter tells only what the next one is counted from.
    let more = match &ask {
        Ask::Range(step) => *step,
        Ask::ByWindow(_) | Ask::Statement { .. } => Duration::default(),
    };
    Ok(MetricQuestion { source: source.clone(), query, back: back(counting, more), ask })
}

/// How far back has to be asked: over all windows, and to the beginning of the slice, or of the span of `more`, that the
/// longest of them begins in.
fn back((window, method, alarms): Counting<'_>, more: Duration) -> Duration {
    let slice = method.slices().map_or(Duration::default(), |slices| slices.length);
    let more = slice.as_millis().saturating_add(more.as_millis());
    Duration::from_millis(horizon(window, alarms).as_millis().saturating_add(more))
}

/// What is asked of a source, as its type needs it.
fn written<T: serde::de::DeserializeOwned>(metric: &Metric, needed: &str) -> Result<T, Refusal> {
    let Some(raw) = &metric.metric_source.written else {
        return cannot(format!("nothing is asked of its source: `{needed}` is missing"));
    };
    let mut problems = Vec::new();
    match raw.read(&mut problems).filter(|_| problems.is_empty()) {
        Some(spec) => Ok(spec),
        None => {
            let why = problems.first().map_or("it cannot be read", |problem| &problem.message);
            cannot(format!("what is asked of its source cannot be read: {why}"))
        }
    }
}

/// Every window that a figure is needed of.
fn windows(window: &Window, alarms: &[Alarm]) -> Vec<Window> {
    let rolling = alarms.iter().flat_map(|alarm| [alarm.long(), alarm.short()]).map(Window::Rolling);
    let mut all: Vec<Window> = rolling.chain([window.clone()]).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// How often a sample is taken: five times within the shortest window, and never less often than there are slices.
fn step(method: Method, alarms: &[Alarm]) -> Duration {
    let shortest = alarms.iter().map(Alarm::short).min().unwrap_or(Duration::from_mins(5));
    let step = shortest.scaled(1, 5).clamp(Duration::from_secs(15), Duration::from_mins(5));
    method.slices().map_or(step, |slices| slices.length.min(step))
}
