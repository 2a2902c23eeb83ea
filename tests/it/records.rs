//! Decisions that stay Markdown, and decisions written as Markdown, with the program itself.

use std::path::Path;

use crate::support::daemon::Daemon;
use crate::support::organisation::{NOW, Organisation};

const HOOK: &str = "---
apiVersion: abide.dev/v1
kind: Decision
metadata: {name: hook-exists, owner: role/developer}
spec:
  status: accepted
  date: 2026-01-01
  supersedes: [hook]
  rules:
    - {id: there, severity: high, requirePath: .githooks/pre-commit}
---
# Every commit is checked

## Context and Problem Statement

Nobody looked.

## Decision Outcome

A hook.
";

fn organisation() -> Organisation {
    let org = Organisation::new();
    org.repo.write("docs/adr/0002-hook.md", HOOK);
    org.repo.write("docs/adr/README.md", "# Decisions\n\n* [2](0002-hook.md)\n");
    org
}

#[test]
fn a_mistake_in_a_page_is_shown_in_the_page() {
    let org = organisation();
    let valid = org.abide(&["validate"]);
    assert!(valid.code == 0 && valid.out.ends_with("4 specs in 2 files are valid; 1 hint\n"), "{}", valid.out);
    org.repo.write("docs/adr/0002-hook.md", HOOK.replace("accepted", "acepted"));
    let wrong = org.abide(&["validate", "docs/adr"]);
    assert!(wrong.code == 1 && wrong.out.contains("--> docs/adr/0002-hook.md:6:11"), "{}", wrong.out);
    assert!(wrong.out.contains("6 |   status: acepted"), "{}", wrong.out);
    let json = org.abide(&["validate", "docs/adr/0002-hook.md", "-o", "json"]).json();
    assert_eq!((&json["specs"], &json["diagnostics"][0]["line"]), (&1.into(), &6.into()));
    let page = org.abide(&["validate", "docs/adr/README.md"]);
    assert!(page.code == 1 && page.out.contains("error[markdown/no-spec]"), "{}", page.out);
    assert!(page.out.contains("abide import adr"), "{}", page.out);
    let elsewhere = org.abide(&["validate", "--set", "specs.records=rfcs"]);
    assert_eq!((elsewhere.code, &*elsewhere.out), (0, "3 specs in 1 file are valid\n"), "{}", elsewhere.err);
}

#[test]
fn a_page_in_the_whole_life_of_its_drift() {
    let org = organisation();
    let pass = |org: &Organisation| {
        org.repo.commit();
        let ended = org.abide(&["reconcile", "--at", NOW]);
        assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
        ended.out
    };
    let opened = pass(&org);
    assert!(opened.contains("decision/rule-broken of decision/hook-exists"), "{opened}");
    assert!(opened.contains("docs/adr/0002-hook.md:10"), "{opened}");
    // What cannot be read is in force as it last was: nothing closes.
    org.repo.write("docs/adr/0002-hook.md", HOOK.replace("\n---\n#", "\n#"));
    let unread = pass(&org);
    assert!(unread.contains("this front matter has no end") && !unread.contains("close"), "{unread}");
    org.repo.write("docs/adr/0002-hook.md", HOOK);
    org.repo.write(".githooks/pre-commit", "#!/bin/sh\n");
    let closed = pass(&org);
    assert!(closed.contains("decision/rule-broken of decision/hook-exists; mended"), "{closed}");
    assert!(!pass(&org).contains("hook-exists"));
}

#[test]
fn the_daemon_sees_a_page_come_and_go() {
    let org = Organisation::new();
    let mut daemon = Daemon::start(&org);
    let open = "SELECT count(*) FROM jobs WHERE kind = 'abide/decision/rule' AND status = 'todo'";
    org.repo.write("docs/adr/0002-hook.md", HOOK);
    org.repo.commit();
    daemon.until("the task is there", || count(&org, open) == 1);
    org.repo.write(".githooks/pre-commit", "#!/bin/sh\n");
    org.repo.commit();
    daemon.until("it is closed", || count(&org, open) == 0);
    daemon.signal("TERM");
    assert_eq!(daemon.wait(), Some(0));
}

fn count(org: &Organisation, sql: &str) -> i64 {
    let db = rusqlite::Connection::open(org.database()).unwrap();
    db.busy_timeout(std::time::Duration::from_secs(20)).unwrap();
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn what_is_exported_is_imported_as_it_was() {
    let org = organisation();
    let first = org.abide(&["export", "adr", "--to", "out"]);
    let expect = "created    out/0002-hook-exists.md\ncreated    out/hook.md\n2 files written.\n";
    assert_eq!((first.code, &*first.out), (0, expect), "{}", first.err);
    let page = read(org.path(), "out/0002-hook-exists.md");
    for part in [
        "status: accepted\n",
        "\n# Every commit is checked\n",
        "* Supersedes [hook](hook.md)",
        "`.githooks/pre-commit`",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let again = org.abide(&["export", "adr", "--to", "out"]);
    assert!(again.code == 0 && again.out.ends_with("Nothing changed: every file is as it was.\n"), "{}", again.out);
    let imported = org.abide(&["import", "adr", "out", "--to", "back"]);
    assert!(imported.out.contains("2 decisions, 1 error"), "the older one is still accepted: {}", imported.out);
    let back = read(org.path(), "back/0002-hook-exists.yaml");
    for part in
        ["number: 2", "title: Every commit is checked", "status: accepted", "2026-01-01", "- hook\n", "Nobody looked."]
    {
        assert!(back.contains(part), "{part}: {back}");
    }
}

#[test]
fn an_export_loses_nothing_that_was_there() {
    let org = organisation();
    org.repo.write("out/hook.md", "mine\n");
    let kept = org.abide(&["export", "adr", "hook", "--to", "out"]);
    assert!(
        kept.code == 0 && kept.out.contains("--force") && read(org.path(), "out/hook.md") == "mine\n",
        "{}",
        kept.out
    );
    let forced = org.abide(&["export", "adr", "decision/hook", "--to", "out", "--force"]);
    assert!(forced.out.starts_with("replaced") && read(org.path(), "out/hook.md").contains("# hook"), "{}", forced.out);
    // The page of a decision is never lost to its own export.
    std::fs::rename(org.path().join("docs/adr/0002-hook.md"), org.path().join("docs/adr/0002-hook-exists.md")).unwrap();
    let source = org.abide(&["export", "adr", "--to", "docs/adr", "--force"]);
    assert!(source.out.contains("docs/adr/0002-hook-exists.md: it is a spec itself"), "{}", source.out);
    assert_eq!(read(org.path(), "docs/adr/0002-hook-exists.md"), HOOK);
}

#[test]
fn decisions_are_printed_one_or_all() {
    let org = organisation();
    let one = org.abide(&["export", "adr", "hook-exists"]);
    assert!(one.code == 0 && one.out.starts_with("---\nstatus: accepted\n"), "{}{}", one.out, one.err);
    let all = org.abide(&["export", "adr"]);
    let heads: Vec<&str> = all.out.lines().filter(|line| line.starts_with("<!--")).collect();
    assert_eq!(heads, ["<!-- 0002-hook-exists.md -->", "<!-- hook.md -->"]);
    let none = org.abide(&["export", "adr", "hok"]);
    assert!(none.code != 0 && none.err.contains("did you mean `hook`?"), "{}", none.err);
}
