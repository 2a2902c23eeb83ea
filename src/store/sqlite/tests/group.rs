//! Commands that come at once.

use tokio::sync::oneshot::{Receiver, channel};

use super::*;
use crate::kinds::approval::Gates;
use crate::model::{TaskId, Worker};
use crate::store::sqlite::group::{Job, Leader};
use crate::store::{Applied, Claim, Command, Filter, NewTask, Taken};

type Answer = Receiver<Result<Applied, StoreError>>;

fn add(title: &str) -> Command {
    Command::Add(NewTask { kind: "fix_bug".into(), title: title.into(), ..NewTask::default() })
}

fn claim(task: Option<&str>) -> Command {
    let worker = Worker { name: "dev-9".into(), instance: "gone".into(), ..Worker::default() };
    let length = Duration::from_mins(1);
    let task = task.map(TaskId::from);
    Command::Claim(Box::new(Claim { worker, duties: Arc::default(), gates: Gates::default(), task, most: 1, length }))
}

/// Lets a command wait.
fn wait(store: &SqliteStore, command: Command) -> (Option<Leader>, Answer) {
    let (reply, answer) = channel();
    let job = Job { command, by: "po".into(), now: now(), reply };
    (Leader::of(&store.0, job), answer)
}

async fn titles(store: &SqliteStore) -> Vec<String> {
    let listed = store.list(&Filter::default()).await.unwrap();
    listed.into_iter().map(|row| row.task.title.to_string()).collect()
}

#[tokio::test]
async fn each_is_carried_out_whole_or_not_at_all_and_answered_by_itself() {
    let world = World::own();
    let store = world.store();
    let (leader, first) = wait(&store, add("one"));
    let commands = [add("two"), claim(Some("77")), claim(None), add("three")];
    let others: Vec<_> = commands.into_iter().map(|command| wait(&store, command)).collect();
    assert!(others.iter().all(|(leader, _)| leader.is_none()), "one leads");
    leader.unwrap().lead();
    assert_eq!(first.await.unwrap().unwrap(), Applied::Task("1".into()));
    let mut answers = Vec::new();
    for (_, answer) in others {
        answers.push(answer.await.unwrap());
    }
    assert_eq!(answers[0], Ok(Applied::Task("2".into())));
    assert!(matches!(answers[1], Err(StoreError::NotFound(_))), "{:?}", answers[1]);
    assert!(
        matches!(&answers[2], Ok(Applied::Claimed(Taken { claimed, .. })) if claimed.len() == 1),
        "{:?}",
        answers[2]
    );
    assert_eq!(answers[3], Ok(Applied::Task("3".into())));
    assert_eq!(titles(&store).await, ["three", "two", "one"]);
    assert_eq!(world.text("SELECT group_concat(action) FROM abide_audit").as_deref(), Some("add,add,claim,add"));
    assert!(store.examine().await.unwrap().iter().any(|check| check.what == "audit" && check.result.is_ok()));
}

#[tokio::test]
async fn what_fails_leaves_nothing_though_it_had_begun() {
    let world = World::own();
    let store = world.store();
    let (leader, _first) = wait(&store, add("one"));
    // Whoever claims is noticed before it is known that there is no such task.
    let (_, failed) = wait(&store, claim(Some("77")));
    leader.unwrap().lead();
    assert!(failed.await.unwrap().is_err());
    assert_eq!(titles(&store).await, ["one"]);
    assert_eq!(world.text("SELECT count(*) FROM abide_beats").as_deref(), Some("0"));
}

#[tokio::test]
async fn where_the_database_takes_all_of_it_back_each_is_tried_alone() {
    let world = World::own();
    let store = world.store();
    world.sql(
        "CREATE TRIGGER no BEFORE INSERT ON abide_tasks WHEN new.title = 'bad'
         BEGIN SELECT RAISE(ROLLBACK, 'never'); END",
    );
    let (leader, first) = wait(&store, add("one"));
    let (_, second) = wait(&store, add("two"));
    let (_, bad) = wait(&store, add("bad"));
    let (_, last) = wait(&store, add("last"));
    leader.unwrap().lead();
    assert!(bad.await.unwrap().unwrap_err().to_string().contains("never"));
    for answer in [first, second, last] {
        assert!(matches!(answer.await.unwrap(), Ok(Applied::Task(_))));
    }
    assert_eq!(titles(&store).await, ["last", "two", "one"]);
}

#[tokio::test]
async fn where_the_leader_breaks_down_nobody_waits_for_it() {
    let world = World::own();
    let store = world.store();
    let (leader, first) = wait(&store, add("one"));
    let (_, second) = wait(&store, add("two"));
    drop(leader);
    assert!(first.await.is_err() && second.await.is_err(), "each is told");
    assert!(store.apply(&add("three"), "po", now()).await.is_ok(), "and the next one leads");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_that_claim_at_once_no_two_share_a_task() {
    let world = World::own();
    let store = world.store();
    for count in 0..64 {
        store.apply(&add(&format!("task {count}")), "po", now()).await.unwrap();
    }
    let hands: Vec<_> = (0..16)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut taken = Vec::new();
                while let Applied::Claimed(Taken { claimed, .. }) =
                    store.apply(&claim(None), "dev-9", now()).await.unwrap()
                {
                    let Some(claimed) = claimed.into_iter().next() else { break };
                    taken.push(claimed.lease.task);
                }
                taken
            })
        })
        .collect();
    let mut taken = Vec::new();
    for hand in hands {
        taken.extend(hand.await.unwrap());
    }
    assert_eq!(taken.len(), 64);
    assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), 64, "{taken:?}");
}
