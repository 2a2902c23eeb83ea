//! Tables that an earlier version of Abide has written.

use super::*;

/// The database as the first version made it.
fn first() -> World {
    let world = World::own();
    world.sql(include_str!("../migrations/V1__ledger_and_tasks.sql"));
    world.sql(
        "CREATE TABLE abide_schema_history (version INT4 PRIMARY KEY, name TEXT, applied_on TEXT, checksum TEXT);
         INSERT INTO abide_agents VALUES ('dev-1', 'developer', 1700000000000);
         INSERT INTO abide_tasks (type, title, status, created) VALUES ('fix_bug', 'old', 'pending', 1700000000000);",
    );
    let checksum = crate::store::sqlite::connect::checksum(1);
    world.sql(&format!(
        "INSERT INTO abide_schema_history VALUES (1, 'ledger_and_tasks', '2026-01-01T00:00:00Z', '{checksum}')"
    ));
    world
}

#[tokio::test]
async fn they_are_brought_up_to_date_by_whoever_writes_and_refused_to_whoever_only_reads() {
    let world = first();
    let refused = SqliteStore::open_read(&world.url(), world.mapping.clone()).err().unwrap();
    assert!(matches!(refused, StoreError::Outdated { found: 1, .. }), "{refused}");
    let store = world.store();
    let tasks = store.list(&crate::store::Filter::default()).await.unwrap();
    assert_eq!((tasks.len(), &*tasks[0].task.title, tasks[0].details.tries), (1, "old", Some(1)));
    assert_eq!(store.heartbeats().await.unwrap()["dev-1"].role.as_deref(), Some("developer"));
    assert!(SqliteStore::open_read(&world.url(), world.mapping.clone()).is_ok());
}

/// How SQLite goes about a statement.
fn plan(world: &World, sql: &str) -> String {
    let conn = Connection::open(world.path()).unwrap();
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let steps = statement.query_map([], |row| row.get::<_, String>(3)).unwrap();
    steps.map(Result::unwrap).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn tasks_that_were_there_are_in_the_new_indexes_and_whoever_asks_by_status_goes_by_those() {
    let world = first();
    world.sql(
        "INSERT INTO abide_tasks (type, title, status, created) VALUES ('fix_bug', 'done', 'completed', 1700000000000),
           ('fix_bug', 'busy', 'running', 1700000000000), ('fix_bug', 'waits', 'blocked', 1700000000000);",
    );
    let store = world.store();
    let titles = |status: &[crate::model::TaskStatus]| {
        let filter = crate::store::Filter { status: status.to_vec(), ..crate::store::Filter::default() };
        let store = store.clone();
        async move {
            let found = store.list(&filter).await.unwrap();
            found.iter().map(|listed| listed.task.title.to_string()).collect::<Vec<_>>()
        }
    };
    use crate::model::TaskStatus::{Blocked, Completed, Failed, Pending, Running};
    assert_eq!(titles(&[Pending]).await, ["old"]);
    assert_eq!(titles(&[Running, Blocked]).await, ["waits", "busy"]);
    assert_eq!(titles(&[Completed, Failed]).await, ["done"]);
    assert_eq!(titles(&[Pending, Completed]).await, ["done", "old"], "of both halves");
    assert_eq!(titles(&[]).await.len(), 4);
    let open = "SELECT * FROM abide_tasks t WHERE t.status IN ('pending') AND t.ended IS NULL";
    assert!(plan(&world, open).contains("abide_tasks_open"), "{}", plan(&world, open));
    let ended = "SELECT * FROM abide_tasks t WHERE t.status IN ('failed') AND t.ended IS NOT NULL";
    assert!(plan(&world, ended).contains("abide_tasks_ended"), "{}", plan(&world, ended));
}

#[test]
fn a_new_file_has_small_pages_and_one_that_is_there_keeps_its_own() {
    let new = World::own();
    drop(new.store());
    assert_eq!(new.text("PRAGMA page_size").as_deref(), Some("2048"));
    let old = World::own();
    old.sql("PRAGMA page_size = 8192; CREATE TABLE teams_notes (note TEXT)");
    drop(old.store());
    assert_eq!(old.text("PRAGMA page_size").as_deref(), Some("8192"));
}
