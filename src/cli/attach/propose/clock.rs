//! What columns of times can be taken for: when nothing says it by its name, where they are written in several ways, and where
//! they tell what is planned and not what was.

use std::collections::{BTreeMap, BTreeSet};

use super::{Seen, examples, flag, status};
use crate::cli::attach::found::{Picked, Proposal};
use crate::cli::attach::names::{self, normal};
use crate::cli::attach::times::{self, Times};
use crate::config::{Field, TimeFormat};
use crate::model::TaskStatus;
use crate::store::inspect::ColumnSeen;

/// What is asked where a column that is called as a time is none that Abide could read.
pub(super) fn unreadable(seen: &Seen<'_>, field: Field, found: &mut Proposal) {
    let said = |column: &&ColumnSeen| names::rank(field, &column.name, &seen.table.name).is_some();
    let free: Vec<&ColumnSeen> =
        seen.table.columns.iter().filter(|it| !found.uses(&it.name) && it.key == 0).filter(said).collect();
    for column in free {
        let Some(ways) = times::ways(column).filter(|_| !found.odd_times.contains(&column.name)) else { continue };
        found.odd_times.push(column.name.clone());
        let (name, word, shown) = (&column.name, field.word(), ways.shown);
        let looks = format!("looks as if it were when a task is {}, and holds {shown}", means(field));
        match (ways.odd, field) {
            (Some(example), Field::Created) => {
                let way = as_iso(seen, name, &example);
                found.questions.push(format!("which column tells when a task came to be? `{name}` {looks}. {way}"));
            }
            (Some(_), _) => found.costs.push(format!("`{name}` {looks}, which Abide does not read: it is not mapped")),
            (None, _) => {
                let fix = match field {
                    Field::Created => "Write all of them as one, and attach again".to_owned(),
                    _ => format!("Write all of them as one, or leave it out with `--column {word}=`"),
                };
                let told = format!("how is `{name}` written? It {looks}: Abide reads one form in a column. {fix}");
                found.questions.push(told);
            }
        }
    }
}

/// How a table says in a way that Abide reads what it says in another.
fn as_iso(seen: &Seen<'_>, name: &str, example: &str) -> String {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let (table, column, iso) = (quoted(&seen.table.name), quoted(name), format!("{name}_iso"));
    let is_fixed = example.len() >= 10
        && example
            .bytes()
            .take(10)
            .enumerate()
            .all(|(at, byte)| matches!(at, 2 | 5) && byte == b'.' || byte.is_ascii_digit());
    let worked_out = if is_fixed {
        let part = |from: usize, length: usize| format!("substr({column}, {from}, {length})");
        let (year, month, day, time) = (part(7, 4), part(4, 2), part(1, 2), part(11, 9));
        format!("datetime({year} || '-' || {month} || '-' || {day} || {time})")
    } else {
        "…".to_owned()
    };
    format!(
        "Abide reads no such times. It reads a column that says the same as `2026-11-24 10:00:00`: \
         `ALTER TABLE {table} ADD COLUMN {} TEXT AS ({worked_out})`, then `--column created={iso}`. Through a column that is worked out \
         Abide judges tasks and opens none: for that let it be a plain column that a trigger fills",
        quoted(&iso)
    )
}

const fn means(field: Field) -> &'static str {
    match field {
        Field::Created => "made",
        Field::Finished => "finished",
        Field::Started => "started",
        Field::Claimed => "claimed",
        Field::Updated => "changed",
        Field::Due => "due",
        _ => "to be done",
    }
}

/// Asks when a task came to be, where no name says so.
pub(super) fn created(seen: &Seen<'_>, found: &mut Proposal) {
    if let Some(picked) = found.fields.get(&Field::Created) {
        let name = &picked.column;
        if seen.table.column(name).is_some_and(|it| it.is_generated) {
            let told = format!(
                "`{name}` is worked out by the database and nobody can write it: through it Abide judges tasks and opens none. Name a plain \
                 column with `--column created=NAME`, or add one that a trigger fills"
            );
            if picked.why == AS_YOU_SAID { found.costs.push(told) } else { found.questions.push(told) }
        }
        return;
    }
    if found.odd_times.iter().any(|name| names::rank(Field::Created, name, &seen.table.name).is_some()) {
        return;
    }
    let is_time = |column: &&ColumnSeen| matches!(times::of(column), Times::Written(_));
    let mut columns: Vec<&ColumnSeen> = seen.table.columns.iter().filter(is_time).collect();
    columns.sort_by_key(|column| !column.not_null);
    let is_called =
        |column: &&ColumnSeen| names::rank(Field::Created, &column.name, &seen.table.name).is_some() && column.key == 0;
    let called: Vec<&ColumnSeen> = seen.table.columns.iter().filter(is_called).collect();
    let which = match () {
        () if !columns.is_empty() => format!("It may be {}: say `--column created=NAME`", examples::columns(&columns)),
        () if !called.is_empty() => {
            format!(
                "What {} holds is no time that Abide reads: it reads texts as `2026-11-24 10:00:00`, and numbers that count from 1970 and the like",
                examples::columns(&called)
            )
        }
        () => "No column holds times; `ALTER TABLE … ADD COLUMN created_at TEXT` with a trigger that fills it is a way"
            .to_owned(),
    };
    found
        .questions
        .push(format!("which column tells when a task came to be? Abide judges by age and needs one. {which}"));
}

/// Takes back a start that lies after all that has been written down in the table: nothing has started then.
pub(super) fn ahead(seen: &Seen<'_>, found: &mut Proposal) {
    let table = &seen.table.name;
    let latest = |column: &str| seen.look.greatest(table, column).as_ref().and_then(times::day);
    let Some(picked) = found.fields.get(&Field::Started).filter(|it| it.why != AS_YOU_SAID) else { return };
    let written = [Field::Created, Field::Updated, Field::Finished, Field::Claimed];
    let Some(newest) = written.into_iter().filter_map(|field| latest(found.column(field)?)).max() else { return };
    // The day after, somebody may have begun with what was made last.
    if latest(&picked.column).is_none_or(|start| start <= newest + 1) {
        return;
    }
    found.costs.push(format!(
        "`{0}` holds times after the newest that tells when a task was made or changed, so it is when they are to start and not when \
         they did; `--column started={0}` if it is",
        picked.column
    ));
    found.fields.remove(&Field::Started);
}

/// Takes back what holds numbers that would be times of long before any task was made: they are written in another way.
pub(super) fn implausible(seen: &Seen<'_>, found: &mut Proposal) {
    const YEAR: i64 = 366;
    let created = found.column(Field::Created).and_then(|name| seen.table.column(name));
    let first = created.and_then(|it| it.sample.iter().filter_map(|(held, _)| times::day(held)).min());
    let Some(first) = first else { return };
    for field in Field::ALL.iter().copied().filter(|field| is_time(*field) && *field != Field::Created) {
        let Some(picked) = found.fields.get(&field).filter(|it| it.why != AS_YOU_SAID) else { continue };
        let Some(column) = seen.table.column(&picked.column).filter(|_| picked.time.is_some_and(TimeFormat::counts))
        else {
            continue;
        };
        let newest = seen.look.greatest(&seen.table.name, &column.name).as_ref().and_then(times::day);
        if newest.is_none_or(|newest| newest + YEAR >= first) {
            continue;
        }
        let format = picked.time.map_or("", TimeFormat::word);
        found.costs.push(format!(
            "{} holds numbers that as `{format}` would all be of more than a year before any task was made, so they are written in a way \
             that Abide does not know: it is not mapped",
            examples::columns(&[column])
        ));
        found.fields.remove(&field);
    }
}

/// Takes back a start that tasks have before they start, and an end that they have before they end.
pub(super) fn planned(seen: &Seen<'_>, found: &mut Proposal) {
    let meant = status::by_key(seen, found);
    let Some(by) = found.column(Field::Status).map(str::to_owned) else { return };
    for (field, is_early) in
        [(Field::Started, is_pending as fn(TaskStatus) -> bool), (Field::Finished, TaskStatus::is_open)]
    {
        let Some(picked) = found.fields.get(&field).filter(|it| it.why != AS_YOU_SAID) else { continue };
        let column = picked.column.clone();
        let early = seen.look.filled(&seen.table.name, &by, &column).into_iter();
        let early = early.filter(|(held, ..)| meant.get(&held.word()).is_some_and(|status| is_early(*status)));
        let (rows, filled) = early.fold((0, 0), |(rows, filled), (_, more, with)| (rows + more, filled + with));
        if filled < 2 || filled * 2 < rows {
            continue;
        }
        if field == Field::Finished
            && filled == rows
            && filled >= flag::LEAST
            && let Some(over) = unended(seen, &meant, &by, &column)
        {
            found.questions.push(format!(
                "is `{by}` upside down? All {rows} tasks that are open by it have `{column}`, and none of the {over} completed ones has: say \
                 with `--means` what its words mean, or leave the time out with `--column finished=`"
            ));
            continue;
        }
        found.fields.remove(&field);
        let (what, word) = if field == Field::Started { ("pending", "start") } else { ("open", "end") };
        found.costs.push(format!(
            "`{column}` is set for {filled} of {rows} {what} tasks, so it is when they are to {word} and not when they did; \
             `--column {}={column}` if it is",
            field.word()
        ));
    }
}

/// How many tasks are completed, where none of them has a time of end, and they are enough to prove something.
fn unended(seen: &Seen<'_>, meant: &BTreeMap<String, TaskStatus>, by: &str, column: &str) -> Option<u64> {
    let counts = seen.look.filled(&seen.table.name, by, column).into_iter();
    let over = counts.filter(|(held, ..)| meant.get(&held.word()) == Some(&TaskStatus::Completed));
    let (rows, filled) = over.fold((0, 0), |(rows, filled), (_, more, with)| (rows + more, filled + with));
    (rows >= flag::LEAST && filled == 0).then_some(rows)
}

fn is_pending(status: TaskStatus) -> bool {
    status == TaskStatus::Pending
}

/// The reason of what a person has said.
pub(super) const AS_YOU_SAID: &str = "as you said";

/// The format of most columns is the table's; the others keep theirs. A column without a value goes with the table.
pub(super) fn settle(seen: &Seen<'_>, found: &mut Proposal) {
    let counts_as_apple = found.fields.values().filter(|picked| picked.time == Some(TimeFormat::Apple));
    let of_apple: Vec<String> = counts_as_apple.map(|picked| format!("`{}`", picked.column)).collect();
    if !of_apple.is_empty() {
        found.assumed.push(format!(
            "taken as seconds since 2001, as Apple's Core Data counts: {}. Since 1970 they would be of before 1999; write \
             `time = \"unix\"` if they are",
            of_apple.join(", ")
        ));
    }
    let formats: Vec<TimeFormat> = found.fields.values().filter_map(|picked| picked.time).collect();
    let count = |format: TimeFormat| formats.iter().filter(|it| **it == format).count();
    let created = found.fields.get(&Field::Created).and_then(|picked| picked.time);
    // A day is no time of the table, and what `created` says wins where others are as many.
    let usual = TimeFormat::ALL.into_iter().filter(|it| *it != TimeFormat::Date && count(*it) > 0);
    let main = usual.max_by_key(|format| (count(*format), Some(*format) == created)).or(created);
    found.time = main;
    let is_empty = |picked: &Picked| seen.table.column(&picked.column).is_some_and(|it| it.sample.is_empty());
    let mut empty = BTreeSet::new();
    for (field, picked) in &mut found.fields {
        if picked.time == main {
            picked.time = None;
        } else if picked.time.is_none() && is_empty(picked) && is_time(*field) {
            empty.insert(picked.column.clone());
        }
    }
    if !empty.is_empty() {
        let names: Vec<String> = empty.iter().map(|name| format!("`{name}`")).collect();
        let are = if names.len() == 1 { "is empty so far; it is" } else { "are empty so far; they are" };
        let written = main.unwrap_or(TimeFormat::Text).word();
        found.assumed.push(format!("{} {are} taken to be written as {written}, as the rest", names.join(", ")));
    }
    if matches!(main, Some(TimeFormat::Text | TimeFormat::TextT)) {
        found.assumed.push(
            "times have no offset and are taken to be UTC; if they are local times, all ages are off by that"
                .to_owned(),
        );
    }
}

/// Whether a field is a time.
pub(super) const fn is_time(field: Field) -> bool {
    matches!(
        field,
        Field::Created
            | Field::Finished
            | Field::Started
            | Field::Claimed
            | Field::Updated
            | Field::Due
            | Field::NotBefore
    )
}

/// Whether a column looks as if it held times, by its name or by what it holds.
pub(super) fn looks_as_time(column: &ColumnSeen) -> bool {
    let declared = column.declared.to_ascii_uppercase();
    let ends = ["_at", "_on", "_date", "_time", "_unix"].iter().any(|end| normal(&column.name).ends_with(end));
    matches!(times::of(column), Times::Written(_)) || declared.contains("DATE") || declared.contains("TIME") || ends
}
