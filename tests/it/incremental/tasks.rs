//! The task tables that the two organisations may have, and how their own software writes to them.

use std::sync::{Arc, Mutex};

use abide::config::{Config, Mapping};
use abide::model::{Heartbeat, Task, TaskId, TaskStatus, Timestamp};
use abide::store::memory::MemoryStore;
use abide::store::{SqliteStore, TaskStore, feed_statements};
use rusqlite::{Connection, params};

/// Which store.
#[derive(Debug, Clone, Copy)]
pub(super) enum Which {
    Memory,
    /// Abide's own table.
    Own,
    /// A team's table with the printed triggers, in a file of its own.
    Team,
}

pub(super) enum Tasks {
    Memory(Arc<MemoryStore>),
    Sqlite(Sqlite),
}

/// Files, and the connection of the team's own software.
pub(super) struct Sqlite {
    store: SqliteStore,
    conn: Mutex<Connection>,
    table: &'static str,
    agents: &'static str,
    _folder: tempfile::TempDir,
}

const TEAM: &str = "
    CREATE TABLE jobs (id INTEGER PRIMARY KEY, type TEXT, title TEXT, body TEXT, role TEXT, agent TEXT, author TEXT,
      status TEXT, severity TEXT, context TEXT, error TEXT, created INTEGER, started INTEGER, claimed INTEGER,
      finished INTEGER);
    CREATE TABLE alive (name TEXT PRIMARY KEY, role TEXT, seen INTEGER);
";

const MAPPED: &str = "
    [tasks]
    table = 'jobs'
    time = 'unix-ms'
    [tasks.columns]
    id = 'id'
    type = 'type'
    title = 'title'
    body = 'body'
    role = 'role'
    agent = 'agent'
    author = 'author'
    status = 'status'
    priority = 'severity'
    context = 'context'
    error = 'error'
    created = 'created'
    started = 'started'
    claimed = 'claimed'
    finished = 'finished'
    [tasks.severity]
    critical = {from = ['critical']}
    high = {from = ['high']}
    medium = {from = ['medium']}
    low = {from = ['low']}
    [tasks.agents]
    table = 'alive'
    name = 'name'
    role = 'role'
    seen = 'seen'
";

impl Tasks {
    pub(super) fn new(which: Which) -> Self {
        let (mapping, table, agents) = match which {
            Which::Memory => return Self::Memory(Arc::new(MemoryStore::new())),
            Which::Own => (Mapping::own(), "abide_tasks", "abide_beats (agent, instance, seen) VALUES (?, '', ?)"),
            Which::Team => (Config::parse(MAPPED, &[]).unwrap().mapping(), "jobs", "alive (name, seen) VALUES (?, ?)"),
        };
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let url = |name: &str| format!("sqlite:{}", at(name).display());
        let team = Connection::open(at("team.db")).unwrap();
        let mapping = if mapping.own {
            mapping
        } else {
            team.execute_batch(&format!("{TEAM}{}", feed_statements(&mapping).join("\n"))).unwrap();
            Mapping { url: Some(url("team.db")), ..mapping }
        };
        let file = if mapping.own { "team.db" } else { "abide.db" };
        let store = SqliteStore::open(&url(file), mapping).unwrap();
        team.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
        team.pragma_update(None, "synchronous", "OFF").unwrap();
        Self::Sqlite(Sqlite { store, conn: Mutex::new(team), table, agents, _folder: folder })
    }

    pub(super) fn store(&self) -> Arc<dyn TaskStore> {
        match self {
            Self::Memory(store) => store.clone(),
            Self::Sqlite(files) => Arc::new(files.store.clone()),
        }
    }

    pub(super) fn put(&self, task: Task) {
        match self {
            Self::Memory(store) => store.put(task),
            Self::Sqlite(files) => files.put(&files.conn.lock().unwrap(), &task),
        }
    }

    /// Writes a row and thinks better of it.
    pub(super) fn take_back(&self, task: &Task) {
        if let Self::Sqlite(files) = self {
            let mut conn = files.conn.lock().unwrap();
            let tx = conn.transaction().unwrap();
            files.put(&tx, task);
            tx.execute(&format!("DELETE FROM {} WHERE id <> ?", files.table), [&*task.id.0]).unwrap();
            tx.rollback().unwrap();
        }
    }

    pub(super) fn delete(&self, id: &TaskId) {
        match self {
            Self::Memory(store) => store.delete(id),
            Self::Sqlite(files) => files.run(&format!("DELETE FROM {} WHERE id = ?", files.table), [&*id.0]),
        }
    }

    pub(super) fn end(&self, id: &TaskId, status: TaskStatus, at: Timestamp) {
        match self {
            Self::Memory(store) => {
                let Some(task) = store.task(id) else { return };
                store.put(Task { status, finished: Some(at), ..Task::clone(&task) });
            }
            Self::Sqlite(files) => {
                let sql = format!("UPDATE {} SET status = ?, finished = ? WHERE id = ?", files.table);
                files.run(&sql, params![status.word(), at.as_millis(), &*id.0]);
            }
        }
    }

    pub(super) fn beat(&self, agent: &str, heartbeat: Heartbeat) {
        match self {
            Self::Memory(store) => store.beat(agent, heartbeat),
            Self::Sqlite(files) => {
                let sql = format!("INSERT OR REPLACE INTO {}", files.agents);
                files.run(&sql, params![agent, heartbeat.seen.as_millis()]);
            }
        }
    }
}

impl Sqlite {
    fn run(&self, sql: &str, values: impl rusqlite::Params) {
        self.conn.lock().unwrap().execute(sql, values).unwrap();
    }

    /// Makes the row what it shall be, and no more: now in the place of what was there, now by changing that.
    fn put(&self, conn: &Connection, task: &Task) {
        let columns = "(id, type, title, role, agent, status, severity, created, finished)";
        let marks = "(?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let table = self.table;
        let is_even = task.id.0.ends_with(['0', '2', '4', '6', '8']);
        let sql = if is_even {
            format!("INSERT OR REPLACE INTO {table} {columns} VALUES {marks}")
        } else {
            let same = ["type", "title", "role", "agent", "status", "severity", "created", "finished"];
            let same = same.map(|column| format!("{column} = excluded.{column}")).join(", ");
            let empty = ["body", "author", "context", "error", "started", "claimed"].map(|it| format!("{it} = NULL"));
            let set = format!("{same}, {}", empty.join(", "));
            format!("INSERT INTO {table} {columns} VALUES {marks} ON CONFLICT (id) DO UPDATE SET {set}")
        };
        let values = params![
            task.id.0.parse::<i64>().unwrap(),
            &*task.kind,
            &*task.title,
            task.role.as_deref(),
            task.agent.as_deref(),
            task.status.word(),
            task.severity.word(),
            task.created.as_millis(),
            task.finished.map(Timestamp::as_millis),
        ];
        conn.execute(&sql, values).unwrap();
    }
}
