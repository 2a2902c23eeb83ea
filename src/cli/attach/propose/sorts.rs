//! Columns that tell rows of one sort from those of another: pull requests beside issues, projects beside tasks.

use super::{Seen, examples};
use crate::cli::attach::found::Proposal;
use crate::cli::attach::names::{is_called, normal};
use crate::store::inspect::{ColumnSeen, Held};

/// More different values than this are no sorts.
const MOST: usize = 6;

/// Says which columns may do so: all rows are taken for tasks, and not all may be.
pub(super) fn find(seen: &Seen<'_>, found: &mut Proposal) {
    let is_said = |column: &ColumnSeen| seen.said.only.iter().any(|(name, _)| name.eq_ignore_ascii_case(&column.name));
    let is_free = |column: &&ColumnSeen| column.key == 0 && !is_said(column) && !is_asked(found, &column.name);
    let free = seen.table.columns.iter().filter(is_free);
    let sorts: Vec<&ColumnSeen> = free.filter(|column| tells_sorts(seen, column)).collect();
    let Some(first) = sorts.first() else { return };
    let one = first.sample.first().map_or_else(String::new, |(held, _)| held.word());
    found.assumed.push(format!(
        "all rows are taken for tasks, whatever stands in {}: if some are none, `--only {}={one}` keeps those that hold that",
        examples::columns(&sorts),
        first.name
    ));
}

/// Whether a column is made use of, or asked about.
fn is_asked(found: &Proposal, name: &str) -> bool {
    let named = format!("`{name}`");
    let mut told = found.questions.iter().chain(&found.costs);
    found.uses(name) || found.only.iter().any(|(only, _)| only == name) || told.any(|it| it.contains(&named))
}

/// A flag that is set in some rows and called as what they are, or numbers that are called as types.
fn tells_sorts(seen: &Seen<'_>, column: &ColumnSeen) -> bool {
    let whole = |(held, _): &(Held, u64)| matches!(held, Held::Integer(_));
    if column.refers.is_some() || column.sample.len() < 2 || !column.sample.iter().all(whole) {
        return false;
    }
    let is_flag = column.sample.len() == 2 && normal(&column.name).starts_with("is_");
    let is_type = column.sample.len() <= MOST
        && is_called(&column.name, &seen.table.name, &["type", "kind", "item_type", "entry_type"]);
    is_flag || is_type
}
