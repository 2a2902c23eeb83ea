use super::*;
use crate::cli::testing::{NOW, Org, args};

fn drift(org: &Org, line: &str) -> String {
    org.text(|io| run(&args(&format!("{line} --at {NOW}")), &org.global, io))
}

fn error(org: &Org, line: &str) -> String {
    let failed = crate::cli::io::tests::run(|io| run(&args(&format!("{line} --at {NOW}")), &org.global, io));
    let error = failed.unwrap_err();
    assert_eq!(error.exit, Exit::Usage, "{error}");
    error.to_string()
}

#[test]
fn every_drift_is_a_line() {
    let org = Org::new();
    insta::assert_snapshot!("list", drift(&org, "list"));
    org.reconcile();
    insta::assert_snapshot!("list_json", drift(&org, "list -o json"));
}

#[test]
fn a_drift_is_explained_in_full() {
    let org = Org::new();
    org.reconcile();
    insta::assert_snapshot!("explain", drift(&org, "explain slo/fixes-succeed"));
    let listed: serde_json::Value = serde_json::from_str(&drift(&org, "list -o json")).unwrap();
    let mut drifts = listed["drifts"].as_array().unwrap().iter();
    let role = drifts.find(|drift| drift["rule"] == "assignment/role").unwrap();
    let grouped = format!("explain {}", role["fingerprint"].as_str().unwrap());
    insta::assert_snapshot!("explain_grouped", drift(&org, &grouped));
}

#[test]
fn it_may_be_named_in_many_ways() {
    let org = Org::new();
    org.reconcile();
    let listed: serde_json::Value = serde_json::from_str(&drift(&org, "list -o json")).unwrap();
    for one in listed["drifts"].as_array().unwrap() {
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let print = text(&one["fingerprint"]);
        let whole = drift(&org, &format!("explain {print}"));
        assert_eq!(drift(&org, &format!("explain {}", &print[2..12])), whole);
        if let Some(spec) = one["spec"].as_str() {
            assert_eq!(drift(&org, &format!("explain {spec} {}", text(&one["subjects"][0]))), whole);
        }
        if let Some(task) = one["taskId"].as_str() {
            assert_eq!(drift(&org, &format!("explain {task}")), whole);
        }
        let json: serde_json::Value = serde_json::from_str(&drift(&org, &format!("explain {print} -o json"))).unwrap();
        assert_eq!(json["fingerprint"].as_str(), Some(&*print));
    }
}

#[test]
fn what_is_not_one_drift_is_an_error_that_helps() {
    let org = Org::new();
    assert!(error(&org, "explain assignment/bug-fixes").contains("`assignment/bug-fixes` means 2 drifts"));
    let healthy = error(&org, "explain role/triage");
    assert!(healthy.starts_with("role/triage does not drift: it is healthy\n"), "{healthy}");
    assert!(error(&org, "explain slo/fixes-suceed").ends_with("did you mean `slo/fixes-succeed`?"));
    assert!(error(&org, "explain zzzzzzzzzz").ends_with("`abide drift list` shows every drift"));
}
