//! What a daemon asks of the world, counted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use abide::evidence::{CodeAt, Evidence, Moved, World};
use abide::model::{
    Answers, Duration, Epoch, Heartbeat, Ledger, Outcome, Plan, Question, QuestionSet, Sample, SpecId, TaskId,
    Timestamp,
};
use abide::store::{
    Applied, Changes, Check, Command, Enlisted, Enlistment, Filter, Listed, Mark, RowSink, StoreError, TaskStore, Told,
    Wants,
};
use async_trait::async_trait;

/// How often what was asked since the last look.
pub(super) type Counts = BTreeMap<&'static str, usize>;

/// Counts, and hands everything on.
#[derive(Default)]
pub(super) struct Counter(Mutex<Counts>);

impl Counter {
    fn count(&self, what: &'static str) {
        *self.0.lock().unwrap().entry(what).or_default() += 1;
    }

    /// What was asked since the last call.
    pub(super) fn take(&self) -> Counts {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// A store that counts who reads all of something.
pub(super) struct Counted {
    pub(super) store: Arc<dyn TaskStore>,
    pub(super) counter: Arc<Counter>,
}

#[async_trait]
impl TaskStore for Counted {
    async fn lead(&self, holder: &str, now: Timestamp, length: Duration) -> Result<Epoch, StoreError> {
        self.store.lead(holder, now, length).await
    }

    async fn resign(&self, epoch: Epoch) -> Result<(), StoreError> {
        self.store.resign(epoch).await
    }

    async fn ledger(&self) -> Result<Ledger, StoreError> {
        self.counter.count("ledger");
        self.store.ledger().await
    }

    async fn commit(&self, plan: &Plan, fence: Epoch) -> Result<Outcome, StoreError> {
        self.counter.count("commit");
        self.store.commit(plan, fence).await
    }

    async fn apply(&self, command: &Command, by: &str, now: Timestamp) -> Result<Applied, StoreError> {
        self.store.apply(command, by, now).await
    }

    async fn scan(&self, wants: &Wants, sink: RowSink) -> Result<(), StoreError> {
        self.counter.count("scan");
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

    async fn audit(&self, wanted: &abide::store::audit::Extract) -> Result<abide::store::audit::Page, StoreError> {
        self.store.audit(wanted).await
    }

    async fn list(&self, filter: &Filter) -> Result<Vec<Listed>, StoreError> {
        self.store.list(filter).await
    }

    async fn unread(&self, filter: &Filter) -> Result<Vec<abide::store::Unread>, StoreError> {
        self.store.unread(filter).await
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

/// Evidence that counts the questions that it is asked.
pub(super) struct Asked {
    pub(super) world: World,
    pub(super) counter: Arc<Counter>,
}

#[async_trait]
impl Evidence for Asked {
    async fn ask(&self, questions: &QuestionSet, code: &CodeAt, now: Timestamp) -> Answers {
        for question in questions.iter() {
            self.counter.count(match **question {
                Question::Heartbeats => "heartbeats",
                Question::Tasks { .. } | Question::Events(_) | Question::Task(_) => "tasks",
                _ => "other",
            });
        }
        self.world.ask(questions, code, now).await
    }

    fn misfit(&self) -> Option<StoreError> {
        self.world.misfit()
    }

    async fn moved(&self, now: Timestamp) -> Moved {
        self.world.moved(now).await
    }
}
