//! Metrics of all kinds, judged on whole specs: what a source says, and what follows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::objective::RULE;
use super::state::{Known, State, known};
use super::target::targets;
use crate::kinds::{Asked, Body, Case, Findings, Spec, Specs, Unread, read};
use crate::model::{
    Answer, Answers, Ask, Code, Duration, Line, Metric, MetricQuestion, NoAnswer, Policy, Question, Rule, Severity,
    SourceKind, Standing, Subject, Timestamp, Window,
};
use crate::yaml::parse;

pub(super) const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

const HEAD: &str = "apiVersion: openslo/v1
kind: SLO
metadata: {name: web}
spec:
  service: web
  timeWindow: [{duration: 30d, isRolling: true}]
";

/// A ratio of two queries, `good` or `bad`.
fn ratio(counter: bool, some: &str, extra: &str) -> String {
    let metric = |query: &str| format!("{{metricSource: {{type: Prometheus, spec: {{query: {query}{extra}}}}}}}");
    format!(
        "{HEAD}  budgetingMethod: Occurrences\n  indicator: {{metadata: {{name: i}}, spec: {{ratioMetric: {{counter: {counter}, {some}: {}, total: {}}}}}}}\n  objectives: [{{target: 0.9}}]\n",
        metric("some"),
        metric("total")
    )
}

fn raw(word: &str) -> String {
    format!(
        "{HEAD}  budgetingMethod: Occurrences\n  indicator: {{metadata: {{name: i}}, spec: {{ratioMetric: {{rawType: {word}, raw: {{metricSource: {{type: prometheus, spec: {{query: raw}}}}}}}}}}}}\n  objectives: [{{target: 0.9}}]\n"
    )
}

fn threshold(source: &str) -> String {
    format!(
        "{HEAD}  budgetingMethod: Occurrences\n  indicator: {{metadata: {{name: i}}, spec: {{thresholdMetric: {{metricSource: {{type: {source}, spec: {{query: \"select 1 where :from < :to\"}}}}}}}}}}\n  objectives: [{{target: 0.9, op: lte, value: 2.5}}]\n"
    )
}

fn specs(text: &str) -> Specs {
    let parsed = parse(text);
    let read = |node| {
        let document = read(node, &Arc::from("a.yaml"), &Arc::from(text));
        assert!(!document.has_errors(), "{:?}\n{text}", document.problems);
        document.spec
    };
    Specs::new(parsed.documents.iter().filter_map(read).collect::<Vec<Arc<Spec>>>(), Unread::default())
}

struct Judged {
    known: Known,
    findings: Findings,
}

impl Judged {
    fn code(&self) -> Option<(Code, Severity)> {
        match self.findings.findings.get(&Subject::objective(0)) {
            Some(Standing::Drift(drift)) => Some((drift.code, drift.severity)),
            _ => None,
        }
    }

    fn amounts(&self) -> (f64, f64, u64) {
        let figures = self.known.figures.as_ref().unwrap();
        (figures.good, figures.total, figures.unmeasured)
    }
}

/// Judges the first SLO of the text; each question is answered by its query.
fn judged(text: &str, say: impl Fn(&MetricQuestion) -> Result<Metric, &'static str>) -> Judged {
    let specs = specs(text);
    let (policy, watched) = (Policy::default(), BTreeSet::new());
    let spec = specs.iter().find(|spec| matches!(spec.body, Body::Slo(_)));
    let case = Case { rule: Rule::SloObjective, spec, specs: &specs, policy: &policy, watched: &watched };
    let mut answers = Answers::default();
    for question in (RULE.asks)(&case) {
        let Question::Metric(metric) = &question else { panic!("{question:?}") };
        let answer = say(metric).map(Answer::Metric).map_err(|why| NoAnswer { reason: why.into(), since: NOW });
        answers.put(Arc::new(question), answer);
    }
    let asked = Asked { answers: &answers, now: NOW };
    let mut findings = Findings::default();
    (RULE.judge)(&case, &asked, &mut findings).unwrap();
    let (Some(spec), Some(Body::Slo(slo))) = (spec, case.body()) else { panic!("no SLO") };
    Judged { known: known(&targets(&specs, spec, slo)[0], &asked), findings }
}

/// A sample a minute, the last of them now.
fn line(values: &[f64]) -> Line {
    let at = |n: usize| NOW.minus(Duration::from_mins((values.len() - 1 - n) as u64));
    Line { labels: "{}".into(), points: values.iter().enumerate().map(|(n, value)| (at(n), *value)).collect() }
}

fn two(some: Vec<Line>, total: Vec<Line>) -> impl Fn(&MetricQuestion) -> Result<Metric, &'static str> {
    move |question| Ok(Metric::Samples(if &*question.query == "some" { some.clone() } else { total.clone() }))
}

#[test]
fn a_counter_counts_by_its_growth_and_its_resets() {
    let good = vec![line(&[100.0, 150.0, 190.0, 30.0, 60.0])];
    let total = vec![line(&[200.0, 250.0, 300.0, 40.0, 80.0])];
    let judged = judged(&ratio(true, "good", ""), two(good, total));
    assert_eq!(judged.amounts(), (50.0 + 40.0 + 30.0 + 30.0, 50.0 + 50.0 + 40.0 + 40.0, 0));
}

#[test]
fn a_sum_of_counters_that_falls_tells_nothing_of_that_moment() {
    let text =
        ratio(true, "good", "").replace("query: some", "query: sum(some)").replace("query: total", "query: sum(total)");
    let (good, total) = (vec![line(&[100.0, 110.0, 60.0, 70.0])], vec![line(&[200.0, 210.0, 110.0, 120.0])]);
    let say = move |question: &MetricQuestion| {
        Ok(Metric::Samples(if question.query.contains("some") { good.clone() } else { total.clone() }))
    };
    assert_eq!(judged(&text, say).amounts(), (20.0, 20.0, 2));
}

#[test]
fn a_gauge_counts_as_it_is_and_no_less_than_nothing() {
    let judged = judged(&ratio(false, "bad", ""), two(vec![line(&[1.0, 0.5])], vec![line(&[10.0, -3.0, 1e300, 10.0])]));
    // Of the two minutes in which the total cannot be counted, the bad ones are left out as well.
    assert_eq!(judged.amounts(), (19.5, 20.0, 2));
}

#[test]
fn several_series_are_added_up_each_with_its_own_resets() {
    let lines = || vec![line(&[5.0, 9.0, 2.0]), line(&[100.0, 101.0, 103.0])];
    assert_eq!(judged(&ratio(true, "good", ""), two(lines(), lines())).amounts(), (9.0, 9.0, 0));
}

#[test]
fn no_bad_series_is_no_bad_event_and_no_good_series_is_no_data() {
    let total: Vec<f64> = (0..60).map(|n| f64::from(n * 10)).collect();
    let bad = judged(&ratio(true, "bad", ""), two(Vec::new(), vec![line(&total)]));
    assert_eq!((&bad.known.state, bad.code()), (&State::Healthy, None));
    let good = judged(&ratio(true, "good", ""), two(Vec::new(), vec![line(&total)]));
    assert_eq!((&good.known.state, good.findings.findings.len()), (&State::NoData, 1));
}

#[test]
fn a_counter_that_stands_still_is_no_traffic() {
    let still = || vec![line(&[7.0; 30])];
    assert_eq!(judged(&ratio(true, "good", ""), two(still(), still())).known.state, State::NoTraffic);
}

#[test]
fn ratios_count_by_the_sample_and_must_be_shares() {
    let say = |_: &MetricQuestion| Ok(Metric::Samples(vec![line(&[0.25, 0.75, f64::from(17), -0.1, 1.0])]));
    assert_eq!(judged(&raw("success"), say).amounts(), (2.0, 3.0, 2));
    assert_eq!(judged(&raw("failure"), say).amounts(), (1.0, 3.0, 2));
    let percent = judged(&raw("success"), |_| Ok(Metric::Samples(vec![line(&[99.5; 20])])));
    assert!(matches!(percent.known.state, State::CannotEvaluate(_)), "{:?}", percent.known.state);
}

#[test]
fn values_are_held_against_their_threshold() {
    let say = |question: &MetricQuestion| {
        assert_eq!(question.ask, Ask::Range(Duration::from_mins(1)));
        Ok(Metric::Samples(vec![line(&[2.5, 2.500_001, -4.0, 9.0])]))
    };
    assert_eq!(judged(&threshold("prometheus"), say).amounts(), (2.0, 4.0, 0));
}

#[test]
fn a_source_that_is_away_is_unknown_and_one_that_has_nothing_is_no_data() {
    let away = judged(&threshold("prometheus"), |_| Err("out of reach"));
    assert!(matches!(&away.known.state, State::NoAnswer(none) if &*none.reason == "out of reach"));
    let empty = judged(&threshold("prometheus"), |_| Ok(Metric::Samples(Vec::new())));
    assert_eq!(empty.known.state, State::NoData);
    for judged in [away, empty] {
        assert!(matches!(judged.findings.findings[&Subject::objective(0)], Standing::Unknown(_)));
    }
}

const ALERT: &str = "  alertPolicies:
    - kind: AlertPolicy
      metadata: {name: page}
      spec:
        FLAGS
        conditions:
          - kind: AlertCondition
            metadata: {name: fast}
            spec:
              severity: page
              condition: {kind: burnrate, op: gte, threshold: 2, lookbackWindow: 1h, alertAfter: 5m}
";

fn alerting(flags: &str) -> String {
    format!("{}{}", threshold("prometheus"), ALERT.replace("FLAGS", flags))
}

#[test]
fn alert_policies_say_what_is_too_fast_and_what_nobody_wants_to_hear() {
    // Of the last hour's samples one in five misses: twice the budget, which `gte` includes.
    let values: Vec<f64> = (0..3000).map(|n| if n >= 2900 && n % 5 == 0 { 9.0 } else { 1.0 }).collect();
    let say = |_: &MetricQuestion| Ok(Metric::Samples(vec![line(&values)]));
    let breaching = judged(&alerting("alertWhenBreaching: true"), say);
    assert_eq!(breaching.code(), Some((Code::SloBurning, Severity::Critical)));
    let silent = judged(&alerting("alertWhenBreaching: false"), say);
    assert_eq!((silent.code(), &silent.known.state), (None, &State::Burning));
    let nothing = |flags: &str| judged(&alerting(flags), |_| Ok(Metric::Samples(Vec::new())));
    assert_eq!(nothing("alertWhenNoData: true").code(), Some((Code::SloNoData, Severity::Critical)));
    assert_eq!(nothing("alertWhenBreaching: true").code(), None);
    let away = judged(&alerting("alertWhenNoData: true"), |_| Err("out of reach"));
    assert_eq!(away.code(), None, "a source out of reach neither opens nor closes");
}

#[test]
fn one_figure_for_each_window_is_judged_as_of_now() {
    let at = |bad_hour: f64, bad_five: f64, bad_month: f64| {
        let say = move |question: &MetricQuestion| {
            let Ask::ByWindow(windows) = &question.ask else { panic!("{question:?}") };
            let value = |window: &Window| {
                let all = 1000.0;
                let bad = match window.nominal() {
                    length if length == Duration::from_hours(1) => bad_hour,
                    length if length == Duration::from_mins(5) => bad_five,
                    length if length == Duration::from_days(30) => bad_month,
                    _ => 0.0,
                };
                Some(if &*question.query == "some" { all - bad } else { all })
            };
            Ok(Metric::Totals(windows.iter().map(|window| (window.clone(), value(window))).collect()))
        };
        judged(&ratio(true, "good", ", instant: true"), say)
    };
    let (burning, calm, spent) = (at(1000.0, 1000.0, 50.0), at(1000.0, 0.0, 50.0), at(0.0, 0.0, 101.0));
    // At a target of 0.9 nothing burns faster than 10 times: the first pair, at 14.4, cannot exceed.
    assert_eq!((&burning.known.state, burning.findings.findings.len()), (&State::Healthy, 0));
    assert_eq!(calm.known.state, State::Healthy);
    assert_eq!(spent.code(), Some((Code::SloBudgetSpent, Severity::High)));
    let none = judged(&ratio(true, "good", ", instant: true"), |_| Ok(Metric::Totals(BTreeMap::new())));
    assert_eq!(none.known.state, State::NoData);
}

#[test]
fn statements_are_asked_for_rows_and_for_every_window() {
    let say = |question: &MetricQuestion| {
        assert_eq!(question.source.kind, SourceKind::Sql);
        let Ask::Statement { windows, .. } = &question.ask else { panic!("{question:?}") };
        assert_eq!(windows.len(), 8, "{windows:?}");
        Ok(Metric::Samples(vec![line(&[1.0; 20])]))
    };
    assert_eq!(judged(&threshold("Abide.dev/SQL"), say).known.state, State::Healthy);
}

#[test]
fn metrics_of_two_types_of_source_make_no_ratio() {
    let text = ratio(true, "good", "").replacen("type: Prometheus", "type: abide.dev/sql", 1);
    let judged = judged(&text, |_| Err("nobody asks"));
    assert!(matches!(&judged.known.state, State::CannotEvaluate(why) if why.contains("one type of source")));
}

#[test]
fn a_source_that_nobody_asks_is_not_evaluated_and_a_query_that_is_missing_cannot_be() {
    let elsewhere = judged(&threshold("Datadog"), |_| Err("nobody asks"));
    assert!(matches!(elsewhere.known.state, State::NotEvaluated(_)));
    let text = threshold("prometheus").replace("query:", "qery:");
    let missing = judged(&text, |_| Err("nobody asks"));
    assert!(matches!(missing.known.state, State::CannotEvaluate(_)), "{:?}", missing.known.state);
}

#[test]
fn a_series_that_ended_is_no_data_and_not_good() {
    let gone = |ago: u64| {
        let say = move |_: &MetricQuestion| {
            let points =
                (0..60).map(|n| (NOW.minus(Duration::from_mins(ago + 59 - n)), if n > 40 { 9.0 } else { 1.0 }));
            Ok(Metric::Samples(vec![Line { labels: "{}".into(), points: points.collect() }]))
        };
        judged(&threshold("prometheus"), say)
    };
    assert_eq!(gone(5).code(), Some((Code::SloBudgetSpent, Severity::High)), "five minutes may be between two scrapes");
    let ended = gone(6);
    assert_eq!(ended.known.state, State::NoData);
    assert!(
        matches!(ended.findings.findings[&Subject::objective(0)], Standing::Unknown(_)),
        "it neither opens nor closes"
    );
}

#[test]
fn a_slice_counts_once_all_of_it_is_known() {
    let text = threshold("prometheus")
        .replace("budgetingMethod: Occurrences", "budgetingMethod: Timeslices")
        .replace("target: 0.9,", "target: 0.9, timeSliceTarget: 0.9, timeSliceWindow: 10m,")
        .replace("{query:", "{step: 1m, query:");
    // NOW is the beginning of a slice; what is known ends a minute before, or with the slice.
    let until = |ago: u64| {
        let say = move |_: &MetricQuestion| {
            let points = (0..30).rev().map(|n| (NOW.minus(Duration::from_mins(ago + n)), 9.0)).collect();
            Ok(Metric::Samples(vec![Line { labels: "{}".into(), points }]))
        };
        judged(&text, say).known.figures.unwrap().spent
    };
    assert_eq!((until(1), until(2)), (3.0, 3.0), "a slice of which a minute is missing does not count");
}

#[test]
fn what_only_looks_like_a_plain_counter_is_no_reset() {
    for query in ["(sum(some))", "some + other", "scalar(sum(some))"] {
        let text = ratio(true, "bad", "").replace("query: some", &format!("query: '{query}'"));
        let (bad, total) = (vec![line(&[1000.0, 1000.0, 900.0, 901.0])], vec![line(&[0.0, 10.0, 20.0, 30.0])]);
        let say = move |question: &MetricQuestion| {
            Ok(Metric::Samples(if question.query.contains("some") { bad.clone() } else { total.clone() }))
        };
        assert_eq!(judged(&text, say).amounts(), (19.0, 20.0, 1), "{query}");
    }
}

#[test]
fn one_event_that_is_counted_is_one_event() {
    let text = ratio(true, "good", ", instant: true");
    let say = |question: &MetricQuestion| {
        let Ask::ByWindow(windows) = &question.ask else { panic!("{question:?}") };
        let value = if &*question.query == "some" { 0.0 } else { 1.0 };
        Ok(Metric::Totals(windows.iter().map(|window| (window.clone(), Some(value))).collect()))
    };
    assert_eq!(judged(&text, say).known.state, State::TooYoung);
    let endless = |question: &MetricQuestion| {
        let Ask::ByWindow(windows) = &question.ask else { panic!("{question:?}") };
        Ok(Metric::Totals(windows.iter().map(|window| (window.clone(), Some(1e300))).collect()))
    };
    assert!(matches!(judged(&text, endless).known.state, State::CannotEvaluate(_)));
}

#[test]
fn where_nothing_can_be_counted_nothing_is_healthy() {
    let well: Vec<f64> = vec![10.0; 20];
    let negative = judged(&ratio(false, "bad", ""), two(vec![line(&[-5.0; 20])], vec![line(&well)]));
    assert!(matches!(negative.known.state, State::CannotEvaluate(_)), "{:?}", negative.known.state);
    let endless = judged(&ratio(false, "bad", ""), two(vec![line(&well)], vec![line(&[1e300; 20])]));
    assert!(matches!(endless.known.state, State::CannotEvaluate(_)), "{:?}", endless.known.state);
}
