//! What priorities mean: words or numbers, and which end of the numbers is urgent.

use std::collections::BTreeMap;

use super::{Seen, is_run};
use crate::cli::attach::found::{Proposal, SeverityWords, quoted};
use crate::cli::attach::words;
use crate::config::{Constant, Field};
use crate::model::Severity;
use crate::store::inspect::Held;

/// Places every priority that is there.
pub(super) fn find(seen: &Seen<'_>, found: &mut Proposal) {
    let Some(picked) = found.fields.get(&Field::Priority) else { return };
    let (table, column) = match &picked.lookup {
        Some(lookup) => (lookup.table.clone(), lookup.value.clone()),
        None => (seen.table.name.clone(), picked.column.clone()),
    };
    let name = picked.column.clone();
    let within = picked.lookup.as_ref().and_then(|lookup| lookup.within.as_ref());
    // A table may hold the words of other columns as well.
    let of_kind =
        within.and_then(|within| Some((within, within.insert.as_ref().filter(|it| matches!(it, Constant::Text(_)))?)));
    let mut values: Vec<Held> = match of_kind {
        Some((within, insert)) => {
            let insert = super::lookup::constant(insert);
            let pairs = seen.look.pairs(&table, (&within.column, &column));
            let ours = pairs.into_iter().filter(|(of, ..)| quoted(&of.word()) == insert);
            ours.map(|(_, word, _)| word).collect()
        }
        None => seen.look.words(&table, &column).into_iter().map(|(held, _)| held).collect(),
    };
    if let Some(own) = seen.table.column(&name) {
        let more = own.allowed.iter().map(|word| word.parse().map_or_else(|_| Held::Text(word.clone()), Held::Integer));
        values.extend(more.filter(|it| picked.lookup.is_none() && !own.sample.iter().any(|(held, _)| held == it)));
    }
    let numbers: Option<Vec<i64>> = values.iter().map(|held| held.word().parse().ok()).collect();
    match numbers {
        _ if values.is_empty() => empty(seen, found, &name),
        Some(numbers) => of_numbers(seen, found, &name, numbers),
        None => of_words(found, &name, &values),
    }
}

fn empty(seen: &Seen<'_>, found: &mut Proposal, name: &str) {
    let declared = seen.table.column(name).map(|column| column.declared.to_ascii_uppercase()).unwrap_or_default();
    if declared.contains("INT") || declared.contains("REAL") {
        of_numbers(seen, found, name, vec![1, 2, 3, 4]);
        found.assumed.push(format!("`{name}` is empty so far, so its scale is a guess"));
    } else {
        found.assumed.push(format!("`{name}` is empty so far; it is taken to hold low, medium, high and critical"));
    }
}

fn of_words(found: &mut Proposal, name: &str, values: &[Held]) {
    let mut placed: BTreeMap<Severity, Vec<String>> = BTreeMap::new();
    let mut unplaced = Vec::new();
    let words: Vec<String> = values.iter().map(Held::word).collect();
    // P1 is the highest where there is no P0.
    let is_from_one = !words.iter().any(|word| word.eq_ignore_ascii_case("p0"));
    for word in &words {
        let digit = word.to_lowercase().strip_prefix('p').and_then(|rest| rest.parse::<u32>().ok());
        let word_of = match digit {
            Some(digit) if is_from_one => words::severity(&format!("p{}", digit.saturating_sub(1))),
            _ => words::severity(word),
        };
        match word_of {
            Some(severity) => placed.entry(severity).or_default().push(quoted(word)),
            None => unplaced.push(format!("`{word}`")),
        }
    }
    for (severity, mut words) in placed {
        // The first is what Abide writes.
        words.sort_by_key(|word| (words::severity_place(word.trim_matches('"')), word.clone()));
        found.severity.push(SeverityWords { severity, from: format!("[{}]", words.join(", ")), insert: None });
    }
    if !unplaced.is_empty() {
        let (which, they) = if unplaced.len() == 1 { ("the word", "it is") } else { ("the words", "they are") };
        found.questions.push(format!(
            "how urgent {} {which} {} of `{name}`? Put {} into a line of [tasks.severity], as `high = {{from = [{}]}}`; until then {they} medium",
            if unplaced.len() == 1 { "is" } else { "are" },
            unplaced.join(", "),
            if unplaced.len() == 1 { "it" } else { "each" },
            quoted(unplaced[0].trim_matches('`'))
        ));
    }
}

/// Whether numbers are those of calendars: 1 is the highest, 5 the middle, 9 the lowest, and 0 says nothing.
fn is_calendars(numbers: &[i64]) -> bool {
    numbers.iter().all(|it| [0, 1, 5, 9].contains(it))
        && numbers.contains(&9)
        && (numbers.contains(&5) || numbers.contains(&1))
}

/// The scale of calendars.
fn of_calendars(found: &mut Proposal, name: &str) {
    found.assumed.push(format!(
        "`{name}` is read as calendars and reminders count: 1 is the most urgent, 5 the middle, 9 the least, and 0 says nothing; \
         `--urgent highest` if the highest is the most urgent"
    ));
    let steps = [
        (Severity::Low, "[6, 7, 8, 9]", "9"),
        (Severity::Medium, "[5, 0]", "5"),
        (Severity::High, "[2, 3, 4]", "2"),
        (Severity::Critical, "[1]", "1"),
    ];
    found.severity.extend(steps.map(|(severity, from, insert)| SeverityWords {
        severity,
        from: from.to_owned(),
        insert: Some(insert.to_owned()),
    }));
}

/// A short scale begins with the most urgent as P1 does; one to ten ends with it; where machines take jobs, low goes first.
fn of_numbers(seen: &Seen<'_>, found: &mut Proposal, name: &str, mut numbers: Vec<i64>) {
    numbers.sort_unstable();
    numbers.dedup();
    if is_calendars(&numbers) && seen.said.high_is_urgent != Some(true) {
        of_calendars(found, name);
        return;
    }
    let (least, most) = (numbers.first().copied().unwrap_or_default(), numbers.last().copied().unwrap_or_default());
    let is_queue = found.fields.contains_key(&Field::Claimed) || found.fields.contains_key(&Field::Attempts);
    let (high, why) = match seen.said.high_is_urgent {
        Some(high) => (high, "as you said".to_owned()),
        None if is_run(seen) => (false, "as queues take the lowest first".to_owned()),
        None if let Some((high, why)) = common_end(seen, name, (least, most)).filter(|_| most <= 5 && !is_queue) => {
            (high, why)
        }
        None if least == 0 && most <= 5 && !is_queue => (true, "since 0 mostly means none".to_owned()),
        None if most <= 5 && !is_queue => {
            (false, format!("as P1 is: nothing here tells, and in some trackers {most} is"))
        }
        None if most <= 10 => (true, format!("since the scale ends near 10 ({least} to {most})")),
        None if is_queue => (false, "as queues take the lowest first".to_owned()),
        None => (true, format!("since the scale is long ({least} to {most})")),
    };
    let end = if high { "highest" } else { "lowest" };
    let option = if high { "--urgent lowest" } else { "--urgent highest" };
    let otherwise =
        if seen.said.high_is_urgent.is_some() { String::new() } else { format!("; `{option}` turns it round") };
    found.assumed.push(format!("the {end} number of `{name}` is the most urgent, {why}{otherwise}"));
    let default = seen.table.column(name).and_then(|column| column.default.as_deref()?.trim_matches('\'').parse().ok());
    let [critical, high_at, medium, low] =
        if most > 10 { wide(&numbers, default, high) } else { scale(least, most, high) };
    let is_medium = |it: &i64| if high { (medium..high_at).contains(it) } else { *it <= medium && *it > high_at };
    let usual = default.filter(is_medium).unwrap_or(medium);
    let (reach, beyond) = if high { (">=", "<") } else { ("<=", ">") };
    // The mildest takes the rest.
    let steps = [
        (Severity::Low, format!("\"{beyond}{medium}\""), low),
        (Severity::Medium, format!("\"{reach}{medium}\""), usual),
        (Severity::High, format!("\"{reach}{high_at}\""), high_at),
        (Severity::Critical, format!("\"{reach}{critical}\""), critical),
    ];
    let written = |(severity, from, insert): (Severity, String, i64)| SeverityWords {
        severity,
        from,
        insert: Some(insert.to_string()),
    };
    found.severity.extend(steps.into_iter().map(written));
}

/// Where most tasks are at one end of the scale, the other end is the urgent one.
fn common_end(seen: &Seen<'_>, name: &str, (least, most): (i64, i64)) -> Option<(bool, String)> {
    let counts = seen.look.words(&seen.table.name, name);
    let (usual, count) = counts.first()?;
    let all: u64 = counts.iter().map(|(_, count)| count).sum();
    let usual: i64 = usual.word().parse().ok().filter(|_| all >= 4 && count * 2 > all && least < most)?;
    let why = format!("since most tasks have {usual}");
    match usual {
        usual if usual == least => Some((true, why)),
        usual if usual == most => Some((false, why)),
        _ => None,
    }
}

/// A scale that is known by its ends, the most urgent first.
const fn scale(least: i64, most: i64, high: bool) -> [i64; 4] {
    match (high, most) {
        (true, ..=3) => [3, 2, 1, 0],
        (true, ..=5) => [5, 4, 3, 1],
        (true, _) => [10, 8, 4, 1],
        (false, ..=3) if least == 0 => [0, 1, 2, 3],
        (false, ..=5) => [1, 2, 3, 4],
        (false, _) => [1, 3, 5, 8],
    }
}

/// Values that are there, so that what Abide writes looks as people's do. What a row has by default is medium.
fn wide(numbers: &[i64], default: Option<i64>, high: bool) -> [i64; 4] {
    let medium = default.or_else(|| numbers.get(numbers.len() / 2).copied()).unwrap_or_default();
    let beyond = |number: &&i64| if high { **number > medium } else { **number < medium };
    let (urgent, rest): (Vec<&i64>, Vec<&i64>) = numbers.iter().partition(|number| beyond(number));
    let ends = if high { (urgent.last(), urgent.first()) } else { (urgent.first(), urgent.last()) };
    let (far, near) = if high { (medium * 2, medium * 3 / 2) } else { (medium / 4, medium / 2) };
    let critical = ends.0.map_or(far, |number| **number);
    let high_at = ends.1.map(|number| **number).filter(|number| *number != critical).unwrap_or(if ends.0.is_some() {
        i64::midpoint(critical, medium)
    } else {
        near
    });
    let mild = rest.into_iter().copied().filter(|number| *number != medium);
    let low = if high { mild.min() } else { mild.max() };
    [critical, high_at, medium, low.unwrap_or(if high { medium / 2 } else { medium * 2 })]
}
