//! OpenSLO v1alpha to v1: a metric names its source itself, each objective carries its ratio, and a window counts units.

use super::convert::Left;
use super::fields::{map, put, refuse, rename, take};
use crate::model::Kind;
use crate::yaml::{Node, says_the_same};

/// Converts a document of that kind. Only a service level looks otherwise.
pub(super) fn convert(kind: Kind, document: &mut Node<'_>, changes: &mut Vec<String>) -> Result<(), Left> {
    if kind != Kind::Slo {
        return Ok(());
    }
    let name = document.get("metadata").and_then(|metadata| metadata.get("name")).cloned();
    let Some(spec) = document.get_mut("spec") else { return Ok(()) };
    windows(spec, changes)?;
    slices(spec)?;
    let ratio = ratio(spec, changes)?;
    indicator(spec, ratio, name, changes)
}

/// `timeWindows` with a count and a unit to `timeWindow` with a duration.
fn windows(spec: &mut Node<'_>, changes: &mut Vec<String>) -> Result<(), Left> {
    if rename(spec, "timeWindows", "timeWindow") {
        changes.push("timeWindows is now timeWindow".into());
    }
    let Some(windows) = spec.get_mut("timeWindow") else { return Ok(()) };
    for window in windows.items_mut() {
        let (count, unit) = (take(window, "count"), take(window, "unit"));
        let (Some(count), Some(unit)) = (&count, &unit) else {
            if count.is_some() || unit.is_some() {
                return refuse(window, "a time window needs both count and unit");
            }
            continue;
        };
        let duration = match duration(count.text().unwrap_or_default(), unit.text().unwrap_or_default()) {
            Ok(duration) => duration,
            Err(why) => return refuse(count, why),
        };
        changes.push(format!(
            "count: {}, unit: {} is now duration: {duration}",
            count.text().unwrap_or_default(),
            unit.text().unwrap_or_default()
        ));
        put(window, "isRolling", "duration", Node::text_at(duration, count.span));
    }
    Ok(())
}

/// A count of a unit as v1 writes it.
fn duration(count: &str, unit: &str) -> Result<String, String> {
    let number = count.parse::<u32>().map_err(|_| format!("`{count}` is no count of {unit}"))?;
    let letter = match unit {
        // v1 has no letter for seconds.
        "Second" if number % 60 == 0 => return Ok(format!("{}m", number / 60)),
        "Second" => return Err(format!("{number} seconds are no whole minutes, and v1 has no shorter unit")),
        "Minute" => 'm',
        "Hour" => 'h',
        "Day" => 'd',
        "Week" => 'w',
        "Month" => 'M',
        "Quarter" => 'Q',
        "Year" => 'Y',
        _ => return Err(format!("`{unit}` is no unit of v1alpha: Second, Day, Week, Month and Quarter are")),
    };
    Ok(format!("{number}{letter}"))
}

/// How long a slice of time is cannot be said in v1alpha, and must be in v1. Whoever adds it gets the rest converted.
fn slices(spec: &Node<'_>) -> Result<(), Left> {
    let sliced = spec.get("budgetingMethod").and_then(Node::text) == Some("Timeslices");
    let objectives = spec.get("objectives").map_or(&[][..], Node::items);
    match objectives.iter().find(|objective| sliced && objective.get("timeSliceWindow").is_none()) {
        Some(objective) => refuse(
            objective,
            "budgetingMethod Timeslices needs the length of a slice, which v1alpha does not say: add `timeSliceWindow` \
             to the objective and import it again",
        ),
        None => Ok(()),
    }
}

/// The ratio that the objectives carry, taken out of them; it must be the same in each, because objectives with indicators
/// of their own are a composite in v1, which means something else.
fn ratio<'t>(spec: &mut Node<'t>, changes: &mut Vec<String>) -> Result<Option<Node<'t>>, Left> {
    let Some(objectives) = spec.get_mut("objectives") else { return Ok(None) };
    let mut ratios = Vec::new();
    for objective in objectives.items_mut() {
        let Some(ratio) = take(objective, "ratioMetrics") else { continue };
        for field in ["op", "value"] {
            if take(objective, field).is_some() {
                changes.push(format!("{field} is gone: it has no effect on a ratio"));
            }
        }
        ratios.push(ratio);
    }
    let count = objectives.items().len();
    let Some(first) = ratios.first().cloned() else { return Ok(None) };
    if let Some(other) = ratios.iter().find(|ratio| !says_the_same(ratio, &first)) {
        return refuse(
            other,
            "its objectives have different ratioMetrics, of which v1 would make a composite: make a service level of \
             each",
        );
    }
    if ratios.len() < count {
        return refuse(&first, "some of its objectives have ratioMetrics and some have none");
    }
    Ok(Some(first))
}

/// The indicator, with the name that v1 needs: that of the service level.
fn indicator<'t>(
    spec: &mut Node<'t>,
    ratio: Option<Node<'t>>,
    name: Option<Node<'t>>,
    changes: &mut Vec<String>,
) -> Result<(), Left> {
    let threshold = spec.get_mut("indicator").filter(|it| it.get("thresholdMetric").is_some());
    let (at, body) = match (ratio, threshold) {
        (Some(ratio), Some(_)) => {
            return refuse(&ratio, "it has an indicator and ratioMetrics, and can have one of them");
        }
        (Some(mut ratio), None) => {
            if rename(&mut ratio, "incremental", "counter") {
                changes.push("incremental is now counter".into());
            }
            for side in ["good", "bad", "total"] {
                if let Some(source) = ratio.get_mut(side) {
                    metric(source, changes)?;
                }
            }
            changes.push("objectives[].ratioMetrics is now indicator.spec.ratioMetric".into());
            (ratio.clone(), map(vec![("ratioMetric", ratio.clone())], &ratio))
        }
        (None, Some(threshold)) => {
            if let Some(source) = threshold.get_mut("thresholdMetric") {
                metric(source, changes)?;
            }
            changes.push("indicator.thresholdMetric is now indicator.spec.thresholdMetric".into());
            (threshold.clone(), threshold.clone())
        }
        (None, None) => return Ok(()),
    };
    let Some(name) = name else { return refuse(&at, "it has no name, which its indicator would need too") };
    changes.push(format!(
        "its indicator is called `{}` as it is itself: v1 needs a name",
        name.text().unwrap_or_default()
    ));
    let whole = map(vec![("metadata", map(vec![("name", name)], &at)), ("spec", body)], &at);
    take(spec, "indicator");
    put(spec, "objectives", "indicator", whole);
    Ok(())
}

/// `source`, `queryType` and `query` to a `metricSource`.
fn metric(node: &mut Node<'_>, changes: &mut Vec<String>) -> Result<(), Left> {
    if node.get("metricSource").is_some() {
        return Ok(());
    }
    let place = node.clone();
    let (source, kind, query) = (take(node, "source"), take(node, "queryType"), take(node, "query"));
    let (Some(source), Some(query)) = (source, query) else {
        return refuse(&place, "a metric needs source and query");
    };
    let mut asked = vec![("query", query)];
    let promql = source.text().is_some_and(|it| it.eq_ignore_ascii_case("prometheus"))
        && kind.as_ref().and_then(Node::text).is_some_and(|it| it.eq_ignore_ascii_case("promql"));
    match kind {
        // A source of type prometheus is asked in no other language.
        Some(_) if promql => changes.push("queryType: promql is gone: type prometheus says it".into()),
        Some(kind) => asked.push(("queryType", kind)),
        None => {}
    }
    asked.extend(take(node, "metadata").map(|metadata| ("metadata", metadata)));
    let spec = map(asked, &place);
    put(node, "", "metricSource", map(vec![("type", source), ("spec", spec)], &place));
    changes.push("source and query are now metricSource: {type, spec: {query}}".into());
    Ok(())
}
