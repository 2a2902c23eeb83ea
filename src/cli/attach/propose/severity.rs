//! What priorities mean: words or numbers, and which end of the numbers is urgent.

use std::collections::BTreeMap;

use super::Seen;
use crate::cli::attach::found::{Proposal, SeverityWords, quoted};
use crate::cli::attach::words;
use crate::config::Field;
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
    let mut values: Vec<Held> = (seen.words)(&table, &column).into_iter().map(|(held, _)| held).collect();
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
        words.sort();
        found.severity.push(SeverityWords { severity, from: format!("[{}]", words.join(", ")), insert: None });
    }
    if !unplaced.is_empty() {
        found
            .assumed
            .push(format!("{} of `{name}` say nothing that Abide knows, so they are medium", unplaced.join(", ")));
    }
}

/// A short scale begins with the most urgent as P1 does; one to ten ends with it; where machines take jobs, low goes first.
fn of_numbers(seen: &Seen<'_>, found: &mut Proposal, name: &str, mut numbers: Vec<i64>) {
    numbers.sort_unstable();
    numbers.dedup();
    let (least, most) = (numbers.first().copied().unwrap_or_default(), numbers.last().copied().unwrap_or_default());
    let is_queue = found.fields.contains_key(&Field::Claimed) || found.fields.contains_key(&Field::Attempts);
    let (high, why) = match seen.said.high_is_urgent {
        Some(high) => (high, "as you said".to_owned()),
        None if most <= 5 && !is_queue => (false, "as P1 is, since the scale is short".to_owned()),
        None if most <= 10 => (true, format!("since the scale ends near 10 ({least} to {most})")),
        None if is_queue => (false, "as queues take the lowest first".to_owned()),
        None => (true, format!("since the scale is long ({least} to {most})")),
    };
    let end = if high { "highest" } else { "lowest" };
    let option = if high { "--urgent lowest" } else { "--urgent highest" };
    let otherwise = if seen.said.high_is_urgent.is_some() { String::new() } else { format!("; `{option}` if not") };
    found.assumed.push(format!("the {end} number of `{name}` is the most urgent, {why}{otherwise}"));
    let steps = if most > 10 && numbers.len() >= 4 { spread(&numbers, high) } else { scale(least, most, high) };
    let sign = if high { ">=" } else { "<=" };
    let last = steps.len() - 1;
    for (index, (severity, bound)) in steps.into_iter().enumerate() {
        // The mildest takes the rest.
        let from = match (index == last, high) {
            (true, true) => "\">=0\"".to_owned(),
            (true, false) => format!("\">={bound}\""),
            (false, _) => format!("\"{sign}{bound}\""),
        };
        found.severity.push(SeverityWords { severity, from, insert: Some(bound.to_string()) });
    }
}

const DOWN: [Severity; 4] = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];

/// Bounds of a scale that is known by its ends.
fn scale(least: i64, most: i64, high: bool) -> Vec<(Severity, i64)> {
    let bounds = match (high, most) {
        (true, ..=3) => [3, 2, 1, 0],
        (true, ..=5) => [5, 4, 3, 1],
        (true, ..=10) => [10, 8, 4, 1],
        (true, _) => [most, (least + 3 * most) / 4, i64::midpoint(least, most), least],
        (false, ..=3) if least == 0 => [0, 1, 2, 3],
        (false, ..=5) => [1, 2, 3, 4],
        (false, _) => [least, (3 * least + most) / 4, i64::midpoint(least, most), most],
    };
    DOWN.into_iter().zip(bounds).collect()
}

/// Bounds that are values of their own, so that what Abide writes looks as people's do.
fn spread(numbers: &[i64], high: bool) -> Vec<(Severity, i64)> {
    let at = |quarter: usize| numbers[(numbers.len() - 1) * quarter / 3];
    let quarters = if high { [3, 2, 1, 0] } else { [0, 1, 2, 3] };
    DOWN.into_iter().zip(quarters.map(at)).collect()
}
