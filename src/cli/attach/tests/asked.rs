//! What could be one thing or another: it is asked, or mapped and said.

use super::wild::says;
use super::*;

/// What is said of a table of two tasks with one more column.
fn told(column: &str, first: &str, second: &str) -> String {
    let sql = format!(
        "CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT NOT NULL, status TEXT NOT NULL, created_at TEXT, {column});
         INSERT INTO tasks VALUES (1, 'A', 'open', '2026-11-20 08:00:00', {first}), (2, 'B', 'closed', '2026-11-20 08:00:00', {second});"
    );
    Desk::new(&sql).run("--same-database").unwrap().1
}

#[test]
fn who_is_assigned_does_a_task_and_not_its_owner() {
    let said = told("owner TEXT, assigned TEXT", "'ACME', 'kim'", "'ACME', 'lee'");
    assert!(said.contains("agent     assigned "), "{said}");
    assert!(
        said.contains("`assigned` is taken to say who does a task, and `owner` is left alone")
            && said.contains("`--column agent=owner`"),
        "{said}"
    );
    let said = told("owner TEXT", "'kim'", "'lee'");
    assert!(said.contains("agent     owner ") && said.contains("leave it out with `--column agent=`"), "{said}");
}

#[test]
fn what_a_task_waits_for_are_keys_of_tasks() {
    let said = told("blocked_by TEXT", "'lee'", "NULL");
    assert!(!said.contains("needs     ") && said.contains("no dependencies were found"), "{said}");
    assert!(
        said.contains(
            "`blocked_by` (`lee`) is called as what a task waits for, and what it holds are no keys of tasks"
        ),
        "{said}"
    );
    let said = told("blocked_by TEXT", "'2, 7'", "'1'");
    assert!(
        said.contains("needs     \"blocked_by\"") && said.contains("1 of 3 keys in `blocked_by` are of no row"),
        "{said}"
    );
    let said = told("blocked_by TEXT", "NULL", "NULL");
    assert!(
        said.contains("`blocked_by` is empty so far; it is taken to hold keys of the tasks that one waits for"),
        "{said}"
    );
    let said = told("needs TEXT", "'[2, \"1\"]'", "'[]'");
    assert!(said.contains("needs     \"needs:[]\"") && !said.contains("of no row"), "{said}");
}

#[test]
fn what_is_resolved_may_wait_for_somebody() {
    let sql = "CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT, status TEXT, created_at TEXT);
        INSERT INTO tasks VALUES (1, 'A', 'New', '2026-11-20 08:00:00'), (2, 'B', 'Resolved', '2026-11-20 08:00:00'), (3, 'C', 'Sent back', '2026-11-20 08:00:00');";
    let lines = [
        "completed Resolved",
        "`Resolved` is taken as completed; in many trackers it waits for somebody to verify it: `--means Resolved=running` if so",
        "= say it as `--means 'Sent back=running'`",
    ];
    says(sql, Exit::Findings, &lines);
    let (_, said) = Desk::new(sql).run("--means Resolved=completed").unwrap();
    assert!(!said.contains("verify"), "{said}");
}

const CARDS: &str = "
    CREATE TABLE lists (id TEXT PRIMARY KEY, name TEXT NOT NULL, closed INTEGER DEFAULT 0);
    INSERT INTO lists VALUES ('a', 'To Do', 0), ('b', 'Doing', 0), ('c', 'Done', 0);
    CREATE TABLE members (id TEXT PRIMARY KEY, username TEXT);
    INSERT INTO members VALUES ('m', 'kim');
    CREATE TABLE cards (id TEXT PRIMARY KEY, name TEXT NOT NULL, list_id TEXT NOT NULL REFERENCES lists (id), closed INTEGER NOT NULL DEFAULT 0,
      created_at TEXT NOT NULL);
    CREATE TABLE card_members (card_id TEXT REFERENCES cards (id), member_id TEXT REFERENCES members (id), PRIMARY KEY (card_id, member_id));
    CREATE TABLE card_watchers (card_id TEXT REFERENCES cards (id), member_id TEXT REFERENCES members (id), PRIMARY KEY (card_id, member_id));
    INSERT INTO cards VALUES ('1', 'A', 'a', 0, '2026-11-20 08:00:00'), ('2', 'B', 'c', 1, '2026-11-20 08:00:00');
";

#[test]
fn cards_that_were_put_away_and_their_people_are_not_passed_over() {
    let both = format!("{CARDS} INSERT INTO cards VALUES ('3', 'C', 'b', 1, '2026-11-20 08:00:00');");
    let lines = [
        "completed Done",
        "? are rows tasks whose `closed` says otherwise (1 of 3)? `--only closed=0` leaves them out",
        "the rows of card_members tie people to tasks, and may say who works on one",
    ];
    says(&both, Exit::Findings, &lines);
    let (exit, said) = Desk::new(CARDS).run("").unwrap();
    assert!(
        !said.contains("`closed`") && !said.contains("card_watchers"),
        "a flag that says what the status says is none: {said}"
    );
    assert_eq!(exit, Exit::Fine, "{said}");
}

#[test]
fn a_list_that_is_in_use_says_nothing_of_its_cards() {
    let sql = "CREATE TABLE list (id TEXT PRIMARY KEY, type TEXT NOT NULL, name TEXT);
        INSERT INTO list VALUES ('a', 'active', 'Ideas'), ('b', 'active', 'Doing'), ('c', 'closed', 'Done');
        CREATE TABLE user_account (id TEXT PRIMARY KEY, username TEXT); INSERT INTO user_account VALUES ('u', 'kim');
        CREATE TABLE card (id TEXT PRIMARY KEY, name TEXT NOT NULL, list_id TEXT NOT NULL REFERENCES list (id), created_at TEXT,
          creator_user_id TEXT REFERENCES user_account (id));
        INSERT INTO card VALUES ('1', 'A', 'a', '2026-11-20 08:00:00', 'u');";
    let lines =
        ["? what does the word `Ideas` of `list_id` mean?", "author    creator_user_id → user_account.username"];
    says(sql, Exit::Findings, &lines);
    let (_, said) = Desk::new(sql).run("--means Ideas=pending").unwrap();
    assert!(said.contains("1  pending  medium  card  A"), "{said}");
    let numbers = "CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT, status INTEGER, created_at TEXT);
        INSERT INTO tasks VALUES (1, 'A', -1, '2026-11-20 08:00:00'), (2, 'B', 0, '2026-11-20 08:00:00');";
    let (exit, said) = Desk::new(numbers).run("--means -1=pending --means 0=completed").unwrap();
    assert_eq!(exit, Exit::Fine, "{said}");
}

#[test]
fn nobody_can_tell_a_short_scale() {
    let said = told("priority INTEGER", "1", "4");
    assert!(
        said.contains("as P1 is: nothing here tells, and in some trackers 4 is; `--urgent highest` turns it round"),
        "{said}"
    );
}

#[test]
fn in_whose_name_abide_asks_is_said() {
    let sql = "CREATE TABLE users (id INTEGER PRIMARY KEY, login TEXT); INSERT INTO users VALUES (1, 'anna'), (2, 'ben');
        CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT, status TEXT, created_at TEXT, reporter_id INTEGER NOT NULL REFERENCES users (id),
          qa_contact_id INTEGER NOT NULL REFERENCES users (id));
        INSERT INTO tasks VALUES (1, 'A', 'open', '2026-11-20 08:00:00', 2, 1), (2, 'B', 'done', '2026-11-20 08:00:00', 2, 1);";
    let lines = [
        "tasks that Abide opens were asked for by `ben`, since `reporter_id` must name somebody of users: add a row for Abide there",
        "tasks that Abide opens name `anna`, since `qa_contact_id` must name somebody of users",
    ];
    says(sql, Exit::Fine, &lines);
}

#[test]
fn people_and_ties_are_known_by_what_their_tables_are_called() {
    let sql = "CREATE TABLE auth_user (id INTEGER PRIMARY KEY, username TEXT);
        CREATE TABLE a_user (id INTEGER PRIMARY KEY, bug_id INTEGER, reason INTEGER);
        CREATE TABLE enumerations (id INTEGER PRIMARY KEY, name TEXT, type TEXT);
        CREATE TABLE relations (id INTEGER PRIMARY KEY, from_id INTEGER, to_id INTEGER, relation_type TEXT);
        CREATE TABLE bugs (id INTEGER PRIMARY KEY, title TEXT, status TEXT, created_at TEXT, handler_id INTEGER, priority_id INTEGER, user_id INTEGER);
        INSERT INTO auth_user VALUES (1, 'kim');
        INSERT INTO enumerations VALUES (1, '1 - High', 'IssuePriority'), (2, '2 - Low', 'IssuePriority');
        INSERT INTO relations VALUES (1, 2, 1, 'blocks'), (2, 1, 2, 'relates');
        INSERT INTO bugs VALUES (1, 'A', 'open', '2026-11-20 08:00:00', 1, 1, 1), (2, 'B', 'done', '2026-11-20 08:00:00', 1, 2, 1);";
    let lines = [
        "agent     handler_id → auth_user.username",
        "priority  priority_id → enumerations.name",
        "high      [\"1 - High\"]",
        "needs     {table = \"relations\", task = \"to_id\", value = \"from_id\", only = {relation_type = \"blocks\"}}",
        "`user_id` refers to people, and its name does not say whether they asked for a task or do it",
        "agent kim, needs 2",
    ];
    says(sql, Exit::Fine, &lines);
}

#[test]
fn nobody_holds_a_new_task() {
    let said = told("worker TEXT NOT NULL DEFAULT ''", "''", "'kim'");
    assert!(said.contains("agent     worker ") && !said.contains("insert "), "{said}");
    let said = told("worker TEXT NOT NULL", "'lee'", "'kim'");
    assert!(said.contains("insert    worker = \"\" "), "{said}");
}

#[test]
fn abides_own_database_needs_no_attaching() {
    let said = Desk::new("CREATE TABLE abide_tasks (id INTEGER PRIMARY KEY, title TEXT);").wrong("");
    assert!(said.contains("this is Abide's own database") && !said.contains("no tables"), "{said}");
}
