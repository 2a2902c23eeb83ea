//! The corpus of valid specs with a few broken ones among them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{python, shared};
use crate::support::organisation::Ended;

fn validate(folder: &std::path::Path) -> Ended {
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_abide"));
    Ended::of(&program.current_dir(folder).args(["validate", "-o", "json"]).output().unwrap())
}

#[test]
fn every_broken_file_is_reported_at_its_line_and_no_other() {
    let Some(script) = shared("bench/corpus.py") else { return };
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_string_lossy();
    if python(&script, &["2000", &*out, "--broken", "60"]).is_none() {
        return;
    }
    let ended = validate(folder.path());
    assert_eq!(ended.code, 1, "{}", ended.err);
    let place = |it: &Value| (it["file"].as_str().unwrap().to_owned(), it["line"].as_u64().unwrap());
    let report = ended.json();
    let errors = report["diagnostics"].as_array().unwrap().iter().filter(|said| said["severity"] == "error");
    let said: BTreeSet<_> = errors.map(place).collect();
    let broken: Value = serde_json::from_slice(&std::fs::read(folder.path().join("broken.json")).unwrap()).unwrap();
    let broken: BTreeSet<_> = broken.as_array().unwrap().iter().map(place).collect();
    let missed: Vec<_> = broken.difference(&said).collect();
    assert!(missed.is_empty(), "not reported at their line: {missed:?}");
    let files: BTreeSet<&String> = broken.iter().map(|(file, _)| file).collect();
    let wrong: Vec<_> = said.iter().filter(|(file, _)| !files.contains(file)).collect();
    assert!(wrong.is_empty(), "reported although nothing is wrong: {wrong:?}");
}

#[test]
fn nothing_is_said_of_a_corpus_without_a_fault() {
    let Some(script) = shared("bench/corpus.py") else { return };
    let folder = tempfile::tempdir().unwrap();
    if python(&script, &["500", &folder.path().to_string_lossy()]).is_none() {
        return;
    }
    let ended = validate(folder.path());
    assert_eq!((ended.code, ended.json()["diagnostics"].as_array().map(Vec::len)), (0, Some(0)), "{}", ended.out);
}
