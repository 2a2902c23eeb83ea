//! Which column says where a task is in its life, and what its words mean.

use std::collections::BTreeMap;

use super::clock::AS_YOU_SAID;
use super::{Seen, closed, examples, flag, is_run, lookup};
use crate::cli::attach::found::{Picked, Proposal, StatusWord, argument, quoted};
use crate::cli::attach::{names, times, words};
use crate::config::{Field, Lookup, Within};
use crate::model::TaskStatus;
use crate::store::inspect::{ColumnSeen, Held, MOST_PAIRS, MOST_WORDS};

/// A column that may be the status, with its words.
struct Candidate<'a> {
    column: &'a ColumnSeen,
    lookup: Option<Lookup>,
    words: Vec<StatusWord>,
    score: usize,
    why: String,
}

/// Finds the column, and places its words.
pub(super) fn find(seen: &Seen<'_>, found: &mut Proposal) {
    let said = seen.said.columns.iter().find(|(field, _)| *field == Field::Status).map(|(_, name)| name.as_str());
    let is_said = |column: &ColumnSeen| said.is_none_or(|said| said.eq_ignore_ascii_case(&column.name));
    let candidates = seen.table.columns.iter().filter(|it| is_said(it));
    let candidates = candidates.filter_map(|column| candidate(seen, column, said.is_some()));
    let Some(best) = candidates.max_by_key(|it| it.score) else {
        found.questions.push(none(seen));
        return;
    };
    let Candidate { column, lookup, mut words, why, .. } = best;
    let within = lookup.as_ref().and_then(|lookup| Some((lookup, lookup.within.as_ref()?)));
    if let Some((lookup, Within { column, insert: Some(insert) })) = within {
        let put = super::lookup::constant(insert);
        found.assumed.push(format!("new tasks are put within {column} {put} of {}; `insert` says so", lookup.table));
    }
    let doubts = lookup.as_ref().map(|lookup| closed::weigh(seen, lookup, &mut words)).unwrap_or_default();
    found.assumed.extend(discarded(seen, &mut words));
    words.sort_by_key(|word| {
        (named_at(seen, word).map_or((1, 0), |(is_new, at)| (2 * u8::from(is_new), at)), words::place(&word.word))
    });
    let is_confirmed = lookup.as_ref().is_some_and(|lookup| closed::tells(seen, lookup));
    found.assumed.extend(words.iter().filter(|_| !is_confirmed).filter_map(|word| resolved(seen, word)));
    found.fields.insert(Field::Status, Picked { column: column.name.clone(), lookup, time: None, why });
    found.status = words;
    let is_flagged = said.is_none() && beside(seen, column, found);
    for status in [TaskStatus::Pending, TaskStatus::Completed] {
        let is_asked = is_flagged && status == TaskStatus::Completed;
        if !is_asked && !found.status.iter().any(|word| word.means == Some(status)) {
            found
                .questions
                .push(format!("which word of `{}` means {status}? Abide must be able to write it", column.name));
        }
    }
    let unplaced: Vec<String> = found.unplaced().iter().map(|word| format!("`{word}`")).collect();
    if !unplaced.is_empty() {
        let which = if unplaced.len() == 1 { "does the word" } else { "do the words" };
        let doubts: String = doubts.iter().map(|doubt| format!(" {doubt}.")).collect();
        found.questions.push(format!("what {which} {} of `{}` mean?{doubts}", unplaced.join(", "), column.name));
    }
    without(seen, column, found);
}

/// What is said of a word that sounds as if all were done, and in many places means that somebody is still to look.
fn resolved(seen: &Seen<'_>, word: &StatusWord) -> Option<String> {
    let is_said = seen.said.means.iter().any(|(said, _)| *said == word.word);
    let waits = ["resolved", "fixed"].contains(&word.word.trim().to_lowercase().as_str());
    (waits && !is_said && word.means == Some(TaskStatus::Completed)).then(|| {
        let told = "is taken as completed; in many trackers it waits for somebody to verify it";
        format!("`{0}` {told}: `--means {0}=running` if so", word.word)
    })
}

/// A job that a queue has given up is called so; elsewhere somebody has thought better of a task.
fn discarded(seen: &Seen<'_>, words: &mut [StatusWord]) -> Option<String> {
    let says = |word: &StatusWord, names: &[&str]| names.contains(&word.word.trim().to_lowercase().as_str());
    let has_cancelled = words.iter().any(|word| says(word, &["cancelled", "canceled"]));
    let is_free = |word: &StatusWord| word.means == Some(TaskStatus::Cancelled) && named_at(seen, word).is_none();
    let word = words.iter_mut().find(|word| says(word, &["discarded"]) && is_free(word))?;
    let name = word.word.clone();
    if !has_cancelled && !is_run(seen) {
        let told = "is taken as cancelled; in queues of jobs it has failed for good";
        return Some(format!("`{name}` {told}: `--means {}` if so", argument(&format!("{name}=failed"))));
    }
    word.means = Some(TaskStatus::Failed);
    let why = if has_cancelled { "another word says cancelled" } else { "this looks like a queue of jobs" };
    Some(format!(
        "`{name}` is taken as failed, since {why}: `--means {}` if not",
        argument(&format!("{name}=cancelled"))
    ))
}

/// The place of a word among those that a person has named. Who names a word that is known anyway wants it to be written; else what
/// nobody named comes before what was named.
fn named_at(seen: &Seen<'_>, word: &StatusWord) -> Option<(bool, usize)> {
    let at = seen.said.means.iter().position(|(said, _)| *said == word.word)?;
    Some((words::status(&word.word) != word.means, at))
}

/// What is asked where no column can be the status.
fn none(seen: &Seen<'_>) -> String {
    let columns = &seen.table.columns;
    let may = |column: &&ColumnSeen| {
        let is_word = |(held, _): &(Held, u64)| !matches!(held, Held::Real(_) | Held::Blob);
        let is_time = matches!(times::of(column), times::Times::Written(_));
        column.key == 0
            && !is_time
            && (1..=12).contains(&column.sample.len())
            && column.sample.iter().all(is_word)
            && (seen.table.rows < 6 || (column.sample.len() as u64) < seen.table.rows)
    };
    let may: Vec<&ColumnSeen> = columns.iter().filter(may).collect();
    let flags = columns.iter().filter_map(|it| Some((it, flag::over(seen, it).filter(|_| !it.sample.is_empty())?)));
    let flags: Vec<String> = flags.map(|(it, over)| by_flag(it, &over)).collect();
    if !flags.is_empty() {
        return format!("which column holds the status? None has words that are known for one. {}", flags.join("; "));
    }
    if let Some(column) = columns.iter().find(|it| names::rank(Field::Finished, &it.name, &seen.table.name).is_some())
        && may.iter().all(|it| names::rank(Field::Status, &it.name, &seen.table.name).is_none())
    {
        return format!(
            "only `{}` tells whether a task is done, and a time cannot be a status: Abide needs a column that it can write a word into, which \
             triggers of yours may keep in step with it",
            column.name
        );
    }
    let which = if may.is_empty() {
        String::new()
    } else {
        format!(
            ". It may be {}: say `--column status=NAME` and what its words mean with `--means`",
            examples::columns(&may)
        )
    };
    format!("which column holds the status? None has words that are known for one{which}")
}

/// Asks which column goes, where no task is completed by the status and tasks are by a flag beside it.
fn beside(seen: &Seen<'_>, status: &ColumnSeen, found: &mut Proposal) -> bool {
    let meant = by_key(seen, found);
    let counts = seen.look.words(&seen.table.name, &status.name);
    if counts.iter().any(|(held, _)| meant.get(&held.word()) == Some(&TaskStatus::Completed)) {
        return false;
    }
    let others = seen.table.columns.iter().filter(|it| it.name != status.name && it.key == 0 && !it.is_generated);
    let flags: Vec<String> = others
        .filter_map(|it| {
            let over = flag::over(seen, it)?;
            let rows = flag::rows(seen, it, over.0);
            (rows > 0).then(|| format!("{}: {rows} of {} are", by_flag(it, &over), seen.table.rows))
        })
        .collect();
    let is_flagged = !flags.is_empty();
    if is_flagged {
        found.questions.push(format!(
            "which column tells whether a task is completed? By `{0}` none is. {1}; `--column status={0}` stays with `{0}`",
            status.name,
            flags.join("; ")
        ));
    }
    is_flagged
}

/// How a flag is offered as the status.
fn by_flag(column: &ColumnSeen, (over, why): &(i64, String)) -> String {
    let (name, open) = (&column.name, 1 - over);
    format!("`--column status={name}` goes by `{name}`, where {over} is completed and {open} is pending ({why})")
}

/// Rows without a status are an error of every pass.
fn without(seen: &Seen<'_>, column: &ColumnSeen, found: &mut Proposal) {
    let counts = seen.look.words(&seen.table.name, &column.name);
    let with: u64 = counts.iter().map(|(_, count)| count).sum();
    let rows = |count: u64| if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
    let must = "A task must have a status, and Abide refuses to judge the table while one has none";
    if counts.len() < MOST_WORDS && with < seen.table.rows {
        let count = seen.table.rows - with;
        let verb = if count == 1 { "has" } else { "have" };
        found.questions.push(format!(
            "what of {} that {verb} nothing in `{}`? {must}: give them a word, or leave such rows out with `--only`",
            rows(count),
            column.name
        ));
    }
    let Some(lookup) = found.fields.get(&Field::Status).and_then(|picked| picked.lookup.clone()) else { return };
    let named = seen.look.pairs(&lookup.table, (&lookup.key, &lookup.value));
    let is_named = |key: &Held| named.iter().any(|(known, ..)| known.word() == key.word());
    let (kept, nameless): (Vec<_>, Vec<_>) = counts.iter().partition(|(key, _)| is_named(key));
    let Some((key, _)) = nameless.first().filter(|_| named.len() < MOST_PAIRS) else { return };
    let count = nameless.iter().map(|(_, count)| count).sum();
    let kept: Vec<String> = kept
        .iter()
        .map(|(key, _)| format!("--only {}", argument(&format!("{}={}", column.name, key.word()))))
        .collect();
    found.questions.push(format!(
        "what of {} whose `{}` is {}, which has no {} in {}? {must}: name that, or keep the others with `{}`",
        rows(count),
        column.name,
        key.word(),
        lookup.value,
        lookup.table,
        kept.join(" ")
    ));
}

/// What each value of the status column means, as it is held there.
pub(super) fn by_key(seen: &Seen<'_>, found: &Proposal) -> BTreeMap<String, TaskStatus> {
    let meant = |word: &str| found.status.iter().find(|it| it.word == word).and_then(|it| it.means);
    match found.fields.get(&Field::Status).and_then(|picked| picked.lookup.as_ref()) {
        Some(lookup) => {
            let pairs = seen.look.pairs(&lookup.table, (&lookup.key, &lookup.value));
            pairs.into_iter().filter_map(|(key, word, _)| Some((key.word(), meant(&word.word())?))).collect()
        }
        None => found.status.iter().filter_map(|it| Some((it.word.clone(), it.means?))).collect(),
    }
}

fn candidate<'a>(seen: &Seen<'_>, column: &'a ColumnSeen, is_said: bool) -> Option<Candidate<'a>> {
    if column.key > 0 || column.is_generated {
        return None;
    }
    let table = &seen.table.name;
    let rank = names::rank(Field::Status, &column.name, table);
    let looked_up = lookup::of(seen, seen.table, column);
    // Of a column that is called a status, what holds only 0 and 1 so far may come to hold more.
    if looked_up.is_none() && (flag::says_done(seen, column) || is_said && rank.is_none() && flag::is_one(column)) {
        return Some(truth(seen, column));
    }
    if matches!(times::of(column), times::Times::Written(_)) {
        return None;
    }
    let (lookup, mut words, why) = match looked_up {
        Some((lookup, why)) => {
            let words = seen.look.words(&lookup.table, &lookup.value);
            let words = words.iter().map(|(held, _)| word(seen, held, None)).collect();
            let why = format!("{why}: its words stand in {}", lookup.table);
            (Some(lookup), words, why)
        }
        None => (None, own_words(seen, column)?, "its words".to_owned()),
    };
    words.sort_by(|a, b| a.word.cmp(&b.word).then_with(|| b.count.cmp(&a.count)));
    words.dedup_by(|a, b| a.word == b.word);
    words.sort_by_key(|word| std::cmp::Reverse(word.count));
    let placed = words.iter().filter(|word| word.means.is_some()).count();
    // By its words alone it is one if most of them are known; a name that says so needs fewer.
    let by_words = placed >= 2 && placed * 10 >= words.len() * 6;
    let by_name = rank.is_some_and(|rank| rank <= 8) && words.len() <= 20;
    if !by_words && !by_name && !is_said {
        return None;
    }
    let score = placed * 10 + rank.map_or(0, |rank| 40 - rank) + usize::from(by_words) * 30;
    let why = if rank.is_some() { format!("its name and {why}") } else { why };
    let lookup = lookup
        .map(|lookup| Lookup { within: lookup.within.clone().or_else(|| lookup::within(seen, &lookup)), ..lookup });
    Some(Candidate { column, lookup, words, score, why })
}

/// The words of the column itself: those that are there and those that the schema allows.
fn own_words(seen: &Seen<'_>, column: &ColumnSeen) -> Option<Vec<StatusWord>> {
    if column.sample.len() > 24 || column.sample.iter().any(|(held, _)| matches!(held, Held::Real(_) | Held::Blob)) {
        return None;
    }
    let mut words: Vec<StatusWord> = seen
        .look
        .words(&seen.table.name, &column.name)
        .iter()
        .map(|(held, count)| word(seen, held, Some(*count)))
        .collect();
    let by_default = column.default.as_deref().and_then(|default| default.strip_prefix('\'')?.strip_suffix('\''));
    for allowed in column.allowed.iter().map(String::as_str).chain(by_default) {
        if !words.iter().any(|word| word.word == allowed) {
            words.push(word(seen, &Held::Text(allowed.to_owned()), Some(0)));
        }
    }
    // A person may know of words that no row has yet.
    let is_status = names::rank(Field::Status, &column.name, &seen.table.name).is_some();
    let is_number = !words.is_empty() && words.iter().all(|word| word.word == word.toml);
    for (said, _) in seen.said.means.iter().filter(|_| is_status) {
        if !words.iter().any(|word| word.word == *said) {
            let number = said.parse().ok().filter(|_| is_number).map(Held::Integer);
            words.push(word(seen, &number.unwrap_or_else(|| Held::Text(said.clone())), Some(0)));
        }
    }
    Some(words)
}

fn word(seen: &Seen<'_>, held: &Held, count: Option<u64>) -> StatusWord {
    let word = held.word();
    let said = seen.said.means.iter().find(|(said, _)| *said == word).map(|(_, status)| *status);
    let means = said.or_else(|| held.text().and_then(words::status));
    let toml = match held {
        Held::Integer(number) => number.to_string(),
        _ => quoted(&word),
    };
    StatusWord { word, toml, count, means }
}

/// Whether a column that is empty so far is called as one of yes and no, and not declared as a time.
pub(super) fn may_be_truth(seen: &Seen<'_>, column: &ColumnSeen) -> bool {
    let declared = column.declared.to_ascii_uppercase();
    !["DATE", "TIME"].iter().any(|it| declared.contains(it)) && flag::says_done(seen, column)
}

/// A flag; where neither its name nor times tell which way round it is, its words are asked for.
fn truth<'a>(seen: &Seen<'_>, column: &'a ColumnSeen) -> Candidate<'a> {
    let over = flag::over(seen, column);
    let means = |number| match &over {
        Some((over, _)) if *over == number => Some(TaskStatus::Completed),
        Some(_) => Some(TaskStatus::Pending),
        None => None,
    };
    let words = [0, 1].map(|number| {
        let word = word(seen, &Held::Integer(number), Some(flag::rows(seen, column, number)));
        StatusWord { means: word.means.or_else(|| means(number)), ..word }
    });
    let why = over.map_or_else(|| AS_YOU_SAID.to_owned(), |(_, why)| why);
    Candidate { column, lookup: None, words: words.into(), score: 45, why: format!("{why}, and it says only 0 and 1") }
}
