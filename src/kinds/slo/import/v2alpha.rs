//! OpenSLO v2alpha to v1: other words for the indicator, and a metric without the level of `metricSource`.

use super::convert::Left;
use super::fields::{map, others, put, refuse, rename, take};
use crate::model::Kind;
use crate::yaml::Node;

/// Converts a document of that kind.
pub(super) fn convert(kind: Kind, document: &mut Node<'_>, changes: &mut Vec<String>) -> Result<(), Left> {
    let Some(spec) = document.get_mut("spec") else { return Ok(()) };
    match kind {
        Kind::Slo => slo(spec, changes),
        Kind::Sli => indicator(spec, changes),
        Kind::DataSource => data_source(spec, changes),
        Kind::AlertPolicy => conditions(spec),
        _ => Ok(()),
    }
}

fn slo(spec: &mut Node<'_>, changes: &mut Vec<String>) -> Result<(), Left> {
    its_indicator(spec, changes)?;
    for objective in spec.get_mut("objectives").map_or(&mut [][..], Node::items_mut) {
        its_indicator(objective, changes)?;
    }
    for policy in spec.get("alertPolicies").map_or(&[][..], Node::items) {
        policy.get("spec").map_or(Ok(()), conditions)?;
    }
    Ok(())
}

/// The indicator of a service level or of one of its objectives.
fn its_indicator(node: &mut Node<'_>, changes: &mut Vec<String>) -> Result<(), Left> {
    for (from, to) in [("sli", "indicator"), ("sliRef", "indicatorRef")] {
        if rename(node, from, to) {
            changes.push(format!("{from} is now {to}"));
        }
    }
    let spec = node.get_mut("indicator").and_then(|indicator| indicator.get_mut("spec"));
    spec.map_or(Ok(()), |spec| indicator(spec, changes))
}

fn indicator(spec: &mut Node<'_>, changes: &mut Vec<String>) -> Result<(), Left> {
    if let Some(threshold) = spec.get_mut("thresholdMetric") {
        metric(threshold, changes)?;
    }
    let Some(ratio) = spec.get_mut("ratioMetric") else { return Ok(()) };
    for side in ["good", "bad", "total", "raw"] {
        if let Some(side) = ratio.get_mut(side) {
            metric(side, changes)?;
        }
    }
    Ok(())
}

/// A metric's source to a `metricSource`. How to reach a source is no part of a metric in v1.
fn metric(node: &mut Node<'_>, changes: &mut Vec<String>) -> Result<(), Left> {
    if node.get("metricSource").is_some() {
        return Ok(());
    }
    let place = node.clone();
    if let [other, ..] = others(&place, &["dataSourceRef", "dataSourceSpec", "dataSource", "spec"])[..] {
        return refuse(
            &place,
            format!(
                "`{other}` says how to reach the source, which v1 keeps in a DataSource: define one and name it in \
                 `dataSourceRef`"
            ),
        );
    }
    let reference = take(node, "dataSourceRef");
    let written = take(node, "dataSourceSpec").or_else(|| take(node, "dataSource"));
    let spec = take(node, "spec");
    let source = match (reference, written) {
        (Some(reference), None) => ("metricSourceRef", reference),
        (None, Some(written)) => ("type", source_type(&written)?),
        (Some(_), Some(_)) => return refuse(&place, "a metric has dataSourceRef or dataSourceSpec, not both"),
        (None, None) => return refuse(&place, "a metric needs dataSourceRef or dataSourceSpec"),
    };
    changes.push(format!("the data source of a metric is now metricSource.{}", source.0));
    let fields = [Some(source), spec.map(|spec| ("spec", spec))].into_iter().flatten().collect();
    put(node, "", "metricSource", map(fields, &place));
    Ok(())
}

/// The type of a source that is written within a metric, where it says nothing beside.
fn source_type<'t>(written: &Node<'t>) -> Result<Node<'t>, Left> {
    if let [other, ..] = others(written, &["type"])[..] {
        return refuse(
            written,
            format!("`{other}` belongs into a DataSource in v1: define one and name it in `dataSourceRef`"),
        );
    }
    match written.get("type") {
        Some(kind) => Ok(kind.clone()),
        None => refuse(written, "the data source within a metric has no type"),
    }
}

/// A source whose one field is the name of its type, as drafts of v2alpha have it.
fn data_source(spec: &mut Node<'_>, changes: &mut Vec<String>) -> Result<(), Left> {
    if spec.get("type").is_some() {
        return Ok(());
    }
    let names: Vec<String> = others(spec, &["description"]).into_iter().map(str::to_owned).collect();
    let [name] = &names[..] else {
        return refuse(spec, "it has no type, and not exactly one field that could be the name of one");
    };
    let span = spec.span;
    let Some(details) = take(spec, name) else { return Ok(()) };
    changes.push(format!("{name}: is now type: {name} with connectionDetails"));
    put(spec, "", "type", Node::text_at(name.clone(), span));
    put(spec, "", "connectionDetails", details);
    Ok(())
}

/// An alert policy has one condition in v1, and drafts of v2alpha combine several.
fn conditions(spec: &Node<'_>) -> Result<(), Left> {
    let conditions = spec.get("conditions").map_or(&[][..], Node::items);
    let combined = conditions.iter().find(|one| one.get("and").is_some() || one.get("or").is_some());
    match combined.or_else(|| conditions.get(1)) {
        Some(which) => refuse(which, "an alert policy has exactly one condition in v1: make a policy of each"),
        None => Ok(()),
    }
}
