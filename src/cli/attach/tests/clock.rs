//! Times however a table writes them: read right, or named.

use super::wild::says;
use super::*;

/// Two tasks that were made at what is given, and an hour later.
fn made(column: &str, first: &str, second: &str) -> String {
    format!(
        "CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT NOT NULL, status TEXT NOT NULL, {column});
         INSERT INTO tasks VALUES (1, 'A', 'open', {first}), (2, 'B', 'done', {second});"
    )
}

#[test]
fn numbers_are_read_from_where_they_count() {
    let told = [
        "taken as seconds since 2001, as Apple's Core Data counts: `created_at`",
        "1  pending  medium  task  A\n    created 2026-03-02T10:00:00Z",
    ];
    let cases = [
        ("created_at REAL NOT NULL", "794138400.0", "794142000.5", "apple", &told[..]),
        ("created_at INTEGER", "639080424000000000", "639080460000000000", "ticks", &told[1..]),
        (
            "created_at REAL",
            "julianday('2026-03-02 10:00:00')",
            "julianday('2026-03-02 11:00:00')",
            "julian",
            &told[1..],
        ),
    ];
    for (column, first, second, format, lines) in cases {
        let sql = made(column, first, second);
        says(&sql, Exit::Fine, lines);
        let desk = Desk::new(&sql);
        desk.run("").unwrap();
        assert!(desk.config().contains(&format!("time = \"{format}\"")), "{}", desk.config());
    }
    let (_, said) = Desk::new(&made("created_at INTEGER", "1772445600", "1772449200")).run("").unwrap();
    assert!(!said.contains("since 2001"), "{said}");
}

#[test]
fn times_for_people_are_named_with_what_would_help() {
    let sql = "CREATE TABLE aufgaben (id INTEGER PRIMARY KEY, titel TEXT, status TEXT, angelegt TEXT, faellig TEXT);
        INSERT INTO aufgaben VALUES (1, 'A', 'offen', '24.11.2026 10:00', '1.12.2026'), (2, 'B', 'erledigt', '25.11.2026 10:00', NULL);";
    let lines = [
        "? which column tells when a task came to be? `angelegt` looks as if it were when a task is made, and holds times with the day \
         first (2 rows, as `24.11.2026 10:00`). Abide reads no such times.",
        "`--column created=angelegt_iso`",
        "`faellig` looks as if it were when a task is due, and holds times with the day first (1 row, as `1.12.2026`), which Abide does not",
        "1 question is open",
    ];
    says(sql, Exit::Findings, &lines);
    let (_, said) = Desk::new(sql).run("").unwrap();
    assert!(!said.contains("No column holds times"), "{said}");
    let statement = said.split('`').find(|part| part.starts_with("ALTER TABLE")).unwrap();
    let (exit, said) =
        Desk::new(&format!("{sql}{statement};")).run("--same-database --column created=angelegt_iso").unwrap();
    assert!(exit == Exit::Fine && said.contains("created 2026-11-24T10:00:00Z"), "what is advised works: {said}");
    let odd = made("created_at TEXT", "'yesterday'", "'soon'");
    says(&odd, Exit::Findings, &["What `created_at` (`soon`, `yesterday`) holds is no time that Abide reads"]);
}

#[test]
fn a_time_may_end_as_people_like() {
    let sql = "CREATE TABLE tickets (id TEXT PRIMARY KEY, title TEXT, status TEXT, date_raised TEXT, closed_ts INTEGER, due_on TEXT);
        INSERT INTO tickets VALUES ('a', 'A', 'open', '2026-11-24 10:00:00', NULL, '2026-12-01'),
          ('b', 'B', 'done', '2026-11-24 10:00:00', 1772445600000, NULL);";
    let lines = [
        "created   date_raised",
        "finished  {column = \"closed_ts\", time = \"unix-ms\"}",
        "due       {column = \"due_on\"",
    ];
    says(sql, Exit::Fine, &lines);
}

#[test]
fn a_start_after_all_that_was_written_down_is_a_plan() {
    let tasks = |times: &str, first: &str, second: &str| {
        format!(
            "CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT NOT NULL, status TEXT NOT NULL, {times});
             INSERT INTO tasks VALUES (1, 'A', 'doing', {first}), (2, 'B', 'done', {second}), (3, 'C', 'todo', {second});"
        )
    };
    let told = "`start_date` holds times after the newest that tells when a task was made or changed, so it is when they are to start";
    let ahead = [
        ("created_at TEXT, start_date TEXT", "'2026-11-20 08:00:00', '2027-02-01'", "'2026-11-21 08:00:00', NULL"),
        ("created_at INTEGER, start_date INTEGER", "1795000000000, 1801000000", "1795000000000, 0"),
        ("created_at REAL, start_date REAL", "794138400.0, 804138400.0", "794138400.0, NULL"),
        ("created_at REAL, start_date REAL", "2461000.5, 2461010.5", "2461000.5, NULL"),
        ("created_at INTEGER, start_date TEXT", "639080424000000000, '2027-02-01'", "639080424000000000, NULL"),
    ];
    for (times, first, second) in ahead {
        let (_, said) = Desk::new(&tasks(times, first, second)).run("").unwrap();
        assert!(said.contains(told) && !said.contains("  started   "), "{said}");
        let (_, said) = Desk::new(&tasks(times, first, second)).run("--column started=start_date").unwrap();
        assert!(said.contains("  started   "), "{said}");
    }
    let was = [
        ("created_at TEXT, start_date TEXT", "'2026-11-20 08:00:00', '2026-11-21'", "'2026-11-20 09:00:00', NULL"),
        (
            "created_at INTEGER, start_date TEXT",
            "639080424000000000, '2026-03-02T11:00:00Z'",
            "639080424000000000, NULL",
        ),
        ("created_at REAL, start_date TEXT", "2461000.5, '2025-11-21 08:00:00'", "2461000.5, NULL"),
        ("created_at REAL, start_date TEXT", "794138400.0, '2026-03-02 11:00:00'", "794138400.0, NULL"),
    ];
    for (times, first, second) in was {
        let (_, said) = Desk::new(&tasks(times, first, second)).run("").unwrap();
        assert!(said.contains("  started   "), "{said}");
    }
}
