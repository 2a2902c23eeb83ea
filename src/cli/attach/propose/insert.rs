//! What a new row needs that Abide has no value for.

use super::{Seen, because, clock, examples, is_run, lookup, unique};
use crate::cli::attach::found::{Proposal, key, quoted};
use crate::cli::attach::kinds::says_people;
use crate::cli::attach::names::is_called;
use crate::config::{Field, Lookup};
use crate::store::inspect::{ColumnSeen, Held, MOST_WORDS};

/// Fields that Abide always has a value for when it opens a task.
const GIVEN: [Field; 9] = [
    Field::Id,
    Field::Title,
    Field::Status,
    Field::Created,
    Field::Updated,
    Field::Due,
    Field::Attempts,
    Field::Body,
    Field::Priority,
];

pub(super) fn find(seen: &Seen<'_>, found: &mut Proposal) {
    own_type(seen, found);
    let dealt = unique::find(seen, found);
    let mut insert = Vec::new();
    let mut questions = Vec::new();
    for column in &seen.table.columns {
        let of_field = found.fields.iter().find(|(_, it)| it.column.eq_ignore_ascii_case(&column.name));
        let (field, picked) = (of_field.map(|(field, _)| *field), of_field.map(|(_, picked)| picked));
        let is_given = field.is_some_and(|field| GIVEN.contains(&field));
        let is_told = found.only.iter().any(|(name, it)| *name == column.name && it.toml != quoted(""));
        if is_given || is_told || dealt.contains(&column.name) || column.is_automatic || column.is_generated {
            continue;
        }
        let lookup = picked.and_then(|picked| picked.lookup.as_ref());
        // Words of Abide's own are not in the team's tables: itself as an author, and rules as types.
        let lacks_abide = field == Some(Field::Author) && lookup.is_some_and(|it| !has(seen, it, "abide"));
        let is_context = matches!(field, Some(Field::Context | Field::Type | Field::Author));
        if !lacks_abide && (!column.not_null || column.default.is_some() || is_context) {
            continue;
        }
        // Where rows without a time have 0, a new one has 0 until then.
        let is_none = |(held, _): &(Held, u64)| *held == Held::Integer(0);
        if field.is_some_and(clock::is_time) && column.sample.iter().any(is_none) {
            insert.push((column.name.clone(), because("0", "it must not be empty, and 0 is no time")));
            continue;
        }
        // An old row's agent would hold every new task.
        if field == Some(Field::Agent) && lookup.is_none() {
            insert
                .push((column.name.clone(), because(quoted(""), "it must not be empty, and nobody holds a new task")));
            continue;
        }
        if let Some(toml) = lookup
            .filter(|_| field == Some(Field::Agent))
            .and_then(|it| to_nobody(seen, column, it, &mut found.assumed))
        {
            insert.push((column.name.clone(), because(toml, "it must not be empty, and this one is nobody")));
            continue;
        }
        match (doubt(seen, column), usual(seen, column)) {
            (Some(doubt), _) if !lacks_abide => questions.push(doubt),
            (_, Some((toml, _))) if lacks_abide => {
                found.assumed.extend(in_name_of(seen, column, &toml, field));
                let why = "Abide asks in this one's name: nobody there is called abide";
                insert.push((column.name.clone(), because(toml, why)));
            }
            (_, Some((toml, why))) => {
                let told = in_name_of(seen, column, &toml, field).or_else(|| rare(seen, column, &toml));
                found.assumed.extend(told);
                insert.push((column.name.clone(), because(toml, why)));
            }
            (_, None) => questions.push(format!(
                "what do new tasks get for `{}`? It must not be empty, and no row shows a value",
                column.name
            )),
        }
    }
    found.insert.extend(insert);
    found.questions.extend(questions);
}

/// The key of a person who stands for nobody, with a word about what that means.
fn to_nobody(seen: &Seen<'_>, column: &ColumnSeen, lookup: &Lookup, assumed: &mut Vec<String>) -> Option<String> {
    const NOBODY: [&str; 8] = ["-", "--", "nobody", "none", "no one", "unassigned", "n/a", "niemand"];
    let people = seen.look.pairs(&lookup.table, (&lookup.key, &lookup.value));
    let is_nobody = |name: &Held| NOBODY.contains(&name.word().trim().to_lowercase().as_str());
    let (key, name, _) = people.into_iter().find(|(_, name, _)| is_nobody(name))?;
    let (toml, who) = (constant(&key)?, name.word());
    assumed.push(format!(
        "`{who}` of `{}` is taken for nobody, and new tasks are given to it; a row that has it reads as one that `{who}` holds, so Abide \
         hands it to nobody else",
        column.name
    ));
    Some(toml)
}

/// Whose name stands in what Abide opens, where a column refers to people and must name one.
fn in_name_of(seen: &Seen<'_>, column: &ColumnSeen, toml: &str, field: Option<Field>) -> Option<String> {
    let (lookup, _) = lookup::of(seen, seen.table, column).filter(|(lookup, _)| says_people(&lookup.table))?;
    let people = seen.look.pairs(&lookup.table, (&lookup.key, &lookup.value));
    let of_key = |key: &Held| key.word() == toml || quoted(&key.word()) == toml;
    let who = people.iter().find(|(key, ..)| of_key(key)).map(|(_, name, _)| format!("`{}`", name.word()));
    let who = who.unwrap_or_else(|| format!("{toml}, who is nobody in {}", lookup.table));
    let what = match field {
        Some(Field::Author) => "were asked for by",
        Some(Field::Agent) => "are held by",
        _ => "name",
    };
    Some(format!(
        "tasks that Abide opens {what} {who}, since `{}` must name somebody of {}: add a row for Abide there, and put its key under \
         [tasks.insert] in place of {toml}",
        column.name, lookup.table
    ))
}

/// Why what another row has would be wrong for a new one.
fn doubt(seen: &Seen<'_>, column: &ColumnSeen) -> Option<String> {
    let name = &column.name;
    let ends = "so Abide cannot open a task here until the column has a default or a line under [tasks.insert]";
    if clock::looks_as_time(column) {
        return Some(format!(
            "what time do new tasks get for `{name}`? It must not be empty, and that of an old row would be wrong, {ends}"
        ));
    }
    let rows: u64 = column.sample.iter().map(|(_, count)| count).sum();
    let is_distinct = column.refers.is_none()
        && rows >= 3
        && column.sample.iter().all(|(_, count)| *count == 1)
        && held(seen, column).iter().all(|(_, count)| *count == 1);
    if is_distinct {
        let next = unique::next(column);
        let line = format!("; no index asks for another each time, so `{} = \"…\"` there does", key(name));
        return Some(format!(
            "what do new tasks get for {}? It must not be empty, and is another in every row, {ends}{}",
            examples::columns(&[column]),
            if next.is_empty() && !column.sample.iter().any(|(held, _)| *held == Held::Blob) { line } else { next }
        ));
    }
    const RUN: [&str; 9] =
        ["func", "handler", "worker", "args", "payload", "job_class", "task_name", "arguments", "serialized_params"];
    let is_code = is_run(seen) && is_called(name, "", &RUN);
    is_code.then(|| {
        let shown = examples::columns(&[column]);
        format!("what do new tasks get for {shown}? It must not be empty, and the software of this table runs what stands there")
    })
}

/// A type of Abide's own, where the table does not take one.
fn own_type(seen: &Seen<'_>, found: &mut Proposal) {
    let Some(picked) = found.fields.get(&Field::Type) else { return };
    let Some(column) = seen.table.column(&picked.column) else { return };
    let words: Vec<String> = match &picked.lookup {
        Some(lookup) => seen.look.words(&lookup.table, &lookup.value).iter().map(|(held, _)| held.word()).collect(),
        None => column.allowed.clone(),
    };
    let is_open = picked.lookup.is_none() && words.is_empty();
    if is_open {
        return;
    }
    let usual = words
        .iter()
        .find(|word| ["task", "chore", "maintenance", "pflege", "other"].contains(&word.to_lowercase().as_str()));
    match usual.or(words.last()) {
        Some(word) => {
            let why = "new tasks are of this type: the table takes none of Abide's own";
            found.insert.push(("type".to_owned(), because(quoted(word), why)));
        }
        None if !column.not_null => {
            found.fields.remove(&Field::Type);
            found.costs.push(format!("`{}` could hold types, and its table is empty", column.name));
        }
        None => found
            .questions
            .push(format!("of which type are new tasks? The table that `{}` refers to is empty", column.name)),
    }
}

fn has(seen: &Seen<'_>, lookup: &Lookup, word: &str) -> bool {
    seen.look.words(&lookup.table, &lookup.value).iter().any(|(held, _)| held.text() == Some(word))
}

/// What the rows hold, the most frequent first. Where each must hold something, what holds no more counts as an empty text.
fn held(seen: &Seen<'_>, column: &ColumnSeen) -> Vec<(Held, u64)> {
    let mut counts = seen.look.words(&seen.table.name, &column.name);
    let filled: u64 = counts.iter().map(|(_, count)| count).sum();
    let empty = seen.table.rows.saturating_sub(filled);
    if column.not_null && counts.len() < MOST_WORDS && empty > 0 {
        counts.push((Held::Text(String::new()), empty));
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    }
    counts
}

/// Says of a value that hardly half of the rows have that it is not sure.
fn rare(seen: &Seen<'_>, column: &ColumnSeen, toml: &str) -> Option<String> {
    let most = held(seen, column).first().map_or(0, |(_, count)| *count);
    (most > 0 && most * 2 <= seen.table.rows && seen.table.rows > 2).then(|| {
        format!(
            "new tasks get {toml} for `{}`, which {most} of {} rows have, more than have any other: put what is right under [tasks.insert]",
            column.name, seen.table.rows
        )
    })
}

/// What most rows have; where there are none, the first row that could be referred to.
fn usual(seen: &Seen<'_>, column: &ColumnSeen) -> Option<(String, String)> {
    let counts = held(seen, column);
    if let Some((held, count)) = counts.first() {
        let rows = if column.not_null { seen.table.rows } else { counts.iter().map(|(_, count)| count).sum() };
        let many = if count * 2 > rows {
            "most rows have this".to_owned()
        } else {
            format!("{count} of {rows} rows have this")
        };
        return Some((constant(held)?, format!("it must not be empty, and {many}")));
    }
    let (table, key) = column.refers.as_ref()?;
    let held = &seen.table(table)?.column(key)?.sample.first()?.0;
    Some((constant(held)?, format!("it must not be empty, and this is the first row of {table}")))
}

/// A value as TOML; none of bytes.
fn constant(held: &Held) -> Option<String> {
    match held {
        Held::Integer(number) => Some(number.to_string()),
        Held::Real(number) => Some(format!("{number:?}")),
        Held::Text(text) => Some(quoted(text)),
        Held::Blob => None,
    }
}
