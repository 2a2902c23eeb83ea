//! `superseded-yet-accepted` and `proposed-over-accepted`.

use std::collections::BTreeSet;

use super::{Graph, Node, Tie, cycle, say};
use crate::diagnostic::{Diagnostic, codes};
use crate::kinds::decision::Status;

/// Tells decisions in force whose place another has taken, and proposals that take the place of what holds. `takes` says with
/// which status a decision has taken the place of another. Of decisions in a circle nobody knows whose place is taken.
pub(in super::super) fn look(graph: &Graph, takes: fn(Option<Status>) -> bool, said: &mut Vec<Diagnostic>) {
    let circles = cycle::circles(graph, &[Tie::Supersedes]);
    let mut told: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (edge, newer, older) in graph.tied(Tie::Supersedes) {
        let pair = (edge.from, edge.to);
        if circles.contains(&pair) || !told.insert(pair) {
            continue;
        }
        match newer.status {
            Some(status) if status.is_open() => said.extend(proposed(newer, older)),
            status if takes(status) && older.status == Some(Status::Accepted) => {
                let message = format!("it is accepted, although {} supersedes it", newer.id);
                let problem = say(&codes::ADR_SUPERSEDED_YET_ACCEPTED, older, older.status_at, message);
                let problem = problem.related(newer, edge.at, format!("{} says so", newer.id));
                said.push(mend(problem.fix("set its status to superseded").0, older));
            }
            _ => {}
        }
    }
}

/// Flips the status where its exact place is known.
fn mend(mut said: Diagnostic, older: &Node) -> Diagnostic {
    said.problem.edits.extend(older.flip.clone());
    said
}

/// A proposal that takes the place of what holds.
fn proposed(newer: &Node, older: &Node) -> Option<Diagnostic> {
    let was = match older.status {
        Some(Status::Accepted) => "which is accepted",
        Some(Status::Superseded) => "which says so already",
        _ => return None,
    };
    let message = format!(
        "it is only {}, and yet it supersedes {}, {was}",
        newer.status.map_or("proposed", Status::word),
        older.id
    );
    let problem = say(&codes::ADR_PROPOSED_OVER_ACCEPTED, newer, newer.status_at, message);
    let problem = problem.related(older, older.status_at, format!("the status of {}", older.id));
    Some(problem.fix("accept it; until then it takes nobody's place").0)
}
