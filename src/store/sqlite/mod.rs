//! The task database in SQLite.

mod approval;
mod attempt;
mod audit;
mod beside;
mod changes;
mod columns;
mod command;
mod commit;
mod connect;
mod content;
mod context;
mod details;
mod enforcements;
mod examine;
mod fault;
mod feed;
mod files;
mod found;
mod fresh;
mod group;
mod heartbeats;
mod holds;
mod inspect;
mod intents;
mod intern;
mod join;
mod labelled;
mod labels;
mod layout;
mod lease;
mod ledger;
mod live;
mod lock;
mod log;
mod lookup;
mod mark;
mod needs;
mod queue;
mod records;
mod refuse;
mod row;
mod samples;
mod select;
mod settle;
mod table;
#[cfg(test)]
mod tests;
pub(crate) mod times;
mod turn;
mod two;
mod unread;
mod work;
mod writer;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use rusqlite::Connection;
use tokio::runtime::RuntimeFlavor;
use tokio::sync::oneshot;

pub use self::inspect::SqliteInspect;

use self::fault::Done;
use self::files::{Files, Link};
use self::group::{Job, Leader};
use self::layout::Layout;
use self::table::Table;
use super::audit::{Extract, Page};
use super::{
    Applied, Changes, Check, Command, Enlisted, Enlistment, Filter, Listed, Mark, RowSink, Settings, StoreError,
    TaskStore, Told, Unread, Wants,
};
use crate::config::Mapping;
use crate::model::{Duration, Epoch, Heartbeat, Ledger, Outcome, Plan, Sample, SpecId, TaskId, Timestamp};

/// The statements that make changes of a mapped table exactly known, for its owner to run in its database: a table, and
/// triggers that write down there what changes. Abide runs none of them, and finds them by itself once they are there.
pub fn feed_statements(mapping: &Mapping) -> Vec<String> {
    feed::statements(mapping)
}

/// A SQLite file with the live tasks and Abide's own tables. Cheap to clone.
#[derive(Clone)]
pub struct SqliteStore(Arc<Inner>);

struct Inner {
    files: Files,
    table: Table,
    /// The one connection that writes; none where the file is only read.
    writer: Option<Mutex<Link>>,
    /// The commands that wait for it.
    queue: group::Queue,
    /// Connections that are free to read.
    readers: Mutex<Vec<Link>>,
    /// The connection that watches for commits of all others.
    watcher: Mutex<Watcher>,
    /// Whether there is nothing to read yet, so that Abide's own tables are taken as empty.
    is_empty: bool,
}

/// Counts its connections, since each counts the commits of others from the start.
#[derive(Default)]
struct Watcher {
    link: Option<Link>,
    generation: u32,
}

impl SqliteStore {
    /// Opens the database of a `sqlite:PATH` URL to write it, and brings Abide's own tables up to date. The file is made
    /// where it is missing, unless the team's tasks are expected in it. Where the mapping names another database for the
    /// tasks, that one must be there, and its schema is left as it is. Blocks; keep it off async threads.
    ///
    /// # Errors
    /// When a file cannot be opened or written.
    pub fn open(url: &str, mapping: Mapping) -> Result<Self, StoreError> {
        Self::open_with(url, mapping, Settings::default())
    }

    /// As [`Self::open`], and works as `settings` say.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(url: &str, mapping: Mapping, settings: Settings) -> Result<Self, StoreError> {
        let files = Files::of(url, &mapping)?;
        let writer = connect::writer(&files, mapping.own || files.team.is_some(), settings.durability)?;
        Ok(Self::new(files, (mapping, settings), Some(writer), false))
    }

    /// Opens the database of a `sqlite:PATH` URL only to read it: nothing is made or changed. Blocks.
    ///
    /// # Errors
    /// When a file cannot be read, or is missing although the team's tasks are expected in it.
    pub fn open_read(url: &str, mapping: Mapping) -> Result<Self, StoreError> {
        let files = Files::of(url, &mapping)?;
        let settings = Settings::default();
        if mapping.own && !files.path.exists() {
            return Ok(Self::new(files, (mapping, settings), None, true));
        }
        let reader = connect::reader(&files)?;
        let has_tables = connect::is_migrated(&reader).map_err(|error| fault::away(&files.url, &error))?;
        if has_tables {
            connect::must_be_current(&files.url, &reader)?;
        }
        let is_empty = mapping.own && !has_tables;
        let store = Self::new(files, (mapping, settings), None, is_empty);
        if !is_empty {
            guard(&store.0.readers).push(Link::new(reader, &store.0.files));
        }
        Ok(store)
    }

    fn new(files: Files, (mapping, settings): (Mapping, Settings), writer: Option<Connection>, is_empty: bool) -> Self {
        let writer = writer.map(|conn| Mutex::new(Link::new(conn, &files)));
        let (readers, watcher) = (Mutex::default(), Mutex::default());
        let table = Table::new(mapping, settings, files.team.as_ref().map(|team| team.url.clone()));
        let queue = group::Queue::default();
        Self(Arc::new(Inner { files, table, writer, queue, readers, watcher, is_empty }))
    }

    /// Runs something that writes, off the async threads.
    async fn write<T: Send + 'static>(
        &self,
        run: impl FnOnce(&mut Connection, &Table) -> Done<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = self.0.clone();
        self.off_thread(move || inner.write(run)).await
    }

    /// Runs something that only reads, off the async threads.
    async fn read<T: Send + 'static>(
        &self,
        run: impl FnOnce(&mut Connection, &Table) -> Done<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = self.0.clone();
        self.off_thread(move || {
            let free = guard(&inner.readers).pop().filter(|link| inner.is_current(link));
            let mut link = free.map_or_else(|| inner.connect(), Ok)?;
            let result = run(&mut link.conn, &inner.table).map_err(|fault| fault.at(&inner.files.name()));
            if !matches!(result, Err(StoreError::OutOfReach { .. })) {
                guard(&inner.readers).push(link);
            }
            result
        })
        .await
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        run: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        // To wake another thread may cost more than a claim does: where the runtime has others for what else there is, this
        // one does it itself.
        if tokio::runtime::Handle::current().runtime_flavor() == RuntimeFlavor::MultiThread {
            return tokio::task::block_in_place(run);
        }
        tokio::task::spawn_blocking(run).await.map_err(|error| self.stopped(error))?
    }

    fn stopped(&self, why: impl Display) -> StoreError {
        StoreError::OutOfReach { url: self.0.files.name(), reason: format!("the work on it was stopped: {why}") }
    }
}

impl Inner {
    /// Runs something on the connection that writes. Blocks.
    fn write<T>(&self, run: impl FnOnce(&mut Connection, &Table) -> Done<T>) -> Result<T, StoreError> {
        let read_only = || StoreError::OutOfReach { url: self.files.url.clone(), reason: "opened only to read".into() };
        let mut writer = guard(self.writer.as_ref().ok_or_else(read_only)?);
        if !writer.is_current(&self.files) {
            self.table.forget();
            let durability = self.table.settings.durability;
            *writer = Link::new(connect::writer(&self.files, false, durability)?, &self.files);
        }
        run(&mut writer.conn, &self.table).map_err(|fault| fault.at(&self.files.name()))
    }

    fn connect(&self) -> Result<Link, StoreError> {
        self.table.forget();
        let conn = if self.is_empty { connect::empty(&self.files.url)? } else { connect::reader(&self.files)? };
        Ok(Link::new(conn, &self.files))
    }

    fn is_current(&self, link: &Link) -> bool {
        self.is_empty || link.is_current(&self.files)
    }

    /// What has changed since the mark. A connection that failed is not kept.
    fn changes(&self, mark: Mark, now: Timestamp) -> Result<Changes, StoreError> {
        let mut watcher = guard(&self.watcher);
        let mut link = match watcher.link.take().filter(|link| self.is_current(link)) {
            Some(link) => link,
            None => {
                watcher.generation += 1;
                self.connect()?
            }
        };
        let changes = changes::since(&mut link.conn, watcher.generation, &self.table, mark, now);
        let changes = changes.map_err(|fault| fault.at(&self.files.name()))?;
        watcher.link = Some(link);
        Ok(changes)
    }
}

/// A lock whose holder panicked guards a connection whose transaction was rolled back: it may go on.
fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl TaskStore for SqliteStore {
    async fn lead(&self, holder: &str, now: Timestamp, length: Duration) -> Result<Epoch, StoreError> {
        let holder = holder.to_owned();
        self.write(move |conn, table| {
            let epoch = lease::lead(conn, &holder, now, length)?;
            settle::settle(conn, table, now)?;
            Ok(epoch)
        })
        .await
    }

    async fn resign(&self, epoch: Epoch) -> Result<(), StoreError> {
        self.write(move |conn, _| lease::resign(conn, epoch)).await
    }

    async fn ledger(&self) -> Result<Ledger, StoreError> {
        self.read(ledger::read).await
    }

    async fn commit(&self, plan: &Plan, fence: Epoch) -> Result<Outcome, StoreError> {
        let plan = plan.clone();
        self.write(move |conn, table| commit::commit(conn, table, &plan, fence)).await
    }

    async fn apply(&self, command: &Command, by: &str, now: Timestamp) -> Result<Applied, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job = Job { command: command.clone(), by: by.to_owned(), now, reply };
        if let Some(leader) = Leader::of(&self.0, job) {
            let lead = move || {
                leader.lead();
                Ok(())
            };
            self.off_thread(lead).await?;
        }
        answer.await.unwrap_or_else(|_| Err(self.stopped("whoever carried it out broke down")))
    }

    async fn scan(&self, wants: &Wants, sink: RowSink) -> Result<(), StoreError> {
        let wants = wants.clone();
        self.read(move |conn, table| select::scan(conn, &Layout::of(conn, table)?, &wants, sink)).await
    }

    async fn heartbeats(&self) -> Result<BTreeMap<Arc<str>, Heartbeat>, StoreError> {
        self.read(|conn, table| heartbeats::read(conn, table)).await
    }

    async fn changes(&self, mark: Mark, now: Timestamp) -> Result<Changes, StoreError> {
        let inner = self.0.clone();
        self.off_thread(move || inner.changes(mark, now)).await
    }

    async fn agents(&self) -> Result<Vec<Enlisted>, StoreError> {
        self.read(|conn, table| queue::agents(conn, table)).await
    }

    async fn said_of(&self, agent: &str) -> Result<Option<Enlistment>, StoreError> {
        let agent = agent.to_owned();
        self.read(move |conn, _| queue::said_of(conn, &agent)).await
    }

    async fn story(&self, task: &TaskId) -> Result<Vec<Told>, StoreError> {
        let task = task.clone();
        self.read(move |conn, _| audit::story(conn, &task)).await
    }

    async fn audit(&self, wanted: &Extract) -> Result<Page, StoreError> {
        let wanted = wanted.clone();
        self.read(move |conn, _| audit::page(conn, &wanted)).await
    }

    async fn list(&self, filter: &Filter) -> Result<Vec<Listed>, StoreError> {
        let filter = filter.clone();
        self.read(move |conn, table| select::list(conn, &Layout::of(conn, table)?, &filter)).await
    }

    async fn unread(&self, filter: &Filter) -> Result<Vec<Unread>, StoreError> {
        let filter = filter.clone();
        self.read(move |conn, table| unread::find(conn, &Layout::of(conn, table)?, &filter)).await
    }

    async fn keep(&self, samples: &[Sample], fence: Epoch, now: Timestamp) -> Result<usize, StoreError> {
        let samples = samples.to_vec();
        self.write(move |conn, _| samples::keep(conn, &samples, fence, now)).await
    }

    async fn history(&self, spec: &SpecId, since: Timestamp) -> Result<Vec<Sample>, StoreError> {
        let spec = spec.clone();
        self.read(move |conn, _| samples::history(conn, &spec, since)).await
    }

    async fn examine(&self) -> Result<Vec<Check>, StoreError> {
        self.read(examine::examine).await
    }
}
