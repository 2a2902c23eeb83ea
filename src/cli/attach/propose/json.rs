//! Labels and dependencies that stand in the row itself: lists, texts of tags, and places in JSON.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fields::is_list;
use super::{Seen, because, examples};
use crate::cli::attach::found::{Proposal, quoted};
use crate::cli::attach::names;
use crate::config::Field;
use crate::store::inspect::{ColumnSeen, TableSeen};

/// What people call tags.
const TAGS: [&str; 9] =
    ["tags", "labels", "keywords", "topics", "tag", "label", "schlagworte", "schlag_worte", "etiquetas"];

/// What people call that a task waits for.
const NEEDS: [&str; 11] = [
    "blocked_by",
    "depends_on",
    "dependencies",
    "depends",
    "needs",
    "requires",
    "waits_for",
    "waiting_for",
    "prerequisites",
    "after",
    "deps",
];

/// Whether a word is one for what a task waits for, however it is written: `blockedby`.
pub(super) fn says_needs(word: &str) -> bool {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    NEEDS.iter().any(|known| plain(known) == plain(word))
}

/// More different values than this are no label.
const MOST: usize = 20;

pub(super) fn find(seen: &Seen<'_>, found: &mut Proposal) {
    for column in &seen.table.columns {
        if found.uses(&column.name) || column.key > 0 {
            continue;
        }
        let (name, table) = (&column.name, &seen.table.name);
        let is_list = is_list(column);
        if is_list && let Some(of) = keys_of(seen, column) {
            found.costs.push(format!(
                "{} holds lists of keys of {of}: Abide reads words in a list, or rows that refer to a task and to {of}, so these are not mapped",
                examples::columns(&[column])
            ));
            continue;
        }
        if found.needs.is_none() && names::is_called(name, table, &NEEDS) {
            needs(seen, column, is_list, found);
        } else if names::is_called(name, table, &TAGS) && column.refers.is_none() && has_no_tags(found) {
            let (place, why) = if is_list {
                (format!("{name}:[]"), "a list of tags in JSON")
            } else {
                (name.clone(), "tags with commas between")
            };
            found.labels.push(("*".to_owned(), because(quoted(&place), why)));
        }
    }
    let context = found.column(Field::Context).and_then(|name| seen.table.column(name));
    if let Some(column) = context {
        in_context(column, found);
    }
}

/// Everything that stands in the lists of a column.
fn listed(column: &ColumnSeen) -> Vec<String> {
    let texts = column.sample.iter().filter_map(|(held, _)| held.text());
    let lists = texts.filter_map(|text| serde_json::from_str::<Vec<Value>>(text).ok());
    different(lists.flatten().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
}

fn different(words: impl Iterator<Item = String>) -> Vec<String> {
    words.filter(|word| !word.is_empty()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The table of tags whose keys stand in the lists of a column: `tagIds` and `tag`.
fn keys_of<'a>(seen: &Seen<'a>, column: &ColumnSeen) -> Option<&'a str> {
    let name = names::normal(&column.name);
    let says_keys = ["_ids", "_id"].iter().any(|end| name.ends_with(end));
    if !says_keys && !TAGS.contains(&name.as_str()) {
        return None;
    }
    let words = listed(column);
    let stem = names::singular(["_ids", "_id"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name));
    let named = |it: &&'a TableSeen| it.name != seen.table.name && names::of_row(&it.name).contains(&stem);
    let holds = |it: &&'a TableSeen| {
        let key = it.columns.iter().find(|column| column.key == 1);
        key.is_some_and(|key| !words.is_empty() && seen.look.known(&it.name, &key.name, &words) == words.len())
    };
    seen.all.iter().filter(named).find(holds).map(|it| it.name.as_str())
}

/// A column that is called as what a task waits for is that if it holds keys of tasks: many say there who is waited for, and why.
fn needs(seen: &Seen<'_>, column: &ColumnSeen, is_list: bool, found: &mut Proposal) {
    let name = &column.name;
    let Some(id) = found.column(Field::Id) else { return };
    if column.refers.as_ref().is_some_and(|(to, _)| !to.eq_ignore_ascii_case(&seen.table.name)) {
        return;
    }
    let held: Vec<String> = column.sample.iter().map(|(held, _)| held.word()).collect();
    let words = if is_list {
        listed(column)
    } else {
        different(held.iter().flat_map(|text| text.split(',')).map(|word| word.trim().to_owned()))
    };
    let known = seen.look.known(&seen.table.name, id, &words);
    if known * 2 < words.len() {
        let shown = examples::columns(&[column]);
        found.costs.push(format!(
            "{shown} is called as what a task waits for, and what it holds are no keys of tasks: it is not mapped"
        ));
        return;
    }
    match words.len() - known {
        0 if words.is_empty() => found
            .assumed
            .push(format!("`{name}` is empty so far; it is taken to hold keys of the tasks that one waits for")),
        0 => {}
        lost => found.assumed.push(format!("{lost} of {} keys in `{name}` are of no row", words.len())),
    }
    let place = if is_list { format!("{name}:[]") } else { name.clone() };
    found.needs = Some(because(quoted(&place), "its name"));
}

/// Whether no source of all tags was found yet.
pub(super) fn has_no_tags(found: &Proposal) -> bool {
    !found.labels.iter().any(|(name, _)| name == "*")
}

/// A member that is called labels or tags holds them all; else every member that repeats is a label of its own.
fn in_context(column: &ColumnSeen, found: &mut Proposal) {
    let texts = column.sample.iter().filter_map(|(held, _)| held.text());
    let objects: Vec<Value> = texts.filter_map(|text| serde_json::from_str(text).ok()).collect();
    let mut members: Vec<&String> =
        objects.iter().filter_map(Value::as_object).flat_map(|object| object.keys()).collect();
    members.sort();
    members.dedup();
    for member in members {
        let values: Vec<&Value> = objects.iter().filter_map(|object| object.get(member)).collect();
        let pointer = format!("{}:/{}", column.name, member.replace('~', "~0").replace('/', "~1"));
        let is_tags = TAGS.contains(&member.as_str());
        if is_tags && has_no_tags(found) && values.iter().all(|value| value.is_object()) {
            found.labels.push(("*".to_owned(), because(quoted(&pointer), "its members are labels")));
        } else if is_tags && has_no_tags(found) && values.iter().all(|value| value.is_array()) {
            found.labels.push(("*".to_owned(), because(quoted(&format!("{pointer}[]")), "a list of tags")));
        } else if values.iter().all(|value| value.is_string()) && is_label(&values) {
            found.labels.push((member.clone(), because(quoted(&pointer), "a word in the JSON")));
        }
    }
}

/// Short words, not too many.
fn is_label(values: &[&Value]) -> bool {
    let mut words: Vec<&str> = values.iter().filter_map(|value| value.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    words.len() <= MOST && words.iter().all(|word| word.len() <= 40 && !word.contains(' '))
}
