//! How many tasks a second agents can claim, with many blocked ones in the way.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use abide::config::Mapping;
use abide::kinds::approval::Gates;
use abide::model::{Durability, Duration, Timestamp, Worker};
use abide::store::{Applied, Claim, Command, Settings, SqliteStore, Taken, TaskStore};
use rusqlite::Connection;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use crate::Bench;
use crate::rows::url;
use crate::table::millis;

/// The types of the tasks; with the roles as many routes.
const TYPES: [&str; 5] = ["fix_bug", "code_review", "write_test", "deploy", "triage_error"];

/// How many claims a second are the order of magnitude to reach, one by one, without a wait for the disk.
const SINGLE: f64 = 10_000.0;

/// The same in batches.
const BATCHED: f64 = 50_000.0;

/// How many agents claim at once.
const AGENTS: usize = 32;

const NOW: Timestamp = Timestamp::from_secs(1_780_000_000);

pub(crate) fn all(bench: &mut Bench) {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (blocked, pending) = (bench.tasks / 10, bench.tasks / 20);
    for (durability, word) in [(Durability::Normal, "NORMAL"), (Durability::Full, "FULL")] {
        let singles = if durability == Durability::Full { pending / 50 } else { pending / 5 };
        let db = Db::new(bench, blocked, pending, durability);
        let one = db.rate(&runtime, singles, 1);
        let of = |what: &str| format!("{what}, {blocked} blocked tasks in the way, synchronous {word}");
        let floor = floor(bench, pending, durability, singles);
        let target = format!("{SINGLE:.0}/s; this is {one:.0}/s, a bare UPDATE … RETURNING {floor:.0}/s");
        match durability {
            Durability::Normal => {
                bench.report.add(&of("a single claim"), millis(1.0 / one), &target, 1e3 / SINGLE);
            }
            Durability::Full => {
                bench.report.tell(&of("single claims"), &format!("{one:.0}/s; a bare UPDATE … RETURNING {floor:.0}/s"));
            }
        }
        let crowd = db.crowd(&runtime, pending / 5);
        let what = of(&format!("a single claim, {AGENTS} agents at once"));
        let target = format!("{SINGLE:.0}/s; this is {crowd:.0}/s, {:.1} times as many", crowd / one);
        bench.report.add(&what, millis(1.0 / crowd), &target, 1e3 / SINGLE);
        let many = db.rate(&runtime, pending / 2, 100);
        let (what, times) = (of("claims in batches of 100"), many / one);
        match durability {
            Durability::Normal => {
                let what = format!("{what}, each");
                let target = format!("{BATCHED:.0}/s; this is {many:.0}/s, {times:.1} times as many as single ones");
                bench.report.add(&what, millis(1.0 / many), &target, 1e3 / BATCHED);
            }
            Durability::Full => bench.report.tell(&what, &format!("{many:.0}/s, {times:.1} times as many")),
        }
    }
    let plain = Db::new(bench, 0, pending, Durability::Normal).rate(&runtime, pending / 5, 1);
    bench.report.tell("the same single claims with no blocked task", &format!("{plain:.0}/s"));
}

struct Db {
    store: SqliteStore,
}

impl Db {
    fn new(bench: &Bench, blocked: usize, pending: usize, durability: Durability) -> Self {
        let path = fresh(bench, "claims.db");
        let settings = Settings { durability, ..Settings::default() };
        let store = SqliteStore::open_with(&url(&path), Mapping::own(), settings).unwrap();
        let conn = Connection::open(&path).unwrap();
        let insert = |status: &str, count: usize| {
            let types = TYPES.map(|kind| format!("'{kind}'")).join(", ");
            conn.execute_batch(&format!(
                "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {count})
                 INSERT INTO abide_tasks (type, title, role, status, severity, created)
                 SELECT json_extract(json_array({types}), '$[' || (n % 5) || ']'), 'task ' || n, 'developer', '{status}',
                   json_extract('[\"low\", \"medium\", \"high\", \"critical\"]', '$[' || (n / 7 % 4) || ']'), n
                 FROM n WHERE {count} > 0"
            ))
            .unwrap();
        };
        insert("blocked", blocked);
        insert("pending", pending);
        conn.execute_batch("ANALYZE").unwrap();
        Self { store }
    }

    /// Has so many agents claim one task after another, so many in all, and says how many that is a second.
    fn crowd(&self, runtime: &Runtime, count: usize) -> f64 {
        let start = Instant::now();
        runtime.block_on(async {
            let mut agents = JoinSet::new();
            for agent in 0..AGENTS {
                let (store, command) = (self.store.clone(), claim(&format!("dev-{agent}"), 1));
                agents.spawn(async move {
                    for _ in 0..count / AGENTS {
                        let claimed = store.apply(&command, "dev", NOW).await.unwrap();
                        assert!(
                            matches!(claimed, Applied::Claimed(Taken { claimed: tasks, .. }) if tasks.len() == 1),
                            "there is enough"
                        );
                    }
                });
            }
            agents.join_all().await;
        });
        (count / AGENTS * AGENTS) as f64 / start.elapsed().as_secs_f64()
    }

    /// Claims so many tasks, `batch` at a time, and says how many that is a second.
    fn rate(&self, runtime: &Runtime, count: usize, batch: usize) -> f64 {
        let command = claim("dev-1", batch);
        let start = Instant::now();
        let mut claimed = 0;
        runtime.block_on(async {
            while claimed < count {
                let Applied::Claimed(Taken { claimed: tasks, .. }) =
                    self.store.apply(&command, "dev-1", NOW).await.unwrap()
                else {
                    break;
                };
                assert!(!tasks.is_empty(), "there is enough to claim");
                claimed += tasks.len();
            }
        });
        claimed as f64 / start.elapsed().as_secs_f64()
    }
}

fn claim(agent: &str, most: usize) -> Command {
    let worker = Worker { name: agent.into(), roles: ["developer".into()].into(), ..Worker::default() };
    let length = Duration::from_hours(24);
    Command::Claim(Box::new(Claim {
        worker,
        duties: Arc::default(),
        gates: Gates::default(),
        task: None,
        most,
        length,
    }))
}

/// What a minimal program needs: one indexed update a claim, with no lease, no history and no second look.
fn floor(bench: &Bench, pending: usize, durability: Durability, count: usize) -> f64 {
    let conn = Connection::open(fresh(bench, "floor.db")).unwrap();
    let synchronous = if durability == Durability::Full { "FULL" } else { "NORMAL" };
    conn.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous};
         CREATE TABLE jobs (id INTEGER PRIMARY KEY, title TEXT, status TEXT, agent TEXT);
         CREATE INDEX jobs_pending ON jobs (id) WHERE status = 'pending';
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {pending})
         INSERT INTO jobs (title, status) SELECT 'job ' || n, 'pending' FROM n"
    ))
    .unwrap();
    let sql = "UPDATE jobs SET status = 'running', agent = 'dev-1'
               WHERE id = (SELECT id FROM jobs WHERE status = 'pending' ORDER BY id LIMIT 1) RETURNING id";
    let start = Instant::now();
    for _ in 0..count {
        let id: i64 = conn.prepare_cached(sql).unwrap().query_row([], |row| row.get(0)).unwrap();
        assert!(id > 0);
    }
    count as f64 / start.elapsed().as_secs_f64()
}

/// A database file that is not there yet.
pub(crate) fn fresh(bench: &Bench, name: &str) -> PathBuf {
    let path = bench.folder("claims").join(name);
    for end in ["", "-wal", "-shm"] {
        let file = format!("{}{end}", path.display());
        if Path::new(&file).exists() {
            fs::remove_file(&file).unwrap();
        }
    }
    path
}
