//! Which table it is, where others come near.

use super::wild::says;
use super::*;

#[test]
fn an_empty_table_never_wins_in_silence() {
    let sql = "CREATE TABLE issue (id INTEGER PRIMARY KEY, name TEXT, is_closed INTEGER, priority INTEGER, created_unix INTEGER);
        CREATE TABLE action_task (id INTEGER PRIMARY KEY, job_id INTEGER, status INTEGER, started INTEGER, stopped INTEGER, created INTEGER, updated INTEGER);
        INSERT INTO issue VALUES (1, 'A', 0, 1, 1795000000), (2, 'B', 1, 1, 1795000000);";
    let said = Desk::new(sql).run("").unwrap_err().to_string();
    assert!(
        said.contains("the likeliest first:\n  issue (2 rows)") && said.contains("\n  action_task (0 rows)"),
        "{said}"
    );
    assert!(said.contains("name one: --table issue"), "{said}");
}

/// A card has lists of tasks, and no foreign key says so.
#[test]
fn what_a_part_is_of_comes_before_it() {
    let sql = "CREATE TABLE list (id INTEGER PRIMARY KEY, name TEXT);
        INSERT INTO list VALUES (7, 'Ideas'), (8, 'Somewhere'), (9, 'Done');
        CREATE TABLE card (id INTEGER PRIMARY KEY, list_id INTEGER NOT NULL, name TEXT NOT NULL, created_at TEXT);
        INSERT INTO card VALUES (1, 7, 'A', '2026-11-20 08:00:00'), (2, 9, 'B', '2026-11-20 08:00:00');
        CREATE TABLE task_list (id INTEGER PRIMARY KEY, card_id INTEGER NOT NULL, name TEXT NOT NULL);
        INSERT INTO task_list VALUES (1, 1, 'Steps');
        CREATE TABLE task (id INTEGER PRIMARY KEY, task_list_id INTEGER NOT NULL, assignee_user_id INTEGER, name TEXT NOT NULL,
          is_completed INTEGER NOT NULL DEFAULT 0, created_at TEXT);
        INSERT INTO task VALUES (1, 1, NULL, 'First', 0, '2026-11-20 08:00:00'), (2, 1, NULL, 'Then', 1, '2026-11-20 08:00:00');";
    let said = Desk::new(sql).run("").unwrap_err().to_string();
    assert!(said.contains("the likeliest first:\n  card (2 rows)") && said.contains("\n  task (2 rows)"), "{said}");
    let (_, said) = Desk::new(sql).run("--table task").unwrap();
    assert!(said.contains("`assignee_user_id` refers to people, and what they are called is not found"), "{said}");
}

#[test]
fn a_list_that_tasks_are_put_into_is_none() {
    let sql = "CREATE TABLE todo_tasklist (id INTEGER PRIMARY KEY, name TEXT NOT NULL, owner TEXT, created_at TEXT);
        INSERT INTO todo_tasklist VALUES (1, 'Desk', 'kim', '2026-11-20 08:00:00');
        CREATE TABLE todo_task (id INTEGER PRIMARY KEY, title TEXT NOT NULL, task_list_id INTEGER NOT NULL REFERENCES todo_tasklist (id),
          completed INTEGER NOT NULL, created_at TEXT);
        INSERT INTO todo_task VALUES (1, 'A', 1, 0, '2026-11-20 08:00:00'), (2, 'B', 1, 1, '2026-11-20 08:00:00');";
    says(sql, Exit::Fine, &["todo_task: 2 rows of tasks"]);
}

#[test]
fn items_of_a_checklist_are_parts_and_are_named() {
    let columns = "uuid TEXT PRIMARY KEY, title TEXT, status TEXT, creationDate TEXT";
    let sql = format!(
        "CREATE TABLE TMTask ({columns}, deadline TEXT);
         CREATE TABLE TMChecklistItem ({columns}, task TEXT);
         INSERT INTO TMTask VALUES ('a', 'A', 'todo', '2026-11-20 08:00:00', NULL), ('b', 'B', 'done', '2026-11-20 08:00:00', NULL);
         INSERT INTO TMChecklistItem VALUES ('x', 'X', 'todo', '2026-11-20 08:00:00', 'a'), ('y', 'Y', 'done', '2026-11-20 08:00:00', 'a');"
    );
    let lines = [
        "TMTask: 2 rows of tasks",
        "- rows of TMChecklistItem (2) are taken for parts of these tasks, which Abide does not see: `--table TMChecklistItem` if they are",
    ];
    says(&sql, Exit::Fine, &lines);
    let (_, said) = Desk::new(&sql).run("--table TMTask").unwrap();
    assert!(!said.contains("taken for parts"), "{said}");
}
