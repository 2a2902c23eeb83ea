//! Dates in the forms in which people write them.

use std::sync::LazyLock;

use regex::Regex;

use super::identity::pattern;
use super::tongues;
use crate::model::Date;

static YEAR_FIRST: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b((?:19|20)\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})(?:日|T|\b)"));
static DAY_FIRST: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(\d{1,2})([./-])(\d{1,2})[./-]((?:19|20)\d{2})\b"));
static DAY_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(\d{1,2})(?:st|nd|rd|th)?\.?(?:er)?(?:\s+(?:of|de))?[\s-]+([\p{L}\p{M}]{3,11})\.?,?(?:\s+de)?[\s-]+((?:19|20)\d{2})\b",
    )
});
static MONTH_DAY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d{2})\b"));
static COMPACT: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b((?:19|20)\d{2})(\d{2})(\d{2})\b"));

/// The first date of a text; nothing where it has none, or where day and month could be either.
pub(super) fn first(text: &str) -> Option<Date> {
    let number = |found: &regex::Captures<'_>, index: usize| found.get(index)?.as_str().parse::<u32>().ok();
    let word = |found: &regex::Captures<'_>, index: usize| month(found.get(index)?.as_str());
    if let Some(found) = YEAR_FIRST.captures(text).or_else(|| COMPACT.captures(text)) {
        return date(number(&found, 1)?, number(&found, 2)?, number(&found, 3)?);
    }
    if let Some(found) = DAY_MONTH.captures(text) {
        return date(number(&found, 3)?, word(&found, 2)?, number(&found, 1)?);
    }
    if let Some(found) = MONTH_DAY.captures(text) {
        return date(number(&found, 3)?, word(&found, 1)?, number(&found, 2)?);
    }
    let found = DAY_FIRST.captures(text)?;
    let (one, two, year) = (number(&found, 1)?, number(&found, 3)?, number(&found, 4)?);
    let dotted = found.get(2).is_some_and(|mark| mark.as_str() == ".");
    match (one, two) {
        _ if dotted || one > 12 || one == two => date(year, two, one),
        _ if two > 12 => date(year, one, two),
        _ => None,
    }
}

fn date(year: u32, month: u32, day: u32) -> Option<Date> {
    format!("{year:04}-{month:02}-{day:02}").parse().ok()
}

fn month(word: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_lowercase();
    let place = NAMES.iter().position(|name| name.starts_with(&word) || (word == "sept" && *name == "september"));
    place.and_then(|place| u32::try_from(place + 1).ok()).or_else(|| tongues::month(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        for text in [
            "2024-03-09",
            "2024/3/9",
            "2024.03.09",
            "09.03.2024",
            "9 March 2024",
            "9th of March, 2024",
            "Mar 9, 2024",
            "March 9th 2024",
            "20240309",
            "Accepted on 2024-03-09 by all",
            "2024-03-09T10:00:00Z",
            "09-Mar-2024",
            "2024年3月9日",
            "9. März 2024",
            "9 mars 2024",
            "9 de marzo de 2024",
            "9 марта 2024",
        ] {
            assert_eq!(first(text).map(|date| date.to_string()).as_deref(), Some("2024-03-09"), "{text}");
        }
        assert_eq!(first("30/12/2023").map(|date| date.to_string()).as_deref(), Some("2023-12-30"));
    }

    #[test]
    fn what_could_be_two_days_is_none() {
        for text in ["03/04/2024", "2024-13-01", "{YYYY-MM-DD}", "2024", "Q2 2024", "version 1.2.2024a"] {
            assert_eq!(first(text), None, "{text}");
        }
    }
}
