//! Rows handed over, and what changed in them.

use abide::model::{Duration, Selector, SelectorFields, TaskStatus};
use abide::store::{Command, Mark, RowsMoved, Wants};

use crate::build::{add, now, scan};
use crate::{Lack, subjects};

#[tokio::test]
async fn a_scan_hands_over_every_wanted_row_once() {
    for subject in subjects() {
        let (store, name) = (&*subject.store, subject.name);
        let open = add(&subject, "open").await;
        let done = add(&subject, "done").await;
        store
            .apply(&Command::Complete { task: done.clone(), token: None, result: None }, "dev-1", now())
            .await
            .unwrap();
        let only_open = scan(store, &Wants { open: true, ..Wants::default() }).await;
        assert!(only_open.iter().any(|task| task.id == open), "{name}");
        let types = Some(vec![subject.kind.into()]);
        let select = Selector::new(SelectorFields { types, ..SelectorFields::default() }).unwrap();
        let wants = Wants {
            open: true,
            overridden: true,
            finished_since: Some(now().minus(Duration::from_days(1))),
            ids: vec![done.clone(), open.clone(), "77".into()],
            selected: vec![select, Selector::default()],
        };
        let mut ids: Vec<_> = scan(store, &wants).await.into_iter().map(|task| task.id.clone()).collect();
        ids.sort();
        let mut expected = vec![open, done];
        expected.sort();
        assert_eq!(ids, expected, "{name}");
    }
}

#[tokio::test]
async fn changes_are_told_or_said_to_be_unknown() {
    for subject in subjects() {
        let (store, name) = (&*subject.store, subject.name);
        let first = add(&subject, "first").await;
        let changes = store.changes(Mark::default(), now()).await.unwrap();
        assert_eq!(changes.moved, RowsMoved::Anything, "{name}");
        let mark = changes.mark;
        let changes = store.changes(mark.clone(), now()).await.unwrap();
        assert_eq!((changes.moved, changes.heartbeats), (RowsMoved::Nothing, false), "{name}");
        let second = add(&subject, "second").await;
        store
            .apply(&Command::Complete { task: first.clone(), token: None, result: None }, "dev-1", now())
            .await
            .unwrap();
        if subject.can(Lack::Changes, ()).is_none() {
            assert_eq!(store.changes(mark.clone(), now()).await.unwrap().moved, RowsMoved::Anything, "{name}");
            continue;
        }
        let RowsMoved::Rows(mut rows) = store.changes(mark.clone(), now()).await.unwrap().moved else {
            panic!("{name}")
        };
        rows.sort_by_key(|(before, _)| before.is_none());
        let (before, after) = (rows[0].0.clone().unwrap(), rows[0].1.clone().unwrap());
        assert_eq!((before.status, after.status), (TaskStatus::Pending, TaskStatus::Completed), "{name}");
        assert_eq!((&before.id, &after.id), (&first, &first), "{name}");
        assert_eq!(rows[1].0, None, "{name}");
        assert_eq!(rows[1].1.as_ref().map(|task| &task.id), Some(&second), "{name}");
    }
}
