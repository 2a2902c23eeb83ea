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
