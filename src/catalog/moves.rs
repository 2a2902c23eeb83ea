//! What a change did to decisions, commit against commit.

use std::sync::Arc;

use super::file::FileRead;
use super::{Catalog, Change, lint};
use crate::diagnostic::Diagnostic;
use crate::kinds::Spec;
use crate::kinds::decision::moves;
use crate::model::SpecId;

/// What a change to this catalog did that decisions do not allow. Pure, and nothing depends on what it says.
pub fn moves(catalog: &Catalog, change: &Change) -> Vec<Diagnostic> {
    let before = specs_before(change);
    let is_declared = |id: &SpecId| catalog.specs.is_declared(id);
    moves::lint(&moves::Moves {
        from: &change.from,
        before: &before,
        now: lint::readable(catalog).collect(),
        is_declared: &is_declared,
        touched: &change.touched,
    })
}

/// The specs of the files that differ, as they were. One that could not be read then says nothing.
fn specs_before(change: &Change) -> Vec<Arc<Spec>> {
    let files = change.before.iter().map(|(path, file)| FileRead::new(path, file));
    files.flat_map(|file| file.documents).filter_map(|document| document.spec).collect()
}
