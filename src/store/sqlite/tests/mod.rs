//! The store on real files.

mod audit;
mod changes;
mod commands;
mod commit;
mod counted;
mod eighth;
mod examine;
mod feed;
mod group;
mod kept;
mod lookups;
mod mapping;
mod own;
mod refusals;
mod two;
mod versions;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use rusqlite::Connection;

use super::SqliteStore;
use crate::config::{Config, Mapping};
use crate::model::Duration;
use crate::model::{
    Action, Basis, CaseId, Code, Digest, Drift, Epoch, Evidence, Fingerprint, Fix, Ledger, Plan, Record, Remediation,
    Revision, Rule, Severity, Step, Subject, Task, Timestamp,
};
use crate::store::{StoreError, TaskStore as _, Wants};

/// A team's table, with what most tests look at.
const TEAM: &str = "
    CREATE TABLE team (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, name TEXT NOT NULL, who TEXT,
      by_agent TEXT, asked TEXT, state TEXT NOT NULL, prio INTEGER, ctx TEXT, po TEXT, po_at TEXT, made TEXT NOT NULL,
      began TEXT, ended TEXT);
    CREATE TABLE alive (agent TEXT, part TEXT, last TEXT);
";

/// How `abide.toml` maps it.
const MAPPED: &str = "
    [tasks]
    table = 'team'
    [tasks.columns]
    id = 'id'
    type = 'kind'
    title = 'name'
    role = 'who'
    agent = 'by_agent'
    author = 'asked'
    status = 'state'
    priority = 'prio'
    context = 'ctx'
    created = 'made'
    started = 'began'
    finished = 'ended'
    [tasks.labels]
    area = 'ctx:/area'
    [tasks.status]
    pending = ['todo', 'new']
    running = ['doing']
    completed = ['done']
    failed = ['broken']
    [tasks.severity]
    critical = {from = '>=10', insert = 10}
    high = {from = '>=8', insert = 8}
    medium = {from = '>=4', insert = 5}
    low = {from = '>=0', insert = 2}
    [tasks.approvals.owner]
    column = 'po'
    approved = ['yes']
    rejected = ['no']
    at = 'po_at'
    [tasks.agents]
    table = 'alive'
    name = 'agent'
    role = 'part'
    seen = 'last'
";

const NOW: &str = "2026-11-23T12:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// A database in a folder of its own.
struct World {
    folder: tempfile::TempDir,
    mapping: Mapping,
}

impl World {
    /// The team's table, mapped; `schema` and rows in SQL.
    fn team(sql: &str) -> Self {
        Self::with(&format!("{TEAM}{sql}"), MAPPED)
    }

    fn with(sql: &str, config: &str) -> Self {
        let mapping = Config::parse(config, &[]).unwrap().mapping();
        let world = Self { folder: tempfile::tempdir().unwrap(), mapping };
        world.sql(sql);
        world
    }

    /// Abide's own tables, in a file that is not there yet.
    fn own() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), mapping: Mapping::own() }
    }

    fn url(&self) -> String {
        format!("sqlite:{}", self.path().display())
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("a.db")
    }

    fn store(&self) -> SqliteStore {
        SqliteStore::open(&self.url(), self.mapping.clone()).unwrap()
    }

    /// Changes the database behind Abide's back.
    fn sql(&self, sql: &str) {
        Connection::open(self.path()).unwrap().execute_batch(sql).unwrap();
    }

    fn text(&self, sql: &str) -> Option<String> {
        let conn = Connection::open(self.path()).unwrap();
        conn.query_row(sql, [], |row| Ok(super::row::text_of(row.get_ref(0)?))).unwrap()
    }

    fn json(&self, sql: &str) -> serde_json::Value {
        serde_json::from_str(&self.text(sql).unwrap()).unwrap()
    }
}

async fn lead(store: &SqliteStore) -> Epoch {
    store.lead("us", now(), Duration::from_mins(1)).await.unwrap()
}

async fn scan(store: &SqliteStore, wants: Wants) -> Result<Vec<Arc<Task>>, StoreError> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = seen.clone();
    store.scan(&wants, Box::new(move |task| sink.lock().unwrap().push(task))).await?;
    Ok(Arc::try_unwrap(seen).unwrap().into_inner().unwrap())
}

fn all() -> Wants {
    Wants { selected: vec![crate::model::Selector::default()], ..Wants::default() }
}

fn drift(subject: &str, severity: Severity) -> Arc<Drift> {
    let case = CaseId { spec: "agent/dev-1".parse().ok(), rule: Rule::AgentLoad };
    Arc::new(Drift {
        case,
        subject: Subject::stored(subject),
        code: Code::AgentOverloaded,
        severity,
        owner: "role/architect".parse().ok(),
        within: None,
        title: format!("{subject} has too much"),
        desired: "at most 2 running tasks".into(),
        place: None,
        observed: None,
        evidence: Evidence { question: "how many?".into(), answer: "4".into(), at: now(), places: Vec::new() },
        fix: Fix { how: "take some away".into(), verify: "at most 2 run".into(), patch: None },
    })
}

/// A remediation task as a planner would open it.
fn remediation(subject: &str) -> Remediation {
    let drift = drift(subject, Severity::High);
    Remediation {
        fingerprint: drift.fingerprint(),
        renamed_from: None,
        case: drift.case.clone(),
        subject: drift.subject.clone(),
        subjects: BTreeSet::from([drift.subject.clone()]),
        code: drift.code,
        severity: drift.severity,
        owner: drift.owner.clone(),
        title: drift.title.as_str().into(),
        file: Some("specs/agents.yaml".into()),
        spec_digest: Some(Digest::of("spec")),
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

/// The same task as a planner has it that has read the record.
fn known(record: &Record) -> Remediation {
    Remediation {
        task: Some(record.task.clone()),
        version: Some(record.version),
        live: record.live.clone(),
        ..remediation(record.subject.as_str())
    }
}

fn plan(ledger: &Ledger, steps: Vec<(Action, Remediation)>) -> Plan {
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

/// Opens one task and reads its record back.
async fn opened(store: &SqliteStore, epoch: Epoch, subject: &str) -> Record {
    let ledger = store.ledger().await.unwrap();
    store.commit(&plan(&ledger, vec![(Action::Open, remediation(subject))]), epoch).await.unwrap();
    record(store, &remediation(subject).fingerprint).await
}

async fn record(store: &SqliteStore, fingerprint: &Fingerprint) -> Record {
    store.ledger().await.unwrap().records[fingerprint].clone()
}

/// Carries one step out on the ledger as it is.
async fn step(store: &SqliteStore, epoch: Epoch, action: Action, r: Remediation) -> Result<(), StoreError> {
    let ledger = store.ledger().await.unwrap();
    store.commit(&plan(&ledger, vec![(action, r)]), epoch).await.map(|_| ())
}
