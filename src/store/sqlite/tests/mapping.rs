//! Rows to tasks, and mappings that do not fit.

use super::*;
use crate::model::{Selector, SelectorFields, TaskId, TaskStatus, Vote};
use crate::store::{Command, Filter, NewTask};

#[tokio::test]
async fn a_row_is_read_through_the_mapping() {
    let world = World::team(
        "INSERT INTO team VALUES (7, 'fix_bug', 'Mend it', 'developer', 'dev-1', 'po', 'doing', 8,
         '{\"area\": \"db\", \"n\": 1}', 'yes', '2026-11-23 10:00:00', '2026-11-23 09:00:00', '2026-11-23 09:30:00.250', NULL);
         INSERT INTO alive VALUES ('dev-1', 'developer', '2026-11-23 11:59:00'), ('dev-2', NULL, NULL);",
    );
    let store = world.store();
    let tasks = scan(&store, all()).await.unwrap();
    let task = &tasks[0];
    assert_eq!((&*task.id.0, &*task.kind, &*task.title), ("7", "fix_bug", "Mend it"));
    assert_eq!((task.role.as_deref(), task.agent.as_deref()), (Some("developer"), Some("dev-1")));
    assert_eq!((task.author.as_deref(), task.status, task.severity), (Some("po"), TaskStatus::Running, Severity::High));
    assert_eq!(&*task.labels["area"], "db");
    assert_eq!(task.created.to_string(), "2026-11-23T09:00:00Z");
    assert_eq!(task.started.unwrap().to_string(), "2026-11-23T09:30:00.250Z");
    assert_eq!((task.finished, task.own), (None, false));
    let approval = &task.approvals[0];
    assert_eq!((&*approval.role, approval.vote, approval.by.as_deref()), ("owner", Vote::Approved, None));
    assert_eq!(approval.at.unwrap().to_string(), "2026-11-23T10:00:00Z");
    let alive = store.heartbeats().await.unwrap();
    assert_eq!(alive.len(), 1, "who never reported is not there");
    assert_eq!(alive["dev-1"].seen.to_string(), "2026-11-23T11:59:00Z");
}

#[tokio::test]
async fn zero_is_no_time_where_a_column_counts_from_1970() {
    let sql =
        "CREATE TABLE jobs (id INTEGER PRIMARY KEY, name TEXT, state TEXT, made INTEGER, began INTEGER, over INTEGER);
               INSERT INTO jobs VALUES (1, 'X', 'running', 0, 0, 0);";
    let config = "[tasks]\ntable = 'jobs'\ntime = 'unix'\n[tasks.columns]\nid = 'id'\ntitle = 'name'\n\
                  type = 'name'\nstatus = 'state'\ncreated = 'made'\nstarted = 'began'\nfinished = 'over'";
    let tasks = scan(&World::with(sql, config).store(), all()).await.unwrap();
    assert_eq!((tasks[0].started, tasks[0].finished), (None, None));
    assert_eq!(tasks[0].created, Timestamp::default(), "every task came to be at some time");
}

#[tokio::test]
async fn every_time_format_and_key_is_read_and_written() {
    for (format, column, made) in [
        ("text", "TEXT", "'2026-11-23 11:00:00'"),
        ("iso8601", "TEXT", "'2026-11-23T19:00:00+08:00'"),
        ("unix", "INTEGER", "1795431600"),
        ("unix-ms", "INTEGER", "1795431600000"),
    ] {
        for (key, id) in [("INTEGER PRIMARY KEY", "5"), ("TEXT PRIMARY KEY", "'job-5'"), ("INT PRIMARY KEY", "5")] {
            let sql = format!(
                "CREATE TABLE jobs (id {key}, kind TEXT, name TEXT, state TEXT, made {column}, over {column}) ;
                 INSERT INTO jobs VALUES ({id}, 'x', 'X', 'completed', {made}, {made});"
            );
            let config = format!(
                "[tasks]\ntable = 'jobs'\ntime = '{format}'\n[tasks.columns]\nid = 'id'\ntype = 'kind'\n\
                 title = 'name'\nstatus = 'state'\ncreated = 'made'\nfinished = 'over'"
            );
            let world = World::with(&sql, &config);
            let store = world.store();
            let made: Timestamp = "2026-11-23T11:00:00Z".parse().unwrap();
            let since = |at: Timestamp| Wants { finished_since: Some(at), ..Wants::default() };
            let seen = scan(&store, since(made.minus(Duration::from_secs(1)))).await.unwrap();
            assert_eq!((seen.len(), seen[0].created), (1, made), "{format} {key}");
            assert!(scan(&store, since(made.plus(Duration::from_days(3)))).await.unwrap().is_empty(), "{format}");
            let epoch = lead(&store).await;
            let record = opened(&store, epoch, "agent/dev-1").await;
            assert_eq!(record.live.as_ref().unwrap().status, TaskStatus::Pending, "{format} {key}");
            let wants =
                Wants { ids: vec![record.task.clone(), TaskId::from(id.trim_matches('\''))], ..Wants::default() };
            let rows = scan(&store, wants).await.unwrap();
            assert_eq!(rows.len(), 2, "{format} {key}");
            assert_eq!(rows.iter().find(|task| task.own).unwrap().created, now(), "{format} {key}");
        }
    }
}

#[tokio::test]
async fn severities_and_labels_come_from_what_is_there() {
    let row = |id: u32, prio: &str, ctx: &str| {
        format!(
            "INSERT INTO team (id, kind, name, state, prio, ctx, made) VALUES ({id}, 'x', 'X', 'new', {prio}, {ctx}, '2026-11-23 09:00:00');"
        )
    };
    let world = World::team(
        &[
            row(1, "12", "'{\"area\": 5}'"),
            row(2, "NULL", "'{\"area\": true}'"),
            row(3, "-1", "'{\"area\": [1]}'"),
            row(4, "2.5", "'no json'"),
            row(5, "'9'", "NULL"),
        ]
        .concat(),
    );
    let tasks = scan(&world.store(), Wants { open: true, ..Wants::default() }).await.unwrap();
    let severities: Vec<Severity> = tasks.iter().map(|task| task.severity).collect();
    assert_eq!(severities, [Severity::Critical, Severity::Medium, Severity::Medium, Severity::Low, Severity::High]);
    let areas: Vec<Option<&str>> = tasks.iter().map(|task| task.labels.get("area").map(|area| &**area)).collect();
    assert_eq!(areas, [Some("5"), Some("true"), None, None, None]);
}

#[tokio::test]
async fn what_abide_writes_into_a_context_does_not_change_the_content() {
    let row = |id: u32, ctx: &str, state: &str| {
        format!(
            "INSERT INTO team (id, kind, name, state, ctx, made) VALUES ({id}, 'x', 'X', '{state}', {ctx}, '2026-11-23 09:00:00');"
        )
    };
    let world = World::team(
        &[
            row(1, "NULL", "new"),
            row(2, "'{\"abide\": {\"fingerprint\": \"1-x\"}}'", "done"),
            row(3, "'{\"area\": \"db\"}'", "new"),
        ]
        .concat(),
    );
    let tasks = scan(&world.store(), all()).await.unwrap();
    assert_eq!(tasks[0].content, tasks[1].content);
    assert_ne!(tasks[0].content, tasks[2].content);
    assert_eq!(tasks.iter().map(|task| task.own).collect::<Vec<_>>(), [false, true, false]);
}

#[tokio::test]
async fn a_scan_hands_over_what_is_wanted_and_no_row_twice() {
    let row = |id: u32, kind: &str, state: &str, ended: &str| {
        format!(
            "INSERT INTO team (id, kind, name, state, made, ended) VALUES ({id}, '{kind}', 'X', '{state}', '2026-11-01 09:00:00', {ended});"
        )
    };
    let world = World::team(
        &[
            row(1, "a", "new", "NULL"),
            row(2, "b", "done", "'2026-11-20 09:00:00'"),
            row(3, "c", "done", "'2026-11-02 09:00:00'"),
        ]
        .concat(),
    );
    let store = world.store();
    let ids = |tasks: Vec<Arc<Task>>| tasks.iter().map(|task| task.id.0.to_string()).collect::<Vec<_>>().join(" ");
    let mut wants = Wants { open: true, ..Wants::default() };
    assert_eq!(ids(scan(&store, wants.clone()).await.unwrap()), "1");
    wants.finished_since = Some("2026-11-10T00:00:00Z".parse().unwrap());
    wants.ids = vec!["2".into(), "99".into()];
    assert_eq!(ids(scan(&store, wants.clone()).await.unwrap()), "1 2");
    let types = Some(vec!["c".into(), "a".into()]);
    wants.selected = vec![Selector::new(SelectorFields { types, ..SelectorFields::default() }).unwrap()];
    assert_eq!(ids(scan(&store, wants).await.unwrap()), "1 2 3");
    assert_eq!(ids(scan(&store, Wants::default()).await.unwrap()), "");
}

#[tokio::test]
async fn data_that_does_not_fit_names_column_value_and_row() {
    let cases = [
        (
            "'doen', 1, NULL, '2026-11-01 09:00:00'",
            "a status word is not mapped; column team.state, value `doen`, row 1 (tasks.status in abide.toml). Add `doen` to the line of the status that it means, under [tasks.status]. `done` is mapped.",
        ),
        (
            "'waiting', 1, NULL, '2026-11-01 09:00:00'",
            "a status word is not mapped; column team.state, value `waiting`, row 1 (tasks.status in abide.toml). Add `waiting` to the line of the status that it means, under [tasks.status].",
        ),
        (
            "'', 1, NULL, '2026-11-01 09:00:00'",
            "a task has no status; column team.state, value `NULL`, row 1 (tasks.status in abide.toml). Give the row one.",
        ),
        (
            "'new', 1, NULL, 'soon'",
            "a time cannot be read; column team.made, value `soon`, row 1 (tasks.columns.created in abide.toml). This table is mapped with `time = \"text\"`: a text `YYYY-MM-DD HH:MM:SS` in UTC.",
        ),
        (
            "'new', 1, NULL, '2026-11-20T12:40:00+01:00'",
            "a time cannot be read; column team.made, value `2026-11-20T12:40:00+01:00`, row 1 (tasks.columns.created in abide.toml). This table is mapped with `time = \"text\"`: a text `YYYY-MM-DD HH:MM:SS` in UTC. Did you mean `time = \"iso8601\"`? It can be read so.",
        ),
        (
            "'new', 1, NULL, ''",
            "a task has no time of creation; column team.made, value `NULL`, row 1 (tasks.columns.created in abide.toml). Give the row one.",
        ),
    ];
    for (values, message) in cases {
        let sql = format!("INSERT INTO team (id, kind, name, state, prio, ctx, made) VALUES (1, 'x', 'X', {values});");
        let error = scan(&World::team(&sql).store(), Wants { open: true, ..Wants::default() }).await.unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

#[tokio::test]
async fn a_mapping_that_does_not_fit_the_table_names_its_key() {
    let cases = [
        (
            "table = 'team'",
            "table = 'taem'",
            "the database has no table `taem` (tasks.table in abide.toml). Did you mean `team`?",
        ),
        (
            "table = 'team'",
            "table = 'quite_other'",
            "the database has no table `quite_other` (tasks.table in abide.toml). The database has alive, team.",
        ),
        (
            "'by_agent'",
            "'by_agnet'",
            "the table team has no column `by_agnet` (tasks.columns.agent in abide.toml). Did you mean `by_agent`?",
        ),
        (
            "'ctx:/area'",
            "'contexts:/area'",
            "the table team has no column `contexts` (tasks.labels.area in abide.toml). The table has id, kind, name, who, by_agent, asked, state, prio, ctx, po, po_at, made, began, ended.",
        ),
        (
            "at = 'po_at'",
            "at = 'po_att'",
            "the table team has no column `po_att` (tasks.approvals.owner.at in abide.toml). Did you mean `po_at`?",
        ),
        (
            "table = 'alive'",
            "table = 'alife'",
            "the database has no table `alife` (tasks.agents.table in abide.toml). Did you mean `alive`?",
        ),
        (
            "seen = 'last'",
            "seen = 'lats'",
            "the table alive has no column `lats` (tasks.agents.seen in abide.toml). Did you mean `last`?",
        ),
    ];
    for (from, to, message) in cases {
        let world = World::with(TEAM, &MAPPED.replace(from, to));
        let error = world.store().ledger().await.unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

#[tokio::test]
async fn names_and_values_of_any_sort_are_taken_as_they_are() {
    let sql = "CREATE TABLE \"my \"\"jobs\"\"; --\" (\"select\" INTEGER PRIMARY KEY, \"from\" TEXT, \"a b\" TEXT, \"état\" TEXT,
        made TEXT, ctx TEXT, area TEXT GENERATED ALWAYS AS (ctx ->> 'area'));
        INSERT INTO \"my \"\"jobs\"\"; --\" (\"from\", \"a b\", \"état\", made, ctx)
        VALUES ('x', CAST(x'ff61' AS TEXT), 'o''k', '2026-11-23 09:00:00', '{\"area\": \"db\"}');";
    let config = "[tasks]\ntable = 'my \"jobs\"; --'\n[tasks.columns]\nid = 'SELECT'\ntype = 'from'\ntitle = 'a b'\n\
                  status = 'état'\ncreated = 'made'\n[tasks.labels]\narea = 'area'\n[tasks.status]\n\
                  pending = [\"o'k\"]\ncompleted = 'done'";
    let world = World::with(sql, config);
    let store = world.store();
    let task = scan(&store, Wants { open: true, ..Wants::default() }).await.unwrap().remove(0);
    assert_eq!((&*task.title, &*task.labels["area"]), ("\u{fffd}a", "db"));
    let epoch = lead(&store).await;
    assert!(opened(&store, epoch, "agent/dev-1").await.live.is_some());
    assert_eq!(store.ledger().await.unwrap().version, 1);
}

const BIN: &str = "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, state TEXT, made TEXT, over TEXT, gone_at TEXT, \
    board INTEGER NOT NULL);";

const BIN_MAPPED: &str = "[tasks]\ntable = 'items'\nonly = {gone_at = '', board = [7, 8]}\n[tasks.columns]\nid = 'id'\n\
    type = {default = 'item'}\ntitle = 'name'\nstatus = 'state'\ncreated = 'made'\nfinished = 'over'";

#[tokio::test]
async fn only_the_rows_that_are_tasks_are_seen_and_a_new_one_is_one() {
    let rows = "INSERT INTO items VALUES (1, 'A', 'pending', '2026-11-23 11:00:00', NULL, NULL, 7),
        (2, 'B', 'pending', '2026-11-23 11:00:00', NULL, '2026-11-23 11:30:00', 7), (3, 'C', 'odd', NULL, NULL, NULL, 9),
        (4, 'D', 'pending', '2026-11-23 11:00:00', NULL, '', 8);";
    let world = World::with(&format!("{BIN}{rows}"), BIN_MAPPED);
    let store = world.store();
    let ids = |tasks: &[std::sync::Arc<Task>]| tasks.iter().map(|task| task.id.0.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&scan(&store, all()).await.unwrap()), ["1", "4"]);
    let epoch = lead(&store).await;
    let record = opened(&store, epoch, "agent/dev-1").await;
    assert!(record.live.is_some(), "it is seen again");
    assert_eq!(ids(&scan(&store, all()).await.unwrap()), ["1", "4", "5"]);
    let mark = store.changes(crate::store::Mark::default(), now()).await.unwrap().mark;
    world.sql("UPDATE items SET gone_at = '2026-11-23 12:00:00' WHERE id = 1");
    let moved = store.changes(mark, now()).await.unwrap();
    let crate::store::RowsMoved::Rows(rows) = &moved.moved else { panic!("{:?}", moved.moved) };
    assert!(matches!(&rows[..], [(Some(before), None)] if &*before.id.0 == "1"), "{rows:?}");
    world.sql("UPDATE items SET gone_at = NULL WHERE id = 2");
    assert_eq!(store.changes(moved.mark, now()).await.unwrap().moved, crate::store::RowsMoved::Anything);
    let checks = store.examine().await.unwrap();
    let said = checks.iter().find(|check| check.what == "every row").unwrap().result.clone().unwrap();
    assert_eq!(said, "3 can be read; 2 are no tasks, as `[tasks] only` says");
}

#[tokio::test]
async fn a_due_day_ends_at_its_end_and_a_time_of_day_is_not_lost_in_it() {
    let sql = "CREATE TABLE jobs (id INTEGER PRIMARY KEY, name TEXT, state TEXT, made TEXT, due_on TEXT)";
    let config = "[tasks]\ntable = 'jobs'\ntime = 'text'\n[tasks.columns]\nid = 'id'\ntitle = 'name'\ntype = 'name'\n\
                  status = 'state'\ncreated = 'made'\ndue = {column = 'due_on', time = 'date'}";
    let world = World::with(sql, config);
    let store = world.store();
    let add = |due: &str| {
        let due = Some(due.parse().unwrap());
        Command::Add(NewTask { kind: "x".into(), title: "x".into(), due, ..NewTask::default() })
    };
    let lost = store.apply(&add("2026-11-27T18:00:00Z"), "po", now()).await.unwrap_err().to_string();
    let says = "the column jobs.due_on holds days, so the time of day in 2026-11-27T18:00:00Z would be lost; give the day \
                alone: --due 2026-11-27";
    assert_eq!(lost, says);
    let end = "2026-11-28T00:00:00Z";
    store.apply(&add(end), "po", now()).await.unwrap();
    assert_eq!(world.text("SELECT group_concat(due_on) FROM jobs").unwrap(), "2026-11-27");
    let listed = store.list(&Filter::default()).await.unwrap();
    assert_eq!(listed[0].details.due.unwrap().to_string(), end);
}

#[tokio::test]
async fn what_would_be_no_task_is_not_opened_and_that_no_row_is_one_is_said() {
    let world = World::with(
        "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, kind TEXT, state TEXT, made TEXT, gone INTEGER NOT NULL DEFAULT 0);
         INSERT INTO items VALUES (1, 'X', 'fix', 'todo', '2026-11-23 09:00:00', 0);",
        "[tasks]\ntable = 'items'\nonly = {gone = ''}\n[tasks.columns]\nid = 'id'\ntitle = 'name'\ntype = 'kind'\n\
         status = 'state'\ncreated = 'made'\n[tasks.status]\npending = ['todo']\ncompleted = ['done']",
    );
    let store = world.store();
    let new = NewTask { kind: "fix".into(), title: "Y".into(), ..NewTask::default() };
    let error = store.apply(&Command::Add(new), "ada", now()).await.unwrap_err().to_string();
    assert!(
        error.contains("a new row would be no task, since its gone is none of what `[tasks] only` says"),
        "{error}"
    );
    assert_eq!(world.text("SELECT count(*) FROM items").as_deref(), Some("1"));
    let checks = store.examine().await.unwrap();
    let rows = checks.iter().find(|check| check.what == "every row").unwrap();
    assert_eq!(rows.result.as_ref().unwrap_err().what, "items has 1 row, and no task among them");
}
