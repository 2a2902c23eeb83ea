//! Service levels whose figures one read-only statement gives, by the real program.

use serde_json::Value;

use crate::support::organisation::{NOW, Organisation};

const SPECS: &str = "apiVersion: openslo/v1
kind: Service
metadata: {name: builds}
spec: {}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: by-window}
spec:
  service: builds
  indicator:
    metadata: {name: passed}
    spec:
      ratioMetric:
        good: {metricSource: {type: abide.dev/sql, spec: {query: 'SELECT count(*) FROM builds WHERE ended > :from AND ended <= :to AND ok'}}}
        total: {metricSource: {type: abide.dev/sql, spec: {query: 'SELECT count(*) FROM builds WHERE ended > :from AND ended <= :to'}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.9}]
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: by-row}
spec:
  service: builds
  indicator:
    metadata: {name: minutes}
    spec:
      thresholdMetric:
        metricSource: {type: Abide.dev/SQL, spec: {query: 'SELECT ended, minutes FROM builds WHERE ended > :from AND ended <= :to'}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.9, op: lt, value: 30}]
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: by-theft}
spec:
  service: builds
  indicator:
    metadata: {name: others}
    spec:
      thresholdMetric:
        metricSource: {type: abide.dev/sql, spec: {query: 'SELECT created, priority FROM jobs WHERE created > :from AND created <= :to'}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.9, op: lt, value: 30}]
";

fn organisation(sources: &str) -> Organisation {
    let org = Organisation::new();
    org.config("[store]", &format!("{sources}[store]"));
    org.repo.write("specs/levels.yaml", SPECS);
    org.repo.commit();
    org.sql("CREATE TABLE builds (id INTEGER PRIMARY KEY, ended TEXT NOT NULL, ok INTEGER NOT NULL, minutes REAL)");
    for n in 0..40 {
        let (ok, minutes) = (i32::from(n % 4 != 0), if n % 20 == 0 { 45.5 } else { 12.0 });
        org.sql(&format!(
            "INSERT INTO builds (ended, ok, minutes) VALUES ('2026-02-20 10:{n:02}:00', {ok}, {minutes})"
        ));
    }
    org
}

fn objective(org: &Organisation, name: &str) -> Value {
    let ended = org.abide(&["status", "--all", "--at", NOW, "-o", "json"]);
    let specs = ended.json()["specs"].as_array().unwrap().clone();
    let spec = specs.into_iter().find(|it| it["spec"] == format!("slo/{name}")).unwrap_or_else(|| panic!("{ended:?}"));
    spec["objectives"][0].clone()
}

#[test]
fn statements_give_figures_of_listed_tables_and_of_no_others() {
    let org = organisation("[sources.sql]\ntype = \"sql\"\ntables = [\"builds\"]\n");
    let by_window = objective(&org, "by-window");
    assert_eq!(
        (&by_window["state"], &by_window["good"], &by_window["total"]),
        (&"exhausted".into(), &30.into(), &40.into())
    );
    let by_row = objective(&org, "by-row");
    assert_eq!((&by_row["state"], &by_row["good"], &by_row["total"]), (&"healthy".into(), &38.into(), &40.into()));
    let theft = objective(&org, "by-theft");
    assert_eq!(theft["state"], "cannot be evaluated", "{theft}");
    assert!(theft["reason"].as_str().unwrap().contains("jobs"), "{theft}");
    let before = org.dump();
    assert_eq!(org.abide(&["plan", "--at", NOW]).code, 0);
    assert_eq!(org.dump(), before, "asking changes nothing");
}

#[test]
fn without_a_section_of_abide_toml_no_statement_is_asked() {
    let org = organisation("");
    let by_row = objective(&org, "by-row");
    assert_eq!(by_row["state"], "cannot be evaluated");
    assert!(by_row["reason"].as_str().unwrap().contains("add [sources.sql]"), "{by_row}");
}

#[test]
fn the_doctor_asks_every_source() {
    let fine = organisation("[sources.sql]\ntype = \"sql\"\ntables = [\"builds\"]\n");
    assert!(fine.abide(&["doctor"]).out.contains("source sql: builds can be read"));
    let wrong = organisation(
        "[sources.sql]\ntype = \"sql\"\ntables = [\"builds\", \"bilds\"]\n[sources.main]\ntype = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\nretries = 0\n",
    );
    let ended = wrong.abide(&["doctor"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    for said in
        ["source sql: bilds: ", "source main: Prometheus at http://127.0.0.1:1 is out of reach", "[sources.main]"]
    {
        assert!(ended.out.contains(said), "{said}: {}", ended.out);
    }
}

#[test]
fn a_table_that_does_not_tell_when_a_task_finished_has_no_answer_for_service_levels() {
    let org = Organisation::new();
    org.config("finished = \"finished\"\n", "");
    let tasks = "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: fixes}\nspec:\n  service: web\n  indicator: {metadata: {name: i}, spec: {ratioMetric: {good: {metricSource: {type: abide.dev/tasks, spec: {select: {status: [completed]}}}}, total: {metricSource: {type: abide.dev/tasks, spec: {select: {}}}}}}}\n  timeWindow: [{duration: 30d, isRolling: true}]\n  budgetingMethod: Occurrences\n  objectives: [{target: 0.9}]\n";
    org.repo.write("specs/levels.yaml", tasks);
    org.repo.commit();
    let fixes = objective(&org, "fixes");
    assert_eq!(fixes["state"], "no answer", "{fixes}");
    assert!(fixes["reason"].as_str().unwrap().contains("[tasks.columns] finished"), "{fixes}");
}
