//! What must be another in every row: a number that counts, or something that Abide has no value for.

use super::{Seen, because, clock, examples};
use crate::cli::attach::found::{Proposal, key, quoted};
use crate::cli::attach::names::{normal, singular};
use crate::config::Field;
use crate::store::inspect::{ColumnSeen, Held};

/// Fields that hold something else in every task that Abide opens.
const OTHERS: [Field; 5] = [Field::Id, Field::Title, Field::Body, Field::Context, Field::Created];

/// Numbers new rows where an index asks for it, and asks where nothing counts. Says which columns are dealt with so.
pub(super) fn find(seen: &Seen<'_>, found: &mut Proposal) -> Vec<String> {
    let mut dealt = Vec::new();
    for names in &seen.table.uniques {
        let columns: Vec<&ColumnSeen> = names.iter().filter_map(|name| seen.table.column(name)).collect();
        if columns.iter().any(|it| dealt.contains(&it.name) || is_other(it, found)) {
            continue;
        }
        let numbers = columns.iter().copied().filter(|it| counts(it, found));
        match numbers.max_by_key(|it| varies(seen, it)) {
            Some(column) if column.not_null || column.default.is_some() || is_filled(seen, column) => {
                count(column, &columns, found);
                dealt.push(column.name.clone());
            }
            // Empty ones are never the same.
            _ if columns.iter().any(|it| is_empty(seen, it, found)) => {}
            _ => {
                let Some(column) = columns.iter().rev().find(|it| !found.uses(&it.name)).or_else(|| columns.last())
                else {
                    continue;
                };
                found.questions.push(asked(column, &columns));
                dealt.push(column.name.clone());
            }
        }
    }
    dealt
}

/// What is asked of what no number is.
fn asked(column: &ColumnSeen, columns: &[&ColumnSeen]) -> String {
    let can = if column.not_null && column.default.is_none() {
        "cannot open a task here until the column has a default or a line under [tasks.insert]"
    } else {
        "can open one task here and no second unless the table fills it, by a trigger or a default that is another each time"
    };
    let of =
        if columns.len() > 1 { format!(": no two may have the same {}", together(columns)) } else { String::new() };
    format!(
        "what do new tasks get for {}? It must be another in every row{of}, so Abide {can}{}",
        examples::columns(&[column]),
        next(column)
    )
}

/// The line that makes a column count, where what it holds are numbers, if need be as texts.
pub(super) fn next(column: &ColumnSeen) -> String {
    let is_number = |(held, _): &(Held, u64)| match held {
        Held::Integer(_) | Held::Real(_) => true,
        Held::Text(text) => text.parse::<u32>().is_ok_and(|number| number.to_string() == *text),
        Held::Blob => false,
    };
    let counts = !column.sample.is_empty() && column.sample.iter().all(is_number);
    let line = || format!("; if it counts, write `{} = {{next = true}}` under [tasks.insert]", key(&column.name));
    if counts { line() } else { String::new() }
}

fn together(columns: &[&ColumnSeen]) -> String {
    columns.iter().map(|it| format!("`{}`", it.name)).collect::<Vec<_>>().join(" and ")
}

/// Whether every row that Abide adds has something else there.
fn is_other(column: &ColumnSeen, found: &Proposal) -> bool {
    let by_default =
        column.default.as_deref().is_some_and(|it| ["random", "uuid"].iter().any(|word| it.contains(word)));
    let holds = |field: &Field| found.column(*field).is_some_and(|it| it.eq_ignore_ascii_case(&column.name));
    column.is_automatic || column.is_generated || by_default || OTHERS.iter().any(holds)
}

/// Whether a column holds numbers that nobody has given another meaning.
fn counts(column: &ColumnSeen, found: &Proposal) -> bool {
    let is_whole = |(held, _): &(Held, u64)| matches!(held, Held::Integer(_));
    let says = column.declared.to_ascii_uppercase().contains("INT");
    let is_number = column.sample.iter().all(is_whole) && (says || !column.sample.is_empty());
    let is_key = column.refers.is_some() || column.key > 0 || normal(&column.name).ends_with("_id");
    is_number && !is_key && !found.text_names(&column.name) && !clock::looks_as_time(column)
}

/// How likely it is that a number counts, rather than says what another one counts within: whatever their order in the index.
fn varies(seen: &Seen<'_>, column: &ColumnSeen) -> (bool, bool, usize) {
    const COUNTS: [&str; 9] = ["num", "number", "nr", "no", "iid", "seq", "sequence", "index", "position"];
    let name = normal(&column.name);
    let names_table = seen.all.iter().any(|it| it.name != seen.table.name && singular(&it.name) == singular(&name));
    let says_so = COUNTS.iter().any(|end| name.split('_').any(|part| part == *end)) || name.ends_with("num");
    (!names_table, says_so, seen.look.words(&seen.table.name, &column.name).len())
}

fn is_filled(seen: &Seen<'_>, column: &ColumnSeen) -> bool {
    let filled: u64 = seen.look.words(&seen.table.name, &column.name).iter().map(|(_, count)| count).sum();
    filled > 0 && (filled >= seen.table.rows || column.sample.len() >= crate::store::inspect::MOST_WORDS)
}

/// Whether a new row has nothing there.
fn is_empty(seen: &Seen<'_>, column: &ColumnSeen, found: &Proposal) -> bool {
    let is_same = column.sample.len() == 1 && is_filled(seen, column);
    !column.not_null && column.default.is_none() && !found.text_names(&column.name) && !is_same
}

fn count(column: &ColumnSeen, columns: &[&ColumnSeen], found: &mut Proposal) {
    let name = &column.name;
    let within = columns.iter().find(|it| it.name != *name).map(|it| &it.name);
    let toml = within
        .map_or_else(|| "{next = true}".to_owned(), |within| format!("{{next = true, within = {}}}", quoted(within)));
    found.insert.push((name.clone(), because(toml, format!("no two rows may have the same {}", together(columns)))));
    let of = within.map(|within| format!(" of its `{within}`")).unwrap_or_default();
    found.assumed.push(format!(
        "new tasks get the number after the greatest{of} for `{name}`: where the table's own software keeps its count in another place, \
         it must be told, or it gives the same number once more"
    ));
}
