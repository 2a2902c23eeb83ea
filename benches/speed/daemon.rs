//! The engine as the daemon has it, in this process, with a store that tells when it committed.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use abide::config::Config;
use abide::engine::{Engine, Event, Handle, Parts, SpecReader, SystemClock};
use abide::evidence::{CodeSource, Metrics, SpecsAt, World};
use abide::git::{SourceConfig, open};
use abide::model::{Duration, Epoch, Heartbeat, Ledger, Outcome, Plan, Policy, Sample, SpecId, TaskId, Timestamp};
use abide::store::{
    Applied, Changes, Check, Command, Enlisted, Enlistment, Filter, Listed, Mark, RowSink, SqliteStore, StoreError,
    TaskStore, Told, Wants,
};
use async_trait::async_trait;
use tokio::runtime::Runtime;

use crate::measure::{Cost, own_cpu};
use crate::rows::url;

/// One commit of a plan.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Committed {
    /// When it was asked for.
    pub(crate) from: Instant,
    /// When it was done.
    pub(crate) to: Instant,
    /// How many tasks it opened.
    pub(crate) opened: usize,
}

/// An engine that runs, and takes a turn when it is hinted at.
pub(crate) struct Daemon {
    runtime: Runtime,
    handle: Handle,
    commits: Arc<Mutex<Vec<Committed>>>,
}

impl Daemon {
    /// Starts over the specs of a folder and a database. It has not taken a turn yet.
    pub(crate) fn start(folder: &Path, database: &Path) -> Self {
        let store = SqliteStore::open(&url(database), Config::default().mapping()).unwrap();
        let commits = Arc::new(Mutex::new(Vec::new()));
        let store: Arc<dyn TaskStore> = Arc::new(Observed { store, commits: commits.clone() });
        let mirrors = folder.join(".abide/mirrors");
        let source = SourceConfig {
            repository: ".".into(),
            path: "specs".into(),
            base: folder.to_owned(),
            mirror: mirrors.clone(),
            ..SourceConfig::default()
        };
        let code = CodeSource::new(source.clone(), mirrors, SpecsAt::Working);
        let parts = Parts {
            specs: SpecReader::new(open(source)),
            evidence: Arc::new(World::new(store.clone(), code, Metrics::none())),
            store,
            clock: Arc::new(SystemClock),
            policy: Policy { open_per_pass: 1_000_000, owner: "role/triage".parse().ok(), ..Policy::default() },
            holder: "bench".into(),
            poll: Duration::from_secs(30),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (handle, events) = Handle::new();
        runtime.spawn(Engine::new(parts).run(events));
        Self { runtime, handle, commits }
    }

    /// Hints that something has moved, and waits until the engine has dealt with it.
    pub(crate) fn turn(&self) -> Cost {
        let (cpu, start) = (own_cpu(), Instant::now());
        self.runtime.block_on(async {
            self.handle.send(Event::Hint).await.unwrap();
            // Answered by the store below without doing anything: events are taken one after the other.
            self.handle.list(Filter::default()).await.unwrap();
        });
        let wall = start.elapsed().as_secs_f64();
        Cost { cpu: own_cpu() - cpu, wall, peak: None }
    }

    /// Takes turns until one has nothing to do: the first pass, and the look at what that pass wrote.
    pub(crate) fn settle(&self) -> &Self {
        for _ in 0..3 {
            self.turn();
        }
        self.take_commits();
        self
    }

    /// What was committed since the last call.
    pub(crate) fn take_commits(&self) -> Vec<Committed> {
        std::mem::take(&mut *self.commits.lock().unwrap())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let handle = self.handle.clone();
        drop(self.runtime.block_on(async { handle.send(Event::Stop).await }));
    }
}

/// Hands everything on, notes every commit, and lists nothing.
struct Observed {
    store: SqliteStore,
    commits: Arc<Mutex<Vec<Committed>>>,
}

#[async_trait]
impl TaskStore for Observed {
    async fn lead(&self, holder: &str, now: Timestamp, length: Duration) -> Result<Epoch, StoreError> {
        self.store.lead(holder, now, length).await
    }

    async fn resign(&self, epoch: Epoch) -> Result<(), StoreError> {
        self.store.resign(epoch).await
    }

    async fn ledger(&self) -> Result<Ledger, StoreError> {
        self.store.ledger().await
    }

    async fn commit(&self, plan: &Plan, fence: Epoch) -> Result<Outcome, StoreError> {
        let from = Instant::now();
        let outcome = self.store.commit(plan, fence).await;
        let opened = outcome.as_ref().map_or(0, |outcome| outcome.opened.len());
        self.commits.lock().unwrap().push(Committed { from, to: Instant::now(), opened });
        outcome
    }

    async fn apply(&self, command: &Command, by: &str, now: Timestamp) -> Result<Applied, StoreError> {
        self.store.apply(command, by, now).await
    }

    async fn scan(&self, wants: &Wants, sink: RowSink) -> Result<(), StoreError> {
        self.store.scan(wants, sink).await
    }

    async fn heartbeats(&self) -> Result<BTreeMap<Arc<str>, Heartbeat>, StoreError> {
        self.store.heartbeats().await
    }

    async fn changes(&self, mark: Mark, now: Timestamp) -> Result<Changes, StoreError> {
        self.store.changes(mark, now).await
    }

    async fn agents(&self) -> Result<Vec<Enlisted>, StoreError> {
        self.store.agents().await
    }

    async fn said_of(&self, agent: &str) -> Result<Option<Enlistment>, StoreError> {
        self.store.said_of(agent).await
    }

    async fn story(&self, task: &TaskId) -> Result<Vec<Told>, StoreError> {
        self.store.story(task).await
    }

    async fn unread(&self, filter: &Filter) -> Result<Vec<abide::store::Unread>, StoreError> {
        self.store.unread(filter).await
    }

    async fn audit(&self, wanted: &abide::store::audit::Extract) -> Result<abide::store::audit::Page, StoreError> {
        self.store.audit(wanted).await
    }

    async fn list(&self, _: &Filter) -> Result<Vec<Listed>, StoreError> {
        Ok(Vec::new())
    }

    async fn keep(&self, samples: &[Sample], fence: Epoch, now: Timestamp) -> Result<usize, StoreError> {
        self.store.keep(samples, fence, now).await
    }

    async fn history(&self, spec: &SpecId, since: Timestamp) -> Result<Vec<Sample>, StoreError> {
        self.store.history(spec, since).await
    }

    async fn examine(&self) -> Result<Vec<Check>, StoreError> {
        self.store.examine().await
    }
}
