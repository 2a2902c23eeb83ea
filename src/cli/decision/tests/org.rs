//! A small organisation with a decision in each state, told the same at every run.

use crate::cli::testing::{NOW, Org, args};
use crate::cli::{CliError, Exit, decision};
use crate::model::{Duration, Severity};
use crate::store::Command;

/// Builds it: decisions, the code that they speak of, and the tasks that carry them out.
pub(super) fn org() -> Org {
    let org = Org::new();
    org.git.commit(&[
        ("specs/decisions.yaml", include_str!("decisions.yaml")),
        ("src/lock.rs", "fn lock() {\n    flock(1);\n    flock(2);\n}\n"),
        (".githooks/pre-commit", "true\n"),
        ("config.yaml", "db: {kind: \n"),
    ]);
    for n in 0..3 {
        task(&org, "move_queue", n < 2);
    }
    for n in 0..5 {
        task(&org, "move_agents", n < 2);
    }
    org
}

fn task(org: &Org, kind: &str, done: bool) {
    let task = (kind.to_owned(), format!("{kind} once more"));
    let id = org.add(task, Some("developer"), Severity::Medium, Duration::from_days(3));
    if done {
        org.apply(&Command::Complete { task: id, token: None, result: None }, Duration::from_days(2));
    }
}

/// A line in words as a shell takes it apart; what looks at the world does so as of a fixed time.
fn line(line: &str) -> String {
    let at = if line.starts_with("list") || line.starts_with("show") { format!(" --at {NOW}") } else { String::new() };
    format!("{line}{at}")
}

/// What the command writes, and how it ends.
pub(super) fn ended(org: &Org, text: &str) -> (Exit, String) {
    let run = crate::cli::io::tests::run(|io| decision::run(&args(&line(text)), &org.global, io));
    let (exit, text) = run.unwrap();
    (exit, text.replace(&*org.git.path().to_string_lossy(), "HERE"))
}

/// What the command writes that ends well.
pub(super) fn told(org: &Org, text: &str) -> String {
    let (exit, text) = ended(org, text);
    assert_eq!(exit, Exit::Fine, "{text}");
    text
}

/// Why the command fails.
pub(super) fn error(org: &Org, text: &str) -> CliError {
    crate::cli::io::tests::run(|io| decision::run(&args(&line(text)), &org.global, io)).unwrap_err()
}
