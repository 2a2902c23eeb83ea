//! The same findings for every reader.

use super::*;
use serde_json::{Value, json};

fn world() -> World {
    let low = "{id: no-left-pad, severity: low, repository: app, forbidDependency: {name: left-pad}}";
    let holds = "{id: ignored, repository: app, requirePath: .gitignore}";
    let waived = "{id: no-functions, repository: app, forbid: {pattern: '^def '}}";
    let unknown = "{id: one-db, repository: app, match: {file: bad.yaml, pointer: /db, equals: 1}}";
    let world = World::new(&[NO_CALLS, RUNBOOK, low, holds, waived, unknown]);
    world.app.commit(&[("bad.yaml", "a: [\n")]);
    world.spec("waiver.yaml", &waiver("later", "no-functions", "2199-12-31"));
    world
}

#[test]
fn every_format_tells_all_of_it() {
    let world = world();
    let fingerprint = regex::Regex::new("[0-9a-f]{32}").unwrap();
    for format in Format::ALL {
        let (exit, text) = world.in_app(&format!("-o {}", format.word()));
        assert_eq!(exit, Exit::Findings, "a format never changes the exit code");
        let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
        let text = text.replace(&version, "\"version\": \"[version]\"");
        // They are of the specs' folder too, which has another name at every run.
        let text = fingerprint.replace_all(&text, "FINGERPRINT").into_owned();
        insta::assert_snapshot!(format.word(), text);
    }
}

#[test]
fn json_says_in_numbers_what_became_of_the_rules() {
    let world = world();
    let report: Value = serde_json::from_str(&world.in_app("-o json").1).unwrap();
    let rules = json!({"checked": 6, "broken": 3, "waived": 1, "unknown": 1, "older": 0, "notChecked": 0});
    assert_eq!(report["rules"], rules);
    assert_eq!((&report["specs"], &report["files"], &report["revision"]), (&json!(1), &json!(5), &json!("APP")));
    let levels: Vec<&str> =
        report["diagnostics"].as_array().unwrap().iter().map(|it| it["severity"].as_str().unwrap()).collect();
    assert_eq!(levels, ["error", "error", "warning", "info", "error"]);
    assert!(report["diagnostics"].as_array().unwrap().iter().all(|it| it["spec"] == "decision/one-gateway"));
}

#[test]
fn one_run_feeds_several_readers() {
    let world = world();
    let file = world.specs.path().join("report.sarif");
    let (_, text) = world.in_app(&format!("-o text -o sarif={}", file.display()));
    assert!(summary(&text).starts_with("3 errors, 1 warning: 3 of 6 rules are broken in app at APP"), "{text}");
    let sarif: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 5);
}
