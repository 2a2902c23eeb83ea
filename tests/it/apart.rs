//! The real program where the team's tasks lie in a database of their own.

use rusqlite::Connection;

use crate::support::daemon::Daemon;
use crate::support::organisation::{NOW, Organisation, dump};

fn text(org: &Organisation, file: &str, sql: &str) -> String {
    let db = Connection::open(org.path().join(file)).unwrap();
    db.busy_timeout(std::time::Duration::from_secs(20)).unwrap();
    db.query_row(sql, [], |row| row.get::<_, Option<String>>(0)).unwrap().unwrap_or_default()
}

fn odd(n: usize) -> String {
    format!("INSERT INTO jobs (kind, title, status, created) VALUES ('odd', 'o{n}', 'todo', '2026-03-02 09:00:00');")
}

#[test]
fn the_whole_life_of_a_drift_in_two_files() {
    let org = Organisation::apart();
    let schema = "SELECT group_concat(sql) FROM sqlite_schema";
    let before = text(&org, "team.db", schema);
    let planned = org.abide(&["plan", "--at", NOW, "-o", "json"]);
    assert_eq!((planned.code, planned.json()["steps"].as_array().unwrap().len()), (0, 1), "{planned:?}");
    assert!(!org.path().join(".abide/abide.db").exists(), "a plan makes nothing");
    let passed = org.abide(&["reconcile", "--at", NOW]);
    assert_eq!(passed.code, 0, "{passed:?}");
    assert_eq!(text(&org, "team.db", "SELECT status FROM jobs WHERE kind LIKE 'abide/%'"), "todo");
    org.sql("UPDATE jobs SET role = 'developer' WHERE id = 2");
    org.abide(&["reconcile"]);
    assert_eq!(text(&org, "team.db", "SELECT status FROM jobs WHERE kind LIKE 'abide/%'"), "done");
    let doctor = org.abide(&["doctor"]);
    assert!(doctor.out.contains("sqlite:.abide/abide.db can be opened, and the tasks' sqlite:team.db"), "{doctor:?}");
    assert!(doctor.out.contains("jobs is followed by data version and watermark"), "{doctor:?}");
    assert!(doctor.out.contains("CREATE TRIGGER \"abide_changes_jobs_update\""), "{doctor:?}");
    assert_eq!((text(&org, "team.db", schema), doctor.code), (before, 0), "nothing but rows was written");
    let elsewhere = org.abide(&["reconcile", "--set", "tasks.url=sqlite:other.db"]);
    assert!(elsewhere.code == 4 && elsewhere.err.contains("other.db"), "{elsewhere:?}");
    assert!(!org.path().join("other.db").exists());
}

#[test]
fn a_daemon_that_is_killed_again_and_again_opens_each_task_once() {
    let org = Organisation::apart();
    for round in 0..6 {
        org.sql(&format!("BEGIN; {} COMMIT;", (0..3).map(|n| odd(round * 3 + n)).collect::<String>()));
        let mut daemon = Daemon::start(&org);
        // Now before it has written, now as soon as rows are there, now when it says so.
        daemon.until_it_says("is followed by data version and watermark");
        let before = opened(&org);
        match round % 3 {
            0 => {}
            1 => daemon.until("rows are there", || opened(&org) > before || before == round * 3 + 3),
            _ => daemon.until("it has kept them", || kept(&org) == round * 3 + 4),
        }
        daemon.signal("KILL");
        assert_eq!(daemon.wait(), None);
        lease_ends(&org);
    }
    let mut daemon = Daemon::start(&org);
    daemon.until_it_says("is followed by data version and watermark");
    let open = "SELECT count(*) || '' FROM jobs WHERE kind = 'abide/assignment/none' AND status = 'todo'";
    daemon.until("every drift has its task", || text(&org, "team.db", open) == "18");
    daemon.signal("TERM");
    assert_eq!(daemon.wait(), Some(0));
    let twice = "SELECT group_concat(print) FROM (SELECT json_extract(context, '$.abide.fingerprint') print FROM jobs
        WHERE kind LIKE 'abide/%' GROUP BY print HAVING count(*) > 1)";
    assert_eq!(text(&org, "team.db", twice), "");
    let books = dump(&org.path().join(".abide/abide.db")).unwrap();
    assert_eq!(text(&org, ".abide/abide.db", "SELECT count(*) || '' FROM abide_intents"), "0", "{books}");
    let opened =
        "SELECT count(*) || ',' || count(DISTINCT json_extract(what, '$.task')) FROM abide_audit WHERE action = 'open'";
    assert_eq!(text(&org, ".abide/abide.db", opened), "19,19", "{books}");
    let doctor = org.abide(&["doctor", "-o", "json"]);
    let is_fine = |what: &str| {
        doctor.json()["checks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|check| check["what"] == what && check["level"] == "fine")
    };
    assert!(is_fine("audit"), "{doctor:?}");
}

/// How many drifts the ledger has on record.
fn kept(org: &Organisation) -> usize {
    text(org, ".abide/abide.db", "SELECT count(*) || '' FROM abide_remediations").parse().unwrap()
}

/// As time would do it.
fn lease_ends(org: &Organisation) {
    let db = Connection::open(org.path().join(".abide/abide.db")).unwrap();
    db.busy_timeout(std::time::Duration::from_secs(20)).unwrap();
    db.execute("UPDATE abide_lease SET until = 0", []).unwrap();
}

fn opened(org: &Organisation) -> usize {
    let sql = "SELECT count(*) || '' FROM jobs WHERE kind LIKE 'abide/assignment/none'";
    text(org, "team.db", sql).parse().unwrap()
}
