//! From what a database looks like to the mapping that it is proposed to have. Nothing here reads anything.

mod beside;
mod clock;
mod closed;
mod ended;
mod examples;
mod fields;
mod filled;
mod flag;
mod insert;
mod json;
mod lookup;
mod only;
mod refers;
mod rows;
mod severity;
mod sorts;
mod status;
pub(super) mod table;
mod ties;
mod title;
mod unique;
mod unmapped;

pub(super) use lookup::toml as lookup_toml;
pub(super) use only::toml as only_toml;

use super::found::{Because, Proposal};
use super::{kinds, names};
use crate::config::Field;
use crate::model::TaskStatus;
use crate::store::inspect::{Held, TableSeen};

/// What a proposal wants to know of the rows. See [`crate::store::inspect::Inspect`], which answers.
pub(super) trait Look {
    /// Every word of a column of a table, with how often it is there.
    fn words(&self, table: &str, column: &str) -> Vec<(Held, u64)>;

    /// Every pair of values of two columns, with how often it is there.
    fn pairs(&self, table: &str, columns: (&str, &str)) -> Vec<(Held, Held, u64)>;

    /// How many rows have each value of a column `by`, and in how many of those another is filled.
    fn filled(&self, table: &str, by: &str, column: &str) -> Vec<(Held, u64, u64)>;

    /// The greatest value of a column.
    fn greatest(&self, table: &str, column: &str) -> Option<Held>;

    /// How many of these different words a column holds.
    fn known(&self, table: &str, column: &str, words: &[String]) -> usize;
}

/// What a proposal is made from.
pub(super) struct Seen<'a> {
    /// The table.
    pub table: &'a TableSeen,
    /// All tables.
    pub all: &'a [TableSeen],
    /// What the rows hold.
    pub look: &'a dyn Look,
    /// What a person has said.
    pub said: &'a Said,
}

/// What a person has said of a database.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// What status words mean.
    pub means: Vec<(String, TaskStatus)>,
    /// Whether high numbers are urgent, where priorities are numbers.
    pub high_is_urgent: Option<bool>,
    /// Which columns hold fields; an empty name leaves the field out.
    pub columns: Vec<(Field, String)>,
    /// What columns of tasks hold; none where it does not matter.
    pub only: Vec<(String, Option<String>)>,
}

impl Seen<'_> {
    /// A table by name.
    fn table(&self, name: &str) -> Option<&TableSeen> {
        self.all.iter().find(|table| table.name.eq_ignore_ascii_case(name))
    }
}

/// The mapping of a table, as far as anybody can tell.
pub(super) fn proposal(seen: &Seen<'_>) -> Proposal {
    let mut found = Proposal { table: seen.table.name.clone(), rows: seen.table.rows, ..Proposal::default() };
    status::find(seen, &mut found);
    fields::find(seen, &mut found);
    severity::find(seen, &mut found);
    json::find(seen, &mut found);
    rows::find(seen, &mut found);
    beside::find(seen, &mut found);
    only::find(seen, &mut found);
    insert::find(seen, &mut found);
    filled::find(seen, &mut found);
    if !found.fields.contains_key(&Field::Type) {
        found.default_type = Some(kind(seen));
    }
    ended::find(seen, &mut found);
    sorts::find(seen, &mut found);
    finish(seen, &mut found);
    found
}

/// What a row of the table is, without the words before it that other tables begin with as well: `oc_deck_cards` holds cards.
fn kind(seen: &Seen<'_>) -> String {
    let [whole, last] = names::of_row(&seen.table.name);
    if let Some(task) = kinds::of_core_data(&seen.table.name) {
        return task.to_owned();
    }
    let others: Vec<String> =
        seen.all.iter().filter(|it| it.name != seen.table.name).map(|it| names::normal(&it.name)).collect();
    let mut rest = whole.as_str();
    let mut before = String::new();
    while let Some((first, after)) = rest.split_once('_') {
        before = format!("{before}{first}_");
        // `tasks_task` says the same twice.
        if !others.iter().any(|other| other.starts_with(&before)) && names::singular(first) != last {
            break;
        }
        rest = after;
    }
    rest.to_owned()
}

/// Said where a row may be more than words for people.
const RUN: &str = "this looks like a queue whose software runs what stands in a row: a task that Abide opens here would be taken for \
     a job. Map it to be watched only if that software passes over types that it does not know; else let Abide's tasks lie in a \
     table of their own";

/// Whether the table looks as if a program took rows from it and ran them: it says with what, and by whom or how often.
fn is_run(seen: &Seen<'_>) -> bool {
    const WHAT: [&str; 11] = [
        "args",
        "payload",
        "handler",
        "func",
        "task_name",
        "job_class",
        "serialized_params",
        "arguments",
        "task_args",
        "kwargs",
        "task_kwargs",
    ];
    const HOW: [&str; 11] = [
        "attempts",
        "attempt",
        "attempt_count",
        "max_attempts",
        "retries",
        "locked_by",
        "locked_at",
        "run_at",
        "scheduled_at",
        "worker",
        "traceback",
    ];
    let has = |names: &[&str]| {
        seen.table.columns.iter().any(|column| names.iter().any(|name| column.name.eq_ignore_ascii_case(name)))
    };
    has(&WHAT) && has(&HOW)
}

/// What it costs that a field is not mapped.
const COSTS: [(Field, &str); 10] = [
    (
        Field::Type,
        "no column of types: all tasks are of one type, so selectors tell them apart by labels, title or agent only",
    ),
    (Field::Body, "no body: remediation tasks have a title only"),
    (Field::Priority, "no priorities: every task is medium"),
    (
        Field::Role,
        "no roles: assignments cannot say who a task is for, and drift's owner stands in the task's text only",
    ),
    (Field::Agent, "no agents: nobody is seen to hold a task"),
    (Field::Author, "no authors: approvals cannot tell who asked for a task"),
    (Field::Context, "no JSON for machines: Abide tells its own tasks by its record and its name alone"),
    (Field::Started, "no time of start: late starts are judged by agent and status only"),
    (Field::Finished, "no time of end: what ended when is not known, so service levels cannot count tasks by time"),
    (Field::Created, "no time tells when a task came to be, and without one Abide cannot judge anything by age"),
];

/// What is not mapped costs something, and somebody should know.
fn finish(seen: &Seen<'_>, found: &mut Proposal) {
    let missing = COSTS.iter().filter(|(field, _)| !found.fields.contains_key(field));
    let costs: Vec<String> = missing.map(|(_, cost)| (*cost).to_owned()).collect();
    found.costs.splice(0..0, costs);
    if is_run(seen) {
        found.costs.insert(0, RUN.to_owned());
    }
    let free = seen.table.columns.iter().filter(|column| !found.text_names(&column.name));
    let is_person = |name: &str| names::normal(name).strip_suffix("_id").is_some_and(kinds::says_people);
    let people =
        free.filter(|it| it.refers.as_ref().map_or_else(|| is_person(&it.name), |(to, _)| kinds::says_people(to)));
    let told = people.map(|it| {
        let is_known = [Field::Author, Field::Agent]
            .into_iter()
            .any(|field| names::rank(field, &it.name, &seen.table.name).is_some());
        let which = match is_known {
            true => "refers to people, and what they are called is not found",
            false => "refers to people, and its name does not say whether they asked for a task or do it",
        };
        format!("`{}` {which}: `--column author={0}` or `--column agent={0}`", it.name)
    });
    found.costs.extend(told.collect::<Vec<_>>());
    if !found.status.iter().any(|word| word.means == Some(TaskStatus::Running)) {
        found.costs.push("no word says that somebody works on a task: nobody can claim one through Abide".to_owned());
    }
    if found.needs.is_none() && !found.costs.iter().any(|cost| cost.contains("so what a task waits for is not shown")) {
        found.costs.push("no dependencies were found: what a task waits for is not shown".to_owned());
    }
    if found.agents.is_none() {
        found.costs.push("no table of agents with a time of their last report: nobody is found silent".to_owned());
    }
    let grows = seen.table.columns.iter().any(|column| column.is_automatic);
    found.followed = match () {
        () if seen.table.is_view => {
            "a view has no keys of its own: after every commit it is read as a whole".to_owned()
        }
        () if grows => {
            "by SQLite's count of commits; after one, new rows by their growing key, open rows by reading them again, \
                        and ended ones every ten minutes"
                .to_owned()
        }
        () => {
            "by SQLite's count of commits; the keys do not grow, so after one the table is read as a whole".to_owned()
        }
    };
}

/// A piece of TOML with its reason.
fn because(toml: impl Into<String>, why: impl Into<String>) -> Because {
    Because { toml: toml.into(), why: why.into() }
}
