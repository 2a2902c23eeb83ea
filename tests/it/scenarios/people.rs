//! What people and agents do between two passes, a line each.
//!
//! A remediation task is named as `RULE SPEC SUBJECT`, with `-` for no spec:
//! `complete decision/rule decision/one rule/a`, `fail`, `cancel`, `delete`, `wontfix … until +7d`, `release all`;
//! and what is said of a task that needs a yes: `approve 1 as ada`, `reject 1 as ada`, `break-glass 1 as ada`.

use abide::engine::{Credential, Saying};
use abide::model::{Record, Said, Task, TaskId, TaskStatus, Vote, WontFix};
use abide::store::{Command, TaskStore};

use super::table::moment;
use super::world::World;

pub(super) async fn act(world: &mut World, body: &str) {
    for line in body.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["release", "all"] => release(world, |_| true).await,
            ["release", beginning] => release(world, |id| id.starts_with(beginning)).await,
            ["complete", name @ ..] => end(world, &record(world, name).await.task, TaskStatus::Completed),
            ["fail", name @ ..] => end(world, &record(world, name).await.task, TaskStatus::Failed),
            ["cancel", name @ ..] => end(world, &record(world, name).await.task, TaskStatus::Cancelled),
            ["start", name @ ..] => change(world, &record(world, name).await.task, |task| {
                task.status = TaskStatus::Running;
                task.agent = Some("dev-1".into());
            }),
            ["delete", name @ ..] => world.store.delete(&record(world, name).await.task),
            ["wontfix", rule, spec, subject, "until", until] => {
                let refusal =
                    WontFix { until: moment(until, world.now()), by: "po".into(), reason: "not worth it".into() };
                let fingerprint = record(world, &[rule, spec, subject]).await.fingerprint;
                apply(world, Command::WontFix { fingerprint, refusal }).await;
            }
            [verb @ ("approve" | "reject" | "break-glass"), task, "as", by] => say(world, verb, task, by).await,
            _ => panic!("{}: nobody knows how to `{line}`", world.at),
        }
    }
}

/// As `abide approve` and `abide reject` do, with a token of that person.
async fn say(world: &mut World, verb: &str, task: &str, by: &str) {
    let said = match verb {
        "approve" => Said::Vote(Vote::Approved),
        "reject" => Said::Vote(Vote::Rejected),
        _ => Said::Override,
    };
    let handle = world.handle().clone();
    let told = |error| panic!("{}: {error}", world.at);
    let token = handle.entrust(by.into(), None, "root".into()).await.unwrap_or_else(told);
    let saying = Saying {
        task: task.into(),
        policy: None,
        said,
        by: by.into(),
        credential: Credential::Token(token),
        seen: None,
        nonce: None,
        expires: None,
        reason: Some("a reason".into()),
    };
    handle.say(saying).await.unwrap_or_else(|error| panic!("{}: {error}", world.at));
}

async fn record(world: &World, name: &[&str]) -> Record {
    let ledger = world.store.ledger().await.unwrap();
    let spec = |record: &Record| record.case.spec.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    let named = |record: &&Record| [record.case.rule.word(), &spec(record), record.subject.as_str()] == name;
    let found = ledger.records.values().find(named).cloned();
    found.unwrap_or_else(|| panic!("{}: there is no task {name:?}", world.at))
}

fn end(world: &World, id: &TaskId, status: TaskStatus) {
    let now = world.now();
    change(world, id, |task| (task.status, task.finished) = (status, Some(now)));
}

/// As the team's own software changes a row.
fn change(world: &World, id: &TaskId, how: impl FnOnce(&mut Task)) {
    let mut task = Task::clone(&world.store.task(id).unwrap());
    how(&mut task);
    world.store.put(task);
}

async fn release(world: &mut World, wanted: impl Fn(&str) -> bool) {
    let holds = world.store.ledger().await.unwrap().holds;
    let waiting: Vec<_> = holds.into_keys().filter(|id| wanted(&id.0)).collect();
    assert!(!waiting.is_empty(), "{}: nothing waits", world.at);
    for id in waiting {
        apply(world, Command::Release(id)).await;
    }
}

async fn apply(world: &mut World, command: Command) {
    let handle = world.handle().clone();
    handle.apply(command, "po".into()).await.unwrap_or_else(|error| panic!("{}: {error}", world.at));
}
