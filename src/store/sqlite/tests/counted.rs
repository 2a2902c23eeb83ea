//! Columns in which each new row has a number of its own.

use super::*;
use crate::config::Mapping;

/// As many trackers number the tasks of each project.
const SQL: &str = "
    CREATE TABLE jobs (id INTEGER PRIMARY KEY, kind TEXT, name TEXT, state TEXT, made TEXT, ctx TEXT, place INTEGER,
      nr INTEGER NOT NULL DEFAULT 0, UNIQUE (place, nr));
    INSERT INTO jobs (kind, name, state, made, place, nr) VALUES ('x', 'X', 'pending', '2026-11-23 09:00:00', 7, 4),
      ('x', 'Y', 'pending', '2026-11-23 09:00:00', 8, 90);";

fn config(insert: &str) -> String {
    format!(
        "[tasks]\ntable = 'jobs'\n[tasks.columns]\nid = 'id'\ntype = 'kind'\ntitle = 'name'\nstatus = 'state'\n\
         created = 'made'\ncontext = 'ctx'\n[tasks.insert]\n{insert}"
    )
}

/// What two tasks of one pass have, and why one was not opened.
async fn two(world: &World, store: &SqliteStore) -> (String, Vec<String>) {
    let epoch = lead(store).await;
    let steps = vec![(Action::Open, remediation("agent/a")), (Action::Open, remediation("agent/b"))];
    let outcome = store.commit(&plan(&store.ledger().await.unwrap(), steps), epoch).await.unwrap();
    let numbers = world.text("SELECT group_concat(place || '-' || nr, ' ') FROM jobs WHERE id > 2 ORDER BY id");
    (numbers.unwrap_or_default(), outcome.undone.into_iter().map(|undone| undone.why).collect())
}

#[tokio::test]
async fn every_task_of_a_pass_gets_the_next_number() {
    for (insert, numbers) in [
        ("place = 7\nnr = {next = true, within = 'place'}", "7-5 7-6"),
        ("place = 7\nnr = {next = true}", "7-91 7-92"),
        ("place = 9\nnr = {next = true, within = 'place'}", "9-1 9-2"),
    ] {
        let world = World::with(SQL, &config(insert));
        assert_eq!(two(&world, &world.store()).await, (numbers.to_owned(), Vec::new()), "{insert}");
        let world = World::with(SQL, &config(insert));
        let mapping = Mapping { url: Some(world.url()), ..world.mapping.clone() };
        let apart = SqliteStore::open(&format!("sqlite:{}", world.folder.path().join("b.db").display()), mapping);
        assert_eq!(two(&world, &apart.unwrap()).await, (numbers.to_owned(), Vec::new()), "two files: {insert}");
    }
}

#[tokio::test]
async fn without_one_the_second_is_refused_with_the_line_that_helps() {
    let world = World::with(SQL, &config("place = 7"));
    let (numbers, undone) = two(&world, &world.store()).await;
    assert_eq!(numbers, "7-0");
    let said = "the table jobs refuses the task: another row has the same in place and nr, which no two may. Where one of them \
                is a number that counts, write `COLUMN = {next = true}` for it under [tasks.insert]";
    assert_eq!(undone, [said]);
}

#[tokio::test]
async fn keys_that_are_whole_numbers_go_on_whatever_they_are_declared_as() {
    let keys = async |declared: &str, old: &str, insert: &str| {
        let sql = format!(
            "CREATE TABLE jobs (id {declared} NOT NULL PRIMARY KEY, kind TEXT, name TEXT, state TEXT, made TEXT, ctx TEXT, place INTEGER,
               nr INTEGER);
             INSERT INTO jobs (id, kind, name, state, made) SELECT {old}, 'x', 'X', 'pending', '2026-11-23 09:00:00' WHERE {old} IS NOT NULL"
        );
        let world = World::with(&sql, &config(insert));
        assert_eq!(two(&world, &world.store()).await.1, [""; 0]);
        world.text("SELECT group_concat(id, ' ') FROM (SELECT id FROM jobs WHERE kind <> 'x' ORDER BY id)").unwrap()
    };
    for declared in ["NUMERIC(18)", "DECIMAL", ""] {
        assert_eq!(keys(declared, "10059", "").await, "10060 10061", "{declared}");
    }
    assert_eq!(keys("NUMERIC(18)", "NULL", "").await, "1 2");
    assert!(keys("VARCHAR(60)", "'a'", "").await.starts_with("abide-"));
    assert_eq!(keys("VARCHAR(60)", "'9'", "ID = {next = true}").await, "10 11");
}
