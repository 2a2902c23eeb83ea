//! Columns that say by yes and no whether a task is over: some are set once it is, and others while it is not.

use super::Seen;
use crate::cli::attach::names::{is_called, rank};
use crate::cli::attach::times::{self, Times};
use crate::config::Field;
use crate::store::inspect::{ColumnSeen, Held};

/// Set once a task is over.
const DONE: [&str; 9] =
    ["done", "completed", "complete", "finished", "closed", "checked", "resolved", "erledigt", "fertig"];

/// Set as long as a task is not over.
const OPEN: [&str; 9] =
    ["open", "opened", "active", "pending", "incomplete", "unfinished", "unresolved", "todo", "offen"];

/// Fewer rows of each sort prove nothing.
pub(super) const LEAST: u64 = 3;

/// Whether a column holds only yes and no, or nothing yet.
pub(super) fn is_one(column: &ColumnSeen) -> bool {
    let truth = |(held, _): &(Held, u64)| matches!(held, Held::Integer(0 | 1));
    let declared = column.declared.to_ascii_uppercase();
    column.sample.iter().all(truth) && (declared.contains("BOOL") || declared.contains("INT"))
}

/// Whether a flag is called as one that is set once a task is over.
pub(super) fn says_done(seen: &Seen<'_>, column: &ColumnSeen) -> bool {
    is_one(column) && is_called(&column.name, &seen.table.name, &DONE)
}

/// What a flag holds in tasks that are over, and why that is so. Times prove it, whatever its name; none where neither tells.
pub(super) fn over(seen: &Seen<'_>, column: &ColumnSeen) -> Option<(i64, String)> {
    let named = |names: &[&str]| is_called(&column.name, &seen.table.name, names);
    proven(seen, column).or_else(|| match () {
        () if !is_one(column) => None,
        () if named(&DONE) => Some((1, "its name".to_owned())),
        () if named(&OPEN) => Some((0, "its name".to_owned())),
        () => None,
    })
}

/// The same, where each row of one value has a time of ending and none of the other has.
pub(super) fn proven(seen: &Seen<'_>, column: &ColumnSeen) -> Option<(i64, String)> {
    if !is_one(column) || column.sample.len() != 2 {
        return None;
    }
    let table = &seen.table.name;
    let ends =
        seen.table.columns.iter().filter(|it| it.name != column.name && matches!(times::of(it), Times::Written(_)));
    ends.filter(|it| rank(Field::Finished, &it.name, table).is_some()).find_map(|end| {
        let counts = seen.look.filled(table, &column.name, &end.name);
        let has = |with: bool| {
            counts.iter().find(|(_, rows, filled)| *rows >= LEAST && *filled == if with { *rows } else { 0 })
        };
        match (has(true), has(false)) {
            (Some((Held::Integer(over), ..)), Some(_)) => {
                Some((*over, format!("`{}` is filled where it is {over}", end.name)))
            }
            _ => None,
        }
    })
}

/// How many rows have a value of a flag.
pub(super) fn rows(seen: &Seen<'_>, column: &ColumnSeen, value: i64) -> u64 {
    let counts = seen.look.words(&seen.table.name, &column.name);
    counts.iter().find(|(held, _)| *held == Held::Integer(value)).map_or(0, |(_, count)| *count)
}
