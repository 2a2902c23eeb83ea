//! The record of all transitions, page by page.

use abide::model::{Duration, Timestamp};
use abide::store::TaskStore;
use abide::store::audit::{Chain, Entry, Extract, Witness};

use crate::build::{add, lead, now, opened};
use crate::queue::{ask, claim, worker};
use crate::subjects;

/// All of it, in steps of two rows, and what else tells how far it goes.
async fn read(store: &dyn TaskStore) -> (Vec<Entry>, Witness) {
    let mut rows: Vec<Entry> = Vec::new();
    loop {
        let after = rows.last().map(|entry| entry.seq);
        let page = store.audit(&Extract { after, most: 2, ..Extract::default() }).await.unwrap();
        assert_eq!(page.has_more, page.witness.is_none());
        rows.extend(page.rows);
        if let Some(witness) = page.witness {
            return (rows, witness);
        }
    }
}

async fn numbers(store: &dyn TaskStore, wanted: Extract) -> (Vec<i64>, bool) {
    let page = store.audit(&Extract { most: wanted.most.max(1), ..wanted }).await.unwrap();
    (page.rows.iter().map(|entry| entry.seq).collect(), page.has_more)
}

#[tokio::test]
async fn every_transition_is_a_link_of_one_chain() {
    for subject in subjects() {
        let (store, name) = (&*subject.store, subject.name);
        assert_eq!(read(store).await.0, [], "{name}");
        let epoch = lead(store).await;
        for title in ["one", "two", "three"] {
            add(&subject, title).await;
        }
        // A table may have no word for what runs: then nothing is claimed, and nothing is written down.
        drop(ask(store, claim(worker("dev-1")), now()).await);
        opened(store, epoch, "dev-1").await;
        let (rows, witness) = read(store).await;
        let mut chain = Chain::default();
        rows.iter().for_each(|entry| chain.step(entry));
        let verified = chain.finish(witness);
        assert_eq!((verified.faults, verified.rows), (Vec::new(), rows.len() as u64), "{name}");
        assert!(rows.len() >= 5, "{name}: {rows:?}");
        let whats = rows.iter().map(|entry| serde_json::from_str::<serde_json::Value>(&entry.what));
        assert!(whats.into_iter().all(|what| what.is_ok_and(|what| what.is_object())), "{name}: {rows:?}");
    }
}

#[tokio::test]
async fn rows_are_given_as_they_are_asked_for() {
    let later = |minutes: u64| -> Timestamp { now().plus(Duration::from_mins(minutes)) };
    for subject in subjects() {
        let (store, name) = (&*subject.store, subject.name);
        let first = add(&subject, "one").await;
        add(&subject, "two").await;
        add(&subject, "three").await;
        let fail = |task| abide::store::Command::Complete { task, token: None, result: None };
        store.apply(&fail(first.clone()), "dev-1", later(5)).await.unwrap();
        let all = Extract { most: 9, ..Extract::default() };
        let asked = [
            (all.clone(), (vec![1, 2, 3, 4], false)),
            (Extract { most: 2, ..all.clone() }, (vec![1, 2], true)),
            (Extract { most: 2, newest: true, ..all.clone() }, (vec![3, 4], true)),
            (Extract { after: Some(2), ..all.clone() }, (vec![3, 4], false)),
            (Extract { task: Some(first), ..all.clone() }, (vec![1, 4], false)),
            (Extract { who: Some("dev-1".into()), ..all.clone() }, (vec![4], false)),
            (Extract { action: Some("add".into()), newest: true, most: 1, ..all.clone() }, (vec![3], true)),
            (Extract { since: Some(later(5)), ..all.clone() }, (vec![4], false)),
            (Extract { until: Some(later(4)), ..all.clone() }, (vec![1, 2, 3], false)),
            (Extract { action: Some("none".into()), ..all }, (vec![], false)),
        ];
        for (wanted, expected) in asked {
            assert_eq!(numbers(store, wanted.clone()).await, expected, "{name}: {wanted:?}");
        }
    }
}
