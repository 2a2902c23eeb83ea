//! `superseded-by-nothing`: a decision says that it is superseded, and nothing says by what.

use std::collections::BTreeSet;

use super::{Graph, Tie, say};
use crate::diagnostic::{Diagnostic, codes};
use crate::kinds::decision::Status;

/// Hints at decisions whose successor nobody can find.
pub(in super::super) fn look(graph: &Graph, said: &mut Vec<Diagnostic>) {
    let named: BTreeSet<usize> = graph.tied(Tie::Supersedes).map(|(edge, ..)| edge.to).collect();
    for (_, node) in graph.nodes.iter().enumerate().filter(|(index, _)| !named.contains(index)) {
        if node.status == Some(Status::Superseded) {
            let message = format!("{} is superseded, and no decision says that it supersedes it", node.id);
            let problem = say(&codes::ADR_SUPERSEDED_BY_NOTHING, node, node.status_at, message);
            said.push(problem.fix("name it in `supersedes` of its successor; without one it is deprecated").0);
        }
    }
}
