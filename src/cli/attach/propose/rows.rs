//! Labels and dependencies that are rows of other tables.

use super::json::{self, has_no_tags};
use super::refers::{self, discriminator, ours, says};
use super::{Seen, because, examples, lookup, ties, unmapped};
use crate::cli::attach::found::{Proposal, quoted};
use crate::cli::attach::kinds::says_people;
use crate::cli::attach::names::{is_called, normal};
use crate::config::Field;
use crate::store::inspect::{ColumnSeen, TableSeen};

pub(super) fn find(seen: &Seen<'_>, found: &mut Proposal) {
    let Some(id) = found.column(Field::Id).map(str::to_owned) else { return };
    for table in seen.all.iter().filter(|table| table.name != seen.table.name && !table.is_view) {
        match &refers::to_tasks(seen, table, &id)[..] {
            [first, second] => ties::find(seen, table, (first, second), found),
            [task] if says(table, &["tag", "label", "keyword"]) && has_no_tags(found) => tags(seen, table, task, found),
            [task] if found.needs.is_none() && fields(seen, table, task, &id, found) => {}
            [_] if says(table, &["assign"]) && !is_known(seen, found) => found.costs.push(format!(
                "the rows of {} say who does a task, several for one: Abide reads one agent, from a column of the task",
                table.name
            )),
            [task] if joins_people(seen, table, task) && !is_known(seen, found) => {
                found.costs.push(format!(
                    "the rows of {} tie people to tasks, and may say who works on one: Abide reads one agent, from a column of the task",
                    table.name
                ));
            }
            _ => {}
        }
    }
    unmapped::find(seen, &id, found);
}

/// Whether a column says who does a task, and not only whose it is.
fn is_known(seen: &Seen<'_>, found: &Proposal) -> bool {
    found.column(Field::Agent).is_some_and(|column| !is_called(column, &seen.table.name, &["owner"]))
}

/// Whether a table does little more than tie people to tasks, and does not say that they only look on.
fn joins_people(seen: &Seen<'_>, table: &TableSeen, task: &ColumnSeen) -> bool {
    let is_person = |column: &ColumnSeen| {
        let stem = normal(&column.name);
        let named = stem.strip_suffix("_id").is_some_and(says_people);
        named || column.refers.as_ref().is_some_and(|(to, _)| says_people(to))
    };
    let others: Vec<&ColumnSeen> = table.columns.iter().filter(|it| it.name != task.name).collect();
    let looks_on = says(table, &["watch", "follow", "vot", "subscri", "star", "favo", "comment", "view", "seen"]);
    !looks_on && others.len() <= 4 && others.iter().any(|it| is_person(it)) && seen.table.name != table.name
}

/// Rows of names and values beside a task, of which one name says what it waits for: `blockedby` of Trac's own fields.
fn fields(seen: &Seen<'_>, table: &TableSeen, task: &ColumnSeen, id: &str, found: &mut Proposal) -> bool {
    let called =
        |names: &[&str]| table.columns.iter().find(|it| it.name != task.name && is_called(&it.name, "", names));
    let (Some(name), Some(value)) = (called(&["name", "key", "field"]), called(&["value"])) else { return false };
    let Some((word, _)) = name.sample.iter().find(|(held, _)| held.text().is_some_and(json::says_needs)) else {
        return false;
    };
    let pairs = seen.look.pairs(&table.name, (&name.name, &value.name));
    let held = pairs.iter().filter(|(of, ..)| of == word).map(|(_, value, _)| value.word());
    let mut keys: Vec<String> =
        held.flat_map(|it| it.split(',').map(|key| key.trim().to_owned()).collect::<Vec<_>>()).collect();
    keys.retain(|key| !key.is_empty());
    keys.sort_unstable();
    keys.dedup();
    let is_known = !keys.is_empty() && seen.look.known(&seen.table.name, id, &keys) == keys.len();
    if is_known {
        let (table, task) = (quoted(&table.name), quoted(&task.name));
        let only = lookup::pair(&name.name, &quoted(&word.word()));
        let toml = format!("{{table = {table}, task = {task}, value = {}, only = {{{only}}}}}", quoted(&value.name));
        let why = format!("a row whose {} is `{}` holds keys of tasks", name.name, word.word());
        found.needs = Some(because(toml, why));
    }
    is_known
}

fn tags(seen: &Seen<'_>, table: &TableSeen, task: &ColumnSeen, found: &mut Proposal) {
    let others = || table.columns.iter().filter(|column| column.name != task.name);
    let looked_up = others().find_map(|column| {
        let lookup = lookup::of(seen, table, column).map(|(lookup, _)| lookup);
        let lookup = lookup.or_else(|| lookup::by_keys(seen, table, column))?;
        says(seen.table(&lookup.table)?, &["tag", "label", "keyword"]).then_some((column, lookup))
    });
    let value = match looked_up {
        Some((column, lookup)) => format!("{{{}}}", lookup::toml(&column.name, &lookup)),
        None => {
            let is_word = |column: &&ColumnSeen| {
                ["tag", "label", "keyword", "name", "value", "word"].contains(&normal(&column.name).as_str())
            };
            let Some(column) = others().find(is_word) else {
                found
                    .costs
                    .push(format!("{} looks like tags, and no column of it holds a word: map it by hand", table.name));
                return;
            };
            quoted(&column.name)
        }
    };
    let mut toml = format!("{{table = {}, task = {}, value = {value}", quoted(&table.name), quoted(&task.name));
    if let Some(of) = discriminator(table, task) {
        let Some(ours) = ours(seen, of) else {
            let shown = examples::columns(&[of]);
            let told = "says of what a row speaks, and no word of it is this table's, so its tags are not mapped";
            found.costs.push(format!("{shown} of {} {told}", table.name));
            return;
        };
        toml += &format!(", only = {{{}}}", lookup::pair(&of.name, &quoted(ours)));
    }
    found.labels.push(("*".to_owned(), because(toml + "}", format!("the rows of {} refer to tasks", table.name))));
}
