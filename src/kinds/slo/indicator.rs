//! From an objective to the question that answers it, or the reason why nobody can.

use std::sync::Arc;

use super::burn::{Pair, default_pairs};
use super::decimal::Decimal;
use super::level::{Budgeting, Objective, Slo};
use super::metric::{Detail, Metric, MetricSource, Ratio, Sli};
use super::source::{TASKS, TasksSource};
use crate::kinds::common::Link;
use crate::kinds::{Body, Spec, Specs};
use crate::model::{Comparison, Duration, Events, Kind, Measure};

/// An objective that can be evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluable {
    /// What to ask.
    pub events: Events,
    /// Over how long the budget is counted.
    pub window: Duration,
    /// The share that must be good.
    pub target: Decimal,
    /// The burn rates that are too fast.
    pub pairs: Vec<Pair>,
}

/// What an objective of that service level asks.
///
/// # Errors
/// Why it is not evaluated, in words.
pub fn resolve(specs: &Specs, spec: &Arc<Spec>, slo: &Slo, objective: &Objective) -> Result<Evaluable, String> {
    if slo.budgeting_method != Budgeting::Occurrences {
        return Err(format!("budgetingMethod {:?} is not supported yet", slo.budgeting_method));
    }
    if slo.is_composite() {
        return Err("objectives with indicators or weights of their own are not supported yet".into());
    }
    let window = rolling_window(slo)?;
    let target = match (&objective.target, &objective.target_percent) {
        (Some(target), _) => Decimal::of(target.value),
        (_, Some(percent)) => Decimal::of_percent(percent.value),
        _ => return Err("it has no target".into()),
    };
    let (total, measure) = measured(specs, indicator(specs, slo)?, objective)?;
    let pairs = match specs.burn_rates(spec) {
        Some(rates) => rates.iter().map(|rate| Pair::from(&rate.value)).collect(),
        None => default_pairs(window),
    };
    let events = Events { total: total.select.0.clone(), measure, window: horizon(window, &pairs) };
    Ok(Evaluable { events, window, target, pairs })
}

/// How far back events are needed: over the budget's window, and to see how a burn of the longest window began.
pub fn horizon(window: Duration, pairs: &[Pair]) -> Duration {
    let longest = pairs.iter().map(|pair| pair.long).max().unwrap_or_default();
    window.max(Duration::from_millis(longest.as_millis().saturating_mul(4)))
}

fn rolling_window(slo: &Slo) -> Result<Duration, String> {
    match slo.time_window.as_deref() {
        Some([window]) if window.rolls() => Ok(window.duration.length()),
        Some([_]) => Err("calendar windows are not supported yet".into()),
        _ => Err("it has no timeWindow".into()),
    }
}

fn indicator<'a>(specs: &'a Specs, slo: &'a Slo) -> Result<&'a Sli, String> {
    if let Some(indicator) = &slo.indicator {
        return Ok(&indicator.spec);
    }
    match slo.indicator_ref.as_ref().map(|link| referred(specs, link, Kind::Sli)) {
        Some(found) => match &found?.body {
            Body::Sli(sli) => Ok(sli),
            _ => Err("its indicatorRef leads to no SLI".into()),
        },
        None => Err("it has no indicator".into()),
    }
}

fn referred<'a>(specs: &'a Specs, link: &Link, kind: Kind) -> Result<&'a Arc<Spec>, String> {
    let found = link.id(Some(kind)).and_then(|id| specs.get(&id));
    found.ok_or_else(|| format!("the {kind} `{}` cannot be read", link.text()))
}

fn measured<'a>(specs: &Specs, sli: &'a Sli, objective: &Objective) -> Result<(&'a TasksSource, Measure), String> {
    if let Some(ratio) = &sli.ratio_metric {
        return ratio_of(specs, ratio);
    }
    let Some(metric) = &sli.threshold_metric else { return Err("its indicator measures nothing".into()) };
    let source = tasks(specs, metric)?;
    let (Some(span), Some(unit)) = (&source.measure, source.unit) else {
        return Err("the threshold over tasks needs `measure` and `unit`".into());
    };
    let (Some(op), Some(value)) = (&objective.op, &objective.value) else {
        return Err("the objective over a threshold needs `op` and `value`".into());
    };
    if value.value < 0.0 {
        return Err("no duration compares with a negative value".into());
    }
    let op = Comparison::from(op.value);
    // Durations are whole milliseconds: a limit between two of them is rounded to where the comparison stays the same.
    let up = matches!(op, Comparison::Lt | Comparison::Gte);
    let limit = Duration::from_millis(Decimal::of(value.value).times(unit.length().as_millis(), up));
    Ok((source, Measure::Duration { from: span.value.from, to: span.value.to, op, limit }))
}

fn ratio_of<'a>(specs: &Specs, ratio: &'a Ratio) -> Result<(&'a TasksSource, Measure), String> {
    let Some(total) = &ratio.total else { return Err("a raw ratio is not supported yet".into()) };
    let total = tasks(specs, total)?;
    let measure = match (&ratio.good, &ratio.bad) {
        (Some(good), None) => Measure::Good(tasks(specs, good)?.select.0.clone()),
        (None, Some(bad)) => Measure::NotBad(tasks(specs, bad)?.select.0.clone()),
        _ => return Err("a raw ratio is not supported yet".into()),
    };
    Ok((total, measure))
}

fn tasks<'a>(specs: &Specs, metric: &'a Metric) -> Result<&'a TasksSource, String> {
    let source = &metric.metric_source.value;
    let kind = source_type(specs, source)?;
    if !kind.eq_ignore_ascii_case(TASKS) {
        return Err(format!("sources of type `{kind}` are not supported yet"));
    }
    match &source.detail {
        // Whether something was created lately changes with time, and an event that happened does not.
        Detail::Tasks(tasks) if tasks.select.0.fields().created_within.is_some() => {
            Err("`createdWithin` cannot select events: the time window says how far back they count".into())
        }
        Detail::Tasks(tasks) => Ok(tasks),
        Detail::NotTasks(problems) => {
            let why = problems.first().map_or("it cannot be read", |problem| &problem.message);
            Err(format!("what is asked of the tasks cannot be read: {why}"))
        }
        Detail::None | Detail::Free(_) => Err("nothing is asked of the tasks: `select` is missing".into()),
    }
}

fn source_type<'a>(specs: &'a Specs, source: &'a MetricSource) -> Result<&'a str, String> {
    match (&source.kind, &source.reference) {
        (Some(kind), _) => Ok(&kind.value),
        (None, Some(link)) => match &referred(specs, link, Kind::DataSource)?.body {
            Body::DataSource(data) => Ok(&data.kind.value),
            _ => Err("its metricSourceRef leads to no DataSource".into()),
        },
        (None, None) => Err("its source has no type".into()),
    }
}
