//! A queue that agents work from: claims, leases, retries, dependencies.

mod leases;
mod order;
mod workers;

use std::sync::Arc;

use abide::kinds::approval::Gates;
use abide::model::{Duration, TaskId, TaskStatus, Timestamp, Worker};
use abide::store::{Applied, Claim, Claimed, Command, Filter, Lease, Listed, NewTask, StoreError, TaskStore};

use crate::build::now;
use crate::{Lack, Subject, able, subjects};

pub(super) const MINUTE: Duration = Duration::from_mins(1);

pub(super) fn later(minutes: u64) -> Timestamp {
    now().plus(Duration::from_mins(minutes))
}

pub(super) fn worker(name: &str) -> Worker {
    Worker { name: name.into(), roles: ["developer".into()].into(), ..Worker::default() }
}

pub(super) fn claim(worker: Worker) -> Claim {
    Claim {
        worker,
        duties: Arc::default(),
        gates: Gates::default(),
        task: None,
        most: 1,
        length: Duration::from_mins(10),
    }
}

pub(super) async fn ask(store: &dyn TaskStore, claim: Claim, at: Timestamp) -> Result<Vec<Claimed>, StoreError> {
    let by = claim.worker.name.to_string();
    match store.apply(&Command::Claim(Box::new(claim)), &by, at).await? {
        Applied::Claimed(taken) => Ok(taken.claimed),
        other => panic!("{other:?}"),
    }
}

pub(super) async fn take(store: &dyn TaskStore, name: &str, at: Timestamp) -> Option<Lease> {
    ask(store, claim(worker(name)), at).await.unwrap().pop().map(|claimed| claimed.lease)
}

pub(super) async fn row(store: &dyn TaskStore, id: &TaskId) -> Listed {
    store.list(&Filter { id: Some(id.clone()), ..Filter::default() }).await.unwrap().remove(0)
}

pub(super) async fn status(store: &dyn TaskStore, id: &TaskId) -> TaskStatus {
    row(store, id).await.task.status
}

pub(super) async fn new(store: &dyn TaskStore, task: NewTask) -> TaskId {
    let task = NewTask { kind: "fix_bug".into(), title: "mend it".into(), role: Some("developer".into()), ..task };
    match store.apply(&Command::Add(task), "po", now()).await.unwrap() {
        Applied::Task(id) => id,
        other => panic!("{other:?}"),
    }
}

pub(super) fn complete(lease: &Lease) -> Command {
    Command::Complete { task: lease.task.clone(), token: Some(lease.token), result: None }
}

pub(super) fn fail(lease: &Lease, last: bool) -> Command {
    let (task, reason) = (lease.task.clone(), Some("it broke".to_owned()));
    Command::Fail { task, token: Some(lease.token), reason, last }
}

/// The stores that work can be given out from.
pub(super) fn working() -> Vec<Subject> {
    able(&[Lack::Types, Lack::Role, Lack::Severity, Lack::Failed])
}

/// A table that has no word for work in progress lets nobody take any, and says so.
#[tokio::test]
async fn what_has_no_word_for_work_in_progress_gives_none_out() {
    for subject in subjects().into_iter().filter(|subject| subject.can(Lack::Failed, ()).is_none()) {
        crate::build::add(&subject, "mend it").await;
        let refused = ask(&*subject.store, claim(worker("dev-1")), now()).await.unwrap_err().to_string();
        assert!(refused.contains("no word is mapped for the status running"), "{}: {refused}", subject.name);
    }
}

/// Only Abide's own table has a place for all of this.
pub(super) fn own() -> impl Iterator<Item = Subject> {
    subjects().into_iter().filter(|subject| subject.is_whole)
}
