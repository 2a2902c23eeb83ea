//! What is looked at, each by itself.

use std::sync::Arc;

use super::{Finding, sources};
use crate::catalog::{Catalog, SourceTree, load};
use crate::cli::setup::{Access, now, with_parts};
use crate::cli::{CliError, Global, Setup};
use crate::diagnostic::Level as Said;
use crate::diagnostic::counted;
use crate::engine::EngineError;
use crate::git::{SourceError, SpecSource};
use crate::model::{Ledger, Revision};
use crate::store::{Check, TaskStore};

/// What of the store is only advice: it works as it is.
const ADVICE: [&str; 5] = ["changes", "ends", "index", "journal", "two files"];

/// Looks everything over.
pub(super) fn all(global: &Global) -> Vec<Finding> {
    let setup = match Setup::new(global) {
        Ok(setup) => setup,
        Err(error) => {
            let rest = "without a configuration nobody can tell where specs and tasks are";
            return vec![
                Finding::error("configuration", error),
                Finding::note("everything else", rest, "mend the configuration and run `abide doctor` again"),
            ];
        }
    };
    let mut findings = vec![configuration(global, &setup)];
    let mut source = crate::git::open(setup.source());
    let head = source.head(None);
    findings.extend(repository(&mut *source, &setup, head.as_ref()));
    findings.extend(store(&setup, head.as_ref().ok()));
    findings.extend(sources::all(&setup));
    findings
}

fn configuration(global: &Global, setup: &Setup) -> Finding {
    let file = global.config.display();
    if setup.configured {
        Finding::fine("configuration", format!("{file} can be read"))
    } else {
        let says = format!("there is no {file}, so the defaults hold: specs in `specs`, tasks in Abide's own table");
        Finding::note("configuration", says, "`abide init` makes one")
    }
}

/// The commit that counts, and the files on the disk beside it.
fn repository(source: &mut dyn SpecSource, setup: &Setup, head: Result<&SourceTree, &SourceError>) -> Vec<Finding> {
    let branch = setup.config.specs.branch.as_deref().unwrap_or("HEAD");
    let mut findings = Vec::new();
    match head {
        Ok(tree) => findings.push(Finding::fine("repository", format!("{branch} is at {}", tree.revision.short()))),
        Err(error) => {
            let fix = match error {
                SourceError::NoRevision { .. } => "commit the specs, or set `[specs] branch` in abide.toml",
                SourceError::OutOfReach { .. } => {
                    "set `[specs] repository` in abide.toml to a path or URL that git reaches; ABIDE_GIT_TOKEN gives \
                     access over HTTPS"
                }
                SourceError::TooLarge { .. } => "set `[specs] path` in abide.toml to the folder of the specs",
            };
            findings.push(Finding::trouble("repository", error.to_string(), Some(fix.to_owned())));
        }
    }
    // A remote repository has no files on the disk.
    let working = source.working();
    if let (Ok(working), Ok(head)) = (&working, head) {
        findings.extend(beside(&working.revision, &head.revision, branch));
    }
    match (working.as_ref(), head) {
        (Ok(tree), _) | (Err(_), Ok(tree)) => findings.push(specs(tree, setup)),
        (Err(_), Err(_)) => {}
    }
    findings
}

/// How the files on the disk differ from the commit that counts.
fn beside(working: &Revision, head: &Revision, branch: &str) -> Option<Finding> {
    if working == head {
        return None;
    }
    let commit = working.as_str().strip_suffix("-dirty");
    Some(match commit {
        Some(_) => Finding::note(
            "working tree",
            "the specs on the disk differ from what was committed; only commits count",
            "`abide plan` shows what they would do; commit them to make them count",
        ),
        None => Finding::note(
            "working tree",
            format!("the files on the disk are of {}, and {branch} is at {}", working.short(), head.short()),
            "check that branch out to work on what counts",
        ),
    })
}

fn specs(tree: &SourceTree, setup: &Setup) -> Finding {
    let (catalog, diagnostics) = load(tree, &Catalog::empty(), now());
    let count = |level: Said| diagnostics.iter().filter(|said| said.problem.level == level).count();
    let (errors, warnings) = (count(Said::Error), count(Said::Warning));
    let found = format!("{} in {}", counted(catalog.len(), "spec"), counted(catalog.file_count(), "file"));
    if catalog.file_count() == 0 {
        let path = &setup.config.specs.path;
        let fix = "set `[specs] path` in abide.toml, or make a first set with `abide init`".to_owned();
        return Finding::trouble("specs", format!("there is no *.yaml, *.yml or *.json in `{path}`"), Some(fix));
    }
    match (errors, warnings) {
        (0, 0) => Finding::fine("specs", format!("{found}, all valid")),
        (0, _) => {
            Finding::note("specs", format!("{found}, {}", counted(warnings, "warning")), "`abide validate` shows them")
        }
        _ => {
            let first = diagnostics.iter().find(|said| said.problem.level == Said::Error);
            let first =
                first.map(|said| format!("; {}:{}: {}", said.file, said.problem.span.line, said.problem.message));
            let says = format!("{found}, {}{}", counted(errors, "error"), first.unwrap_or_default());
            Finding::trouble("specs", says, Some("`abide validate` shows each with its place and fix".to_owned()))
        }
    }
}

/// The database, and what Abide keeps in it.
fn store(setup: &Setup, head: Option<&SourceTree>) -> Vec<Finding> {
    let store: Arc<dyn TaskStore> = match setup.open_store(Access::Read) {
        Ok(store) => store,
        Err(error) => {
            let fix = "set `[store] url` in abide.toml, or give --store sqlite:PATH".to_owned();
            return vec![Finding::trouble("database", error.message, Some(fix))];
        }
    };
    let looked = with_parts(setup.parts(store), |handle| async move {
        let checks = handle.examine().await;
        Ok((checks, handle.ledger().await))
    });
    let (checks, ledger) = match looked {
        Ok(looked) => looked,
        Err(error) => return vec![Finding::error("database", error)],
    };
    let mut findings = vec![match &checks {
        Ok(_) if setup.databases().iter().any(|file| !file.exists()) => {
            let says = format!("{} is not there yet", setup.config.store.url);
            Finding::note("database", says, "the first `abide reconcile` or `abide run` makes it")
        }
        Ok(_) => {
            let tasks = setup.config.tasks.as_ref().and_then(|tasks| tasks.url.as_deref());
            let tasks = tasks.map(|url| format!(", and the tasks' {url}")).unwrap_or_default();
            Finding::fine("database", format!("{} can be opened{tasks}", setup.config.store.url))
        }
        Err(error) => of_engine("database", error),
    }];
    let checks = checks.unwrap_or_default();
    let is_migrated = checks.iter().any(|check| check.what == "ledger");
    let is_mapped = checks.iter().any(|check| check.what == "index");
    findings.extend(checks.into_iter().map(of_check));
    match ledger {
        Ok(ledger) if is_migrated => findings.extend(kept(&ledger, head)),
        Ok(_) if is_mapped => findings.push(Finding::note(
            "Abide's own tables",
            "they are not there yet",
            "the first `abide reconcile` or `abide run` makes them",
        )),
        // Examining has said what is wrong already.
        Ok(_) | Err(_) => {}
    }
    findings
}

fn of_engine(what: &str, error: &EngineError) -> Finding {
    Finding::error(what, CliError::from(error.clone()))
}

fn of_check(check: Check) -> Finding {
    match check.result {
        Ok(says) => Finding::fine(&check.what, says),
        Err(wrong) if ADVICE.contains(&check.what.as_str()) => Finding::note(&check.what, wrong.what, wrong.fix),
        Err(wrong) => Finding::trouble(&check.what, wrong.what, Some(wrong.fix)),
    }
}

/// What the ledger says of the last pass.
fn kept(ledger: &Ledger, head: Option<&SourceTree>) -> Vec<Finding> {
    let mut findings = Vec::new();
    match (&ledger.accepted, head) {
        (None, _) => findings.push(Finding::note("last pass", "there was none yet", "`abide reconcile` makes one")),
        (Some((revision, _)), Some(head)) if *revision != head.revision => findings.push(Finding::note(
            "last pass",
            format!("it accepted {}, and the newest commit is {}", revision.short(), head.revision.short()),
            "`abide reconcile` makes one, or keep `abide run` running; `abide holds list` shows what waits",
        )),
        (Some((revision, specs)), _) => {
            findings.push(Finding::fine("last pass", format!("{} at {}", counted(*specs, "spec"), revision.short())));
        }
    }
    let waiting = ledger.holds.values().filter(|released| !**released).count();
    if waiting > 0 {
        findings.push(Finding::note(
            "holds",
            format!(
                "{} for a person",
                if waiting == 1 { "1 step waits".to_owned() } else { format!("{waiting} steps wait") }
            ),
            "`abide holds list` shows them",
        ));
    }
    findings
}
