//! `accepted-and-gone`: a decision in force was taken out.

use super::{Side, diagnostic};
use crate::diagnostic::{Diagnostic, Problem, Span, codes};
use crate::kinds::decision::Status;
use crate::model::Revision;

/// The beginning of a file: of what is gone no line is left.
const FIRST: Span = Span { start: 0, end: 0, line: 1, column: 1 };

pub(super) fn look(from: &Revision, (was, decision): Side<'_>) -> Option<Diagnostic> {
    if *decision.status != Status::Accepted {
        return None;
    }
    let message = format!("{} was accepted, and is gone", was.id);
    let problem = Problem::new(&codes::ADR_ACCEPTED_AND_GONE, FIRST, message);
    let help = format!("at {} it stood in {}:{}", from.short(), was.place.file, was.place.line);
    Some(diagnostic(was, problem.help(help).fix("put it back, and set its status to deprecated or superseded")))
}
