//! Agents that claim from one database at once.

mod random;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::Command as Process;
use std::sync::Arc;

use abide::config::Mapping;
use abide::model::{Duration, Timestamp, Worker};
use abide::store::{Applied, Claim, Command, SqliteStore, TaskStore};
use rusqlite::Connection;

/// How many tasks there are.
const TASKS: i64 = 10_000;

/// Says to a process of this very program that it is to claim, and from which database.
const FROM: &str = "ABIDE_TEST_CLAIMS_FROM";

fn store(url: &str) -> SqliteStore {
    let settings = abide::store::Settings { durability: abide::model::Durability::Normal, ..Default::default() };
    SqliteStore::open_with(url, Mapping::own(), settings).unwrap()
}

/// Claims one task after another until there is none, and completes every other one.
async fn work(url: &str, agent: &str) -> Vec<String> {
    let store = store(url);
    let worker = Worker { name: agent.into(), roles: ["developer".into()].into(), ..Worker::default() };
    let claim = Claim { worker, duties: Arc::default(), task: None, most: 1, length: Duration::from_hours(1) };
    let claim = Command::Claim(Box::new(claim));
    let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
    let mut taken = Vec::new();
    loop {
        let Applied::Claimed(claimed) = store.apply(&claim, agent, now).await.unwrap() else { unreachable!() };
        let Some(claimed) = claimed.into_iter().next() else { return taken };
        if taken.len().is_multiple_of(2) {
            let (task, token) = (claimed.lease.task.clone(), Some(claimed.lease.token));
            store.apply(&Command::Complete { task, token, result: None }, agent, now).await.unwrap();
        }
        taken.push(claimed.lease.task.to_string());
    }
}

/// Not a test by itself: what each of the two processes does.
#[tokio::test]
async fn one_of_two_processes() {
    let Ok(url) = std::env::var(FROM) else { return };
    let agent = format!("dev-{}", std::process::id());
    for task in work(&url, &agent).await {
        writeln!(std::io::stdout(), "claimed {task}").unwrap();
    }
}

#[test]
fn two_processes_never_share_a_task() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("abide.db");
    let url = format!("sqlite:{}", path.display());
    drop(store(&url));
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch(&format!(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {TASKS})
         INSERT INTO abide_tasks (type, title, role, status, created)
         SELECT 'fix_bug', 'task ' || n, 'developer', 'pending', n FROM n"
    ))
    .unwrap();
    let one = || {
        let mut process = Process::new(std::env::current_exe().unwrap());
        process.args(["--exact", "claims::one_of_two_processes", "--nocapture"]).env(FROM, &url);
        process.stdout(std::process::Stdio::piped()).spawn().unwrap()
    };
    let both = [one(), one()].map(|process| process.wait_with_output().unwrap());
    let mut taken = Vec::new();
    for ended in &both {
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stdout));
        let said = String::from_utf8_lossy(&ended.stdout).into_owned();
        let of_one: Vec<String> =
            said.lines().filter_map(|line| line.split_once("claimed ")).map(|it| it.1.to_owned()).collect();
        assert!(of_one.len() > 100, "both had their share: {}", of_one.len());
        taken.extend(of_one);
    }
    let each: BTreeSet<&String> = taken.iter().collect();
    assert_eq!((taken.len() as i64, each.len() as i64), (TASKS, TASKS), "each once, and none left");
    let claims: i64 =
        conn.query_row("SELECT count(*) FROM abide_audit WHERE action = 'claim'", [], |row| row.get(0)).unwrap();
    assert_eq!(claims, TASKS, "each with its row of history");
}
