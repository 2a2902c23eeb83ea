//! What a new row needs that Abide has no value for.

use super::{Seen, because};
use crate::cli::attach::found::{Proposal, quoted};
use crate::config::{Field, Lookup};
use crate::store::inspect::{ColumnSeen, Held};

/// Fields that Abide always has a value for when it opens a task.
const GIVEN: [Field; 7] =
    [Field::Title, Field::Status, Field::Created, Field::Updated, Field::Due, Field::Attempts, Field::Body];

pub(super) fn find(seen: &Seen<'_>, found: &mut Proposal) {
    own_type(seen, found);
    let field_of = |name: &str| found.fields.iter().find(|(_, it)| it.column.eq_ignore_ascii_case(name));
    let mut insert = Vec::new();
    let mut questions = Vec::new();
    for column in &seen.table.columns {
        let field = field_of(&column.name);
        let is_given = field.is_some_and(|(field, _)| GIVEN.contains(field) || *field == Field::Priority);
        if is_given || column.is_automatic || column.is_generated || field.is_some_and(|(field, _)| *field == Field::Id)
        {
            continue;
        }
        let lookup = field.and_then(|(_, picked)| picked.lookup.as_ref());
        // Words of Abide's own are not in the team's tables: itself as an author, and rules as types.
        let lacks_abide = matches!(field, Some((Field::Author, _))) && lookup.is_some_and(|it| !has(seen, it, "abide"));
        let is_context = field.is_some_and(|(field, _)| matches!(field, Field::Context | Field::Type | Field::Author));
        if lacks_abide || (column.not_null && column.default.is_none() && !is_context) {
            match usual(seen, column) {
                Some((toml, _)) if lacks_abide => {
                    insert.push((
                        column.name.clone(),
                        because(toml, "Abide asks in this one's name: nobody there is called abide"),
                    ));
                }
                Some((toml, why)) => insert.push((column.name.clone(), because(toml, why))),
                None => questions.push(format!(
                    "what do new tasks get for `{}`? It must not be empty, and no row shows a value",
                    column.name
                )),
            }
        }
    }
    found.insert.extend(insert);
    found.questions.extend(questions);
}

/// A type of Abide's own, where the table does not take one.
fn own_type(seen: &Seen<'_>, found: &mut Proposal) {
    let Some(picked) = found.fields.get(&Field::Type) else { return };
    let Some(column) = seen.table.column(&picked.column) else { return };
    let words: Vec<String> = match &picked.lookup {
        Some(lookup) => (seen.words)(&lookup.table, &lookup.value).iter().map(|(held, _)| held.word()).collect(),
        None => column.allowed.clone(),
    };
    let is_open = picked.lookup.is_none() && words.is_empty();
    if is_open {
        return;
    }
    let usual = words
        .iter()
        .find(|word| ["task", "chore", "maintenance", "pflege", "other"].contains(&word.to_lowercase().as_str()));
    match usual.or(words.last()) {
        Some(word) => {
            let why = "new tasks are of this type: the table takes none of Abide's own";
            found.insert.push(("type".to_owned(), because(quoted(word), why)));
        }
        None if !column.not_null => {
            found.fields.remove(&Field::Type);
            found.costs.push(format!("`{}` could hold types, and its table is empty", column.name));
        }
        None => found
            .questions
            .push(format!("of which type are new tasks? The table that `{}` refers to is empty", column.name)),
    }
}

fn has(seen: &Seen<'_>, lookup: &Lookup, word: &str) -> bool {
    (seen.words)(&lookup.table, &lookup.value).iter().any(|(held, _)| held.text() == Some(word))
}

/// What most rows have; where there are none, the first row that could be referred to.
fn usual(seen: &Seen<'_>, column: &ColumnSeen) -> Option<(String, String)> {
    let toml = |held: &Held| match held {
        Held::Integer(number) => Some(number.to_string()),
        Held::Real(number) => Some(format!("{number:?}")),
        Held::Text(text) => Some(quoted(text)),
        Held::Blob => None,
    };
    if let Some((held, _)) = column.sample.first() {
        return Some((toml(held)?, "it must not be empty, and most rows have this".to_owned()));
    }
    let (table, key) = column.refers.as_ref()?;
    let held = &seen.table(table)?.column(key)?.sample.first()?.0;
    Some((toml(held)?, format!("it must not be empty, and this is the first row of {table}")))
}
