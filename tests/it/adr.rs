//! `abide import adr` as a program: what it writes, what it leaves, and how it ends.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::organisation::Ended;

fn abide(folder: &Path, arguments: &[&str]) -> Ended {
    let mut program = Command::new(env!("CARGO_BIN_EXE_abide"));
    Ended::of(&program.current_dir(folder).args(arguments).output().unwrap())
}

fn import(folder: &Path, arguments: &[&str]) -> Ended {
    abide(folder, &[&["import", "adr"], arguments].concat())
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

const FIRST: &str = "# 1. Use X\n\nDate: 2018-09-27\n\n## Status\n\nSuperseded by [2. Use Y](0002-use-y.md)\n\n## Context\n\nWe need it.\n\n\
                     ## Decision\n\nX.\n\n## Consequences\n\n* Good, because it is there\n* Bad, because it is old\n\n## Costs: many\n\nToo many.\n";
const SECOND: &str = "---\nstatus: accepted\ndate: 2019-01-02\ndeciders: Jane, Joe\nnav_order: 2\n---\n# Use Y\n\nSupersedes: ADR-0001\n\n\
                      ## Considered Options\n\n* X\n* Y\n\n## Decision Outcome\n\nY.\n\n### Confirmation\n\nA test.\n";

fn theirs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "doc/adr/0001-use-x.md", FIRST);
    write(folder.path(), "doc/adr/0002-use-y.md", SECOND);
    write(folder.path(), "doc/adr/README.md", "# Decisions\n");
    write(folder.path(), "doc/adr/template.md", "# {title}\n");
    folder
}

#[test]
fn records_become_specs_once_and_nothing_of_them_is_lost() {
    let folder = theirs();
    let first = import(folder.path(), &["doc/adr"]);
    assert_eq!(first.code, 0, "{}{}", first.out, first.err);
    assert!(first.out.contains("2 files written.") && first.out.contains("2 files passed over"), "{}", first.out);
    let one = read(folder.path(), "specs/decisions/0001-use-x.yaml");
    for part in [
        "number: 1",
        "status: superseded",
        "2018-09-27",
        "We need it.",
        "## Costs: many",
        "Too many.",
        "because it is there",
    ] {
        assert!(one.contains(part), "{part}: {one}");
    }
    let two = read(folder.path(), "specs/decisions/0002-use-y.yaml");
    for part in [
        "title: Use Y",
        "status: accepted",
        "- 0001-use-x",
        "Jane, Joe",
        "### Confirmation",
        "title: X",
        "adr/nav-order",
    ] {
        assert!(two.contains(part), "{part}: {two}");
    }
    let valid = abide(folder.path(), &["validate"]);
    assert_eq!(valid.code, 0, "{}{}", valid.out, valid.err);

    let second = import(folder.path(), &["doc/adr"]);
    assert!(second.code == 0 && second.out.contains("Nothing changed: every file is as it was."), "{}", second.out);
    write(folder.path(), "specs/decisions/0001-use-x.yaml", "# mine\n");
    let kept = import(folder.path(), &["doc/adr"]);
    assert!(
        kept.out.contains("kept") && read(folder.path(), "specs/decisions/0001-use-x.yaml") == "# mine\n",
        "{}",
        kept.out
    );
    import(folder.path(), &["doc/adr", "--force"]);
    assert_eq!(read(folder.path(), "specs/decisions/0001-use-x.yaml"), one);
}

#[test]
fn a_dry_run_writes_nothing_and_tells_everything() {
    let folder = theirs();
    write(folder.path(), "doc/adr/0002-use-z.md", "# 3. Use Z\n\nStatus: who knows\n");
    write(folder.path(), "doc/adr/0004-use-a.adoc", "= Use A\n");
    let ended = import(folder.path(), &["doc/adr", "--dry-run", "-o", "json"]);
    assert_eq!(ended.code, 1);
    assert!(!folder.path().join("specs").exists());
    let report = ended.json();
    let keys: Vec<&String> = report.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["decisions", "findings", "unread", "version"]);
    let first = json!({
        "file": "doc/adr/0001-use-x.md", "line": 1, "id": "0001", "number": 1, "title": "Use X", "status": "superseded",
        "date": "2018-09-27", "supersedes": [], "supersededBy": ["0002"], "amends": [],
    });
    assert_eq!(report["decisions"][0], first);
    assert_eq!(report["decisions"][1]["supersedes"], json!(["0001"]));
    assert_eq!(report["decisions"][2]["status"], Value::Null);
    let findings = report["findings"].as_array().unwrap();
    let codes: Vec<_> =
        findings.iter().map(|it| (it["code"].as_str().unwrap(), it["severity"].as_str().unwrap())).collect();
    assert_eq!(
        codes,
        [
            ("duplicate-number", "error"),
            ("duplicate-number", "error"),
            ("heading-number-mismatch", "warning"),
            ("unknown-status", "error")
        ]
    );
    assert_eq!(report["unread"][0]["file"], "doc/adr/0004-use-a.adoc");
    assert_eq!(abide(folder.path(), &["explain", "adr/unknown-status"]).code, 0);
}

#[test]
fn where_there_is_no_record_it_says_so() {
    let folder = theirs();
    assert_eq!(import(folder.path(), &["nowhere"]).code, 3);
    write(folder.path(), "empty/notes.md", "# Notes\n");
    assert_eq!(import(folder.path(), &["empty"]).code, 3);
    // What somebody names is not passed over.
    let named = import(folder.path(), &["empty/notes.md"]);
    assert!(named.code == 1 && named.out.contains("it holds no decision"), "{}", named.out);
}

#[test]
fn a_record_that_lacks_a_status_or_a_date_is_written_only_as_somebody_says() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "adr/0001-use-x.md",
        "# 1. Use X\n\nDate: 2020-01-02\n\n## Context\n\nWhy.\n\n## Decision\n\nX.\n",
    );
    write(folder.path(), "adr/0002-use-y.md", "# 2. Use Y\n\n## Status\n\nwho knows\n\n## Decision\n\nY.\n");
    let left_out = import(folder.path(), &["adr"]);
    assert!(left_out.out.contains("2 decisions without a status or a date"), "{}", left_out.out);
    assert!(!folder.path().join("specs/decisions/0001-use-x.yaml").exists());
    let given = import(folder.path(), &["adr", "--status", "draft", "--date", "2020-05-05"]);
    assert!(
        given.out.contains("1 decision without a status or a date"),
        "a status nobody knows is not missing: {}",
        given.out
    );
    let one = read(folder.path(), "specs/decisions/0001-use-x.yaml");
    assert!(one.contains("status: draft") && one.contains("2020-01-02"), "{one}");
    assert_eq!(abide(folder.path(), &["validate"]).code, 0);
}
