//! The agency: exactly the drift of its truth file, whatever the seed.

use serde_json::Value;

use super::{python, shared};
use crate::support::organisation::Ended;
use crate::support::repository::Repo;

const NOW: &str = "2026-11-23T12:00:00Z";
const LATER: &str = "2026-11-23T12:01:00Z";

/// The agency in a fresh repository, with its truth.
struct Agency {
    repo: Repo,
    truth: Value,
}

impl Agency {
    fn new(seed: &str) -> Option<Self> {
        let folder = shared("agency")?;
        let repo = Repo::new();
        repo.write(".gitignore", "agency.db*\ntruth.json\n.abide/\n");
        repo.write("abide.toml", std::fs::read(folder.join("abide.toml")).unwrap());
        for entry in std::fs::read_dir(folder.join("specs")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            repo.write(&format!("specs/{name}"), std::fs::read(&path).unwrap());
        }
        repo.commit();
        let (database, truth) = (repo.path().join("agency.db"), repo.path().join("truth.json"));
        let (database, written) = (database.to_string_lossy(), truth.to_string_lossy());
        let arguments = [&*database, "--tasks", "2000", "--seed", seed, "--now", NOW, "--truth", &*written];
        python(&folder.join("make.py"), &arguments)?;
        let truth = serde_json::from_slice(&std::fs::read(&truth).unwrap()).unwrap();
        Some(Self { repo, truth })
    }

    fn pass(&self, command: &str, at: &str) -> Value {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_abide"));
        program.current_dir(self.repo.path()).args([command, "--at", at, "-o", "json"]);
        let ended = Ended::of(&program.output().unwrap());
        assert_eq!(ended.code, 0, "{ended:?}");
        ended.json()
    }

    fn sql(&self, sql: &str) {
        rusqlite::Connection::open(self.repo.path().join("agency.db")).unwrap().execute_batch(sql).unwrap();
    }
}

/// The drifts as pairs of spec and subject, in order.
fn pairs(drifts: &Value) -> Vec<(String, String)> {
    let pair = |drift: &Value| (drift["spec"].to_string(), drift["subject"].as_str().unwrap().to_owned());
    let mut pairs: Vec<_> = drifts.as_array().unwrap().iter().map(pair).collect();
    pairs.sort();
    pairs
}

/// The steps as action, rule and reason.
fn steps(pass: &Value) -> Vec<(&str, &str)> {
    let step = |step: &'_ Value| -> (String, String) { (text(&step["action"]), text(&step["rule"])) };
    let all = pass["steps"].as_array().unwrap();
    assert!(all.iter().all(|it| !step(it).0.is_empty()));
    all.iter().map(|step| (step["action"].as_str().unwrap(), step["rule"].as_str().unwrap())).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[test]
fn exactly_the_planted_drift_is_found_and_its_loop_closes() {
    for seed in ["1", "42"] {
        let Some(agency) = Agency::new(seed) else { return };
        let plan = agency.pass("plan", NOW);
        assert_eq!(pairs(&plan["drifts"]), pairs(&agency.truth["drift"]), "seed {seed}");
        let healthy = agency.truth["healthy"].as_array().unwrap();
        let drifts = plan["drifts"].as_array().unwrap();
        assert!(drifts.iter().all(|drift| !healthy.contains(&drift["spec"])), "seed {seed}");

        let made = agency.pass("reconcile", NOW);
        assert!(steps(&made).iter().all(|(action, _)| *action == "open"), "{:?}", steps(&made));
        assert_eq!(steps(&agency.pass("reconcile", NOW)), [], "a second pass has no steps");

        agency.sql(
            "UPDATE agent_tasks SET assigned_to = 'security' WHERE task_type = 'security_scan' AND status = 'pending'",
        );
        agency.sql("UPDATE agent_tasks SET status = 'completed', completed_at = '2026-11-23 12:00:30' WHERE task_type = 'abide/agent/load'");
        let next = agency.pass("reconcile", LATER);
        assert_eq!(steps(&next), [("close", "assignment/role"), ("reopen", "agent/load")], "seed {seed}");
    }
}

#[test]
fn breaking_any_spec_file_leaves_all_the_rest_as_it_was() {
    let Some(agency) = Agency::new("3") else { return };
    let before = agency.pass("reconcile", NOW);
    let specs = agency.repo.path().join("specs");
    for entry in std::fs::read_dir(&specs).unwrap() {
        let path = entry.unwrap().path();
        let whole = std::fs::read_to_string(&path).unwrap();
        for broken in [whole.replacen("kind:", "kind: [", 1), whole.replacen("spec:", "spex:", 1)] {
            std::fs::write(&path, broken).unwrap();
            let plan = agency.pass("plan", NOW);
            assert_eq!(steps(&plan), [], "{}", path.display());
            assert_eq!(pairs(&plan["drifts"]), pairs(&before["drifts"]), "{}", path.display());
            assert!(!plan["unread"].as_array().unwrap().is_empty(), "{}", path.display());
        }
        std::fs::write(&path, whole).unwrap();
    }
}
