//! Why a statement has no answer.

use rusqlite::{Error, ErrorCode};

use super::connect::LONGEST_VALUE;
use crate::model::Duration;

/// Why a statement has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The database cannot be opened or read for now, or is none that is supported.
    #[error("the database {url} is out of reach: {reason}")]
    OutOfReach {
        /// Its URL, without credentials.
        url: String,
        /// What the database says.
        reason: String,
    },
    /// The statement wants what it may not have.
    #[error("{what}; {fix}")]
    Denied {
        /// What it wants.
        what: String,
        /// The line of `abide.toml` that would allow it, or what to write in its place.
        fix: String,
    },
    /// The statement itself is wrong.
    #[error("the statement cannot be asked: {0}")]
    Statement(String),
    /// The statement, its rows or its values are beyond a limit.
    #[error("the statement asks too much: {0}")]
    TooMuch(String),
    /// The statement had no answer in time.
    #[error("the statement had no answer within {0}; let it read less, or set a longer `timeout` in abide.toml")]
    TimedOut(Duration),
    /// The answer is neither a number nor rows of a time and a number.
    #[error("the answer cannot be read: {0}")]
    Malformed(String),
}

impl Fault {
    /// What an error of SQLite's means to people.
    pub(super) fn of(error: &Error, url: &str, timeout: Duration) -> Self {
        let away = |reason: String| Self::OutOfReach { url: url.to_owned(), reason };
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => Self::TimedOut(timeout),
            Some(ErrorCode::TooBig) => Self::TooMuch(format!("it makes a value of more than {LONGEST_VALUE} bytes")),
            Some(ErrorCode::OutOfMemory) => Self::TooMuch("it is too large to compile or to run".into()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                away(format!("somebody else kept it locked for {timeout}"))
            }
            Some(
                ErrorCode::CannotOpen
                | ErrorCode::NotADatabase
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::SystemIoFailure
                | ErrorCode::PermissionDenied
                | ErrorCode::ReadOnly
                | ErrorCode::FileLockingProtocolFailed,
            ) => away(message(error)),
            _ => Self::Statement(message(error)),
        }
    }

    /// The same where nothing was asked yet: whatever it is, the database does not answer.
    pub(super) fn out_of_reach(self, url: &str) -> Self {
        match self {
            Self::Statement(reason) | Self::TooMuch(reason) => Self::OutOfReach { url: url.to_owned(), reason },
            other => other,
        }
    }
}

/// What SQLite says, without the statement but with the place in it.
fn message(error: &Error) -> String {
    match error {
        Error::MultipleStatement => "it is more than one; write one SELECT and nothing behind it".into(),
        Error::SqlInputError { msg, sql, offset, .. } => {
            let before = usize::try_from(*offset).ok().and_then(|offset| sql.get(..offset));
            before.map_or_else(|| msg.clone(), |text| format!("{msg}, at character {}", text.chars().count() + 1))
        }
        Error::SqliteFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    }
}
