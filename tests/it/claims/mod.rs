//! Agents that claim from one database at once.

mod random;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::Command as Process;
use std::sync::Arc;

use abide::config::Mapping;
use abide::kinds::approval::Gates;
use abide::model::{Duration, Timestamp, Worker};
use abide::store::{Applied, Claim, Command, SqliteStore, Taken, TaskStore};
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
async fn work(store: SqliteStore, agent: String) -> Vec<String> {
    let worker = Worker { name: agent.as_str().into(), roles: ["developer".into()].into(), ..Worker::default() };
    let claim = Claim {
        worker,
        duties: Arc::default(),
        gates: Gates::default(),
        task: None,
        most: 1,
        length: Duration::from_hours(1),
    };
    let claim = Command::Claim(Box::new(claim));
    let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
    let mut taken = Vec::new();
    loop {
        let Applied::Claimed(Taken { claimed, .. }) = store.apply(&claim, &agent, now).await.unwrap() else {
            unreachable!()
        };
        let Some(claimed) = claimed.into_iter().next() else { return taken };
        if taken.len().is_multiple_of(2) {
            let (task, token) = (claimed.lease.task.clone(), Some(claimed.lease.token));
            store.apply(&Command::Complete { task, token, result: None }, &agent, now).await.unwrap();
        }
        taken.push(claimed.lease.task.to_string());
    }
}

/// Not a test by itself: what each of the two processes does, for two agents at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_processes() {
    let Ok(url) = std::env::var(FROM) else { return };
    let store = store(&url);
    let hands = [1, 2].map(|hand| tokio::spawn(work(store.clone(), format!("dev-{}-{hand}", std::process::id()))));
    for hand in hands {
        for task in hand.await.unwrap() {
            writeln!(std::io::stdout(), "claimed {task}").unwrap();
        }
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

/// A team's table in a file of its own, and Abide's beside it.
fn two_files(folder: &std::path::Path) -> (Connection, String, Mapping) {
    let team = Connection::open(folder.join("team.db")).unwrap();
    team.execute_batch(
        "PRAGMA journal_mode = WAL;
         CREATE TABLE jobs (id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT, title TEXT, role TEXT, agent TEXT,
           status TEXT, created INTEGER);",
    )
    .unwrap();
    let columns =
        ["id", "type", "title", "role", "agent", "status", "created"].map(|name| format!("{name} = '{name}'"));
    let url = |name: &str| format!("sqlite:{}", folder.join(name).display());
    let (own, tasks, columns) = (url("abide.db"), url("team.db"), columns.join("\n"));
    let config = format!("[tasks]\nurl = '{tasks}'\ntable = 'jobs'\ntime = 'unix-ms'\n[tasks.columns]\n{columns}\n");
    (team, own, abide::config::Config::parse(&config, &[]).unwrap().mapping())
}

/// Adds the same tasks as every other hand, and claims one after each.
async fn hand(store: SqliteStore, agent: String) -> Vec<String> {
    let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
    let worker = Worker { name: agent.as_str().into(), ..Worker::default() };
    let claim = Claim {
        worker,
        duties: Arc::default(),
        gates: Gates::default(),
        task: None,
        most: 1,
        length: Duration::from_hours(1),
    };
    let mut taken = Vec::new();
    for n in 0..KEYS {
        let (title, key) = (format!("job {n}"), Some(n.to_string()));
        let add = abide::store::NewTask { kind: "job".into(), title, key, ..Default::default() };
        store.apply(&Command::Add(add), &agent, now).await.unwrap();
        let claim = Command::Claim(Box::new(claim.clone()));
        let Applied::Claimed(Taken { claimed, .. }) = store.apply(&claim, &agent, now).await.unwrap() else {
            unreachable!()
        };
        taken.extend(claimed.into_iter().map(|it| it.lease.task.to_string()));
    }
    taken
}

const KEYS: i64 = 12;

/// Each key makes one task, each task is given once, and what is kept in the other file tells the same.
#[test]
fn many_hands_write_two_files_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (team, url, mapping) = two_files(folder.path());
    let open = |n: i32| (SqliteStore::open(&url, mapping.clone()).unwrap(), format!("dev-{n}"));
    let run = |n: i32| {
        let (store, agent) = open(n);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(hand(store, agent))
    };
    let taken: Vec<String> = std::thread::scope(|threads| {
        let run = &run;
        let hands = [0, 1, 2].map(|n| threads.spawn(move || run(n)));
        hands.into_iter().flat_map(|hand| hand.join().unwrap()).collect()
    });
    let count = |sql: &str, conn: &Connection| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let each: BTreeSet<&String> = taken.iter().collect();
    assert_eq!((taken.len() as i64, each.len() as i64), (KEYS, KEYS), "each task was given once");
    assert_eq!(count("SELECT count(*) FROM jobs WHERE status = 'running'", &team), KEYS, "one task for each key");
    let books = Connection::open(folder.path().join("abide.db")).unwrap();
    assert_eq!(count("SELECT count(*) FROM abide_claims", &books), KEYS);
    assert_eq!(count("SELECT count(*) FROM abide_intents", &books), 0);
    assert_eq!(count("SELECT count(*) FROM abide_audit WHERE action IN ('add', 'claim')", &books), 2 * KEYS);
}
