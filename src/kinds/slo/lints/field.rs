//! `slo/unused-field`: what is asked of a source with a field that has no meaning for it.

use super::{Said, View};
use crate::diagnostic::{Problem, codes};
use crate::kinds::slo::asked::{data_of, word_of};
use crate::kinds::slo::metric::{MetricSource, Sli};
use crate::kinds::slo::source::{PROMETHEUS, SQL};
use crate::kinds::{Body, Spec};

/// What a source of that type understands. A source of tasks is read strictly, and one of another type is free.
const KNOWN: [(&str, &[&str]); 2] = [(PROMETHEUS, &["query", "step", "instant"]), (SQL, &["query", "time"])];

pub(super) fn lint(view: &View<'_>, said: &mut Said) {
    for it in &view.readable {
        match &it.spec.body {
            Body::Sli(sli) => look(view, it.spec, sli, said),
            Body::Slo(slo) => slo.indicators().for_each(|indicator| look(view, it.spec, &indicator.spec, said)),
            _ => {}
        }
    }
}

fn look(view: &View<'_>, spec: &Spec, sli: &Sli, said: &mut Said) {
    for source in sli.sources() {
        let Some((word, known)) = known(view, source) else { continue };
        let fields = source.written.iter().flat_map(|written| written.fields());
        for (name, span) in fields.filter(|(name, _)| !known.contains(name)) {
            let message = format!("`{name}` has no effect on a source of type {word}");
            let problem = Problem::new(&codes::SLO_UNUSED_FIELD, span, message);
            let help = format!("its fields are {}", known.join(", "));
            said.say(spec, problem.help(help).did_you_mean(name, known.iter().copied()));
        }
    }
}

fn known(view: &View<'_>, source: &MetricSource) -> Option<(&'static str, &'static [&'static str])> {
    let data = data_of(view.specs, source).ok()?;
    let written = word_of(source, data)?;
    KNOWN.into_iter().find(|(word, _)| written.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;

    use super::super::testing::{NONE, document, file, lines, promise, said, slo};
    use super::*;
    use crate::kinds::slo::source::{PrometheusSpec, SqlSpec};
    use crate::model::Habits;

    const CODE: &str = "slo/unused-field";

    /// An indicator whose one metric asks that, on line 10.
    fn asks(source: &str, asked: &str) -> String {
        format!(
            "apiVersion: openslo/v1\nkind: SLI\nmetadata: {{name: b}}\nspec:\n  ratioMetric:\n    rawType: success\n    raw:\n      metricSource:\n        {source}\n        spec: {{query: up, {asked}}}\n"
        )
    }

    #[test]
    fn a_field_that_a_source_does_not_know_is_told_at_its_place() {
        let found = said(CODE, &asks("type: Prometheus", "queryType: range"), &Habits::default());
        assert_eq!(found, [(10, "`queryType` has no effect on a source of type prometheus".to_owned())]);
        assert_eq!(lines(CODE, &asks("type: prometheus", "step: 1m, instant: false")), NONE);
        assert_eq!(lines(CODE, &asks("type: abide.dev/sql", "time: unix, step: 1m")), [10]);
        assert_eq!(lines(CODE, &asks("type: datadog", "queryType: range")), NONE);
    }

    #[test]
    fn the_type_may_be_that_of_the_data_source() {
        let all = |kind: &str| {
            let source = document("DataSource", "main", &format!("{{type: {kind}}}"));
            lines(CODE, &file(&[asks("metricSourceRef: main", "stepp: 1m"), source]))
        };
        assert_eq!(all("prometheus"), [10]);
        assert_eq!(all("datadog"), NONE);
    }

    #[test]
    fn an_indicator_of_a_service_level_is_looked_at_too() {
        let metric = "{metricSource: {type: prometheus, spec: {query: up, window: 5m}}}";
        let own = slo("a", &promise("30d", "0.9"));
        let (head, rest) = own.split_once("{ratioMetric").unwrap();
        let (_, rest) = rest.split_once('\n').unwrap();
        let own = format!("{head}{{ratioMetric: {{rawType: success, raw: {metric}}}}}}}\n{rest}");
        assert_eq!(lines(CODE, &own), [6]);
    }

    #[test]
    fn the_fields_are_those_that_are_read() {
        let fields = |schema: schemars::Schema| -> Vec<String> {
            let mut names: Vec<_> = schema.as_value()["properties"].as_object().unwrap().keys().cloned().collect();
            names.sort();
            names
        };
        let mut generator = schemars::SchemaGenerator::default();
        let read = [PrometheusSpec::json_schema(&mut generator), SqlSpec::json_schema(&mut generator)].map(fields);
        let known = KNOWN.map(|(_, known)| {
            let mut known = known.to_vec();
            known.sort_unstable();
            known
        });
        assert_eq!(read.to_vec(), known.to_vec());
    }
}
