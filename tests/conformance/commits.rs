//! Plans are carried out whole, once, and only by who leads.

use abide::model::{
    Action, CloseReason, Duration, Held, HoldId, Ledger, Live, NoAnswer, Plan, RecordState, Remediation, Severity,
    TaskStatus, Unknown,
};
use abide::store::{Command, StoreError};

use crate::build::{known, lead, now, opened, plan, record, remediation, step};
use crate::{Lack, subjects};

#[tokio::test]
async fn a_drift_is_opened_changed_closed_and_opened_again() {
    for subject in subjects() {
        let (store, name) = (&*subject.store, subject.name);
        let epoch = lead(store).await;
        let open = opened(store, epoch, "dev-1").await;
        let role = subject.can(Lack::Role, "architect".into());
        let live = Live { status: TaskStatus::Pending, role, finished: None };
        assert_eq!((open.state, open.live.clone()), (RecordState::Open, Some(live.clone())), "{name}");
        let worse = Remediation { severity: Severity::Critical, ..known(&open, "dev-1") };
        step(store, epoch, Action::Update, worse).await.unwrap();
        let open = record(store, "dev-1").await;
        assert_eq!(open.severity, Severity::Critical, "{name}");
        step(store, epoch, Action::Close(CloseReason::Mended), known(&open, "dev-1")).await.unwrap();
        let closed = record(store, "dev-1").await;
        assert_eq!(closed.state, RecordState::Closed { reason: CloseReason::Mended, at: now() }, "{name}");
        let ended = closed.live.as_ref().unwrap();
        assert_eq!(ended.status, TaskStatus::Completed, "{name}");
        assert_eq!(ended.finished, subject.can(Lack::Finished, now()), "{name}");
        let again = Remediation { flaps: 1, ..known(&closed, "dev-1") };
        step(store, epoch, Action::Reopen { why: "it is back".into() }, again).await.unwrap();
        let again = record(store, "dev-1").await;
        assert_eq!((again.state, again.flaps, again.live), (RecordState::Open, 1, Some(live)), "{name}");
        assert_eq!(again.task, open.task, "{name}: the same task");
    }
}

#[tokio::test]
async fn a_second_pass_writes_no_row() {
    for subject in subjects() {
        let (store, name) = (&*subject.store, subject.name);
        let epoch = lead(store).await;
        let first = step(store, epoch, Action::Open, remediation("dev-1")).await.unwrap();
        assert!(first.rows > 0 && first.opened.len() == 1, "{name}");
        let ledger = store.ledger().await.unwrap();
        assert_eq!(ledger.version, first.ledger, "{name}");
        let second = store.commit(&plan(&ledger, Vec::new()), epoch).await.unwrap();
        assert_eq!((second.rows, second.ledger), (0, first.ledger), "{name}");
    }
}

#[tokio::test]
async fn a_stale_basis_is_refused_whole() {
    for subject in subjects() {
        let (store, name) = (&*subject.store, subject.name);
        let epoch = lead(store).await;
        let before = store.ledger().await.unwrap();
        let open = opened(store, epoch, "dev-1").await;
        let old = store.commit(&plan(&before, vec![(Action::Open, remediation("dev-2"))]), epoch).await;
        assert!(matches!(old, Err(StoreError::Stale(_))), "{name}: {old:?}");
        store
            .apply(&Command::Complete { task: open.task.clone(), token: None, result: None }, "dev-1", now())
            .await
            .unwrap();
        let ledger = store.ledger().await.unwrap();
        let steps = vec![(Action::Open, remediation("dev-2")), (Action::Update, known(&open, "dev-1"))];
        let moved = store.commit(&plan(&ledger, steps), epoch).await;
        assert!(matches!(moved, Err(StoreError::Stale(_))), "{name}: {moved:?}");
        assert_eq!(store.ledger().await.unwrap().records.len(), 1, "{name}: nothing was written");
    }
}

#[tokio::test]
async fn only_who_leads_may_write_and_epochs_never_go_down() {
    for subject in subjects() {
        let (store, name) = (&*subject.store, subject.name);
        let first = lead(store).await;
        assert_eq!(lead(store).await, first, "{name}: renewed");
        let led = store.lead("them", now(), Duration::from_mins(1)).await;
        assert!(matches!(led, Err(StoreError::Led { .. })), "{name}: {led:?}");
        let second = store.lead("them", now().plus(Duration::from_mins(5)), Duration::from_mins(1)).await.unwrap();
        assert!(second > first, "{name}");
        let ledger = store.ledger().await.unwrap();
        let late = store.commit(&plan(&ledger, vec![(Action::Open, remediation("dev-1"))]), first).await;
        assert_eq!(late, Err(StoreError::Fenced { ours: first.0, current: second.0 }), "{name}");
        store.resign(second).await.unwrap();
        let given_back = store.commit(&plan(&ledger, Vec::new()), second).await;
        assert!(matches!(given_back, Err(StoreError::Fenced { .. })), "{name}: {given_back:?}");
        assert!(lead(store).await > second, "{name}");
    }
}

#[tokio::test]
async fn a_renamed_spec_keeps_its_task() {
    for subject in subjects() {
        let (store, name) = (&*subject.store, subject.name);
        let epoch = lead(store).await;
        let open = opened(store, epoch, "dev-1").await;
        let renamed_from = Some(open.fingerprint.clone());
        let renamed = Remediation { renamed_from, ..known(&open, "dev-one") };
        step(store, epoch, Action::Update, renamed).await.unwrap();
        assert_eq!(store.ledger().await.unwrap().records.len(), 1, "{name}");
        assert_eq!(record(store, "dev-one").await.task, open.task, "{name}");
    }
}

#[tokio::test]
async fn what_waits_for_a_person_is_kept_until_it_does_not() {
    for subject in subjects() {
        let (store, name) = (&*subject.store, subject.name);
        let epoch = lead(store).await;
        let id = HoldId("open:x".into());
        let held =
            Held { id: id.clone(), action: "open", fingerprint: None, reason: "many".into(), needs_person: true };
        let waiting = |ledger: &Ledger| Plan { held: vec![held.clone()], ..plan(ledger, Vec::new()) };
        store.commit(&waiting(&store.ledger().await.unwrap()), epoch).await.unwrap();
        for released in [false, true, true] {
            let ledger = store.ledger().await.unwrap();
            assert_eq!(ledger.holds.get(&id), Some(&released), "{name}");
            assert_eq!(store.commit(&waiting(&ledger), epoch).await.unwrap().rows, 0, "{name}: it waits already");
            store.apply(&Command::Release(id.clone()), "po", now()).await.unwrap();
        }
        // What cannot be told this time may be wanted again the next.
        let ledger = store.ledger().await.unwrap();
        let why = NoAnswer { reason: "the database is away".into(), since: now() };
        let unknown = Unknown { case: remediation("dev-1").case, subject: None, why };
        let unsure = Plan { unknown: vec![unknown], ..plan(&ledger, Vec::new()) };
        assert_eq!(store.commit(&unsure, epoch).await.unwrap().rows, 0, "{name}");
        assert_eq!(store.ledger().await.unwrap().holds.get(&id), Some(&true), "{name}");
        store.commit(&plan(&store.ledger().await.unwrap(), Vec::new()), epoch).await.unwrap();
        assert!(store.ledger().await.unwrap().holds.is_empty(), "{name}");
    }
}
