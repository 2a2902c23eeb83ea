//! Where a value of a task stands: in its row, in JSON, in a table that a column refers to, or in rows that refer to the task.

use std::collections::BTreeMap;

use super::Constant;

/// A table whose rows give a column's keys their words: `status_id` means what `statuses` calls it.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// The table.
    pub table: String,
    /// The column of it that the task's column refers to.
    pub key: String,
    /// The column of it that holds the word.
    pub value: String,
    /// What tells rows of one word apart.
    pub within: Option<Within>,
}

/// A column of a lookup's table that tells rows of one word apart: each board has its own `Done`.
#[derive(Debug, Clone, PartialEq)]
pub struct Within {
    /// The column. A task that is there stays within what it is in.
    pub column: String,
    /// What new tasks are put within; `[tasks.insert]`'s value for the column of that name unless given.
    pub insert: Option<Constant>,
}

/// Rows of another table that refer to tasks: its tags, or what it waits for.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// The table.
    pub table: String,
    /// The column of it that holds the task's key.
    pub task: String,
    /// The column that holds a label's name, where the table has one beside the value.
    pub name: Option<String>,
    /// The column that holds the value.
    pub value: String,
    /// Where the value's words are, if the column holds keys.
    pub lookup: Option<Lookup>,
    /// What other columns must hold for a row to count.
    pub only: BTreeMap<String, Constant>,
}

/// Where labels, or the tasks that a task waits for, come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A column.
    Column(String),
    /// A place in a column's JSON.
    Json {
        /// The column.
        column: String,
        /// The place, as RFC 6901 writes it.
        pointer: String,
        /// Whether a list is written there rather than an object's member. Both are read.
        is_list: bool,
    },
    /// A column that refers to another table's word.
    Lookup {
        /// The column.
        column: String,
        /// The table.
        lookup: Lookup,
    },
    /// Rows of another table.
    Rows(Join),
}

impl Source {
    /// The column of the task's own row, if it is one.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Column(column) | Self::Json { column, .. } | Self::Lookup { column, .. } => Some(column),
            Self::Rows(_) => None,
        }
    }
}
