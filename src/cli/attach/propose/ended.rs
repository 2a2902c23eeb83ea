//! Columns that the table's own software fills when a task ends, and Abide does not: it writes a status and a time of end.

use std::collections::{BTreeMap, BTreeSet};

use super::flag::LEAST;
use super::{Seen, clock, examples, flag, status};
use crate::cli::attach::found::Proposal;
use crate::cli::attach::names::is_called;
use crate::config::Field;
use crate::model::TaskStatus;
use crate::store::inspect::{ColumnSeen, Held};

/// More different values than this are no words for how a task ended.
const MOST: usize = 20;

/// Says of each what it costs that Abide leaves it.
pub(super) fn find(seen: &Seen<'_>, found: &mut Proposal) {
    let Some(status) = found.column(Field::Status).map(str::to_owned) else { return };
    let meant = status::by_key(seen, found);
    let free = seen.table.columns.iter().filter(|it| it.key == 0 && !it.is_generated && !found.uses(&it.name));
    let mut told: Vec<String> =
        free.filter_map(|it| flagged(seen, found, it).or_else(|| left(seen, found, &meant, &status, it))).collect();
    told.extend(
        [TaskStatus::Failed, TaskStatus::Cancelled].iter().filter_map(|it| other_end(seen, found, &meant, *it)),
    );
    found.costs.extend(told);
}

/// A flag that is another in tasks that are over: the table's own software may go by it and not by the status.
fn flagged(seen: &Seen<'_>, found: &Proposal, column: &ColumnSeen) -> Option<String> {
    let is_only = found.only.iter().any(|(name, _)| *name == column.name);
    let (over, _) = if is_only { flag::over(seen, column) } else { flag::proven(seen, column) }?;
    let (name, rows) = (&column.name, flag::rows(seen, column, over));
    (rows >= LEAST).then(|| {
        format!(
            "rows that are over have {over} in `{name}` ({rows} of {}), and Abide writes nothing there when it closes a task: let a trigger \
             do so, or go by it with `--column status={name}`",
            seen.table.rows
        )
    })
}

/// A column that all ended tasks fill, and no open one.
fn left(
    seen: &Seen<'_>,
    found: &Proposal,
    meant: &BTreeMap<String, TaskStatus>,
    status: &str,
    column: &ColumnSeen,
) -> Option<String> {
    let is_open = |held: &Held| meant.get(&held.word()).map(|status| status.is_open());
    let counts = seen.look.filled(&seen.table.name, status, &column.name);
    let of = |open: bool| {
        let of = counts.iter().filter(|(held, ..)| is_open(held) == Some(open));
        of.fold((0, 0), |(rows, filled), (_, more, with)| (rows + more, filled + with))
    };
    let ((open, open_filled), (ended, ended_filled)) = (of(true), of(false));
    if ended < LEAST || open < LEAST || ended_filled < ended {
        return None;
    }
    let is_ends = open_filled == 0 || is_reason(seen, column) && changes(seen, status, column, is_open);
    let shown = examples::columns(&[column]);
    is_ends.then(|| match clock::looks_as_time(column) && !found.fields.contains_key(&Field::Finished) {
        true => format!(
            "{shown} is filled in all {ended} tasks that have ended and in none that is open: `--column finished={}` if it tells when a task ended",
            column.name
        ),
        false => format!(
            "all {ended} tasks that have ended say in {shown} what none that is open says, and Abide writes nothing there when it closes a \
             task: let a trigger fill it, or look for tasks that lack it"
        ),
    })
}

/// A status that ends tasks without the time that completed ones have: Abide writes that for every end.
fn other_end(
    seen: &Seen<'_>,
    found: &Proposal,
    meant: &BTreeMap<String, TaskStatus>,
    status: TaskStatus,
) -> Option<String> {
    let (by, finished) = (found.column(Field::Status)?, found.column(Field::Finished)?);
    let of = |column: &str, is: &dyn Fn(TaskStatus) -> bool| {
        let counts = seen.look.filled(&seen.table.name, by, column).into_iter();
        let of = counts.filter(|(held, ..)| meant.get(&held.word()).is_some_and(|it| is(*it)));
        of.fold((0, 0), |(rows, filled), (_, more, with)| (rows + more, filled + with))
    };
    let (rows, filled) = of(finished, &|it| it == status);
    let (_, completed) = of(finished, &|it| it == TaskStatus::Completed);
    if rows < LEAST || filled > 0 || completed == 0 {
        return None;
    }
    let is_own = |it: &&ColumnSeen| {
        clock::looks_as_time(it)
            && of(&it.name, &|it| it == status) == (rows, rows)
            && of(&it.name, &|it| it != status).1 == 0
    };
    let own = seen.table.columns.iter().find(is_own);
    let own = own.map_or_else(String::new, |it| format!(", and have `{}`", it.name));
    Some(format!(
        "tasks that are {status} have no `{finished}` here{own}; Abide writes `{finished}`: let a trigger put right what your software goes by"
    ))
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
