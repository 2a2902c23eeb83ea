//! What people read: one line for one thing, whatever a team writes into its rows, and nothing left out or half said.

use crate::support::organisation::{NOW, Organisation, SPECS};

/// An organisation whose assignment says what is to be done about drift.
fn that(on_drift: &str) -> Organisation {
    let org = Organisation::new();
    let to = "to: role/developer";
    org.repo.write("specs/org.yaml", SPECS.replace(to, &format!("{to}, onDrift: {on_drift}")));
    org.repo.commit();
    org
}

fn text(org: &Organisation, arguments: &[&str]) -> String {
    let ended = org.abide(arguments);
    assert_eq!(ended.code, 0, "{ended:?}");
    ended.out
}

#[test]
fn what_rows_hold_breaks_no_line_and_commands_no_terminal() {
    let org = Organisation::new();
    let plain = text(&org, &["plan", "--at", NOW]);
    let lines = |arguments: &[&str]| {
        let out = text(&org, arguments);
        assert!(!out.contains(['\u{1b}', '\u{7}', '\t', '\r']), "{arguments:?}: {out:?}");
        out.lines().count()
    };
    let listed = lines(&["tasks", "list"]);
    org.sql(
        "UPDATE jobs SET title = 'two' || char(10) || 'lines' || char(9) || char(27) || '[31m' || char(13), \
         role = 'tri' || char(10) || 'age', agent = 'a' || char(10) || 'b' WHERE id = 2; \
         UPDATE jobs SET kind = 'od' || char(10) || 'd', title = 'x' || char(10) || 'y' WHERE id = 1",
    );
    assert_eq!(lines(&["tasks", "list"]), listed);
    assert_eq!(lines(&["tasks", "list", "-o", "table"]), 3);
    assert!(text(&org, &["tasks", "show", "2"]).starts_with("task 2  pending  medium  two lines \u{fffd}[31m\n"));
    let planned = text(&org, &["plan", "--at", NOW]);
    assert!(planned.contains("seen:   task 2 (two lines \u{fffd}[31m ) is with tri age\n"), "{planned}");
    for arguments in [
        vec!["plan", "--at", NOW],
        vec!["status", "--at", NOW],
        vec!["status", "-o", "table"],
        vec!["drift", "list"],
        vec!["holds", "list", "--at", NOW],
        vec!["reconcile", "--at", NOW],
        vec!["tasks", "list"],
        vec!["agents", "list"],
        vec!["approvals", "list"],
    ] {
        lines(&arguments);
    }
    assert!(plain.contains("is with triage"));
    let doctor = text(&org, &["doctor"]);
    assert!(doctor.contains("task 1 reads as od d `x y`\n"), "{doctor}");
    assert!(!doctor.contains(['\u{1b}', '\r']), "{doctor:?}");
    let list = org.abide(&["drift", "list", "-o", "json"]).json();
    let of_role = list["drifts"].as_array().unwrap().iter().find(|it| it["rule"] == "assignment/role").unwrap();
    let explained = text(&org, &["drift", "explain", of_role["fingerprint"].as_str().unwrap()]);
    assert!(
        explained.contains("  answer    task 2 (two lines \u{fffd}[31m ) is with tri age (task/2)\n"),
        "{explained}"
    );
    // Programs get what the row holds, and a task that Abide opens has a title of one line.
    let json = org.abide(&["tasks", "list", "-o", "json"]).json();
    let titles: Vec<&str> = json["tasks"].as_array().unwrap().iter().filter_map(|it| it["title"].as_str()).collect();
    assert!(titles.contains(&"two\nlines\t\u{1b}[31m\r"), "{titles:?}");
    assert!(titles.contains(&"no assignment selects task 1 (od d): x y"), "{titles:?}");
}

#[test]
fn what_an_assignment_only_warns_of_is_shown() {
    let org = that("warn");
    let planned = text(&org, &["plan", "--at", NOW]);
    let (shown, rest) = planned.split_once("shown   medium   tasks of fixes are not with role/developer\n").unwrap();
    assert_eq!(shown, "");
    assert!(rest.contains("assignment/wrong-role of assignment/fixes; onDrift: warn opens no task\n"), "{rest}");
    assert!(rest.contains("seen:   task 2 (b) is with triage\n"), "{rest}");
    assert!(rest.contains("1 drift (0 new, 0 open, 0 waived, 0 held, 1 only shown); 0 steps to do: "), "{rest}");
    assert!(text(&org, &["reconcile", "--at", NOW]).contains("1 only shown"));
    assert!(text(&org, &["status", "--at", NOW]).contains("1 only shown"));
    assert!(text(&org, &["drift", "list"]).contains("  medium    shown   tasks of fixes are not with role/developer"));
    // The states that programs know are those that were published.
    let drift = &org.abide(&["plan", "--at", NOW, "-o", "json"]).json()["drifts"][0];
    assert_eq!(drift["state"], "waived");
    assert_eq!(drift["reason"], "its assignment only warns (onDrift: warn)");
}

#[test]
fn what_a_team_s_table_does_not_mark_is_said_and_not_told_as_none() {
    let org = Organisation::new();
    let ended = org.abide(&["tasks", "list", "--dead"]);
    assert_eq!((ended.code, &*ended.out), (2, ""));
    let why = "error: jobs does not tell which failed tasks have no try left: only Abide's own table marks dead letters\n  \
               = help: `abide tasks list --status failed` shows everything that has failed\n";
    assert_eq!(ended.err, why);
}

#[test]
fn the_history_of_a_correction_says_what_was_set_and_for_which_spec() {
    let org = that("enforce");
    text(&org, &["reconcile", "--at", NOW]);
    let history = text(&org, &["tasks", "history", "2"]);
    let said = "  assign  abide: set the role from triage to developer, as assignment/fixes wants it\n";
    assert!(history.ends_with(said), "{history}");
}

#[test]
fn tasks_of_specs_with_one_title_are_told_apart_by_their_names() {
    let org = Organisation::new();
    let decision = |name: &str, title: &str| {
        format!(
            "---\napiVersion: abide.dev/v1\nkind: Decision\nmetadata: {{name: {name}, title: {title}}}\n\
             spec: {{status: accepted, date: 2026-01-01, reviewBy: 2026-02-01, rules: [{{id: readme, requirePath: README}}]}}\n"
        )
    };
    org.repo.write(
        "specs/org.yaml",
        [SPECS, &decision("logs", "Keep it"), &decision("mail", "Keep it"), &decision("tea", "Drink it")].concat(),
    );
    org.repo.commit();
    let plan = org.abide(&["plan", "--at", NOW, "-o", "json"]).json();
    let titles = plan["steps"].as_array().unwrap().iter().filter_map(|step| step["title"].as_str());
    let mut titles: Vec<&str> = titles.filter(|title| title.contains(" it")).collect();
    titles.sort_unstable();
    let wanted = [
        "review overdue: Drink it",
        "review overdue: Keep it (logs)",
        "review overdue: Keep it (mail)",
        "rule readme does not hold: Drink it",
        "rule readme does not hold: Keep it (logs)",
        "rule readme does not hold: Keep it (mail)",
    ];
    assert_eq!(titles, wanted);
}

#[test]
fn what_is_asked_for_breaks_no_line_and_commands_no_terminal_either() {
    let org = Organisation::new();
    let evil = "e\nvi\u{1b}[31ml\u{7}";
    for arguments in [
        vec!["agents", "register", evil],
        vec!["tasks", "claim", "--agent", evil],
        vec!["tasks", "claim", "--agent", evil, "--role", "triage"],
        vec!["tasks", "show", evil],
        vec!["agents", "pause", "nobody\nat all"],
        vec!["status", evil],
        vec!["drift", "explain", evil],
        vec!["holds", "release", evil],
        vec!["plan", "--config", evil],
        vec!["plan", "--store", evil],
    ] {
        let ended = org.abide(&arguments);
        let said = format!("{}{}", ended.out, ended.err);
        let controls = ['\u{1b}', '\u{7}'];
        assert!(!said.contains(controls) && !said.contains("e\nv") && !said.contains("nobody\n"), "{said:?}");
    }
}
