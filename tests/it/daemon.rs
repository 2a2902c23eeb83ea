//! The real daemon on real files: it follows what moves, survives what goes away, and ends when told to.

use rusqlite::Connection;

use crate::support::daemon::Daemon;
use crate::support::organisation::{NOW, Organisation, SPECS};

/// The tasks that Abide has opened, by type and status.
fn tasks(org: &Organisation) -> Vec<(String, String)> {
    let Ok(db) = Connection::open(org.database()) else { return Vec::new() };
    db.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
    let Ok(mut rows) = db.prepare("SELECT kind, status FROM jobs WHERE kind LIKE 'abide/%' ORDER BY id") else {
        return Vec::new();
    };
    let read = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map(|rows| rows.collect());
    read.unwrap_or_else(|_| Ok(Vec::new())).unwrap_or_default()
}

fn is(org: &Organisation, wanted: &[(&str, &str)]) -> bool {
    tasks(org).iter().map(|(kind, status)| (kind.as_str(), status.as_str())).eq(wanted.iter().copied())
}

const ROLE: &str = "abide/assignment/role";
const RULE: &str = "abide/decision/rule";
const NONE: &str = "abide/assignment/none";

#[test]
fn a_commit_and_a_row_are_each_followed_by_their_effect() {
    let org = Organisation::new();
    let mut daemon = Daemon::start(&org);
    daemon.until("the drift is a task", || is(&org, &[(ROLE, "todo")]));

    org.sql("INSERT INTO jobs (kind, title, status, created) VALUES ('migration', 'm', 'todo', '2026-03-02 09:00:00')");
    daemon.until("a new row is seen", || is(&org, &[(ROLE, "todo"), (NONE, "todo"), (RULE, "todo")]));

    org.sql("UPDATE jobs SET status = 'done', finished = datetime('now') WHERE kind = 'migration'");
    daemon.until("a finished task is seen", || is(&org, &[(ROLE, "todo"), (NONE, "done"), (RULE, "done")]));

    org.sql("UPDATE jobs SET status = 'done', finished = datetime('now') WHERE kind = 'abide/assignment/role'");
    daemon.until("a claim without mending reopens", || {
        is(&org, &[(ROLE, "todo"), (NONE, "done"), (RULE, "done")]) && org.dump().contains("reopen")
    });

    org.sql("UPDATE jobs SET role = 'developer' WHERE id = 2");
    daemon.until("what is mended closes", || is(&org, &[(ROLE, "done"), (NONE, "done"), (RULE, "done")]));

    org.repo.write("specs/more.yaml", "apiVersion: abide.dev/v1\nkind: Decision\nmetadata: {name: hook-2}\nspec: {status: accepted, date: 2026-01-01, rules: [{id: a, requirePath: nowhere.sh}]}\n");
    org.repo.commit();
    daemon.until("a commit is seen", || tasks(&org).contains(&(RULE.into(), "todo".into())));

    org.repo.write("specs/org.yaml", SPECS.replace("kind: Decision", "kind: Descision"));
    org.repo.write("nowhere.sh", "exit 0\n");
    org.repo.commit();
    daemon.until("a broken spec stops nothing else", || !tasks(&org).iter().any(|(_, status)| status == "todo"));
}

#[test]
fn sigterm_ends_it_cleanly_and_the_lease_is_free() {
    let org = Organisation::new();
    let mut daemon = Daemon::start(&org);
    daemon.until("the drift is a task", || is(&org, &[(ROLE, "todo")]));
    let led = org.abide(&["reconcile", "--at", NOW]);
    assert!(led.code == 6 && led.err.contains("leads until"), "only one reconciles at a time: {led:?}");
    daemon.signal("TERM");
    assert_eq!(daemon.wait(), Some(0));
    let free = org.abide(&["reconcile"]);
    assert_eq!(free.code, 0, "{free:?}");
}

#[test]
fn after_kill_9_another_takes_over_and_nothing_is_opened_twice() {
    let org = Organisation::new();
    let mut daemon = Daemon::start(&org);
    daemon.until("the drift is a task", || is(&org, &[(ROLE, "todo")]));
    daemon.signal("KILL");
    assert_eq!(daemon.wait(), None);
    org.sql("INSERT INTO jobs (kind, title, status, created) VALUES ('migration', 'm', 'todo', '2026-03-02 09:00:00')");
    let mut second = Daemon::start(&org);
    second.until("another leads", || is(&org, &[(ROLE, "todo"), (NONE, "todo"), (RULE, "todo")]));
}

#[test]
fn what_goes_away_is_waited_for_and_said_once() {
    let org = Organisation::new();
    let (bare, aside) = (org.path().join("bare.git"), org.path().join("aside.git"));
    git2::build::RepoBuilder::new().bare(true).clone(&org.path().to_string_lossy(), &bare).unwrap();
    org.config("[specs]", "[specs]\nrepository = \"bare.git\"");
    let mut daemon = Daemon::start(&org);
    daemon.until("the drift is a task", || is(&org, &[(ROLE, "todo")]));

    std::fs::rename(&bare, &aside).unwrap();
    daemon.until_it_says("cannot reconcile");
    std::fs::rename(&aside, &bare).unwrap();
    daemon.until_it_says("reconciling again");

    let (database, copy) = (org.database(), org.path().join("copy.db"));
    std::fs::rename(&database, &copy).unwrap();
    std::fs::create_dir(&database).unwrap();
    daemon.until_it_says("cannot reconcile");
    std::fs::remove_dir(&database).unwrap();
    std::fs::rename(&copy, &database).unwrap();
    daemon.until_it_says("reconciling again");
    assert!(daemon.times("cannot reconcile") <= 4, "it is said once and not at every turn: {:#?}", daemon.said);

    org.sql("UPDATE jobs SET role = 'developer' WHERE id = 2");
    daemon.until("it follows as before", || is(&org, &[(ROLE, "done")]));
}

#[test]
fn a_mass_change_waits_for_a_person() {
    let org = Organisation::new();
    let config = std::fs::read_to_string(org.path().join("abide.toml")).unwrap();
    org.repo.write("abide.toml", format!("{config}[limits]\nopen_per_pass = 2\n"));
    let mut daemon = Daemon::start(&org);
    daemon.until("the drift is a task", || is(&org, &[(ROLE, "todo")]));
    let row = |n| {
        format!(
            "INSERT INTO jobs (kind, title, status, created) VALUES ('odd', 'o{n}', 'todo', '2026-03-02 09:00:00');"
        )
    };
    org.sql(&format!("BEGIN; {} COMMIT;", (0..5).map(row).collect::<String>()));
    daemon.until("two of five are opened", || tasks(&org).len() == 3);

    let holds = org.abide(&["holds", "release", "--all"]);
    assert_eq!(holds.code, 0, "{holds:?}");
    daemon.until("what was released is opened", || tasks(&org).len() == 6);
}

const LEVEL: &str = "apiVersion: openslo/v1
kind: SLO
metadata: {name: up}
spec:
  service: web
  indicator:
    metadata: {name: up}
    spec: {thresholdMetric: {metricSource: {type: prometheus, spec: {query: up}}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{op: gte, value: 1, target: 0.9}]
";

#[test]
fn a_source_that_never_answers_holds_up_nothing_else() {
    // It takes connections and says nothing. The time-out is longer than any of these tests waits.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let org = Organisation::new();
    org.config(
        "[store]",
        &format!("[sources.prometheus]\ntype = \"prometheus\"\nurl = \"{url}\"\ntimeout = \"10m\"\n[store]"),
    );
    org.repo.write("specs/level.yaml", LEVEL);
    org.repo.commit();
    let mut daemon = Daemon::start(&org);
    daemon.until("the drift is a task", || is(&org, &[(ROLE, "todo")]));
    org.sql("INSERT INTO jobs (kind, title, status, created) VALUES ('migration', 'm', 'todo', '2026-03-02 09:00:00')");
    daemon.until("a new row is seen", || is(&org, &[(ROLE, "todo"), (NONE, "todo"), (RULE, "todo")]));
    daemon.signal("TERM");
    assert_eq!(daemon.wait(), Some(0), "it ends although the source has not answered");
}
