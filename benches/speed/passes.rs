//! Passes of the engine in this process: what each change of the world costs the daemon.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

use crate::Bench;
use crate::daemon::Daemon;
use crate::history::History;
use crate::measure::{Cost, median, percentile};
use crate::rows::{Rows, database};
use crate::table::{Figure, millis, seconds};
use crate::whole::world;

/// How many turns of each sort are measured, at most: each commit of one chain changes another decision.
const TURNS: usize = 200;

/// How long turns of one sort may take together.
const WHILE: Duration = Duration::from_secs(8);

/// Turns in which little or nothing has moved.
pub(crate) fn small(bench: &mut Bench) {
    eprintln!("passes");
    let (n, tasks) = (bench.specs, bench.tasks);
    let few = moves(bench, n, tasks);
    let many = moves(bench, n * 5, tasks);
    let fewer_tasks = moves(bench, n, tasks / 5);

    let report = &mut bench.report;
    report.add(&format!("pass when nothing moved, {n} specs"), millis(few.idle.wall), "1 ms", 1.0);
    report.add(&format!("pass when nothing moved, {} specs", n * 5), millis(many.idle.wall), "1 ms", 1.0);
    report.add(&format!("pass after a commit to one spec of {n}, CPU"), millis(few.commit.cpu), "5 ms", 5.0);
    report.tell(&format!("pass after a commit to one spec of {n}, wall"), &millis(few.commit.wall).to_string());
    report.add(&format!("pass after one of {tasks} tasks changed, CPU"), millis(few.row.cpu), "2 ms", 2.0);
    report.tell(&format!("pass after one of {tasks} tasks changed, wall"), &millis(few.row.wall).to_string());
    report.add("ref update to task committed, p50", millis(few.reaction.0), "5 ms", 5.0);
    report.add("ref update to task committed, p99", millis(few.reaction.1), "20 ms", 20.0);

    let sizes = (format!("{n} specs"), format!("{} specs", n * 5));
    let sizes = (&*sizes.0, &*sizes.1);
    let both = |a: Cost, b: Cost| -> (Figure, Figure) { (millis(a.cpu), millis(b.cpu)) };
    report.grows("pass when nothing moved, CPU", sizes, both(few.idle, many.idle), 1.5);
    report.grows("pass after a commit to one spec, CPU", sizes, both(few.commit, many.commit), 1.5);
    report.grows("pass after one task changed, CPU", sizes, both(few.row, many.row), 1.5);
    let sizes = (format!("{} tasks", tasks / 5), format!("{tasks} tasks"));
    let sizes = (&*sizes.0, &*sizes.1);
    report.grows("pass after one task changed, CPU", sizes, both(fewer_tasks.row, few.row), 1.5);
}

/// As many of these as fit into a while, and at least ten.
fn some<T>(each: impl Iterator<Item = T>) -> Vec<T> {
    let start = Instant::now();
    let mut done = Vec::new();
    for one in each {
        done.push(one);
        if done.len() >= 10 && start.elapsed() > WHILE {
            break;
        }
    }
    done
}

/// What each small change costs.
struct Moves {
    idle: Cost,
    commit: Cost,
    row: Cost,
    /// From the ref update to the end of the transaction, p50 and p99.
    reaction: (f64, f64),
}

fn moves(bench: &Bench, specs: usize, tasks: usize) -> Moves {
    let rows = Rows { done: tasks, open: bench.open, stray: 0, specs };
    let (corpus, store) = world(bench, specs, rows);
    let history = History::of(&corpus);
    let daemon = Daemon::start(&corpus, &store);
    daemon.settle();
    let idle = mean_cpu(&some((0..TURNS).map(|_| daemon.turn())));
    let row = row(&daemon, &store);
    let (commit, reaction) = commits(&daemon, &history, specs);
    Moves { idle, commit, row, reaction }
}

/// The median of the wall time, and the mean of the CPU: each single figure is exact to a scheduler's tick only.
fn mean_cpu(turns: &[Cost]) -> Cost {
    let cpu = turns.iter().map(|turn| turn.cpu).sum::<f64>() / turns.len() as f64;
    Cost { cpu, ..Cost::median(turns) }
}

/// One open task gets another title.
fn row(daemon: &Daemon, store: &Path) -> Cost {
    let conn = Connection::open(store).unwrap();
    let turns = (0..TURNS).map(|n| {
        let sql = "UPDATE abide_tasks SET title = ?1 WHERE id = (SELECT min(id) + ?2 FROM abide_tasks WHERE status = 'pending')";
        assert_eq!(conn.execute(sql, params![format!("changed {n}"), n as i64 % 20]).unwrap(), 1);
        daemon.turn()
    });
    mean_cpu(&some(turns))
}

/// Commits that move no task, and commits after which there is one to open.
fn commits(daemon: &Daemon, history: &History, specs: usize) -> (Cost, (f64, f64)) {
    let count = TURNS.min(specs / 20);
    let quiet = history.chain(count, specs, |n, text| text.replace("  title: \"The", &format!("  title: \"Title {n}")));
    let turns = quiet.into_iter().map(|commit| {
        history.go_to(commit);
        let cost = daemon.turn();
        // The pass wrote the revision that it accepted, and the next turn looks at that.
        daemon.turn();
        cost
    });
    let commit = mean_cpu(&some(turns));
    let overdue = |_, text: String| {
        let start = text.find("  status: ").unwrap();
        let end = start + text[start..].find('\n').unwrap();
        format!("{}  status: accepted\n  reviewBy: 2026-01-01{}", &text[..start], &text[end..])
    };
    let loud = history.chain(count, specs, overdue);
    daemon.take_commits();
    let reactions = loud.into_iter().map(|commit| {
        let start = Instant::now();
        history.go_to(commit);
        daemon.turn();
        let committed = daemon.take_commits();
        daemon.turn();
        daemon.take_commits();
        let opened = committed.iter().find(|commit| commit.opened > 0);
        opened.map(|commit| (commit.to - start).as_secs_f64()).unwrap()
    });
    let reactions = some(reactions);
    (commit, (median(reactions.clone()), percentile(reactions, 99)))
}

/// Many drifts opened in one pass, against as many bare inserts into the same table.
pub(crate) fn many_drifts(bench: &mut Bench) {
    eprintln!("many drifts");
    let drifts = bench.drifts;
    let few = open_all(bench, drifts / 5);
    let many = open_all(bench, drifts);
    let report = &mut bench.report;
    let target = |of| format!("3 times {drifts} bare inserts: {}", seconds(of));
    let what = format!("{drifts} drifts opened in one pass, wall");
    report.add(&what, seconds(many.pass), &target(many.bare), 3.0 * many.bare);
    report.tell("of which committing the plan", &seconds(many.commit).to_string());
    let sizes = (format!("{} drifts", drifts / 5), format!("{drifts} drifts"));
    report.grows("drifts opened in one pass", (&sizes.0, &sizes.1), (seconds(few.pass), seconds(many.pass)), 5.3);
    report.grows("of which committing", (&sizes.0, &sizes.1), (seconds(few.commit), seconds(many.commit)), 5.3);
}

/// What opening many drifts costs, in seconds of wall time.
struct Opening {
    pass: f64,
    commit: f64,
    bare: f64,
}

fn open_all(bench: &Bench, drifts: usize) -> Opening {
    let corpus = bench.corpus(200);
    History::of(&corpus);
    let runs: Vec<Opening> = (0..3).map(|_| open_once(bench, &corpus, drifts)).collect();
    let of = |figure: fn(&Opening) -> f64| median(runs.iter().map(figure).collect());
    Opening { pass: of(|run| run.pass), commit: of(|run| run.commit), bare: of(|run| run.bare) }
}

fn open_once(bench: &Bench, corpus: &Path, drifts: usize) -> Opening {
    let rows = Rows { done: 0, open: 0, stray: drifts, specs: 200 };
    let path = bench.folder("stores").join(format!("drifts-{drifts}.db"));
    let store = database(&path, rows);
    let daemon = Daemon::start(corpus, &store);
    let pass = daemon.turn().wall;
    let commits = daemon.take_commits();
    assert_eq!(commits.iter().map(|commit| commit.opened).sum::<usize>(), drifts, "every stray is one task");
    let commit = commits.iter().map(|commit| (commit.to - commit.from).as_secs_f64()).sum();
    drop(daemon);
    let bare = bare_inserts(&database(&path, rows), drifts);
    Opening { pass, commit, bare }
}

fn bare_inserts(store: &Path, count: usize) -> f64 {
    let mut conn = Connection::open(store).unwrap();
    conn.pragma_update(None, "synchronous", "FULL").unwrap();
    let text = "evidence ".repeat(120);
    let start = Instant::now();
    let tx = conn.transaction().unwrap();
    {
        let sql =
            "INSERT INTO abide_tasks (type, title, body, role, author, status, severity, context, created, updated)
                   VALUES ('abide/assignment/none', ?1, ?2, 'triage', 'abide', 'pending', 'medium', ?3, ?4, ?4)";
        let mut insert = tx.prepare(sql).unwrap();
        for n in 0..count {
            insert.execute(params![format!("task {n}"), text, text, n as i64]).unwrap();
        }
    }
    tx.commit().unwrap();
    start.elapsed().as_secs_f64()
}
