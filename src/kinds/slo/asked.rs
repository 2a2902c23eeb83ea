//! Where a metric comes from, and what its source is asked.

use std::sync::Arc;

use super::account::Method;
use super::burn::Alarm;
use super::indicator::{Refusal, cannot, horizon, referred};
use super::measured::Counting;
use super::metric::{Detail, Metric, MetricSource};
use super::source::{DataSource, PROMETHEUS, PrometheusSpec, SQL, SqlSpec, TASKS, TasksSource};
use crate::kinds::{Body, Specs};
use crate::model::{Ask, Duration, Kind, MetricQuestion, SourceAt, SourceKind, Window};

/// Where a metric comes from.
pub(super) enum Source<'a> {
    /// The task table, asked this.
    Tasks(&'a TasksSource),
    /// A source that is asked a query.
    Asked(SourceAt),
}

/// Where a metric comes from, by the type that it or its DataSource names.
pub(super) fn source_of<'a>(specs: &Specs, metric: &'a Metric) -> Result<Source<'a>, Refusal> {
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

/// What a source is asked for a metric.
pub(super) fn question(source: &SourceAt, metric: &Metric, counting: Counting<'_>) -> Result<MetricQuestion, Refusal> {
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
pub(super) fn back((window, method, alarms): Counting<'_>, more: Duration) -> Duration {
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
