//! Which column holds the title. Some names are used for titles and for long texts alike: then what the columns hold decides, and
//! where that does not tell either, a person is asked.

use super::fields::{is_list, is_object, is_text};
use super::{Seen, clock, examples};
use crate::cli::attach::found::{Picked, Proposal};
use crate::cli::attach::names::{is_called, normal, rank};
use crate::cli::attach::times::{self, Times};
use crate::config::Field;
use crate::store::inspect::{ColumnSeen, Held};

/// Names that long texts have as well.
const WEAK: [&str; 6] = ["text", "content", "description", "label", "note", "notes"];

pub(super) fn find(seen: &Seen<'_>, found: &mut Proposal) {
    if found.fields.contains_key(&Field::Title) {
        return;
    }
    let free: Vec<&ColumnSeen> = seen.table.columns.iter().filter(|it| is_free(found, it)).collect();
    let is_weak = |column: &&&ColumnSeen| is_called(&column.name, &seen.table.name, &WEAK);
    let of_rank = |column: &&&ColumnSeen| rank(Field::Title, &column.name, &seen.table.name);
    let strong = free.iter().filter(|it| !is_weak(it) && of_rank(it).is_some()).min_by_key(of_rank);
    let weak: Vec<&ColumnSeen> = free.iter().filter(is_weak).copied().collect();
    let picked = match (strong, &weak[..]) {
        (Some(column), _) => Some((*column, "its name".to_owned())),
        (None, [one]) => Some((*one, "its name".to_owned())),
        (None, several) => surest(seen, found, several),
    };
    let Some((column, why)) = picked else {
        let texts: Vec<&ColumnSeen> = if weak.is_empty() { free } else { weak };
        let which = if texts.is_empty() {
            "no column holds texts that could be one".to_owned()
        } else {
            format!("It may be {}: say `--column title=NAME`", examples::columns(&texts))
        };
        found.questions.push(format!("which column holds the title? Abide writes one line for people there. {which}"));
        return;
    };
    let odd: u64 = column.sample.iter().filter(|(held, _)| held.text().is_none()).map(|(_, count)| count).sum();
    if odd > 0 {
        found.assumed.push(format!("`{}` holds bytes or numbers in {odd} rows; they are read as texts", column.name));
    }
    found.fields.insert(Field::Title, Picked { column: column.name.clone(), lookup: None, time: None, why });
}

/// A text that nothing else is made of.
fn is_free(found: &Proposal, column: &ColumnSeen) -> bool {
    let texts = column.sample.iter().filter(|(held, _)| matches!(held, Held::Text(_))).count();
    let is_mostly_text = is_text(column) || texts * 2 > column.sample.len();
    let is_taken = found.uses(&column.name) || column.key > 0 || column.refers.is_some() || !column.allowed.is_empty();
    let is_time =
        matches!(times::of(column), Times::Written(_)) || column.sample.is_empty() && clock::looks_as_time(column);
    let is_other = is_time || is_object(column) || is_list(column) || normal(&column.name).ends_with("_id");
    is_mostly_text && !is_taken && !is_other
}

/// The one that every row has; of several such, the one that is much the shortest.
fn surest<'a>(seen: &Seen<'_>, found: &Proposal, columns: &[&'a ColumnSeen]) -> Option<(&'a ColumnSeen, String)> {
    let full: Vec<&ColumnSeen> = columns.iter().filter(|it| is_always_there(seen, found, it)).copied().collect();
    if let [one] = full[..] {
        return Some((one, format!("its name, and of {} it alone is always there", names(columns))));
    }
    let rest = if full.is_empty() { columns } else { &full[..] };
    let shortest = rest.iter().filter(|it| !it.sample.is_empty()).min_by_key(|it| length(it))?;
    let is_much = rest.iter().filter(|it| it.name != shortest.name).all(|it| length(it) > length(shortest) * 2);
    is_much.then(|| (*shortest, format!("its name, and of {} it is the shortest", names(columns))))
}

fn names(columns: &[&ColumnSeen]) -> String {
    columns.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(" and ")
}

fn is_always_there(seen: &Seen<'_>, found: &Proposal, column: &ColumnSeen) -> bool {
    let by = found.column(Field::Status).or_else(|| found.column(Field::Id));
    let Some(by) = by.filter(|_| !column.not_null) else { return column.not_null };
    let counts = seen.look.filled(&seen.table.name, by, &column.name);
    !counts.is_empty() && counts.iter().all(|(_, rows, filled)| rows == filled)
}

/// How long its texts are on average, in letters.
fn length(column: &ColumnSeen) -> usize {
    let lengths = column.sample.iter().filter_map(|(held, _)| Some(held.text()?.chars().count()));
    lengths.sum::<usize>() / column.sample.len().max(1)
}
