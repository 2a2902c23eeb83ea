//! The repository of the demo: specs and code, committed one after the other as people would have.

use std::path::Path;

use git2::{ErrorCode, IndexAddOption, Repository, RepositoryInitOptions, Signature, Time};

use super::DemoError;
use super::files::{FILES, put};
use super::row::DAY;
use super::table::before;
use crate::model::Timestamp;

/// Days ago, who, why, and the paths that the commit brings.
const HISTORY: [(i64, &str, &str, &[&str]); 5] = [
    (
        90,
        "Chief Architect",
        "Who works here, and how Abide meets the task table",
        &["abide.toml", "specs/roles", "specs/agents", "README", ".gitignore"],
    ),
    (75, "Chief Architect", "What was decided so far", &["specs/decisions", "runbooks/", "agents/llm"]),
    (60, "Product Owner", "Who does which work, and who must say yes", &["specs/assignments", "specs/approvals"]),
    (45, "Product Owner", "Service levels; paper may wait", &["specs/slos", "specs/waivers"]),
    (2, "dev-3", "Write first mails", &["agents/outreach"]),
];

/// Writes and commits every file; gives the number of commits.
pub(super) fn make(folder: &Path, now: Timestamp) -> Result<usize, DemoError> {
    let mut options = RepositoryInitOptions::new();
    let repository = Repository::init_opts(folder, options.initial_head("main").external_template(false))?;
    let mut config = repository.config()?;
    // So that whoever tries the demo can commit at once.
    config.set_str("user.name", "You")?;
    config.set_str("user.email", "you@example.com")?;
    for (days, who, why, paths) in HISTORY {
        for (path, text) in FILES {
            if paths.iter().any(|start| path.starts_with(start)) {
                put(folder, path, text)?;
            }
        }
        commit(&repository, who, why, before(now, days * DAY))?;
    }
    Ok(HISTORY.len())
}

fn commit(repository: &Repository, who: &str, why: &str, at: Timestamp) -> Result<(), DemoError> {
    let mail = format!("{}@example.com", who.to_lowercase().replace(' ', "."));
    let signature = Signature::new(who, &mail, &Time::new(at.as_millis() / 1000, 0))?;
    let mut index = repository.index()?;
    index.add_all(["*"], IndexAddOption::DEFAULT, None)?;
    index.write()?;
    let tree = repository.find_tree(index.write_tree()?)?;
    let before = match repository.head() {
        Ok(head) => Some(head.peel_to_commit()?),
        Err(error) if error.code() == ErrorCode::UnbornBranch => None,
        Err(error) => return Err(error.into()),
    };
    let parents: Vec<&git2::Commit<'_>> = before.iter().collect();
    repository.commit(Some("HEAD"), &signature, &signature, why, &tree, &parents)?;
    Ok(())
}
