//! `rests-on-superseded`: a decision in force rests on one that is not.

use std::collections::BTreeSet;

use super::{Graph, Tie, say};
use crate::diagnostic::{Diagnostic, Level, codes};
use crate::kinds::decision::Status;

/// Tells decisions in force that amend what is no longer in force, and hints at those that only relate to it.
pub(in super::super) fn look(graph: &Graph, said: &mut Vec<Diagnostic>) {
    let successions: BTreeSet<(usize, usize)> =
        graph.tied(Tie::Supersedes).map(|(edge, ..)| (edge.from, edge.to)).collect();
    let taken = graph.tied(Tie::Supersedes).filter(|(_, newer, _)| newer.status == Some(Status::Accepted));
    let taken: BTreeSet<usize> = taken.map(|(edge, ..)| edge.to).collect();
    for tie in [Tie::Amends, Tie::Relates] {
        for (edge, newer, older) in graph.tied(tie) {
            // Who is superseded need not have said so yet.
            let status = if taken.contains(&edge.to) { Some(Status::Superseded) } else { older.status };
            let Some(gone) = status.filter(|status| is_gone(*status, tie)) else { continue };
            // Whoever takes its place may speak of it.
            if newer.status != Some(Status::Accepted) || successions.contains(&(edge.from, edge.to)) {
                continue;
            }
            let message = format!("it {} {}, which is {}", tie.word(), older.id, gone.word());
            let problem = say(&codes::ADR_RESTS_ON_SUPERSEDED, newer, edge.at, message);
            let problem = problem.related(older, older.status_at, "it says so here");
            let mut problem = problem.fix("let it speak of what holds instead, or take this out").0;
            if tie == Tie::Relates {
                problem.problem.level = Level::Info;
            }
            said.push(problem);
        }
    }
}

/// Whether nothing can rest on a decision of that status. To speak of one that was turned down is no more than history.
const fn is_gone(status: Status, tie: Tie) -> bool {
    match status {
        Status::Superseded => true,
        Status::Deprecated | Status::Rejected => matches!(tie, Tie::Amends),
        _ => false,
    }
}
