//! Labels and dependencies that are rows of other tables.

use super::json::has_no_tags;
use super::{Seen, because, examples, lookup};
use crate::cli::attach::found::{Proposal, quoted};
use crate::cli::attach::kinds::says_people;
use crate::cli::attach::names::{normal, singular};
use crate::config::Field;
use crate::store::inspect::{ColumnSeen, Held, TableSeen};

pub(super) fn find(seen: &Seen<'_>, found: &mut Proposal) {
    let Some(id) = found.column(Field::Id).map(str::to_owned) else { return };
    for table in seen.all.iter().filter(|table| table.name != seen.table.name && !table.is_view) {
        let refers: Vec<&ColumnSeen> =
            table.columns.iter().filter(|column| refers_to_task(seen, table, column, &id)).collect();
        match &refers[..] {
            [first, second] if found.needs.is_none() => needs(seen, table, (first, second), found),
            [task] if says(table, &["tag", "label"]) && has_no_tags(found) => tags(seen, table, task, found),
            [_] if says(table, &["assign"]) && !found.fields.contains_key(&Field::Agent) => found.costs.push(format!(
                "the rows of {} say who does a task, several for one: Abide reads one agent, from a column of the task",
                table.name
            )),
            [task] if joins_people(seen, table, task) && !found.fields.contains_key(&Field::Agent) => {
                found.costs.push(format!(
                    "the rows of {} tie people to tasks, and may say who works on one: Abide reads one agent, from a column of the task",
                    table.name
                ));
            }
            _ => {}
        }
    }
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
    // `issue_from_id` and `issue_to_id` of a table of ties.
    let tied = |word: &str| {
        let middle = name.strip_prefix(&format!("{word}_")).and_then(|rest| rest.strip_suffix("_id"));
        middle.is_some_and(|middle| ENDS_OF_TIES.contains(&middle))
    };
    let is_end = name.strip_suffix("_id").is_some_and(|end| ENDS_OF_TIES.contains(&end));
    if is_end && says(table, &["relation", "link", "depend"]) {
        return true;
    }
    let named = column.key != 1 || table.columns.iter().filter(|it| it.key > 0).count() > 1;
    let speaks = discriminator(table, column);
    let is_any = speaks.is_some_and(|of| name.ends_with("able_id") || ours(seen, of).is_some());
    named && (ends(&task) || ends(&short) || tied(&task) || tied(&short) || is_any)
}

/// What tells the two tasks of a tie apart.
const ENDS_OF_TIES: [&str; 14] = [
    "from",
    "to",
    "source",
    "target",
    "a",
    "b",
    "1",
    "2",
    "parent",
    "child",
    "blocker",
    "blocked",
    "predecessor",
    "successor",
];

/// The column that says of which table's row another one speaks: `taggable_type` beside `taggable_id`.
fn discriminator<'a>(table: &'a TableSeen, column: &ColumnSeen) -> Option<&'a ColumnSeen> {
    let name = normal(&column.name);
    let kind = format!("{}_type", name.strip_suffix("_id")?);
    table.columns.iter().find(|other| normal(&other.name) == kind)
}

/// The word by which such a column says that it speaks of a task.
fn ours<'a>(seen: &Seen<'_>, of: &'a ColumnSeen) -> Option<&'a str> {
    let mut words = of.sample.iter().filter_map(|(held, _)| held.text());
    words.find(|text| singular(text) == singular(&seen.table.name))
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

/// A word that says how two tasks are tied, and the value that a row has for it.
struct Tie {
    word: String,
    toml: String,
    /// Whether the first task waits for the second; the other way round where not. None where neither waits.
    waits: Option<bool>,
}

impl Tie {
    fn new(word: &str, toml: String) -> Self {
        let lower = word.to_lowercase().replace(['_', '-'], " ");
        let says = |words: &[&str]| words.iter().any(|it| lower.contains(it));
        let waits = says(&["blocked", "depends on", "waits for", "needs", "requires", "follows"]);
        let holds_up = says(&["block", "precede"]);
        Self { word: word.to_owned(), toml, waits: (waits || holds_up).then_some(waits) }
    }

    /// What it says outright is surer than what comes before what.
    fn rank(&self) -> (bool, bool) {
        let lower = self.word.to_lowercase();
        (self.waits == Some(true), !lower.contains("precede") && !lower.contains("follow"))
    }
}

/// The column that says how two tasks are tied, with its words: those in it, or those of a table that it refers to.
fn ties<'a>(seen: &Seen<'_>, table: &'a TableSeen, ends: &[&ColumnSeen; 2]) -> Option<(&'a ColumnSeen, Vec<Tie>)> {
    let says_kind = |part: &str| matches!(part, "type" | "kind" | "relation");
    let is_kind = |column: &&ColumnSeen| column.refers.is_none() && normal(&column.name).split('_').any(says_kind);
    let others = || table.columns.iter().filter(|it| it.key == 0 && ends.iter().all(|end| end.name != it.name));
    let referred = others().find_map(|column| {
        let (lookup, _) = lookup::of(seen, table, column)?;
        let pairs = seen.look.pairs(&lookup.table, (&lookup.key, &lookup.value));
        let ties: Vec<Tie> = pairs.iter().map(|(key, word, _)| Tie::new(&word.word(), value(key))).collect();
        ties.iter().any(|tie| tie.waits.is_some()).then_some((column, ties))
    });
    referred.or_else(|| {
        let column = others().find(is_kind)?;
        let words = column.sample.iter().filter_map(|(held, _)| held.text());
        Some((column, words.map(|word| Tie::new(word, quoted(word))).collect()))
    })
}

/// A value as TOML.
fn value(held: &Held) -> String {
    match held {
        Held::Integer(number) => number.to_string(),
        other => quoted(&other.word()),
    }
}

/// Which of two tasks waits for the other is told by the columns' names, or by a word beside them.
fn needs(seen: &Seen<'_>, table: &TableSeen, (first, second): (&ColumnSeen, &ColumnSeen), found: &mut Proposal) {
    const WAITED_FOR: [&str; 10] = [
        "depends",
        "dependency",
        "needs",
        "requires",
        "prerequisite",
        "blocker",
        "blocking",
        "target",
        "to",
        "predecessor",
    ];
    let is_waited_for = |column: &ColumnSeen| normal(&column.name).split('_').any(|part| WAITED_FOR.contains(&part));
    let (task, value) = if is_waited_for(first) && !is_waited_for(second) { (second, first) } else { (first, second) };
    let write = |task: &ColumnSeen, value: &ColumnSeen, only: &str| {
        let (name, task, value) = (quoted(&table.name), quoted(&task.name), quoted(&value.name));
        format!("{{table = {name}, task = {task}, value = {value}{only}}}")
    };
    let Some((kind, ties)) = ties(seen, table, &[first, second]) else {
        if says(table, &["depend", "link", "block", "relation", "need", "prereq"]) {
            let why = format!("a row of {} ties two tasks", table.name);
            found.needs = Some(because(write(task, value, ""), why));
        }
        return;
    };
    let Some(tie) = ties.iter().filter(|tie| tie.waits.is_some()).max_by_key(|tie| tie.rank()) else {
        found.costs.push(format!(
            "{} ties tasks to each other, and no `{}` says which waits for which: map [tasks.needs] by hand",
            table.name, kind.name
        ));
        return;
    };
    let only = format!(", only = {{{}}}", lookup::pair(&kind.name, &tie.toml));
    let toml = if tie.waits == Some(true) { write(task, value, &only) } else { write(value, task, &only) };
    let why = format!("a row of {} whose {} is `{}` ties two tasks", table.name, kind.name, tie.word);
    found.needs = Some(because(toml, why));
    // The other end of the same tie says nothing more.
    let rest = ties.iter().filter(|it| it.waits == tie.waits && it.word != tie.word);
    let rest: Vec<String> = rest.map(|it| format!("`{}`", it.word)).collect();
    if !rest.is_empty() {
        let told = format!(
            "ties of {} that are {} are not read as dependencies: one kind can be",
            table.name,
            rest.join(", ")
        );
        found.costs.push(told);
    }
}
