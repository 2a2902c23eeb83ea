//! Trackers as they are met: what of their schemas matters here.

use super::*;

const VIKUNJA: &str = "
    CREATE TABLE tasks (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, done INTEGER, done_at DATETIME, due_date DATETIME,
      project_id INTEGER NOT NULL, priority INTEGER, created DATETIME NOT NULL, updated DATETIME NOT NULL, created_by_id INTEGER NOT NULL);
    CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, username TEXT NOT NULL);
    CREATE TABLE task_assignees (id INTEGER PRIMARY KEY AUTOINCREMENT, task_id INTEGER NOT NULL, user_id INTEGER NOT NULL);
    CREATE TABLE labels (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL);
    CREATE TABLE label_tasks (id INTEGER PRIMARY KEY AUTOINCREMENT, task_id INTEGER NOT NULL, label_id INTEGER NOT NULL);
    CREATE TABLE task_relations (id INTEGER PRIMARY KEY, task_id INTEGER NOT NULL, other_task_id INTEGER NOT NULL, relation_kind TEXT NOT NULL);
    INSERT INTO users VALUES (1, 'Ana', 'ana');
    INSERT INTO labels VALUES (1, 'area:db');
    INSERT INTO label_tasks VALUES (1, 1, 1);
    INSERT INTO task_relations VALUES (1, 1, 2, 'blocked'), (2, 2, 1, 'blocking');
    INSERT INTO tasks (title, done, priority, project_id, created, updated, created_by_id) VALUES
      ('A', 0, 3, 3, '2026-11-20 08:00:00', '2026-11-20 08:00:00', 1), ('B', 1, 0, 3, '2026-11-20 07:00:00', '2026-11-20 08:00:00', 1);
";

const REDMINE: &str = "
    CREATE TABLE issues (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, tracker_id integer NOT NULL, project_id integer NOT NULL,
      subject varchar DEFAULT '' NOT NULL, due_date date, status_id integer NOT NULL, assigned_to_id integer, priority_id integer NOT NULL,
      author_id integer NOT NULL, created_on datetime, updated_on datetime, closed_on datetime);
    CREATE TABLE issue_statuses (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, name varchar NOT NULL);
    CREATE TABLE enumerations (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, name varchar NOT NULL, type varchar);
    CREATE TABLE trackers (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, name varchar NOT NULL);
    CREATE TABLE users (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, login varchar NOT NULL, firstname varchar);
    INSERT INTO issue_statuses (name) VALUES ('New'), ('In Progress'), ('Resolved'), ('Feedback'), ('Closed'), ('Rejected');
    INSERT INTO enumerations (name, type) VALUES ('Low', 'IssuePriority'), ('Normal', 'IssuePriority');
    INSERT INTO trackers (name) VALUES ('Bug'), ('Feature');
    INSERT INTO users (login) VALUES ('admin'), ('ben');
    INSERT INTO issues (tracker_id, project_id, subject, status_id, priority_id, author_id, assigned_to_id, created_on) VALUES
      (1, 1, 'Crash', 1, 2, 1, 2, '2026-11-20 08:00:00');
";

const TRAC: &str = "
    CREATE TABLE ticket (id integer PRIMARY KEY, type text, time integer, changetime integer, priority text, owner text, reporter text,
      status text, summary text, keywords text);
    INSERT INTO ticket VALUES (1, 'defect', 1763625600000000, 1763625600250000, 'major', 'ben', 'ana', 'new', 'Broken', 'area:db, urgent'),
      (2, 'task', 1763625600000000, 1763625600000000, 'minor', 'ben', 'ana', 'closed', 'Done', NULL);
";

/// Everything that must be said, and how it ends.
pub(super) fn says(sql: &str, exit: Exit, lines: &[&str]) {
    let (ended, text) = Desk::new(sql).run("--same-database").unwrap();
    for line in lines {
        assert!(text.contains(line), "`{line}` is not said in\n{text}");
    }
    assert_eq!(ended, exit, "{text}");
}

/// What must not be said, and how it ends.
pub(super) fn says_not(sql: &str, exit: Exit, lines: &[&str]) {
    let (ended, text) = Desk::new(sql).run("--same-database").unwrap();
    for line in lines {
        assert!(!text.contains(line), "`{line}` is said in\n{text}");
    }
    assert_eq!(ended, exit, "{text}");
}

#[test]
fn keys_without_foreign_keys_are_followed_by_their_names() {
    let lines = [
        "author    created_by_id → users.username its name, and no foreign key: users is taken for its table",
        "only = {relation_kind = \"blocked\"}} a row of task_relations",
        "created_by_id = 1            Abide asks in this one's name: nobody there is called abide",
        "the highest number of `priority` is the most urgent, since 0 mostly means none",
        "the rows of task_assignees say who does a task, several for one",
        "created 2026-11-20T08:00:00Z, author ana, area=db, needs 2",
    ];
    says(VIKUNJA, Exit::Fine, &lines);
}

#[test]
fn a_word_that_teams_use_differently_is_asked() {
    let lines = [
        "type      tracker_id → trackers.name",
        "status_id → issue_statuses.name",
        "agent     assigned_to_id → users.login",
        "priority  priority_id → enumerations.name",
        "no foreign key: the rows of enumerations whose type is `IssuePriority` are taken for its words",
        "? what does the word `Feedback` of `status_id` mean?",
        "created 2026-11-20T08:00:00Z, agent ben, author admin",
    ];
    says(REDMINE, Exit::Findings, &lines);
}

#[test]
fn microseconds_are_times_too() {
    let lines = [
        "created   time",
        "updated   changetime",
        "created 2025-11-20T08:00:00Z, agent ben, author ana, area=db, urgent=true",
    ];
    says(TRAC, Exit::Fine, &lines);
}

#[test]
fn zero_beside_times_says_that_there_is_none() {
    let board = "
        CREATE TABLE cards (id INTEGER PRIMARY KEY, title TEXT, status TEXT, created_at INTEGER, started_at INTEGER DEFAULT 0,
          finished_at INTEGER DEFAULT 0);
        INSERT INTO cards VALUES (1, 'A', 'done', 1763625600, 1763625700, 1763625800), (2, 'B', 'open', 1763625600, 0, 0);
    ";
    let lines = ["started   started_at", "finished  finished_at", "finished 2025-11-20T08:03:20Z"];
    says(board, Exit::Fine, &lines);
}
