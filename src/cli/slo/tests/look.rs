//! Lists, figures and curves over an organisation with a service level in each state.

use serde_json::Value;

use super::org::{error, org, told};

use crate::cli::Exit;
use crate::cli::testing::Org;
use crate::model::{Duration, Severity};

fn read(org: &Org, line: &str) -> Value {
    serde_json::from_str(&told(org, line)).unwrap()
}

/// One test, since its organisation takes longer to build than to look at.
#[test]
fn service_levels_in_every_state_are_listed_shown_and_drawn() {
    let org = org();
    insta::assert_snapshot!("list", told(&org, "list"));
    insta::assert_snapshot!("list_json", told(&org, "list --state burning,not-evaluated -o json"));
    let shown = [
        "builds-succeed",
        "deploys-succeed",
        "elsewhere",
        "fixes-succeed",
        "probes-pass",
        "probes-this-month",
        "quiet",
        "reviews-are-quick",
        "work-flows",
    ];
    for name in shown {
        insta::assert_snapshot!(format!("show_{name}"), told(&org, &format!("show slo/{name}")));
    }
    for name in ["deploys-succeed", "fixes-succeed", "probes-this-month"] {
        insta::assert_snapshot!(format!("svg_{name}"), told(&org, &format!("show {name} -o svg")));
    }
    curves_agree(&org);
    one_of_several(&org);
}

/// The picture, the numbers and the figures of a service level say the same.
fn curves_agree(org: &Org) {
    for name in ["builds-succeed", "probes-pass", "probes-this-month"] {
        let shown = read(org, &format!("show {name} -o json"));
        let objective = &shown["objectives"][0];
        let points = objective["burndown"]["points"].as_array().unwrap();
        assert_eq!(points.last().unwrap()["left"], objective["budgetLeft"]);
        let table = told(org, &format!("show {name} -o table"));
        assert_eq!(table.lines().count(), points.len() + 1);
        let svg = told(org, &format!("show {name} -o svg"));
        let drawn = svg.lines().find(|line| line.starts_with("<polyline")).unwrap();
        assert_eq!(drawn.matches(',').count(), points.len());
        assert!(!svg.contains("<succeed>"), "what people write is no markup");
    }
}

fn one_of_several(org: &Org) {
    let both = told(org, "show builds-twice");
    assert_eq!(both.matches("  spec      slo/builds-twice, objective/").count(), 2);
    let refused = error(org, "show builds-twice -o svg");
    assert_eq!(refused.exit, Exit::Usage);
    assert_eq!(refused.message, "it has 2 objectives, and a picture shows one");
    assert!(told(org, "show builds-twice --objective 1 -o svg").contains("slo/builds-twice (nearly all)"));
    let part = told(org, "show work-flows --objective 0");
    assert!(part.contains("judged    only as a part of all objectives together"), "{part}");
    assert!(part.contains("What was left of the budget over the 30d"), "{part}");
    let shown = read(org, "show work-flows -o json");
    assert_eq!(shown["parts"].as_array().unwrap().len(), 2);
    assert!(shown["objectives"][0]["noBurndown"].as_str().unwrap().starts_with("several objectives"));
}

#[test]
fn who_is_not_there_is_not_guessed() {
    let org = Org::empty();
    org.reconcile();
    let unknown = error(&org, "show fixes-suceed");
    assert_eq!(unknown.exit, Exit::NothingMatched);
    let said = "no service level is called `fixes-suceed`\n  = help: did you mean `fixes-succeed`?";
    assert_eq!(unknown.to_string(), said);
    assert!(error(&org, "show slo/quite").to_string().ends_with("did you mean `slo/quiet`?"));
    assert!(error(&org, "show xxxxxxxxxx").to_string().ends_with("`abide slo list` lists all of them"));
    let place = error(&org, "show quiet --objective 3");
    assert_eq!((place.exit, place.hint.as_deref()), (Exit::NothingMatched, Some("its only one is 0")));
    let empty = error(&org, "show quiet -o svg");
    assert_eq!(empty.exit, Exit::Usage);
    let why = "no curve can be drawn of quiet: nothing happened in its window, so no budget went";
    assert_eq!(empty.message, why, "an empty picture would lie");
}

#[test]
fn an_empty_list_says_so() {
    // A database in which no pass was recorded: nothing that is gone could raise a doubt.
    let org = Org::empty();
    org.add(("review".to_owned(), "read it".to_owned()), None, Severity::Low, Duration::from_hours(1));
    let none = told(&org, "list --state healthy");
    assert!(none.starts_with("None of 3 objectives is in such a state: "), "{none}");
    assert_eq!(read(&org, "list --state healthy -o json")["objectives"], Value::Array(Vec::new()));
    let service = "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: work}\nspec: {}\n";
    org.git.commit(&[("specs/levels.yaml", service)]);
    let none = told(&org, "list");
    assert!(none.starts_with("No service levels: "), "{none}");
    org.git.commit(&[("specs/bad.yaml", "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: bad}\nspec: {x: 1}\n")]);
    let unread = told(&org, "list");
    assert!(unread.starts_with("unread slo/bad specs/bad.yaml:4: "), "{unread}");
}

#[test]
fn a_tree_in_doubt_is_judged_by_nobody() {
    let org = Org::empty();
    org.reconcile();
    org.git.commit(&[("specs/levels.yaml", "")]);
    let doubt = error(&org, "list");
    assert!(doubt.message.starts_with("nothing was judged: "), "{doubt}");
}
