//! Indicators: what is measured.

use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::json;

use super::source::{PROMETHEUS, PrometheusSpec, SQL, SqlSpec, TASKS, TasksSource};
use crate::diagnostic::{Level, Problem, Span, Spanned, codes};
use crate::kinds::Shape;
use crate::kinds::common::{Link, Links};
use crate::model::Kind;
use crate::yaml::Raw;

/// A service level indicator: a ratio, or values that are held against a threshold.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Sli {
    /// What it is.
    pub description: Option<String>,
    /// Values that an objective's `op` and `value` judge.
    pub threshold_metric: Option<Spanned<Metric>>,
    /// Good or bad events among all events.
    pub ratio_metric: Option<Spanned<Ratio>>,
}

/// Good or bad events among all events; or the ratio itself.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Ratio {
    /// Whether the metrics only ever grow.
    #[serde(default)]
    pub counter: bool,
    /// The good events.
    pub good: Option<Spanned<Metric>>,
    /// The bad events.
    pub bad: Option<Spanned<Metric>>,
    /// All events.
    pub total: Option<Spanned<Metric>>,
    /// What `raw` counts.
    pub raw_type: Option<RawType>,
    /// The ratio itself.
    pub raw: Option<Spanned<Metric>>,
}

/// What a ratio that is given as such counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RawType {
    /// The good share.
    Success,
    /// The bad share.
    Failure,
}

/// One metric.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Metric {
    /// Where it comes from.
    pub metric_source: Spanned<MetricSource>,
}

/// Where a metric comes from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Wire")]
pub struct MetricSource {
    /// The DataSource, unless the type says it all.
    pub reference: Option<Link>,
    /// The type of the source; the DataSource's unless it is given.
    pub kind: Option<Spanned<Arc<str>>>,
    /// What is asked of it.
    pub detail: Detail,
    /// The same as it is written, for sources that are not of tasks for certain.
    pub written: Option<Raw>,
}

/// What is asked of a source, as far as its type tells how to read it.
#[derive(Debug, Clone, PartialEq)]
pub enum Detail {
    /// Nothing.
    None,
    /// Something about tasks.
    Tasks(Arc<TasksSource>),
    /// Nothing that a source of tasks could be asked.
    NotTasks(Vec<Problem>),
    /// Whatever a source of another type understands.
    Free(Raw),
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", rename = "MetricSource")]
struct Wire {
    /// The name of a DataSource.
    metric_source_ref: Option<Link>,
    /// `abide.dev/tasks`, `abide.dev/sql`, `prometheus`, or any other type.
    #[serde(rename = "type")]
    kind: Option<Spanned<Arc<str>>>,
    /// What is asked of it, as the type needs it.
    spec: Option<Raw>,
}

impl From<Wire> for MetricSource {
    fn from(Wire { metric_source_ref, kind, spec }: Wire) -> Self {
        let may_be_tasks = kind.as_ref().is_none_or(|kind| kind.eq_ignore_ascii_case(TASKS));
        let is_tasks = kind.as_ref().is_some_and(|kind| kind.eq_ignore_ascii_case(TASKS));
        let written = spec.clone().filter(|_| !is_tasks);
        let detail = match spec {
            None => Detail::None,
            Some(spec) if !may_be_tasks => Detail::Free(spec),
            Some(spec) => {
                let mut problems = Vec::new();
                match spec.read(&mut problems).filter(|_| problems.is_empty()) {
                    Some(tasks) => Detail::Tasks(Arc::new(tasks)),
                    None => Detail::NotTasks(problems),
                }
            }
        };
        Self { reference: metric_source_ref, kind, detail, written }
    }
}

impl JsonSchema for MetricSource {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "MetricSource".into()
    }

    /// What is asked of a source of tasks has a shape; what is asked of others is free.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Wire::json_schema(generator);
        let tasks = generator.subschema_for::<Option<TasksSource>>();
        let is_tasks = json!({"required": ["type"], "properties": {"type": {"pattern": in_any_case(TASKS)}}});
        schema.insert("if".into(), is_tasks);
        schema.insert("then".into(), json!({"properties": {"spec": tasks}}));
        schema
    }
}

/// A regular expression for a word in upper and lower case; editors know no flag for that.
fn in_any_case(word: &str) -> String {
    let either = |c: char| format!("[{}{}]", c.to_ascii_lowercase(), c.to_ascii_uppercase());
    let each: String =
        word.chars().map(|c| if c.is_ascii_alphabetic() { either(c) } else { format!("[{c}]") }).collect();
    format!("^{each}$")
}

impl Sli {
    /// Every metric source within.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Spanned<MetricSource>> {
        let ratio = self.ratio_metric.iter().flat_map(|ratio| {
            [&ratio.good, &ratio.bad, &ratio.total, &ratio.raw]
                .into_iter()
                .flatten()
                .map(|metric| &metric.metric_source)
        });
        self.threshold_metric.iter().map(|metric| &metric.metric_source).chain(ratio)
    }
}

impl Shape for Sli {
    fn links(&self, links: &mut Links) {
        self.sources()
            .filter_map(|source| source.reference.as_ref())
            .for_each(|reference| links.bare(reference, Kind::DataSource));
    }

    fn check(&self, at: Span, problems: &mut Vec<Problem>) {
        match (&self.threshold_metric, &self.ratio_metric) {
            (None, None) => problems.push(
                Problem::new(&codes::SPEC_MISSING_FIELD, at, "an indicator needs a ratioMetric or a thresholdMetric")
                    .fix("add `ratioMetric:` or `thresholdMetric:`"),
            ),
            (Some(_), Some(ratio)) => problems.push(Problem::new(
                &codes::SPEC_EXCLUSIVE,
                head(ratio.span),
                "an indicator has a ratioMetric or a thresholdMetric, not both",
            )),
            _ => {}
        }
        if let Some(ratio) = &self.ratio_metric {
            ratio.check(head(ratio.span), problems);
        }
        self.sources().for_each(|source| source.check(head(source.span), problems));
        if let Some(threshold) = &self.threshold_metric {
            threshold.metric_source.needs_measure(head(threshold.span), problems);
        }
    }
}

impl Ratio {
    fn check(&self, at: Span, problems: &mut Vec<Problem>) {
        let given: Vec<&str> = [("good", &self.good), ("bad", &self.bad), ("raw", &self.raw)]
            .into_iter()
            .filter_map(|(name, metric)| metric.as_ref().map(|_| name))
            .collect();
        if given.len() != 1 {
            let have = if given.is_empty() { "none".into() } else { given.join(" and ") };
            let message = format!("a ratio has exactly one of good, bad and raw; here is {have}");
            problems.push(Problem::new(&codes::SPEC_EXCLUSIVE, at, message));
        }
        if self.raw.is_none() && self.total.is_none() {
            problems.push(missing("total", "a ratio of good or bad events needs all events", at));
        }
        if self.raw.is_some() && self.raw_type.is_none() {
            problems.push(missing("rawType", "`raw` needs to know whether it counts success or failure", at));
        }
    }
}

impl MetricSource {
    fn check(&self, at: Span, problems: &mut Vec<Problem>) {
        if self.kind.is_none() && self.reference.is_none() {
            problems.push(missing("type", "a metric source has a type or a metricSourceRef", at));
        }
        if let Some(kind) = self.kind.as_ref().filter(|kind| is_asked_a_query(kind)) {
            self.needs_query(head(kind.span), problems);
        }
        let Some(kind) = self.kind.as_ref().filter(|kind| kind.eq_ignore_ascii_case(TASKS)) else { return };
        match &self.detail {
            Detail::NotTasks(wrong) => problems.extend(wrong.iter().cloned()),
            Detail::None => problems.push(missing("spec", "a source of tasks needs `select`", head(kind.span))),
            Detail::Tasks(tasks) => tasks.check(problems),
            Detail::Free(_) => {}
        }
    }

    /// A source that is asked a query must say which. What else it says may be for others; where it is for Abide and cannot be
    /// read, that is a warning, since OpenSLO lets a source say anything.
    fn needs_query(&self, at: Span, problems: &mut Vec<Problem>) {
        let mut wrong = Vec::new();
        let query = match (&self.written, self.kind.as_ref().is_some_and(|kind| kind.eq_ignore_ascii_case(SQL))) {
            (None, _) => None,
            (Some(written), true) => written.read::<SqlSpec>(&mut wrong).map(|spec| spec.query),
            (Some(written), false) => written.read::<PrometheusSpec>(&mut wrong).map(|spec| spec.query),
        };
        let is_missing = |problem: &Problem| problem.entry == &codes::SPEC_MISSING_FIELD;
        if wrong.iter().any(is_missing) || query.as_ref().map_or(wrong.is_empty(), |query| query.trim().is_empty()) {
            let message = "the source has no `query`, so it cannot be evaluated";
            problems.push(Problem::new(&codes::SLO_NO_QUERY, at, message).fix("add `spec: {query: …}`"));
        }
        let others = wrong.into_iter().filter(|problem| !is_missing(problem));
        problems.extend(others.map(|problem| Problem { level: Level::Warning, ..problem }));
    }

    /// A threshold over tasks must say what it measures.
    fn needs_measure(&self, at: Span, problems: &mut Vec<Problem>) {
        let Detail::Tasks(tasks) = &self.detail else { return };
        if self.kind.is_some() && tasks.measure.is_none() {
            let why = "a threshold over tasks measures a span of their life, such as created-to-finished";
            problems.push(missing("measure", why, at));
        }
        if self.kind.is_some() && tasks.unit.is_none() {
            problems.push(missing("unit", "a threshold over tasks needs the unit of its value, such as minutes", at));
        }
    }
}

/// Whether a source of that type is asked a query.
fn is_asked_a_query(kind: &str) -> bool {
    [PROMETHEUS, SQL].into_iter().any(|known| kind.eq_ignore_ascii_case(known))
}

/// The beginning of something whole, rather than all of it underlined.
pub(super) const fn head(span: Span) -> Span {
    Span { end: span.start + 1, ..span }
}

/// A field that is needed here.
pub(super) fn missing(field: &str, why: &str, at: Span) -> Problem {
    Problem::new(&codes::SPEC_MISSING_FIELD, at, format!("the field `{field}` is missing: {why}"))
        .fix(format!("add `{field}:`"))
}
