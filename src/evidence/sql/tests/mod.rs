//! A database, and what it answers.

mod answers;
mod attacks;
mod limits;

use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::model::Duration;

/// A database with a table that may be read and one that may not.
struct World {
    folder: TempDir,
    source: SqlSource,
}

const SCHEMA: &str = "
    CREATE TABLE jobs (id INTEGER PRIMARY KEY, at TEXT, ms REAL, context TEXT);
    CREATE TABLE secrets (id INTEGER PRIMARY KEY, at TEXT, ms REAL, word TEXT);
    CREATE INDEX secrets_by_word ON secrets (word);
    CREATE VIEW open_view AS SELECT id, at, ms FROM jobs;
    CREATE VIEW leak AS SELECT id, at, ms FROM secrets;
    INSERT INTO jobs VALUES
        (1, '2026-03-02 10:00:00', 10, '{\"ok\": 1}'),
        (2, '2026-03-02 10:00:01', 20, '{\"ok\": 0}'),
        (3, '2026-03-02 11:00:00', 30, '{}'),
        (4, '2026-03-02 11:00:01', 40, NULL),
        (5, NULL, 50, NULL);
    INSERT INTO secrets VALUES (1, '2026-03-02 10:30:00', 7, 'hunter2');
    CREATE VIRTUAL TABLE texts USING fts5(body);
";

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let world = Self {
            folder,
            source: SqlSource {
                url: Some("sqlite:team.db".into()),
                tables: vec!["jobs".into(), "open_view".into()],
                timeout: Duration::from_secs(60),
                rows: 1000,
            },
        };
        world.write(SCHEMA);
        world
    }

    fn connect(&self) -> Connection {
        Connection::open(self.folder.path().join("team.db")).unwrap()
    }

    fn write(&self, sql: &str) {
        self.connect().execute_batch(sql).unwrap();
    }

    fn database(&self) -> Database {
        Database::new("reports", &self.source, "sqlite:nowhere.db", self.folder.path())
    }

    /// From 10:00:00 to 11:00:00.
    fn ask_as(&self, statement: &str, time: TimeFormat) -> Result<Table, Fault> {
        self.database().ask(statement, at("2026-03-02T10:00:00Z"), at("2026-03-02T11:00:00Z"), time)
    }

    fn ask(&self, statement: &str) -> Result<Table, Fault> {
        self.ask_as(statement, TimeFormat::Text)
    }

    /// The fault of a statement to which the times are added.
    fn fault(&self, statement: &str) -> Fault {
        self.ask(statement).expect_err(statement)
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn rows(rows: &[(&str, f64)]) -> Result<Table, Fault> {
    Ok(Table::Rows(rows.iter().map(|(time, value)| (at(time), *value)).collect()))
}

const fn number(value: f64) -> Result<Table, Fault> {
    Ok(Table::Number(Some(value)))
}

/// A condition that names both times.
const WHEN: &str = "at > :from AND at <= :to";
