//! How fast Abide is, side by side with its peers: `make bench`.
//!
//! Prints a table of figures and their targets, and one of growth, as Markdown. What is written lies under `target/bench`.
//! An argument names the sections to run: `validate`, `plan`, `rest`, `passes`, `drifts`, `changes`, `levels`, `rules`,
//! `claims`, `approvals`; `--quick` makes everything a tenth
//! of its size, to see that it runs.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, reason = "a tool for the desk")]

mod approvals;
mod changes;
mod claims;
mod corpus;
mod daemon;
mod history;
mod levels;
mod measure;
mod passes;
mod peers;
mod rows;
mod rules;
mod table;
mod whole;

use std::fs;
use std::path::{Path, PathBuf};

use table::Report;

/// A section's name, and what runs it.
type Section = (&'static str, fn(&mut Bench));

const SECTIONS: [Section; 10] = [
    ("validate", whole::validate),
    ("plan", whole::plan),
    ("rest", whole::at_rest),
    ("passes", passes::small),
    ("drifts", passes::many_drifts),
    ("changes", changes::all),
    ("levels", levels::all),
    ("rules", rules::all),
    ("claims", claims::all),
    ("approvals", approvals::all),
];

/// Where everything is, how large it is, and what was found.
struct Bench {
    abide: PathBuf,
    root: PathBuf,
    specs: usize,
    tasks: usize,
    drifts: usize,
    /// Open tasks, whatever the number of all.
    open: usize,
    /// Of a repository that rules look at.
    files: usize,
    report: Report,
}

impl Bench {
    /// A folder of this run's, made where it is missing.
    fn folder(&self, name: &str) -> PathBuf {
        let folder = self.root.join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// The corpus of that size.
    fn corpus(&self, count: usize) -> PathBuf {
        corpus::write(&self.root.join(format!("corpus-{count}")), count)
    }
}

fn main() {
    // What cargo itself hands over begins with a hyphen too.
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let scale = if arguments.iter().any(|word| word == "--quick") { 10 } else { 1 };
    let named: Vec<&str> = arguments.iter().map(String::as_str).filter(|word| !word.starts_with('-')).collect();
    let abide = PathBuf::from(env!("CARGO_BIN_EXE_abide"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    let (specs, tasks, drifts, open) = (10_000 / scale, 1_000_000 / scale, 10_000 / scale, 1_000 / scale);
    let files = 50_000 / scale;
    let mut bench = Bench { abide, root, specs, tasks, drifts, open, files, report: Report::default() };
    if !measure::knows_memory() {
        bench.report.note("memory is not known: GNU time is not installed");
    }
    for (name, run) in SECTIONS {
        if named.is_empty() || named.contains(&name) {
            run(&mut bench);
        }
    }
    println!("{}", bench.report.markdown());
}
