//! What is odd about a catalog, although it can be read.

use super::Catalog;
use crate::diagnostic::Diagnostic;
use crate::kinds::slo::lints;
use crate::model::Habits;

/// Hints about all specs that can be read as they stand. Pure, and nothing depends on what it says.
pub fn lint(catalog: &Catalog, habits: &Habits) -> Vec<Diagnostic> {
    let documents = catalog.files.values().flat_map(|file| &file.documents);
    let unread: Vec<_> = catalog.unread.iter().map(|unread| unread.spec.as_ref()).collect();
    lints::lint(documents, &catalog.specs, &unread, habits)
}
