//! Which rows are tasks.

use super::wild::says;
use super::*;

/// A table of four tasks with a column that says which are deleted.
fn tasks(column: &str, values: [&str; 4]) -> String {
    let [first, second, third, fourth] = values;
    let at = "'2026-11-20 08:00:00'";
    format!(
        "CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT NOT NULL, status TEXT NOT NULL, created_at TEXT NOT NULL, {column});
         INSERT INTO tasks VALUES (1, 'A', 'todo', {at}, {first}), (2, 'B', 'doing', {at}, {second}), (3, 'C', 'done', {at}, {third}),
           (4, 'Gone', 'todo', {at}, {fourth});"
    )
}

#[test]
fn zero_in_a_time_of_deletion_says_that_a_row_is_there() {
    let told = "rows whose `deleted_at` is set are deleted and no tasks (1 of 4)";
    let sql = tasks("deleted_at INTEGER NOT NULL DEFAULT 0", ["0", "0", "0", "1795000000"]);
    says(&sql, Exit::Fine, &["only      deleted_at = 0 ", told, "3  completed  medium  task  C"]);
    assert!(!Desk::new(&sql).run("").unwrap().1.contains("Gone"));
    let sql = tasks("deleted_at INTEGER DEFAULT 0", ["0", "0", "NULL", "1795000000"]);
    says(&sql, Exit::Fine, &["only      deleted_at = [0, \"\"] ", told, "3  completed  medium  task  C"]);
}

#[test]
fn a_mark_that_leaves_hardly_a_row_is_asked_about() {
    let at = "'2026-11-21 08:00:00'";
    let sql = tasks("deleted_at TEXT", [at; 4]);
    let asked = "? are rows deleted whose `deleted_at` (`2026-11-21 08:00:00`) is set (4 of 4)? Then hardly a task is left: \
         `--only deleted_at=` leaves them out";
    says(&sql, Exit::Findings, &[asked, "4  pending  medium  task  Gone"]);
    let (exit, said) = Desk::new(&sql).run("--only deleted_at=*").unwrap();
    assert!(exit == Exit::Fine && said.contains("Gone"), "{said}");
    let sql = tasks("deleted INTEGER NOT NULL DEFAULT 1", ["1"; 4]);
    says(
        &sql,
        Exit::Findings,
        &["`--only deleted=0` leaves them out, `--only deleted=VALUE` keeps the rows with that value"],
    );
    let (exit, said) = Desk::new(&sql).run("--only deleted=1").unwrap();
    assert!(exit == Exit::Fine && said.contains("only      deleted = 1 ") && said.contains("Gone"), "{said}");
}

#[test]
fn what_is_said_of_a_column_twice_is_a_list() {
    let desk = Desk::new(&tasks("list_id TEXT", ["'a'", "'b'", "'b'", "'c'"]));
    let (exit, said) = desk
        .run("--only list_id=b --only status=todo --only list_id=a --only status=done --only status=doing")
        .unwrap();
    assert_eq!(exit, Exit::Fine, "{said}");
    let config = desk.config();
    assert!(config.contains("only = {status = [\"todo\", \"done\", \"doing\"], list_id = [\"b\", \"a\"]}"), "{config}");
    assert!(said.contains("1  pending  medium  task  A") && !said.contains("Gone"), "{said}");
}
