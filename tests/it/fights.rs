//! An assignment that enforces, on a real table that somebody else writes too.

use crate::support::daemon::Daemon;
use crate::support::organisation::{NOW, Organisation, SPECS};

/// A team whose fixes are given to developers, with a priority, by Abide itself.
fn enforcing() -> Organisation {
    let org = Organisation::new();
    let to = "to: role/developer";
    org.repo.write("specs/org.yaml", SPECS.replace(to, &format!("{to}, severity: high, onDrift: enforce")));
    org.repo.commit();
    org.sql("UPDATE jobs SET priority = 8");
    org
}

/// One value of the database, as text.
fn value(org: &Organisation, sql: &str) -> String {
    let db = rusqlite::Connection::open(org.database()).unwrap();
    db.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
    db.query_row(sql, [], |row| row.get::<_, Option<String>>(0)).unwrap().unwrap_or_default()
}

fn reconcile(org: &Organisation) {
    let ended = org.abide(&["reconcile", "--at", NOW]);
    assert_eq!(ended.code, 0, "{ended:?}");
}

const JOBS: &str = "SELECT group_concat(role || ' ' || priority, ', ') FROM jobs WHERE kind = 'fix_bug'";
const WRITES: &str = "SELECT CAST(count(*) AS TEXT) FROM abide_audit WHERE action = 'assign'";
const OPEN: &str = "SELECT group_concat(id) FROM jobs WHERE kind LIKE 'abide/%' AND status = 'todo'";

#[test]
fn the_task_of_a_fight_says_with_whom_and_over_what() {
    let org = enforcing();
    org.sql("UPDATE jobs SET priority = 3 WHERE id = 1");
    reconcile(&org);
    assert_eq!(value(&org, JOBS), "developer 8, developer 8");
    org.sql("UPDATE jobs SET role = 'triage', agent = 'bot' WHERE id = 2; UPDATE jobs SET priority = 5 WHERE id = 1");
    reconcile(&org);
    reconcile(&org);
    assert_eq!(value(&org, JOBS), "developer 5, triage 8", "nothing is written twice");
    let shown = |id: &str| {
        let out = org.abide(&["tasks", "show", id]).out;
        let stable = |line: &&str| !["created", "ledger", "specs/org.yaml"].iter().any(|part| line.contains(part));
        out.lines().filter(stable).map(|line| format!("{line}\n")).collect::<String>()
    };
    let ids = value(&org, OPEN);
    let ids: Vec<&str> = ids.split(',').collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
    insta::assert_snapshot!("fights", ids.iter().map(|id| shown(id)).collect::<Vec<_>>().join("\n"));
    org.sql(
        "UPDATE jobs SET role = 'developer', agent = NULL WHERE id = 2; UPDATE jobs SET status = 'done' WHERE id = 1",
    );
    reconcile(&org);
    assert_eq!(value(&org, OPEN), "");
    assert_eq!(value(&org, "SELECT group_concat(task || ' ' || field) FROM abide_enforcements"), "2 role");
}

#[test]
fn a_daemon_writes_once_where_a_trigger_undoes_it() {
    let org = enforcing();
    org.sql(
        "CREATE TRIGGER stubborn AFTER UPDATE OF role ON jobs WHEN new.role = 'developer'
         BEGIN UPDATE jobs SET role = 'triage' WHERE id = new.id; END",
    );
    let mut daemon = Daemon::start(&org);
    daemon.until("the fight is told", || !value(&org, OPEN).is_empty());
    org.sql("INSERT INTO jobs (kind, title, role, priority, status, created) VALUES ('fix_bug', 'c', 'developer', 8, 'todo', '2026-03-02 09:00:00')");
    org.sql("UPDATE jobs SET title = 'still b' WHERE id = 2");
    org.sql("UPDATE jobs SET priority = 2 WHERE id = 3 OR title = 'c'");
    daemon.until("a later correction is made", || value(&org, WRITES) == "2");
    assert_eq!(value(&org, JOBS), "developer 8, triage 8, developer 8");
    org.sql("DROP TRIGGER stubborn; UPDATE jobs SET role = 'developer' WHERE id = 2");
    daemon.until("the fight is over", || value(&org, OPEN).is_empty());
    assert_eq!(value(&org, WRITES), "2");
}
