//! Opening, and looking a set-up over.

use super::*;
use crate::store::{Check, Filter};

fn troubles(checks: &[Check]) -> Vec<String> {
    checks
        .iter()
        .filter_map(|check| check.result.as_ref().err().map(|t| format!("{}: {}", check.what, t.what)))
        .collect()
}

#[tokio::test]
async fn a_healthy_set_up_has_no_trouble() {
    let world = World::own();
    let store = world.store();
    let epoch = lead(&store).await;
    opened(&store, epoch, "agent/dev-1").await;
    let checks = store.examine().await.unwrap();
    assert_eq!(troubles(&checks), [""; 0]);
    assert!(checks.iter().any(|check| check.result == Ok("2 rows, each bound to the one before it".into())));
}

#[tokio::test]
async fn an_edit_of_the_audit_chain_is_found() {
    for edit in ["UPDATE abide_audit SET who = 'nobody' WHERE seq = 1", "DELETE FROM abide_audit WHERE seq = 1"] {
        let world = World::own();
        let store = world.store();
        let epoch = lead(&store).await;
        opened(&store, epoch, "agent/dev-1").await;
        world.sql(edit);
        let troubles = troubles(&store.examine().await.unwrap());
        assert!(troubles[0].starts_with("audit: row "), "{troubles:?}");
    }
}

#[tokio::test]
async fn every_trouble_of_a_team_s_table_is_told() {
    let world = World::team(
        "INSERT INTO team (kind, name, state, ctx, made) VALUES ('x', 'X', 'new', 'no json', '2026-11-01 09:00:00');
         INSERT INTO team (kind, name, state, made) VALUES ('x', 'X', 'odd', '2026-11-01 09:00:00');
         INSERT INTO alive VALUES ('dev-1', 'developer', 'soon');",
    );
    let checks = world.store().examine().await.unwrap();
    let told = troubles(&checks);
    assert_eq!(told.len(), 5, "{told:?}");
    assert!(told[0].starts_with("every row: a status word is not mapped; column team.state, value `odd`, row 2"));
    assert_eq!(told[1], "JSON in ctx: row 1 holds no valid JSON, so it has no labels");
    assert!(told[2].starts_with("agents: a time cannot be read; column alive.last, value `soon`, row dev-1"));
    assert!(told[4].starts_with("changes: team is followed by data version and watermark"), "{told:?}");
    let fix = &checks.last().unwrap();
    assert!(fix.result.is_ok(), "{fix:?}");
    let index = checks.iter().find(|check| check.what == "index").unwrap().result.clone().unwrap_err();
    assert_eq!(index.fix, "CREATE INDEX \"team_by_status\" ON \"team\" (\"state\");");
}

#[tokio::test]
async fn where_no_column_tells_ends_it_is_told_what_that_means() {
    let world = World::team("");
    assert_eq!(troubles(&world.store().examine().await.unwrap()).iter().filter(|it| it.starts_with("ends")).count(), 0);
    let mapping = Mapping { columns: world.mapping.columns.clone(), ..world.mapping.clone() };
    let columns = mapping.columns.into_iter().filter(|(field, _)| *field != crate::config::Field::Finished).collect();
    let store = SqliteStore::open(&world.url(), Mapping { columns, ..world.mapping.clone() }).unwrap();
    let told = troubles(&store.examine().await.unwrap());
    assert!(told.iter().any(|it| it.starts_with("ends: no column tells when a task ended")), "{told:?}");
}

#[tokio::test]
async fn what_a_new_task_would_lack_is_told_with_the_line_that_fills_it() {
    let filled = "CREATE TABLE team (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, who TEXT, by_agent TEXT, asked TEXT,
          state TEXT NOT NULL, prio INTEGER NOT NULL, ctx TEXT NOT NULL, po TEXT, po_at TEXT, made TEXT NOT NULL, began TEXT, ended TEXT,
          sort REAL NOT NULL, nr TEXT NOT NULL, lane TEXT NOT NULL, flag INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE alive (agent TEXT, part TEXT, last TEXT);
        INSERT INTO team (kind, name, state, prio, ctx, made, sort, nr, lane) VALUES
          ('x', 'X', 'new', 5, '{}', '2026-11-01 09:00:00', 1.5, '9', 'main'), ('x', 'Y', 'new', 5, '{}', '2026-11-01 09:00:00', 2.5, '10', 'main');";
    let fixes = |checks: &[Check]| -> Vec<String> {
        let of = checks.iter().filter(|check| check.what == "new tasks");
        of.filter_map(|check| check.result.as_ref().err().map(|it| format!("{}. {}", it.what, it.fix))).collect()
    };
    let world = World::with(filled, MAPPED);
    let told = fixes(&world.store().examine().await.unwrap());
    assert_eq!(
        told,
        [
            "Abide cannot open a task: sort of team must be filled, and neither the mapping nor [tasks.insert] fills it. Write `sort = {next = true}` under [tasks.insert].",
            "Abide cannot open a task: nr of team must be filled, and neither the mapping nor [tasks.insert] fills it. Write `nr = {next = true}` under [tasks.insert].",
            "Abide cannot open a task: lane of team must be filled, and neither the mapping nor [tasks.insert] fills it. Write `lane = \"main\"` under [tasks.insert], or what else is right for new tasks.",
        ]
    );
    let lines = "[tasks.insert]\nsort = {next = true}\nnr = {next = true}\nlane = 'main'";
    let world = World::with(filled, &format!("{MAPPED}{lines}"));
    let store = world.store();
    assert_eq!(fixes(&store.examine().await.unwrap()), [""; 0]);
    let epoch = lead(&store).await;
    opened(&store, epoch, "agent/dev-1").await;
    assert_eq!(
        world.text("SELECT sort || ' ' || nr || ' ' || lane FROM team WHERE id = 3").as_deref(),
        Some("3.5 11 main")
    );
    assert_eq!(fixes(&World::team("").store().examine().await.unwrap()), [""; 0]);
}

#[tokio::test]
async fn what_the_table_refused_in_the_last_pass_is_told() {
    let world = World::team("");
    let store = world.store();
    let epoch = lead(&store).await;
    opened(&store, epoch, "agent/dev-1").await;
    world.sql("INSERT INTO abide_refusals VALUES ('open:x', 'column lane does not take NULL'), ('open:y', 'the same')");
    let told = troubles(&store.examine().await.unwrap());
    let said = "refused: the table refused 2 steps of the last pass, and they wait: column lane does not take NULL";
    assert!(told.iter().any(|it| it == said), "{told:?}");
}

#[tokio::test]
async fn reading_makes_and_changes_nothing() {
    let world =
        World::team("INSERT INTO team (kind, name, state, made) VALUES ('x', 'X', 'new', '2026-11-01 09:00:00')");
    let store = SqliteStore::open_read(&world.url(), world.mapping.clone()).unwrap();
    assert_eq!(store.ledger().await.unwrap().version, 0);
    assert_eq!(store.list(&Filter::default()).await.unwrap().len(), 1);
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'abide%'";
    assert_eq!(world.text(tables).as_deref(), Some("0"));
    assert!(matches!(store.lead("us", now(), Duration::from_mins(1)).await, Err(StoreError::OutOfReach { .. })));
    let own = SqliteStore::open_read(&world.url(), Mapping::own()).unwrap();
    assert!(own.list(&Filter::default()).await.unwrap().is_empty(), "no tables of its own yet");
}

#[tokio::test]
async fn a_missing_file_is_made_only_for_abide_s_own_tables() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join(".abide/abide.db").display());
    let read = SqliteStore::open_read(&url, Mapping::own()).unwrap();
    assert!(read.ledger().await.unwrap().records.is_empty());
    assert!(!folder.path().join(".abide").exists());
    let team = Config::parse(MAPPED, &[]).unwrap().mapping();
    for result in [SqliteStore::open(&url, team.clone()), SqliteStore::open_read(&url, team)] {
        let error = result.err().unwrap();
        assert_eq!(
            error,
            StoreError::OutOfReach {
                url: url.as_str().into(),
                reason: "there is no such file, and the task table is expected in it".into()
            }
        );
    }
    let store = SqliteStore::open(&url, Mapping::own()).unwrap();
    assert!(store.list(&Filter::default()).await.unwrap().is_empty());
    let again = SqliteStore::open(&url, Mapping::own()).unwrap();
    assert!(again.ledger().await.unwrap().records.is_empty(), "opening twice changes nothing");
}

#[test]
fn what_is_no_database_is_out_of_reach() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    std::fs::write(&path, "this is a text and no database at all").unwrap();
    let url = format!("sqlite:{}", path.display());
    assert!(matches!(SqliteStore::open(&url, Mapping::own()), Err(StoreError::OutOfReach { .. })));
    assert!(matches!(SqliteStore::open_read(&url, Mapping::own()), Err(StoreError::OutOfReach { .. })));
}

#[test]
fn a_url_that_is_none_of_sqlite_is_a_mistake_of_the_configuration() {
    for url in ["postgres://x/y", "sqlite:", "agency.db"] {
        let Err(StoreError::Mapping(error)) = SqliteStore::open(url, Mapping::own()) else {
            panic!("{url} was opened")
        };
        assert_eq!((error.key.as_str(), error.fix.as_str()), ("store.url", "Write `sqlite:PATH`."));
    }
}
