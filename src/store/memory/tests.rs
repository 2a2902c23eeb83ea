use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use super::MemoryStore;
use crate::model::{
    Action, Assign, Basis, CaseId, Change, Code, Content, Digest, Epoch, Fingerprint, Heartbeat, Held, HoldId, Plan,
    Remediation, Revision, Rule, Severity, Step, Subject, Task, TaskId, TaskStatus, Timestamp,
};
use crate::model::{Duration, Selector};
use crate::store::{Applied, Command, Filter, Mark, NewTask, RowsMoved, StoreError, TaskStore, Wants};

const NOW: Timestamp = Timestamp::from_secs(1_772_000_000);
const MINUTE: Duration = Duration::from_mins(1);

/// Polls once: nothing in memory ever waits.
fn done<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a store in memory never waits"),
    }
}

fn led() -> (MemoryStore, Epoch) {
    let store = MemoryStore::new();
    let epoch = done(store.lead("one", NOW, MINUTE)).unwrap();
    (store, epoch)
}

fn add(store: &MemoryStore, title: &str) -> TaskId {
    let new = NewTask {
        kind: "fix_bug".into(),
        title: title.into(),
        role: Some("qa".into()),
        severity: Severity::Low,
        labels: BTreeMap::from([("area".into(), "db".into())]),
        ..NewTask::default()
    };
    match done(store.apply(&Command::Add(new), "po", NOW)) {
        Ok(Applied::Task(id)) => id,
        other => panic!("{other:?}"),
    }
}

fn plan(store: &MemoryStore, steps: Vec<Step>) -> Plan {
    let ledger = done(store.ledger()).unwrap().version;
    let basis = Basis { revision: Revision::new("r1"), specs: 1, ledger };
    Plan { basis, at: NOW, steps, held: Vec::new(), drifts: Vec::new(), unknown: Vec::new(), forgotten: Vec::new() }
}

fn step(action: Action) -> Step {
    let case = CaseId { spec: "assignment/a".parse().ok(), rule: Rule::AssignmentRole };
    let subject = Subject::stored("assignment/a");
    let remediation = Remediation {
        fingerprint: Fingerprint::of(&case, &subject),
        renamed_from: None,
        case,
        subject: subject.clone(),
        subjects: [subject].into(),
        code: Code::AssignmentWrongRole,
        severity: Severity::High,
        owner: "role/architect".parse().ok(),
        title: "with the wrong role".into(),
        file: None,
        spec_digest: None,
        opened: NOW,
        due: NOW,
        flaps: 0,
        attempts: 0,
        drifts: Vec::new(),
        changed: "the world",
        task: None,
        version: None,
        live: None,
    };
    Step { action, remediation }
}

#[test]
fn one_leads_at_a_time_and_each_in_a_new_epoch() {
    let (store, one) = led();
    assert_eq!(done(store.lead("one", NOW, MINUTE)), Ok(one), "a renewal");
    let led = StoreError::Led { holder: "one".into(), until: NOW.plus(MINUTE) };
    assert_eq!(done(store.lead("two", NOW, MINUTE)), Err(led));
    let two = done(store.lead("two", NOW.plus(MINUTE), MINUTE)).unwrap();
    assert!(one < two);
    assert!(matches!(done(store.commit(&plan(&store, Vec::new()), one)), Err(StoreError::Fenced { .. })));
    done(store.resign(one)).unwrap();
    assert!(done(store.commit(&plan(&store, Vec::new()), two)).is_ok(), "who does not lead cannot resign");
    done(store.resign(two)).unwrap();
    assert!(matches!(done(store.commit(&plan(&store, Vec::new()), two)), Err(StoreError::Fenced { .. })));
}

#[test]
fn a_commit_inserts_the_row_and_keeps_its_record() {
    let (store, epoch) = led();
    let outcome = done(store.commit(&plan(&store, vec![step(Action::Open)]), epoch)).unwrap();
    let [(fingerprint, id)] = outcome.opened.as_slice() else { panic!("{outcome:?}") };
    let row = store.task(id).unwrap();
    assert_eq!((&*row.kind, row.role.as_deref(), row.own), ("abide/assignment/role", Some("architect"), true));
    let ledger = done(store.ledger()).unwrap();
    assert_eq!(ledger.records[fingerprint].live.as_ref().map(|live| live.status), Some(TaskStatus::Pending));
    assert_eq!((ledger.version, ledger.accepted), (outcome.ledger, Some((Revision::new("r1"), 1))));
    assert_eq!(store.audit().len(), 1);

    let again = done(store.commit(&plan(&store, vec![step(Action::Open)]), epoch));
    assert!(matches!(again, Err(StoreError::Stale(_))), "there is one already");
}

#[test]
fn a_record_tells_when_a_step_last_wrote_it() {
    let (store, epoch) = led();
    let outcome = done(store.commit(&plan(&store, vec![step(Action::Open)]), epoch)).unwrap();
    let fingerprint = &outcome.opened[0].0;
    let record = || done(store.ledger()).unwrap().records[fingerprint].clone();
    let before = record();
    assert_eq!(before.touched, NOW);
    let mut again = step(Action::Update);
    let r = &mut again.remediation;
    (r.task, r.version, r.live) = (Some(before.task), Some(before.version), before.live);
    let later = Plan { at: NOW.plus(MINUTE), ..plan(&store, vec![again]) };
    done(store.commit(&later, epoch)).unwrap();
    assert_eq!((record().touched, record().opened), (NOW.plus(MINUTE), NOW));
}

#[test]
fn a_correction_lands_only_where_the_role_is_as_it_was_read() {
    let (store, epoch) = led();
    let (first, second) = (add(&store, "a"), add(&store, "b"));
    let to_qa = |task: &TaskId, from: &str| Assign {
        spec: "assignment/a".parse().unwrap(),
        digest: Digest::of("a"),
        task: task.clone(),
        change: Change::Role { from: Some(from.into()), to: "dev".into() },
    };
    let stale = step(Action::Assign(vec![to_qa(&first, "qa"), to_qa(&second, "ops")]));
    assert!(matches!(done(store.commit(&plan(&store, vec![stale]), epoch)), Err(StoreError::Stale(_))));
    assert_eq!(store.task(&first).unwrap().role.as_deref(), Some("qa"), "all or nothing");
    let right = step(Action::Assign(vec![to_qa(&first, "qa")]));
    assert_eq!(done(store.commit(&plan(&store, vec![right]), epoch)).map(|outcome| outcome.opened.len()), Ok(0));
    assert_eq!(store.task(&first).unwrap().role.as_deref(), Some("dev"));
    assert!(done(store.ledger()).unwrap().records.is_empty());
}

#[test]
fn holds_are_those_of_the_last_plan_and_a_release_stays() {
    let (store, epoch) = led();
    let id = HoldId("open:1-a".into());
    let release = || done(store.apply(&Command::Release(id.clone()), "po", NOW));
    assert!(matches!(release(), Err(StoreError::NotFound(_))));
    let held = Held { id: id.clone(), action: "open", fingerprint: None, reason: "many".into(), needs_person: true };
    let wait = || Plan { held: vec![held.clone()], ..plan(&store, Vec::new()) };
    done(store.commit(&wait(), epoch)).unwrap();
    assert_eq!(release(), Ok(Applied::Done));
    done(store.commit(&wait(), epoch)).unwrap();
    assert_eq!(done(store.ledger()).unwrap().holds, BTreeMap::from([(id.clone(), true)]));
    done(store.commit(&plan(&store, Vec::new()), epoch)).unwrap();
    assert!(done(store.ledger()).unwrap().holds.is_empty());
}

#[test]
fn a_task_ends_once() {
    let (store, _) = led();
    let id = add(&store, "a");
    assert_eq!(
        done(store.apply(&Command::Complete { task: id.clone(), token: None, result: None }, "dev", NOW)),
        Ok(Applied::Task(id.clone()))
    );
    assert_eq!(store.task(&id).unwrap().finished, Some(NOW));
    let again = done(store.apply(&Command::Fail { task: id, token: None, reason: None, last: false }, "dev", NOW));
    assert_eq!(again, Err(StoreError::Stale("task 1 is completed already, so it cannot be failed".into())));
    let none = done(store.apply(&Command::Complete { task: "9".into(), token: None, result: None }, "dev", NOW));
    assert_eq!(none, Err(StoreError::NotFound("there is no task 9".into())));
}

#[test]
fn what_has_changed_is_told_exactly() {
    let (store, _) = led();
    let first = done(store.changes(Mark::default(), NOW)).unwrap();
    assert_eq!(first.moved, RowsMoved::Anything);
    let (kept, gone) = (add(&store, "kept"), add(&store, "gone"));
    done(store.apply(&Command::Complete { task: kept.clone(), token: None, result: None }, "dev", NOW)).unwrap();
    store.delete(&gone);
    let second = done(store.changes(first.mark, NOW)).unwrap();
    assert_eq!(
        second.moved,
        RowsMoved::Rows(vec![(None, store.task(&kept))]),
        "one row once, and not what came and went"
    );
    assert!(!second.heartbeats);
    store.beat("dev-1", Heartbeat { seen: NOW, role: None });
    let third = done(store.changes(second.mark, NOW)).unwrap();
    assert_eq!((third.moved, third.heartbeats), (RowsMoved::Nothing, true));
}

#[test]
fn rows_are_scanned_and_listed_as_asked() {
    let (store, _) = led();
    let ids: Vec<TaskId> = ["a", "b", "c"].iter().map(|title| add(&store, title)).collect();
    done(store.apply(&Command::Complete { task: ids[0].clone(), token: None, result: None }, "dev", NOW)).unwrap();
    let scan = |wants: Wants| {
        let seen: Arc<Mutex<Vec<Arc<Task>>>> = Arc::default();
        let sink = seen.clone();
        done(store.scan(&wants, Box::new(move |task| sink.lock().unwrap().push(task)))).unwrap();
        let titles: Vec<String> = seen.lock().unwrap().iter().map(|task| task.title.to_string()).collect();
        titles
    };
    assert_eq!(scan(Wants { open: true, ..Wants::default() }), ["b", "c"]);
    assert_eq!(scan(Wants { finished_since: Some(NOW.minus(MINUTE)), ..Wants::default() }), ["a"]);
    assert_eq!(scan(Wants { finished_since: Some(NOW), ids: vec![ids[1].clone()], ..Wants::default() }), ["b"]);
    assert_eq!(scan(Wants { selected: vec![Selector::default()], ..Wants::default() }).len(), 3);

    let filter = Filter { status: vec![TaskStatus::Pending], most: 1, ..Filter::default() };
    let listed = done(store.list(&filter)).unwrap();
    assert_eq!(listed.iter().map(|row| row.task.id.clone()).collect::<Vec<_>>(), ids[2..], "the newest first");
    assert!(done(store.list(&Filter { own: true, most: 9, ..Filter::default() })).unwrap().is_empty());
    assert_eq!(store.task(&ids[0]).unwrap().content, Content::titled("a"));
}
