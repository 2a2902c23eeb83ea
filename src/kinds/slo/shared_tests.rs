//! Documents and organisations that the project shares, where they are there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use super::objective::RULE;
use super::tests::{codes, documents};
use crate::kinds::{Asked, Case, Findings, Identity, Specs, Unread};
use crate::model::{
    Answer, Answers, Content, Kind, Policy, Rule, Severity, Standing, Task, TaskId, TaskStatus, Timestamp,
};

/// The shared data of the project, where it is there.
fn shared(path: &str) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = ["../shared", "../../shared"].into_iter().map(|up| here.join(up).join(path)).find(|at| at.exists());
    if found.is_none() {
        #[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
        {
            eprintln!("SKIPPED: no {path} in ../shared beside the repository");
        }
    }
    found
}

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(yaml_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn the_examples_of_openslo_are_valid() {
    let Some(folder) = shared("data/openslo/examples") else { return };
    let files = yaml_files(&folder);
    assert!(files.len() >= 4);
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for document in documents(&text) {
            assert!(!document.has_errors(), "{}: {:?}", file.display(), document.problems);
            assert!(document.spec.is_some());
        }
    }
}

#[test]
fn the_faults_that_openslo_names_are_found() {
    let Some(folder) = shared("data/openslo/oslo-validate-inputs") else { return };
    let of = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    assert_eq!(codes(&of("v1.yaml")), [(40, "slo/op-on-ratio"), (59, "spec/name")]);
    assert_eq!(codes(&of("unknown-field.yaml")), [(4, "spec/name"), (6, "spec/unknown-field")]);
    assert_eq!(codes(&of("invalid-apiversion.yaml")), [(1, "spec/api-version")]);
    for file in yaml_files(&folder) {
        for document in documents(&std::fs::read_to_string(&file).unwrap()) {
            if document.identity == Identity::Foreign {
                assert_eq!(document.problems.len(), 1, "{}", file.display());
                assert!(document.problems[0].help.as_ref().is_some_and(|help| help.contains("openslo/v1")));
            } else if !file.ends_with("v1.yaml") {
                assert!(document.has_errors(), "{}", file.display());
            }
        }
    }
}

fn python(script: &Path, arguments: &[&str]) -> String {
    let output = Command::new("python3").arg(script).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_corpus_is_clean() {
    let Some(script) = shared("bench/corpus.py") else { return };
    let folder = tempfile::tempdir().unwrap();
    python(&script, &["400", folder.path().to_str().unwrap()]);
    let files = yaml_files(folder.path());
    assert!(files.len() > 400);
    for file in files {
        for document in documents(&std::fs::read_to_string(&file).unwrap()) {
            assert!(document.problems.is_empty(), "{}: {:?}", file.display(), document.problems);
        }
    }
}

const DUMP: &str = "import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute('select id, task_type, status, created_at, started_at, completed_at from agent_tasks'):
    print('|'.join(str(x or '') for x in row))
";

fn agency_tasks(dump: &str) -> Vec<Arc<Task>> {
    let time = |text: &str| Timestamp::from_sql_text(text).ok();
    let task = |line: &str| {
        let [id, kind, status, created, started, finished]: [&str; 6] =
            line.split('|').collect::<Vec<_>>().try_into().unwrap();
        Arc::new(Task {
            id: TaskId::from(id),
            kind: kind.into(),
            title: "".into(),
            role: None,
            agent: None,
            author: None,
            status: TaskStatus::from_word(status).unwrap(),
            severity: Severity::Medium,
            labels: Default::default(),
            created: time(created).unwrap(),
            claimed: None,
            started: time(started),
            finished: time(finished),
            approvals: Vec::new(),
            record: None,
            content: Content::titled(""),
            own: kind.starts_with("abide/"),
        })
    };
    dump.lines().map(task).collect()
}

#[test]
fn the_agency_drifts_exactly_where_it_was_planted() {
    let (Some(make), Some(slos)) = (shared("agency/make.py"), shared("agency/specs/slos.yaml")) else { return };
    let text = std::fs::read_to_string(slos).unwrap();
    let specs = Specs::new(documents(&text).into_iter().filter_map(|document| document.spec), Unread::default());
    let folder = tempfile::tempdir().unwrap();
    let dump = folder.path().join("dump.py");
    std::fs::write(&dump, DUMP).unwrap();
    for (seed, count) in [("1", "1000"), ("2", "20000"), ("7", "3000")] {
        let file = folder.path().join(format!("{seed}.db"));
        let db = file.to_str().unwrap();
        python(&make, &[db, "--tasks", count, "--seed", seed, "--now", "2026-03-02T10:00:00Z"]);
        let tasks = agency_tasks(&python(&dump, &[db]));
        let drifting = agency_drift(&specs, &tasks, "2026-03-02T10:00:00Z".parse().unwrap());
        let planted = ["slo/exports-succeed", "slo/sms-sends", "slo/tests-succeed", "slo/triage-succeeds"];
        assert_eq!(drifting, planted, "seed {seed}");
    }
}

fn agency_drift(specs: &Specs, tasks: &[Arc<Task>], now: Timestamp) -> Vec<String> {
    let (policy, watched) = (Policy::default(), BTreeSet::new());
    let mut drifting = Vec::new();
    for spec in specs.of_kind(Kind::Slo) {
        let case = Case { rule: Rule::SloObjective, spec: Some(spec), specs, policy: &policy, watched: &watched };
        let mut answers = Answers::default();
        for question in (RULE.asks)(&case) {
            let mut answer = Answer::empty(&question).unwrap();
            tasks.iter().for_each(|task| answer.add(&question, task));
            answers.put(Arc::new(question), Ok(answer));
        }
        let mut findings = Findings::default();
        (RULE.judge)(&case, &Asked { answers: &answers, now }, &mut findings).unwrap();
        let drift = findings.findings.values().any(|standing| matches!(standing, Standing::Drift(_)));
        drifting.extend(drift.then(|| spec.id.to_string()));
    }
    drifting
}
