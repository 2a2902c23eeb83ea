//! What can be wrong with a record.

use std::fmt;

use super::Anchor;
use crate::model::Timestamp;

/// Something in a record that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Rows are gone, and others after them are there.
    Missing {
        /// The first that is gone.
        from: i64,
        /// The last one.
        to: i64,
    },
    /// A row stands where its number does not belong. Only a file can have that.
    Misplaced {
        /// Its number.
        seq: i64,
        /// That of the row before it.
        after: i64,
    },
    /// A row does not have the hash that was written with it.
    Edited {
        /// Its number.
        seq: i64,
        /// The hash that stands there.
        expected: String,
        /// The hash of what stands there.
        found: String,
        /// The number that it was written with, where only that was changed.
        written_as: Option<i64>,
    },
    /// A row was written after another one than that which stands before it.
    Unbound {
        /// Its number.
        seq: i64,
        /// The hash of the row before it.
        expected: String,
        /// The hash that it is bound to.
        found: String,
    },
    /// A row is not the one that was anchored.
    Rewritten {
        /// The anchor.
        anchor: Anchor,
        /// The row's hash now.
        found: String,
    },
    /// An anchor gives another time than the row that it has the hash of: the line was changed.
    Mistimed {
        /// The anchor.
        anchor: Anchor,
        /// The row's time.
        found: Timestamp,
    },
    /// Rows are gone from the end.
    Cut {
        /// The last row that is there; 0 where none is.
        after: i64,
        /// What tells.
        told: Cut,
    },
}

/// What tells that a record once went on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cut {
    /// An anchor.
    Anchor(Anchor),
    /// A claim was handed out of which no row tells.
    Token(i64),
    /// Something was done then, and all rows are older.
    Moment(Timestamp),
    /// Something names a row that is not there.
    Named(i64),
}

impl Fault {
    /// What kind of fault it is, in a word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing",
            Self::Misplaced { .. } => "misplaced",
            Self::Edited { .. } => "edited",
            Self::Unbound { .. } => "unbound",
            Self::Rewritten { .. } => "rewritten",
            Self::Mistimed { .. } => "mistimed",
            Self::Cut { .. } => "cut",
        }
    }

    /// The row that it is about; the first of them where there are several.
    pub const fn row(&self) -> i64 {
        match self {
            Self::Missing { from: seq, .. }
            | Self::Misplaced { seq, .. }
            | Self::Edited { seq, .. }
            | Self::Unbound { seq, .. } => *seq,
            Self::Rewritten { anchor, .. } | Self::Mistimed { anchor, .. } => anchor.head.seq,
            Self::Cut { after, .. } => after.saturating_add(1),
        }
    }

    /// What had to be there, and what is there instead.
    pub fn contrast(&self) -> Option<(String, String)> {
        match self {
            Self::Edited { expected, found, .. } | Self::Unbound { expected, found, .. } => {
                Some((expected.clone(), found.clone()))
            }
            Self::Rewritten { anchor, found } => Some((anchor.head.hash.clone(), found.clone())),
            Self::Mistimed { anchor, found } => Some((found.to_string(), anchor.at.to_string())),
            Self::Missing { .. } | Self::Misplaced { .. } | Self::Cut { .. } => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { from: 1, to } => {
                write!(f, "{} gone: the record begins after them", rows(1, *to))
            }
            Self::Missing { from, to } => write!(f, "{} gone, and those after them are there", rows(*from, *to)),
            Self::Misplaced { seq, after } => write!(f, "row {seq} stands after row {after}"),
            Self::Edited { seq, written_as: Some(other), .. } => {
                write!(f, "row {seq} was written as row {other}: rows were swapped, put in or taken out there")
            }
            Self::Edited { seq, .. } => {
                write!(f, "row {seq} is not as it was written: what stands there does not have its hash")
            }
            Self::Unbound { seq: 1, .. } => f.write_str("row 1 was written after another row, and is the first"),
            Self::Unbound { seq, .. } => {
                let before = seq - 1;
                write!(f, "row {seq} was written after another row {before} than the one that is there")
            }
            Self::Rewritten { anchor, .. } => {
                let (seq, line, at) = (anchor.head.seq, anchor.line, anchor.at);
                write!(f, "row {seq} is not the one of {at} that was anchored (line {line}): it was written anew since")
            }
            Self::Mistimed { anchor, .. } => {
                let (seq, line) = (anchor.head.seq, anchor.line);
                write!(f, "the anchor of row {seq} (line {line}) has another time than the row: the line was changed")
            }
            Self::Cut { after, told } => cut(*after, told, f),
        }
    }
}

fn cut(after: i64, told: &Cut, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match after {
        0 => f.write_str("every row is gone: ")?,
        _ => write!(f, "the newest rows are gone, from row {} on: ", after.saturating_add(1))?,
    }
    match told {
        Cut::Anchor(Anchor { head, at, line }) => {
            write!(f, "row {} of {at} was anchored (line {line})", head.seq)
        }
        Cut::Token(token) => write!(f, "claim {token} was handed out, and no row tells of it"),
        Cut::Named(row) => write!(f, "row {row} is named by what it told of"),
        Cut::Moment(at) => write!(f, "something was done at {at}, and every row is older"),
    }
}

/// That a row is, or rows are.
fn rows(from: i64, to: i64) -> String {
    if from == to { format!("row {from} is") } else { format!("rows {from} to {to} are") }
}
