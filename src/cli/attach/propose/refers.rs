//! Which columns of other tables refer to tasks.

use super::{Seen, lookup, ties};
use crate::cli::attach::kinds::says_people;
use crate::cli::attach::names::{normal, of_row, singular};
use crate::store::inspect::{ColumnSeen, TableSeen};

/// The columns of a table that refer to tasks by the key `id`.
pub(super) fn to_tasks<'a>(seen: &Seen<'_>, table: &'a TableSeen, id: &str) -> Vec<&'a ColumnSeen> {
    let by_name = |column: &&ColumnSeen| by_name(seen, table, column, id);
    let named: Vec<&ColumnSeen> = table.columns.iter().filter(by_name).collect();
    if named.len() > 1 {
        return named;
    }
    // `dependency_id` beside `issue_id`, and `source` beside `dest`: what they are called is the end of a tie, and what they hold are
    // keys of tasks.
    let is_end = |column: &&ColumnSeen| by_name(column) || is_end(seen, table, column, id);
    let ends: Vec<&ColumnSeen> = table.columns.iter().filter(is_end).collect();
    if ends.len() == 2 { ends } else { named }
}

/// Whether a table is called one of these, or one of its words begins so.
pub(super) fn says(table: &TableSeen, words: &[&str]) -> bool {
    normal(&table.name).split('_').any(|part| words.iter().any(|word| part.starts_with(word)))
}

/// By a foreign key, or by a name that says so; of anything, where another column tells of what.
fn by_name(seen: &Seen<'_>, table: &TableSeen, column: &ColumnSeen, id: &str) -> bool {
    if let Some((to, referred)) = &column.refers {
        return to.eq_ignore_ascii_case(&seen.table.name) && referred.eq_ignore_ascii_case(id);
    }
    let name = normal(&column.name);
    let ends = |word: &str| name == format!("{word}_id") || name == word || name.ends_with(&format!("_{word}_id"));
    // `issue_from_id` and `issue_to_id` of a table of ties.
    let tied = |word: &str| {
        let middle = name.strip_prefix(&format!("{word}_")).and_then(|rest| rest.strip_suffix("_id"));
        middle.is_some_and(|middle| ENDS_OF_TIES.contains(&middle))
    };
    let is_end = name.strip_suffix("_id").is_some_and(|end| ENDS_OF_TIES.contains(&end));
    if is_end && says(table, &["relation", "link", "depend"]) {
        return true;
    }
    let named = column.key != 1 || table.columns.iter().filter(|it| it.key > 0).count() > 1;
    let speaks = discriminator(table, column);
    let is_any = speaks.is_some_and(|of| name.ends_with("able_id") || ours(seen, of).is_some());
    let [task, short] = of_row(&seen.table.name);
    let is_plural = singular(&name) == short && name != short && holds_keys(seen, column, id);
    named && (ends(&task) || ends(&short) || tied(&task) || tied(&short) || is_any || is_plural)
}

/// What tells the two tasks of a tie apart.
const ENDS_OF_TIES: [&str; 18] = [
    "from",
    "to",
    "source",
    "target",
    "src",
    "dst",
    "dest",
    "destination",
    "a",
    "b",
    "1",
    "2",
    "parent",
    "child",
    "blocker",
    "blocked",
    "predecessor",
    "successor",
];

/// Whether a column is called as the end of a tie, in a table of ties, and holds keys of tasks.
fn is_end(seen: &Seen<'_>, table: &TableSeen, column: &ColumnSeen, id: &str) -> bool {
    let name = normal(&column.name);
    let stem = name.strip_suffix("_id").unwrap_or(&name);
    let [_, short] = of_row(&seen.table.name);
    let of_ties = says(table, &ties::TABLES) || normal(&table.name).contains(&short);
    let is_called = ENDS_OF_TIES.contains(&stem) || ties::tells(column).is_some();
    let is_other = column.refers.is_some() || says_people(stem) || lookup::of(seen, table, column).is_some();
    let may =
        of_ties && is_called && !is_other && !table.columns.iter().any(|it| it.is_automatic && it.name == column.name);
    may && (holds_keys(seen, column, id) || column.sample.is_empty() && says(table, &ties::TABLES))
}

/// Whether all that is seen in a column are keys of tasks.
pub(super) fn holds_keys(seen: &Seen<'_>, column: &ColumnSeen, id: &str) -> bool {
    let words: Vec<String> = column.sample.iter().map(|(held, _)| held.word()).collect();
    !words.is_empty() && seen.look.known(&seen.table.name, id, &words) == words.len()
}

/// The column that says of which table's row another one speaks: `taggable_type` beside `taggable_id`.
pub(super) fn discriminator<'a>(table: &'a TableSeen, column: &ColumnSeen) -> Option<&'a ColumnSeen> {
    let name = normal(&column.name);
    let kind = format!("{}_type", name.strip_suffix("_id")?);
    table.columns.iter().find(|other| normal(&other.name) == kind)
}

/// The word by which such a column says that it speaks of a task.
pub(super) fn ours<'a>(seen: &Seen<'_>, of: &'a ColumnSeen) -> Option<&'a str> {
    let mut words = of.sample.iter().filter_map(|(held, _)| held.text());
    words.find(|text| singular(text) == singular(&seen.table.name))
}
