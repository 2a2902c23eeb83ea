//! Task tables as others make them, each with what it cannot say.

use abide::config::{Config, Mapping};

use crate::{Lack, Subject, sqlite, two_files};

/// A schema, the mapping that a person would write for it, and a few rows.
pub(crate) struct Schema {
    pub(crate) name: &'static str,
    pub(crate) tables: &'static str,
    pub(crate) rows: &'static str,
    pub(crate) mapped: &'static str,
    /// The type that a new task is given, and what it reads as.
    pub(crate) kind: &'static str,
    pub(crate) lacks: &'static [Lack],
}

macro_rules! schema {
    ($name:literal, $kind:literal, [$($lack:ident),*]) => {
        Schema {
            name: $name,
            tables: include_str!(concat!("schemas/", $name, "/schema.sql")),
            rows: include_str!(concat!("schemas/", $name, "/rows.sql")),
            mapped: include_str!(concat!("schemas/", $name, "/abide.toml")),
            kind: $kind,
            lacks: &[$(Lack::$lack),*],
        }
    };
}

/// All of them.
pub(crate) const ALL: [Schema; 8] = [
    schema!("rails", "fix_bug", [Role]),
    schema!("kanban", "card", [Types, Role, Author, Severity]),
    schema!("uuid", "fix_bug", [Changes]),
    schema!("todo", "todo", [Types, Role, Author, Severity, Labels, Finished, Failed]),
    schema!("jira", "Bug", [NewTypes]),
    schema!("queue", "fix_bug", [NoRole, Author]),
    schema!("odd", "Fehler", [NewTypes]),
    schema!("bin", "item", [Types, Role, Author, Severity, Failed]),
];

impl Schema {
    pub(crate) fn mapping(&self) -> Mapping {
        Config::parse(self.mapped, &[]).unwrap_or_else(|error| panic!("{}: {error}", self.name)).mapping()
    }

    /// A database with its rows, as its own software would have left it.
    pub(crate) fn filled(&self) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tasks.db");
        rusqlite::Connection::open(&path).unwrap().execute_batch(&format!("{}{}", self.tables, self.rows)).unwrap();
        let url = format!("sqlite:{}", path.display());
        (folder, url)
    }

    /// The same with Abide's own tables in a file of their own.
    pub(crate) fn apart(&self) -> Subject {
        let subject = two_files("kanban, in two files", self.tables, self.mapping());
        Subject { kind: self.kind, lacks: self.lacks, ..subject }
    }

    /// A store on it, without a row.
    pub(crate) fn subject(&self) -> Subject {
        Subject { kind: self.kind, lacks: self.lacks, ..sqlite(self.name, self.tables, self.mapping()) }
    }
}
