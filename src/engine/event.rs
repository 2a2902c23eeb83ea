//! What may happen to an engine, and how others reach it.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::{Ask, EngineError, Pass, Requested, Saying, Sought, Which};
use crate::model::{Ledger, Sample, SpecId, TaskId, Timestamp};
use crate::store::audit::{Extract, Page};
use crate::store::{Applied, Check, Command, Enlisted, Filter, Listed, Stands, Taken, Told, Unread};

/// Where an answer goes.
pub type Reply<T> = oneshot::Sender<Result<T, EngineError>>;

/// Everything that may happen to an engine.
pub enum Event {
    /// Time has passed.
    Tick,
    /// The specs or the database may have changed; only a hint to look.
    Hint,
    /// Somebody wants to know what a pass would do.
    Plan(Which, Option<Timestamp>, Reply<Pass>),
    /// Somebody wants a pass made and carried out.
    Reconcile(Option<Timestamp>, Reply<Pass>),
    /// Somebody wants something done in the store.
    Apply(Box<Command>, String, Reply<Applied>),
    /// Somebody wants work.
    Claim(Box<Ask>, Reply<Taken>),
    /// Somebody says yes or no to a task.
    Say(Box<Saying>, Reply<Vec<Stands>>),
    /// Somebody wants to know what waits for a yes, or of one task what it needs.
    Requests(Sought, Reply<Vec<Requested>>),
    /// Somebody wants a token for a person, until a time.
    Entrust(Arc<str>, Option<Timestamp>, String, Reply<String>),
    /// Somebody wants to know who works.
    Agents(Reply<Vec<Enlisted>>),
    /// Somebody wants to know what was done to a task.
    Story(TaskId, Reply<Vec<Told>>),
    /// Somebody wants to read the record of all transitions.
    Audit(Box<Extract>, Reply<Page>),
    /// Somebody wants to see how a service level did since a moment.
    History(SpecId, Timestamp, Reply<Vec<Sample>>),
    /// Somebody wants to see tasks.
    List(Filter, Reply<Vec<Listed>>),
    /// Somebody wants to know what a list leaves out.
    Unread(Filter, Reply<Vec<Unread>>),
    /// Somebody wants to see the ledger.
    Ledger(Reply<Ledger>),
    /// Somebody wants the set-up looked over.
    Examine(Reply<Vec<Check>>),
    /// The engine is to end.
    Stop,
}

/// The one way to an engine. Cheap to clone.
#[derive(Clone)]
pub struct Handle {
    events: mpsc::Sender<Event>,
}

impl Handle {
    /// A handle and where its events arrive.
    pub fn new() -> (Self, mpsc::Receiver<Event>) {
        let (events, arrivals) = mpsc::channel(64);
        (Self { events }, arrivals)
    }

    /// Says that something may have changed. Never waits: a full queue means that a look is coming anyway.
    pub fn hint(&self) {
        // Both a full queue and an engine that has stopped need no hint.
        drop(self.events.try_send(Event::Hint));
    }

    /// Sends an event that wants no answer.
    ///
    /// # Errors
    /// When the engine has stopped.
    pub async fn send(&self, event: Event) -> Result<(), EngineError> {
        self.events.send(event).await.map_err(|_| EngineError::Stopped)
    }

    /// What a pass over these specs would do, as of now or of a time.
    ///
    /// # Errors
    /// When specs or database are out of reach.
    pub async fn plan(&self, which: Which, at: Option<Timestamp>) -> Result<Pass, EngineError> {
        self.ask(|reply| Event::Plan(which, at, reply)).await
    }

    /// Makes a pass over the configured branch and carries it out, as of now or of a time.
    ///
    /// # Errors
    /// When specs or database are out of reach, somebody else leads, or the world moved in between.
    pub async fn reconcile(&self, at: Option<Timestamp>) -> Result<Pass, EngineError> {
        self.ask(|reply| Event::Reconcile(at, reply)).await
    }

    /// Has something done in the store.
    ///
    /// # Errors
    /// As [`crate::store::TaskStore::apply`].
    pub async fn apply(&self, command: Command, by: String) -> Result<Applied, EngineError> {
        self.ask(|reply| Event::Apply(Box::new(command), by, reply)).await
    }

    /// Takes work for an agent, as the specs say who does what. None where there is nothing to do.
    ///
    /// # Errors
    /// As [`crate::store::TaskStore::apply`], and when the specs are out of reach.
    pub async fn claim(&self, ask: Ask) -> Result<Taken, EngineError> {
        self.ask(|reply| Event::Claim(Box::new(ask), reply)).await
    }

    /// Puts on record what somebody says of a task, and tells how the requests about it stand then.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Unheard`] where it does not count, and when specs or database are out of reach.
    pub async fn say(&self, saying: Saying) -> Result<Vec<Stands>, EngineError> {
        self.ask(|reply| Event::Say(Box::new(saying), reply)).await
    }

    /// Every request that is sought, what has waited longest first.
    ///
    /// # Errors
    /// When specs or database are out of reach.
    pub async fn requests(&self, sought: Sought) -> Result<Vec<Requested>, EngineError> {
        self.ask(|reply| Event::Requests(sought, reply)).await
    }

    /// Makes a token that shows who a person is. It is told once, and kept nowhere.
    ///
    /// # Errors
    /// When no spec declares the person, and when specs or database are out of reach.
    pub async fn entrust(&self, agent: Arc<str>, until: Option<Timestamp>, by: String) -> Result<String, EngineError> {
        self.ask(|reply| Event::Entrust(agent, until, by, reply)).await
    }

    /// Everybody who works, by name.
    ///
    /// # Errors
    /// As [`crate::store::TaskStore::agents`].
    pub async fn agents(&self) -> Result<Vec<Enlisted>, EngineError> {
        self.ask(Event::Agents).await
    }

    /// Every transition of a task, the oldest first.
    ///
    /// # Errors
    /// As [`crate::store::TaskStore::story`].
    pub async fn story(&self, task: TaskId) -> Result<Vec<Told>, EngineError> {
        self.ask(|reply| Event::Story(task, reply)).await
    }

    /// Rows of the record of all transitions.
    ///
    /// # Errors
    /// As [`crate::store::TaskStore::audit`].
    pub async fn audit(&self, wanted: Extract) -> Result<Page, EngineError> {
        self.ask(|reply| Event::Audit(Box::new(wanted), reply)).await
    }

    /// The kept figures of a service level since a moment.
    ///
    /// # Errors
    /// As [`crate::store::TaskStore::history`].
    pub async fn history(&self, spec: SpecId, since: Timestamp) -> Result<Vec<Sample>, EngineError> {
        self.ask(|reply| Event::History(spec, since, reply)).await
    }

    /// Tasks of the live table.
    ///
    /// # Errors
    /// As [`crate::store::TaskStore::list`].
    pub async fn list(&self, filter: Filter) -> Result<Vec<Listed>, EngineError> {
        self.ask(|reply| Event::List(filter, reply)).await
    }

    /// Rows that a list leaves out since they cannot be read.
    ///
    /// # Errors
    /// As [`crate::store::TaskStore::unread`].
    pub async fn unread(&self, filter: Filter) -> Result<Vec<Unread>, EngineError> {
        self.ask(|reply| Event::Unread(filter, reply)).await
    }

    /// The ledger.
    ///
    /// # Errors
    /// As [`crate::store::TaskStore::ledger`].
    pub async fn ledger(&self) -> Result<Ledger, EngineError> {
        self.ask(Event::Ledger).await
    }

    /// Has the store looked over.
    ///
    /// # Errors
    /// As [`crate::store::TaskStore::examine`].
    pub async fn examine(&self) -> Result<Vec<Check>, EngineError> {
        self.ask(Event::Examine).await
    }

    async fn ask<T>(&self, event: impl FnOnce(Reply<T>) -> Event) -> Result<T, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.send(event(reply)).await?;
        answer.await.map_err(|_| EngineError::Stopped)?
    }
}
