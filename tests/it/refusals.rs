//! What the team's table refuses is said to wait by whoever only looks, as by the pass that tried it.

use crate::support::organisation::{NOW, Organisation, SPECS};

/// What everybody says of the only thing that is refused.
fn assert_waits(org: &Organisation, why: &str) {
    for line in [["status"].as_slice(), &["drift", "list"], &["plan"], &["holds", "list"]] {
        let ended = org.abide(&[line, &["--at", NOW]].concat());
        assert!(ended.out.contains(why) && !ended.out.contains("the next pass"), "{line:?}: {ended:?}");
    }
    let json = org.abide(&["holds", "list", "--at", NOW, "-o", "json"]).json();
    let held = json["held"].as_array().unwrap();
    assert!(held.len() == 1 && held[0]["reason"] == *why && held[0]["needsPerson"] == false, "{json}");
    let list = org.abide(&["holds", "list", "--at", NOW]).out;
    assert!(list.starts_with("table  ") && list.ends_with("1 held, none of them for a person\n"), "{list}");
    let released = org.abide(&["holds", "release", held[0]["id"].as_str().unwrap(), "--by", "ada"]);
    assert!(released.code == 2 && released.err.contains("waits for the team's table"), "{released:?}");
}

/// The drifts that are in a state.
fn states(org: &Organisation, command: &[&str], state: &str) -> usize {
    let json = org.abide(&[command, &["--at", NOW, "-o", "json"]].concat()).json();
    json["drifts"].as_array().unwrap().iter().filter(|drift| drift["state"] == state).count()
}

#[test]
fn a_task_that_the_table_refuses_is_held_until_it_takes_it() {
    let org = Organisation::new();
    org.sql("CREATE TRIGGER no BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, 'not from outside'); END");
    assert_eq!(states(&org, &["drift", "list"], "new"), 1, "no pass has tried it");
    assert_eq!(org.abide(&["reconcile", "--at", NOW]).code, 2);
    let why = "the table jobs refuses the task: a trigger of the team says: not from outside";
    assert_waits(&org, why);
    let explained = org.abide(&["drift", "explain", "assignment/fixes", "--at", NOW]).out;
    assert!(explained.contains(why), "{explained}");
    assert_eq!((states(&org, &["plan"], "held"), states(&org, &["drift", "list"], "held")), (1, 1));
    let steps = org.abide(&["plan", "--at", NOW, "-o", "json"]).json()["steps"].as_array().unwrap().len();
    assert_eq!(steps, 1, "it is tried again");
    let before = org.dump();
    assert_eq!(org.abide(&["reconcile", "--at", NOW]).code, 2);
    assert_eq!(org.dump(), before, "a second pass changes nothing");
    org.sql("DROP TRIGGER no");
    assert_eq!(org.abide(&["reconcile", "--at", NOW]).code, 0);
    assert_eq!(states(&org, &["drift", "list"], "open"), 1);
    assert_eq!(org.abide(&["holds", "list", "--at", NOW]).out, "Nothing is held\n");
}

#[test]
fn what_the_table_does_not_let_close_waits_as_well() {
    let org = Organisation::new();
    assert_eq!(org.abide(&["reconcile", "--at", NOW]).code, 0);
    org.sql(
        "UPDATE jobs SET role = 'developer'; \
         CREATE TRIGGER no BEFORE UPDATE ON jobs WHEN old.kind LIKE 'abide/%' BEGIN SELECT RAISE(ABORT, 'paid'); END",
    );
    assert_eq!(org.abide(&["reconcile", "--at", NOW]).code, 2);
    let why = "the table jobs refuses task 3: a trigger of the team says: paid";
    let tree = org.abide(&["status", "--at", NOW]).out;
    assert!(tree.contains(&format!("held: {why}")) && !tree.contains("the next pass"), "{tree}");
}

#[test]
fn corrections_that_are_refused_leave_room_for_the_others() {
    let org = Organisation::new();
    let to = "to: role/developer";
    org.repo.write("specs/org.yaml", SPECS.replace(to, &format!("{to}, onDrift: enforce")));
    org.repo.commit();
    let add = |title: &str| {
        org.sql(&format!(
            "INSERT INTO jobs (kind, title, role, status, created) VALUES ('fix_bug', '{title}', 'triage', 'todo', '2026-03-02 09:00:00')"
        ));
    };
    org.sql("CREATE TRIGGER no BEFORE UPDATE OF role ON jobs WHEN old.id = 2 BEGIN SELECT RAISE(ABORT, 'frozen'); END");
    let pass = || org.abide(&["reconcile", "--at", NOW, "--set", "limits.correct_per_pass=1"]);
    assert_eq!(pass().code, 2);
    assert_waits(&org, "the table jobs refuses task 2: a trigger of the team says: frozen");
    add("another");
    let ended = pass();
    assert!(ended.code == 2 && ended.out.contains("1 step done") && !ended.out.contains("a person"), "{ended:?}");
    let roles = || {
        let db = rusqlite::Connection::open(org.database()).unwrap();
        let sql = "SELECT group_concat(role ORDER BY id) FROM jobs";
        db.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap()
    };
    assert_eq!(roles(), "developer,triage,developer");
    org.sql("DROP TRIGGER no");
    assert_eq!((pass().code, roles().as_str()), (0, "developer,developer,developer"));
}
