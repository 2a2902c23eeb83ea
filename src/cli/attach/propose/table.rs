//! Which table holds the tasks.

use crate::cli::attach::names;
use crate::config::Field;
use crate::store::inspect::TableSeen;

/// A table that may hold the tasks, with how much speaks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli::attach) struct Candidate {
    pub name: String,
    pub score: usize,
    pub why: Vec<&'static str>,
}

/// So much nearer than the next must the first be.
const MARGIN: usize = 4;

/// Every table that may hold tasks, the likeliest first.
pub(in crate::cli::attach) fn ranked(tables: &[TableSeen]) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = tables.iter().filter_map(|table| candidate(tables, table)).collect();
    found.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.name.cmp(&b.name)));
    found
}

/// The ones that are as likely as the first.
pub(in crate::cli::attach) fn likeliest(ranked: &[Candidate]) -> &[Candidate] {
    let best = ranked.first().map_or(0, |first| first.score);
    let count = ranked.iter().take_while(|it| it.score + MARGIN > best).count();
    &ranked[..count]
}

fn candidate(tables: &[TableSeen], table: &TableSeen) -> Option<Candidate> {
    let has = |field: Field| table.columns.iter().any(|column| names::rank(field, &column.name, &table.name).is_some());
    let speaks = [
        (table.columns.iter().any(is_status), 10, "a column with words of a status"),
        (has(Field::Title), 4, "a title"),
        (has(Field::Created), 4, "a time of creation"),
        (has(Field::Finished) || has(Field::Started) || has(Field::Due), 3, "times of work"),
        (has(Field::Priority), 2, "priorities"),
        (has(Field::Agent) || has(Field::Role), 2, "somebody who holds it"),
        (names::says_tasks(&table.name), 8, "its name"),
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
    let is_any = score >= 14 && table.columns.len() >= 3 && !table.is_view;
    is_any.then(|| Candidate { name: table.name.clone(), score, why: heard.into_iter().map(|(_, why)| why).collect() })
}

fn is_status(column: &crate::store::inspect::ColumnSeen) -> bool {
    use crate::cli::attach::words;
    let held = column.sample.iter().filter_map(|(held, _)| held.text());
    let words: Vec<&str> = held.chain(column.allowed.iter().map(String::as_str)).collect();
    let placed = words.iter().filter(|word| words::status(word).is_some()).count();
    let by_name = names::is_called(&column.name, "", &["status", "state", "stage", "done", "completed"]);
    (placed >= 2 && placed * 2 >= words.len()) || (by_name && column.sample.len() <= 20)
}

fn refers_to_status(tables: &[TableSeen], column: &crate::store::inspect::ColumnSeen) -> bool {
    let Some((to, _)) = &column.refers else { return false };
    tables.iter().filter(|table| table.name.eq_ignore_ascii_case(to)).flat_map(|table| &table.columns).any(is_status)
}
