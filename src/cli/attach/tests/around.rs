//! What stands around a task: verdicts, and labels that are not only tasks'.

use super::wild::says;
use super::*;

#[test]
fn a_verdict_of_nobody_is_said_with_the_lines_that_map_it() {
    let sql = "CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT, status TEXT, created_at TEXT, approval TEXT DEFAULT 'none', approved_by TEXT);
        INSERT INTO tasks VALUES (1, 'A', 'todo', '2026-11-20 08:00:00', 'pending', NULL), (2, 'B', 'done', '2026-11-20 08:00:00', 'approved', 'kim'),
          (3, 'C', 'todo', '2026-11-20 08:00:00', 'rejected', NULL);";
    let lines = "[tasks.approvals.NAME]\n      column = \"approval\"\n      approved = [\"approved\"]\n      rejected = [\"rejected\"]\n      by = \"approved_by\"\n";
    let told = "- `approval` holds verdicts and does not say whose, so it is left alone: Abide hands out what waits for a yes there.";
    says(sql, Exit::Fine, &[told, lines]);
    let (_, said) = Desk::new(sql).run("").unwrap();
    assert!(!said.contains("no column holds the verdict itself"), "{said}");
    let desk = Desk::new(sql);
    desk.run("--same-database").unwrap();
    let mapped = format!("{}\n{}", desk.config(), lines.replace("NAME", "lead"));
    assert_eq!(
        Config::parse(&mapped, &[]).unwrap().mapping().approvals[0].approved,
        ["approved"],
        "what is shown works"
    );
}

/// Issues, and labels of issues and of others beside them.
fn labelled(kinds: [&str; 3]) -> String {
    let [first, second, third] = kinds;
    format!(
        "CREATE TABLE issues (id INTEGER PRIMARY KEY, title TEXT NOT NULL, status TEXT NOT NULL, created_at TEXT);
         INSERT INTO issues VALUES (1, 'A', 'todo', '2026-11-20 08:00:00'), (2, 'B', 'done', '2026-11-20 08:00:00');
         CREATE TABLE labels (id INTEGER PRIMARY KEY, title TEXT); INSERT INTO labels VALUES (1, 'bug'), (2, 'ops');
         CREATE TABLE label_links (id INTEGER PRIMARY KEY, label_id INTEGER, target_id INTEGER, target_type);
         INSERT INTO label_links VALUES (1, 1, 1, {first}), (2, 2, 2, {second}), (3, 2, 1, {third});"
    )
}

#[test]
fn labels_of_others_are_no_labels_of_tasks() {
    let lines = [
        "only = {target_type = \"Issue\"}} the rows of label_links refer to tasks",
        "created 2026-11-20T08:00:00Z, bug=true\n",
    ];
    says(&labelled(["'Issue'", "'Issue'", "'MergeRequest'"]), Exit::Fine, &lines);
    let lines = [
        "`target_type` (`1`, `2`) of label_links says of what a row speaks, and no word of it is this table's, so its tags are not mapped",
    ];
    says(&labelled(["1", "1", "2"]), Exit::Fine, &lines);
}
