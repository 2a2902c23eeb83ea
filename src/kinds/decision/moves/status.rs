//! `illegal-move`: a status that cannot follow the one before.

use super::{Pair, States, diagnostic};
use crate::diagnostic::{Diagnostic, Problem, codes};
use crate::kinds::decision::Status;

/// The statuses that may follow one.
const fn next(status: Status) -> &'static [Status] {
    use Status::{Accepted, Deprecated, Draft, Proposed, Rejected, Superseded};
    match status {
        Draft => &[Proposed, Accepted, Rejected],
        Proposed => &[Draft, Accepted, Rejected],
        Accepted => &[Deprecated, Superseded],
        // Somebody may propose again what was turned down.
        Rejected => &[Draft, Proposed],
        Deprecated => &[Superseded],
        Superseded => &[],
    }
}

pub(super) fn look(states: &States<'_>, pair: &Pair<'_>) -> Option<Diagnostic> {
    let (was, is) = (*pair.was.1.status, *pair.is.1.status);
    if was == is || next(was).contains(&is) || is_free_again(states, pair) {
        return None;
    }
    let message = format!("a decision that is {} cannot become {}", was.word(), is.word());
    let problem = Problem::new(&codes::ADR_ILLEGAL_MOVE, pair.is.1.status.span, message);
    let problem = problem.help(format!("at {} it was {}; {}", states.moves.from.short(), was.word(), allowed(was)));
    Some(diagnostic(pair.is.0, problem.fix(mend(was, is))))
}

/// What was superseded holds again once nothing supersedes it any longer.
fn is_free_again(states: &States<'_>, pair: &Pair<'_>) -> bool {
    let (was, is) = (*pair.was.1.status, *pair.is.1.status);
    (was, is) == (Status::Superseded, Status::Accepted) && !states.superseded.contains(&pair.is.0.id)
}

fn allowed(was: Status) -> String {
    let words: Vec<&str> = next(was).iter().map(|status| status.word()).collect();
    match &*words {
        [] => "that is the end of its life, unless its successor goes".into(),
        [one] => format!("it can become {one}"),
        [most @ .., last] => format!("it can become {} or {last}", most.join(", ")),
    }
}

fn mend(was: Status, is: Status) -> String {
    match (was, is) {
        (Status::Accepted, Status::Rejected) => "set it to deprecated: rejected is what never held".into(),
        (Status::Draft | Status::Proposed, Status::Superseded) => "set it to rejected: it never held".into(),
        (Status::Draft | Status::Proposed, Status::Deprecated) => "set it to rejected: it never held".into(),
        (_, Status::Accepted) => "write a new decision that supersedes it, and accept that".into(),
        _ => format!("leave it {}, and write a new decision that supersedes it", was.word()),
    }
}
