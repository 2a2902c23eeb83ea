//! `superseded-yet-accepted` and `proposed-over-accepted`.

use super::{Graph, Node, Tie, say};
use crate::diagnostic::{Diagnostic, codes};
use crate::kinds::decision::Status;

/// Tells decisions in force whose place another has taken, and proposals that take the place of what holds.
pub(in super::super) fn look(graph: &Graph, said: &mut Vec<Diagnostic>) {
    let mut told: Vec<(&str, &str)> = Vec::new();
    for (edge, newer, older) in graph.tied(Tie::Supersedes) {
        let pair = (&*newer.id, &*older.id);
        if edge.from == edge.to || told.contains(&pair) {
            continue;
        }
        match newer.status {
            // What was turned down takes nobody's place.
            Some(Status::Rejected) => continue,
            Some(status) if status.is_open() => said.extend(proposed(newer, older)),
            _ if older.status == Some(Status::Accepted) => {
                let message = format!("it is accepted, although {} supersedes it", newer.id);
                let problem = say(&codes::ADR_SUPERSEDED_YET_ACCEPTED, older, older.status_at, message);
                let problem = problem.related(newer, edge.at, format!("{} says so", newer.id));
                said.push(mend(problem.fix("set its status to superseded").0, older));
            }
            _ => continue,
        }
        told.push(pair);
    }
}

/// Flips the status where its exact place is known.
fn mend(said: Diagnostic, older: &Node) -> Diagnostic {
    if older.status_at.start == older.status_at.end {
        return said;
    }
    let problem = said.problem.edit(older.file.clone(), older.status_at, Status::Superseded.word());
    Diagnostic { problem, ..said }
}

/// A proposal that takes the place of what holds.
fn proposed(newer: &Node, older: &Node) -> Option<Diagnostic> {
    let was = match older.status {
        Some(Status::Accepted) => "which is accepted",
        Some(Status::Superseded) => "which says so already",
        _ => return None,
    };
    let message = format!("it is only proposed, and yet it supersedes {}, {was}", older.id);
    let problem = say(&codes::ADR_PROPOSED_OVER_ACCEPTED, newer, newer.status_at, message);
    let problem = problem.related(older, older.status_at, format!("the status of {}", older.id));
    Some(problem.fix("accept it; until then it takes nobody's place").0)
}
