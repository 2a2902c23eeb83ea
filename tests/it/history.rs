//! The figures that passes keep, as `abide slo history` shows them.

use crate::support::organisation::Organisation;

const SPECS: &str = "apiVersion: openslo/v1
kind: SLO
metadata: {name: fixes}
spec:
  service: agents
  indicator:
    metadata: {name: share}
    spec:
      ratioMetric:
        good: {metricSource: {type: abide.dev/tasks, spec: {select: {types: [fix_bug], status: [completed]}}}}
        total: {metricSource: {type: abide.dev/tasks, spec: {select: {types: [fix_bug], status: [completed, failed]}}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.9}]
";

#[test]
fn passes_keep_what_changed_of_each_hour_and_history_shows_it() {
    let org = Organisation::new();
    org.repo.write("specs/levels.yaml", SPECS);
    org.repo.commit();
    let finish = |count: usize, status: &str, at: &str| {
        for _ in 0..count {
            org.sql(&format!(
                "INSERT INTO jobs (kind, title, role, status, created, finished) VALUES ('fix_bug', 'x', 'developer', '{status}', '{at}', '{at}')"
            ));
        }
    };
    let history =
        |more: &[&str]| org.abide(&[&["slo", "history", "fixes", "--at", "2026-03-02T13:00:00Z"], more].concat());
    let none = history(&[]);
    assert_eq!((none.code, none.err.contains("no figures of slo/fixes are kept")), (3, true), "{none:?}");

    finish(19, "done", "2026-03-01 10:00:00");
    finish(1, "failed", "2026-03-01 11:00:00");
    for at in ["2026-03-02T10:05:00Z", "2026-03-02T10:50:00Z", "2026-03-02T11:05:00Z"] {
        assert_eq!(org.abide(&["reconcile", "--at", at]).code, 0);
    }
    finish(5, "failed", "2026-03-02 11:30:00");
    assert_eq!(org.abide(&["reconcile", "--at", "2026-03-02T12:05:00Z"]).code, 0);

    let shown = history(&[]);
    let lines: Vec<&str> = shown.out.lines().collect();
    assert_eq!(lines.len(), 4, "the hour in which nothing changed is not kept: {}", shown.out);
    assert_eq!(lines[0], "slo/fixes objective/0");
    assert!(lines[2].starts_with("2026-03-02T10:05:00Z  healthy    90%     19    20"), "{}", shown.out);
    assert!(lines[3].starts_with("2026-03-02T12:05:00Z  exhausted  90%     19    25"), "{}", shown.out);

    let samples = history(&["-o", "json"]).json()["samples"].as_array().unwrap().clone();
    assert_eq!((samples.len(), &samples[1]["spent"], &samples[1]["budget"]), (2, &6.0.into(), &2.5.into()));
    let later = history(&["--since", "2h", "-o", "json"]).json();
    assert_eq!(later["samples"].as_array().map(Vec::len), Some(1));
}
