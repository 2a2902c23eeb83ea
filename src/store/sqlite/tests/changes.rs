//! What a reader is told of changes.

use super::*;
use crate::store::{Mark, RowsMoved};

fn row(id: u32, state: &str) -> String {
    format!("INSERT INTO team (id, kind, name, state, made) VALUES ({id}, 'x', 'X', '{state}', '2026-11-23 09:00:00');")
}

/// The ids of the rows that moved, `-` before one that was there, `+` before one that is.
pub(super) fn shown(moved: &RowsMoved) -> String {
    let RowsMoved::Rows(rows) = moved else { return format!("{moved:?}") };
    let sign = |sign: char, task: &Option<Arc<Task>>| task.as_ref().map(|task| format!("{sign}{}", task.id));
    rows.iter()
        .flat_map(|(before, after)| [sign('-', before), sign('+', after)])
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

#[tokio::test]
async fn what_moved_is_told_row_by_row() {
    let world = World::team(&[row(1, "new"), row(2, "doing"), row(3, "done")].concat());
    let store = world.store();
    let first = store.changes(Mark::default(), now()).await.unwrap();
    assert_eq!(first.moved, RowsMoved::Anything, "nothing is known yet");
    let mut mark = first.mark;
    assert_eq!(store.changes(mark.clone(), now()).await.unwrap().moved, RowsMoved::Nothing);
    for (sql, expected) in [
        (row(4, "new"), "+4"),
        ("UPDATE team SET state = 'done' WHERE id = 2".into(), "-2 +2"),
        (row(5, "done"), "+5"),
        ("UPDATE team SET who = 'qa' WHERE id = 1; DELETE FROM team WHERE id = 4".into(), "-1 +1 -4"),
        ("UPDATE alive SET last = ''".into(), "Nothing"),
    ] {
        world.sql(&sql);
        let changes = store.changes(mark.clone(), now()).await.unwrap();
        assert_eq!(shown(&changes.moved), expected, "{sql}");
        mark = changes.mark;
    }
}

#[tokio::test]
async fn what_cannot_be_told_is_read_again() {
    let world = World::team(&[row(1, "new"), row(3, "done")].concat());
    let store = world.store();
    let mark = store.changes(Mark::default(), now()).await.unwrap().mark;
    world.sql("UPDATE team SET state = 'new' WHERE id = 3");
    let changes = store.changes(mark.clone(), now()).await.unwrap();
    assert_eq!(changes.moved, RowsMoved::Anything, "nobody knows how it was");
    let later = now().plus(Duration::from_mins(10));
    let swept = store.changes(changes.mark.clone(), later).await.unwrap();
    assert_eq!((swept.moved, swept.mark.swept), (RowsMoved::Anything, later), "once in a while everything is");
}

#[tokio::test]
async fn own_writes_are_changes_too() {
    let world = World::team("");
    let store = world.store();
    let mark = store.changes(Mark::default(), now()).await.unwrap().mark;
    let epoch = lead(&store).await;
    opened(&store, epoch, "agent/dev-1").await;
    let changes = store.changes(mark.clone(), now()).await.unwrap();
    assert_eq!(shown(&changes.moved), "+1");
    assert!(changes.ledger && !changes.heartbeats);
}

#[tokio::test]
async fn a_table_without_growing_keys_is_read_again_whenever_something_was_written() {
    let sql = "CREATE TABLE jobs (id TEXT PRIMARY KEY, kind TEXT, name TEXT, state TEXT, made TEXT) WITHOUT ROWID;";
    let config = "[tasks]\ntable = 'jobs'\n[tasks.columns]\nid = 'id'\ntype = 'kind'\ntitle = 'name'\nstatus = 'state'\ncreated = 'made'";
    let world = World::with(sql, config);
    let store = world.store();
    let mark = store.changes(Mark::default(), now()).await.unwrap().mark;
    assert_eq!(store.changes(mark.clone(), now()).await.unwrap().moved, RowsMoved::Nothing);
    world.sql("INSERT INTO jobs VALUES ('a', 'x', 'X', 'done', '2026-11-23 09:00:00')");
    assert_eq!(store.changes(mark.clone(), now()).await.unwrap().moved, RowsMoved::Anything);
}

#[tokio::test]
async fn another_file_in_the_place_of_the_first_is_noticed() {
    let world = World::team(&row(1, "new"));
    let store = world.store();
    lead(&store).await;
    let mark = store.changes(Mark::default(), now()).await.unwrap().mark;
    for file in ["a.db", "a.db-wal", "a.db-shm"] {
        std::fs::rename(world.folder.path().join(file), world.folder.path().join(format!("old-{file}"))).unwrap();
    }
    for error in [store.changes(mark.clone(), now()).await.err(), store.ledger().await.err()] {
        assert!(matches!(error, Some(StoreError::OutOfReach { .. })), "{error:?}");
    }
    let lost = store.lead("us", now(), Duration::from_mins(1)).await.unwrap_err();
    assert!(lost.to_string().contains("no such file"), "{lost}");
    world.sql(TEAM);
    world.sql(&row(2, "new"));
    assert_eq!(store.changes(mark.clone(), now()).await.unwrap().moved, RowsMoved::Anything);
    assert_eq!(lead(&store).await, Epoch(1), "the tables of the new file are made");
    assert_eq!(scan(&store, all()).await.unwrap()[0].id, "2".into());
}
