//! A store in memory, for tests and simulation: the semantics of [`TaskStore`] with nothing below them.
//!
//! One mutex guards everything, so every method is one transaction. A commit checks every step before it writes the
//! first, so it is all or nothing.

mod agree;
mod apply;
mod audit;
mod commit;
mod enforce;
mod queue;
mod read;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use self::agree::Agreed;
use self::queue::Queue;
use super::audit::{Extract, Page, time};
use super::{
    Applied, Changes, Check, Command, Enlisted, Enlistment, Filter, Followed, KEPT_FOR, Listed, Mark, RowSink,
    RowsMoved, Settings, StoreError, TaskStore, Told, Unread, Wants,
};
use crate::model::{
    Duration, Epoch, Fingerprint, Heartbeat, Ledger, Live, Outcome, Plan, Record, Sample, SpecId, Task, TaskId,
    Timestamp,
};

/// A task database and a ledger in memory.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<State>);

/// One transition, as it was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Grows by one from entry to entry, from 1.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Who: the leader of an epoch, or a person or agent.
    pub by: String,
    /// What, as a step or command is called.
    pub what: &'static str,
    /// To which remediation task.
    pub fingerprint: Option<Fingerprint>,
    /// To which row.
    pub task: Option<TaskId>,
    /// The particulars, as a JSON object.
    pub particulars: String,
}

#[derive(Debug, Clone, Default)]
struct State {
    settings: Settings,
    queue: Queue,
    agreed: Agreed,
    /// The last epoch that anybody led in.
    epoch: u64,
    lease: Option<Lead>,
    tasks: BTreeMap<TaskId, Arc<Task>>,
    heartbeats: BTreeMap<Arc<str>, Heartbeat>,
    ledger: Ledger,
    audit: Vec<Entry>,
    /// The latest time at which anything was done.
    latest: Option<Timestamp>,
    samples: Vec<Sample>,
    /// The key of the row inserted last.
    newest: i64,
    /// Every write of a row or heartbeat; its length is the table's version.
    writes: Vec<Write>,
}

#[derive(Debug, Clone)]
struct Lead {
    holder: String,
    until: Timestamp,
}

#[derive(Debug, Clone)]
enum Write {
    Row {
        before: Option<Arc<Task>>,
        after: Option<Arc<Task>>,
    },
    /// An agent has reported.
    Beat,
    /// The ledger has changed.
    Ledger,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty store that works as `settings` say.
    pub fn with(settings: Settings) -> Self {
        Self(Mutex::new(State { settings, ..State::default() }))
    }

    /// Writes a row as the team's own software would: inserts it, or replaces the one of that key. What is on record of it is
    /// Abide's, and stays.
    pub fn put(&self, task: Task) {
        let mut state = self.lock();
        let record = state.tasks.get(&task.id).and_then(|before| before.record.clone());
        state.write(Task { record: task.record.clone().or(record), ..task });
    }

    /// Deletes a row as the team's own software would.
    pub fn delete(&self, id: &TaskId) {
        let mut state = self.lock();
        if let Some(before) = state.tasks.remove(id) {
            state.writes.push(Write::Row { before: Some(before), after: None });
        }
    }

    /// An agent reports.
    pub fn beat(&self, agent: &str, heartbeat: Heartbeat) {
        let mut state = self.lock();
        state.heartbeats.insert(agent.into(), heartbeat);
        state.writes.push(Write::Beat);
    }

    /// The row of that key.
    pub fn task(&self, id: &TaskId) -> Option<Arc<Task>> {
        self.lock().tasks.get(id).cloned()
    }

    /// Every transition so far.
    pub fn audit(&self) -> Vec<Entry> {
        self.lock().audit.clone()
    }

    /// No method leaves the state half written when it panics: checks come before writes.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn write(&mut self, task: Task) {
        // Whatever becomes of the row, the record tells whose task it is.
        let own = task.own || self.ledger.records.values().any(|record| record.task == task.id);
        let task = Arc::new(Task { own, ..task });
        if let Ok(number) = task.id.0.parse() {
            self.newest = self.newest.max(number);
        }
        let before = self.tasks.insert(task.id.clone(), task.clone());
        self.writes.push(Write::Row { before, after: Some(task) });
    }

    fn new_id(&mut self) -> TaskId {
        self.newest += 1;
        self.newest.into()
    }

    fn log(&mut self, at: Timestamp, by: &str, what: &'static str, of: (Option<&Fingerprint>, Option<&TaskId>)) {
        self.tell(at, by, what, of, &serde_json::json!({}));
    }

    fn tell(
        &mut self,
        at: Timestamp,
        by: &str,
        what: &'static str,
        of: (Option<&Fingerprint>, Option<&TaskId>),
        particulars: &serde_json::Value,
    ) {
        let at = time::not_before(at, self.audit.last().map(|last| last.at));
        self.latest = self.latest.max(Some(at));
        let number = self.audit.len() as u64 + 1;
        let (fingerprint, task) = (of.0.cloned(), of.1.cloned());
        let particulars = particulars.to_string();
        self.audit.push(Entry { number, at, by: by.to_owned(), what, fingerprint, task, particulars });
    }

    fn keep(&mut self, samples: &[Sample], fence: Epoch, now: Timestamp) -> Result<usize, StoreError> {
        if self.lease.is_none() || fence.0 != self.epoch {
            return Err(StoreError::Fenced { ours: fence.0, current: self.epoch });
        }
        let before = self.samples.len();
        for sample in samples {
            let of_target = self.samples.iter().filter(|it| it.spec == sample.spec && it.subject == sample.subject);
            let last = of_target.clone().filter(|it| it.hour() < sample.hour()).max_by_key(|it| it.at);
            let is_kept = of_target.clone().any(|it| it.hour() == sample.hour());
            if !is_kept && last.is_none_or(|last| sample.differs(last)) {
                self.samples.push(sample.clone());
            }
        }
        let kept = self.samples.len() - before;
        self.samples.retain(|it| it.at >= now.minus(KEPT_FOR));
        Ok(kept)
    }

    /// The row of a remediation task as a plan sees it.
    fn live(&self, record: &Record) -> Option<Live> {
        let task = self.tasks.get(&record.task)?;
        Some(Live { status: task.status, role: task.role.clone(), finished: task.finished })
    }
}

#[async_trait]
impl TaskStore for MemoryStore {
    async fn lead(&self, holder: &str, now: Timestamp, length: Duration) -> Result<Epoch, StoreError> {
        let mut state = self.lock();
        match &state.lease {
            Some(lease) if lease.holder == holder => {}
            Some(lease) if now < lease.until => {
                return Err(StoreError::Led { holder: lease.holder.clone(), until: lease.until });
            }
            Some(_) | None => state.epoch += 1,
        }
        state.lease = Some(Lead { holder: holder.to_owned(), until: now.plus(length) });
        Ok(Epoch(state.epoch))
    }

    async fn resign(&self, epoch: Epoch) -> Result<(), StoreError> {
        let mut state = self.lock();
        if state.epoch == epoch.0 && state.lease.take().is_some() {
            state.epoch += 1;
        }
        Ok(())
    }

    async fn ledger(&self) -> Result<Ledger, StoreError> {
        let state = self.lock();
        let mut ledger = state.ledger.clone();
        for record in ledger.records.values_mut() {
            record.live = state.live(record);
        }
        ledger.enforced = state.enforced();
        ledger.sightings = state.agreed.sightings.clone();
        ledger.spent = state.agreed.spent.clone();
        ledger.table = "tasks".into();
        Ok(ledger)
    }

    async fn commit(&self, plan: &Plan, fence: Epoch) -> Result<Outcome, StoreError> {
        self.lock().commit(plan, fence)
    }

    async fn apply(&self, command: &Command, by: &str, now: Timestamp) -> Result<Applied, StoreError> {
        let mut state = self.lock();
        // What fails half-way leaves nothing.
        let before = state.clone();
        state.apply(command, by, now).inspect_err(|_| *state = before)
    }

    async fn scan(&self, wants: &Wants, mut sink: RowSink) -> Result<(), StoreError> {
        let rows: Vec<Arc<Task>> = self.lock().tasks.values().filter(|task| wants.admit(task)).cloned().collect();
        rows.into_iter().for_each(&mut *sink);
        Ok(())
    }

    async fn heartbeats(&self) -> Result<BTreeMap<Arc<str>, Heartbeat>, StoreError> {
        Ok(self.lock().heartbeats.clone())
    }

    async fn changes(&self, mark: Mark, _now: Timestamp) -> Result<Changes, StoreError> {
        Ok(self.lock().changes(mark))
    }

    async fn agents(&self) -> Result<Vec<Enlisted>, StoreError> {
        Ok(self.lock().agents())
    }

    async fn said_of(&self, agent: &str) -> Result<Option<Enlistment>, StoreError> {
        Ok(self.lock().said_of(agent))
    }

    async fn story(&self, task: &TaskId) -> Result<Vec<Told>, StoreError> {
        Ok(self.lock().story(task))
    }

    async fn audit(&self, wanted: &Extract) -> Result<Page, StoreError> {
        Ok(self.lock().page(wanted))
    }

    async fn list(&self, filter: &Filter) -> Result<Vec<Listed>, StoreError> {
        Ok(self.lock().list(filter))
    }

    async fn unread(&self, _: &Filter) -> Result<Vec<Unread>, StoreError> {
        Ok(Vec::new())
    }

    async fn keep(&self, samples: &[Sample], fence: Epoch, now: Timestamp) -> Result<usize, StoreError> {
        self.lock().keep(samples, fence, now)
    }

    async fn history(&self, spec: &SpecId, since: Timestamp) -> Result<Vec<Sample>, StoreError> {
        let state = self.lock();
        let mut found: Vec<Sample> =
            state.samples.iter().filter(|it| it.spec == *spec && it.at >= since).cloned().collect();
        found.sort_by(|a, b| (&a.subject, a.at).cmp(&(&b.subject, b.at)));
        Ok(found)
    }

    async fn examine(&self) -> Result<Vec<Check>, StoreError> {
        let rows = self.lock().tasks.len();
        Ok(vec![Check { what: "the store".to_owned(), result: Ok(format!("in memory, {rows} rows")) }])
    }
}
