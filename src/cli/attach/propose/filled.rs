//! What every row has although none must: without it the table's own software may not show a new task.

use super::{Seen, because, clock, examples};
use crate::cli::attach::found::{Proposal, quoted};
use crate::store::inspect::{ColumnSeen, Held, MOST_WORDS};

/// Fewer rows tell nothing of what all rows have.
const LEAST: u64 = 5;

/// Gives new rows what all rows agree on, and says of what else all have something.
pub(super) fn find(seen: &Seen<'_>, found: &mut Proposal) {
    if seen.table.rows < LEAST {
        return;
    }
    let mut various = Vec::new();
    let mut insert = Vec::new();
    for column in seen.table.columns.iter().filter(|column| is_left(column, found) && is_filled(seen, column)) {
        match &column.sample[..] {
            [(held, _)] if !is_default(column, held) => insert.extend(constant(column, held)),
            [_] => {}
            [..] if column.sample.iter().any(|(held, _)| is_default(column, held)) => {}
            [..] => various.push(column),
        }
    }
    found.insert.extend(insert);
    if !various.is_empty() {
        found.assumed.push(format!(
            "every row has something in {}, and what Abide opens has not: where the table's own software needs it, put what fits \
             under [tasks.insert], or let a trigger fill it in",
            examples::columns(&various)
        ));
    }
}

/// Whether nobody has dealt with a column, and a new row may be without a value of its own there.
fn is_left(column: &ColumnSeen, found: &Proposal) -> bool {
    let is_free = column.key == 0 && !column.is_automatic && !column.is_generated && !found.text_names(&column.name);
    is_free && (!column.not_null || column.default.is_some()) && !clock::looks_as_time(column)
}

/// Whether every row has something there; of many different values, as far as a sample tells.
fn is_filled(seen: &Seen<'_>, column: &ColumnSeen) -> bool {
    let filled = |counts: &[(Held, u64)]| counts.iter().map(|(_, count)| count).sum::<u64>();
    let sampled = filled(&column.sample);
    if sampled == 0 || column.sample.len() >= MOST_WORDS || sampled >= seen.table.rows {
        return sampled > 0;
    }
    // A sample of a long table need not be all of it.
    let counts = seen.look.words(&seen.table.name, &column.name);
    counts.len() == column.sample.len() && filled(&counts) >= seen.table.rows
}

fn constant(column: &ColumnSeen, held: &Held) -> Option<(String, super::Because)> {
    let toml = match held {
        Held::Integer(number) => number.to_string(),
        Held::Real(number) => format!("{number:?}"),
        Held::Text(text) => quoted(text),
        Held::Blob => return None,
    };
    let else_it = column.default.as_ref().map_or_else(|| "nothing".to_owned(), |default| format!("`{default}`"));
    Some((column.name.clone(), because(toml, format!("every row has this; a new one would have {else_it}"))))
}

/// Whether a new row has that value by itself.
fn is_default(column: &ColumnSeen, held: &Held) -> bool {
    let plain = |text: &str| text.trim_matches(['(', ')', '\'', '"', ' ']).to_owned();
    column.default.as_deref().is_some_and(|default| plain(default) == held.word())
}
