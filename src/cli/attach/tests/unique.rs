//! What no two rows may have the same.

use super::Exit;
use super::doubts::rows;
use super::wild::{says, says_not};

const NUMBER: &str = "insert    nr = {next = true, within = \"project_id\"}";

fn table(more: &str) -> String {
    format!(
        "CREATE TABLE tasks (id integer PRIMARY KEY, title text, status text, created_at text, project_id integer NOT NULL, {more});
         {}",
        rows("tasks", 6, "#, 'Task #', 'open', '2026-11-20 08:00:00', 1, #")
            + "INSERT INTO tasks VALUES (9, 'x', 'done', '2026-11-20 08:00:00', 2, 1);"
    )
}

#[test]
fn a_number_that_counts_within_another_column_goes_on() {
    for more in [
        "nr integer DEFAULT 0, UNIQUE (project_id, nr)",
        "nr integer NOT NULL, UNIQUE (nr, project_id)",
        "nr integer, UNIQUE (project_id, nr)",
    ] {
        says(
            &table(more),
            Exit::Fine,
            &[NUMBER, "new tasks get the number after the greatest of its `project_id` for `nr`"],
        );
    }
    let distinct = table("nr integer NOT NULL").replace(", 2, 1)", ", 2, 7)");
    says(&distinct, Exit::Findings, &["if it counts, write `nr = {next = true}` under [tasks.insert]"]);
    let alone = table("nr integer NOT NULL UNIQUE").replace(", 2, 1)", ", 2, 7)");
    says(&alone, Exit::Fine, &["insert    nr = {next = true}  "]);
}

#[test]
fn what_is_no_number_is_asked_and_what_may_be_empty_is_not() {
    let said = "what do new tasks get for `slug` (`1`, `2`)? It must be another in every row: no two may have the same `project_id` and \
                `slug`, so Abide can open one task here and no second";
    says(&table("slug text DEFAULT 'x', UNIQUE (project_id, slug)"), Exit::Findings, &[said]);
    says_not(&table("slug text, UNIQUE (project_id, slug)"), Exit::Fine, &["no two may have"]);
    says_not(&table("nr integer, UNIQUE (title, nr)"), Exit::Fine, &["{next"]);
}

#[test]
fn the_order_of_an_index_does_not_say_what_counts() {
    let sql = |columns: &str| {
        format!(
            "CREATE TABLE project (id numeric PRIMARY KEY, pname text);
             CREATE TABLE issues (id integer PRIMARY KEY, title text, status text, created_at text, {columns});
             {}",
            rows(
                "issues",
                6,
                "#, 'Task #', CASE # WHEN 1 THEN 'done' ELSE 'open' END, '2026-11-20 08:00:00', #, 10000 + # % 2"
            )
        )
    };
    let line = "insert    issuenum = {next = true, within = \"PROJECT\"}";
    for index in ["UNIQUE (issuenum, PROJECT)", "UNIQUE (PROJECT, issuenum)"] {
        says(&sql(&format!("issuenum numeric(18), PROJECT numeric(18), {index}")), Exit::Fine, &[line]);
    }
    let texts = sql("number varchar NOT NULL UNIQUE, lane integer");
    says(&texts, Exit::Findings, &["if it counts, write `number = {next = true}` under [tasks.insert]"]);
}
