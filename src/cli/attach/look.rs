//! A database that is looked over for a proposal. The proposal itself reads nothing and knows of no failure: the first one is
//! kept here, and is an error of the whole.

use std::cell::RefCell;

use super::CliError;
use super::propose::Look;
use crate::cli::setup;
use crate::store::StoreError;
use crate::store::inspect::{Held, Inspect};

/// Reads for a proposal.
pub(super) struct Reader<'a> {
    database: &'a dyn Inspect,
    failed: RefCell<Option<StoreError>>,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(database: &'a dyn Inspect) -> Self {
        Self { database, failed: RefCell::new(None) }
    }

    /// What could not be read, if anything.
    pub(super) fn end(self) -> Result<(), CliError> {
        self.failed.into_inner().map_or(Ok(()), |error| setup::of_store(Err(error)))
    }

    fn keep<T: Default>(&self, read: Result<T, StoreError>) -> T {
        read.unwrap_or_else(|error| {
            self.failed.borrow_mut().get_or_insert(error);
            T::default()
        })
    }
}

impl Look for Reader<'_> {
    fn words(&self, table: &str, column: &str) -> Vec<(Held, u64)> {
        self.keep(self.database.words(table, column))
    }

    fn pairs(&self, table: &str, columns: (&str, &str)) -> Vec<(Held, Held, u64)> {
        self.keep(self.database.pairs(table, columns))
    }

    fn filled(&self, table: &str, by: &str, column: &str) -> Vec<(Held, u64, u64)> {
        self.keep(self.database.filled(table, by, column))
    }

    fn greatest(&self, table: &str, column: &str) -> Option<Held> {
        self.keep(self.database.greatest(table, column))
    }

    fn known(&self, table: &str, column: &str, words: &[String]) -> usize {
        self.keep(self.database.known(table, column, words))
    }
}
