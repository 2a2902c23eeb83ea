//! A small organisation with planted drift, whose every output is the same at every run.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::output::Color;
use super::setup::Access;
use super::{CliError, Exit, Global, Io, Setup, reconcile};
use crate::git::testing::Fixture;
use crate::model::{Duration, Severity, TaskId, Timestamp};
use crate::store::{Applied, Command, NewTask, TaskStore};

/// As of when everything is judged.
pub(crate) const NOW: &str = "2026-11-23T12:00:00Z";

const SPECS: &str = "\
apiVersion: abide.dev/v1
kind: Role
metadata: {name: developer}
spec: {}
---
apiVersion: abide.dev/v1
kind: Role
metadata: {name: triage}
spec: {}
---
apiVersion: abide.dev/v1
kind: Agent
metadata: {name: dev-1}
spec: {roles: [developer], maxConcurrency: 2}
---
apiVersion: abide.dev/v1
kind: Assignment
metadata: {name: bug-fixes, title: Developers fix bugs}
spec:
  select: {types: [fix_bug]}
  to: role/developer
  sla: {high: {claim: 1h}}
---
apiVersion: abide.dev/v1
kind: Decision
metadata: {name: no-hacks, title: No hacks, owner: role/developer}
spec:
  status: accepted
  date: 2026-01-01
  rules:
    - {id: none-left, severity: low, tasks: {select: {types: [hack], status: [pending]}, atMost: 0}}
---
apiVersion: abide.dev/v1
kind: Waiver
metadata: {name: hacks-until-spring}
spec: {match: {spec: decision/no-hacks}, reason: we know, until: 2027-03-31, approvedBy: agent/dev-1}
---
apiVersion: abide.dev/v1
kind: Assignment
metadata: {name: hacks}
spec: {select: {types: [hack]}, to: role/developer}
";

const LEVELS: &str = "\
apiVersion: openslo/v1
kind: Service
metadata: {name: work}
spec: {}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: fixes-succeed, displayName: Bug fixes succeed, annotations: {abide.dev/owner: role/triage}}
spec:
  service: work
  indicator:
    metadata: {name: fixes}
    spec:
      ratioMetric:
        counter: true
        good: {metricSource: {type: abide.dev/tasks, spec: {select: {types: [fix_bug], status: [completed]}}}}
        total: {metricSource: {type: abide.dev/tasks, spec: {select: {types: [fix_bug]}}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{displayName: fixes hold, target: 0.9}]
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: quiet, annotations: {abide.dev/owner: role/triage}}
spec:
  service: work
  indicator:
    metadata: {name: nothing}
    spec:
      ratioMetric:
        counter: true
        good: {metricSource: {type: abide.dev/tasks, spec: {select: {types: [deploy], status: [completed]}}}}
        total: {metricSource: {type: abide.dev/tasks, spec: {select: {types: [deploy]}}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{displayName: deploys hold, target: 0.9}]
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: elsewhere, annotations: {abide.dev/owner: role/triage}}
spec:
  service: work
  indicator:
    metadata: {name: requests}
    spec:
      ratioMetric:
        counter: true
        good: {metricSource: {type: datadog, spec: {query: good}}}
        total: {metricSource: {type: datadog, spec: {query: total}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{displayName: requests hold, target: 0.9}]
";

const CONFIG: &str = "\
[specs]
branch = 'main'
owner = 'role/triage'
";

/// The organisation, in a folder of its own.
pub(crate) struct Org {
    pub(crate) git: Fixture,
    pub(crate) global: Global,
    /// Opened when it is first needed: opening migrates, and that takes its time.
    store: OnceLock<Arc<dyn TaskStore>>,
}

/// As of when everything is judged.
pub(crate) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

impl Org {
    /// Specs in a repository and a database with drift. No pass was made yet.
    pub(crate) fn new() -> Self {
        let org = Self::empty();
        let task = |kind: &str, title: &str| (kind.to_owned(), title.to_owned());
        for number in 0..12 {
            let (kind, title) = task("fix_bug", &format!("bug {number}"));
            let id = org.add((kind, title), Some("developer"), Severity::Medium, Duration::from_days(3));
            let end = match number {
                0..8 => Command::Complete { task: id, token: None, result: None },
                _ => Command::Fail { task: id, token: None, reason: None, last: false },
            };
            org.apply(&end, Duration::from_days(2));
        }
        org.add(task("fix_bug", "checkout is down"), Some("developer"), Severity::High, Duration::from_hours(3));
        org.add(task("fix_bug", "wrong desk"), Some("triage"), Severity::Low, Duration::from_mins(10));
        org.add(task("fix_bug", "no desk"), None, Severity::Low, Duration::from_mins(9));
        org.add(task("hack", "sleep in a loop"), Some("developer"), Severity::Low, Duration::from_mins(8));
        org.add(task("data_fix", "fill the holes"), Some("developer"), Severity::Medium, Duration::from_mins(7));
        org
    }

    /// Specs in a repository, and no database.
    pub(crate) fn empty() -> Self {
        let git = Fixture::of(&[
            ("abide.toml", CONFIG),
            (".gitignore", ".abide/\n"),
            ("specs/work.yaml", SPECS),
            ("specs/levels.yaml", LEVELS),
        ]);
        let config: PathBuf = git.path().join("abide.toml");
        let global = Global { config, ..global() };
        std::fs::create_dir_all(git.path().join(".abide")).unwrap();
        Self { git, global, store: OnceLock::new() }
    }

    /// The same with a key of its configuration overridden.
    pub(crate) fn set(mut self, set: &str) -> Self {
        self.global.set.push(set.to_owned());
        self
    }

    /// Adds a task so long ago.
    pub(crate) fn add(
        &self,
        (kind, title): (String, String),
        role: Option<&str>,
        severity: Severity,
        ago: Duration,
    ) -> TaskId {
        let role = role.map(str::to_owned);
        let task = NewTask { kind, title, role, severity, ..NewTask::default() };
        match self.apply(&Command::Add(task), ago) {
            Applied::Task(id) => id,
            other => panic!("{other:?}: a task that is added has a key"),
        }
    }

    /// Does something so long ago.
    pub(crate) fn apply(&self, command: &Command, ago: Duration) -> Applied {
        let open = || Setup::new(&self.global).unwrap().open_store(Access::Write).unwrap();
        let store = self.store.get_or_init(open);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(store.apply(command, "ada", now().minus(ago))).unwrap()
    }

    /// Makes a pass.
    pub(crate) fn reconcile(&self) -> String {
        let args = reconcile::Args { at: Some(now()), output: Vec::new() };
        self.text(|io| reconcile::run(&args, &self.global, io))
    }

    /// What a command writes that ends well. What is different from run to run is taken out.
    pub(crate) fn text(&self, command: impl FnOnce(&mut Io) -> Result<Exit, CliError>) -> String {
        let (exit, text) = super::io::tests::run(command).unwrap();
        assert_eq!(exit, Exit::Fine, "{text}");
        text.replace(&*self.git.path().to_string_lossy(), "HERE")
    }
}

/// What every command is told where nothing is.
pub(crate) fn global() -> Global {
    let config = PathBuf::from("abide.toml");
    Global { config, set: Vec::new(), store: None, color: Color::Never, quiet: 2, verbose: 0 }
}

/// The arguments of a command, as a person would write them.
pub(crate) fn args<A: clap::Args>(line: &str) -> A {
    let command = A::augment_args(clap::Command::new("abide").no_binary_name(true));
    A::from_arg_matches(&command.get_matches_from(line.split_whitespace())).unwrap()
}

/// A text with `TIME` in place of every moment: what people and agents do is done now.
pub(crate) fn stable(text: &str) -> String {
    let moment = regex::Regex::new(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z").unwrap();
    moment.replace_all(text, "TIME").into_owned()
}
