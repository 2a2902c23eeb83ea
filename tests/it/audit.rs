//! The record, verified by the recipe of its page alone, and the page itself.

use std::process::{Command, Stdio};

use sha2::{Digest as _, Sha256};

use crate::readme::{blocks_of, follows};
use crate::shell::Shell;
use crate::support::organisation::{NOW, Organisation};

const PAGE: &str = include_str!("../../docs/audit.md");

#[test]
fn the_page_on_the_record_shows_what_happens() {
    follows(PAGE, &mut Shell::new());
    let config: toml::Table = blocks_of(PAGE, "toml").concat().parse().unwrap();
    let config = abide::config::Config::parse(&config.to_string(), &[]).unwrap();
    assert_eq!(config, abide::config::Config::default(), "the page shows what holds where nothing is said");
}

/// An organisation in which a drift was found, and a person wrote what no page of JSON expects.
fn worked() -> Organisation {
    let org = Organisation::new();
    assert_eq!(org.abide(&["reconcile", "--at", NOW]).code, 0);
    let odd = "\u{1b}]0;x\u{7} \"what\": ,\"what\":{} \u{2028} für 😀 \\ \n\r\t\u{1}";
    for (title, by) in [(odd, odd), ("plain", "ada")] {
        let added = org.abide(&["tasks", "add", "--type", "fix_bug", "--title", title, "--by", by]);
        assert_eq!(added.code, 0, "{added:?}");
    }
    let failed = org.abide(&["tasks", "fail", "1", "--reason", odd, "--by", odd]);
    assert_eq!(failed.code, 0, "{failed:?}");
    org
}

/// The hash of a row, from its line alone: as the page says, and by nothing of Abide's.
fn recomputed(line: &str) -> (i64, String, String, String) {
    let row: serde_json::Value = serde_json::from_str(line).unwrap();
    let text = |key: &str| row[key].as_str().unwrap().to_owned();
    let what = line.split_once(",\"what\":").unwrap().1.strip_suffix('}').unwrap();
    let at: jiff::Timestamp = text("at").parse().unwrap();
    let seq = row["seq"].as_i64().unwrap();
    let parts =
        [text("prev"), seq.to_string(), at.as_millisecond().to_string(), text("who"), text("action"), what.to_owned()];
    let mut sha = Sha256::new();
    for part in &parts {
        sha.update((part.len() as u64).to_be_bytes());
        sha.update(part);
    }
    let hash = sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    (seq, text("prev"), text("hash"), hash)
}

#[test]
fn the_recipe_of_the_page_gives_the_hash_of_every_row() {
    let org = worked();
    let exported = org.abide(&["audit", "export"]);
    assert_eq!(exported.code, 0, "{exported:?}");
    let (mut before, mut rows) = (String::new(), 0);
    // Not `lines`, which would hide a stray carriage return.
    for line in exported.out.trim_end_matches('\n').split('\n') {
        let (seq, prev, hash, again) = recomputed(line);
        rows += 1;
        assert_eq!((seq, &prev, &hash), (rows, &before, &again), "{line}");
        before = hash;
    }
    assert!(rows >= 5, "{exported:?}");
    let verified = org.abide(&["audit", "verify", "-o", "json"]).json();
    assert_eq!((&verified["last"]["row"], &verified["last"]["hash"]), (&rows.into(), &before.into()));
}

#[test]
fn the_program_of_the_page_verifies_an_export() {
    if std::env::var_os("ABIDE_TEST_WITHOUT_KANBAN").is_some_and(|value| !value.is_empty()) {
        eprintln!("SKIPPED: ABIDE_TEST_WITHOUT_KANBAN is set, so nothing is run in Python");
        return;
    }
    let org = worked();
    let [program] = blocks_of(PAGE, "python")[..] else { panic!("one program") };
    assert!(program.lines().count() <= 20, "{program}");
    let file = org.path().join("record.jsonl");
    let exported = org.abide(&["audit", "export", "-o", &format!("jsonl={}", file.display())]);
    assert_eq!(exported.code, 0, "{exported:?}");
    let run = || {
        let mut python = Command::new("python3");
        let input = std::fs::File::open(&file).unwrap();
        let output = python.env("PYTHONUTF8", "1").args(["-c", program]).stdin(Stdio::from(input)).output().unwrap();
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let (is_whole, said) = run();
    let hash = exported.out.split("the hash ").nth(1).unwrap().split(' ').next().unwrap();
    assert!(is_whole && said.contains(hash), "{said}\n{exported:?}");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("\"ada\"", "\"eve\"")).unwrap();
    let (is_whole, said) = run();
    assert!(!is_whole && said.contains("is not as it was written"), "{said}");
}
