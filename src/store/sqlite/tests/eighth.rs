//! What the eighth version has written, and what becomes of it.

use super::*;
use crate::kinds::approval::Gates;
use crate::model::{TaskStatus, Worker};
use crate::store::{Applied, Claim, Command, Filter, Followed, Mark, Taken};

/// The migrations up to the eighth, as each stands in the history.
const BEFORE: [(u32, &str, &str); 8] = [
    (1, "ledger_and_tasks", include_str!("../migrations/V1__ledger_and_tasks.sql")),
    (2, "samples", include_str!("../migrations/V2__samples.sql")),
    (3, "queue", include_str!("../migrations/V3__queue.sql")),
    (4, "change_feed", include_str!("../migrations/V4__change_feed.sql")),
    (5, "intents", include_str!("../migrations/V5__intents.sql")),
    (6, "enforcements", include_str!("../migrations/V6__enforcements.sql")),
    (7, "claiming", include_str!("../migrations/V7__claiming.sql")),
    (8, "approvals", include_str!("../migrations/V8__approvals.sql")),
];

/// Tasks of every status, what they wait for, claims of which the newest has ended, and what a team has built on the table.
const ROWS: &str = "
    INSERT INTO abide_tasks (id, type, title, status, severity, created, context) VALUES
      (1, 'fix', 'one', 'pending', 'low', 1, NULL), (2, 'fix', 'two', 'running', 'high', 2, '{\"a\": 1}'),
      (3, 'fix', 'three', 'blocked', 'medium', 3, NULL), (4, 'fix', 'four', 'completed', 'critical', 4, NULL),
      (5, 'fix', 'five', 'failed', 'low', 5, NULL), (6, 'fix', 'six', 'cancelled', 'low', 6, NULL),
      (900, 'fix', 'gone', 'pending', 'low', 7, NULL);
    DELETE FROM abide_tasks WHERE id = 900;
    INSERT INTO abide_needs VALUES (3, 2);
    INSERT INTO abide_claims (token, task, agent, instance, duty, taken, until) VALUES
      (6, '2', 'dev-1', 'a', 'assignment/fix', 10, 9000000000000000), (7, '1', 'dev-2', '', NULL, 11, 9000000000000000);
    DELETE FROM abide_claims WHERE token = 7;
    CREATE TABLE teams_notes (task INTEGER REFERENCES abide_tasks (id) ON DELETE CASCADE, note TEXT);
    INSERT INTO teams_notes VALUES (4, 'well done');
    CREATE INDEX teams_titles ON abide_tasks (title);
    CREATE TRIGGER teams_trigger AFTER UPDATE OF title ON abide_tasks BEGIN
      UPDATE teams_notes SET note = new.title WHERE task = new.id;
    END;
    CREATE VIEW teams_view AS SELECT title FROM abide_tasks WHERE status = 'running';
";

fn eighth() -> World {
    let world = World::own();
    world
        .sql("CREATE TABLE abide_schema_history (version INT4 PRIMARY KEY, name TEXT, applied_on TEXT, checksum TEXT)");
    for (version, name, sql) in BEFORE {
        let checksum = crate::store::sqlite::connect::checksum(version);
        world.sql(sql);
        world.sql(&format!(
            "INSERT INTO abide_schema_history VALUES ({version}, '{name}', '2026-01-01T00:00:00Z', '{checksum}')"
        ));
    }
    world.sql(ROWS);
    world
}

fn claim(most: usize) -> Command {
    let worker = Worker { name: "dev-3".into(), ..Worker::default() };
    let length = Duration::from_hours(1);
    let gates = Gates::default();
    Command::Claim(Box::new(Claim { worker, duties: Arc::default(), gates, task: None, most, length }))
}

async fn tokens(store: &SqliteStore) -> Vec<i64> {
    let Applied::Claimed(Taken { claimed, .. }) = store.apply(&claim(9), "dev-3", now()).await.unwrap() else {
        panic!("a claim")
    };
    claimed.iter().map(|claimed| claimed.lease.token.0).collect()
}

#[tokio::test]
async fn everything_in_it_comes_across_and_so_does_what_others_have_built_on_it() {
    let world = eighth();
    let rows = "SELECT group_concat(row, '; ') FROM (
        SELECT json_array(id, type, title, status, severity, created, context, version) AS row FROM abide_tasks UNION ALL
        SELECT json_array(task, needs) FROM abide_needs UNION ALL
        SELECT json_array(token, task, agent, instance, duty, kept_for, taken, until) FROM abide_claims UNION ALL
        SELECT json_array(task, note) FROM teams_notes UNION ALL SELECT json_array(title) FROM teams_view)";
    let before = world.text(rows);
    let store = world.store();
    assert_eq!(world.text(rows), before);
    assert_eq!(world.text("PRAGMA integrity_check").as_deref(), Some("ok"));
    assert_eq!(world.text("SELECT count(*) FROM pragma_foreign_key_check").as_deref(), Some("0"));
    let mark = store.changes(Mark::default(), now()).await.unwrap().mark;
    assert_eq!(mark.followed, Some(Followed::OwnFeed));
    world.sql("UPDATE abide_tasks SET title = 'better' WHERE id = 4");
    assert_eq!(world.text("SELECT note FROM teams_notes").as_deref(), Some("better"), "the team's own trigger");
    let kept = "SELECT count(*) FROM sqlite_schema WHERE name IN ('teams_titles', 'teams_trigger', 'teams_view')";
    assert_eq!(world.text(kept).as_deref(), Some("3"));
    world.sql("INSERT INTO abide_tasks (type, title, status, created) VALUES ('fix', 'new', 'blocked', 0)");
    assert_eq!(world.text("SELECT max(id) FROM abide_tasks").as_deref(), Some("901"), "no key is given twice");
    for wrong in ["status = 'done'", "severity = 'worst'", "status = NULL", "title = NULL"] {
        let conn = Connection::open(world.path()).unwrap();
        assert!(conn.execute(&format!("UPDATE abide_tasks SET {wrong} WHERE id = 1"), []).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn the_number_of_a_claim_that_has_ended_is_not_given_again() {
    let world = eighth();
    let store = world.store();
    assert_eq!(tokens(&store).await, [8], "7 has ended, and was the newest");
    world.sql("DELETE FROM abide_claims; UPDATE abide_tasks SET status = 'pending' WHERE id = 1 OR id = 2");
    assert_eq!(tokens(&store).await, [9, 10]);
    world.sql("DELETE FROM abide_claims WHERE token = 9; UPDATE abide_tasks SET status = 'pending' WHERE id = 2");
    assert_eq!(tokens(&store).await, [11]);
    world.sql("UPDATE abide_tasks SET status = 'pending' WHERE id = 2");
    assert_eq!(tokens(&store).await, [12], "what is left of a claim of that task gives way");
    world.sql("DELETE FROM abide_claims; UPDATE abide_tasks SET status = 'pending' WHERE id = 2");
    assert_eq!(tokens(&store).await, [13]);
}

#[tokio::test]
async fn whether_a_task_has_ended_follows_its_status_whoever_writes_it() {
    let world = eighth();
    let store = world.store();
    let open = || async {
        let status = [TaskStatus::Pending, TaskStatus::Running, TaskStatus::Blocked].to_vec();
        let found = store.list(&Filter { status, ..Filter::default() }).await.unwrap();
        found.iter().rev().map(|listed| listed.task.id.0.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(open().await, "1 2 3");
    world.sql("UPDATE abide_tasks SET status = 'completed' WHERE id = 1; UPDATE abide_tasks SET status = 'running' WHERE id = 5");
    assert_eq!(open().await, "2 3 5");
    world.sql(
        "INSERT OR REPLACE INTO abide_tasks (id, type, title, status, created) VALUES (3, 'fix', 'X', 'failed', 3)",
    );
    world.sql(
        "INSERT INTO abide_tasks (id, type, title, status, created, ended) VALUES (8, 'fix', 'X', 'blocked', 8, 1)",
    );
    world.sql("UPDATE abide_tasks SET status = 'failed' WHERE id = 4");
    assert_eq!(open().await, "2 5 8");
    let wrong = "SELECT count(*) FROM abide_tasks WHERE (status IN ('completed', 'failed', 'cancelled')) <> (ended IS NOT NULL)";
    assert_eq!(world.text(wrong).as_deref(), Some("0"));
}

#[tokio::test]
async fn the_newest_entry_of_the_feed_stays_so_that_no_number_is_given_twice() {
    let world = eighth();
    drop(world.store());
    world.sql("UPDATE abide_tasks SET title = 'a'; DELETE FROM abide_changes");
    assert_eq!(world.text("SELECT group_concat(seq) FROM abide_changes").as_deref(), Some("6"));
    world.sql("UPDATE abide_tasks SET title = 'b' WHERE id = 1");
    assert_eq!(world.text("SELECT group_concat(seq) FROM abide_changes").as_deref(), Some("6,7"));
}
