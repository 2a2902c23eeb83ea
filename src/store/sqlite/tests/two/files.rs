//! What becomes of the team's file, and what when it is busy, away or another one.

use super::super::*;
use super::site::{mapping, url};
use crate::model::{CloseReason, Live, TaskId, TaskStatus};
use crate::store::{Mark, RowsMoved};

/// A folder with the team's file, in the journal mode that SQLite itself sets.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    Connection::open(folder.path().join("team.db")).unwrap().execute_batch(TEAM).unwrap();
    folder
}

fn open(folder: &tempfile::TempDir) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(&url(folder.path(), true), mapping(folder.path(), true))
}

fn team(folder: &tempfile::TempDir) -> Connection {
    Connection::open(folder.path().join("team.db")).unwrap()
}

fn text(conn: &Connection, sql: &str) -> String {
    conn.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap()
}

#[tokio::test]
async fn nothing_of_the_teams_file_changes_but_rows() {
    let folder = folder();
    let schema = "SELECT group_concat(sql) FROM sqlite_schema";
    let before = text(&team(&folder), schema);
    let store = open(&folder).unwrap();
    let epoch = lead(&store).await;
    let open = opened(&store, epoch, "agent/dev-1").await;
    step(&store, epoch, Action::Close(CloseReason::Mended), known(&open)).await.unwrap();
    let live = Live { status: TaskStatus::Completed, role: Some("architect".into()), finished: Some(now()) };
    assert_eq!(record(&store, &open.fingerprint).await.live, Some(live));
    let team = team(&folder);
    assert_eq!((text(&team, schema), text(&team, "PRAGMA journal_mode")), (before, "delete".into()));
    let checks = store.examine().await.unwrap();
    let find = |what: &str| checks.iter().find(|check| check.what == what).unwrap().clone();
    assert!(find("two files").result.is_ok());
    let journal = find("journal");
    assert!(journal.result.unwrap_err().what.contains("of the team's database the journal mode is `delete`"));
}

#[tokio::test]
async fn the_teams_file_is_never_made() {
    let folder = tempfile::tempdir().unwrap();
    for result in [open(&folder), SqliteStore::open_read(&url(folder.path(), true), mapping(folder.path(), true))] {
        let error = result.err().unwrap().to_string();
        assert!(error.contains("team.db") && error.contains("there is no such file"), "{error}");
    }
    assert!(!folder.path().join("team.db").exists() && !folder.path().join("abide.db").exists());
}

#[tokio::test]
async fn it_is_read_before_abides_own_file_is_there() {
    let folder = folder();
    team(&folder).execute_batch("INSERT INTO team (kind, name, state, made) VALUES ('x', 'X', 'new', '2026-11-23 09:00:00'); INSERT INTO alive VALUES ('dev-1', 'dev', '2026-11-23 09:00:00')").unwrap();
    let store = SqliteStore::open_read(&url(folder.path(), true), mapping(folder.path(), true)).unwrap();
    assert_eq!(scan(&store, all()).await.unwrap().len(), 1);
    assert_eq!(store.heartbeats().await.unwrap().len(), 1);
    assert!(store.ledger().await.unwrap().records.is_empty());
    let mark = store.changes(Mark::default(), now()).await.unwrap().mark;
    assert!(!folder.path().join("abide.db").exists(), "reading makes nothing");
    let writer = open(&folder).unwrap();
    let epoch = lead(&writer).await;
    opened(&writer, epoch, "agent/dev-1").await;
    assert_eq!(store.ledger().await.unwrap().records.len(), 1, "now it is");
    assert_ne!(store.changes(mark.clone(), now()).await.unwrap().moved, RowsMoved::Nothing);
}

#[tokio::test]
async fn while_the_team_writes_nothing_is_written_and_nothing_is_lost() {
    let folder = folder();
    let store = open(&folder).unwrap();
    let epoch = lead(&store).await;
    store.0.writer.as_ref().unwrap().lock().unwrap().conn.busy_timeout(std::time::Duration::ZERO).unwrap();
    let busy = team(&folder);
    busy.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = step(&store, epoch, Action::Open, remediation("agent/x")).await.unwrap_err().to_string();
    assert!(error.contains("team.db is out of reach") && error.contains("locked"), "{error}");
    assert_eq!(lead(&store).await, epoch, "the lease is in Abide's own file");
    busy.execute_batch("ROLLBACK").unwrap();
    opened(&store, epoch, "agent/x").await;
    let abide = Connection::open(folder.path().join("abide.db")).unwrap();
    assert_eq!(text(&abide, "SELECT group_concat(action) FROM abide_audit"), "open,accept");
    assert_eq!(text(&abide, "SELECT count(*) || '' FROM abide_intents"), "0");
}

#[tokio::test]
async fn another_file_in_the_place_of_the_teams_is_noticed() {
    let folder = folder();
    let store = open(&folder).unwrap();
    let epoch = lead(&store).await;
    let open = opened(&store, epoch, "agent/x").await;
    let mark = store.changes(Mark::default(), now()).await.unwrap().mark;
    std::fs::rename(folder.path().join("team.db"), folder.path().join("old.db")).unwrap();
    let away = store.commit(&plan(&Ledger::default(), Vec::new()), epoch).await.unwrap_err();
    assert!(away.to_string().contains("there is no such file"), "{away}");
    team(&folder).execute_batch(TEAM).unwrap();
    assert_eq!(store.changes(mark.clone(), now()).await.unwrap().moved, RowsMoved::Anything);
    assert_eq!(record(&store, &open.fingerprint).await.live, None, "its row is gone with the file");
    step(&store, epoch, Action::Open, known(&record(&store, &open.fingerprint).await)).await.unwrap();
    assert_eq!(text(&team(&folder), "SELECT count(*) || '' FROM team"), "1");
}

#[tokio::test]
async fn a_row_that_moved_meanwhile_is_stale_and_leaves_no_intent() {
    let folder = folder();
    let store = open(&folder).unwrap();
    let epoch = lead(&store).await;
    let open = opened(&store, epoch, "agent/x").await;
    team(&folder).execute_batch("UPDATE team SET state = 'doing'").unwrap();
    let stale = step(&store, epoch, Action::Close(CloseReason::Mended), known(&open)).await;
    assert!(matches!(stale, Err(StoreError::Stale(_))), "{stale:?}");
    let abide = Connection::open(folder.path().join("abide.db")).unwrap();
    assert_eq!(text(&abide, "SELECT count(*) || '' FROM abide_intents"), "0");
}

#[tokio::test]
async fn what_the_teams_file_refuses_is_left_out_of_both_files() {
    let folder = folder();
    let store = open(&folder).unwrap();
    let epoch = lead(&store).await;
    let (frozen, fine) = (opened(&store, epoch, "agent/dev-1").await, opened(&store, epoch, "agent/dev-2").await);
    let TaskId(id) = &frozen.task;
    let freeze = format!(
        "CREATE TRIGGER freeze BEFORE UPDATE ON team WHEN old.id = {id} BEGIN SELECT RAISE(ABORT, 'frozen'); END;"
    );
    team(&folder).execute_batch(&freeze).unwrap();
    let close = Action::Close(CloseReason::Mended);
    let ledger = store.ledger().await.unwrap();
    let plan = plan(&ledger, vec![(close.clone(), known(&frozen)), (close, known(&fine))]);
    let outcome = store.commit(&plan, epoch).await.unwrap();
    assert_eq!(outcome.undone.iter().map(|undone| undone.step).collect::<Vec<_>>(), [0]);
    let states =
        (record(&store, &frozen.fingerprint).await.is_open(), record(&store, &fine.fingerprint).await.is_open());
    assert_eq!(states, (true, false));
    let abide = Connection::open(folder.path().join("abide.db")).unwrap();
    assert_eq!(text(&abide, "SELECT count(*) || '' FROM abide_intents"), "0");
    assert_eq!(
        text(&abide, "SELECT group_concat(task) FROM abide_audit WHERE action = 'close'"),
        fine.task.0.to_string()
    );
}
