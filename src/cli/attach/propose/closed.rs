//! Whether the table that status words stand in agrees with what the words sound like: many say of each word whether a task that has
//! it is over, or which kind of status it is.

use super::{Seen, only};
use crate::cli::attach::found::StatusWord;
use crate::cli::attach::names::is_called;
use crate::cli::attach::words;
use crate::config::Lookup;
use crate::model::TaskStatus;
use crate::store::inspect::{ColumnSeen, Held};

/// Columns that say yes or no of a word.
const OVER: [&str; 9] =
    ["closed", "done", "completed", "resolved", "final", "terminal", "finished", "closing", "end_state"];

/// Columns that say of which kind a word is.
const KIND: [&str; 7] = ["group", "category", "status_category", "state_category", "state_type", "status_type", "type"];

/// Places words by what their table says of them, and takes back what it contradicts. Says what is to be asked of whom.
pub(super) fn weigh(seen: &Seen<'_>, lookup: &Lookup, words: &mut [StatusWord]) -> Vec<String> {
    let Some(table) = seen.table(&lookup.table) else { return Vec::new() };
    let mut doubts = Vec::new();
    for column in table.columns.iter().filter(|it| it.name != lookup.value && it.key == 0) {
        let (is_over, is_kind) = (says_over(column), says_kind(column));
        if !is_over && !is_kind {
            continue;
        }
        let pairs = seen.look.pairs(&lookup.table, (&lookup.value, &column.name));
        for word in words.iter_mut() {
            if seen.said.means.iter().any(|(said, _)| *said == word.word) {
                continue;
            }
            let mut said = pairs.iter().filter(|(value, ..)| value.word() == word.word).map(|(_, says, _)| says);
            let Some(says) = said.next().filter(|first| said.all(|other| other == *first)) else { continue };
            let doubt = if is_over { over(word, says) } else { kind(word, says) };
            doubts.extend(doubt.map(|sounds| {
                let says = says.word();
                format!("`{}` sounds {sounds}, and `{}` of {} says `{says}` of it", word.word, column.name, table.name)
            }));
        }
    }
    doubts
}

/// Whether a table of words says of them by itself what is over.
pub(super) fn tells(seen: &Seen<'_>, lookup: &Lookup) -> bool {
    let columns = seen.table(&lookup.table).map(|table| &table.columns[..]).unwrap_or_default();
    columns.iter().filter(|it| it.name != lookup.value && it.key == 0).any(|it| says_over(it) || says_kind(it))
}

/// A column that says no of every word is about something else: an archived list is `closed`.
fn says_over(column: &ColumnSeen) -> bool {
    is_called(&column.name, "", &OVER)
        && column.sample.iter().all(|(held, _)| only::truth(held).is_some())
        && column.sample.iter().any(|(held, _)| only::truth(held) == Some(true))
}

/// Where no word is of the kind of those that nobody has begun with, `active` says of a list only that it is not closed.
fn says_kind(column: &ColumnSeen) -> bool {
    let kinds: Vec<TaskStatus> = column.sample.iter().filter_map(|(held, _)| kind_of(held)).collect();
    let is_most = kinds.len() >= 2 && kinds.len() * 2 > column.sample.len();
    is_called(&column.name, "", &KIND) && is_most && kinds.contains(&TaskStatus::Pending)
}

fn kind_of(held: &Held) -> Option<TaskStatus> {
    words::status(held.text()?)
}

/// What a word sounds like, where its table says otherwise.
fn over(word: &mut StatusWord, says: &Held) -> Option<TaskStatus> {
    let is_over = only::truth(says)?;
    let sounds = word.means.filter(|means| means.is_open() == is_over)?;
    word.means = None;
    Some(sounds)
}

/// The same of a kind; a word that says nothing by itself is of that kind.
fn kind(word: &mut StatusWord, says: &Held) -> Option<TaskStatus> {
    let kind = kind_of(says)?;
    match word.means {
        None => {
            word.means = Some(kind);
            None
        }
        Some(sounds) if sounds.is_open() == kind.is_open() => None,
        Some(sounds) => {
            word.means = None;
            Some(sounds)
        }
    }
}
