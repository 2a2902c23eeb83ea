//! An organisation: specs in a repository, tasks in a store, and the engine between them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use abide::config::Config;
use abide::engine::{Clock, Engine, Handle, Parts, Pass, SpecReader, Which};
use abide::evidence::{CodeSource, SpecsAt};
use abide::git::SourceConfig;
use abide::model::{Duration, Timestamp};
use abide::store::memory::MemoryStore;

use super::{people, show, table};
use crate::support::repository::Repo;

/// The first moment of every scenario: 2026-03-02T10:00:00Z.
const BEGIN: i64 = 1_772_445_600_000;

/// A clock that stands still until somebody moves it.
#[derive(Default)]
struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

pub(super) struct World {
    pub(super) title: String,
    /// Where in the file this is, for messages.
    pub(super) at: String,
    pub(super) store: Arc<MemoryStore>,
    repo: Repo,
    clock: Arc<Hand>,
    config: Config,
    handle: Option<Handle>,
}

impl World {
    pub(super) fn new(title: &str) -> Self {
        let clock = Arc::new(Hand(AtomicI64::new(BEGIN)));
        let (at, store, repo) = (String::new(), Arc::default(), Repo::new());
        let config = Config::parse("[specs]\nowner = 'role/triage'", &[]).unwrap();
        Self { title: title.to_owned(), at, store, repo, clock, config, handle: None }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn pass_time(&mut self, by: Duration) {
        self.clock.0.fetch_add(by.as_millis() as i64, Ordering::SeqCst);
    }

    /// Takes in a block that says what is there.
    pub(super) async fn learn(&mut self, info: &str, body: &str) {
        let words: Vec<&str> = info.split_whitespace().collect();
        match words.as_slice() {
            ["tasks"] => self.put_tasks(body),
            ["agents"] => {
                for row in table::rows(body) {
                    self.store.beat(row["name"], table::heartbeat(&row, self.now()));
                }
            }
            ["toml"] => {
                self.config = Config::parse(body, &[]).unwrap_or_else(|error| panic!("{}: {error}", self.at));
                self.handle = None;
            }
            ["people"] => people::act(self, body).await,
            ["delete", path] => std::fs::remove_file(self.repo.path().join(path)).unwrap(),
            ["rename", from, to] => {
                std::fs::rename(self.repo.path().join(from), self.repo.path().join(to)).unwrap();
            }
            // What cannot be told by a path of its own: history begins anew.
            ["rewrite"] => self.repo.forget_history(),
            [_, path] => drop(self.repo.write(path, body)),
            _ => panic!("{}: nobody knows what `{info}` means", self.at),
        }
    }

    fn put_tasks(&self, body: &str) {
        for row in table::rows(body) {
            for id in table::ids(&row) {
                if row.get("status") == Some(&"gone") {
                    self.store.delete(&id);
                } else {
                    self.store.put(table::task(&id, self.store.task(&id).as_deref(), &row, self.now()));
                }
            }
        }
    }

    /// Commits what lies on the disk, makes a pass, and shows it. A second pass must change nothing.
    pub(super) async fn pass(&mut self) -> String {
        self.repo.commit();
        let handle = self.handle().clone();
        let planned = self.asked(handle.plan(Which::Head, None).await);
        let made = self.asked(handle.reconcile(None).await);
        assert_eq!(planned.plan, made.plan, "{}: the plan that was shown is not the one that was made", self.at);
        let again = self.asked(handle.reconcile(None).await);
        let rows = again.outcome.as_ref().map(|outcome| outcome.rows);
        let at = &self.at;
        assert_eq!((&again.plan.steps, rows), (&Vec::new(), Some(0)), "{at}: a second pass changes something");
        assert_eq!(again.plan.held, made.plan.held, "{at}: a second pass holds something else");
        // The folder has another name in every run, and a commit one that tells nobody anything.
        let commit = regex::Regex::new(r"\b[0-9a-f]{10}\b").unwrap();
        let shown = show::pass(&made).replace(&*self.repo.path().to_string_lossy(), "FOLDER");
        commit.replace_all(&shown, "COMMIT").into_owned()
    }

    fn asked(&self, pass: Result<Pass, abide::engine::EngineError>) -> Pass {
        pass.unwrap_or_else(|error| panic!("{}: {error}", self.at))
    }

    /// The engine, started when first needed.
    pub(super) fn handle(&mut self) -> &Handle {
        if self.handle.is_none() {
            let (handle, events) = Handle::new();
            tokio::spawn(Engine::new(self.parts()).run(events));
            self.handle = Some(handle);
        }
        self.handle.as_ref().unwrap()
    }

    fn parts(&self) -> Parts {
        let base = self.repo.path().to_path_buf();
        let source = SourceConfig {
            repository: ".".into(),
            branch: Some("main".into()),
            path: "specs".into(),
            records: vec!["docs/adr".into()],
            mirror: base.join(".git/mirror"),
            base: base.clone(),
            token: None,
        };
        let code = CodeSource::new(source.clone(), base.join(".git/mirrors"), SpecsAt::Working);
        Parts {
            specs: SpecReader::new(abide::git::open(source)),
            store: self.store.clone(),
            evidence: Arc::new(abide::evidence::World::new(self.store.clone(), code, abide::evidence::Metrics::none())),
            clock: self.clock.clone(),
            policy: self.config.policy(),
            holder: "scenario".into(),
            poll: Duration::from_secs(30),
        }
    }
}
