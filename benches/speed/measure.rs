//! What a run costs: processor time, wall time and peak memory of a whole process, or of a part of this one.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, io};

/// What something cost.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cost {
    /// User and system time of all threads, in seconds.
    pub(crate) cpu: f64,
    /// In seconds.
    pub(crate) wall: f64,
    /// The largest resident set, in MiB; none where nothing on this machine can tell.
    pub(crate) peak: Option<f64>,
}

impl Cost {
    /// The median of each figure by itself.
    pub(crate) fn median(runs: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| median(runs.iter().map(figure).collect());
        let peaks: Option<Vec<f64>> = runs.iter().map(|run| run.peak).collect();
        Self { cpu: of(|run| run.cpu), wall: of(|run| run.wall), peak: peaks.map(median) }
    }

    /// Both one after the other.
    pub(crate) fn and(self, other: Self) -> Self {
        let peak = self.peak.zip(other.peak).map(|(a, b)| a.max(b));
        Self { cpu: self.cpu + other.cpu, wall: self.wall + other.wall, peak }
    }

    /// As if it had been so many times the work; memory is left as it is.
    pub(crate) fn times(self, factor: f64) -> Self {
        Self { cpu: self.cpu * factor, wall: self.wall * factor, ..self }
    }
}

pub(crate) fn median(figures: Vec<f64>) -> f64 {
    percentile(figures, 50)
}

/// The figure that so many percent of all do not exceed.
pub(crate) fn percentile(mut figures: Vec<f64>, percent: usize) -> f64 {
    figures.sort_by(f64::total_cmp);
    let place = (figures.len() * percent).div_ceil(100).saturating_sub(1);
    figures.get(place).copied().unwrap_or(f64::NAN)
}

/// GNU time, which knows the peak memory.
const GNU_TIME: &str = "/usr/bin/time";

/// Whether peak memory can be told.
pub(crate) fn knows_memory() -> bool {
    Path::new(GNU_TIME).exists()
}

/// Runs a program in a folder to its end and measures it. Its output is thrown away, unless it fails.
pub(crate) fn run(folder: &Path, program: &Path, arguments: &[impl AsRef<OsStr>]) -> Cost {
    let told = std::env::temp_dir().join(format!("abide-bench-{}", std::process::id()));
    let mut command = if knows_memory() {
        let mut command = Command::new(GNU_TIME);
        command.args(["-f", "%U %S %M", "-o"]).arg(&told);
        command
    } else {
        let mut command = Command::new("bash");
        let script = r#"told=$1; shift; TIMEFORMAT="%U %S"; { time "$@" 2>&3; } 3>&2 2>"$told""#;
        command.args(["-c", script, "bash"]).arg(&told);
        command
    };
    command.arg(program).args(arguments).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
    let start = Instant::now();
    let output = command.output().unwrap();
    let wall = start.elapsed().as_secs_f64();
    let said = fs::read_to_string(&told).unwrap();
    fs::remove_file(&told).unwrap();
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} failed: {failed}", program.display());
    let figures: Vec<f64> = said.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
    Cost { cpu: figures[0] + figures[1], wall, peak: figures.get(2).map(|kib| kib / 1024.0) }
}

/// Runs several things turn by turn, so that whatever else the machine does meets all of them, and gives each one's median.
pub(crate) fn turn_by_turn(times: usize, runs: &mut [&mut dyn FnMut() -> Cost]) -> Vec<Cost> {
    let mut costs = vec![Vec::new(); runs.len()];
    for _ in 0..times {
        for (run, costs) in runs.iter_mut().zip(&mut costs) {
            costs.push(run());
        }
    }
    costs.iter().map(|costs| Cost::median(costs)).collect()
}

/// The processor time of all threads of this process that live, in seconds; exact to a scheduler's tick.
pub(crate) fn own_cpu() -> f64 {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let nanos = threads.filter_map(|thread| fs::read_to_string(thread.path().join("schedstat")).ok());
    let nanos = nanos.filter_map(|text| text.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()));
    nanos.sum::<f64>() / 1e9
}

/// Another process, by its number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Process(pub(crate) u32);

impl Process {
    /// What it has used of the processor so far, in seconds.
    pub(crate) fn cpu(self) -> io::Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0))?;
        // The name, in parentheses, may hold anything; user and system time are the 12th and 13th word after it.
        let rest = stat.rsplit(')').next().unwrap_or_default();
        let ticks: f64 = rest.split_whitespace().skip(11).take(2).filter_map(|word| word.parse::<f64>().ok()).sum();
        // Linux tells user space 100 ticks a second, whatever its own are.
        Ok(ticks / 100.0)
    }

    /// Its resident set now, in MiB.
    pub(crate) fn resident(self) -> io::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0))?;
        let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = kib.and_then(|text| text.split_whitespace().next()).and_then(|kib| kib.parse::<f64>().ok());
        Ok(kib.unwrap_or(f64::NAN) / 1024.0)
    }
}

/// Waits; a benchmark has no runtime of its own to wait with.
#[allow(clippy::disallowed_methods, reason = "the process that is looked at goes on meanwhile")]
pub(crate) fn wait(how_long: Duration) {
    std::thread::sleep(how_long);
}
