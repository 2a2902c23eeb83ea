//! Which table holds the tasks.

use super::lookup;
use crate::cli::attach::{kinds, names, words};
use crate::config::Field;
use crate::store::inspect::{ColumnSeen, MOST_WORDS, TableSeen};

/// A table that may hold the tasks, with how much speaks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli::attach) struct Candidate {
    pub name: String,
    pub rows: u64,
    pub score: usize,
    pub why: Vec<&'static str>,
    /// What speaks against it; it is taken only where somebody names it.
    pub against: Option<String>,
    /// Whether it has what makes tasks: titles, words of a status, and rows.
    pub is_whole: bool,
    /// The tables that each of its rows belongs to a row of.
    pub part_of: Vec<String>,
}

impl Candidate {
    /// Whether its rows are parts of another's.
    fn is_part_of(&self, other: &Self) -> bool {
        self.part_of.iter().any(|of| of.eq_ignore_ascii_case(&other.name))
    }

    /// What speaks for it and what against, on one line.
    pub(in crate::cli::attach) fn told(&self) -> String {
        let rows = if self.rows == 1 { "1 row".to_owned() } else { format!("{} rows", self.rows) };
        let against = self.against.as_ref().map(|it| format!("; against it: {it}")).unwrap_or_default();
        format!("{} ({rows}): {}{against}", self.name, self.why.join(", "))
    }
}

/// So much nearer than the next must the first be.
const MARGIN: usize = 4;

/// Less than this says nothing.
const LEAST: usize = 14;

/// Every table of which something speaks for tasks, the likeliest first. Those that somebody must name come last.
pub(in crate::cli::attach) fn ranked(tables: &[TableSeen]) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = tables.iter().filter_map(|table| candidate(tables, table)).collect();
    found.sort_by(|a, b| {
        let by_doubt = a.against.is_some().cmp(&b.against.is_some()).then_with(|| (a.rows == 0).cmp(&(b.rows == 0)));
        by_doubt.then_with(|| b.score.cmp(&a.score)).then_with(|| b.rows.cmp(&a.rows)).then_with(|| a.name.cmp(&b.name))
    });
    // What a part is of comes before it, however much the part looks like a task.
    let whole = found.first().and_then(|first| {
        let may = |it: &Candidate| it.against.is_none() && it.rows > 0 && (it.is_whole || !kinds::says_list(&it.name));
        let is_of = |it: &Candidate| may(it) && first.is_part_of(it) && !it.is_part_of(first);
        found.iter().position(is_of)
    });
    if let Some(at) = whole {
        found[..=at].rotate_right(1);
    }
    found
}

/// What else has all that makes tasks, and was not asked about since its rows are parts of the first one's.
pub(in crate::cli::attach) fn parts(ranked: &[Candidate]) -> Vec<&Candidate> {
    let Some(first) = ranked.first() else { return Vec::new() };
    let asked = likeliest(ranked);
    let is_other = |it: &&Candidate| it.against.is_none() && it.is_whole && !asked.iter().any(|of| of.name == it.name);
    ranked.iter().filter(is_other).filter(|it| it.is_part_of(first)).collect()
}

/// The first, and whatever could as well hold the tasks: a name alone is no reason to pass over a table that has all that makes
/// tasks, unless its rows are parts of the first one's.
pub(in crate::cli::attach) fn likeliest(ranked: &[Candidate]) -> Vec<&Candidate> {
    let Some(first) = ranked.first() else { return Vec::new() };
    // A part that looks as much like a task as its whole is asked about.
    let is_near = |it: &Candidate| {
        let is_much = if it.is_part_of(first) { it.score >= first.score } else { it.score + MARGIN > first.score };
        is_much || it.is_whole && !it.is_part_of(first)
    };
    ranked
        .iter()
        .enumerate()
        .filter(|(at, it)| it.against.is_none() && (*at == 0 || is_near(it)))
        .map(|(_, it)| it)
        .collect()
}

fn candidate(tables: &[TableSeen], table: &TableSeen) -> Option<Candidate> {
    let has = |field: Field| table.columns.iter().any(|column| names::rank(field, &column.name, &table.name).is_some());
    let says_tasks = kinds::says_tasks(&table.name);
    let times = [Field::Finished, Field::Started, Field::Due].into_iter().filter(|field| has(*field)).count();
    let speaks = [
        (table.columns.iter().any(is_status), 10, "a column with words of a status"),
        (has(Field::Title), 4, "a title"),
        (has(Field::Created), 4, "a time of creation"),
        (times > 0, 2 + times, "times of work"),
        (has(Field::Priority), 2, "priorities"),
        (has(Field::Agent) || has(Field::Role), 2, "somebody who holds it"),
        (says_tasks, 8, "its name"),
        (
            table.columns.iter().any(|column| refers_to_status(tables, column)),
            6,
            "a status that is a row of another table",
        ),
        (table.rows > 0, 1, "rows"),
    ];
    let heard: Vec<(usize, &str)> =
        speaks.into_iter().filter(|(holds, ..)| *holds).map(|(_, score, why)| (score, why)).collect();
    let score = heard.iter().map(|(score, _)| score).sum::<usize>();
    // A view may show tasks, and cannot be written.
    if score < LEAST || table.columns.len() < 3 || table.is_view {
        return None;
    }
    let why = heard.into_iter().map(|(_, why)| why).collect();
    let against = against(table, says_tasks, has(Field::Title));
    // What a table of words calls its words is no title.
    let is_title = |column: &ColumnSeen| {
        let is_called = names::rank(Field::Title, &column.name, &table.name).is_some();
        is_called && !names::normal(&column.name).ends_with("_id") && !has_known_words(column)
    };
    let has_status = table.columns.iter().any(|column| is_status(column) || refers_to_status(tables, column));
    let is_whole = table.rows > 0 && has_status && table.columns.iter().any(is_title);
    let part_of = wholes(tables, table);
    Some(Candidate { name: table.name.clone(), rows: table.rows, score, why, against, is_whole, part_of })
}

/// The tables that each row of a table belongs to a row of, near and far: a task of a list of a card is a part of the card.
fn wholes(tables: &[TableSeen], table: &TableSeen) -> Vec<String> {
    let mut found: Vec<&TableSeen> = Vec::new();
    let mut next = vec![table];
    while let Some(part) = next.pop() {
        for of in tables.iter().filter(|of| is_part(part, of)) {
            if of.name != table.name && found.iter().all(|it| it.name != of.name) {
                found.push(of);
                next.push(of);
            }
        }
    }
    found.into_iter().map(|of| of.name.clone()).collect()
}

/// Whether each row of a table belongs to one of another: subtasks are parts of tasks.
fn is_part(table: &TableSeen, of: &TableSeen) -> bool {
    // A sample tells of all rows only where there are few values.
    let is_filled = |column: &ColumnSeen| {
        let filled: u64 = column.sample.iter().map(|(_, count)| count).sum();
        column.not_null || filled >= table.rows || column.sample.len() >= MOST_WORDS
    };
    // A task is no part of its status, and of nothing else that is only a word of it.
    let is_word = |column: &ColumnSeen| {
        let is_field = |it: &Field| lookup::serves(*it) && names::rank(*it, &column.name, "").is_some();
        Field::ALL.iter().any(is_field) || lookup::word_column(of, "").is_some_and(has_known_words)
    };
    let ties = |column: &ColumnSeen| refers(column, of) && is_filled(column) && !is_word(column);
    table.name != of.name && table.columns.iter().any(ties)
}

/// Whether a column refers to a table, by a foreign key, by a name that says so, or by a name that may and the keys that it holds.
fn refers(column: &ColumnSeen, of: &TableSeen) -> bool {
    if let Some((to, _)) = &column.refers {
        return to.eq_ignore_ascii_case(&of.name);
    }
    let (name, whole) = (names::normal(&column.name), names::singular(&of.name));
    if column.key > 0 {
        return false;
    }
    let is_called = |stem: &str| stem == whole || whole.strip_suffix(stem).is_some_and(|rest| rest.ends_with('_'));
    match name.strip_suffix("_id") {
        Some(stem) if stem == whole => true,
        stem => is_called(stem.unwrap_or(&name)) && holds_keys(column, of),
    }
}

/// Whether what is seen of a column are keys of a table.
fn holds_keys(column: &ColumnSeen, of: &TableSeen) -> bool {
    let Some(key) = of.columns.iter().find(|it| it.key == 1) else { return false };
    column.sample.iter().any(|(held, _)| key.sample.iter().any(|(known, _)| known == held))
}

/// What speaks against a table, whatever its columns are called.
fn against(table: &TableSeen, says_tasks: bool, has_title: bool) -> Option<String> {
    if let Some(word) = kinds::says_aside(&table.name) {
        return Some(format!("its name says `{word}`: what lies there is kept and not done"));
    }
    if says_tasks {
        return None;
    }
    match kinds::says_other(&table.name) {
        Some(word) => Some(format!("its name says {word}s, not tasks")),
        None if !has_title => Some("no column is called as a title, and its name does not say tasks".to_owned()),
        None if !table.columns.iter().any(has_known_words) => {
            Some("no column has words of a status that are known, and its name does not say tasks".to_owned())
        }
        None => None,
    }
}

fn is_status(column: &ColumnSeen) -> bool {
    let by_name = names::is_called(&column.name, "", &["status", "state", "stage", "done", "completed"]);
    has_known_words(column) || (by_name && column.sample.len() <= 20)
}

/// Whether at least two words of a status are known, and not fewer than half of them.
fn has_known_words(column: &ColumnSeen) -> bool {
    let held = column.sample.iter().filter_map(|(held, _)| held.text());
    let words: Vec<&str> = held.chain(column.allowed.iter().map(String::as_str)).collect();
    let placed = words.iter().filter(|word| words::status(word).is_some()).count();
    placed >= 2 && placed * 2 >= words.len()
}

/// Whether a column refers to a table of words of a status: by its own name, or by the words there. A row of a subtask refers to one
/// that has a status, and that says nothing of the subtask's.
fn refers_to_status(tables: &[TableSeen], column: &ColumnSeen) -> bool {
    let referred = tables.iter().find(|to| refers(column, to));
    let key = |to: &TableSeen| Some(to.columns.iter().find(|it| it.key == 1)?.name.clone());
    let Some((to, key)) = referred.and_then(|to| Some((to, key(to)?))) else { return false };
    let is_called = names::rank(Field::Status, &column.name, "").is_some() && to.columns.iter().any(is_status);
    is_called || lookup::word_column(to, &key).is_some_and(has_known_words)
}
