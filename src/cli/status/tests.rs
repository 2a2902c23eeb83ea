use super::*;
use crate::cli::testing::{NOW, Org, args};
use crate::model::Duration;
use crate::store::Command;

fn status(org: &Org, line: &str) -> String {
    org.text(|io| run(&args(&format!("{line} --at {NOW}")), &org.global, io))
}

fn error(org: &Org, line: &str) -> CliError {
    crate::cli::io::tests::run(|io| run(&args(line), &org.global, io)).unwrap_err()
}

#[test]
fn before_the_first_pass() {
    insta::assert_snapshot!(status(&Org::new(), ""));
}

#[test]
fn after_a_pass_every_drift_has_its_task() {
    let org = Org::new();
    org.reconcile();
    insta::assert_snapshot!("tree", status(&org, "--all"));
    insta::assert_snapshot!("table", status(&org, "-o table"));
    insta::assert_snapshot!("json", status(&org, "-o json"));
}

#[test]
fn one_spec_is_shown_whole() {
    let org = Org::new();
    insta::assert_snapshot!("healthy", status(&org, "role/triage"));
    insta::assert_snapshot!("level", status(&org, "fixes-succeed"));
}

#[test]
fn what_cannot_be_read_is_shown_with_its_age() {
    let org = Org::new();
    org.reconcile();
    org.git
        .commit(&[("specs/roles.yaml", "apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: qa}\nspec: {x: 1}\n")]);
    let shown = status(&org, "qa");
    assert!(shown.contains("unread specs/roles.yaml:4"), "{shown}");
    assert!(shown.contains("nothing is known of it"), "{shown}");
}

#[test]
fn a_tree_in_doubt_is_judged_by_nobody() {
    let org = Org::new();
    org.reconcile();
    org.git.commit(&[("specs/work.yaml", "")]);
    let shown = status(&org, "");
    assert!(shown.contains("nothing was judged") && shown.contains("Nothing was judged:"), "{shown}");
    assert!(!shown.contains("healthy:"), "{shown}");
    assert!(shown.contains("was not judged") && !shown.contains("its drift is gone"), "{shown}");
}

#[test]
fn a_spec_that_is_not_there_is_an_error() {
    let error = error(&Org::new(), "fixes-suceed");
    assert_eq!(error.exit, Exit::NothingMatched);
    assert_eq!(error.to_string(), "no spec is called `fixes-suceed`\n  = help: did you mean `slo/fixes-succeed`?");
}

#[test]
fn waiting_ends_when_nothing_drifts_and_else_in_time() {
    let org = Org::new();
    let late = error(&org, &format!("assignment/bug-fixes --wait --timeout 1s --at {NOW}"));
    assert_eq!(late.exit, Exit::TimedOut);
    assert!(late.message.starts_with("assignment/bug-fixes still drifts after 1s: task "), "{late}");
    assert!(status(&org, "role/triage --wait --timeout 5s").contains("healthy"));
    let waived = status(&org, "no-hacks --wait --timeout 5s");
    assert!(waived.contains("waived"), "what is accepted is not waited for: {waived}");
}

#[test]
fn a_mended_drift_says_that_its_task_closes() {
    let org = Org::new();
    org.reconcile();
    let end = |title: &str| {
        let tasks = org.text(|io| {
            let list = args("list --limit 0 -o json");
            crate::cli::tasks::run(&list, &org.global, io)
        });
        let tasks: serde_json::Value = serde_json::from_str(&tasks).unwrap();
        let task = tasks["tasks"].as_array().unwrap().iter().find(|task| task["title"] == title).unwrap().clone();
        org.apply(
            &Command::Complete { task: task["id"].as_str().unwrap().into(), token: None, result: None },
            Duration::default(),
        );
    };
    end("checkout is down");
    let shown = status(&org, "bug-fixes");
    assert!(shown.contains("its drift is gone; the next pass closes its task"), "{shown}");
}

#[test]
fn nothing_to_look_at_is_said() {
    let org = Org::new().set("specs.path=nowhere");
    assert_eq!(error(&org, "").exit, Exit::NothingMatched);
    let org = Org::new().set("specs.branch=nope");
    assert!(status(&org, "role/triage").contains("healthy"), "without the branch, the files on the disk");
}
