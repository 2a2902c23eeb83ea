//! What every store must do, whatever lies below it: one suite, run on each.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod approvals;
mod attach;
mod audit;
mod build;
mod commands;
mod commits;
mod corrections;
mod queue;
mod reading;
mod rows;
mod samples;
mod schemas;

use std::sync::Arc;

use abide::config::{Config, Mapping};
use abide::store::memory::MemoryStore;
use abide::store::{SqliteStore, TaskStore};

/// A store under test, and what it lives in.
struct Subject {
    name: &'static str,
    store: Arc<dyn TaskStore>,
    /// The type that a new task is given.
    kind: &'static str,
    /// What cannot be said in it. The suite holds that it is missing, and refused where somebody asks for it.
    lacks: &'static [Lack],
    /// Whether the table has a place for everything that a task may have.
    is_whole: bool,
    _folder: Option<tempfile::TempDir>,
}

/// Something that a table cannot say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lack {
    /// Of which type a task is: all are of one.
    Types,
    /// A type that it has no word for yet.
    NewTypes,
    /// Which role it is for.
    Role,
    /// That it is for none: a constant of the mapping stands in.
    NoRole,
    /// Who asked for it.
    Author,
    /// How urgent it is.
    Severity,
    /// Labels.
    Labels,
    /// When it ended.
    Finished,
    /// That it was given up.
    Failed,
    /// Which rows have changed, since its keys do not grow.
    Changes,
}

impl Subject {
    /// A value that it can say, if it can.
    fn can<T>(&self, lack: Lack, value: T) -> Option<T> {
        (!self.lacks.contains(&lack)).then_some(value)
    }
}

/// A team's table without any of Abide's names, with keys and times as texts.
const TEAM: &str = "
    CREATE TABLE work (key TEXT PRIMARY KEY, sort TEXT NOT NULL, headline TEXT NOT NULL, part TEXT, worker TEXT,
      asker TEXT, stage TEXT NOT NULL CHECK (stage IN ('todo', 'doing', 'waiting', 'done', 'broken', 'dropped')),
      urgency TEXT, extra TEXT, made TEXT NOT NULL, ended TEXT);
";

const MAPPED: &str = "
    [tasks]
    table = 'work'
    time = 'iso8601'
    [tasks.columns]
    id = 'key'
    type = 'sort'
    title = 'headline'
    role = 'part'
    agent = 'worker'
    author = 'asker'
    status = 'stage'
    priority = 'urgency'
    context = 'extra'
    created = 'made'
    finished = 'ended'
    [tasks.labels]
    area = 'extra:/area'
    [tasks.status]
    pending = 'todo'
    running = 'doing'
    blocked = 'waiting'
    completed = 'done'
    failed = 'broken'
    cancelled = 'dropped'
    [tasks.severity]
    critical = {from = ['P1']}
    high = {from = ['P2']}
    medium = {from = ['P3']}
    low = {from = ['P4']}
";

/// Every store, each new and empty.
fn subjects() -> Vec<Subject> {
    let store = Arc::new(MemoryStore::new());
    let memory = Subject { name: "memory", store, kind: "fix_bug", lacks: &[], is_whole: true, _folder: None };
    let own = sqlite("SQLite", "", Mapping::own());
    let team = sqlite("SQLite, mapped", TEAM, Config::parse(MAPPED, &[]).unwrap().mapping());
    let apart = two_files("SQLite, in two files", TEAM, Config::parse(MAPPED, &[]).unwrap().mapping());
    let others = schemas::ALL.iter().map(schemas::Schema::subject);
    // Words and tags in other tables are in the team's file too.
    let others = others.chain(schemas::ALL.iter().filter(|it| it.name == "kanban").map(schemas::Schema::apart));
    [memory, own, team, apart].into_iter().chain(others).collect()
}

/// The team's tables in one file, Abide's own in another.
fn two_files(name: &'static str, schema: &str, mapping: Mapping) -> Subject {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    rusqlite::Connection::open(folder.path().join("team.db")).unwrap().execute_batch(schema).unwrap();
    let mapping = Mapping { url: Some(at("team.db")), ..mapping };
    let store = Arc::new(SqliteStore::open(&at("abide.db"), mapping).unwrap());
    Subject { name, store, kind: "fix_bug", lacks: &[], is_whole: false, _folder: Some(folder) }
}

/// The stores that can say all of this.
fn able(needed: &[Lack]) -> Vec<Subject> {
    let can = |subject: &Subject| needed.iter().all(|lack| !subject.lacks.contains(lack));
    subjects().into_iter().filter(can).collect()
}

fn sqlite(name: &'static str, schema: &str, mapping: Mapping) -> Subject {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tasks.db");
    rusqlite::Connection::open(&path).unwrap().execute_batch(schema).unwrap();
    let is_whole = mapping.own;
    let store = SqliteStore::open(&format!("sqlite:{}", path.display()), mapping).unwrap();
    Subject { name, store: Arc::new(store), kind: "fix_bug", lacks: &[], is_whole, _folder: Some(folder) }
}
