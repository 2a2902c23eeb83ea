//! kanban-tui as PyPI has it, in an environment of its own, and a home of its own for every test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What is installed, each at the version that was tried.
const WANTED: &str = include_str!("requirements.txt");

/// Whether the tests that need kanban-tui are to be left out; says so.
pub(crate) fn left_out() -> bool {
    let left_out = std::env::var_os("ABIDE_TEST_WITHOUT_KANBAN").is_some_and(|value| !value.is_empty());
    if left_out {
        eprintln!("SKIPPED: ABIDE_TEST_WITHOUT_KANBAN is set, so Abide meets no tracker that others wrote");
    }
    left_out
}

/// The program. The first test that asks installs it, below the folder of what is built; it stays there for the next run.
fn program() -> PathBuf {
    let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("kanban-tui");
    let (note, program) = (home.join("installed.txt"), home.join("bin/ktui"));
    if fs::read_to_string(&note).is_ok_and(|installed| installed == WANTED) && program.is_file() {
        return program;
    }
    let list = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/kanban/requirements.txt");
    install(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home));
    install(Command::new(home.join("bin/python")).args(["-m", "pip", "install", "-q", "--no-input", "-r"]).arg(list));
    fs::write(&note, WANTED).unwrap();
    program
}

fn install(command: &mut Command) {
    let how = "the tests against kanban-tui need Python 3.11 or later with its venv, and PyPI within reach: `make test` installs \
               Debian's package python3-venv, or set ABIDE_TEST_WITHOUT_KANBAN=1";
    match command.output() {
        Ok(output) if output.status.success() => {}
        Ok(output) => panic!("{how}. {command:?} says: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => panic!("{how}. {command:?}: {error}"),
    }
}

/// kanban-tui with boards of its own.
pub(crate) struct Kanban {
    program: PathBuf,
    home: tempfile::TempDir,
}

impl Kanban {
    pub(crate) fn new() -> Self {
        Self { program: program(), home: tempfile::tempdir().unwrap() }
    }

    /// Its database.
    pub(crate) fn database(&self) -> PathBuf {
        self.home.path().join("data/kanban_tui/kanban_tui.db")
    }

    /// Runs one of its commands, which must go well.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let home = |name: &str| self.home.path().join(name);
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(self.home.path()).env("TZ", "UTC").env("HOME", home(""));
        command.env("XDG_CONFIG_HOME", home("config")).env("XDG_DATA_HOME", home("data"));
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "ktui {arguments:?}: {said}{error}");
        said
    }

    /// Its list of tasks on the active board.
    pub(crate) fn tasks(&self) -> Vec<Value> {
        serde_json::from_str(&self.run(&["task", "list", "--json"])).unwrap()
    }
}

/// A task of a list by its title.
pub(crate) fn task<'a>(tasks: &'a [Value], title: &str) -> &'a Value {
    tasks.iter().find(|task| task["title"] == title).unwrap_or_else(|| panic!("no {title} in {tasks:#?}"))
}

/// The bytes of a file.
pub(crate) fn bytes(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap()
}
