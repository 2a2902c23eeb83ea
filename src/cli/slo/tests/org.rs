//! A small organisation with a service level in each state, told the same at every run.

use crate::cli::testing::{NOW, Org, args};
use crate::cli::{CliError, slo};
use crate::model::{Duration, Severity};
use crate::store::Command;

/// Builds it: weeks of tasks.
pub(super) fn org() -> Org {
    let org = Org::new();
    org.git.commit(&[("specs/more.yaml", include_str!("levels.yaml"))]);
    // Two builds a day, of which one fails now and then.
    for n in 0..56 {
        ended(&org, "build", Duration::from_hours(12 * n + 2), n % 28 != 7);
    }
    // Deployments went well for weeks; in the last hours most of them fail.
    for n in 0..70 {
        ended(&org, "deploy_app", Duration::from_hours(10 * n + 20), n != 40);
    }
    for n in 0..16 {
        ended(&org, "deploy_app", Duration::from_mins(15 * n + 4), n % 3 == 0 || n > 9);
    }
    for n in 0..3 {
        ended(&org, "review", Duration::from_hours(30 * n + 5), true);
    }
    // A probe every three hours; one night, all failed.
    for n in 0..64 {
        ended(&org, "probe", Duration::from_hours(3 * n + 1), !(27..31).contains(&n));
    }
    org
}

/// A task that ended so long ago, an hour after it came to be.
fn ended(org: &Org, kind: &str, ago: Duration, good: bool) {
    let created = Duration::from_millis(ago.as_millis() + 3_600_000);
    let task = (kind.to_owned(), format!("{kind} once more"));
    let id = org.add(task, None, Severity::Medium, created);
    org.apply(
        &if good {
            Command::Complete { task: id, token: None, result: None }
        } else {
            Command::Fail { task: id, token: None, reason: None, last: false }
        },
        ago,
    );
}

/// What the command writes.
pub(super) fn told(org: &Org, line: &str) -> String {
    org.text(|io| slo::run(&args(&format!("{line} --at {NOW}")), &org.global, io))
}

/// Why the command fails.
pub(super) fn error(org: &Org, line: &str) -> CliError {
    let line = format!("{line} --at {NOW}");
    crate::cli::io::tests::run(|io| slo::run(&args(&line), &org.global, io)).unwrap_err()
}
