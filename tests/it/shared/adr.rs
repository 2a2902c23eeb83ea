//! Two collections of other people's decision records, against what was labelled by hand.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use super::shared;
use crate::support::organisation::Ended;

const LABELS: &str = include_str!("adr_labels.txt");

/// The lines of a report as the labels have them.
fn lines(collection: &str, report: &Value) -> BTreeSet<String> {
    let file = |it: &Value| {
        let file = it["file"].as_str().unwrap();
        format!("{collection}/{}", file.rsplit('/').next().unwrap())
    };
    let links = |it: &Value, key: &str| {
        let all: Vec<&str> = it[key].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        if all.is_empty() { "-".to_owned() } else { all.join(" ") }
    };
    let decision = |it: &Value| {
        let (title, status) = (it["title"].as_str().unwrap(), it["status"].as_str().unwrap_or("-"));
        let links: Vec<String> = ["supersedes", "supersededBy", "amends"].iter().map(|key| links(it, key)).collect();
        format!("{} | {} | {title} | {status} | {}", file(it), it["number"], links.join(" | "))
    };
    let finding = |it: &Value| format!("! {} | {} | {}", it["code"].as_str().unwrap(), file(it), it["line"]);
    let decisions = report["decisions"].as_array().unwrap().iter().map(decision);
    decisions.chain(report["findings"].as_array().unwrap().iter().map(finding)).collect()
}

/// What the labels say of a collection. A record without a status is a finding by itself.
fn labels(collection: &str, report: &Value) -> BTreeSet<String> {
    let prefixes = [format!("{collection}/"), "! ".to_owned()];
    let ours = LABELS.lines().filter(|line| line.contains(&*prefixes[0]) && !line.starts_with('#'));
    let mut all: BTreeSet<String> = ours.map(str::to_owned).collect();
    for decision in report["decisions"].as_array().unwrap() {
        let file = decision["file"].as_str().unwrap().rsplit('/').next().unwrap();
        let silent =
            |line: &&str| line.starts_with(&format!("{collection}/{file} |")) && line.contains(" | - | - | - | -");
        if LABELS.lines().any(|line| silent(&line)) {
            all.insert(format!("! missing-status | {collection}/{file} | {}", decision["line"]));
        }
    }
    all
}

fn import(folder: &std::path::Path, arguments: &[&str]) -> Ended {
    let alone = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_abide"));
    program.current_dir(alone.path()).args(["import", "adr", "-o", "json"]).args(arguments).arg(folder);
    let ended = Ended::of(&program.output().unwrap());
    if !arguments.contains(&"--dry-run") {
        let valid =
            Command::new(env!("CARGO_BIN_EXE_abide")).current_dir(alone.path()).arg("validate").output().unwrap();
        let valid = Ended::of(&valid);
        assert_eq!(valid.code, 0, "{}{}", valid.out, valid.err);
    }
    ended
}

#[test]
fn every_record_is_read_as_it_was_labelled_and_no_fault_is_missed_or_made_up() {
    for (collection, records) in [("arachne", 17), ("jabref", 70)] {
        let Some(folder) = shared(&format!("data/adr/{collection}")) else { return };
        let ended = import(&folder, &["--dry-run"]);
        let report = ended.json();
        assert_eq!((ended.code, report["decisions"].as_array().map(Vec::len)), (0, Some(records)), "{}", ended.err);
        assert_eq!(report["unread"].as_array().map(Vec::len), Some(0));
        let (said, labelled) = (lines(collection, &report), labels(collection, &report));
        let missed: Vec<_> = labelled.difference(&said).collect();
        let wrong: Vec<_> = said.difference(&labelled).collect();
        assert!(missed.is_empty() && wrong.is_empty(), "missed: {missed:#?}\nwrong: {wrong:#?}");
    }
}

#[test]
fn what_is_imported_is_valid() {
    for (collection, records) in [("arachne", 17), ("jabref", 70)] {
        let Some(folder) = shared(&format!("data/adr/{collection}")) else { return };
        let ended = import(&folder, &["--status", "draft", "--date", "2020-01-01"]);
        assert_eq!(ended.code, 0, "{}", ended.out);
        let files = ended.json()["files"].as_array().unwrap().clone();
        assert_eq!(files.len(), records, "every record is a spec");
        assert!(files.iter().all(|file| file["fate"] == "created"));
    }
}
