//! `list` and `show`.

use serde_json::{Value, json};

use super::org::{error, org, told};
use crate::cli::Exit;
use crate::cli::testing::Org;

fn read(org: &Org, line: &str) -> Value {
    serde_json::from_str(&told(org, line)).unwrap()
}

/// One test, since its organisation takes longer to build than to look at.
#[test]
fn decisions_in_every_state_are_listed_and_shown() {
    let org = org();
    insta::assert_snapshot!("list", told(&org, "list"));
    insta::assert_snapshot!("list_json", told(&org, "list --status proposed -o json"));
    org.reconcile();
    for name in ["use-postgres", "one-queue", "overtaken", "next-step", "no-hacks", "elsewhere", "turned-down"] {
        insta::assert_snapshot!(format!("show_{name}"), told(&org, &format!("show {name}")));
    }
    insta::assert_snapshot!("show_json", told(&org, "show 12 -o json"));
    one_is_found(&org);
    filters(&org);
    what_is_unread_is_told(&org);
}

fn one_is_found(org: &Org) {
    let first = told(org, "show use-postgres");
    for word in ["12", "ADR-12", "decision/use-postgres", "0012"] {
        assert_eq!(told(org, &format!("show {word}")), first, "{word}");
    }
    let unknown = error(org, "show use-postgre");
    assert_eq!((unknown.exit, unknown.hint.as_deref()), (Exit::Usage, Some("did you mean `use-postgres`?")));
    assert_eq!(unknown.message, "no decision is called `use-postgre`");
}

fn filters(org: &Org) {
    let both = read(org, "list --status superseded,rejected -o json");
    let names: Vec<&str> =
        both["decisions"].as_array().unwrap().iter().map(|it| it["spec"].as_str().unwrap()).collect();
    assert_eq!(names, ["decision/file-locks", "decision/turned-down"]);
    assert_eq!(both["decisions"][0]["supersededBy"][0]["spec"], "decision/use-postgres");
    let none = told(org, "list --status draft");
    assert!(none.starts_with("None of 11 decisions has such a status: "), "{none}");
    let all = read(org, "list -o json");
    let of = |name: &str, field: &str| {
        let mut decisions = all["decisions"].as_array().unwrap().iter();
        let found = decisions.find(|it| it["spec"] == format!("decision/{name}")).unwrap();
        found[field].clone()
    };
    let drifts = ["use-postgres", "overdue", "overtaken", "one-queue"].map(|name| of(name, "state"));
    assert_eq!(drifts, ["drift", "drift", "drift", "holds"]);
    assert_eq!(of("no-hacks", "state"), "waived");
    assert_eq!(of("elsewhere", "state"), "unknown");
    let delivery = of("one-queue", "delivery");
    assert_eq!(
        (&delivery["done"], &delivery["total"], &delivery["dueBy"]),
        (&json!(2), &json!(5), &json!("2026-12-31"))
    );
}

fn what_is_unread_is_told(org: &Org) {
    let decision =
        |rest: &str| format!("apiVersion: abide.dev/v1\nkind: Decision\nmetadata: {{name: odd}}\nspec: {{{rest}}}\n");
    org.git.commit(&[("specs/odd.yaml", &decision("status: maybe, date: 2026-01-01"))]);
    let listed = told(org, "list");
    assert!(listed.contains("unread decision/odd specs/odd.yaml:4: "), "{listed}");
    assert!(listed.contains("; nothing is known of it\n"), "{listed}");
    assert_eq!(read(org, "list -o json")["unread"][0]["line"], 4);
}

#[test]
fn what_is_not_there_is_said() {
    let mut org = Org::empty();
    let text = std::fs::read_to_string(org.git.path().join("specs/work.yaml")).unwrap();
    let without: Vec<&str> =
        text.split("---\n").filter(|it| !it.contains("Decision") && !it.contains("Waiver")).collect();
    org.git.commit(&[("specs/work.yaml", &without.join("---\n"))]);
    assert!(told(&org, "list").starts_with("No decisions: "));
    let hint = "no decision has a number; `abide decision list` lists all by name";
    assert!(error(&org, "show 12").to_string().ends_with(hint));
    assert_eq!(error(&org, "graph").exit, Exit::NothingMatched);
    assert_eq!(error(&org, "lint").exit, Exit::NothingMatched);
    org.global.store = Some("sqlite:specs".to_owned());
    assert_eq!(error(&org, "list").exit, Exit::OutOfReach, "as everything that looks at tasks");
}
