//! Columns that the table's own software fills when a task ends, and Abide does not: it writes a status and a time of end.

use std::collections::BTreeSet;

use super::flag::LEAST;
use super::{Seen, clock, examples, status};
use crate::cli::attach::found::Proposal;
use crate::cli::attach::names::is_called;
use crate::config::Field;
use crate::store::inspect::{ColumnSeen, Held};

/// More different values than this are no words for how a task ended.
const MOST: usize = 20;

/// Says of each what it costs that Abide leaves it.
pub(super) fn find(seen: &Seen<'_>, found: &mut Proposal) {
    let Some(status) = found.column(Field::Status).map(str::to_owned) else { return };
    let meant = status::by_key(seen, found);
    let is_open = |held: &Held| meant.get(&held.word()).map(|status| status.is_open());
    let mut told = Vec::new();
    for column in seen.table.columns.iter().filter(|it| it.key == 0 && !it.is_generated && !found.uses(&it.name)) {
        let is_time = clock::looks_as_time(column);
        let counts = seen.look.filled(&seen.table.name, &status, &column.name);
        let of = |open: bool| {
            let of = counts.iter().filter(|(held, ..)| is_open(held) == Some(open));
            of.fold((0, 0), |(rows, filled), (_, more, with)| (rows + more, filled + with))
        };
        let ((open, open_filled), (ended, ended_filled)) = (of(true), of(false));
        if ended < LEAST || open < LEAST || ended_filled < ended {
            continue;
        }
        let is_ends = open_filled == 0 || is_reason(seen, column) && changes(seen, &status, column, is_open);
        match () {
            () if !is_ends => {}
            () if is_time && !found.fields.contains_key(&Field::Finished) => told.push(format!(
                "{} is filled in all {ended} tasks that have ended and in none that is open: `--column finished={}` if it tells when a task ended",
                examples::columns(&[column]),
                column.name
            )),
            () if is_time => {}
            () => told.push(format!(
                "all {ended} tasks that have ended say in {} what none that is open says, and Abide writes nothing there when it closes a \
                 task: let a trigger fill it, or look for tasks that lack it",
                examples::columns(&[column])
            )),
        }
    }
    found.costs.extend(told);
}

/// Whether a column is called as the reason why a task ended.
fn is_reason(seen: &Seen<'_>, column: &ColumnSeen) -> bool {
    const REASONS: [&str; 8] = [
        "resolution",
        "outcome",
        "reason",
        "close_reason",
        "closed_reason",
        "closing_reason",
        "disposition",
        "solution",
    ];
    is_called(&column.name, &seen.table.name, &REASONS)
}

/// Whether open tasks all have one value in a column, and ended ones others.
fn changes(seen: &Seen<'_>, status: &str, column: &ColumnSeen, is_open: impl Fn(&Held) -> Option<bool>) -> bool {
    if column.sample.len() > MOST {
        return false;
    }
    let pairs = seen.look.pairs(&seen.table.name, (status, &column.name));
    let words = |open: bool| {
        let of = pairs.iter().filter(|(held, ..)| is_open(held) == Some(open));
        of.map(|(_, word, _)| word.word()).collect::<BTreeSet<_>>()
    };
    let (open, ended) = (words(true), words(false));
    open.len() == 1 && !ended.is_empty() && open.is_disjoint(&ended)
}
