//! One of the two organisations.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use abide::engine::{Clock, Credential, Engine, Event, Handle, Parts, Saying, SpecReader};
use abide::evidence::{CodeSource, Metrics, SpecsAt, World};
use abide::git::SourceConfig;
use abide::model::{
    Approval, Content, Duration, Heartbeat, Ledger, Policy, Record, RecordState, Said, Task, TaskId, TaskStatus,
    Timestamp, Vote, WontFix,
};
use abide::store::{Command, Filter, TaskStore};

use super::counted::{Asked, Counted, Counter};
use super::specs::{Source, Tree};
use super::step::{AGENTS, Row, Step};
use super::tasks::{Tasks, Which};

/// 2026-03-02T10:00:00Z.
const BEGIN: i64 = 1_772_445_600;

struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(self.0.load(Ordering::SeqCst))
    }
}

pub(super) struct Twin {
    tasks: Tasks,
    clock: Arc<Hand>,
    tree: Arc<Mutex<Tree>>,
    handle: Handle,
    pub(super) counter: Arc<Counter>,
}

impl Twin {
    pub(super) fn new(which: Which) -> Self {
        let (tasks, clock) = (Tasks::new(which), Arc::new(Hand(AtomicI64::new(BEGIN))));
        let counter = Arc::new(Counter::default());
        let store: Arc<dyn TaskStore> = Arc::new(Counted { store: tasks.store(), counter: counter.clone() });
        let tree = Arc::new(Mutex::new(Tree::default()));
        let nowhere = SourceConfig { base: "/nowhere".into(), ..SourceConfig::default() };
        let code = CodeSource::new(nowhere, "/nowhere".into(), SpecsAt::Working);
        let parts = Parts {
            specs: SpecReader::new(Box::new(Source(tree.clone()))),
            store: store.clone(),
            evidence: Arc::new(Asked { world: World::new(store, code, Metrics::none()), counter: counter.clone() }),
            clock: clock.clone(),
            policy: Policy { open_per_pass: 6, owner: "role/developer".parse().ok(), ..Policy::default() },
            holder: "twin".into(),
            poll: Duration::from_secs(30),
        };
        let (handle, events) = Handle::new();
        tokio::spawn(Engine::new(parts).run(events));
        Self { tasks, clock, tree, handle, counter }
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
            Step::Put(row) => self.tasks.put(self.row(row)),
            Step::TakeBack(row) => self.tasks.take_back(&self.row(row)),
            Step::Events { count, good, ago } => self.events(*count, *good, *ago),
            Step::Delete(id) => self.tasks.delete(&TaskId::from(*id)),
            Step::Beat(agent, ago) => self.tasks.beat(AGENTS[*agent], Heartbeat { seen: self.ago(*ago), role: None }),
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
            Step::Say(id, by, said) => self.say(*id, by, *said).await,
            Step::Release => {
                for (id, _) in self.ledger().await.holds {
                    self.handle.apply(Command::Release(id), "po".into()).await.unwrap();
                }
            }
        }
    }

    /// What does not count is refused, and that is all.
    async fn say(&self, id: i64, by: &str, said: Said) {
        let nonce = format!("{id}/{by}/{}/{}", said.word(), self.now());
        let Ok(token) = self.handle.entrust(by.into(), None, "root".into()).await else { return };
        let saying = Saying {
            task: TaskId::from(id),
            policy: None,
            said,
            by: by.into(),
            credential: Credential::Token(token),
            seen: None,
            nonce: Some(nonce.into()),
            expires: None,
            reason: Some("a reason".into()),
        };
        drop(self.handle.say(saying).await);
    }

    fn row(&self, row: &Row) -> Task {
        let created = self.ago(row.created);
        let ended = !row.status.is_open();
        let approval =
            |at: i64| Approval { role: "developer".into(), vote: Vote::Approved, by: None, at: Some(self.ago(at)) };
        Task {
            kind: row.kind.into(),
            role: row.role.map(Into::into),
            agent: row.agent.map(Into::into),
            severity: row.severity,
            approvals: row.approved.into_iter().map(approval).collect(),
            record: None,
            ..self.task(row.id, row.status, created, ended.then_some(self.now()))
        }
    }

    fn events(&self, count: i64, good: bool, ago: i64) {
        let first = 1000 + self.now().as_millis() / 1000 - BEGIN;
        let status = if good { TaskStatus::Completed } else { TaskStatus::Failed };
        let at = self.ago(ago);
        for id in first * 20..first * 20 + count {
            self.tasks.put(Task { kind: "event".into(), ..self.task(id, status, at, Some(at)) });
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
            record: None,
            content: Content::titled(""),
            own: false,
        }
    }

    async fn end(&self, nth: usize, status: TaskStatus) {
        let ledger = self.ledger().await;
        let open: Vec<_> = ledger.records.values().filter(|record| record.state == RecordState::Open).collect();
        if let Some(record) = open.get(nth) {
            self.tasks.end(&record.task, status, self.now());
        }
    }

    /// What is read of the ledger comes after every tick that was sent before.
    async fn ledger(&self) -> Ledger {
        self.handle.ledger().await.unwrap()
    }

    /// The ledger and every task, a line each, without how often and when they were written: the text of a task tells when its
    /// evidence was looked at, which for what did not move since is earlier where passes follow.
    pub(super) async fn shown(&self) -> Vec<String> {
        let ledger = self.ledger().await;
        let records = ledger
            .records
            .into_values()
            .map(|record| format!("{:?}", Record { version: 0, touched: Default::default(), ..record }));
        let all = Filter { own: true, most: usize::MAX, ..Filter::default() };
        let listed = self.tasks.store().list(&all).await.unwrap().into_iter();
        let undated = |task: &Task| Task { content: Content::titled(""), ..task.clone() };
        let rows = listed.map(|row| format!("{:?}", undated(&row.task)));
        let enforced = ledger.enforced.iter().map(|corrected| format!("{corrected:?}"));
        records.chain(rows).chain(enforced).chain([format!("{:?}", ledger.holds)]).collect()
    }
}
