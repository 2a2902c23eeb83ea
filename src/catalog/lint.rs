//! What is odd about a catalog, although it can be read.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Catalog;
use crate::diagnostic::{Diagnostic, Span};
use crate::kinds::agent::lints as agent;
use crate::kinds::approval::lints as approval;
use crate::kinds::assignment::lints as assignment;
use crate::kinds::decision::lints as decision;
use crate::kinds::slo::lints as slo;
use crate::kinds::{Document, Identity, Spec};
use crate::model::{Habits, SpecId};

/// Hints about all specs that can be read as they stand. Pure, and nothing depends on what it says.
pub fn lint(catalog: &Catalog, habits: &Habits) -> Vec<Diagnostic> {
    let documents = || catalog.files.values().flat_map(|file| &file.documents);
    let unread: Vec<_> = catalog.unread.iter().map(|unread| unread.spec.as_ref()).collect();
    let mut said = slo::lint(documents(), &catalog.specs, &unread, habits);
    said.extend(decision::lint(readable(catalog)));
    said.extend(assignment::lint(readable(catalog).map(|(spec, _)| spec), &catalog.specs));
    said.extend(approval::lint(readable(catalog), &catalog.specs));
    said.extend(approval::twice(readable(catalog), &catalog.specs));
    said.extend(agent::lint(readable(catalog).map(|(spec, _)| spec), &catalog.specs));
    said
}

/// The specs that can be read as they stand, each with the place of its name, in order of file and place.
pub(super) fn readable(catalog: &Catalog) -> impl Iterator<Item = (&Arc<Spec>, Span)> {
    let broken: BTreeSet<&SpecId> = catalog.unread.iter().filter_map(|unread| unread.spec.as_ref()).collect();
    let named = |document: &'_ Document| match &document.identity {
        Identity::Spec(_, name) => Some(*name),
        _ => None,
    };
    let documents = catalog.files.values().flat_map(|file| &file.documents);
    documents
        .filter_map(move |document| Some((document.spec.as_ref()?, named(document)?)))
        .filter(move |(spec, _)| !broken.contains(&spec.id))
}
