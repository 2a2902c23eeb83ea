//! Commands that wait at the same time share a transaction, and so one commit: of many that come at once, each costs little more
//! than what it does itself. Each is carried out whole or not at all, and answered once all of them are there to stay.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use rusqlite::{Connection, Transaction};
use tokio::sync::oneshot;

use super::fault::Done;
use super::layout::Layout;
use super::table::Table;
use super::writer::Writer;
use super::{Inner, command, guard, lock};
use crate::model::Timestamp;
use crate::store::{Applied, Command, StoreError};

/// How many share a transaction: others wait for its end.
const MOST: usize = 256;

/// A command, and where its answer goes.
pub(super) struct Job {
    pub(super) command: Command,
    pub(super) by: String,
    pub(super) now: Timestamp,
    pub(super) reply: oneshot::Sender<Result<Applied, StoreError>>,
}

/// The commands that wait. While there are any, somebody leads: carries them out, a group at a time.
#[derive(Default)]
pub(super) struct Queue(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    is_led: bool,
}

/// Whoever carries out what waits.
pub(super) struct Leader {
    store: Arc<Inner>,
    is_done: bool,
}

impl Leader {
    /// Lets a command wait. Where nobody leads, whoever brings it does.
    pub(super) fn of(store: &Arc<Inner>, job: Job) -> Option<Self> {
        let mut waiting = guard(&store.queue.0);
        waiting.jobs.push_back(job);
        let is_led = std::mem::replace(&mut waiting.is_led, true);
        (!is_led).then(|| Self { store: store.clone(), is_done: false })
    }

    /// Carries out what waits. What has come meanwhile is left to another thread, so that nobody waits for what came after them.
    /// Blocks.
    pub(super) fn lead(mut self) {
        let first = self.next();
        self.carry_out(first);
        let mut next = self.next();
        if self.is_done {
            return;
        }
        tokio::task::spawn_blocking(move || {
            while !self.is_done {
                self.carry_out(next);
                next = self.next();
            }
        });
    }

    /// The commands to carry out now; once there are none, whoever comes next leads.
    fn next(&mut self) -> Vec<Job> {
        let mut waiting = guard(&self.store.queue.0);
        let count = waiting.jobs.len().min(MOST);
        let jobs: Vec<Job> = waiting.jobs.drain(..count).collect();
        self.is_done = jobs.is_empty();
        waiting.is_led = !self.is_done;
        jobs
    }

    fn carry_out(&self, jobs: Vec<Job>) {
        let name = self.store.files.name();
        match self.store.write(|conn, table| all(conn, table, &jobs)) {
            Ok(results) => {
                for (job, result) in jobs.into_iter().zip(results) {
                    job.answer(result.map_err(|fault| fault.at(&name)));
                }
            }
            Err(error) => {
                // What was seen in a transaction that came to nothing was not there.
                self.store.table.forget();
                jobs.into_iter().for_each(|job| job.answer(Err(error.clone())));
            }
        }
    }
}

impl Drop for Leader {
    /// Where the leader breaks down, nobody waits for it: each is told so.
    fn drop(&mut self) {
        if !self.is_done {
            *guard(&self.store.queue.0) = Waiting::default();
        }
    }
}

impl Job {
    fn answer(self, result: Result<Applied, StoreError>) {
        // Whoever asked may have gone; then nobody misses the answer.
        drop(self.reply.send(result));
    }
}

/// What each command came to.
fn all(conn: &mut Connection, table: &Table, jobs: &[Job]) -> Done<Vec<Done<Applied>>> {
    // In two files each command is a story of its own: an intent, rows, a confirmation.
    if jobs.len() > 1 && !table.is_apart() {
        if let Some(results) = together(conn, table, jobs)? {
            return Ok(results);
        }
        table.forget();
    }
    Ok(jobs.iter().map(|job| command::apply(conn, table, &job.command, (&job.by, job.now))).collect())
}

/// What each came to in one transaction; none where the database took all of it back for the sake of one of them.
fn together(conn: &mut Connection, table: &Table, jobs: &[Job]) -> Done<Option<Vec<Done<Applied>>>> {
    let tx = lock::all(conn)?;
    let mut results = Vec::with_capacity(jobs.len());
    for job in jobs {
        step(&tx, "SAVEPOINT command")?;
        let result = Layout::of(&tx, table)
            .and_then(|layout| command::carry_out(&mut Writer::new(&tx), &layout, &job.command, (&job.by, job.now)));
        if tx.is_autocommit() {
            return Ok(None);
        }
        if result.is_err() {
            step(&tx, "ROLLBACK TO command")?;
        }
        step(&tx, "RELEASE command")?;
        results.push(result);
    }
    tx.commit()?;
    Ok(Some(results))
}

fn step(tx: &Transaction<'_>, sql: &str) -> rusqlite::Result<usize> {
    tx.prepare_cached(sql)?.execute([])
}
