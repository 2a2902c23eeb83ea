//! Whole processes: what a person, CI and an operator wait for.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Bench;
use crate::corpus::KINDS;
use crate::history::History;
use crate::measure::{Cost, Process, run, turn_by_turn, wait};
use crate::peers::Peers;
use crate::rows::{Rows, database, url};
use crate::table::{mib, seconds};

/// What `terraform plan` of 10,000 unchanged resources cost on two cores, CPU and MiB: too slow to repeat at every run.
const TERRAFORM: (f64, f64) = (39.0, 1300.0);

/// `validate`, side by side with its peers.
pub(crate) fn validate(bench: &mut Bench) {
    eprintln!("validate");
    let peers = Peers::find(&bench.folder("peers"), &bench.abide);
    let (small, large) = (bench.corpus(bench.specs), bench.corpus(bench.specs * 5));
    let few = side_by_side(bench, &peers, &small, bench.specs, 7);
    let many = side_by_side(bench, &peers, &large, bench.specs * 5, 3);
    let sizes = (bench.specs, bench.specs * 5);
    let names = (format!("{} files", sizes.0), format!("{} files", sizes.1));
    let costs = (seconds(few.cpu), seconds(many.cpu));
    bench.report.grows("validate, CPU", (&names.0, &names.1), costs, 5.3);
    python(bench, &peers, &small, few);
}

fn side_by_side(bench: &mut Bench, peers: &Peers, corpus: &Path, files: usize, times: usize) -> Cost {
    let abide = bench.abide.clone();
    let mut ours = || run(corpus, &abide, &["validate"]);
    ours();
    let most = if files > bench.specs { 150.0 } else { 64.0 };
    let cost = match &peers.sourcemeta {
        Ok(program) => {
            let mut theirs = || peers.run_sourcemeta(program, corpus);
            theirs();
            let costs = turn_by_turn(times, &mut [&mut ours, &mut theirs]);
            let [cost, peer] = [costs[0], costs[1]];
            let (cpu, wall) = (0.6 * peer.cpu, 0.35 * peer.wall);
            let what = format!("validate, {files} files");
            let peak = peer.peak.map(|peak| format!(", {}", mib(peak))).unwrap_or_default();
            let target = |share: &str, of| format!("{share} of `jsonschema --fast`: {of}{peak}");
            bench.report.add(&format!("{what}, CPU"), seconds(cost.cpu), &target("0.6", seconds(peer.cpu)), cpu);
            bench.report.add(&format!("{what}, wall"), seconds(cost.wall), &target("0.35", seconds(peer.wall)), wall);
            cost
        }
        Err(_) => {
            let cost = turn_by_turn(times, &mut [&mut ours])[0];
            let figure = format!("{} CPU, {} wall", seconds(cost.cpu), seconds(cost.wall));
            bench.report.tell(&format!("validate, {files} files"), &figure);
            cost
        }
    };
    if let Some(peak) = cost.peak {
        bench.report.add(&format!("validate, {files} files, peak memory"), mib(peak), &mib(most).to_string(), most);
    }
    cost
}

/// The slow peer looks at a part only; its cost is scaled to the whole.
fn python(bench: &mut Bench, peers: &Peers, corpus: &Path, ours: Cost) {
    if let Err(why) = &peers.sourcemeta {
        bench.report.note(format!("sourcemeta's jsonschema is missing: {why}"));
    }
    let program = match &peers.check_jsonschema {
        Ok(program) => program,
        Err(why) => return bench.report.note(format!("check-jsonschema is missing: {why}")),
    };
    let (cost, count) = peers.run_check_jsonschema(program, corpus, bench.specs / 10 / KINDS.len());
    let whole = cost.times(bench.specs as f64 / count as f64);
    let target = format!("check-jsonschema: {}, scaled from {count} files", seconds(whole.cpu));
    let what = format!("validate, {} files, CPU", bench.specs);
    bench.report.add(&what, seconds(ours.cpu), &target, whole.cpu);
}

/// `plan` without changes and the cold pass over a large table, each a process of its own.
pub(crate) fn plan(bench: &mut Bench) {
    eprintln!("plan");
    let (n, tasks) = (bench.specs, bench.tasks);
    let small = plan_once(bench, n, Rows { done: tasks / 100, open: bench.open, stray: 0, specs: n });
    let what = format!("plan without changes, {n} specs, cold process");
    let (cpu, memory) = (TERRAFORM.0 / 40.0, TERRAFORM.1 / 10.0);
    let peer = format!("1/40 of `terraform plan`, measured once: {}", seconds(TERRAFORM.0));
    bench.report.add(&format!("{what}, CPU"), seconds(small.cpu), &peer, cpu);
    if let Some(peak) = small.peak {
        let peer = format!("1/10 of `terraform plan`: {}", mib(TERRAFORM.1));
        bench.report.add(&format!("{what}, peak memory"), mib(peak), &peer, memory);
    }
    let large = plan_once(bench, n * 5, Rows { done: tasks / 100, open: bench.open, stray: 0, specs: n * 5 });
    let sizes = (format!("{n} specs"), format!("{} specs", n * 5));
    let costs = (seconds(small.cpu), seconds(large.cpu));
    bench.report.grows("plan without changes, CPU", (&sizes.0, &sizes.1), costs, 5.3);

    let few = plan_once(bench, n, Rows { done: tasks / 5, open: bench.open, stray: 0, specs: n });
    let many = plan_once(bench, n, Rows { done: tasks, open: bench.open, stray: 0, specs: n });
    bench.report.add(&format!("cold pass, {n} specs, {tasks} tasks, CPU"), seconds(many.cpu), "1.5 s", 1.5);
    if let Some(peak) = many.peak {
        bench.report.tell(&format!("cold pass, {n} specs, {tasks} tasks, peak memory"), &mib(peak).to_string());
    }
    let sizes = (format!("{} tasks", tasks / 5), format!("{tasks} tasks"));
    let costs = (seconds(few.cpu), seconds(many.cpu));
    bench.report.grows("cold pass, CPU", (&sizes.0, &sizes.1), costs, 5.3);
}

fn plan_once(bench: &mut Bench, specs: usize, rows: Rows) -> Cost {
    let (corpus, store) = world(bench, specs, rows);
    let store = format!("--store={}", url(&store));
    // Fails where there is drift: then the corpus and the table do not agree, and something else is measured.
    let mut ours = || run(&corpus, &bench.abide, &["plan", "--exit-code", &store]);
    ours();
    turn_by_turn(5, &mut [&mut ours])[0]
}

/// A corpus at its first commit and a new database.
pub(crate) fn world(bench: &Bench, specs: usize, rows: Rows) -> (PathBuf, PathBuf) {
    let corpus = bench.corpus(specs);
    History::of(&corpus);
    let store = database(&bench.folder("stores").join(format!("{}-{}.db", rows.done, rows.stray)), rows);
    (corpus, store)
}

/// The daemon while nothing happens.
pub(crate) fn at_rest(bench: &mut Bench) {
    eprintln!("at rest");
    if !Path::new("/proc/self/stat").exists() {
        return bench.report.note("the daemon at rest: this machine has no /proc to look at it with");
    }
    let n = bench.specs;
    let rows = Rows { done: bench.tasks / 100, open: bench.open, stray: 0, specs: n };
    let (corpus, store) = world(bench, n, rows);
    let mut daemon = Command::new(&bench.abide);
    daemon.args(["run", "--store", &url(&store)]).current_dir(corpus).stdout(Stdio::null()).stderr(Stdio::null());
    let mut daemon = daemon.spawn().unwrap();
    let process = Process(daemon.id());
    // The first pass is over when the process has been idle for a while.
    let (start, mut before) = (Instant::now(), -1.0);
    while start.elapsed() < Duration::from_secs(60) {
        wait(Duration::from_secs(2));
        let cpu = process.cpu().unwrap();
        if cpu - before < 0.1 {
            break;
        }
        before = cpu;
    }
    let from = process.cpu().unwrap();
    wait(Duration::from_secs(10));
    let used = process.cpu().unwrap() - from;
    let resident = process.resident().unwrap();
    daemon.kill().unwrap();
    daemon.wait().unwrap();
    bench.report.add(&format!("daemon at rest, {n} specs, memory"), mib(resident), "60 MiB", 60.0);
    // Two ticks of the clock that /proc counts in.
    bench.report.add(&format!("daemon at rest, {n} specs, CPU in 10 s"), seconds(used), "none to be measured", 0.02);
}
