//! What goes wrong inside a transaction, before it is known which database it was.

use std::sync::Arc;

use crate::store::{MappingError, StoreError};

/// A failure of the database or of what was asked of it.
#[derive(Debug)]
pub(super) enum Fault {
    Sql(rusqlite::Error),
    Store(StoreError),
}

pub(super) type Done<T> = Result<T, Fault>;

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<MappingError> for Fault {
    fn from(error: MappingError) -> Self {
        Self::Store(error.into())
    }
}

impl Fault {
    /// The error as callers see it.
    pub(super) fn at(self, url: &Arc<str>) -> StoreError {
        match self {
            Self::Store(error) => error,
            Self::Sql(error) => away(url, &error),
        }
    }
}

/// A failure of the database itself.
pub(super) fn away(url: &Arc<str>, error: &rusqlite::Error) -> StoreError {
    StoreError::OutOfReach { url: url.clone(), reason: error.to_string() }
}

/// Something that must hold of Abide's own tables and does not.
pub(super) fn damaged(what: impl Into<String>) -> Fault {
    Fault::Store(StoreError::Damaged(what.into()))
}

/// A plan that was made from what is no longer so.
pub(super) fn stale(what: impl AsRef<str>) -> Fault {
    Fault::Store(StoreError::Stale(format!("the plan is stale: {}", what.as_ref())))
}
