//! What every store must do, whatever lies below it: one suite, run on each.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod build;
mod commands;
mod commits;
mod corrections;
mod queue;
mod rows;
mod samples;

use std::sync::Arc;

use abide::config::{Config, Mapping};
use abide::store::memory::MemoryStore;
use abide::store::{SqliteStore, TaskStore};

/// A store under test, and what it lives in.
struct Subject {
    name: &'static str,
    store: Arc<dyn TaskStore>,
    /// Whether the table has a place for everything that a task may have.
    is_whole: bool,
    _folder: Option<tempfile::TempDir>,
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
    let memory = Subject { name: "memory", store: Arc::new(MemoryStore::new()), is_whole: true, _folder: None };
    let own = sqlite("SQLite", "", Mapping::own());
    let team = sqlite("SQLite, mapped", TEAM, Config::parse(MAPPED, &[]).unwrap().mapping());
    vec![memory, own, team, two_files()]
}

/// The team's table in one file, Abide's own in another.
fn two_files() -> Subject {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    rusqlite::Connection::open(folder.path().join("team.db")).unwrap().execute_batch(TEAM).unwrap();
    let mapping = Mapping { url: Some(at("team.db")), ..Config::parse(MAPPED, &[]).unwrap().mapping() };
    let store = SqliteStore::open(&at("abide.db"), mapping).unwrap();
    Subject { name: "SQLite, in two files", store: Arc::new(store), is_whole: false, _folder: Some(folder) }
}

fn sqlite(name: &'static str, schema: &str, mapping: Mapping) -> Subject {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tasks.db");
    rusqlite::Connection::open(&path).unwrap().execute_batch(schema).unwrap();
    let is_whole = mapping.own;
    let store = SqliteStore::open(&format!("sqlite:{}", path.display()), mapping).unwrap();
    Subject { name, store: Arc::new(store), is_whole, _folder: Some(folder) }
}
