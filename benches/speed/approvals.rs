//! What a yes costs with many open requests: to put it on record with its effect, to find it in a pass, and to take a task that
//! has it with all the others in the way.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use abide::catalog::{Catalog, SourceTree, load};
use abide::config::Mapping;
use abide::kinds::approval::Gates;
use abide::model::{Duration, Said, TaskId, Timestamp, Vote, Worker};
use abide::store::{
    Applied, Cast, Claim, Command, Mark, Proof, RowsMoved, Settings, SqliteStore, Taken, TaskStore, Weighing,
};
use rusqlite::Connection;
use tokio::runtime::Builder;

use crate::Bench;
use crate::claims::fresh;
use crate::rows::url;
use crate::table::millis;

const POLICIES: usize = 50;
/// How many votes are timed; the slowest of them is what is told.
const VOTES: usize = 200;
/// What is to be reached, in milliseconds.
const TARGET: f64 = 10.0;

pub(crate) fn all(bench: &mut Bench) {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let count = bench.tasks / 10;
    let path = fresh(bench, "approvals.db");
    let store = SqliteStore::open_with(&url(&path), Mapping::own(), Settings::default()).unwrap();
    Connection::open(&path)
        .unwrap()
        .execute_batch(&format!(
            "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {count})
             INSERT INTO abide_tasks (type, title, role, status, created)
             SELECT 'work-' || (n % {POLICIES}), 'task ' || n, 'developer', 'pending', n FROM n"
        ))
        .unwrap();
    let gates = gates();
    let now = Timestamp::from_secs(1_780_000_000);
    let timed = runtime.block_on(async {
        let start = Instant::now();
        let weighing =
            Weighing { gates: gates.clone(), tasks: None, ended_since: Timestamp::default(), spent: None, fence: None };
        store.apply(&Command::Weigh(weighing), "abide", now).await.unwrap();
        let opened = start.elapsed().as_secs_f64();
        let mut mark = store.changes(Mark::default(), now).await.unwrap().mark;
        let (mut voting, mut seeing) = (Vec::new(), Vec::new());
        for vote in 0..VOTES {
            let cast = cast(&gates, vote * (count / VOTES) + 1, vote);
            let start = Instant::now();
            store.apply(&Command::Cast(Box::new(cast)), "ada", now).await.unwrap();
            voting.push(start.elapsed().as_secs_f64());
            let start = Instant::now();
            let changes = store.changes(mark, now).await.unwrap();
            seeing.push(start.elapsed().as_secs_f64());
            assert!(matches!(&changes.moved, RowsMoved::Rows(rows) if rows.len() == 1), "one task has changed");
            mark = changes.mark;
        }
        let start = Instant::now();
        for _ in 0..VOTES {
            let claimed = store.apply(&Command::Claim(Box::new(claim(&gates))), "dev-1", now).await.unwrap();
            assert!(
                matches!(claimed, Applied::Claimed(Taken { claimed: tasks, .. }) if tasks.len() == 1),
                "each yes lets one start"
            );
        }
        (opened, voting, seeing, start.elapsed().as_secs_f64() / VOTES as f64)
    });
    let (opened, voting, seeing, claiming) = timed;
    let with = format!("{count} open requests, {POLICIES} policies, synchronous FULL");
    let target = format!("{TARGET} ms");
    let [vote, see] = [voting, seeing].map(median);
    bench.report.add(&format!("a yes with its effect, {with}"), millis(vote), &target, TARGET);
    bench.report.add("a reader sees that one task has changed", millis(see), &target, TARGET);
    bench.report.add("a claim of a task that has its yes, all others in the way", millis(claiming), &target, TARGET);
    bench.report.tell("all of these requests opened at once", &format!("{opened:.1} s"));
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or_default()
}

fn gates() -> Gates {
    let mut text = String::new();
    let mut add = |kind: &str, name: &str, spec: &str| {
        writeln!(text, "apiVersion: abide.dev/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n---")
            .unwrap();
    };
    add("Role", "architect", "{mayApprove: true}");
    add("Agent", "ada", "{human: true, roles: [architect]}");
    for n in 0..POLICIES {
        let require = "{any: [{role: architect}, {people: [agent/ada]}]}";
        add(
            "ApprovalPolicy",
            &format!("policy-{n}"),
            &format!("{{select: {{types: [work-{n}]}}, require: {require}}}"),
        );
    }
    let tree = SourceTree::of_texts([("specs/a.yaml", text)]);
    let (catalog, said) = load(&tree, &Catalog::empty(), Timestamp::default());
    assert_eq!(said, []);
    Gates::of(catalog.specs, "bench")
}

fn cast(gates: &Gates, task: usize, vote: usize) -> Cast {
    Cast {
        gates: gates.clone(),
        task: TaskId::from(task as i64),
        policy: None,
        said: Said::Vote(Vote::Approved),
        by: "ada".into(),
        proof: Proof::Key,
        seen: None,
        nonce: format!("bench-{vote}").into(),
        expires: None,
        reason: None,
    }
}

fn claim(gates: &Gates) -> Claim {
    let worker = Worker { name: "dev-1".into(), roles: ["developer".into()].into(), ..Worker::default() };
    Claim {
        worker,
        duties: Arc::default(),
        gates: gates.clone(),
        task: None,
        most: 1,
        length: Duration::from_hours(24),
    }
}
