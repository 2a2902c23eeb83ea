//! Changes that are told exactly, by Abide's own table and by a team's that has the printed triggers.

use super::changes::shown;
use super::*;
use crate::store::{Followed, Mark, RowsMoved, feed_statements};

/// A team's table whose owner has run what Abide prints.
fn installed() -> World {
    let world = World::team("");
    world.sql(&feed_statements(&world.mapping).join("\n"));
    world
}

/// A statement on the team's table in the words of another.
type Words = fn(&str) -> String;

/// Both tables that tell exactly what changed.
fn worlds() -> [(World, Words); 2] {
    fn own(sql: &str) -> String {
        let insert = "INSERT INTO abide_tasks (id, type, title, status, created)";
        let sql = sql.replace(
            "INSERT OR REPLACE INTO team (id, kind, name, state, made)",
            &insert.replace("INSERT", "INSERT OR REPLACE"),
        );
        sql.replace("INSERT INTO team (id, kind, name, state, made)", insert)
            .replace("team", "abide_tasks")
            .replace("state", "status")
            .replace("'new'", "'pending'")
            .replace("'doing'", "'running'")
            .replace("'done'", "'completed'")
            .replace("who =", "role =")
            .replace("'2026-11-23 09:00:00'", "1795424400000")
    }
    [(World::own(), own), (installed(), str::to_owned)]
}

fn row(id: u32, state: &str) -> String {
    format!("INSERT INTO team (id, kind, name, state, made) VALUES ({id}, 'x', 'X', '{state}', '2026-11-23 09:00:00');")
}

#[tokio::test]
async fn every_change_is_told_as_it_was_and_as_it_is() {
    for (world, words) in worlds() {
        let store = world.store();
        world.sql(&words(&[row(1, "new"), row(2, "doing"), row(3, "done")].concat()));
        let mut mark = store.changes(Mark::default(), now()).await.unwrap().mark;
        assert!(mark.followed.as_ref().unwrap().is_exact(), "{:?}", mark.followed);
        let later = now().plus(Duration::from_days(1));
        for (sql, expected) in [
            (row(4, "new"), "+4"),
            ("UPDATE team SET who = 'qa' WHERE id = 3".into(), "-3 +3"),
            ("UPDATE team SET state = 'new' WHERE id = 3".into(), "-3 +3"),
            ("DELETE FROM team WHERE id = 3".into(), "-3"),
            ("UPDATE team SET state = 'done'".into(), "-1 +1 -2 +2 -4 +4"),
            ("UPDATE team SET who = 'a' WHERE id = 1; UPDATE team SET who = NULL WHERE id = 1".into(), "Nothing"),
            ("DELETE FROM team WHERE id = 2".into(), "-2"),
            ("BEGIN; UPDATE team SET who = 'x'; DELETE FROM team; ROLLBACK".into(), "Nothing"),
            (row(2, "new") + "DELETE FROM team WHERE id = 2", "Nothing"),
            (row(1, "new").replace("INSERT", "INSERT OR REPLACE"), "-1 +1"),
            ("UPDATE team SET id = 9 WHERE id = 1".into(), "-1 +9"),
            ("UPDATE team SET id = 4 WHERE id = 9; ".replace("UPDATE", "UPDATE OR IGNORE"), "Nothing"),
        ] {
            world.sql(&words(&sql));
            let changes = store.changes(mark, later).await.unwrap();
            assert_eq!(shown(&changes.moved), expected, "{sql}: no sweep is needed");
            mark = changes.mark;
        }
        let whole = store.changes(Mark::default(), now()).await.unwrap().mark;
        assert_eq!(mark.open, whole.open, "what is remembered is what is there");
    }
}

#[tokio::test]
async fn a_row_that_had_ended_comes_back_with_all_that_it_held() {
    let sql = "INSERT INTO team (id, kind, name, who, by_agent, asked, state, prio, ctx, po, po_at, made, began, ended)
        VALUES (1, 'fix', 'it''s, \"X\"', 'dev', 'dev-1', 'po', 'done', 9, '{\"area\": \"d,b\"}', 'yes', '2026-11-23 08:30:00',
        '2026-11-23 08:00:00', '2026-11-23 09:00:00.250', '2026-11-23 10:00:00')";
    let world = installed();
    world.sql(sql);
    let store = world.store();
    let before = scan(&store, all()).await.unwrap().remove(0);
    let mark = store.changes(Mark::default(), now()).await.unwrap().mark;
    world.sql("UPDATE team SET name = 'other', by_agent = NULL, po = NULL");
    let RowsMoved::Rows(rows) = store.changes(mark, now()).await.unwrap().moved else { panic!("a row") };
    assert_eq!(rows[0].0.as_ref(), Some(&before));
    assert_eq!(&*rows[0].1.as_ref().unwrap().title, "other");
}

#[tokio::test]
async fn whoever_has_fallen_too_far_behind_reads_everything() {
    let world = World::own();
    let store = world.store();
    world.sql("INSERT INTO abide_tasks (type, title, status, created) VALUES ('x', 'X', 'pending', 0)");
    let mark = store.changes(Mark::default(), now()).await.unwrap().mark;
    world.sql("DELETE FROM abide_changes; UPDATE abide_tasks SET role = 'a'; UPDATE abide_tasks SET role = 'b'");
    let next = store.changes(mark.clone(), now()).await.unwrap();
    assert_eq!(shown(&next.moved), "-1 +1", "nothing of what came since is missing");
    world.sql("DELETE FROM abide_changes WHERE seq <= 2");
    let next = store.changes(mark, now()).await.unwrap();
    assert_eq!(next.moved, RowsMoved::Anything, "the first change since is gone");
    world.sql("DROP TRIGGER abide_changes_update; UPDATE abide_tasks SET role = 'c'");
    let next = store.changes(next.mark, now()).await.unwrap();
    assert_eq!(next.moved, RowsMoved::Anything);
    assert!(matches!(next.mark.followed, Some(Followed::Unfit(_))), "{:?}", next.mark.followed);
}

#[tokio::test]
async fn no_more_is_kept_than_readers_need() {
    let world = World::own();
    drop(world.store());
    world.sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 102500)
         INSERT INTO abide_tasks (type, title, status, created) SELECT 'x', 'X', 'completed', 0 FROM n",
    );
    let kept: i64 = world.text("SELECT count(*) FROM abide_changes").unwrap().parse().unwrap();
    assert!((100_000..=101_000).contains(&kept), "{kept}");
}

#[tokio::test]
async fn triggers_that_do_not_fit_are_named_and_not_used() {
    let world = World::team("");
    let store = world.store();
    let followed = |store: SqliteStore| async move {
        store.changes(Mark::default(), now()).await.unwrap().mark.followed.unwrap().to_string()
    };
    assert_eq!(
        followed(store.clone()).await,
        "by data version and watermark; rows that had ended are looked at again every 10 minutes"
    );
    let statements = feed_statements(&world.mapping);
    world.sql(&statements[..5].join("\n"));
    let says = followed(store.clone()).await;
    assert!(says.contains("abide_changes_team_delete is missing"), "{says}");
    world.sql(&statements[5..].join("\n"));
    assert_eq!(followed(store.clone()).await, "by triggers (exact)");
    world.sql("CREATE UNIQUE INDEX names ON team (name)");
    assert!(followed(store).await.contains("INSERT OR REPLACE"));
    let config = MAPPED.replace("'doing'", "'doing', 'really'");
    let other = SqliteStore::open(&world.url(), Config::parse(&config, &[]).unwrap().mapping()).unwrap();
    let says = followed(other.clone()).await;
    assert!(says.contains("abide_changes_team_update is another than this mapping needs"), "{says}");
    let told = other.examine().await.unwrap().into_iter().find(|check| check.what == "changes").unwrap();
    assert!(told.result.unwrap_err().fix.contains("DROP TRIGGER IF EXISTS \"abide_changes_team_update\";"));
}

#[tokio::test]
async fn an_agent_that_reports_moves_neither_rows_nor_ledger() {
    for (world, beat) in [
        (World::own(), "INSERT OR REPLACE INTO abide_beats (agent, instance, seen) VALUES ('dev-1', '', 1)"),
        (World::team(""), "INSERT INTO alive VALUES ('dev-1', 'dev', '2026-11-23 09:00:00')"),
    ] {
        let store = world.store();
        let mark = store.changes(Mark::default(), now()).await.unwrap().mark;
        world.sql(beat);
        let changes = store.changes(mark, now()).await.unwrap();
        assert_eq!((&changes.moved, changes.heartbeats, changes.ledger), (&RowsMoved::Nothing, true, false));
        lead(&store).await;
        let changes = store.changes(changes.mark, now()).await.unwrap();
        assert_eq!((changes.moved, changes.heartbeats, changes.ledger), (RowsMoved::Nothing, false, false), "a lease");
    }
}
