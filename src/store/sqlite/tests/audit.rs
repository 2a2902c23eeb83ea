//! The record, and what is done to it behind Abide's back.

use super::*;
use crate::store::audit::{Chain, Extract, Fault};
use crate::store::{Claim, Command, NewTask};

/// What a walk over all pages finds.
async fn faults(store: &SqliteStore) -> Vec<Fault> {
    let page = store.audit(&Extract::page(None)).await.unwrap();
    let mut chain = Chain::default();
    page.rows.iter().for_each(|entry| chain.step(entry));
    chain.finish(page.witness.unwrap()).faults
}

/// A record of seven rows: four tasks, a claim, a remediation task, and what was accepted.
async fn world() -> World {
    let world = World::own();
    let store = world.store();
    for title in ["one", "two", "three", "four"] {
        let task = NewTask { kind: "fix_bug".into(), title: title.into(), ..NewTask::default() };
        store.apply(&Command::Add(task), "po", now()).await.unwrap();
    }
    let worker = crate::model::Worker { name: "dev-1".into(), ..Default::default() };
    let claim = Claim {
        worker,
        duties: Arc::default(),
        gates: crate::kinds::approval::Gates::default(),
        task: None,
        most: 1,
        length: Duration::from_mins(10),
    };
    store.apply(&Command::Claim(Box::new(claim)), "dev-1", now()).await.unwrap();
    let epoch = lead(&store).await;
    let ledger = store.ledger().await.unwrap();
    let plan = plan(&ledger, vec![(Action::Open, remediation("agent/dev-1"))]);
    store.commit(&Plan { at: now().plus(Duration::from_mins(1)), ..plan }, epoch).await.unwrap();
    assert_eq!(faults(&store).await, []);
    assert_eq!(world.text("SELECT max(seq) FROM abide_audit").as_deref(), Some("7"));
    world
}

#[tokio::test]
async fn what_somebody_does_to_the_rows_is_found() {
    let deeds = [
        ("UPDATE abide_audit SET who = 'eve' WHERE seq = 3", "edited", 3),
        ("UPDATE abide_audit SET what = CAST(x'ff' AS TEXT) WHERE seq = 3", "edited", 3),
        ("UPDATE abide_audit SET at = 9223372036854775807 WHERE seq = 3", "edited", 3),
        ("DELETE FROM abide_audit WHERE seq = 3", "missing", 3),
        ("DELETE FROM abide_audit WHERE seq < 3", "missing", 1),
        ("UPDATE abide_audit SET seq = 99 WHERE seq = 3", "missing", 3),
        ("UPDATE abide_audit SET seq = -1 WHERE seq = 1", "misplaced", -1),
        ("DELETE FROM abide_audit", "cut", 1),
    ];
    for (deed, word, row) in deeds {
        let world = world().await;
        world.sql(deed);
        let faults = faults(&world.store()).await;
        assert_eq!((faults[0].word(), faults[0].row()), (word, row), "{deed}: {faults:?}");
        let told = world.store().examine().await.unwrap().into_iter().find(|check| check.what == "audit").unwrap();
        assert_eq!(told.result.unwrap_err().what, faults[0].to_string(), "the doctor finds the same");
    }
}

#[tokio::test]
async fn other_tables_tell_of_rows_that_were_cut_off() {
    let said = |faults: &[Fault]| faults.iter().map(ToString::to_string).collect::<Vec<_>>();
    let world = world().await;
    world.sql("DELETE FROM abide_audit WHERE seq > 5");
    let minute = now().plus(Duration::from_mins(1));
    let expected =
        format!("the newest rows are gone, from row 6 on: something was done at {minute}, and every row is older");
    assert_eq!(said(&faults(&world.store()).await), [expected]);
    world.sql("DELETE FROM abide_audit WHERE seq > 4");
    let expected = "the newest rows are gone, from row 5 on: claim 1 was handed out, and no row tells of it";
    assert_eq!(said(&faults(&world.store()).await), [expected]);
}

#[tokio::test]
async fn a_file_without_abide_s_tables_has_no_record() {
    let world = World::team("");
    let store = SqliteStore::open_read(&world.url(), world.mapping.clone()).unwrap();
    assert_eq!(faults(&store).await, []);
}
