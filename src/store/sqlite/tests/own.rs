//! Which tasks are Abide's own, whatever agents make of their rows.

use super::*;
use crate::model::CloseReason;
use crate::store::{Filter, Mark, RowsMoved};

/// The team's mapping with its own type for what Abide opens.
fn typed(mapping: &str) -> World {
    World::with(TEAM, &format!("{mapping}\n[tasks.insert]\ntype = 'chore'\n"))
}

/// The same where nothing of a row says who wrote it.
fn nameless() -> World {
    typed(&MAPPED.replace("author = 'asked'\n", ""))
}

async fn owned(store: &SqliteStore) -> Vec<bool> {
    scan(store, all()).await.unwrap().iter().map(|task| task.own).collect()
}

const OTHER: &str = "INSERT INTO team (kind, name, state, made) VALUES ('chore', 'X', 'new', '2026-11-23 09:00:00');";

#[tokio::test]
async fn a_task_on_record_stays_abides_own_when_its_context_is_overwritten() {
    let world = nameless();
    world.sql(OTHER);
    let store = world.store();
    assert_eq!(owned(&store).await, [false], "a database that Abide never wrote has no records");
    let epoch = lead(&store).await;
    let record = opened(&store, epoch, "agent/dev-1").await;
    world.sql("UPDATE team SET ctx = '{\"area\": \"db\"}' WHERE id = 2");
    assert_eq!(owned(&store).await, [false, true]);
    let listed = store.list(&Filter { own: true, ..Filter::default() }).await.unwrap();
    assert_eq!(listed.iter().map(|row| &row.task.id).collect::<Vec<_>>(), [&record.task]);
    step(&store, epoch, Action::Close(CloseReason::Mended), known(&record)).await.unwrap();
    assert_eq!(owned(&store).await, [false, true], "a closed record still is one");
}

#[tokio::test]
async fn what_changed_tells_abides_own_tasks_as_a_scan_does() {
    let world = nameless();
    let store = world.store();
    let epoch = lead(&store).await;
    opened(&store, epoch, "agent/dev-1").await;
    let mark = store.changes(Mark::default(), now()).await.unwrap().mark;
    world.sql("UPDATE team SET ctx = '{\"area\": \"db\"}'");
    let moved = store.changes(mark.clone(), now()).await.unwrap().moved;
    let RowsMoved::Rows(rows) = moved else { panic!("{moved:?}") };
    let own = |task: &Option<Arc<Task>>| task.as_ref().is_some_and(|task| task.own);
    assert_eq!(rows.len(), 1);
    assert!(rows.iter().all(|(before, after)| own(before) && own(after)), "{rows:?}");
}

#[tokio::test]
async fn the_author_alone_tells_when_the_records_are_gone() {
    let world = typed(MAPPED);
    let store = world.store();
    let epoch = lead(&store).await;
    opened(&store, epoch, "agent/dev-1").await;
    let gone = "DELETE FROM abide_remediations; UPDATE abide_state SET ledger = ledger + 1;";
    world.sql(&format!("{OTHER} UPDATE team SET ctx = NULL; {gone}"));
    assert_eq!(owned(&store).await, [true, false]);
    let listed = store.list(&Filter { own: true, ..Filter::default() }).await.unwrap();
    assert_eq!(listed.len(), 1);
    world.sql("UPDATE team SET asked = 'abide fan'");
    assert_eq!(owned(&store).await, [false, false]);
}

#[tokio::test]
async fn a_row_that_got_the_key_of_one_that_is_gone_is_its_teams() {
    for world in [World::team(""), nameless()] {
        let store = world.store();
        let epoch = lead(&store).await;
        let record = opened(&store, epoch, "agent/dev-1").await;
        let id = &record.task;
        world.sql(&format!(
            "DELETE FROM team WHERE id = {id};
             INSERT INTO team (id, kind, name, state, made) VALUES ({id}, 'chore', 'mow the lawn', 'todo', '2030-01-01 00:00:00')"
        ));
        assert_eq!(owned(&store).await, [false]);
        let ledger = store.ledger().await.unwrap();
        let gone = known(&ledger.records[&record.fingerprint]);
        assert_eq!(gone.live, None, "its row is gone");
        step(&store, epoch, Action::Reopen { why: "its row is gone".into() }, gone).await.unwrap();
        let mown = world.text("SELECT name || ' ' || state FROM team ORDER BY id LIMIT 1");
        assert_eq!(mown.as_deref(), Some("mow the lawn todo"), "nobody touches it");
        assert_eq!(world.text("SELECT count(*) FROM team").as_deref(), Some("2"), "and there is a row again");
    }
}
