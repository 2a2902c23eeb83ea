//! Labels and dependencies that are rows of other tables.

use super::json::has_no_tags;
use super::{Seen, because, lookup};
use crate::cli::attach::found::{Proposal, quoted};
use crate::cli::attach::names::{normal, singular};
use crate::config::Field;
use crate::store::inspect::{ColumnSeen, Held, TableSeen};

pub(super) fn find(seen: &Seen<'_>, found: &mut Proposal) {
    let Some(id) = found.column(Field::Id).map(str::to_owned) else { return };
    for table in seen.all.iter().filter(|table| table.name != seen.table.name && !table.is_view) {
        let refers: Vec<&ColumnSeen> =
            table.columns.iter().filter(|column| refers_to_task(seen, table, column, &id)).collect();
        match &refers[..] {
            [first, second] if found.needs.is_none() => needs(table, first, second, found),
            [task] if says(table, &["tag", "label"]) && has_no_tags(found) => tags(seen, table, task, found),
            _ => {}
        }
    }
}

fn says(table: &TableSeen, words: &[&str]) -> bool {
    normal(&table.name).split('_').any(|part| words.iter().any(|word| part.starts_with(word)))
}

/// By a foreign key, or by a name that says so; of anything, where another column tells of what.
fn refers_to_task(seen: &Seen<'_>, table: &TableSeen, column: &ColumnSeen, id: &str) -> bool {
    if let Some((to, referred)) = &column.refers {
        return to.eq_ignore_ascii_case(&seen.table.name) && referred.eq_ignore_ascii_case(id);
    }
    let (name, task) = (normal(&column.name), singular(&seen.table.name));
    let short = task.rsplit('_').next().unwrap_or_default().to_owned();
    let ends = |word: &str| name == format!("{word}_id") || name == word || name.ends_with(&format!("_{word}_id"));
    let named = column.key != 1 || table.columns.iter().filter(|it| it.key > 0).count() > 1;
    named && (ends(&task) || ends(&short) || discriminator(table, column).is_some())
}

/// The column that says of which table's row another one speaks: `taggable_type` beside `taggable_id`.
fn discriminator<'a>(table: &'a TableSeen, column: &ColumnSeen) -> Option<&'a ColumnSeen> {
    let name = normal(&column.name);
    let stem = name.strip_suffix("able_id")?.to_owned();
    table.columns.iter().find(|other| normal(&other.name) == format!("{stem}able_type"))
}

fn tags(seen: &Seen<'_>, table: &TableSeen, task: &ColumnSeen, found: &mut Proposal) {
    let others = || table.columns.iter().filter(|column| column.name != task.name);
    let looked_up = others().find_map(|column| {
        let (lookup, _) = lookup::of(seen, table, column)?;
        says(seen.table(&lookup.table)?, &["tag", "label"]).then_some((column, lookup))
    });
    let value = match looked_up {
        Some((column, lookup)) => format!("{{{}}}", lookup::toml(&column.name, &lookup)),
        None => {
            let is_word = |column: &&ColumnSeen| {
                ["tag", "label", "name", "value", "word"].contains(&normal(&column.name).as_str())
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
        let is_ours = |held: &&Held| held.text().is_some_and(|text| singular(text) == singular(&seen.table.name));
        let Some(ours) = of.sample.iter().map(|(held, _)| held).find(is_ours) else {
            found.costs.push(format!("no row of {} is a task's, so its tags are not mapped", table.name));
            return;
        };
        toml += &format!(", only = {{{}}}", lookup::pair(&of.name, &quoted(&ours.word())));
    }
    found.labels.push(("*".to_owned(), because(toml + "}", format!("the rows of {} refer to tasks", table.name))));
}

/// Which of two tasks waits for the other is told by the columns' names, or by a word beside them.
fn needs(table: &TableSeen, first: &ColumnSeen, second: &ColumnSeen, found: &mut Proposal) {
    const WAITED_FOR: [&str; 9] =
        ["depends", "dependency", "needs", "requires", "prerequisite", "blocker", "blocking", "target", "to"];
    let is_waited_for = |column: &ColumnSeen| normal(&column.name).split('_').any(|part| WAITED_FOR.contains(&part));
    let (task, value) = if is_waited_for(first) && !is_waited_for(second) { (second, first) } else { (first, second) };
    let says_kind = |part: &str| matches!(part, "type" | "kind" | "relation");
    let is_kind = |column: &&ColumnSeen| column.refers.is_none() && normal(&column.name).split('_').any(says_kind);
    let kind = table.columns.iter().find(is_kind);
    let write = |task: &ColumnSeen, value: &ColumnSeen, only: &str| {
        let (name, task, value) = (quoted(&table.name), quoted(&task.name), quoted(&value.name));
        format!("{{table = {name}, task = {task}, value = {value}{only}}}")
    };
    let Some(kind) = kind else {
        if says(table, &["depend", "link", "block", "relation", "need", "prereq"]) {
            let why = format!("a row of {} ties two tasks", table.name);
            found.needs = Some(because(write(task, value, ""), why));
        }
        return;
    };
    let words = kind.sample.iter().filter_map(|(held, _)| held.text());
    let told = words.filter_map(|word| {
        let lower = word.to_lowercase().replace(['_', '-'], " ");
        let says = |words: &[&str]| words.iter().any(|it| lower.contains(it));
        let waits = says(&["blocked", "depends on", "waits for", "needs", "requires", "follows"]);
        let holds_up = says(&["block", "precede"]);
        (waits || holds_up).then_some((word, waits))
    });
    match told.max_by_key(|(_, waits)| *waits) {
        Some((word, waits)) => {
            let only = format!(", only = {{{}}}", lookup::pair(&kind.name, &quoted(word)));
            let toml = if waits { write(task, value, &only) } else { write(value, task, &only) };
            let why = format!("a row of {} whose {} is `{word}` ties two tasks", table.name, kind.name);
            found.needs = Some(because(toml, why));
        }
        None => found.costs.push(format!(
            "{} ties tasks to each other, and no `{}` says which waits for which: map [tasks.needs] by hand",
            table.name, kind.name
        )),
    }
}
