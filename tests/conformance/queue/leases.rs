//! Who holds a task, and what becomes of it when they do not any more.

use abide::model::{Duration, QueuePolicy, TaskStatus, Token, Worker};
use abide::store::{Applied, Command, GivenBack, StoreError};

use super::{MINUTE, ask, claim, complete, fail, later, row, status, take, worker, working};
use crate::build::{add, now};

#[tokio::test]
async fn a_task_is_claimed_once_and_completed_by_its_holder() {
    for subject in working() {
        let (store, name) = (&*subject.store, subject.name);
        let id = add(&subject, "mend it").await;
        let claimed = ask(store, claim(worker("dev-1")), later(1)).await.unwrap().remove(0);
        let lease = claimed.lease;
        assert_eq!((&lease.task, &*lease.agent, lease.until), (&id, "dev-1", later(11)), "{name}");
        let task = &claimed.listed.task;
        assert_eq!((task.status, task.agent.as_deref()), (TaskStatus::Running, Some("dev-1")), "{name}");
        assert_eq!(row(store, &id).await, claimed.listed, "{name}: as the table has it");
        assert_eq!(row(store, &id).await.lease, Some(lease.clone()), "{name}");
        assert_eq!(take(store, "dev-2", later(2)).await, None, "{name}: nobody else gets it");
        store.apply(&complete(&lease), "dev-1", later(3)).await.unwrap();
        let done = row(store, &id).await;
        assert_eq!((done.task.status, done.task.finished), (TaskStatus::Completed, Some(later(3))), "{name}");
        assert_eq!(done.lease, None, "{name}");
        assert!(store.apply(&complete(&lease), "dev-1", later(4)).await.is_ok(), "{name}: twice is as good as once");
        let story: Vec<String> = store.story(&id).await.unwrap().into_iter().map(|told| told.action).collect();
        assert_eq!(story, ["add", "claim", "complete"], "{name}: a row for each transition");
    }
}

#[tokio::test]
async fn whoever_was_overtaken_changes_nothing() {
    for subject in working() {
        let (store, name) = (&*subject.store, subject.name);
        let id = add(&subject, "mend it").await;
        let first = take(store, "dev-1", now()).await.unwrap();
        let second = take(store, "dev-2", later(10)).await.expect("the lease is over");
        assert!(second.token > first.token && second.task == id, "{name}");
        let renew = Command::Renew { task: id.clone(), token: first.token, length: MINUTE };
        let back = Command::GiveBack { task: id.clone(), token: Some(first.token), reason: None };
        for command in [complete(&first), fail(&first, true), renew, back] {
            let lost = store.apply(&command, "dev-1", later(11)).await.unwrap_err();
            let StoreError::Lost(what) = lost else { panic!("{name}: {lost:?}") };
            assert!(what.contains("it was given back at") && what.contains("dev-2 claimed it at"), "{name}: {what}");
        }
        let nobody = Command::Complete { task: id.clone(), token: None, result: None };
        let refused = store.apply(&nobody, "po", later(11)).await.unwrap_err();
        assert!(refused.to_string().contains("is held by dev-2"), "{name}: {refused}");
        let made_up = Command::Complete { task: id.clone(), token: Some(Token(999)), result: None };
        assert!(matches!(store.apply(&made_up, "x", later(11)).await, Err(StoreError::Lost(_))), "{name}");
        assert_eq!(row(store, &id).await.lease, Some(second.clone()), "{name}");
        store.apply(&complete(&second), "dev-2", later(12)).await.unwrap();
        let late = store.apply(&complete(&first), "dev-1", later(13)).await.unwrap_err();
        assert!(late.to_string().contains("dev-2 claimed it"), "{name}: {late}");
    }
}

#[tokio::test]
async fn a_renewed_lease_lasts_and_writes_no_history() {
    for subject in working() {
        let (store, name) = (&*subject.store, subject.name);
        let id = add(&subject, "mend it").await;
        let lease = take(store, "dev-1", now()).await.unwrap();
        let before = store.story(&id).await.unwrap().len();
        for minute in [5, 14, 23] {
            let renew = Command::Renew { task: id.clone(), token: lease.token, length: Duration::from_mins(10) };
            let Applied::Held(kept) = store.apply(&renew, "dev-1", later(minute)).await.unwrap() else { panic!() };
            assert_eq!(kept.until, later(minute + 10), "{name}");
        }
        assert_eq!(take(store, "dev-2", later(32)).await, None, "{name}");
        assert_eq!(store.story(&id).await.unwrap().len(), before, "{name}");
        assert!(take(store, "dev-2", later(33)).await.is_some(), "{name}");
    }
}

#[tokio::test]
async fn work_is_given_back_and_taken_away() {
    for subject in working() {
        let (store, name) = (&*subject.store, subject.name);
        let id = add(&subject, "mend it").await;
        let lease = take(store, "dev-1", now()).await.unwrap();
        let back = Command::GiveBack { task: id.clone(), token: Some(lease.token), reason: Some("not mine".into()) };
        store.apply(&back, "dev-1", later(1)).await.unwrap();
        assert!(store.apply(&back, "dev-1", later(1)).await.is_ok(), "{name}: twice is as good as once");
        let free = row(store, &id).await;
        assert_eq!((free.task.status, &free.task.agent, free.lease), (TaskStatus::Pending, &None, None), "{name}");
        let lease = take(store, "dev-2", later(2)).await.unwrap();
        let away = Command::GiveBack { task: id.clone(), token: None, reason: Some("urgent".into()) };
        store.apply(&away, "po", later(3)).await.unwrap();
        assert_eq!(status(store, &id).await, TaskStatus::Pending, "{name}");
        let lost = store.apply(&complete(&lease), "dev-2", later(4)).await.unwrap_err().to_string();
        assert!(lost.contains("po gave it back at") && lost.contains("urgent"), "{name}: {lost}");
    }
}

#[tokio::test]
async fn whose_holder_is_lost_too_often_is_given_up() {
    let policy = QueuePolicy::default();
    for subject in working() {
        let (store, name) = (&*subject.store, subject.name);
        let id = add(&subject, "mend it").await;
        for round in 0..=u64::from(policy.returns) {
            let lease = take(store, "dev-1", later(round * 10)).await;
            assert!(lease.is_some(), "{name}: round {round}");
        }
        let end = later(10 * (u64::from(policy.returns) + 1));
        assert_eq!(take(store, "dev-1", end).await, None, "{name}");
        assert_eq!(status(store, &id).await, TaskStatus::Failed, "{name}");
        let lost = store.story(&id).await.unwrap().iter().filter(|told| told.action == "lost").count();
        assert_eq!(lost, policy.returns as usize + 1, "{name}");
        store.apply(&Command::Retry(id.clone()), "po", end).await.unwrap();
        let fresh = take(store, "dev-1", end).await.unwrap();
        assert_eq!(fresh.task, id, "{name}");
        store.apply(&Command::Sweep, "abide", fresh.until).await.unwrap();
        assert_eq!(status(store, &id).await, TaskStatus::Pending, "{name}: a person's retry counts anew");
    }
}

#[tokio::test]
async fn a_silent_process_loses_its_work_before_its_lease_ends() {
    for subject in working() {
        let (store, name) = (&*subject.store, subject.name);
        let id = add(&subject, "mend it").await;
        let dead_after = Some(Duration::from_mins(2));
        let of = |instance: &str| Worker { instance: instance.into(), dead_after, ..worker("dev-1") };
        let lease = ask(store, claim(of("a")), now()).await.unwrap().remove(0).lease;
        let beat =
            |instance: &str| Command::Beat { agent: "dev-1".into(), instance: instance.into(), dead_after: None };
        store.apply(&beat("a"), "dev-1", later(1)).await.unwrap();
        assert_eq!(store.apply(&Command::Sweep, "abide", later(2)).await.unwrap(), given_back(0), "{name}");
        store.apply(&beat("b"), "dev-1", later(3)).await.unwrap();
        assert_eq!(store.apply(&Command::Sweep, "abide", later(3)).await.unwrap(), given_back(1), "{name}");
        assert_eq!(status(store, &id).await, TaskStatus::Pending, "{name}: the other process does not count");
        let lost = store.apply(&complete(&lease), "dev-1", later(3)).await.unwrap_err().to_string();
        assert!(lost.contains("has not reported for too long") || lost.contains("given back"), "{name}: {lost}");
    }
}

#[tokio::test]
async fn what_is_cancelled_is_out_of_reach_of_its_holder() {
    for subject in working() {
        let (store, name) = (&*subject.store, subject.name);
        let id = add(&subject, "mend it").await;
        let lease = take(store, "dev-1", now()).await.unwrap();
        let cancel = Command::Cancel { task: id.clone(), reason: Some("not needed".into()) };
        store.apply(&cancel, "po", later(1)).await.unwrap();
        let lost = store.apply(&complete(&lease), "dev-1", later(2)).await.unwrap_err().to_string();
        assert!(lost.contains("po cancelled it at") && lost.contains("not needed"), "{name}: {lost}");
        assert_eq!(status(store, &id).await, TaskStatus::Cancelled, "{name}");
    }
}

#[tokio::test]
async fn what_abide_closes_is_nobodys_and_what_it_opens_again_is_free() {
    use abide::model::{Action, CloseReason};
    for subject in working() {
        let (store, name) = (&*subject.store, subject.name);
        let epoch = crate::build::lead(store).await;
        let open = crate::build::opened(store, epoch, "dev-1").await;
        let anybody = |agent: &str| {
            let mut worker = worker(agent);
            worker.roles.insert("architect".into());
            worker.most = Some(1);
            claim(worker)
        };
        let first = ask(store, anybody("dev-2"), now()).await.unwrap().remove(0).lease;
        let known = |record| crate::build::known(record, "dev-1");
        let record = crate::build::record(store, "dev-1").await;
        crate::build::step(store, epoch, Action::Close(CloseReason::Mended), known(&record)).await.unwrap();
        assert_eq!(row(store, &open.task).await.lease, None, "{name}");
        let late = store.apply(&complete(&first), "dev-2", later(1)).await;
        assert!(matches!(late, Err(StoreError::Lost(_))), "{name}: {late:?}");
        let record = crate::build::record(store, "dev-1").await;
        let again = Action::Reopen { why: "it is back".into() };
        crate::build::step(store, epoch, again, known(&record)).await.unwrap();
        let second = ask(store, anybody("dev-2"), later(2)).await.unwrap();
        assert_eq!(second.len(), 1, "{name}: nothing that is over counts as held");
    }
}

fn given_back(count: usize) -> Applied {
    Applied::GivenBack(GivenBack { count, ..GivenBack::default() })
}
