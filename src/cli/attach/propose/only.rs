//! Rows that are no tasks, since somebody has deleted them without taking them away.

use super::{Seen, because, examples, status};
use crate::cli::attach::found::{Proposal, key, quoted};
use crate::cli::attach::names::is_called;
use crate::cli::attach::times::{self, Times};
use crate::config::Field;
use crate::store::inspect::{ColumnSeen, Held, MOST_WORDS};

/// What says that a row is deleted.
const GONE: [&str; 16] = [
    "marked_for_deletion",
    "deleted",
    "deleted_at",
    "deleted_on",
    "deleted_date",
    "date_deleted",
    "removed",
    "removed_at",
    "retired",
    "trashed",
    "trashed_at",
    "in_trash",
    "trash",
    "destroyed_at",
    "gelöscht",
    "geloescht",
];

/// What may say that a row counts no more, and may be about something else.
const AWAY: [&str; 13] = [
    "archived",
    "archived_at",
    "archived_on",
    "archive",
    "hidden",
    "obsolete",
    "hidden_at",
    "template",
    "draft",
    "discarded_at",
    "disabled",
    "inactive",
    "archiviert",
];

/// The same the other way round: set while the row counts.
const HERE: [&str; 3] = ["active", "enabled", "visible"];

/// How a column says that a row still counts.
struct Mark {
    /// As `only` writes it.
    toml: String,
    /// As a person says it with `--only`.
    said: String,
    /// In how many rows it says so no more.
    away: u64,
}

pub(super) fn find(seen: &Seen<'_>, found: &mut Proposal) {
    said(seen, found);
    for column in &seen.table.columns {
        let is_said = seen.said.only.iter().any(|(name, _)| name.eq_ignore_ascii_case(&column.name));
        if is_said || column.key > 0 || found.uses(&column.name) || found.text_names(&column.name) {
            continue;
        }
        let named = |names: &[&str]| is_called(&column.name, &seen.table.name, names);
        if named(&["closed"]) {
            closed(seen, found, column);
            continue;
        }
        let (is_gone, is_here) = (named(&GONE), named(&HERE));
        if !is_gone && !is_here && !named(&AWAY) {
            continue;
        }
        match mark(seen, found, column, is_here) {
            Some(mark) if is_gone && leaves_few(mark.away, seen.table.rows) => few(seen, found, column, &mark),
            Some(mark) if is_gone => gone(seen, found, column, &mark),
            Some(mark) => away(seen, found, column, &mark),
            None => found.questions.push(format!(
                "which rows does {} leave out? By its name it may say that a row is deleted, and what it holds is neither yes and no \
                 nor a time: `--only {}=VALUE` keeps the rows with that value, `--only {0}=*` all",
                examples::columns(&[column]),
                column.name
            )),
        }
    }
}

/// What a person has said.
fn said(seen: &Seen<'_>, found: &mut Proposal) {
    for column in &seen.table.columns {
        let is_number = column.sample.iter().any(|(held, _)| matches!(held, Held::Integer(_)));
        let of_column = seen.said.only.iter().filter(|(name, _)| name.eq_ignore_ascii_case(&column.name));
        let values: Vec<String> = of_column
            .filter_map(|(_, value)| value.as_ref())
            .map(|value| match value.parse::<i64>() {
                Ok(number) if is_number => number.to_string(),
                _ => quoted(value),
            })
            .collect();
        let toml = match &values[..] {
            [] => continue,
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        found.only.push((column.name.clone(), because(toml, "as you said")));
    }
}

fn gone(seen: &Seen<'_>, found: &mut Proposal, column: &ColumnSeen, mark: &Mark) {
    let name = &column.name;
    let told = format!(
        "rows whose `{name}` is set are deleted and no tasks ({} of {}); `--only {name}=*` if they are",
        mark.away, seen.table.rows
    );
    found.assumed.push(told);
    found.only.push((name.clone(), because(mark.toml.clone(), "its name: a row is deleted by it")));
}

/// Whether hardly a row would be left: then a mark is mostly taken for something that it does not say.
const fn leaves_few(away: u64, rows: u64) -> bool {
    away > 0 && rows.saturating_sub(away) * 10 < rows
}

/// Where a mark of deletion would leave out nearly all there is, somebody must say so.
fn few(seen: &Seen<'_>, found: &mut Proposal, column: &ColumnSeen, mark: &Mark) {
    let (name, said) = (&column.name, &mark.said);
    found.questions.push(format!(
        "are rows deleted whose {} is set ({} of {})? Then hardly a task is left: `--only {name}={said}` leaves them out, `--only {name}=VALUE` \
         keeps the rows with that value, `--only {name}=*` keeps all",
        examples::columns(&[column]),
        mark.away,
        seen.table.rows
    ));
}

/// A flag of closing beside a status: it says the same, or that a row was put away as it was.
fn closed(seen: &Seen<'_>, found: &mut Proposal, column: &ColumnSeen) {
    let Some(status) = found.column(Field::Status) else { return };
    let Some(mut mark) = mark(seen, found, column, false).filter(|_| !column.sample.is_empty() && !is_time(column))
    else {
        return;
    };
    let meant = status::by_key(seen, found);
    let pairs = seen.look.pairs(&seen.table.name, (status, &column.name));
    let is_over = |held: &Held| meant.get(&held.word()).is_some_and(|status| !status.is_open());
    let open = pairs.iter().filter(|(status, closed, _)| truth(closed) == Some(true) && !is_over(status));
    let open = open.map(|(.., count)| count).sum();
    if mark.away == 0 || open > 0 {
        mark.away = open;
        away(seen, found, column, &mark);
    }
}

fn away(seen: &Seen<'_>, found: &mut Proposal, column: &ColumnSeen, mark: &Mark) {
    let (name, said) = (&column.name, &mark.said);
    if mark.away == 0 {
        let told = format!("`{name}` leaves no row out so far, and none would be: `--only {name}={said}` if it should");
        found.assumed.push(told);
        return;
    }
    // A row that is put away as it was is open by its status for ever.
    let open = match put_away(seen, found, column, said) {
        0 => String::new(),
        open => format!(
            " ({open} are open by their status: if it is so that they are closed, Abide would take them for open)"
        ),
    };
    found.questions.push(format!(
        "are rows tasks whose `{name}` says otherwise ({} of {})? `--only {name}={said}` leaves them out, `--only {name}=*` keeps them{open}",
        mark.away, seen.table.rows
    ));
}

/// How many rows are open by their status, and do not hold there what those hold that count.
fn put_away(seen: &Seen<'_>, found: &Proposal, column: &ColumnSeen, kept: &str) -> u64 {
    let Some(status) = found.column(Field::Status).filter(|_| !is_time(column)) else { return 0 };
    let meant = status::by_key(seen, found);
    let pairs = seen.look.pairs(&seen.table.name, (status, &column.name));
    let is_open = |held: &Held| meant.get(&held.word()).is_some_and(|status| status.is_open());
    pairs.iter().filter(|(status, held, _)| is_open(status) && held.word() != kept).map(|(.., count)| count).sum()
}

/// How the rows that count are told by a column of yes and no, or of times; none where it holds anything else.
fn mark(seen: &Seen<'_>, found: &Proposal, column: &ColumnSeen, is_here: bool) -> Option<Mark> {
    let counts = seen.look.words(&seen.table.name, &column.name);
    let all = |held: fn(&Held) -> bool| counts.iter().all(|(it, _)| held(it));
    if all(|held| truth(held).is_some()) && !(column.sample.is_empty() && is_time(column)) {
        let kept = counts.iter().find(|(held, _)| truth(held) == Some(is_here)).map(|(held, _)| held.clone());
        let kept = kept.unwrap_or_else(|| opposite(counts.first().map(|(held, _)| held), is_here));
        let word = match &kept {
            Held::Integer(number) => number.to_string(),
            other => quoted(&other.word()),
        };
        let away = counts.iter().filter(|(held, _)| *held != kept).map(|(_, count)| count).sum();
        // Where nothing is said of a row, it is there.
        let toml = if column.not_null || is_here { word } else { format!("[{word}, \"\"]") };
        return Some(Mark { toml, said: kept.word(), away });
    }
    if is_here || !is_time(column) {
        return None;
    }
    // Beside numbers that are times, 0 says that there is none.
    let zero = counts.iter().find(|(held, _)| matches!(held, Held::Integer(0)) || *held == Held::Real(0.0));
    let none = zero.map_or(0, |(_, count)| *count);
    let away = filled(seen, found, column, &counts, none);
    Some(match zero {
        Some(_) if column.not_null => Mark { toml: "0".to_owned(), said: "0".to_owned(), away },
        Some(_) => Mark { toml: "[0, \"\"]".to_owned(), said: "0".to_owned(), away },
        None => Mark { toml: quoted(""), said: String::new(), away },
    })
}

/// In how many rows a column holds something else than `none`. Of times there are more than are counted one by one.
fn filled(seen: &Seen<'_>, found: &Proposal, column: &ColumnSeen, counts: &[(Held, u64)], none: u64) -> u64 {
    let counted = counts.iter().map(|(_, count)| count).sum::<u64>().saturating_sub(none);
    match found.column(Field::Status) {
        Some(status) if counts.len() >= MOST_WORDS => {
            let by_status = seen.look.filled(&seen.table.name, status, &column.name);
            by_status.iter().map(|(.., filled)| filled).sum::<u64>().max(counted)
        }
        _ => counted,
    }
}

fn is_time(column: &ColumnSeen) -> bool {
    match times::of(column) {
        Times::Written(_) => true,
        Times::Empty => {
            ["DATE", "TIME"].iter().any(|it| column.declared.to_ascii_uppercase().contains(it))
                || is_called(
                    &column.name,
                    "",
                    &[
                        "deleted_at",
                        "archived_at",
                        "removed_at",
                        "trashed_at",
                        "hidden_at",
                        "discarded_at",
                        "destroyed_at",
                        "deleted_on",
                        "archived_on",
                        "date_deleted",
                        "deleted_date",
                    ],
                )
        }
        Times::No => false,
    }
}

/// What is meant by a yes or a no.
pub(super) fn truth(held: &Held) -> Option<bool> {
    match held {
        Held::Integer(1) => Some(true),
        Held::Integer(0) => Some(false),
        Held::Text(text) => match text.to_lowercase().as_str() {
            "1" | "true" | "t" | "yes" | "y" => Some(true),
            "0" | "false" | "f" | "no" | "n" => Some(false),
            _ => None,
        },
        Held::Integer(_) | Held::Real(_) | Held::Blob => None,
    }
}

/// The word that no row has yet, written as the other is.
fn opposite(other: Option<&Held>, is_yes: bool) -> Held {
    let pairs = [("false", "true"), ("f", "t"), ("no", "yes"), ("n", "y"), ("0", "1")];
    let Some(text) = other.and_then(Held::text) else { return Held::Integer(i64::from(is_yes)) };
    let pair = pairs.into_iter().find(|(no, yes)| [no, yes].iter().any(|it| text.eq_ignore_ascii_case(it)));
    let (no, yes) = pair.unwrap_or(("0", "1"));
    Held::Text(if is_yes { yes } else { no }.to_owned())
}

/// The rows that are tasks, as TOML; none where all are.
pub(in crate::cli::attach) fn toml(found: &Proposal) -> Option<String> {
    let pairs: Vec<String> = found.only.iter().map(|(name, it)| format!("{} = {}", key(name), it.toml)).collect();
    (!pairs.is_empty()).then(|| format!("{{{}}}", pairs.join(", ")))
}
