//! What is told where it cannot be mapped, and what other programs call things.

use super::Exit;
use super::doubts::rows;
use super::wild::{says, says_not};

/// Tasks with more columns: `#` in the values is the number of the row.
fn tasks(more: &str, open: &str, done: &str) -> String {
    let row = |status: &str, values: &str| format!("#, 'Task #', '{status}', '2026-11-20 08:00:00', {values}");
    let done = rows("tasks", 4, &row("done", done).replace("#, 'T", "#+10, 'T"));
    let table = "CREATE TABLE tasks (id integer PRIMARY KEY, title text, status text, created_at text";
    format!("{table}, {more});\n{}{done}", rows("tasks", 6, &row("open", open)))
}

#[test]
fn days_in_the_bits_of_a_number_are_no_times() {
    let things = tasks("startDate integer, deadline integer", "132804736, 132808832", "132804736, NULL");
    let told = "`startDate` looks as if it were when a task is started, and holds days packed into a number, as year * 65536 + month * 4096 + \
                day * 128 (10 rows, as `132804736`), which Abide does not read: it is not mapped";
    says(&things, Exit::Fine, &[told, "`deadline` looks as if it were when a task is due"]);
    says_not(&things, Exit::Fine, &["started   startDate", "due       deadline", "Core Data"]);
    let odd = tasks("due_date integer", "150000000 + #", "150000000");
    let told = "holds numbers that as `apple` would all be of more than a year before any task was made";
    says(&odd, Exit::Fine, &[told]);
}

#[test]
fn core_data_calls_things_with_a_letter_before_them() {
    let row = |id: &str, done: u8| format!("({id}, 31, {done}, 0, 5, 814138678.5, NULL, 'Task {id}')");
    let sql = format!(
        "CREATE TABLE ZREMCDREMINDER (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, ZCOMPLETED INTEGER, ZMARKEDFORDELETION INTEGER, ZPRIORITY INTEGER,
           ZCREATIONDATE TIMESTAMP, ZCOMPLETIONDATE TIMESTAMP, ZTITLE VARCHAR);
         INSERT INTO ZREMCDREMINDER VALUES {}, {}, {};
         UPDATE ZREMCDREMINDER SET ZPRIORITY = 9 WHERE Z_PK = 2; UPDATE ZREMCDREMINDER SET ZPRIORITY = 0 WHERE Z_PK = 3;",
        row("1", 0),
        row("2", 0),
        row("3", 1)
    );
    let lines = [
        "only      ZMARKEDFORDELETION = [0, \"\"]",
        "title     ZTITLE",
        "status    ZCOMPLETED",
        "created   ZCREATIONDATE",
        "finished  ZCOMPLETIONDATE",
        "type      reminder",
        "`ZPRIORITY` is read as calendars and reminders count: 1 is the most urgent",
        "3  completed  medium  reminder  Task 3",
        "2  pending  low  reminder  Task 2",
    ];
    says(&sql, Exit::Fine, &lines);
}

#[test]
fn what_ended_tasks_have_and_open_ones_lack_is_told() {
    let told = "all 4 tasks that have ended say in `resolution` (`fixed`) what none that is open says, and Abide writes nothing there";
    says(&tasks("resolution text DEFAULT ''", "''", "'fixed'"), Exit::Fine, &[told]);
    let told = "all 4 tasks that have ended say in `resolution` (`10`, `20`) what none that is open says";
    says(&tasks("resolution integer", "10", "20"), Exit::Fine, &[told]);
    let told = "`over_at` (`2026-11-21 08:00:00`) is filled in all 4 tasks that have ended and in none that is open: `--column finished=over_at`";
    says(&tasks("over_at text", "NULL", "'2026-11-21 08:00:00'"), Exit::Fine, &[told]);
    says_not(&tasks("component text", "'core'", "'web'"), Exit::Fine, &["that have ended"]);
}

#[test]
fn who_ended_a_task_is_told_although_its_key_could_be_a_time() {
    let sql = tasks("done_at text, completed_by_gid text", "NULL, NULL", "'2026-11-21 08:00:00', '120499000471111#'");
    says(&sql, Exit::Fine, &["all 4 tasks that have ended say in `completed_by_gid`"]);
}

#[test]
fn a_status_that_ends_tasks_by_a_time_of_its_own_is_told() {
    let sql = tasks("completed_at text, cancelled_at text", "NULL, NULL", "'2026-11-21 08:00:00', NULL");
    let own = rows("tasks", 3, "# + 20, 'Task #', 'cancelled', '2026-11-20 08:00:00', NULL, '2026-11-22 08:00:00'");
    let told =
        "tasks that are cancelled have no `completed_at` here, and have `cancelled_at`; Abide writes `completed_at`";
    says(&format!("{sql}{own}"), Exit::Fine, &[told]);
    let none = own.replace("'2026-11-22 08:00:00'", "NULL").replace("cancelled", "failed");
    says(&format!("{sql}{none}"), Exit::Fine, &["tasks that are failed have no `completed_at` here; Abide writes"]);
    let same = own.replace("NULL, ", "'2026-11-22 08:00:00', ");
    says_not(&format!("{sql}{same}"), Exit::Fine, &["tasks that are cancelled"]);
}

#[test]
fn names_with_a_word_for_a_task_before_them_are_heard() {
    let row = "#, 'Sum #', 'As seen', 'open', 2, '2026-11-20 08:00:00', 'kim'";
    let sql = format!(
        "CREATE TABLE spray_tasks (task_id integer PRIMARY KEY, item_summary text, detailed_desc text, item_status text, task_severity integer,
           task_opened text, assignee_gid text);
         {}INSERT INTO spray_tasks VALUES (9, 'Sum', 'As seen', 'closed', 1, '2026-11-20 08:00:00', 'lee');",
        rows("spray_tasks", 3, row)
    );
    let lines = [
        "title     item_summary",
        "body      detailed_desc",
        "status    item_status",
        "priority  task_severity",
        "created   task_opened",
        "agent     assignee_gid",
    ];
    says(&sql, Exit::Fine, &lines);
    says_not(&sql, Exit::Fine, &["no body"]);
    let bare = sql.replace("detailed_desc", "remark");
    says(&bare, Exit::Fine, &["no body: remediation tasks have a title only"]);
}

#[test]
fn zero_is_no_end() {
    let sql = tasks("closed_unix integer NOT NULL", "0", "1792667305");
    says(
        &sql,
        Exit::Fine,
        &["finished  {column = \"closed_unix\"", "insert    closed_unix = 0", "finished 2026-10-22T11:08:25Z"],
    );
}

#[test]
fn rows_of_another_sort_are_told_of() {
    let told = "all rows are taken for tasks, whatever stands in `is_pull` (`0`, `1`): if some are none, `--only is_pull=0` keeps those";
    says(&tasks("is_pull integer", "0", "# % 2"), Exit::Fine, &[told]);
    says_not(&tasks("is_pull integer", "0", "0"), Exit::Fine, &["whatever stands in"]);
}

#[test]
fn a_row_of_a_word_without_a_name_has_no_status() {
    let sql = "CREATE TABLE lists (id integer PRIMARY KEY, name text); INSERT INTO lists VALUES (1, 'To do'), (2, 'Done'), (3, NULL);
         CREATE TABLE cards (id integer PRIMARY KEY, name text, list_id integer REFERENCES lists (id), created_at text);
         INSERT INTO cards VALUES (1, 'A', 1, '2026-11-20 08:00:00'), (2, 'B', 2, '2026-11-20 08:00:00'), (3, 'C', 3, '2026-11-20 08:00:00');";
    let told = "what of 1 row whose `list_id` is 3, which has no name in lists? A task must have a status, and Abide refuses to judge the table \
                while one has none: name that, or keep the others with `--only list_id=1 --only list_id=2`";
    says(sql, Exit::Findings, &[told, "1 question is open:"]);
}

#[test]
fn a_verdict_without_a_yes_is_told_of() {
    for (column, role) in [("approval", "waiting"), ("po_approval", "green")] {
        let told = format!("`{column}` (`{role}`) is called as a verdict, and no word of it is known for a yes");
        says(&tasks(&format!("{column} text"), "NULL", &format!("'{role}'")), Exit::Fine, &[&told]);
    }
}

#[test]
fn words_of_a_priority_come_in_order_of_how_well_they_are_known_and_odd_ones_are_asked_about() {
    let sql =
        tasks("priority text", "CASE # WHEN 1 THEN 'blocker' WHEN 2 THEN 'critical' ELSE 'major' END", "'whenever'");
    let told = "? how urgent is the word `whenever` of `priority`? Put it into a line of [tasks.severity], as `high = {from = [\"whenever\"]}`; \
                until then it is medium";
    says(&sql, Exit::Findings, &["critical  [\"critical\", \"blocker\"]", told]);
}

#[test]
fn a_time_that_the_database_works_out_opens_no_task() {
    let sql = "CREATE TABLE tasks (id integer PRIMARY KEY, title text, status text, day text, created_at text AS (day || ' 08:00:00'));
         INSERT INTO tasks VALUES (1, 'A', 'open', '2026-11-20'), (2, 'B', 'done', '2026-11-20');";
    says(sql, Exit::Findings, &["? `created_at` is worked out by the database and nobody can write it"]);
    let plain = sql.replace("day text", "added text").replace("(day ||", "(added ||");
    says(&plain, Exit::Fine, &["created   added", "created 2026-11-20T00:00:00Z"]);
}

#[test]
fn words_that_several_rows_have_are_told_apart_by_what_they_belong_to() {
    let sql = tasks("project_id integer NOT NULL, priority_id integer REFERENCES priorities (id)", "1, 1", "2, 4");
    let words = "CREATE TABLE priorities (id integer PRIMARY KEY, name text, project_id integer NOT NULL REFERENCES projects (id));
         CREATE TABLE projects (id integer PRIMARY KEY, name text); INSERT INTO projects VALUES (1, 'A'), (2, 'B');
         INSERT INTO priorities VALUES (1, 'High', 1), (2, 'Low', 1), (3, 'High', 2), (4, 'Low', 2);";
    let lines = ["insert    project_id = 1", "high      [\"High\"]", "6  pending  high  task  Task 6"];
    says(&format!("{words}{sql}"), Exit::Fine, &lines);
    let desk = super::Desk::new(&format!("{words}{sql}"));
    desk.run("").unwrap();
    assert!(desk.config().contains("value = \"name\", within = \"project_id\"}"), "{}", desk.config());
}

#[test]
fn who_is_assigned_is_told_of_beside_an_owner() {
    let people = "CREATE TABLE assigned_users (id integer PRIMARY KEY, task_id integer, participant text);";
    let sql = tasks("owner text", "'ada'", "'kim'") + people;
    says(&sql, Exit::Fine, &["agent     owner", "the rows of assigned_users say who does a task, several for one"]);
}
