use super::*;
use crate::cli::io::tests::run as capture;
use crate::cli::testing::{Org, args};

fn doctor(org: &Org, line: &str) -> (Exit, String) {
    let (exit, text) = capture(|io| run(&args(line), &org.global, io)).unwrap();
    (exit, text.replace(&*org.git.path().to_string_lossy(), "HERE"))
}

#[test]
fn a_set_up_that_works_is_fine() {
    let org = Org::new();
    org.reconcile();
    let (exit, text) = doctor(&org, "");
    assert_eq!(exit, Exit::Fine, "{text}");
    assert!(text.contains("✓ specs: 11 specs in 2 files"), "{text}");
    assert!(text.contains("✓ last pass: 11 specs at ") && !text.contains('✗'), "{text}");
}

#[test]
fn before_the_first_pass_nothing_is_wrong() {
    let (exit, text) = doctor(&Org::empty(), "");
    assert_eq!(exit, Exit::Fine, "{text}");
    assert!(text.contains("! database: sqlite:.abide/abide.db is not there yet"), "{text}");
}

#[test]
fn it_does_not_stop_at_the_first_finding() {
    let org = Org::new().set("specs.branch=nope");
    org.git.write("specs/broken.yaml", "kind: Role\n");
    let (exit, text) = doctor(&org, "-o json");
    assert_eq!(exit, Exit::Findings);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let wrong = json["checks"].as_array().unwrap().iter().filter(|check| check["level"] == "trouble");
    let wrong: Vec<&str> = wrong.map(|check| check["what"].as_str().unwrap()).collect();
    assert_eq!(wrong, ["repository", "specs"]);
    assert!(json["checks"].as_array().unwrap().iter().any(|check| check["what"] == "audit"));
}

#[test]
fn one_is_one() {
    let org = Org::empty().set("specs.path=one");
    org.git.commit(&[("one/a.yaml", "apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: qa}\nspec: {}\n")]);
    org.reconcile();
    let (_, text) = doctor(&org, "");
    assert!(text.contains("✓ specs: 1 spec in 1 file, all valid") && text.contains("✓ last pass: 1 spec at"), "{text}");
}

#[test]
fn what_is_not_committed_is_worth_knowing() {
    let org = Org::new();
    org.git.write("specs/roles.yaml", "apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: qa}\nspec: {}\n");
    let (exit, text) = doctor(&org, "");
    assert_eq!(exit, Exit::Fine, "{text}");
    assert!(text.contains("! working tree: the specs on the disk differ"), "{text}");
}

#[test]
fn a_database_that_is_away_is_a_finding() {
    let org = Org::new().set("tasks.table=team");
    let (exit, text) = doctor(&org, "");
    assert_eq!(exit, Exit::Findings, "{text}");
    let org = Org::new();
    org.git.write("abide.toml", "[stor]\n");
    let (exit, text) = doctor(&org, "");
    assert_eq!(exit, Exit::Findings);
    assert!(text.starts_with("✗ configuration: ") && text.contains("! everything else: "), "{text}");
}
