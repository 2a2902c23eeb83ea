use super::*;
use crate::cli::testing::{NOW, Org, args};

fn list(org: &Org) -> String {
    org.text(|io| run(&args(&format!("list --at {NOW}")), &org.global, io))
}

fn release(org: &Org, line: &str) -> String {
    org.text(|io| run(&args(&format!("release {line}")), &org.global, io))
}

fn error(org: &Org, line: &str) -> String {
    let failed = crate::cli::io::tests::run(|io| run(&args(&format!("release {line}")), &org.global, io));
    let error = failed.unwrap_err();
    assert_eq!(error.exit, Exit::Usage, "{error}");
    error.to_string()
}

#[test]
fn nothing_waits_unless_too_much_would_happen() {
    assert_eq!(list(&Org::new()), "Nothing is held\n");
    assert_eq!(release(&Org::new(), "--all"), "Nothing waits for a person\n");
}

#[test]
fn what_waits_is_listed_and_released() {
    let org = Org::new().set("limits.open_per_pass=1");
    let before = list(&org);
    insta::assert_snapshot!("list", before);
    assert!(error(&org, "open").contains("nothing waits"), "no pass has held it yet");
    org.reconcile();
    let id = before.lines().find_map(|line| line.strip_prefix("a person  ")).unwrap();
    let print = &id["open:1-".len()..];
    let said = release(&org, &format!("{} --by ada", &print[..6]));
    assert_eq!(said, format!("released {id}\n  it goes ahead at the next pass: the daemon's, or `abide reconcile`\n"));
    assert!(error(&org, "open:").starts_with("`open:` is the beginning of "));
    assert!(error(&org, &format!("{id}0")).ends_with(&format!("did you mean `{id}`?")));
    assert!(error(&org, "zzzz").contains("`abide holds list` shows what waits"));
    assert!(release(&org, "--all").ends_with("they go ahead at the next pass: the daemon's, or `abide reconcile`\n"));
    org.reconcile();
    assert_eq!(list(&org), "Nothing is held\n");
}

#[test]
fn programs_may_read_it() {
    let org = Org::new().set("limits.open_per_pass=1");
    let text = org.text(|io| run(&args(&format!("list -o json --at {NOW}")), &org.global, io));
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let held = json["held"].as_array().unwrap();
    assert!(!held.is_empty() && held.iter().all(|held| held["needsPerson"] == true && held["released"] == false));
}

#[test]
fn specs_that_wait_as_a_whole_are_said_to_while_nothing_is_judged() {
    let org = Org::empty();
    let role = |name: &str| format!("apiVersion: abide.dev/v1\nkind: Role\nmetadata: {{name: {name}}}\nspec: {{}}\n");
    let first = org.git.commit(&[("specs/a.yaml", &role("developer"))]);
    let second = org.git.commit(&[("specs/b.yaml", &role("qa"))]);
    org.reconcile();
    org.git.branch("main", first);
    let short = |oid: git2::Oid| oid.to_string()[..10].to_owned();
    let said = org.reconcile();
    let summary = format!(
        "Nothing was judged: the specs at {} wait for a person, and those at {} are in force; `abide holds release` puts \
         them in force\n",
        short(first),
        short(second)
    );
    assert!(said.ends_with(&summary), "{said}");
}
