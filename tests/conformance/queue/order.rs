//! Which task comes first, and which has to wait.

use abide::model::{Duration, TaskId, TaskStatus};
use abide::store::{Applied, Claim, Command, Filter, NewTask, StoreError};

use super::{MINUTE, ask, claim, complete, fail, later, new, own, status, take, worker, working};
use crate::Lack;
use crate::build::{lead, now, opened, record, step};

#[tokio::test]
async fn the_most_urgent_comes_first_and_all_are_taken_once() {
    use abide::model::Severity::{Critical, High, Low, Medium};
    for subject in own() {
        let (store, name) = (&*subject.store, subject.name);
        let due = |hours| Some(now().plus(Duration::from_hours(hours)));
        let mut ids = Vec::new();
        for (severity, due) in
            [(Low, due(1)), (High, None), (Critical, None), (High, due(9)), (High, due(3)), (Medium, None)]
        {
            ids.push(new(store, NewTask { severity, due, ..NewTask::default() }).await);
        }
        let all = ask(store, Claim { most: 4, ..claim(worker("dev-1")) }, later(1)).await.unwrap();
        let order: Vec<TaskId> = all.iter().map(|claimed| claimed.lease.task.clone()).collect();
        let wanted: Vec<TaskId> = [2, 4, 3, 1].map(|n| ids[n].clone()).into();
        assert_eq!(order, wanted, "{name}");
        let rest = ask(store, Claim { most: 9, ..claim(worker("dev-2")) }, later(1)).await.unwrap();
        let rest: Vec<TaskId> = rest.into_iter().map(|claimed| claimed.lease.task).collect();
        assert_eq!(rest, [ids[5].clone(), ids[0].clone()], "{name}");
    }
}

#[tokio::test]
async fn a_failed_try_rests_and_the_last_one_waits_for_a_person() {
    for subject in own() {
        let (store, name) = (&*subject.store, subject.name);
        let id = new(store, NewTask { tries: 3, ..NewTask::default() }).await;
        let mut at = now();
        for rest in [1, 2] {
            let lease = take(store, "dev-1", at).await.expect("it can be claimed");
            let left = store.apply(&fail(&lease, false), "dev-1", at).await.unwrap();
            let again = at.plus(Duration::from_mins(rest));
            assert_eq!(
                left,
                Applied::Left { task: id.clone(), status: TaskStatus::Pending, again: Some(again) },
                "{name}"
            );
            assert!(store.apply(&fail(&lease, false), "dev-1", at).await.is_ok(), "{name}: twice is as good as once");
            assert_eq!(take(store, "dev-1", again.minus(MINUTE.scaled(1, 2))).await, None, "{name}: it rests");
            at = again;
        }
        let lease = take(store, "dev-1", at).await.unwrap();
        store.apply(&fail(&lease, false), "dev-1", at).await.unwrap();
        let dead = store.list(&Filter { dead: true, ..Filter::default() }).await.unwrap();
        assert_eq!(dead.len(), 1, "{name}");
        let row = &dead[0];
        assert_eq!((row.task.status, row.details.attempts), (TaskStatus::Failed, 3), "{name}");
        assert_eq!(row.details.error.as_deref(), Some("it broke"), "{name}");
        store.apply(&Command::Retry(id.clone()), "po", at).await.unwrap();
        assert!(store.list(&Filter { dead: true, ..Filter::default() }).await.unwrap().is_empty(), "{name}");
        let lease = take(store, "dev-1", at).await.expect("it has tries again");
        store.apply(&fail(&lease, true), "dev-1", at).await.unwrap();
        assert_eq!(status(store, &id).await, TaskStatus::Failed, "{name}: no use in trying again");
        assert!(store.list(&Filter { dead: true, ..Filter::default() }).await.unwrap().is_empty(), "{name}");
    }
}

#[tokio::test]
async fn what_waits_for_others_is_claimed_after_them() {
    for subject in own() {
        let (store, name) = (&*subject.store, subject.name);
        let (first, second) = (new(store, NewTask::default()).await, new(store, NewTask::default()).await);
        let needs = vec![first.clone(), second.clone()];
        let last = new(store, NewTask { needs, ..NewTask::default() }).await;
        assert_eq!(status(store, &last).await, TaskStatus::Blocked, "{name}");
        for id in [&first, &second] {
            let lease = take(store, "dev-1", later(1)).await.unwrap();
            assert_eq!(lease.task, *id, "{name}");
            store.apply(&complete(&lease), "dev-1", later(2)).await.unwrap();
        }
        assert_eq!(status(store, &last).await, TaskStatus::Pending, "{name}");
        assert_eq!(store.story(&last).await.unwrap().last().unwrap().action, "unblock", "{name}");
        let more = new(store, NewTask::default()).await;
        let depend = |task: &TaskId, on: &TaskId| Command::Depend { task: task.clone(), needs: vec![on.clone()] };
        store.apply(&depend(&last, &more), "po", later(3)).await.unwrap();
        assert_eq!(status(store, &last).await, TaskStatus::Blocked, "{name}");
        for circle in [depend(&more, &last), depend(&more, &more)] {
            let refused = store.apply(&circle, "po", later(3)).await;
            assert!(matches!(refused, Err(StoreError::Impossible(_))), "{name}: {refused:?}");
        }
        let undepend = Command::Undepend { task: last.clone(), needs: vec![more.clone()] };
        store.apply(&undepend, "po", later(4)).await.unwrap();
        assert_eq!(status(store, &last).await, TaskStatus::Pending, "{name}");
        assert!(matches!(store.apply(&undepend, "po", later(4)).await, Err(StoreError::NotFound(_))), "{name}");
    }
}

#[tokio::test]
async fn a_drift_that_is_mended_lets_go_what_waited_for_its_task() {
    use abide::model::{Action, CloseReason};
    for subject in own() {
        let (store, name) = (&*subject.store, subject.name);
        let epoch = lead(store).await;
        let open = opened(store, epoch, "dev-1").await;
        let waits = new(store, NewTask { needs: vec![open.task.clone()], ..NewTask::default() }).await;
        assert_eq!(status(store, &waits).await, TaskStatus::Blocked, "{name}");
        let known = crate::build::known(&record(store, "dev-1").await, "dev-1");
        step(store, epoch, Action::Close(CloseReason::Mended), known).await.unwrap();
        assert_eq!(status(store, &waits).await, TaskStatus::Pending, "{name}");
    }
}

#[tokio::test]
async fn adding_twice_under_one_key_is_adding_once() {
    for subject in working().into_iter().filter(|subject| subject.can(Lack::NewTypes, ()).is_some()) {
        let (store, name) = (&*subject.store, subject.name);
        let task = |title: &str| NewTask {
            kind: "fix_bug".into(),
            title: title.into(),
            key: Some("ticket-7".into()),
            ..NewTask::default()
        };
        let first = store.apply(&Command::Add(task("one")), "po", now()).await.unwrap();
        assert_eq!(store.apply(&Command::Add(task("one")), "po", later(5)).await.unwrap(), first, "{name}");
        let other = store.apply(&Command::Add(task("two")), "po", later(5)).await;
        assert!(matches!(other, Err(StoreError::Stale(_))), "{name}: {other:?}");
        assert_eq!(store.list(&Filter::default()).await.unwrap().len(), 1, "{name}");
    }
}
