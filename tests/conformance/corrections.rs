//! Corrections of the team's tasks land once, where they were read, and are remembered.

use abide::model::{
    Action, Assign, Change, Digest, Duration, EnforcedKey, Epoch, Live, Plan, Severity, TaskField, TaskId,
};
use abide::model::{Remediation, TaskStatus};
use abide::store::{Command, Filter, StoreError, TaskStore};

use crate::build::{add, known, lead, now, opened, plan, record, remediation, step};
use crate::{Lack, able};

fn assign(task: &TaskId, change: Change) -> Assign {
    Assign { spec: "assignment/a".parse().unwrap(), digest: Digest::of("a"), task: task.clone(), change }
}

fn role(from: &str, to: &str) -> Change {
    Change::Role { from: Some(from.into()), to: to.into() }
}

const fn severity(from: Severity, to: Severity) -> Change {
    Change::Severity { from, to }
}

fn key(task: &TaskId, field: TaskField) -> EnforcedKey {
    EnforcedKey { spec: "assignment/a".parse().unwrap(), task: task.clone(), field }
}

async fn correct(store: &dyn TaskStore, epoch: Epoch, assigns: Vec<Assign>) -> Result<u64, StoreError> {
    step(store, epoch, Action::Assign(assigns), remediation("dev-1")).await.map(|outcome| outcome.rows)
}

/// The role and the severity of a task.
async fn fields(store: &dyn TaskStore, task: &TaskId) -> (Option<String>, Severity) {
    let filter = Filter { id: Some(task.clone()), ..Filter::default() };
    let listed = store.list(&filter).await.unwrap();
    (listed[0].task.role.as_deref().map(str::to_owned), listed[0].task.severity)
}

#[tokio::test]
async fn role_and_severity_are_corrected_and_remembered() {
    for subject in able(&[Lack::Role, Lack::Severity]) {
        let (store, name) = (&*subject.store, subject.name);
        let epoch = lead(store).await;
        let task = add(&subject, "a bug").await;
        let both = [role("developer", "qa"), severity(Severity::Critical, Severity::Low)];
        let rows = correct(store, epoch, both.clone().map(|change| assign(&task, change)).into()).await.unwrap();
        assert!(rows > 0, "{name}");
        assert_eq!(fields(store, &task).await, (Some("qa".to_owned()), Severity::Low), "{name}");
        let ledger = store.ledger().await.unwrap();
        assert!(ledger.records.is_empty() && !ledger.table.is_empty(), "{name}");
        let changes: Vec<_> = ledger.enforced.iter().map(|(key, enforced)| (key.field, &enforced.change)).collect();
        assert_eq!(changes, [(TaskField::Role, &both[0]), (TaskField::Severity, &both[1])], "{name}");
        let of_role = &ledger.enforced[&key(&task, TaskField::Role)];
        assert_eq!((of_role.at, of_role.digest, of_role.is_open), (now(), Digest::of("a"), true), "{name}");
    }
}

#[tokio::test]
async fn a_correction_lands_only_where_the_value_is_as_it_was_read() {
    for subject in able(&[Lack::Role, Lack::Severity]) {
        let (store, name) = (&*subject.store, subject.name);
        let epoch = lead(store).await;
        let task = add(&subject, "a bug").await;
        for wrong in [role("qa", "ops"), severity(Severity::Low, Severity::High)] {
            let right = assign(&task, severity(Severity::Critical, Severity::Medium));
            let refused = correct(store, epoch, vec![right, assign(&task, wrong)]).await;
            assert!(matches!(refused, Err(StoreError::Stale(_))), "{name}: {refused:?}");
        }
        let nobody = correct(store, epoch, vec![assign(&"999".into(), role("qa", "ops"))]).await;
        assert!(matches!(nobody, Err(StoreError::Stale(_))), "{name}: {nobody:?}");
        assert_eq!(fields(store, &task).await, (Some("developer".to_owned()), Severity::Critical), "{name}");
        assert!(store.ledger().await.unwrap().enforced.is_empty(), "{name}: all or nothing");
    }
}

#[tokio::test]
async fn a_later_correction_of_the_same_field_takes_the_place_of_the_earlier() {
    for subject in able(&[Lack::Role, Lack::Severity]) {
        let (store, name) = (&*subject.store, subject.name);
        let epoch = lead(store).await;
        let task = add(&subject, "a bug").await;
        correct(store, epoch, vec![assign(&task, role("developer", "qa"))]).await.unwrap();
        let later = Assign { digest: Digest::of("b"), ..assign(&task, role("qa", "ops")) };
        correct(store, epoch, vec![later]).await.unwrap();
        let enforced = store.ledger().await.unwrap().enforced;
        assert_eq!(enforced.len(), 1, "{name}");
        let last = &enforced[&key(&task, TaskField::Role)];
        assert_eq!((&last.change, last.digest), (&role("qa", "ops"), Digest::of("b")), "{name}");
    }
}

#[tokio::test]
async fn what_is_remembered_tells_of_the_task_as_it_is_and_who_did_something_to_it() {
    for subject in able(&[Lack::Role, Lack::Severity]) {
        let (store, name) = (&*subject.store, subject.name);
        let epoch = lead(store).await;
        let task = add(&subject, "a bug").await;
        correct(store, epoch, vec![assign(&task, role("developer", "qa"))]).await.unwrap();
        let later = now().plus(Duration::from_mins(1));
        store
            .apply(&Command::Complete { task: task.clone(), token: None, result: None }, "dev-9", later)
            .await
            .unwrap();
        let enforced = store.ledger().await.unwrap().enforced;
        let ended = &enforced[&key(&task, TaskField::Role)];
        assert_eq!((ended.is_open, ended.writer.as_deref()), (false, None), "{name}: it is as it was set");
        let other = Assign { spec: "assignment/b".parse().unwrap(), ..assign(&task, role("qa", "ops")) };
        correct(store, epoch, vec![other]).await.unwrap();
        let enforced = store.ledger().await.unwrap().enforced;
        assert_eq!(enforced[&key(&task, TaskField::Role)].writer.as_deref(), Some("dev-9"), "{name}");
    }
}

#[tokio::test]
async fn what_is_forgotten_is_gone_and_forgetting_twice_writes_nothing() {
    for subject in able(&[Lack::Role, Lack::Severity]) {
        let (store, name) = (&*subject.store, subject.name);
        let epoch = lead(store).await;
        let task = add(&subject, "a bug").await;
        correct(store, epoch, vec![assign(&task, role("developer", "qa"))]).await.unwrap();
        let ledger = store.ledger().await.unwrap();
        let forget = Plan { forgotten: vec![key(&task, TaskField::Role)], ..plan(&ledger, Vec::new()) };
        assert!(store.commit(&forget, epoch).await.unwrap().rows > 0, "{name}");
        let ledger = store.ledger().await.unwrap();
        assert!(ledger.enforced.is_empty(), "{name}");
        assert_eq!(store.commit(&plan(&ledger, Vec::new()), epoch).await.unwrap().rows, 0, "{name}");
        let twice = Plan { forgotten: forget.forgotten.clone(), ..plan(&ledger, Vec::new()) };
        assert_eq!(store.commit(&twice, epoch).await.unwrap().rows, 0, "{name}");
    }
}

#[tokio::test]
async fn a_remediation_task_goes_from_owner_to_owner() {
    for subject in able(&[Lack::Role, Lack::Severity]) {
        let (store, name) = (&*subject.store, subject.name);
        let epoch = lead(store).await;
        opened(store, epoch, "dev-1").await;
        let holders =
            [("agent/ada", None, Some("ada")), ("agent/bob", None, Some("bob")), ("role/qa", Some("qa"), None)];
        for (owner, role, agent) in holders {
            let before = record(store, "dev-1").await;
            let given = Remediation { owner: owner.parse().ok(), ..known(&before, "dev-1") };
            step(store, epoch, Action::Update, given).await.unwrap();
            let filter = Filter { id: Some(before.task.clone()), ..Filter::default() };
            let task = store.list(&filter).await.unwrap()[0].task.clone();
            let stands_in = if subject.can(Lack::NoRole, ()).is_none() { Some("developer") } else { None };
            assert_eq!((task.role.as_deref(), task.agent.as_deref()), (role.or(stands_in), agent), "{name}: {owner}");
        }
        let live = Live { status: TaskStatus::Pending, role: Some("qa".into()), finished: None };
        assert_eq!(record(store, "dev-1").await.live, Some(live), "{name}");
    }
}
