//! The change feed: what a look at one changed row costs, and what the triggers cost those who write.

use std::path::Path;

use abide::config::Mapping;
use abide::model::Timestamp;
use abide::store::{Mark, RowsMoved, SqliteStore, TaskStore as _};
use rusqlite::{Connection, params};
use tokio::runtime::Runtime;

use crate::Bench;
use crate::measure::{median, own_cpu};
use crate::rows::{Rows, database, url};
use crate::table::millis;

/// How many looks are measured.
const LOOKS: usize = 100;

/// How many rows are claimed.
const CLAIMS: i64 = 20_000;

/// Looks by the feed and without it, and claims with triggers and without.
pub(crate) fn all(bench: &mut Bench) {
    eprintln!("changes");
    let (tasks, open) = (bench.tasks, bench.open * 100);
    let rows = Rows { done: tasks - open, open, stray: 0, specs: 200 };
    let path = database(&bench.folder("stores").join("changes.db"), rows);
    let (by_feed, with) = (look(&path, "first"), claims(&path));
    let conn = Connection::open(&path).unwrap();
    for name in ["replace", "insert", "update", "rekey", "delete", "prune"] {
        conn.execute_batch(&format!("DROP TRIGGER abide_changes_{name}")).unwrap();
    }
    conn.execute_batch("UPDATE abide_tasks SET status = 'pending' WHERE status = 'running'").unwrap();
    drop(conn);
    let (by_version, without) = (look(&path, "then"), claims(&path));
    let report = &mut bench.report;
    let what = format!("look at one changed row of {tasks}, {open} open, CPU");
    report.add(&what, millis(by_feed), "1 ms", 1.0);
    report.tell("the same without a feed", &millis(by_version).to_string());
    report.tell("a claim with the triggers, CPU", &format!("{:.1} µs", with * 1e6));
    report.tell("a claim without them", &format!("{:.1} µs", without * 1e6));
}

/// The CPU of one look after one row has changed its role, in seconds.
fn look(path: &Path, role: &str) -> f64 {
    let runtime = Runtime::new().unwrap();
    let store = SqliteStore::open_read(&url(path), Mapping::own()).unwrap();
    let conn = Connection::open(path).unwrap();
    let now = Timestamp::from_secs(0);
    let mut mark = runtime.block_on(store.changes(Mark::default(), now)).unwrap().mark;
    let mut costs = Vec::new();
    let sql =
        "UPDATE abide_tasks SET role = ?1 WHERE id = (SELECT min(id) + ?2 FROM abide_tasks WHERE status = 'pending')";
    for n in 0..LOOKS {
        assert_eq!(conn.execute(sql, params![format!("{role} {n}"), n as i64]).unwrap(), 1);
        let before = own_cpu();
        let changes = runtime.block_on(store.changes(mark, now)).unwrap();
        costs.push(own_cpu() - before);
        assert!(matches!(&changes.moved, RowsMoved::Rows(rows) if rows.len() == 1), "{n}");
        mark = changes.mark;
    }
    // A clock of the CPU may tick coarsely: the sum is exact, a single figure is not.
    costs.iter().sum::<f64>() / LOOKS as f64
}

/// The CPU of one claim, each a transaction of its own that waits for no disk, in seconds.
fn claims(path: &Path) -> f64 {
    let conn = Connection::open(path).unwrap();
    conn.pragma_update(None, "synchronous", "NORMAL").unwrap();
    let first: i64 =
        conn.query_row("SELECT min(id) FROM abide_tasks WHERE status = 'pending'", [], |row| row.get(0)).unwrap();
    let sql =
        "UPDATE abide_tasks SET status = 'running', agent = 'dev-1', claimed = ?1, version = version + 1 WHERE id = ?2";
    let mut claim = conn.prepare(sql).unwrap();
    let runs = (0..5).map(|run| {
        let before = own_cpu();
        for n in 0..CLAIMS / 5 {
            claim.execute((n, first + run * CLAIMS / 5 + n)).unwrap();
        }
        (own_cpu() - before) / (CLAIMS / 5) as f64
    });
    median(runs.collect())
}
