//! What people and agents ask for.

use abide::model::{Duration, Fingerprint, HoldId, Severity, TaskId, TaskStatus, WontFix};
use abide::store::{Command, Filter, NewTask, StoreError};

use crate::build::{add, lead, now, opened, record, task};
use crate::{Lack, subjects};

#[tokio::test]
async fn a_task_is_added_and_ends_once() {
    for subject in subjects() {
        let (store, name) = (&*subject.store, subject.name);
        let id = add(&subject, "mend it").await;
        let task = store.list(&Filter { id: Some(id.clone()), most: 1, ..Filter::default() }).await.unwrap();
        let task = &task[0].task;
        let severity = subject.can(Lack::Severity, Severity::Critical).unwrap_or_default();
        assert_eq!((&*task.kind, &*task.title, task.severity), (subject.kind, "mend it", severity), "{name}");
        let (role, author) = (subject.can(Lack::Role, "developer"), subject.can(Lack::Author, "po"));
        assert_eq!((task.role.as_deref(), task.author.as_deref()), (role, author), "{name}");
        assert_eq!(task.labels.get("area").map(|area| &**area), subject.can(Lack::Labels, "db"), "{name}");
        assert_eq!((task.status, task.created, task.own), (TaskStatus::Pending, now(), false), "{name}");
        let fail = Command::Fail { task: id.clone(), token: None, reason: Some("no time".into()), last: false };
        if subject.can(Lack::Failed, ()).is_none() {
            let refused = store.apply(&fail, "dev-1", now()).await.unwrap_err().to_string();
            assert!(refused.contains("no word is mapped for the status failed"), "{name}: {refused}");
            continue;
        }
        store.apply(&fail, "dev-1", now()).await.unwrap();
        let failed = Filter { status: vec![TaskStatus::Failed], most: 9, ..Filter::default() };
        let finished = subject.can(Lack::Finished, now());
        assert_eq!(store.list(&failed).await.unwrap()[0].task.finished, finished, "{name}");
        let done = store.apply(&Command::Complete { task: id, token: None, result: None }, "dev-1", now()).await;
        assert!(matches!(done, Err(StoreError::Stale(_))), "{name}: {done:?}");
    }
}

/// Asks something of a new task.
type Ask = fn(&mut NewTask);

/// What a table cannot say is never dropped without a word.
#[tokio::test]
async fn what_cannot_be_said_is_refused_in_words() {
    for subject in subjects() {
        let asked = |ask: Ask| {
            let mut task = task(&subject, "mend it");
            ask(&mut task);
            Command::Add(task)
        };
        let asks: [(Lack, Ask, &str); 5] = [
            (Lack::NewTypes, |task| task.kind = "other".into(), "`other`"),
            (Lack::Types, |task| task.kind = "other".into(), "no place for a type"),
            (Lack::Role, |task| task.role = Some("architect".into()), "no place for a role"),
            (Lack::Severity, |task| task.severity = Severity::Low, "no place for a severity"),
            (Lack::Labels, |task| drop(task.labels.insert("area".into(), "db".into())), "no label `area` is mapped"),
        ];
        for (lack, ask, says) in asks.into_iter().filter(|(lack, ..)| subject.lacks.contains(lack)) {
            match subject.store.apply(&asked(ask), "po", now()).await {
                Err(StoreError::Refused { reason, .. } | StoreError::Impossible(reason)) => {
                    assert!(reason.contains(says), "{}: {reason}", subject.name)
                }
                other => panic!("{} took a task with {lack:?}: {other:?}", subject.name),
            }
        }
        assert_eq!(subject.store.list(&Filter::default()).await.unwrap().len(), 0, "{}", subject.name);
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let refusal = WontFix { until: now(), by: "po".into(), reason: "no".into() };
    let commands = [
        Command::Complete { task: TaskId::from("77"), token: None, result: None },
        Command::Fail { task: "77".into(), token: None, reason: None, last: false },
        Command::Release(HoldId("open:x".into())),
        Command::WontFix { fingerprint: Fingerprint::stored("1-x"), refusal },
    ];
    for subject in subjects() {
        for command in &commands {
            let result = subject.store.apply(command, "po", now()).await;
            assert!(matches!(result, Err(StoreError::NotFound(_))), "{}: {result:?}", subject.name);
        }
    }
}

#[tokio::test]
async fn a_refusal_stands_in_the_record() {
    for subject in subjects() {
        let (store, name) = (&*subject.store, subject.name);
        let epoch = lead(store).await;
        let open = opened(store, epoch, "dev-1").await;
        let before = store.ledger().await.unwrap().version;
        let refusal = WontFix { until: now().plus(Duration::from_days(3)), by: "po".into(), reason: "known".into() };
        let command = Command::WontFix { fingerprint: open.fingerprint, refusal: refusal.clone() };
        store.apply(&command, "po", now()).await.unwrap();
        assert_eq!(record(store, "dev-1").await.wont_fix, Some(refusal), "{name}");
        assert!(store.ledger().await.unwrap().version > before, "{name}");
    }
}

#[tokio::test]
async fn lists_have_the_newest_first() {
    for subject in subjects() {
        let (store, name) = (&*subject.store, subject.name);
        let epoch = lead(store).await;
        add(&subject, "mend it").await;
        opened(store, epoch, "dev-1").await;
        let all = store.list(&Filter::default()).await.unwrap();
        assert_eq!(all.len(), 2, "{name}: 0 means all");
        let own = store.list(&Filter { own: true, ..Filter::default() }).await.unwrap();
        assert_eq!((own.len(), &*own[0].task.title), (1, "dev-1 has too much"), "{name}");
        assert_eq!(store.list(&Filter { most: 1, ..Filter::default() }).await.unwrap().len(), 1, "{name}");
    }
}
