//! Plans and tasks as the suite needs them.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use crate::Lack;
use abide::model::{
    Action, Basis, CaseId, Code, Drift, Duration, Epoch, Evidence, Fix, Ledger, Outcome, Plan, Record, Remediation,
    Revision, Rule, Severity, Step, Subject, Task, TaskId, Timestamp,
};
use abide::store::{Applied, Command, NewTask, StoreError, TaskStore, Wants};

pub(crate) fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

pub(crate) async fn lead(store: &dyn TaskStore) -> Epoch {
    store.lead("us", now(), Duration::from_mins(1)).await.unwrap()
}

/// A remediation task as a planner would open it.
pub(crate) fn remediation(agent: &str) -> Remediation {
    let case = CaseId { spec: format!("agent/{agent}").parse().ok(), rule: Rule::AgentLoad };
    let subject = Subject::agent(agent);
    let evidence = Evidence { question: "how many run?".into(), answer: "4".into(), at: now(), places: Vec::new() };
    let drift = Arc::new(Drift {
        case: case.clone(),
        subject: subject.clone(),
        code: Code::AgentOverloaded,
        severity: Severity::High,
        owner: "role/architect".parse().ok(),
        within: None,
        title: format!("{agent} has too much"),
        desired: "at most 2 running tasks".into(),
        place: None,
        evidence,
        observed: None,
        fix: Fix { how: "take some away".into(), verify: "at most 2 run".into(), patch: None },
    });
    Remediation {
        fingerprint: drift.fingerprint(),
        renamed_from: None,
        case,
        subjects: BTreeSet::from([subject.clone()]),
        subject,
        code: drift.code,
        severity: drift.severity,
        owner: drift.owner.clone(),
        title: drift.title.as_str().into(),
        file: None,
        spec_digest: None,
        opened: now(),
        due: now().plus(Duration::from_days(1)),
        flaps: 0,
        attempts: 0,
        drifts: vec![drift],
        changed: "world",
        task: None,
        version: None,
        live: None,
    }
}

/// The same as a planner has it that has read the record.
pub(crate) fn known(record: &Record, agent: &str) -> Remediation {
    Remediation {
        task: Some(record.task.clone()),
        version: Some(record.version),
        live: record.live.clone(),
        ..remediation(agent)
    }
}

pub(crate) fn plan(ledger: &Ledger, steps: Vec<(Action, Remediation)>) -> Plan {
    Plan {
        basis: Basis { revision: Revision::new("abc123"), specs: 3, ledger: ledger.version },
        at: now(),
        steps: steps.into_iter().map(|(action, remediation)| Step { action, remediation }).collect(),
        held: Vec::new(),
        drifts: Vec::new(),
        unknown: Vec::new(),
        forgotten: Vec::new(),
    }
}

/// Carries one step out on the ledger as it is.
pub(crate) async fn step(
    store: &dyn TaskStore,
    epoch: Epoch,
    action: Action,
    r: Remediation,
) -> Result<Outcome, StoreError> {
    let ledger = store.ledger().await?;
    store.commit(&plan(&ledger, vec![(action, r)]), epoch).await
}

/// Opens a task and reads its record back.
pub(crate) async fn opened(store: &dyn TaskStore, epoch: Epoch, agent: &str) -> Record {
    step(store, epoch, Action::Open, remediation(agent)).await.unwrap();
    record(store, agent).await
}

pub(crate) async fn record(store: &dyn TaskStore, agent: &str) -> Record {
    store.ledger().await.unwrap().records[&remediation(agent).fingerprint].clone()
}

/// A task that says all that the subject can.
pub(crate) fn task(subject: &crate::Subject, title: &str) -> NewTask {
    NewTask {
        kind: subject.kind.into(),
        title: title.into(),
        role: subject.can(Lack::Role, "developer".into()),
        severity: subject.can(Lack::Severity, Severity::Critical).unwrap_or_default(),
        labels: subject.can(Lack::Labels, [("area".to_owned(), "db".to_owned())].into()).unwrap_or_default(),
        ..NewTask::default()
    }
}

pub(crate) async fn add(subject: &crate::Subject, title: &str) -> TaskId {
    match subject.store.apply(&Command::Add(task(subject, title)), "po", now()).await {
        Ok(Applied::Task(id)) => id,
        other => panic!("{}: the new task has a key: {other:?}", subject.name),
    }
}

pub(crate) async fn scan(store: &dyn TaskStore, wants: &Wants) -> Vec<Arc<Task>> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = seen.clone();
    store.scan(wants, Box::new(move |task| sink.lock().unwrap().push(task))).await.unwrap();
    std::mem::take(&mut *seen.lock().unwrap())
}
