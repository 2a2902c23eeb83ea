//! What `abide validate` says of specs that are valid and odd.

use serde_json::Value;

use crate::support::organisation::{Ended, Organisation};

const LEVEL: &str = "apiVersion: openslo/v1
kind: Service
metadata: {name: web}
spec: {}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: fixes}
spec:
  service: web
  indicator:
    metadata: {name: fixes}
    spec:
      ratioMetric:
        good: {metricSource: {type: abide.dev/tasks, spec: {select: {types: [fix_bug], status: [completed]}}}}
        total: {metricSource: {type: abide.dev/tasks, spec: {select: {types: [fix_bug]}}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0}]
";

/// An organisation with a service level that is odd in so many ways.
fn odd() -> Organisation {
    let org = Organisation::new();
    org.repo.write("specs/levels.yaml", LEVEL);
    org.config("[specs]\nowner = \"role/triage\"\n", "[limits]\nkept = \"7d\"\n");
    org
}

/// Severity, code and line of everything that is said.
fn said(ended: &Ended) -> Vec<(String, String, u64)> {
    let report = ended.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of = |it: &Value| (text(&it["severity"]), text(&it["code"]), it["line"].as_u64().unwrap());
    report["diagnostics"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn hints_fail_nothing_and_stay_hints() {
    let org = odd();
    let wanted = [("slo/no-owner", 8), ("slo/window-beyond-data", 17), ("slo/target-no-effect", 19)];
    let wanted = wanted.map(|(code, line)| ("info".to_owned(), code.to_owned(), line));
    for strict in [&[][..], &["--strict"]] {
        let ended = org.abide(&[&["validate", "-o", "json"], strict].concat());
        assert_eq!(ended.code, 0, "{ended:?}");
        assert_eq!(said(&ended), wanted);
    }
    let text = org.abide(&["validate", "--strict"]);
    assert_eq!(text.code, 0, "{text:?}");
    assert!(text.out.ends_with("are valid; 3 hints\n") && text.out.contains("info[slo/no-owner]"), "{}", text.out);
}

#[test]
fn paths_and_the_configuration_choose_among_hints() {
    let org = odd();
    assert_eq!(said(&org.abide(&["validate", "specs/org.yaml", "-o", "json"])), []);
    assert_eq!(said(&org.abide(&["validate", "specs/levels.yaml", "-o", "json"])).len(), 3);
    let set = ["--set", "specs.owner=role/triage", "--set", "limits.kept=30d", "validate", "-o", "json"];
    let codes: Vec<String> = said(&org.abide(&set)).into_iter().map(|(_, code, _)| code).collect();
    assert_eq!(codes, ["slo/target-no-effect"]);
}
