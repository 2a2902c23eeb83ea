//! `two-successors`: two decisions in force say that they take the place of one.

use std::collections::BTreeMap;

use super::{Edge, Graph, Node, Tie, say};
use crate::diagnostic::{Diagnostic, codes};
use crate::kinds::decision::Status;

/// Tells each successor but the first where it says so, and decisions that are superseded by nothing.
pub(in super::super) fn look(graph: &Graph, said: &mut Vec<Diagnostic>) {
    let mut successors: BTreeMap<usize, Vec<(&Edge, &Node)>> = BTreeMap::new();
    for (edge, newer, _) in graph.tied(Tie::Supersedes) {
        if newer.status == Some(Status::Accepted) && edge.from != edge.to {
            successors.entry(edge.to).or_default().push((edge, newer));
        }
    }
    for (older, mut all) in successors {
        all.dedup_by_key(|(edge, _)| edge.from);
        let (Some(older), [(first_edge, first), others @ ..]) = (graph.nodes.get(older), &*all) else { continue };
        for (edge, newer) in others {
            let message = format!("{} supersedes {}, and so does {}", newer.id, older.id, first.id);
            let problem = say(&codes::ADR_TWO_SUCCESSORS, newer, edge.at, message);
            let problem = problem.related(first, first_edge.at, "the other says so here");
            said.push(problem.fix("let one of them supersede it, and the other one amend or supersede the first").0);
        }
    }
}
