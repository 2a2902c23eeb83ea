//! Tables that look as if they held labels or ties of tasks, and that nothing was made of: each is named.

use super::refers::{holds_keys, to_tasks};
use super::{Seen, examples, ties};
use crate::cli::attach::found::{Proposal, quoted};
use crate::cli::attach::names::{normal, singular};
use crate::store::inspect::{ColumnSeen, TableSeen};

/// What tables of labels are called.
const LABELS: [&str; 3] = ["tag", "label", "keyword"];

pub(super) fn find(seen: &Seen<'_>, id: &str, found: &mut Proposal) {
    for table in seen.all.iter().filter(|it| it.name != seen.table.name && !it.is_view) {
        let holds_labels = is_called(table, &LABELS);
        let holds_ties = is_called(table, &ties::TABLES) || is_called(table, &["supersed", "superseder"]);
        if !(holds_labels || holds_ties) || is_told(table, found) || is_list(seen, table) {
            continue;
        }
        let columns = of_tasks(seen, table, id);
        let Some(first) = columns.first() else { continue };
        let task = format!("table = {}, task = {}, value = \"…\"", quoted(&table.name), quoted(&first.name));
        let (what, line) = if holds_labels {
            ("labels of tasks", format!("`\"*\" = {{{task}}}` under [tasks.labels]"))
        } else {
            ("what ties tasks to each other", format!("`needs = {{{task}}}` under [tasks]"))
        };
        found.costs.push(format!(
            "{} may hold {what}, by {}, and is not mapped: if it does, map it with {line}",
            table.name,
            examples::columns(&columns)
        ));
    }
}

/// Whether a word of a table's name begins or ends so: `issuelink`.
fn is_called(table: &TableSeen, words: &[&str]) -> bool {
    let name = normal(&table.name);
    let says = |part: &str| words.iter().any(|word| part.starts_with(word) || singular(part).ends_with(word));
    name.split('_').any(says)
}

/// Whether something is made of a table already, or said of it.
fn is_told(table: &TableSeen, found: &Proposal) -> bool {
    let mapped = found.labels.iter().map(|(_, it)| &it.toml).chain(found.needs.iter().map(|it| &it.toml));
    let names = |text: &String| {
        text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word.eq_ignore_ascii_case(&table.name))
    };
    mapped.chain(&found.costs).any(names)
}

/// Whether other tables refer to the rows of this one: then it says which labels or kinds of ties there are.
fn is_list(seen: &Seen<'_>, table: &TableSeen) -> bool {
    let one = singular(&table.name);
    let refers = |column: &ColumnSeen| match &column.refers {
        Some((to, _)) => to.eq_ignore_ascii_case(&table.name),
        None => normal(&column.name).strip_suffix("_id").is_some_and(|stem| stem == one),
    };
    seen.all.iter().filter(|it| it.name != table.name).flat_map(|it| &it.columns).any(refers)
}

/// The columns that refer to tasks, or that hold nothing but keys of them.
fn of_tasks<'a>(seen: &Seen<'_>, table: &'a TableSeen, id: &str) -> Vec<&'a ColumnSeen> {
    let named = to_tasks(seen, table, id);
    if !named.is_empty() {
        return named;
    }
    let has_own_key = table.columns.iter().filter(|it| it.key > 0).count() == 1;
    let may = |it: &&ColumnSeen| it.refers.is_none() && !(has_own_key && it.key > 0) && holds_keys(seen, it, id);
    table.columns.iter().filter(may).collect()
}
