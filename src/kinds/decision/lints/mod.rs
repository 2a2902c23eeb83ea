//! What is odd about decisions that are specs, although each of them can be read.
//!
//! The rules are those of [`super::graph`], which records in Markdown are held to as well. In specs the reverse of a claim is
//! derived, so that nothing can be said by one side only.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Status;
use super::graph::{self, Graph, Tie};
use crate::diagnostic::{Diagnostic, Level, Span, codes};
use crate::kinds::Spec;

/// Says what is odd about decisions, each given with the place of its name.
pub fn lint<'a>(decisions: impl IntoIterator<Item = (&'a Arc<Spec>, Span)>) -> Vec<Diagnostic> {
    let graph = Graph::of_specs(decisions);
    let mut said = Vec::new();
    graph::cycle::look(&graph, &[Tie::Supersedes, Tie::Amends], &mut said);
    graph::duplicate::look(&graph, &mut said);
    graph::gap::look(&graph, &|_| BTreeSet::new(), &mut said);
    // As the rule of the daemon has it: only what holds takes the place of another.
    graph::superseded::look(&graph, |status| status == Some(Status::Accepted), &mut said);
    graph::successors::look(&graph, &mut said);
    graph::resting::look(&graph, &mut said);
    graph::unnamed::look(&graph, &mut said);
    said.iter_mut().for_each(soften);
    said
}

/// Drift opens a task of its own, and a spec has no other way to say what it will supersede: both are no more than hints.
fn soften(said: &mut Diagnostic) {
    let hints = [&codes::ADR_SUPERSEDED_YET_ACCEPTED, &codes::ADR_PROPOSED_OVER_ACCEPTED];
    if hints.contains(&said.problem.entry) {
        said.problem.level = Level::Info;
    }
}
