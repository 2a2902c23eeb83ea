//! Why a store did not do what it was asked.

use std::fmt;
use std::sync::Arc;

use crate::model::{Denial, Timestamp};

/// Why a store did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be opened, read or written for now.
    #[error("the database {url} is out of reach: {reason}")]
    OutOfReach {
        /// Its URL, without credentials.
        url: Arc<str>,
        /// What the database says.
        reason: String,
    },
    /// Abide's own tables are those of an earlier version, and may only be read.
    #[error(
        "Abide's own tables in {url} are those of an earlier version ({found}, not {wanted}), and may only be read here"
    )]
    Outdated {
        /// The database's URL, without credentials.
        url: Arc<str>,
        /// Their version.
        found: u32,
        /// This program's.
        wanted: u32,
    },
    /// The mapping in `abide.toml` does not fit the live table.
    #[error("{0}")]
    Mapping(Box<MappingError>),
    /// The live table does not take a row in, or not what a row is to be changed to.
    #[error("the table {table} refuses {what}: {reason}")]
    Refused {
        /// The table.
        table: String,
        /// Which task, in words.
        what: String,
        /// What the database says, the column and the value where they can be told, and how to mend it.
        reason: String,
    },
    /// What the plan was made from has changed since.
    #[error("{0}")]
    Stale(String),
    /// Somebody else leads now.
    #[error("the lease was lost: epoch {ours} is over, {current} is the current one")]
    Fenced {
        /// The epoch that wanted to write.
        ours: u64,
        /// The current one.
        current: u64,
    },
    /// Somebody else leads.
    #[error("{holder} leads until {until}; only one reconciles at a time")]
    Led {
        /// Who.
        holder: String,
        /// Until when, unless renewed.
        until: Timestamp,
    },
    /// A claim that does not hold any more.
    #[error("{0}")]
    Lost(String),
    /// What was asked for cannot be done to this task or by this table.
    #[error("{0}")]
    Impossible(String),
    /// Somebody may not do what they ask for.
    #[error("{0}")]
    Denied(String),
    /// What somebody says of a task does not count, or a task may not start without a yes.
    #[error("{0}")]
    Unheard(Denial),
    /// There is no such task or hold.
    #[error("{0}")]
    NotFound(String),
    /// Something that must hold of Abide's own tables does not.
    #[error("Abide's own tables are damaged: {0}")]
    Damaged(String),
}

impl StoreError {
    /// Whether it is one row of the live table that cannot be read or written, so that others can go on without it.
    pub(crate) fn is_of_row(&self) -> bool {
        match self {
            Self::Refused { .. } => true,
            Self::Mapping(error) => error.row.is_some(),
            _ => false,
        }
    }
}

/// Where the mapping and the live table do not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingError {
    /// The key in `abide.toml`.
    pub key: String,
    /// The column, as `table.column`, where one is meant.
    pub column: Option<String>,
    /// The value found there.
    pub value: Option<String>,
    /// The key of a row that has it.
    pub row: Option<String>,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub fix: String,
}

impl From<MappingError> for StoreError {
    fn from(error: MappingError) -> Self {
        Self::Mapping(Box::new(error))
    }
}

impl MappingError {
    /// What is wrong and where, for whoever tells the way to mend it apart.
    pub fn fault(&self) -> String {
        let place = |name: &str, part: Option<&String>| part.map(|part| format!("{name} {part}"));
        let value = self.value.as_ref().map(|value| format!("`{value}`"));
        let parts = [
            place("; column", self.column.as_ref()),
            place(", value", value.as_ref()),
            place(", row", self.row.as_ref()),
        ];
        let place: String = parts.into_iter().flatten().collect();
        format!("{}{place} ({} in abide.toml)", self.what, self.key)
    }
}

impl fmt::Display for MappingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}", self.fault(), self.fix)
    }
}
