use clap::Parser as _;

use super::*;
use crate::cli::approve;
use crate::cli::io::tests::run as capture;
use crate::cli::testing::{Org, args};
use crate::cli::{Cli, Command};
use crate::model::{Duration, Severity, TaskId};

const SPECS: &str = "\
apiVersion: abide.dev/v1
kind: Role
metadata: {name: architect}
spec: {mayApprove: true}
---
apiVersion: abide.dev/v1
kind: Agent
metadata: {name: eva}
spec: {human: true, roles: [architect]}
---
apiVersion: abide.dev/v1
kind: Agent
metadata: {name: bob}
spec: {human: true, roles: [architect]}
---
apiVersion: abide.dev/v1
kind: ApprovalPolicy
metadata: {name: releases}
spec: {select: {types: [release]}, require: {all: [{role: architect, count: 2}]}}
";

/// The organisation with a task that needs two yeses.
fn organisation() -> (Org, TaskId) {
    let org = Org::empty();
    org.git.commit(&[("specs/approvals.yaml", SPECS)]);
    let task = org.add(("release".into(), "ship it".into()), None, Severity::Medium, Duration::from_mins(5));
    (org, task)
}

fn approvals(org: &Org, line: &str) -> String {
    org.text(|io| run(&args(line), &org.global, io))
}

/// What a whole command line that says yes or no prints.
fn say(org: &Org, line: &str) -> Result<String, CliError> {
    let cli = Cli::try_parse_from(line.split(' ')).unwrap();
    capture(|io| match &cli.command {
        Command::Approve(args) => approve::approve(args, &org.global, io),
        Command::Reject(args) => approve::reject(args, &org.global, io),
        _ => unreachable!("only yes and no"),
    })
    .map(|(_, text)| text)
}

fn token(org: &Org, who: &str) -> String {
    approvals(org, &format!("token {who}")).trim().to_owned()
}

#[test]
fn a_task_is_explained_while_it_waits_and_when_it_may_start() {
    let (org, task) = organisation();
    let before = approvals(&org, &format!("explain {task}"));
    assert!(before.starts_with(&format!("task {task} may not start: ship it\n")), "{before}");
    assert!(before.contains("approvalpolicy/releases is pending  (specs/approvals.yaml:16)"), "{before}");
    assert!(before.contains("  ✗ all of\n    ✗ 2 of architect; 2 are missing\n"), "{before}");
    let (eva, bob) = (token(&org, "eva"), token(&org, "bob"));
    let said = say(&org, &format!("abide approve {task} --as eva --token {eva} --reason fine")).unwrap();
    assert!(said.contains("approvalpolicy/releases is pending\nIt may not start yet"), "{said}");
    let said = say(&org, &format!("abide approve {task} --as agent/bob --token {bob}")).unwrap();
    assert!(said.ends_with("approvalpolicy/releases is approved\nIt may start.\n"), "{said}");
    let after = approvals(&org, &format!("explain {task}"));
    assert!(after.contains("✓ 2 of architect: bob, eva said yes"), "{after}");
    let shown = approvals(&org, &format!("show {task}"));
    assert!(shown.contains("pending to approved") && shown.contains("(fine)"), "{shown}");
    assert_eq!(approvals(&org, "list"), "Nothing waits for a yes; 1 request is settled (--all)\n");
}

#[test]
fn a_ballot_that_somebody_put_into_the_database_has_no_voice() {
    let (org, task) = organisation();
    let (eva, bob) = (token(&org, "eva"), token(&org, "bob"));
    say(&org, &format!("abide approve {task} --as eva --token {eva}")).unwrap();
    sql(
        &org,
        "INSERT INTO abide_ballots SELECT 'forged', task, policy, said, 'bob', at, expires, content, version, revision,
           is_signed, reason, touched FROM abide_ballots",
    );
    let why = "  bob approved it, which does not count: no row of the audit tells that bob approved it so, as the ballot \
               `forged` has it [approval/forged]\n";
    let explained = approvals(&org, &format!("explain {task}"));
    assert!(explained.contains(why) && explained.contains("may not start"), "{explained}");
    let said = say(&org, &format!("abide approve {task} --as bob --token {bob}")).unwrap();
    assert!(said.ends_with("approvalpolicy/releases is approved\nIt may start.\n"), "their own word counts: {said}");
}

#[test]
fn what_was_done_and_cannot_be_read_is_told() {
    let (org, task) = organisation();
    let eva = token(&org, "eva");
    say(&org, &format!("abide approve {task} --as eva --token {eva} --reason fine")).unwrap();
    // SQLite takes half of a letter for JSON.
    sql(&org, r#"UPDATE abide_audit SET what = replace(what, '"fine"', '"\ud800"') WHERE action = 'approve'"#);
    let shown = approvals(&org, &format!("show {task}"));
    assert!(
        shown.contains("of the audit cannot be read: `abide audit verify` tells whether it was changed"),
        "{shown}"
    );
    let json: serde_json::Value = serde_json::from_str(&approvals(&org, &format!("show {task} -o json"))).unwrap();
    let last = json["history"].as_array().unwrap().last().unwrap();
    assert!(last["what"].as_str().unwrap().contains("ud800"), "{last}");
}

fn sql(org: &Org, sql: &str) {
    let database = org.git.path().join(".abide/abide.db");
    rusqlite::Connection::open(database).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn an_inbox_has_what_somebody_may_answer_and_nothing_else() {
    let (org, task) = organisation();
    assert!(approvals(&org, "list --for eva").contains("role/architect  ship it"));
    assert_eq!(approvals(&org, "list --for dev-1"), "Nothing needs a yes for dev-1\n");
    let eva = token(&org, "eva");
    say(&org, &format!("abide approve {task} --as eva --token {eva}")).unwrap();
    assert_eq!(approvals(&org, "list --for eva"), "Nothing needs a yes for eva\n", "she has said it");
    let json: serde_json::Value = serde_json::from_str(&approvals(&org, "list -o json")).unwrap();
    let request = &json["requests"][0];
    assert_eq!((&request["state"], &request["waitsOn"][0]), (&"pending".into(), &"role/architect".into()));
    assert_eq!(request["said"][0]["by"], "agent/eva");
}

#[test]
fn what_does_not_count_ends_with_its_code() {
    let (org, task) = organisation();
    let eva = token(&org, "eva");
    let refused = |line: &str| say(&org, line).unwrap_err();
    let changed = refused(&format!("abide approve {task} --as eva --token {eva} --digest sha256:{}", "0".repeat(64)));
    assert_eq!((changed.exit, changed.code), (Exit::Conflict, Some("approval/changed")));
    let stolen = refused(&format!("abide reject {task} --as bob --token {eva}"));
    assert_eq!((stolen.exit, stolen.code), (Exit::Denied, Some("approval/no-credential")));
    assert_eq!(approvals(&org, "revoke eva"), "1 token of agent/eva is good for nothing any more\n");
    let revoked = refused(&format!("abide approve {task} --as eva --token {eva}"));
    assert!(revoked.message.contains("was taken back"), "{revoked}");
    let machine = capture(|io| run(&args("token dev-1"), &org.global, io)).unwrap_err();
    assert!(machine.message.contains("only people approve"), "{machine}");
}

#[test]
fn while_specs_wait_for_a_person_commands_go_by_those_before() {
    let (org, task) = organisation();
    org.reconcile();
    // Somebody takes the policy away, and so much else that a person must look first.
    org.git.commit(&[("specs/approvals.yaml", "")]);
    assert!(org.reconcile().contains("specs are gone"), "it is held");
    let claim = |org: &Org| {
        let line = format!("claim {task} --agent dev-1 --role developer");
        capture(|io| crate::cli::tasks::run(&args(&line), &org.global, io))
    };
    let refused = claim(&org).unwrap_err();
    assert_eq!(refused.code, Some("approval/gated"), "{refused}");
    assert!(approvals(&org, &format!("explain {task}")).contains("may not start"));
    capture(|io| crate::cli::holds::run(&args("release --all"), &org.global, io)).unwrap();
    assert!(claim(&org).is_ok(), "now nothing asks for a yes any more");
}

#[test]
fn a_no_beside_enough_yeses_and_who_is_not_asked_are_told() {
    let (org, task) = organisation();
    let more = SPECS.replace("count: 2", "count: 1");
    let carl =
        "---\napiVersion: abide.dev/v1\nkind: Agent\nmetadata: {name: carl}\nspec: {human: true, roles: [architect]}\n";
    org.git.commit(&[("specs/approvals.yaml", &(more + carl))]);
    let (eva, bob) = (token(&org, "eva"), token(&org, "bob"));
    say(&org, &format!("abide reject {task} --as bob --token {bob} --reason risky")).unwrap();
    say(&org, &format!("abide approve {task} --as eva --token {eva} --reason small")).unwrap();
    let text = approvals(&org, &format!("explain {task}"));
    assert!(text.contains("may start") && text.contains("  bob rejected it (risky)\n"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&approvals(&org, &format!("explain {task} -o json"))).unwrap();
    let said = json["requests"][0]["said"].as_array().unwrap();
    assert!(said.iter().any(|said| said["because"] == "small"), "{json}");
}

#[test]
fn a_name_that_nobody_has_is_said_to_be_none() {
    let (org, task) = organisation();
    let wrong = capture(|io| run(&args("list --for evva"), &org.global, io)).unwrap_err();
    assert_eq!(wrong.message, "no spec declares agent/evva; did you mean agent/eva?");
    let eva = token(&org, "eva");
    let wrong = say(&org, &format!("abide approve {task} --as eva --token {eva} --policy release")).unwrap_err();
    assert_eq!(wrong.message, "no spec declares approvalpolicy/release; did you mean approvalpolicy/releases?");
    let late = format!("abide approve {task} --as eva --token {eva} --expires 2026-01-01T00:00:00Z");
    assert_eq!(say(&org, &late).unwrap_err().code, Some("approval/expired"));
}

#[test]
fn what_has_started_is_told_as_it_stood_then() {
    let (org, task) = organisation();
    for who in ["eva", "bob"] {
        let token = token(&org, who);
        say(&org, &format!("abide approve {task} --as {who} --token {token}")).unwrap();
    }
    let claim = format!("claim {task} --agent dev-1 --role developer");
    capture(|io| crate::cli::tasks::run(&args(&claim), &org.global, io)).unwrap();
    org.git.commit(&[("specs/approvals.yaml", &SPECS.replace("count: 2", "count: 3"))]);
    let text = approvals(&org, &format!("explain {task}"));
    assert!(text.starts_with(&format!("task {task} has started with its yes: ship it\n")), "{text}");
    assert!(!text.contains("by time alone"), "{text}");
    let again = token(&org, "eva");
    let said = say(&org, &format!("abide reject {task} --as eva --token {again}")).unwrap();
    assert!(said.ends_with("It has started already, so this is a review.\n"), "{said}");
    let text = approvals(&org, &format!("explain {task}"));
    assert!(text.starts_with(&format!("task {task} has started without its yes")), "{text}");
}

#[test]
fn what_was_cancelled_before_it_started_has_not_started() {
    let (org, task) = organisation();
    let eva = token(&org, "eva");
    say(&org, &format!("abide approve {task} --as eva --token {eva}")).unwrap();
    let cancel = crate::store::Command::Cancel { task: task.clone(), reason: None };
    org.apply(&cancel, Duration::from_mins(1));
    let text = approvals(&org, &format!("explain {task}"));
    assert!(text.starts_with(&format!("task {task} was cancelled before it started: ship it\n")), "{text}");
}
