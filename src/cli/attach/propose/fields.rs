//! Which column holds which field, besides the status.

use super::{Seen, lookup};
use crate::cli::attach::found::{Picked, Proposal};
use crate::cli::attach::names::{self, normal};
use crate::cli::attach::times::{self, Times};
use crate::config::{Field, TimeFormat};
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
    for field in ORDER {
        let free = seen.table.columns.iter().filter(|column| !found.uses(&column.name) && !is_key(column));
        let ranked = free.filter_map(|column| Some((names::rank(field, &column.name, &seen.table.name)?, column)));
        let picked =
            ranked.filter_map(|(rank, column)| Some((rank, pick(seen, field, column)?))).min_by_key(|(rank, _)| *rank);
        found.fields.extend(picked.map(|(_, picked)| (field, picked)));
    }
    guess_title(seen, found);
    guess_created(seen, found);
    settle_times(found);
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
                Some((lookup, why)) => picked(Some(lookup), None, &format!("its name, and {why}")),
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

fn is_text(column: &ColumnSeen) -> bool {
    let declared = column.declared.to_ascii_uppercase();
    let says = declared.is_empty() || ["TEXT", "CHAR", "CLOB", "STRING"].iter().any(|it| declared.contains(it));
    column.sample.iter().all(|(held, _)| matches!(held, Held::Text(_))) && (says || !column.sample.is_empty())
}

/// Whether a column holds JSON objects, or will.
pub(super) fn is_object(column: &ColumnSeen) -> bool {
    let object = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok_and(|value| value.is_object());
    let says = column.declared.to_ascii_uppercase().contains("JSON")
        || normal(&column.name).split('_').any(|word| matches!(word, "json" | "meta" | "metadata" | "payload"))
        || column.default.as_deref().is_some_and(|default| object(default.trim_matches('\'')));
    column.sample.iter().all(|(held, _)| held.text().is_some_and(object)) && (says || !column.sample.is_empty())
}

/// Where no name says so: the text that people must fill in and that differs most.
fn guess_title(seen: &Seen<'_>, found: &mut Proposal) {
    if found.fields.contains_key(&Field::Title) {
        return;
    }
    let free = seen.table.columns.iter().filter(|it| !found.uses(&it.name) && !is_key(it) && it.refers.is_none());
    let texts = free.filter(|it| is_text(it) && it.not_null && it.allowed.is_empty() && times::of(it) == Times::No);
    match texts.max_by_key(|it| it.sample.len()) {
        Some(column) => {
            let why = "no name says so: of the texts that must be there the one that differs most".to_owned();
            let picked = Picked { column: column.name.clone(), lookup: None, time: None, why };
            found.fields.insert(Field::Title, picked);
        }
        None => found.questions.push("which column holds the title? Abide writes one line for people there".to_owned()),
    }
}

/// Where no name says so: a time that is always there.
fn guess_created(seen: &Seen<'_>, found: &mut Proposal) {
    if found.fields.contains_key(&Field::Created) {
        return;
    }
    let free = seen.table.columns.iter().filter(|it| !found.uses(&it.name) && it.not_null);
    let times = free.filter_map(|it| match times::of(it) {
        Times::Written(format) => Some((it, format)),
        Times::Empty | Times::No => None,
    });
    let guessed = times.map(|(column, format)| (column.name.clone(), format)).next();
    let updated = found.fields.get(&Field::Updated).and_then(|picked| Some((picked.column.clone(), picked.time?)));
    match guessed.or(updated) {
        Some((column, format)) => {
            found.assumed.push(format!("`{column}` is taken for the time at which a task came to be: no column says so by its name"));
            let why = "no name says so: a time that is always there".to_owned();
            found.fields.insert(Field::Created, Picked { column, lookup: None, time: Some(format), why });
        }
        None => found.questions.push(
            "which column tells when a task came to be? Abide judges by age and needs one; `ALTER TABLE … ADD COLUMN created_at \
             TEXT` with a trigger that fills it is a way, if the table has none"
                .to_owned(),
        ),
    }
}

/// The format of most columns is the table's; the others keep theirs. A column without a value goes with the table.
fn settle_times(found: &mut Proposal) {
    let formats: Vec<TimeFormat> = found.fields.values().filter_map(|picked| picked.time).collect();
    let count = |format: TimeFormat| formats.iter().filter(|it| **it == format).count();
    let created = found.fields.get(&Field::Created).and_then(|picked| picked.time);
    // A day is no time of the table, and what `created` says wins where others are as many.
    let usual = TimeFormat::ALL.into_iter().filter(|it| *it != TimeFormat::Date && count(*it) > 0);
    let main = usual.max_by_key(|format| (count(*format), Some(*format) == created)).or(created);
    found.time = main;
    for (field, picked) in &mut found.fields {
        if picked.time == main {
            picked.time = None;
        } else if picked.time.is_none() && picked.why == "its name" && is_time(*field) {
            let written = main.unwrap_or(TimeFormat::Text).word();
            found.assumed.push(format!(
                "`{}` is empty so far; it is taken to be written as {written}, as the rest",
                picked.column
            ));
        }
    }
    if matches!(main, Some(TimeFormat::Text | TimeFormat::TextT)) {
        found.assumed.push(
            "times have no offset and are taken to be UTC; if they are local times, all ages are off by that"
                .to_owned(),
        );
    }
}

const fn is_time(field: Field) -> bool {
    matches!(
        field,
        Field::Created
            | Field::Finished
            | Field::Started
            | Field::Claimed
            | Field::Updated
            | Field::Due
            | Field::NotBefore
    )
}
