//! One of the two organisations.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use abide::engine::{Clock, Engine, Event, Handle, Parts, SpecReader};
use abide::evidence::{CodeSource, Metrics, SpecsAt, World};
use abide::git::SourceConfig;
use abide::model::{
    Approval, Digest, Duration, Heartbeat, Ledger, Policy, Record, RecordState, Task, TaskId, TaskStatus, Timestamp,
    Vote, WontFix,
};
use abide::store::memory::MemoryStore;
use abide::store::{Command, Filter, TaskStore};

use super::specs::{Source, Tree};
use super::step::{AGENTS, Row, Step};

/// 2026-03-02T10:00:00Z.
const BEGIN: i64 = 1_772_445_600;

struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(self.0.load(Ordering::SeqCst))
    }
}

pub(super) struct Twin {
    store: Arc<MemoryStore>,
    clock: Arc<Hand>,
    tree: Arc<Mutex<Tree>>,
    handle: Handle,
}

impl Twin {
    pub(super) fn new() -> Self {
        let (store, clock) = (Arc::new(MemoryStore::new()), Arc::new(Hand(AtomicI64::new(BEGIN))));
        let tree = Arc::new(Mutex::new(Tree::default()));
        let nowhere = SourceConfig { base: "/nowhere".into(), ..SourceConfig::default() };
        let code = CodeSource::new(nowhere, "/nowhere".into(), SpecsAt::Working);
        let parts = Parts {
            specs: SpecReader::new(Box::new(Source(tree.clone()))),
            store: store.clone(),
            evidence: Arc::new(World::new(store.clone(), code, Metrics::none())),
            clock: clock.clone(),
            policy: Policy { open_per_pass: 6, owner: "role/developer".parse().ok(), ..Policy::default() },
            holder: "twin".into(),
            poll: Duration::from_secs(30),
        };
        let (handle, events) = Handle::new();
        tokio::spawn(Engine::new(parts).run(events));
        Self { store, clock, tree, handle }
    }

    pub(super) async fn tick(&self) {
        self.handle.send(Event::Tick).await.unwrap();
    }

    pub(super) async fn reconcile(&self) {
        self.handle.reconcile(None).await.unwrap();
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn ago(&self, seconds: i64) -> Timestamp {
        self.now().minus(Duration::from_secs(seconds as u64))
    }

    pub(super) async fn live(&self, step: &Step) {
        match step {
            Step::Put(row) => self.put(row),
            Step::Events { count, good, ago } => self.events(*count, *good, *ago),
            Step::Delete(id) => self.store.delete(&TaskId::from(*id)),
            Step::Beat(agent, ago) => self.store.beat(AGENTS[*agent], Heartbeat { seen: self.ago(*ago), role: None }),
            Step::Specs(file, version) => self.tree.lock().unwrap().versions[*file] = *version,
            Step::Time(seconds) => drop(self.clock.0.fetch_add(*seconds, Ordering::SeqCst)),
            Step::End(nth, status) => self.end(*nth, *status).await,
            Step::WontFix(nth, until) => {
                let until = self.now().plus(Duration::from_secs(*until as u64));
                let records = self.ledger().await.records;
                let Some(fingerprint) = records.keys().nth(*nth).cloned() else { return };
                let refusal = WontFix { until, by: "po".into(), reason: "no".into() };
                self.handle.apply(Command::WontFix { fingerprint, refusal }, "po".into()).await.unwrap();
            }
            Step::Release => {
                for (id, _) in self.ledger().await.holds {
                    self.handle.apply(Command::Release(id), "po".into()).await.unwrap();
                }
            }
        }
    }

    fn put(&self, row: &Row) {
        let created = self.ago(row.created);
        let ended = !row.status.is_open();
        let approval =
            |at: i64| Approval { role: "developer".into(), vote: Vote::Approved, by: None, at: Some(self.ago(at)) };
        self.store.put(Task {
            kind: row.kind.into(),
            role: row.role.map(Into::into),
            agent: row.agent.map(Into::into),
            severity: row.severity,
            approvals: row.approved.into_iter().map(approval).collect(),
            ..self.task(row.id, row.status, created, ended.then_some(self.now()))
        });
    }

    fn events(&self, count: i64, good: bool, ago: i64) {
        let first = 1000 + self.now().as_millis() / 1000 - BEGIN;
        let status = if good { TaskStatus::Completed } else { TaskStatus::Failed };
        let at = self.ago(ago);
        for id in first * 20..first * 20 + count {
            self.store.put(Task { kind: "event".into(), ..self.task(id, status, at, Some(at)) });
        }
    }

    fn task(&self, id: i64, status: TaskStatus, created: Timestamp, finished: Option<Timestamp>) -> Task {
        Task {
            id: id.into(),
            kind: "fix".into(),
            title: format!("task {id}").into(),
            role: None,
            agent: None,
            author: None,
            status,
            severity: abide::model::Severity::Medium,
            labels: Default::default(),
            created,
            claimed: None,
            started: None,
            finished,
            approvals: Vec::new(),
            content: Digest::of(""),
            own: false,
        }
    }

    async fn end(&self, nth: usize, status: TaskStatus) {
        let ledger = self.ledger().await;
        let open: Vec<_> = ledger.records.values().filter(|record| record.state == RecordState::Open).collect();
        let Some(task) = open.get(nth).and_then(|record| self.store.task(&record.task)) else { return };
        self.store.put(Task { status, finished: Some(self.now()), ..Task::clone(&task) });
    }

    /// What is read of the ledger comes after every tick that was sent before.
    async fn ledger(&self) -> Ledger {
        self.handle.ledger().await.unwrap()
    }

    /// The ledger and every task, a line each, without how often and when they were written.
    pub(super) async fn shown(&self) -> Vec<String> {
        let ledger = self.ledger().await;
        let records = ledger
            .records
            .into_values()
            .map(|record| format!("{:?}", Record { version: 0, touched: Default::default(), ..record }));
        let all = Filter { own: true, most: usize::MAX, ..Filter::default() };
        let rows = self.store.list(&all).await.unwrap().into_iter().map(|row| format!("{:?}", row.task));
        let enforced = ledger.enforced.iter().map(|corrected| format!("{corrected:?}"));
        records.chain(rows).chain(enforced).chain([format!("{:?}", ledger.holds)]).collect()
    }
}
