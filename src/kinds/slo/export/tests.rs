//! What of a service level becomes which expression.

use super::*;
use crate::kinds::{Unread, read};
use crate::yaml::parse;

fn specs(text: &str) -> Specs {
    let parsed = parse(text);
    assert_eq!(parsed.problems, []);
    let documents = parsed.documents.iter().map(|node| read(node, &"slo.yaml".into(), &text.into()));
    let spec = |document: crate::kinds::Document| {
        assert!(!document.has_errors(), "{:?}", document.problems);
        document.spec
    };
    Specs::new(documents.filter_map(spec), Unread::default())
}

fn exported(text: &str) -> Exported {
    prometheus(&specs(text), &Policy::default())
}

/// A service level over 30 days with that indicator, way of counting and objective.
fn slo(indicator: &str, method: &str, objective: &str) -> String {
    format!(
        "apiVersion: openslo/v1\nkind: SLO\nmetadata: {{name: a}}\nspec:\n  service: web\n  budgetingMethod: {method}\n  \
         timeWindow: [{{duration: 30d, isRolling: true}}]\n  indicator: {{metadata: {{name: a}}, spec: {indicator}}}\n  \
         objectives: [{{target: 0.99, {objective}}}]\n"
    )
}

fn source(query: &str, more: &str) -> String {
    format!("{{metricSource: {{type: prometheus, spec: {{query: '{query}'{more}}}}}}}")
}

fn ratio(counter: bool, side: &str, some: &str, total: &str) -> String {
    let (some, total) = (source(some, ""), source(total, ""));
    format!("{{ratioMetric: {{counter: {counter}, {side}: {some}, total: {total}}}}}")
}

/// The expression of the bad share of an hour.
fn of_an_hour(text: &str) -> String {
    let exported = exported(text);
    assert_eq!(exported.untold, [], "{text}");
    let name = Does::Record("slo:sli_error:ratio_rate1h".into());
    exported.groups[0].rules.iter().find(|rule| rule.does == name).unwrap().expr.clone()
}

#[test]
fn a_ratio_of_counters_is_what_they_grew_by() {
    let of = |side, some, total| of_an_hour(&slo(&ratio(true, side, some, total), "Occurrences", ""));
    let plain = of("good", "x{a=\"b\"}", "x");
    assert_eq!(plain, "1 - (sum(increase(x{a=\"b\"}[1h])) / sum(increase(x[1h])))");
    let bad = of("bad", "x", "y");
    assert_eq!(bad, "(sum(increase(x[1h])) or vector(0)) / sum(increase(y[1h]))");
    let sums = of("good", "sum(x)", "sum(y) # all");
    assert_eq!(sums, "1 - (sum(increase(((sum(x)))[1h:1m])) / sum(increase(((sum(y) # all\n))[1h:1m])))");
    let month = exported(&slo(&ratio(true, "good", "sum(x)", "sum(y)"), "Occurrences", ""));
    assert!(month.groups[0].rules.iter().any(|rule| rule.expr.contains("increase(((sum(x)))[30d:30m])")));
    let sloth = of("bad", "sum(rate(x[{{.window}}]))", "sum(rate(y[{{.window}}]))");
    assert_eq!(sloth, "(sum(sum(rate(x[1h]))) or vector(0)) / sum(sum(rate(y[1h])))");
}

#[test]
fn gauges_are_summed_and_ratios_averaged() {
    let gauges = of_an_hour(&slo(&ratio(false, "good", "x", "y"), "Occurrences", ""));
    assert_eq!(gauges, "1 - (sum(sum_over_time(((x))[1h:1m])) / sum(sum_over_time(((y))[1h:1m])))");
    let raw = |kind: &str, more| {
        of_an_hour(&slo(
            &format!("{{ratioMetric: {{rawType: {kind}, raw: {}}}}}", source("x", more)),
            "Occurrences",
            "",
        ))
    };
    assert_eq!(raw("success", ""), "1 - (avg(avg_over_time(((x))[1h:1m])))");
    assert_eq!(raw("failure", ", step: 30s"), "avg(avg_over_time(((x))[1h:30s]))");
    let threshold = |query, more| {
        of_an_hour(&slo(&format!("{{thresholdMetric: {}}}", source(query, more)), "Occurrences", "op: lte, value: 0.3"))
    };
    assert_eq!(threshold("x", ""), "1 - (avg(avg_over_time((((x) > -Inf) <= bool 0.3)[1h:1m])))");
    assert_eq!(
        threshold("x[{{.window}}]", ", step: 2m"),
        "1 - (avg(avg_over_time((((x[2m]) > -Inf) <= bool 0.3)[1h:2m])))"
    );
    assert_eq!(threshold("x[{{.window}}]", ", instant: true"), "1 - (avg(((x[1h]) > -Inf) <= bool 0.3))");
}

#[test]
fn slices_are_judged_each_by_itself() {
    let of = |side, method, objective| of_an_hour(&slo(&ratio(true, side, "x", "y"), method, objective));
    let slices = "timeSliceWindow: 5m, timeSliceTarget: 0.95";
    let good = of("good", "Timeslices", slices);
    assert_eq!(good, "avg_over_time(((sum(increase(x[5m])) / sum(increase(y[5m]))) < bool 0.95)[1h:5m])");
    let bad = of("bad", "Timeslices", slices);
    assert!(bad.contains("> bool 0.05)[1h:5m]"), "{bad}");
    let mean = of("good", "RatioTimeslices", "timeSliceWindow: 5m");
    assert!(
        mean.starts_with("avg_over_time(((1 - (") && mean.ends_with(" >= 0 or 0 * sum(increase(y[5m])))[1h:5m])"),
        "{mean}"
    );
}

#[test]
fn what_rules_do_not_tell_is_said() {
    let why = |text: &str| {
        let exported = exported(text);
        assert_eq!(exported.groups.len(), usize::from(exported.untold[0].partly), "{text}");
        exported.untold[0].why.clone()
    };
    let x = |query: &str| slo(&ratio(true, "good", query, "y"), "Occurrences", "");
    let tasks = "{thresholdMetric: {metricSource: {type: abide.dev/tasks, spec: {select: {types: [a]}, measure: created-to-finished, unit: hours}}}}";
    assert!(why(&slo(tasks, "Occurrences", "op: lte, value: 1")).contains("from tasks"));
    let statement = x("x").replace("prometheus", "abide.dev/sql");
    let statement = statement.replace("query: 'x'", "query: ':from :to'").replace("query: 'y'", "query: ':from :to'");
    assert!(why(&statement).contains("from a database"));
    assert!(why(&x("x").replace("prometheus", "datadog")).contains("`datadog`"));
    assert!(why(&x("rate(x[{{.window}}])")).contains("different units"));
    assert!(why(&slo(&ratio(true, "good", "x", "y"), "Occurrences", "compositeWeight: 2")).contains("have weights"));
    let calendar = x("x").replace(
        "30d, isRolling: true",
        "1M, isRolling: false, calendar: {startTime: 2026-01-01 00:00:00, timeZone: UTC}",
    );
    assert!(why(&calendar).contains("PromQL cannot"));
    let records = |text: &str| {
        exported(text).groups[0]
            .rules
            .iter()
            .filter(|rule| matches!(&rule.does, Does::Record(name) if name.contains("period_")))
            .count()
    };
    assert_eq!((records(&calendar), records(&x("x"))), (0, 2), "nobody knows what is left");
}

#[test]
fn policies_say_when_to_alert() {
    let text = slo(&ratio(false, "good", "x", "y"), "Occurrences", "");
    let alerts = |text: &str| -> Vec<(String, Option<String>, String)> {
        let exported = exported(text);
        let rules = exported.groups[0].rules.iter();
        rules
            .filter_map(|rule| match &rule.does {
                Does::Alert { after, .. } => Some((
                    rule.expr.clone(),
                    after.clone(),
                    rule.labels.iter().find(|(key, _)| *key == "severity").unwrap().1.clone(),
                )),
                Does::Record(_) => None,
            })
            .collect()
    };
    let severities = |text: &str| alerts(text).into_iter().map(|(_, _, severity)| severity).collect::<Vec<_>>();
    assert_eq!(severities(&text), ["critical", "high"]);
    let budget = "---\napiVersion: abide.dev/v1\nkind: ErrorBudgetPolicy\nmetadata: {name: p}\nspec: {slos: [a], burnRates: [{factor: 2, long: 84m, short: 90s, severity: low}]}\n";
    let own = alerts(&format!("{text}{budget}"));
    assert!(
        own.len() == 1 && own[0].2 == "low" && own[0].0.contains("ratio_rate90s") && own[0].0.contains("> (2 * 0.01)"),
        "{own:?}"
    );
    let condition = "  alertPolicies:\n  - kind: AlertPolicy\n    metadata: {name: fast}\n    spec:\n      alertWhenBreaching: true\n      conditions:\n      - {kind: AlertCondition, metadata: {name: c}, spec: {severity: page, condition: {kind: burnrate, op: gte, threshold: 2, lookbackWindow: 1h, alertAfter: 5m}}}\n";
    let conditional = alerts(&format!("{text}{condition}"));
    assert!(conditional.len() == 1 && conditional[0].0.ends_with(">= (2 * 0.01)"), "{conditional:?}");
    assert_eq!((conditional[0].1.as_deref(), conditional[0].2.as_str()), (Some("5m"), "critical"));
    assert!(alerts(&format!("{text}{}", condition.replace("Breaching: true", "Breaching: false"))).is_empty());
}
