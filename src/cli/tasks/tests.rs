mod queue;

use super::add::label;
use super::list::status;
use super::*;
use crate::cli::io::tests::run as capture;
use crate::cli::testing::{Org, args};

fn tasks(org: &Org, line: &str) -> String {
    org.text(|io| run(&args(line), &org.global, io))
}

fn error(org: &Org, line: &str) -> CliError {
    capture(|io| run(&args(line), &org.global, io)).unwrap_err()
}

/// The key of the task of that title.
fn id(org: &Org, title: &str) -> String {
    let listed: serde_json::Value = serde_json::from_str(&tasks(org, "list --limit 0 -o json")).unwrap();
    let found = listed["tasks"].as_array().unwrap().iter().find(|task| task["title"].as_str().unwrap().contains(title));
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

#[test]
fn the_newest_come_first() {
    let org = Org::new();
    org.reconcile();
    insta::assert_snapshot!("list", tasks(&org, "list --limit 8"));
    insta::assert_snapshot!("own", tasks(&org, "list --own"));
    assert_eq!(tasks(&org, "list --status cancelled"), "No such tasks\n");
    let table = tasks(&org, "list --status failed,blocked -o table");
    assert!(table.starts_with("ID ") && table.lines().count() == 5, "{table}");
}

#[test]
fn a_remediation_task_says_what_to_do() {
    let org = Org::new();
    org.reconcile();
    let shown = tasks(&org, &format!("show {}", id(&org, "is not claimed in time")));
    let stable = shown.lines().filter(|line| !line.contains("created") && !line.contains("ledger"));
    insta::assert_snapshot!("show", stable.collect::<Vec<_>>().join("\n"));
    let json: serde_json::Value =
        serde_json::from_str(&tasks(&org, &format!("show {} -o json", id(&org, "is not claimed in time")))).unwrap();
    assert_eq!(json["ledger"]["state"], "open");
    assert_eq!(json["context"]["abide"]["rule"], "assignment/sla");
}

#[test]
fn a_task_is_added_and_completed() {
    let org = Org::new();
    let said = capture(|io| {
        let mut args: Args = args("add --type fix_bug --title new --role developer --severity high --by ada");
        if let Action::Add(add) = &mut args.action {
            add.title = "a brand new one".to_owned();
        }
        run(&args, &org.global, io)
    });
    let said = said.unwrap().1;
    let key = said.strip_prefix("added task ").unwrap().trim();
    assert_eq!(key, id(&org, "a brand new one"));
    assert_eq!(tasks(&org, &format!("complete {key}")), format!("task {key} is completed\n"));
    assert_eq!(
        tasks(&org, &format!("complete {key}")),
        format!("task {key} is completed\n"),
        "twice is as good as once"
    );
    let failed = error(&org, &format!("fail {key}"));
    assert_eq!(failed.exit, Exit::Conflict);
    assert_eq!(failed.message, format!("task {key} is completed already, so it cannot be failed"));
}

#[test]
fn done_is_a_claim_and_a_refusal_lasts() {
    let org = Org::new();
    org.reconcile();
    let late = id(&org, "is not claimed in time");
    assert!(tasks(&org, &format!("complete {late}")).contains("that is a claim: the next pass"));
    let line = format!("bug-fixes --at {}", crate::cli::testing::NOW);
    let shown = org.text(|io| crate::cli::status::run(&args(&line), &org.global, io));
    assert!(shown.contains("its drift is still there: the next pass opens it again"), "{shown}");
    let desk = id(&org, "tasks of bug-fixes");
    assert!(tasks(&org, &format!("fail {desk}")).contains("Abide opens it again after a while"));
    let holes = id(&org, "no assignment selects");
    let said = tasks(&org, &format!("fail {holes} --wont-fix --until 2026-12-31 --reason later --by ada"));
    assert!(said.contains("is not asked for again until the end of 2026-12-31"), "{said}");
    let shown = tasks(&org, &format!("show {holes}"));
    assert!(shown.contains("refused   by ada until 2027-01-01T00:00:00Z: later"), "{shown}");
}

#[test]
fn what_is_not_there_is_an_error_that_helps() {
    let org = Org::new();
    org.reconcile();
    let near = id(&org, "checkout is down");
    let missing = error(&org, &format!("show {near}x"));
    assert_eq!((missing.exit, missing.hint), (Exit::Usage, Some(format!("did you mean `{near}`?"))));
    let far = error(&org, "complete zzzzzzzz");
    assert_eq!(far.to_string(), "there is no task `zzzzzzzz`\n  = help: `abide tasks list` shows what there is");
    let several = error(&org, "show 1-");
    assert!(several.message.contains("is the beginning of several fingerprints"), "{several}");
    let plain = error(&org, &format!("fail {} --wont-fix --until 2026-12-31 --reason no", id(&org, "wrong desk")));
    assert!(plain.message.contains("is no remediation task"), "{plain}");
}

#[test]
fn words_that_mean_nothing_say_what_was_meant() {
    assert_eq!(status("pendin"), Err("`pendin` is no status; did you mean `pending`?".into()));
    assert!(status("x").unwrap_err().contains("use pending, running"));
    assert_eq!(label("area=db"), Ok(("area".into(), "db".into())));
    assert!(label("area").unwrap_err().contains("KEY=VALUE") && label("=x").is_err());
}

#[test]
fn a_task_is_due_at_a_time_or_at_the_end_of_a_day() {
    let org = Org::new();
    let due = |given: &str| {
        let added =
            tasks(&org, &format!("add --type fix_bug --title x --due {given} --not-before 2030-11-27 --by ada"));
        let id = added.trim().strip_prefix("added task ").unwrap().to_owned();
        let json: serde_json::Value = serde_json::from_str(&tasks(&org, &format!("show {id} -o json"))).unwrap();
        let [due, earliest] = ["due", "notBefore"].map(|key| json["task"][key].as_str().unwrap().to_owned());
        assert_eq!(earliest, "2030-11-27T00:00:00Z", "a day begins at its beginning");
        due
    };
    assert_eq!(due("2030-11-27"), "2030-11-28T00:00:00Z");
    assert_eq!(due("2030-11-27T18:00:00Z"), "2030-11-27T18:00:00Z");
    assert!(add::end("27.11.2030").unwrap_err().contains("neither a day such as 2026-12-31 nor a time"));
}
