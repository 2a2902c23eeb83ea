//! What Abide would write: the words of a status, and the constants of a new row.

use super::wild::says;
use super::*;

/// Tasks with a status each, and one more column of the same table.
fn tasks(statuses: &[&str], column: &str, value: impl Fn(usize) -> String) -> String {
    let row =
        |(at, status): (usize, &&str)| format!("({}, 'T', '{status}', '2026-11-20 08:00:00', {})", at + 1, value(at));
    let rows: Vec<String> = statuses.iter().enumerate().map(row).collect();
    format!(
        "CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT NOT NULL, status TEXT NOT NULL, created_at TEXT NOT NULL, {column});
         INSERT INTO tasks VALUES {};",
        rows.join(", ")
    )
}

#[test]
fn the_best_known_word_is_written_and_then_what_a_person_named() {
    let statuses = ["Backlog", "Closed", "Done", "Closed", "New", "Zebra", "Ant", "Doing"];
    let desk = Desk::new(&tasks(&statuses, "note TEXT", |_| "NULL".to_owned()));
    let (exit, said) = desk.run("--means Zebra=completed --means Ant=completed").unwrap();
    assert_eq!(exit, Exit::Fine, "{said}");
    assert!(said.contains("  pending   New (1), Backlog (1); Abide writes `New`\n"), "{said}");
    assert!(said.contains("  completed Done (1), Closed (2), Zebra (1), Ant (1); Abide writes `Done`\n"), "{said}");
    assert!(said.contains("  running   Doing (1)\n"), "{said}");
    assert!(desk.config().contains("completed = [\"Done\", \"Closed\", \"Zebra\", \"Ant\"]"), "{}", desk.config());
}

#[test]
fn words_of_another_table_come_in_the_same_order() {
    let sql = "CREATE TABLE statuses (id INTEGER PRIMARY KEY, name TEXT);
        INSERT INTO statuses VALUES (1, 'Closed'), (2, 'In Progress'), (3, 'New'), (4, 'Resolved'), (5, 'Backlog');
        CREATE TABLE issues (id INTEGER PRIMARY KEY, title TEXT, status_id INTEGER REFERENCES statuses (id), created_at TEXT);
        INSERT INTO issues VALUES (1, 'A', 1, '2026-11-20 08:00:00');";
    let lines = ["pending   New, Backlog; Abide writes `New`", "completed Resolved, Closed; Abide writes `Resolved`"];
    says(sql, Exit::Fine, &lines);
}

#[test]
fn what_a_queue_has_discarded_has_failed() {
    let with = |statuses: &[&str]| Desk::new(&tasks(statuses, "note TEXT", |_| "NULL".to_owned()));
    let (_, said) = with(&["available", "executing", "completed", "discarded", "cancelled"]).run("").unwrap();
    assert!(said.contains("  failed    discarded (1)\n  cancelled cancelled (1)"), "{said}");
    assert!(said.contains("`discarded` is taken as failed, since another word says cancelled"), "{said}");
    let desk = with(&["todo", "done", "discarded"]);
    let (_, said) = desk.run("--print -o text").unwrap();
    assert!(said.contains("  cancelled discarded (1)") && said.contains("`--means discarded=failed` if so"), "{said}");
    let (_, said) = desk.run("--means discarded=failed").unwrap();
    assert!(said.contains("  failed    discarded (1)") && !said.contains("`discarded` is taken"), "{said}");
}

#[test]
fn what_most_rows_have_may_be_nothing() {
    let statuses = ["todo", "done", "todo", "done", "doing", "todo"];
    let note = |at: usize| if at < 3 { format!("'waits for {at}'") } else { "''".to_owned() };
    says(&tasks(&statuses, "remark TEXT NOT NULL", note), Exit::Fine, &["insert    remark = \"\" "]);
    let scale = |at: usize| format!("'{}'", ["blocker", "blocker", "normal", "minor", "trivial", "enhancement"][at]);
    let lines = [
        "insert    bug_severity = \"blocker\"     it must not be empty, and 2 of 6 rows have this",
        "new tasks get \"blocker\" for `bug_severity`, which 2 of 6 rows have, more than have any other: put what is right under [tasks.insert]",
    ];
    let sql = tasks(&statuses, "bug_severity TEXT NOT NULL, priority INTEGER", |at| format!("{}, 1", scale(at)));
    says(&sql, Exit::Fine, &lines);
}

#[test]
fn who_somebody_is_stands_where_something_stands() {
    let with = |columns: &str, values: &str| {
        let sql = tasks(&["todo", "done"], "assigned_to INTEGER REFERENCES people (id)", |_| "1".to_owned());
        format!(
            "CREATE TABLE people (id INTEGER PRIMARY KEY, {columns}); INSERT INTO people VALUES (1, {values}); {sql}"
        )
    };
    let cases = [
        ("bio TEXT NOT NULL DEFAULT '', login_name varchar(255) NOT NULL", "'', 'kim'", "login_name"),
        ("name TEXT, realname varchar(255)", "'', 'Kim Lee'", "realname"),
        ("cryptpassword TEXT, nick varchar(32), email TEXT", "'x', 'kim', 'k@x.org'", "nick"),
        ("disabledtext TEXT NOT NULL, what varchar(20)", "'', 'kim'", "what"),
    ];
    for (columns, values, word) in cases {
        says(&with(columns, values), Exit::Fine, &[&format!("agent     assigned_to → people.{word} ")]);
    }
}

#[test]
fn what_every_row_has_is_given_to_new_ones_or_said() {
    let columns = "project_id INTEGER NOT NULL DEFAULT 0, position REAL, flag INTEGER DEFAULT 1, note TEXT";
    let value = |at: usize| format!("3, {at}.5, 1, {}", if at == 2 { "'x'" } else { "NULL" });
    let desk = Desk::new(&tasks(&["todo", "doing", "done", "todo", "done"], columns, value));
    let (exit, said) = desk.run("").unwrap();
    assert_eq!(exit, Exit::Fine, "{said}");
    assert!(said.contains("every row has this; a new one would have `0`"), "{said}");
    assert!(
        said.contains("every row has something in `position` (`0.5`, `1.5`), and what Abide opens has not"),
        "{said}"
    );
    assert!(desk.config().contains("project_id = 3") && !desk.config().contains("flag ="), "{}", desk.config());
    let desk = Desk::new(&tasks(&["todo", "doing", "done"], columns, value));
    let (_, said) = desk.run("").unwrap();
    assert!(!said.contains("every row has"), "three rows tell nothing: {said}");
}

/// Not all rows of a long table are looked at first.
#[test]
fn what_was_not_looked_at_is_not_nothing() {
    let sql = "CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT NOT NULL, status TEXT NOT NULL, created_at TEXT NOT NULL, project_id INTEGER NOT NULL);
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
        INSERT INTO tasks SELECT i, 'T', iif(i % 2, 'todo', 'done'), '2026-11-20 08:00:00', 7 FROM n;";
    says(sql, Exit::Fine, &["insert    project_id = 7 ", "most rows have this"]);
    let nullable = sql.replace("project_id INTEGER NOT NULL", "project_id INTEGER");
    says(&nullable, Exit::Fine, &["insert    project_id = 7 ", "every row has this; a new one would have nothing"]);
}

#[test]
fn what_only_sorts_the_words_of_a_status_keeps_none_from_being_written() {
    let sql = "CREATE TABLE state_types (id INTEGER PRIMARY KEY, name TEXT);
        INSERT INTO state_types VALUES (1, 'new'), (2, 'open'), (3, 'closed');
        CREATE TABLE states (id INTEGER PRIMARY KEY, name TEXT UNIQUE, state_type_id INTEGER REFERENCES state_types (id));
        INSERT INTO states VALUES (1, 'New', 1), (2, 'In Progress', 2), (3, 'Resolved', 3), (4, 'Closed', 3);
        CREATE TABLE tickets (id INTEGER PRIMARY KEY, title TEXT, state_id INTEGER REFERENCES states (id), created_at TEXT);
        INSERT INTO tickets VALUES (1, 'A', 1, '2026-11-20 08:00:00');";
    let desk = Desk::new(sql);
    let (exit, said) = desk.run("--means Closed=completed").unwrap();
    assert_eq!(exit, Exit::Fine, "{said}");
    assert!(said.contains("  completed Closed, Resolved; Abide writes `Closed`\n"), "{said}");
    assert!(!desk.config().contains("within"), "{}", desk.config());
}
