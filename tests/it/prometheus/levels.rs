//! Service levels whose figures a real Prometheus has, by the real program.

use std::fmt::Write as _;

use serde_json::Value;

use super::process::left_out;
use super::server::Server;
use crate::support::organisation::{Ended, NOW, Organisation};

/// Two weeks of minutes up to NOW. `requests_total` counts sixty a minute, and falls to nothing a week before; `errors_total` one
/// in a hundred, and in the last hour half of them all. `queue` is a gauge above its limit one time in ten.
fn history() -> String {
    let now = NOW.parse::<abide::model::Timestamp>().unwrap().as_millis() / 1000;
    let minutes = 14 * 24 * 60;
    let at = |n: i64| now - (minutes - n) * 60;
    let since = |n: i64| if n > minutes / 2 { n - minutes / 2 } else { n };
    let mut text = "# TYPE requests counter\n".to_owned();
    (0..=minutes).for_each(|n| writeln!(text, "requests_total {} {}", since(n) * 60, at(n)).unwrap());
    text.push_str("# TYPE errors counter\n");
    let (mut errors, mut before) = (0.0, 0);
    for n in 0..=minutes {
        errors = if since(n) < before { 0.0 } else { errors };
        errors += if n > minutes - 60 { 30.0 } else { 0.6 };
        before = since(n);
        writeln!(text, "errors_total {errors} {}", at(n)).unwrap();
    }
    text.push_str("# TYPE queue gauge\n");
    (0..=minutes).for_each(|n| writeln!(text, "queue {} {}", if n % 10 == 0 { 9 } else { 1 }, at(n)).unwrap());
    text.push_str("# EOF\n");
    text
}

const SPECS: &str = "apiVersion: openslo/v1
kind: DataSource
metadata: {name: main}
spec: {type: Prometheus}
---
apiVersion: openslo/v1
kind: Service
metadata: {name: web}
spec: {}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: requests}
spec:
  service: web
  indicator:
    metadata: {name: errors}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {metricSourceRef: main, spec: {query: errors_total}}}
        total: {metricSource: {metricSourceRef: main, spec: {query: requests_total}}}
  timeWindow: [{duration: 7d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.98}]
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: requests-by-window}
spec:
  service: web
  indicator:
    metadata: {name: errors-by-window}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {metricSourceRef: main, spec: {query: 'sum(increase(errors_total[{{.window}}]))', instant: true}}}
        total: {metricSource: {metricSourceRef: main, spec: {query: 'sum(increase(requests_total[{{.window}}]))', instant: true}}}
  timeWindow: [{duration: 7d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.98}]
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: queue}
spec:
  service: web
  indicator:
    metadata: {name: length}
    spec: {thresholdMetric: {metricSource: {type: prometheus, metricSourceRef: main, spec: {query: queue}}}}
  timeWindow: [{duration: 7d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.8, op: lte, value: 5}]
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: minutes}
spec:
  service: web
  indicator:
    metadata: {name: success}
    spec: {ratioMetric: {rawType: success, raw: {metricSource: {metricSourceRef: main, spec: {query: 'queue < bool 5'}}}}}
  timeWindow: [{duration: 7d, isRolling: true}]
  budgetingMethod: Timeslices
  objectives: [{target: 0.95, timeSliceTarget: 0.5, timeSliceWindow: 1m}]
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: nothing}
spec:
  service: web
  indicator:
    metadata: {name: gone}
    spec: {thresholdMetric: {metricSource: {metricSourceRef: main, spec: {query: gone}}}}
  timeWindow: [{duration: 7d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.8, op: lte, value: 5}]
";

fn organisation(url: &str) -> Organisation {
    let org = Organisation::new();
    org.config("[store]", &format!("[sources.main]\ntype = \"prometheus\"\nurl = \"{url}\"\nretries = 0\n[store]"));
    org.repo.write("specs/levels.yaml", SPECS);
    org.repo.commit();
    org
}

fn plan(org: &Organisation) -> Value {
    let ended = org.abide(&["plan", "--at", NOW, "-o", "json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    ended.json()
}

/// The spec and the code of every drift of a service level.
fn drifts(plan: &Value) -> Vec<(String, String)> {
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    let drifts = plan["drifts"].as_array().unwrap().iter().map(|it| (text(&it["spec"]), text(&it["code"])));
    drifts.filter(|(spec, _)| spec.starts_with("slo/")).collect()
}

fn objective(status: &Ended, name: &str) -> Value {
    let specs = status.json()["specs"].as_array().unwrap().clone();
    let spec = specs.into_iter().find(|it| it["spec"] == format!("slo/{name}")).unwrap_or_else(|| panic!("no {name}"));
    spec["objectives"][0].clone()
}

#[test]
fn service_levels_are_judged_by_a_real_server() {
    if left_out() {
        return;
    }
    let server = Server::start(Some(&history()));
    let org = organisation(server.url());
    let burning = |name: &str| (format!("slo/{name}"), "slo/burning".to_owned());
    let minutes = ("slo/minutes".to_owned(), "slo/budget-spent".to_owned());
    assert_eq!(drifts(&plan(&org)), [minutes, burning("requests"), burning("requests-by-window")]);

    let status = org.abide(&["status", "--all", "--at", NOW, "-o", "json"]);
    let requests = objective(&status, "requests");
    // Sixty a minute of a week, in spite of the fall at its beginning.
    assert_eq!(requests["total"], 7 * 24 * 60 * 60, "{requests}");
    assert_eq!(objective(&status, "queue")["state"], "healthy");
    let minutes = objective(&status, "minutes");
    assert_eq!((minutes["total"].as_u64(), minutes["good"].as_u64()), (Some(10_080), Some(9072)), "{minutes}");
    assert_eq!(objective(&status, "nothing")["state"], "no data");
    let (one, other) = (objective(&status, "requests"), objective(&status, "requests-by-window"));
    let left = |it: &Value| it["budgetLeft"].as_f64().unwrap();
    assert!((left(&one) - left(&other)).abs() < 0.01, "{one} {other}");
}

#[test]
fn a_server_out_of_reach_neither_opens_nor_closes_and_is_shown() {
    if left_out() {
        return;
    }
    let server = Server::start(Some(&history()));
    let org = organisation(server.url());
    assert_eq!(org.abide(&["reconcile", "--at", NOW]).code, 0);
    let count = |plan: &Value, action: &str| {
        plan["steps"].as_array().unwrap().iter().filter(|step| step["action"] == action).count()
    };
    drop(server);
    let away = plan(&org);
    assert_eq!((count(&away, "open"), count(&away, "close"), drifts(&away).len()), (0, 0, 0), "{away}");
    let unknown = away["unknown"].as_array().unwrap();
    let said = |name: &str| {
        unknown
            .iter()
            .find(|it| it["spec"] == format!("slo/{name}"))
            .map(|it| it["reason"].as_str().unwrap().to_owned())
    };
    for name in ["requests", "requests-by-window", "queue", "minutes", "nothing"] {
        assert!(said(name).is_some_and(|why| why.contains("out of reach")), "{name}: {unknown:?}");
    }
    let shown = org.abide(&["status", "--at", NOW]);
    assert!(shown.out.contains("no answer") && shown.out.contains("out of reach"), "{}", shown.out);
}
