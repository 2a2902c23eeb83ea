//! Which column holds which field, besides the status.

use super::{Seen, clock, is_run, lookup, status, title};
use crate::cli::attach::found::{Picked, Proposal};
use crate::cli::attach::names::{self, normal};
use crate::cli::attach::times::{self, Times};
use crate::config::Field;
use crate::store::inspect::{ColumnSeen, Held};

/// The order in which columns are given away: what is told most surely comes first.
const ORDER: [Field; 21] = [
    Field::Created,
    Field::Finished,
    Field::Started,
    Field::Claimed,
    Field::Updated,
    Field::Due,
    Field::NotBefore,
    Field::Context,
    Field::Parent,
    Field::Priority,
    Field::Type,
    Field::Agent,
    Field::Role,
    Field::Author,
    Field::Error,
    Field::Attempts,
    Field::Tries,
    Field::Skills,
    Field::Result,
    Field::Title,
    Field::Body,
];

/// Gives every column to the field that it fits best.
pub(super) fn find(seen: &Seen<'_>, found: &mut Proposal) {
    key(seen, found);
    as_said(seen, found);
    for field in ORDER {
        if field == Field::Title {
            title::find(seen, found);
        } else if !seen.said.columns.iter().any(|(said, _)| *said == field) {
            best(seen, field, found);
        }
    }
    other_people(seen, found);
    clock::created(seen, found);
    clock::implausible(seen, found);
    clock::ahead(seen, found);
    clock::planned(seen, found);
    clock::settle(seen, found);
}

/// What a person has said goes before all names. A column that is empty in what was said is to be left out.
fn as_said(seen: &Seen<'_>, found: &mut Proposal) {
    for (field, column) in seen.said.columns.iter().filter(|(field, _)| *field != Field::Status) {
        let Some(column) = seen.table.column(column) else { continue };
        let lookup = lookup::of(seen, seen.table, column).map(|(lookup, _)| lookup);
        let lookup = lookup.filter(|_| lookup::serves(*field)).map(|lookup| lookup::told_apart(seen, lookup));
        let time = clock::is_time(*field).then(|| times::commonest(column)).flatten();
        let why = clock::AS_YOU_SAID.to_owned();
        found.fields.insert(*field, Picked { column: column.name.clone(), lookup, time, why });
    }
}

/// Says what else could be who does a task, and what `owner` may mean.
fn other_people(seen: &Seen<'_>, found: &mut Proposal) {
    let Some(picked) = found.fields.get(&Field::Agent).filter(|it| it.why != clock::AS_YOU_SAID) else { return };
    let table = &seen.table.name;
    let others = seen.table.columns.iter().filter(|it| !found.uses(&it.name) && it.key == 0);
    let others = others.filter(|it| names::rank(Field::Agent, &it.name, table).is_some());
    let others: Vec<String> = others
        .map(|it| {
            let told = "is left alone: it may say who answers for it or whom it is for";
            format!(
                "`{}` is taken to say who does a task, and `{}` {told}. `--column agent={1}` if that one does it",
                picked.column, it.name
            )
        })
        .collect();
    if others.is_empty() && names::is_called(&picked.column, table, &["owner"]) {
        let told = "is taken to say who does a task: if it says whom it is for, leave it out with `--column agent=`";
        found.assumed.push(format!("`{}` {told}", picked.column));
    }
    found.assumed.extend(others);
}

fn best(seen: &Seen<'_>, field: Field, found: &mut Proposal) {
    let free = seen.table.columns.iter().filter(|column| !found.uses(&column.name) && !is_key(column));
    let ranked = free.filter_map(|column| Some((rank(seen, field, column)?, column)));
    let picked =
        ranked.filter_map(|(rank, column)| Some(((is_worked_out(field, column), rank), pick(seen, field, column)?)));
    let picked = picked.min_by_key(|(rank, _)| *rank);
    match picked {
        Some((_, picked)) => drop(found.fields.insert(field, picked)),
        None if clock::is_time(field) => clock::unreadable(seen, field, found),
        None => {}
    }
}

/// Whether nobody could write a column that Abide writes. The database keeps `updated` by itself.
const fn is_worked_out(field: Field, column: &ColumnSeen) -> bool {
    column.is_generated && !matches!(field, Field::Updated)
}

/// How sure a column is a field by its name. In a queue of jobs, what is run is what a job is.
fn rank(seen: &Seen<'_>, field: Field, column: &ColumnSeen) -> Option<usize> {
    const RUN: [&str; 7] = ["worker", "job_class", "task_name", "func", "function", "handler", "job_type"];
    let named = names::rank(field, &column.name, &seen.table.name);
    let is_class = is_run(seen) && names::is_called(&column.name, "", &RUN) && is_code(column);
    match field {
        Field::Type if is_class => named.or(Some(usize::MAX)),
        Field::Agent if is_class => None,
        _ => named,
    }
}

/// Whether a column holds names of code: `MyApp.Mailer`, `Mail::Worker`, `app.tasks.send`.
fn is_code(column: &ColumnSeen) -> bool {
    let is_name = |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':'));
    let is_compound =
        |text: &str| text.contains(['.', '_']) || text.contains("::") || text.chars().skip(1).any(char::is_uppercase);
    let mut texts = column.sample.iter().map(|(held, _)| held.text().unwrap_or_default());
    !column.sample.is_empty() && texts.all(|text| is_name(text) && is_compound(text))
}

const fn is_key(column: &ColumnSeen) -> bool {
    column.key > 0
}

fn key(seen: &Seen<'_>, found: &mut Proposal) {
    let keys: Vec<&ColumnSeen> = seen.table.columns.iter().filter(|column| column.key > 0).collect();
    let (column, why) = match &keys[..] {
        [one] => (*one, "the table's key"),
        [] => {
            let named =
                seen.table.columns.iter().find(|it| names::rank(Field::Id, &it.name, &seen.table.name).is_some());
            let Some(named) = named else {
                found.questions.push("which column is the key of a task? The table has none".to_owned());
                return;
            };
            (named, "its name; the table has no key")
        }
        _ => {
            let names: Vec<&str> = keys.iter().map(|column| column.name.as_str()).collect();
            found
                .questions
                .push(format!("the key is {} together, and Abide knows a task by one column", names.join(" and ")));
            return;
        }
    };
    if column.sample.iter().any(|(held, _)| *held == Held::Blob) {
        found
            .questions
            .push(format!("the keys in `{}` are bytes, and Abide reads only numbers and texts", column.name));
        return;
    }
    let picked = Picked { column: column.name.clone(), lookup: None, time: None, why: why.to_owned() };
    found.fields.insert(Field::Id, picked);
}

fn pick(seen: &Seen<'_>, field: Field, column: &ColumnSeen) -> Option<Picked> {
    let picked =
        |lookup, time, why: &str| Some(Picked { column: column.name.clone(), lookup, time, why: why.to_owned() });
    let sample = |held: fn(&Held) -> bool| column.sample.iter().all(|(it, _)| held(it));
    match field {
        Field::Created
        | Field::Finished
        | Field::Started
        | Field::Claimed
        | Field::Updated
        | Field::Due
        | Field::NotBefore => match times::of(column) {
            Times::Written(format) => picked(None, Some(format), "its name, and it holds times"),
            // A flag that is set nowhere yet is no time.
            Times::Empty if field == Field::Finished && status::may_be_truth(seen, column) => None,
            Times::Empty => picked(None, None, "its name"),
            Times::No => None,
        },
        Field::Context => is_object(column).then(|| picked(None, None, "its name, and it holds JSON"))?,
        Field::Parent => picked(None, None, "its name"),
        Field::Attempts | Field::Tries => {
            sample(|held| matches!(held, Held::Integer(_))).then(|| picked(None, None, "its name, and it counts"))?
        }
        Field::Priority | Field::Type | Field::Agent | Field::Role | Field::Author => {
            match lookup::of(seen, seen.table, column) {
                Some((lookup, why)) => {
                    picked(Some(lookup::told_apart(seen, lookup)), None, &format!("its name, and {why}"))
                }
                None if column.refers.is_some()
                    || times::of(column) != Times::Empty && times::of(column) != Times::No =>
                {
                    None
                }
                // A number that refers to nobody knows what says nothing.
                None if normal(&column.name).ends_with("_id") && !is_text(column) => None,
                None => (field == Field::Priority || is_text(column)).then(|| picked(None, None, "its name"))?,
            }
        }
        Field::Result | Field::Skills => is_text(column).then(|| picked(None, None, "its name"))?,
        Field::Title | Field::Body | Field::Error => {
            let is_free = column.refers.is_none() && is_text(column) && !is_object(column);
            is_free.then(|| picked(None, None, "its name"))?
        }
        Field::Id | Field::Status => None,
        // Where work is best done is mapped by hand.
        Field::Class | Field::Region | Field::Machine => None,
    }
}

pub(super) fn is_text(column: &ColumnSeen) -> bool {
    let declared = column.declared.to_ascii_uppercase();
    let says = declared.is_empty() || ["TEXT", "CHAR", "CLOB", "STRING"].iter().any(|it| declared.contains(it));
    column.sample.iter().all(|(held, _)| matches!(held, Held::Text(_))) && (says || !column.sample.is_empty())
}

/// Whether a column holds JSON lists, or will.
pub(super) fn is_list(column: &ColumnSeen) -> bool {
    let is_list = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok_and(|value| value.is_array());
    let by_default = column.default.as_deref().is_some_and(|default| is_list(default.trim_matches('\'')));
    let mut texts = column.sample.iter().map(|(held, _)| held.text());
    if column.sample.is_empty() { by_default } else { texts.all(|text| text.is_some_and(is_list)) }
}

/// Whether a column holds JSON objects, or will.
pub(super) fn is_object(column: &ColumnSeen) -> bool {
    let object = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok_and(|value| value.is_object());
    let says = column.declared.to_ascii_uppercase().contains("JSON")
        || normal(&column.name).split('_').any(|word| matches!(word, "json" | "meta" | "metadata" | "payload"))
        || column.default.as_deref().is_some_and(|default| object(default.trim_matches('\'')));
    column.sample.iter().all(|(held, _)| held.text().is_some_and(object)) && (says || !column.sample.is_empty())
}
