//! Rows of the live table, those that can be read and those that cannot.

use super::fault::{Done, Fault};
use crate::model::TaskId;
use crate::store::{MappingError, Refusal, StoreError};

/// What a look at the live table has found.
pub(super) struct Found<T> {
    pub(super) rows: Vec<T>,
    /// What is wrong with each of the others.
    unread: Vec<(TaskId, MappingError)>,
}

impl<T> Found<T> {
    pub(super) const fn nothing() -> Self {
        Self { rows: Vec::new(), unread: Vec::new() }
    }

    /// Adds a row as it was read. What is wrong with the mapping itself, and not with one row, stays a fault.
    pub(super) fn add(&mut self, read: Done<T>) -> Done<()> {
        match read {
            Ok(row) => self.rows.push(row),
            Err(Fault::Store(StoreError::Mapping(error))) => match error.row.clone() {
                Some(id) => self.unread.push((TaskId(id.into()), *error)),
                None => return Err(StoreError::Mapping(error).into()),
            },
            Err(fault) => return Err(fault),
        }
        Ok(())
    }

    /// The rows, where every one could be read.
    pub(super) fn whole(self) -> Done<Vec<T>> {
        match self.unread.into_iter().next() {
            Some((_, error)) => Err(error.into()),
            None => Ok(self.rows),
        }
    }

    /// The tasks that could not be read.
    pub(super) fn unread(&self) -> impl Iterator<Item = &TaskId> {
        self.unread.iter().map(|(task, _)| task)
    }

    /// The rows, and why the others could not be read.
    pub(super) fn apart(self) -> (Vec<T>, Vec<Refusal>) {
        let refusals = self.unread.into_iter().map(|(task, error)| Refusal { task, why: error.to_string() });
        (self.rows, refusals.collect())
    }
}
