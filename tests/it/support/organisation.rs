//! A small organisation on the disk, and the real program in it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use super::repository::Repo;

pub(crate) const NOW: &str = "2026-03-02T10:00:00Z";

const CONFIG: &str = r#"[specs]
owner = "role/triage"
[store]
url = "sqlite:team.db"
[tasks]
table = "jobs"
time = "text"
[tasks.columns]
id = "id"
type = "kind"
title = "title"
role = "role"
agent = "agent"
status = "status"
priority = "priority"
context = "context"
created = "created"
started = "started"
finished = "finished"
[tasks.status]
pending = ["todo"]
running = ["doing"]
completed = ["done"]
failed = ["failed"]
cancelled = ["dropped"]
[tasks.severity]
critical = {from = ">=10", insert = 10}
high = {from = ">=8", insert = 8}
medium = {from = ">=4", insert = 5}
low = {from = ">=0", insert = 2}
"#;

pub(crate) const SPECS: &str = "apiVersion: abide.dev/v1
kind: Role
metadata: {name: developer}
spec: {}
---
apiVersion: abide.dev/v1
kind: Assignment
metadata: {name: fixes}
spec: {select: {types: [fix_bug]}, to: role/developer}
---
apiVersion: abide.dev/v1
kind: Decision
metadata: {name: hook}
spec: {status: accepted, date: 2026-01-01, rules: [{id: none-left, tasks: {select: {types: [migration], status: [pending]}, atMost: 0}}]}
";

const TABLE: &str = "CREATE TABLE jobs (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, role TEXT, \
    agent TEXT, status TEXT NOT NULL, priority INTEGER NOT NULL DEFAULT 5, context TEXT, created TEXT NOT NULL, \
    started TEXT, finished TEXT);
    INSERT INTO jobs (kind, title, role, status, created) VALUES ('fix_bug', 'a', 'developer', 'todo', '2026-03-02 09:00:00');
    INSERT INTO jobs (kind, title, role, status, created) VALUES ('fix_bug', 'b', 'triage', 'todo', '2026-03-02 09:00:00');";

/// A repository with specs, an `abide.toml` and a database of its own table.
pub(crate) struct Organisation {
    pub(crate) repo: Repo,
}

/// How the program ended, and what it said.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Organisation {
    /// One with a healthy task, and one in the wrong role.
    pub(crate) fn new() -> Self {
        let org = Self { repo: Repo::new() };
        org.repo.write("abide.toml", CONFIG);
        org.repo.write(".gitignore", "team.db*\n.abide/\n");
        org.repo.write("specs/org.yaml", SPECS);
        org.repo.commit();
        org.sql(TABLE);
        org
    }

    /// One whose tasks lie in a file that is not Abide's.
    pub(crate) fn apart() -> Self {
        let org = Self::new();
        org.config(
            "url = \"sqlite:team.db\"\n[tasks]",
            "url = \"sqlite:.abide/abide.db\"\n[tasks]\nurl = \"sqlite:team.db\"",
        );
        org
    }

    pub(crate) fn path(&self) -> &Path {
        self.repo.path()
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path().join("team.db")
    }

    /// As the team's own software writes.
    pub(crate) fn sql(&self, sql: &str) {
        let db = Connection::open(self.database()).unwrap();
        db.busy_timeout(std::time::Duration::from_secs(20)).unwrap();
        db.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// The configuration with something else in place of a part of it.
    pub(crate) fn config(&self, part: &str, other: &str) {
        assert!(CONFIG.contains(part), "{part}");
        self.repo.write("abide.toml", CONFIG.replace(part, other));
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_abide"));
        command.current_dir(self.path()).args(arguments);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ABIDE_")) {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn abide(&self, arguments: &[&str]) -> Ended {
        Ended::of(&self.command(arguments).output().unwrap())
    }

    /// Every row of every table; nothing where it is no database.
    pub(crate) fn dump(&self) -> String {
        dump(&self.database()).unwrap_or_default()
    }
}

impl Ended {
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Every row of every table, without what only says that somebody leads.
pub(crate) fn dump(path: &Path) -> rusqlite::Result<String> {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut tables = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
    let tables: Vec<(String, Option<String>)> =
        tables.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let mut text = String::new();
    for (name, sql) in tables.iter().filter(|(name, _)| name != "abide_lease") {
        writeln!(text, "{name} {}", sql.as_deref().unwrap_or_default().replace('\n', " ")).unwrap();
        let mut rows = db.prepare(&format!("SELECT * FROM \"{name}\""))?;
        let width = rows.column_count();
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let values: Vec<Value> = (0..width).map(|n| row.get(n)).collect::<Result<_, _>>()?;
            writeln!(text, "{values:?}").unwrap();
        }
    }
    Ok(text)
}
