//! How a task table maps onto Abide's model.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Lookup, SeverityMap, Source};
use crate::model::TaskStatus;

macro_rules! fields {
    ($($(#[$doc:meta])* $field:ident $word:literal),+ $(,)?) => {
        /// What of a task a column may hold. The order is the order in which columns are read.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { $($(#[$doc])* $field),+ }

        impl Field {
            /// Every field.
            pub const ALL: &'static [Field] = &[$(Field::$field),+];

            /// As `[tasks.columns]` writes it.
            pub const fn word(self) -> &'static str {
                match self { $(Field::$field => $word),+ }
            }
        }
    };
}

fields! {
    /// Its key.
    Id "id",
    /// Its type.
    Type "type",
    /// One line for people.
    Title "title",
    /// More for people.
    Body "body",
    /// The role that it is for.
    Role "role",
    /// The agent that holds it.
    Agent "agent",
    /// Who asked for it.
    Author "author",
    /// Where it is in its life.
    Status "status",
    /// How urgent it is.
    Priority "priority",
    /// JSON for machines.
    Context "context",
    /// Why it failed.
    Error "error",
    /// What came of it.
    Result "result",
    /// The task that it is part of.
    Parent "parent",
    /// How often it has failed.
    Attempts "attempts",
    /// How often it is tried in all.
    Tries "tries",
    /// What one must know to do it: a JSON list, or words with commas between.
    Skills "skills",
    /// What bounds the work: `cpu`, `io` or `llm`.
    Class "class",
    /// The region where it is done best.
    Region "region",
    /// The machine where it is done best.
    Machine "machine",
    /// When it came to be.
    Created "created",
    /// When an agent took it.
    Claimed "claimed",
    /// When work began.
    Started "started",
    /// When it ended.
    Finished "finished",
    /// When its row was last written.
    Updated "updated",
    /// When it should be done.
    Due "due",
    /// When it may be claimed at the earliest.
    NotBefore "not_before",
}

impl Field {
    /// The fields that every mapping must have.
    pub const REQUIRED: [Self; 5] = [Self::Id, Self::Type, Self::Title, Self::Status, Self::Created];

    /// The field of that word, if any.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.word() == word)
    }
}

/// How times are written in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeFormat {
    /// `YYYY-MM-DD HH:MM:SS[.fff]`, in UTC.
    Text,
    /// ISO 8601 with an offset.
    Iso8601,
    /// Seconds since 1970.
    Unix,
    /// Milliseconds since 1970.
    UnixMs,
    /// Microseconds since 1970.
    UnixUs,
    /// `YYYY-MM-DDTHH:MM:SS[.fff]`, in UTC.
    TextT,
    /// `YYYY-MM-DD`: the first moment of that day in UTC.
    Date,
    /// Seconds since 2001, as Apple's Core Data counts.
    Apple,
    /// Tenths of microseconds since the year 1, as .NET counts.
    Ticks,
    /// Days since noon of 24 November 4714 BC with their fractions, as SQLite's `julianday()` counts.
    Julian,
}

impl TimeFormat {
    /// Every format.
    pub const ALL: [Self; 10] = [
        Self::Text,
        Self::Iso8601,
        Self::Unix,
        Self::UnixMs,
        Self::UnixUs,
        Self::TextT,
        Self::Date,
        Self::Apple,
        Self::Ticks,
        Self::Julian,
    ];

    /// As `abide.toml` writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Iso8601 => "iso8601",
            Self::Unix => "unix",
            Self::UnixMs => "unix-ms",
            Self::UnixUs => "unix-us",
            Self::TextT => "text-t",
            Self::Date => "date",
            Self::Apple => "apple",
            Self::Ticks => "ticks",
            Self::Julian => "julian",
        }
    }

    /// Whether it is a number that counts from some moment. There 0 says that there is no time.
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Text | Self::TextT | Self::Iso8601 | Self::Date)
    }
}

/// A value that Abide writes as it stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Real(f64),
}

/// Abide's status words in the words of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusWords(pub BTreeMap<TaskStatus, Vec<String>>);

impl StatusWords {
    /// What Abide writes for that status.
    pub fn write(&self, status: TaskStatus) -> Option<&str> {
        self.0.get(&status)?.first().map(String::as_str)
    }

    /// Every word with what it means, in order of status.
    pub fn iter(&self) -> impl Iterator<Item = (TaskStatus, &str)> {
        self.0.iter().flat_map(|(&status, words)| words.iter().map(move |word| (status, word.as_str())))
    }
}

/// The columns of one approver's verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalColumns {
    /// The role that it speaks for.
    pub role: Arc<str>,
    /// The verdict's column.
    pub column: String,
    /// The words for yes.
    pub approved: Vec<String>,
    /// The words for no.
    pub rejected: Vec<String>,
    /// Who said so.
    pub by: Option<String>,
    /// When.
    pub at: Option<String>,
    /// How that time is written, where not as in the rest of the table.
    pub time: Option<TimeFormat>,
}

/// The table of who is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentsTable {
    /// The table.
    pub table: String,
    /// The agent's name.
    pub name: String,
    /// The role that it reports itself in.
    pub role: Option<String>,
    /// When it last reported.
    pub seen: String,
    /// How that time is written, where not as in the task table.
    pub time: Option<TimeFormat>,
}

/// How a task table maps onto Abide's model.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// The URL of the database that it lies in; none where that is the store's.
    pub url: Option<String>,
    /// The table.
    pub table: String,
    /// Whether it is Abide's own.
    pub own: bool,
    /// Which of its rows are tasks: those that hold one of these in each column. An empty text stands for no value. All, where it
    /// is empty.
    pub only: BTreeMap<String, Vec<Constant>>,
    /// How it writes times.
    pub time: TimeFormat,
    /// The column of each field that it has.
    pub columns: BTreeMap<Field, String>,
    /// The tables that give words to the fields whose columns hold keys.
    pub lookups: BTreeMap<Field, Lookup>,
    /// How single columns write times, where not as the rest.
    pub times: BTreeMap<Field, TimeFormat>,
    /// The type of tasks that have none of their own: all, where the table has no column of types.
    pub default_type: Option<Arc<str>>,
    /// Where each label comes from. The name `*` stands for all that is there: members of a JSON object, or tags.
    pub labels: BTreeMap<Arc<str>, Source>,
    /// Where the keys of the tasks that a task waits for come from.
    pub needs: Option<Source>,
    /// Status words.
    pub status: StatusWords,
    /// Severities; nothing matches where the table has no priority.
    pub severity: SeverityMap,
    /// What Abide writes into columns for which it has no value of its own.
    pub insert: BTreeMap<String, Constant>,
    /// Columns in which each new row has the next number: one more than the greatest of the rows that hold the same in the column
    /// named here, or of all.
    pub counted: BTreeMap<String, Option<String>>,
    /// The type of remediation tasks, in place of `abide/RULE`.
    pub insert_type: Option<String>,
    /// Verdicts in the row.
    pub approvals: Vec<ApprovalColumns>,
    /// Who is alive.
    pub agents: Option<AgentsTable>,
}

/// The label that stands for every member of a JSON object, and for every tag.
pub const ANY_LABEL: &str = "*";

impl Mapping {
    /// The column of a field, if it is mapped.
    pub fn column(&self, field: Field) -> Option<&str> {
        self.columns.get(&field).map(String::as_str)
    }

    /// How a field's column writes times.
    pub fn time_of(&self, field: Field) -> TimeFormat {
        self.times.get(&field).copied().unwrap_or(self.time)
    }
}
