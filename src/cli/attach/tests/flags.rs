//! Columns of yes and no that tell whether a task is over.

use super::doubts::rows;
use super::*;

/// Four tasks that have ended and five that have not, with one flag and a time of end.
fn tasks(flag: &str, ended: u8, more: &str) -> String {
    let row = |id: &str, flag: u8, end: &str| format!("{id}, 'Task #', '2026-11-20 08:00:00', {end}, {flag}");
    let open = rows("tasks", 5, &row("#", 1 - ended, "NULL"));
    let over = rows("tasks", 4, &row("# + 10", ended, "'2026-11-21 08:00:00'"));
    format!(
        "CREATE TABLE tasks (id integer PRIMARY KEY, title text, created_at text, closed_at text, {flag} integer);
         {open}{over}{more}"
    )
}

/// What is said, everything that must be in it, and how it ends.
fn says(sql: &str, more: &str, exit: Exit, lines: &[&str]) -> String {
    let (ended, text) = Desk::new(sql).run(&format!("--same-database {more}")).unwrap();
    for line in lines {
        assert!(text.contains(line), "`{line}` is not said in\n{text}");
    }
    assert_eq!(ended, exit, "{text}");
    text
}

#[test]
fn a_flag_that_is_set_while_a_task_is_open_is_no_mark_of_its_end() {
    for flag in ["is_open", "open", "is_active", "active", "pending", "incomplete", "todo"] {
        let (sql, said) = (tasks(flag, 0, ""), format!("--column status={flag} --only {flag}=*"));
        let lines = ["pending   1 (5)", "completed 0 (4)", "finished  closed_at", "finished 2026-11-21"];
        says(&sql, &said, Exit::Fine, &lines);
        // The name alone tells it too.
        says(&sql.replace("'2026-11-21 08:00:00'", "NULL"), &said, Exit::Fine, &lines[..2]);
        let offer = format!("`--column status={flag}` goes by `{flag}`, where 0 is completed and 1 is pending");
        let text = says(&sql, "", Exit::Findings, &["which column holds the status?", &offer]);
        assert!(!text.contains("only `closed_at` tells"), "{text}");
    }
}

#[test]
fn times_tell_which_way_round_a_flag_is_and_where_nothing_does_that_is_asked() {
    let said = "--column status=lamp";
    says(&tasks("lamp", 0, ""), said, Exit::Fine, &["pending   1 (5)", "completed 0 (4)", "finished  closed_at"]);
    says(&tasks("lamp", 1, ""), said, Exit::Fine, &["pending   0 (5)", "completed 1 (4)"]);
    // Times prove more than a name says.
    says(&tasks("done", 0, ""), "", Exit::Fine, &["pending   1 (5)", "completed 0 (4)", "finished  closed_at"]);
    let silent = tasks("lamp", 1, "UPDATE tasks SET closed_at = NULL;");
    says(&silent, said, Exit::Findings, &["what do the words `0`, `1` of `lamp` mean?"]);
    let means = format!("{said} --means 0=completed --means 1=pending");
    says(&silent, &means, Exit::Fine, &["pending   1 (4)", "completed 0 (5)"]);
}

#[test]
fn words_that_are_upside_down_cost_no_time_of_end() {
    let means = "--column status=lamp --means 0=pending --means 1=completed";
    let told = "? is `lamp` upside down? All 4 tasks that are open by it have `closed_at`, and none of the 5 completed ones has";
    says(&tasks("lamp", 0, ""), means, Exit::Findings, &[told, "finished  closed_at"]);
}

#[test]
fn a_flag_tells_what_is_completed_where_no_word_does() {
    let lists =
        "ALTER TABLE tasks ADD COLUMN list text NOT NULL DEFAULT 'inbox'; UPDATE tasks SET list = 'next' WHERE id % 2;";
    let sql = tasks("done", 1, lists);
    let told = "? which column tells whether a task is completed? By `list` none is. `--column status=done` goes by `done`, where 1 is \
                completed and 0 is pending (`closed_at` is filled where it is 1): 4 of 9 are; `--column status=list` stays with `list`";
    for more in ["", "--means done=completed"] {
        let text = says(&sql, more, Exit::Findings, &[told]);
        assert!(!text.contains("which word of `list` means completed"), "{text}");
    }
    says(&sql, "--column status=done", Exit::Fine, &["pending   0 (5)", "completed 1 (4)"]);
    let text = says(&sql, "--column status=list --means done=completed", Exit::Fine, &["completed done (0)"]);
    assert!(!text.contains("which column tells"), "{text}");
}

#[test]
fn a_flag_that_the_software_goes_by_is_not_written_and_that_is_said() {
    let status =
        "ALTER TABLE tasks ADD COLUMN status text; UPDATE tasks SET status = iif(closed_at IS NULL, 'open', 'done');";
    let told = "rows that are over have 0 in `is_active` (4 of 9), and Abide writes nothing there when it closes a task: let a trigger do so, \
                or go by it with `--column status=is_active`";
    let sql = tasks("is_active", 0, status);
    says(&sql, "--only is_active=1", Exit::Fine, &["status    status", told]);
    let untimed = format!("{sql} UPDATE tasks SET closed_at = NULL;");
    says(&untimed, "--only is_active=1", Exit::Fine, &[told]);
    let text = says(&sql, "--column status=is_active", Exit::Fine, &[]);
    assert!(!text.contains("rows that are over"), "{text}");
}
