//! What a mapping is proposed to be, with the reason of each part.

use std::collections::BTreeMap;

use crate::config::{Field, Lookup, TimeFormat};
use crate::model::{Severity, TaskStatus};

/// A mapping that is proposed, as `abide.toml` will write it.
#[derive(Debug, Default)]
pub(super) struct Proposal {
    /// The table.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
    /// How most of its columns write times.
    pub time: Option<TimeFormat>,
    /// Which rows are tasks: columns and what they must hold, as TOML.
    pub only: Vec<(String, Because)>,
    /// The columns.
    pub fields: BTreeMap<Field, Picked>,
    /// The type of tasks without one.
    pub default_type: Option<String>,
    /// Every status word that was found.
    pub status: Vec<StatusWord>,
    /// Severities in words of the table.
    pub severity: Vec<SeverityWords>,
    /// Labels: a name, where it comes from as TOML, and why.
    pub labels: Vec<(String, Because)>,
    /// What a task waits for.
    pub needs: Option<Because>,
    /// Verdicts in the row.
    pub approvals: Vec<Approving>,
    /// Who is alive.
    pub agents: Option<Alive>,
    /// Values for columns that must not be empty; `type` is the type of new tasks.
    pub insert: Vec<(String, Because)>,
    /// What is not mapped, and what that costs.
    pub costs: Vec<String>,
    /// What was taken for granted.
    pub assumed: Vec<String>,
    /// What only a person can say.
    pub questions: Vec<String>,
    /// Columns that nothing is made of.
    pub unused: Vec<String>,
    /// Columns that are called as times, and whose forms were asked for.
    pub odd_times: Vec<String>,
    /// How the table is followed.
    pub followed: String,
}

/// A piece of TOML, and why it is proposed.
#[derive(Debug, Clone)]
pub(super) struct Because {
    pub toml: String,
    pub why: String,
}

/// A column that was picked for a field.
#[derive(Debug, Clone)]
pub(super) struct Picked {
    pub column: String,
    pub lookup: Option<Lookup>,
    pub time: Option<TimeFormat>,
    pub why: String,
}

/// A word of the status column.
#[derive(Debug, Clone)]
pub(super) struct StatusWord {
    pub word: String,
    /// As TOML writes it.
    pub toml: String,
    /// How many rows have it, where that was counted.
    pub count: Option<u64>,
    /// What it means, if anybody can tell.
    pub means: Option<TaskStatus>,
}

/// The priorities that a severity stands for.
#[derive(Debug, Clone)]
pub(super) struct SeverityWords {
    pub severity: Severity,
    /// What is read as it, as TOML.
    pub from: String,
    /// What is written for it, as TOML, where that is not the first of those.
    pub insert: Option<String>,
}

/// The columns of a verdict.
#[derive(Debug, Clone)]
pub(super) struct Approving {
    pub role: String,
    pub column: String,
    pub approved: Vec<String>,
    pub rejected: Vec<String>,
    pub by: Option<String>,
    pub at: Option<String>,
    pub time: Option<TimeFormat>,
}

/// A table of who is alive.
#[derive(Debug, Clone)]
pub(super) struct Alive {
    pub table: String,
    pub name: String,
    pub role: Option<String>,
    pub seen: String,
    pub time: Option<TimeFormat>,
}

impl Proposal {
    /// The column of a field.
    pub(super) fn column(&self, field: Field) -> Option<&str> {
        self.fields.get(&field).map(|picked| picked.column.as_str())
    }

    /// Whether a column is made use of.
    pub(super) fn uses(&self, column: &str) -> bool {
        self.fields.values().any(|picked| picked.column.eq_ignore_ascii_case(column))
    }

    /// Whether a column is made use of by anything.
    pub(super) fn text_names(&self, column: &str) -> bool {
        let within = |text: &str| text.contains(&format!("\"{column}\"")) || text.contains(&format!("\"{column}:"));
        let sources = self.labels.iter().map(|(_, it)| it).chain(&self.needs);
        self.uses(column)
            || sources.into_iter().any(|it| within(&it.toml))
            || self.insert.iter().chain(&self.only).any(|(name, _)| name == column)
            || self
                .approvals
                .iter()
                .any(|it| [Some(&it.column), it.by.as_ref(), it.at.as_ref()].contains(&Some(&column.to_owned())))
    }

    /// Whether it is asked what of rows without a status.
    pub(super) fn lacks_status(&self) -> bool {
        self.questions.iter().any(|question| question.contains("A task must have a status"))
    }

    /// The words that nobody can place.
    pub(super) fn unplaced(&self) -> Vec<&str> {
        self.status.iter().filter(|word| word.means.is_none()).map(|word| word.word.as_str()).collect()
    }
}

/// A text as TOML writes it on one line: a name may hold anything, and some lines are comments. JSON's escapes are TOML's, which
/// escapes one character more.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string().replace('\u{7f}', "\\u007F")
}

/// A word as an argument of a command.
pub(super) fn argument(text: &str) -> String {
    let is_bare = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':' | '=');
    let is_plain = !text.is_empty() && text.chars().all(is_bare);
    if is_plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// A key as TOML writes it.
pub(super) fn key(text: &str) -> String {
    let is_bare = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if is_bare { text.to_owned() } else { quoted(text) }
}
