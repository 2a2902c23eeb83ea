use super::*;
use crate::cli::io::tests::run as capture;
use crate::cli::testing::{Org, args};
use crate::model::{Duration, Severity};
use crate::store::Command;

/// An organisation in which five things were done, one of them by somebody hostile.
fn org() -> Org {
    let org = Org::empty();
    let add = |title: &str, minutes: u64| {
        org.add(("fix_bug".to_owned(), title.to_owned()), None, Severity::Low, Duration::from_mins(minutes))
    };
    let first = add("one", 50);
    add("two", 40);
    add("three", 30);
    let fail =
        Command::Fail { task: first, token: None, reason: Some("\u{1b}[2J gone\u{202e}\nrow".to_owned()), last: false };
    org.apply(&fail, Duration::from_mins(20));
    add("four", 10);
    org
}

fn audit(org: &Org, line: &str) -> (Exit, String) {
    let line = line.replace("HERE", &org.git.path().to_string_lossy());
    let (exit, text) = capture(|io| run(&args(&line), &org.global, io)).unwrap();
    (exit, text.replace(&*org.git.path().to_string_lossy(), "HERE"))
}

fn sql(org: &Org, sql: &str) {
    let database = org.git.path().join(".abide/abide.db");
    rusqlite::Connection::open(database).unwrap().execute_batch(sql).unwrap();
}

fn json(org: &Org, line: &str) -> serde_json::Value {
    serde_json::from_str(&audit(org, line).1).unwrap()
}

fn lines(org: &Org) -> Vec<String> {
    audit(org, "export").1.lines().map(str::to_owned).collect()
}

#[test]
fn rows_are_shown_and_command_no_terminal() {
    let org = org();
    let (_, text) = audit(&org, "show --last 2");
    let shown: Vec<&str> = text.lines().collect();
    assert!(shown[0].starts_with("ROW  AT") && shown[1].starts_with("4    2026-11-23T11:40:00Z  ada  fail    task=1 "));
    assert!(shown[1].contains("reason=\u{fffd}[2J gone\u{fffd} row"), "{text}");
    assert_eq!(shown.last(), Some(&"… older rows are left out: these are the newest 2; --last shows more of them"));
    let rows = |line: &str| -> Vec<i64> {
        let json = json(&org, &format!("show -o json {line}"));
        json["rows"].as_array().unwrap().iter().map(|row| row["seq"].as_i64().unwrap()).collect()
    };
    assert_eq!(rows(""), [1, 2, 3, 4, 5]);
    assert_eq!(rows("--task 1"), [1, 4]);
    assert_eq!(rows("--action add --until 2026-11-23T11:30:00Z"), [1, 2, 3]);
    assert_eq!(rows("--by ada --since 2026-11-23T11:40:00Z --last 1"), [5]);
    assert!(json(&org, "show -o json --last 4")["more"].as_bool().unwrap());
    assert_eq!(audit(&org, "show --by eve").1, "No row of the record is like that\n");
    assert_eq!(audit(&Org::empty(), "show").1, "The record is empty: nothing was done yet\n");
}

#[test]
fn a_whole_record_says_how_far_it_goes_and_what_is_anchored() {
    let org = org();
    let (exit, text) = audit(&org, "verify");
    assert_eq!(exit, Exit::Fine);
    assert!(
        text.starts_with(
            "The record is whole: 5 rows, from 2026-11-23T11:10:00Z to 2026-11-23T11:50:00Z\n  head     5 "
        )
    );
    assert!(text.contains("  anchors  no anchor in audit/anchors.txt: a cut of the newest rows"), "{text}");
    assert_eq!(audit(&org, "anchor").1, "Anchored row 5 in audit/anchors.txt: commit it\n");
    let again = audit(&org, "anchor").1;
    assert_eq!(again, "Row 5 is the newest one, and is anchored in audit/anchors.txt already\n");
    let file = std::fs::read_to_string(org.git.path().join("audit/anchors.txt")).unwrap();
    assert_eq!(file.lines().filter(|line| !line.starts_with('#')).count(), 1, "{file}");
    org.add(("fix_bug".to_owned(), "five".to_owned()), None, Severity::Low, Duration::from_mins(1));
    let (exit, text) = audit(&org, "verify");
    assert_eq!(exit, Exit::Fine);
    assert!(text.ends_with("  anchors  1 of 1 hold, of audit/anchors.txt; 1 newer row has none\n"), "{text}");
    let json = json(&org, "verify -o json");
    assert_eq!((&json["whole"], &json["anchors"]["last"], &json["last"]["row"]), (&true.into(), &5.into(), &6.into()));
    assert_eq!(audit(&Org::empty(), "anchor").1, "The record is empty: there is nothing to anchor yet\n");
    assert!(audit(&Org::empty(), "verify").1.starts_with("The record is empty: nothing was done yet\n"));
}

#[test]
fn what_is_wrong_is_named_with_what_can_be_trusted() {
    let org = org();
    sql(&org, "UPDATE abide_audit SET who = 'eve' WHERE seq = 3");
    let (exit, text) = audit(&org, "verify");
    assert_eq!(exit, Exit::Findings);
    let said: Vec<&str> = text.lines().collect();
    assert_eq!(said[0], "✗ row 3 is not as it was written: what stands there does not have its hash");
    assert!(said[1].starts_with("    expected  ") && said[2].starts_with("    found     "), "{text}");
    assert!(said[3].starts_with("The record is broken: 1 finding in 5 rows, from "), "{text}");
    assert!(
        text.contains("\n  rows 1 to 2 are as written, unless somebody computed all their hashes anew\n"),
        "{text}"
    );
    assert!(text.contains("\n  rows 4 to 5 are bound to each other again\n  = help: keep a copy"), "{text}");
    let json = json(&org, "verify -o json");
    assert_eq!((&json["findings"][0]["kind"], &json["findings"][0]["row"]), (&"edited".into(), &3.into()));
    assert_eq!((&json["sound"]["to"], &json["whole"]), (&2.into(), &false.into()));
    let (exit, text) = audit(&org, "anchor");
    assert!(exit == Exit::Findings && text.ends_with("Nothing was anchored\n"), "{text}");
    assert!(!org.git.path().join("audit").exists());
}

#[test]
fn what_other_tables_keep_otherwise_is_named() {
    let org = org();
    let token = Command::Entrust { agent: "ada".into(), token: crate::model::Digest::of("x"), until: None };
    org.apply(&token, Duration::from_mins(5));
    let (exit, text) = audit(&org, "verify");
    assert!(
        exit == Exit::Fine && text.contains("\n  beside   1 ballots, requests, tokens and sightings, held"),
        "{text}"
    );
    sql(&org, "UPDATE abide_tokens SET agent = 'eve' || char(27) || '[2J'");
    let (exit, text) = audit(&org, "verify");
    assert_eq!(exit, Exit::Findings);
    let said: Vec<&str> = text.lines().collect();
    let wrong =
        "✗ the token of agent/eve\u{fffd}[2J that was made at 2026-11-23T11:55:00Z: not as row 6 tells, by its agent";
    assert_eq!(said[0], wrong);
    assert_eq!(said[1..3], ["    expected  agent `ada`", "    found     agent `eve\u{fffd}[2J`"]);
    assert!(said[3].starts_with("1 finding beside the record: 6 rows, from "), "{text}");
    assert!(text.contains("\n  = help: the record is what was done") && !text.contains("keep a copy"), "{text}");
    let json = json(&org, "verify -o json");
    assert_eq!((&json["whole"], &json["beside"]), (&false.into(), &1.into()));
    assert_eq!((&json["findings"][0]["kind"], &json["findings"][0]["row"]), (&"changed".into(), &6.into()));
    assert!(audit(&org, "anchor").1.ends_with("Nothing was anchored\n"), "it is looked into first");
    audit(&org, "export -o jsonl=HERE/all.jsonl");
    assert_eq!(audit(&org, "verify --file HERE/all.jsonl").0, Exit::Fine, "an export has the rows alone");
}

#[test]
fn anchors_tell_of_a_cut_and_of_their_own_changes() {
    let org = org();
    audit(&org, "anchor");
    org.git.commit_all();
    sql(&org, "DELETE FROM abide_audit WHERE seq > 3");
    let (exit, text) = audit(&org, "verify");
    assert_eq!(exit, Exit::Findings);
    assert!(
        text.starts_with(
            "✗ the newest rows are gone, from row 4 on: row 5 of 2026-11-23T11:50:00Z was anchored (line 3)"
        )
    );
    // Whoever cuts the record and cleans up behind it is found by what was committed.
    std::fs::remove_file(org.git.path().join("audit/anchors.txt")).unwrap();
    let (exit, text) = audit(&org, "verify");
    assert_eq!(exit, Exit::Findings);
    let said: Vec<&str> = text.lines().collect();
    assert!(said[0].starts_with("✗ audit/anchors.txt was committed with a line that it does not have: 5 "), "{text}");
    assert!(said[1].starts_with("✗ the newest rows are gone, from row 4 on"), "{text}");
}

#[test]
fn a_line_that_is_no_anchor_is_told_with_its_place() {
    let org = org();
    audit(&org, "anchor");
    let path = org.git.path().join("audit/anchors.txt");
    let file = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, file.replace("\n5 ", "\n5x ")).unwrap();
    let (exit, text) = audit(&org, "verify");
    assert_eq!(exit, Exit::Findings);
    assert!(
        text.starts_with("✗ audit/anchors.txt:3 is no anchor: it begins with no number of a row\n1 finding beside the")
    );
    assert!(audit(&org, "anchor").1.ends_with("Nothing was anchored\n"));
    let missing = capture(|io| run(&args("verify --anchors nowhere.txt"), &org.global, io)).unwrap_err();
    assert_eq!((missing.exit, &*missing.message), (Exit::Usage, "there is no file nowhere.txt"));
}

#[test]
fn an_export_is_verified_by_itself() {
    let org = org();
    audit(&org, "anchor");
    let (exit, text) = audit(&org, "export -o jsonl=HERE/all.jsonl");
    assert_eq!(exit, Exit::Fine);
    assert!(text.starts_with("wrote rows 1 to 5; the last one has the hash "), "{text}");
    let whole = audit(&org, "verify --file HERE/all.jsonl").1;
    assert!(whole.starts_with("The record is whole: 5 rows") && whole.contains("1 of 1 hold"), "{whole}");
    audit(&org, "export --since 2026-11-23T11:20:00Z --until 2026-11-23T11:45:00Z -o jsonl=HERE/part.jsonl");
    let (exit, text) = audit(&org, "verify --file HERE/part.jsonl");
    assert_eq!(exit, Exit::Findings);
    assert!(
        text.starts_with("✗ row 1 is gone: the record begins after them\n✗ the newest rows are gone, from row 5 on")
    );
    let (exit, text) = audit(&org, "verify --part --file HERE/part.jsonl");
    assert_eq!(exit, Exit::Fine, "{text}");
    assert!(text.starts_with("This part of the record is whole: 3 rows, from 2026-11-23T11:20:00Z"), "{text}");
    assert!(audit(&org, "export --since 2027-01-01T00:00:00Z").1.is_empty());
}

/// Something that somebody does to the lines of an export.
type Deed = fn(&mut Vec<String>);

#[test]
fn what_is_done_to_a_line_of_an_export_is_found() {
    let org = org();
    let whole = lines(&org);
    let path = org.git.path().join("x.jsonl");
    let deeds: [(Deed, &str); 7] = [
        (|lines| lines[2] = lines[2].replace("ada", "eve"), "✗ row 3 is not as it was written"),
        (|lines| lines[2] = lines[2].replace(r#""task":"3""#, r#""task": "3""#), "✗ row 3 is not as it was written"),
        (|lines| drop(lines.remove(2)), "✗ row 3 is gone, and those"),
        (|lines| lines.swap(2, 3), "✗ row 3 is gone, and those"),
        (|lines| lines[2] = lines[2].replace("Z\"", ".0001Z\""), "✗ HERE/x.jsonl:3 is no row of a record: the time"),
        (|lines| lines[4].truncate(20), "✗ HERE/x.jsonl:5 is no row of a record: "),
        (|lines| lines[2].insert_str(1, r#""note":1,"#), "✗ HERE/x.jsonl:3 is no row of a record: unknown field"),
    ];
    for (deed, says) in deeds {
        let mut lines = whole.clone();
        deed(&mut lines);
        std::fs::write(&path, lines.join("\n")).unwrap();
        let (exit, text) = audit(&org, "verify --file HERE/x.jsonl");
        assert!(exit == Exit::Findings && text.starts_with(says), "{says}\n{text}");
    }
    std::fs::write(&path, "no record\n").unwrap();
    let line = format!("verify --file {}", path.display());
    let error = capture(|io| run(&args(&line), &org.global, io)).unwrap_err();
    assert!(error.exit == Exit::Usage && error.message.contains("x.jsonl holds no record"), "{error}");
}

#[test]
fn what_was_never_written_is_exported_all_the_same() {
    let org = org();
    sql(&org, "UPDATE abide_audit SET what = 'no' || char(10) || 'object' WHERE seq = 2");
    let lines = lines(&org);
    assert_eq!(lines.len(), 5);
    assert!(lines[1].ends_with(r#","what":"no\nobject"}"#), "{}", lines[1]);
}

#[test]
fn a_clock_that_had_run_ahead_is_told_to_have_been_wrong() {
    let org = org();
    let nothing = "The clock does not show an earlier time than what is on record: nothing to do\n";
    assert_eq!(audit(&org, "clock --reason none").1, nothing);
    // Something was done while the clock was two hours ahead.
    sql(&org, "UPDATE abide_state SET latest = 4102444800000");
    let (_, text) = audit(&org, "clock --reason ahead --by ada");
    assert_eq!(text, "From now on what the clock shows is taken for the time\n");
    assert_eq!(audit(&org, "clock --reason ahead").1, nothing);
    assert!(audit(&org, "show --last 1").1.contains("reason=ahead"));
}
