//! What a database looks like that Abide knows nothing of yet. Each store looks its own kind of database over; what its tables
//! mean is not asked here.

use super::StoreError;

/// Looks over a database that somebody else made. It only reads.
pub trait Inspect {
    /// Its tables and views in order of name, without the database's own and Abide's.
    ///
    /// # Errors
    /// When it cannot be read.
    fn tables(&self) -> Result<Vec<TableSeen>, StoreError>;

    /// Every different value of a column with how often it is there, the most frequent first, at most [`MOST_WORDS`].
    ///
    /// # Errors
    /// As [`Self::tables`].
    fn words(&self, table: &str, column: &str) -> Result<Vec<(Held, u64)>, StoreError>;

    /// Every different pair of values of two columns of a row with how often it is there, at most [`MOST_PAIRS`]. Rows where
    /// either is empty do not count.
    ///
    /// # Errors
    /// As [`Self::tables`].
    fn pairs(&self, table: &str, columns: (&str, &str)) -> Result<Vec<(Held, Held, u64)>, StoreError>;

    /// For every value of a column `by`: how many rows have it, and in how many of those another column is filled, by
    /// something else than 0. At most [`MOST_WORDS`].
    ///
    /// # Errors
    /// As [`Self::tables`].
    fn filled(&self, table: &str, by: &str, column: &str) -> Result<Vec<(Held, u64, u64)>, StoreError>;

    /// The greatest value of a column; none where it is empty in all rows.
    ///
    /// # Errors
    /// As [`Self::tables`].
    fn greatest(&self, table: &str, column: &str) -> Result<Option<Held>, StoreError>;

    /// How many of these different words a column holds.
    ///
    /// # Errors
    /// As [`Self::tables`].
    fn known(&self, table: &str, column: &str, words: &[String]) -> Result<usize, StoreError>;

    /// Whether Abide keeps its own tables there.
    ///
    /// # Errors
    /// As [`Self::tables`].
    fn is_abides(&self) -> Result<bool, StoreError>;
}

/// More pairs than this are not told.
pub const MOST_PAIRS: usize = 500;

/// A column with more different values than this holds no words.
pub const MOST_WORDS: usize = 60;

/// A table or view.
#[derive(Debug, Clone, PartialEq)]
pub struct TableSeen {
    /// Its name.
    pub name: String,
    /// Whether it is a view.
    pub is_view: bool,
    /// How many rows it has.
    pub rows: u64,
    /// Its columns, in their order.
    pub columns: Vec<ColumnSeen>,
    /// The columns of which no two rows may hold the same together, each time in order. The key is not told here.
    pub uniques: Vec<Vec<String>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnSeen {
    /// Its name.
    pub name: String,
    /// Its type, as the schema writes it.
    pub declared: String,
    /// Whether it must not be empty.
    pub not_null: bool,
    /// What it is where nothing is given, as the schema writes it.
    pub default: Option<String>,
    /// Its place in the table's key, from 1; 0 where it is not in it.
    pub key: usize,
    /// Whether the database gives it a value by itself: a growing key.
    pub is_automatic: bool,
    /// Whether the database works it out, so that nobody can write it.
    pub is_generated: bool,
    /// Whether an index begins with it.
    pub is_indexed: bool,
    /// The table and column that it refers to.
    pub refers: Option<(String, String)>,
    /// The only words that it takes, where the schema says so.
    pub allowed: Vec<String>,
    /// Values of some rows with how often they are there, the most frequent first. Empty ones do not count.
    pub sample: Vec<(Held, u64)>,
}

/// A value as it is held.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Real(f64),
    /// A text.
    Text(String),
    /// Bytes.
    Blob,
}

impl Held {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Integer(_) | Self::Real(_) | Self::Blob => None,
        }
    }

    /// As `abide.toml` writes it as a word.
    pub fn word(&self) -> String {
        match self {
            Self::Integer(number) => number.to_string(),
            Self::Real(number) => number.to_string(),
            Self::Text(text) => text.clone(),
            Self::Blob => "(bytes)".to_owned(),
        }
    }
}

impl TableSeen {
    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&ColumnSeen> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }
}
