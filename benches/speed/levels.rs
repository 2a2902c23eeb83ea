//! Service levels at scale: what it costs to evaluate them all, and what ten finished tasks cost afterwards.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rusqlite::{Connection, params};

use crate::Bench;
use crate::corpus::TYPES;
use crate::daemon::Daemon;
use crate::history::History;
use crate::measure::Cost;
use crate::rows::{Rows, database};
use crate::table::{millis, seconds};

/// How often ten tasks finish.
const TURNS: usize = 50;

/// Service levels of which one query is measured each, to tell what one query for every one would cost.
const SAMPLED: usize = 50;

/// Evaluates all service levels cold, and again whenever ten tasks finish.
pub(crate) fn all(bench: &mut Bench) {
    eprintln!("service levels");
    let (specs, tasks) = (bench.specs, bench.tasks);
    let whole = evaluate(bench, specs, tasks);
    let fewer_specs = evaluate(bench, specs / 5, tasks);
    let fewer_tasks = evaluate(bench, specs, tasks / 5);
    let report = &mut bench.report;
    let what = format!("{specs} SLOs over {tasks} finished tasks, cold");
    let target = format!("one query for each SLO, counted up from a sample: {}", seconds(whole.queries));
    report.add(&format!("{what}, CPU"), seconds(whole.cold.cpu), &target, whole.queries);
    report.tell(&format!("{what}, wall"), &seconds(whole.cold.wall).to_string());
    report.tell("one bare scan of the finished tasks", &seconds(whole.scan).to_string());
    report.add(&format!("ten of {tasks} tasks finish, {specs} SLOs, CPU"), millis(whole.ten.cpu), "10 ms", 10.0);
    report.tell("the same, wall", &millis(whole.ten.wall).to_string());
    let sizes = (format!("{} SLOs", specs / 5), format!("{specs} SLOs"));
    let sizes = (&*sizes.0, &*sizes.1);
    report.grows("all SLOs, cold, CPU", sizes, (seconds(fewer_specs.cold.cpu), seconds(whole.cold.cpu)), 5.0);
    report.grows("ten tasks finish, CPU", sizes, (millis(fewer_specs.ten.cpu), millis(whole.ten.cpu)), 5.0);
    let sizes = (format!("{} tasks", tasks / 5), format!("{tasks} tasks"));
    let sizes = (&*sizes.0, &*sizes.1);
    report.grows("all SLOs, cold, CPU", sizes, (seconds(fewer_tasks.cold.cpu), seconds(whole.cold.cpu)), 5.0);
    // The service levels that are touched have five times the events.
    report.grows("ten tasks finish, CPU", sizes, (millis(fewer_tasks.ten.cpu), millis(whole.ten.cpu)), 5.0);
}

/// What evaluating costs.
struct Evaluated {
    cold: Cost,
    ten: Cost,
    /// Reading all finished tasks once and doing nothing with them, in seconds.
    scan: f64,
    /// One query over its window for every service level, in seconds.
    queries: f64,
}

fn evaluate(bench: &Bench, specs: usize, tasks: usize) -> Evaluated {
    let corpus = write(&bench.root.join(format!("levels-{specs}")), specs);
    History::of(&corpus);
    let path = bench.folder("stores").join(format!("levels-{specs}-{tasks}.db"));
    let store = database(&path, Rows { done: tasks, open: 0, stray: 0, specs });
    let daemon = Daemon::start(&corpus, &store);
    let cold = daemon.turn();
    daemon.settle();
    let ten = ten(&daemon, &store);
    drop(daemon);
    let conn = Connection::open(&store).unwrap();
    Evaluated { cold, ten, scan: scan(&conn), queries: queries(&conn, specs) }
}

/// Ten tasks finish between one turn and the next.
fn ten(daemon: &Daemon, store: &Path) -> Cost {
    let conn = Connection::open(store).unwrap();
    let sql =
        "INSERT INTO abide_tasks (type, title, role, status, severity, created, claimed, started, finished, updated)
               VALUES (?1, 'new', 'developer', 'completed', 'medium', ?2 - 9000, ?2 - 8000, ?2 - 7000, ?2, ?2)";
    let now = "SELECT unixepoch() * 1000";
    let turns: Vec<Cost> = (0..TURNS)
        .map(|turn| {
            let now: i64 = conn.query_row(now, [], |row| row.get(0)).unwrap();
            for n in 0..10 {
                let kind = format!("type-{}", (turn * 10 + n) * 37 % TYPES);
                conn.execute(sql, params![kind, now]).unwrap();
            }
            daemon.turn()
        })
        .collect();
    Cost { cpu: turns.iter().map(|turn| turn.cpu).sum::<f64>() / turns.len() as f64, ..Cost::median(&turns) }
}

/// Reads what a service level needs of every finished task.
fn scan(conn: &Connection) -> f64 {
    let start = Instant::now();
    let sql = "SELECT type, status, finished FROM abide_tasks WHERE finished IS NOT NULL";
    let mut all = conn.prepare(sql).unwrap();
    let rows = all.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?)));
    assert!(rows.unwrap().all(|row| row.is_ok()));
    start.elapsed().as_secs_f64()
}

/// One query for each service level over its window, as many as are sampled, counted up to all.
fn queries(conn: &Connection, specs: usize) -> f64 {
    let sql = "SELECT count(*), total(status = 'completed') FROM abide_tasks
               WHERE type = ?1 AND finished > unixepoch() * 1000 - 2592000000";
    let start = Instant::now();
    for n in 0..SAMPLED {
        let kind = format!("type-{}", n * 37 % TYPES);
        conn.query_row(sql, [kind], |row| row.get::<_, i64>(0)).unwrap();
    }
    start.elapsed().as_secs_f64() * specs as f64 / SAMPLED as f64
}

/// Service levels of every sort of budget, ten a file.
fn write(root: &Path, count: usize) -> PathBuf {
    let specs = root.join("specs");
    fs::create_dir_all(&specs).unwrap();
    fs::write(root.join("abide.toml"), "[specs]\nowner = \"role/triage\"\n").unwrap();
    let role = "apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: triage}\nspec: {}\n";
    let service = "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: agents}\nspec: {}\n";
    fs::write(specs.join("base.yaml"), format!("{role}---\n{service}")).unwrap();
    for file in 0..count.div_ceil(10) {
        let mut text = String::new();
        (file * 10..((file + 1) * 10).min(count)).for_each(|n| write!(text, "---\n{}", level(n)).unwrap());
        fs::write(specs.join(format!("levels-{file:05}.yaml")), text).unwrap();
    }
    root.to_owned()
}

fn level(n: usize) -> String {
    let kind = n * 7 % TYPES;
    let tasks = |spec: &str| format!("{{metricSource: {{type: abide.dev/tasks, spec: {spec}}}}}");
    let ratio = format!(
        "ratioMetric: {{good: {}, total: {}}}",
        tasks(&format!("{{select: {{types: [type-{kind}], status: [completed]}}}}")),
        tasks(&format!("{{select: {{types: [type-{kind}]}}}}"))
    );
    let lasting = |more: &str| {
        let select = format!("select: {{types: [type-{kind}], status: [completed]}}");
        format!(
            "thresholdMetric: {}",
            tasks(&format!("{{{select}, measure: started-to-finished, unit: minutes{more}}}"))
        )
    };
    let (method, sli, objective) = match n % 5 {
        0 => ("Timeslices", ratio, "{target: 0.9, timeSliceTarget: 0.5, timeSliceWindow: 10m}"),
        1 => ("RatioTimeslices", ratio, "{target: 0.9, timeSliceWindow: 10m}"),
        2 => ("Occurrences", lasting(""), "{target: 0.9, op: lte, value: 60}"),
        3 => ("Occurrences", lasting(", percentile: 95"), "{target: 0.9, op: lte, value: 60}"),
        _ => ("Occurrences", ratio, "{target: 0.9}"),
    };
    let days = [7, 14, 28, 30][n % 4];
    format!(
        "apiVersion: openslo/v1\nkind: SLO\nmetadata: {{name: level-{n:05}}}\nspec:\n  service: agents\n  indicator: {{metadata: {{name: i-{n:05}}}, spec: {{{sli}}}}}\n  timeWindow: [{{duration: {days}d, isRolling: true}}]\n  budgetingMethod: {method}\n  objectives: [{objective}]\n"
    )
}
