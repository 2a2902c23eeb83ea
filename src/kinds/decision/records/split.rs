//! Which parts of a file are records: the whole of it, or each of many headings.

use std::ops::Range;

use super::fields::{Key, of_text};
use super::identity::{is_dated, is_decision_word, of_heading};
use super::page::{Heading, Page};
use super::sections::canonical;

/// A part of a file that is one record.
#[derive(Debug)]
pub(super) struct Part {
    /// Its heading, by its place among those of the page; nothing where it has none.
    pub heading: Option<usize>,
    /// The headings below it.
    pub below: Range<usize>,
    /// Its text behind the heading.
    pub range: Range<usize>,
}

/// The parts of a page that are records. `is_log` tells that the file is called like a list of decisions.
pub(super) fn split(page: &Page<'_>, front: usize, is_log: bool) -> (Vec<Part>, bool) {
    let many = (1..=4).find_map(|level| list(page, level, is_log));
    many.map_or_else(|| (vec![whole(page, front)], false), |parts| (parts, true))
}

/// The whole page as one record.
pub(super) fn one(page: &Page<'_>, front: usize) -> Vec<Part> {
    vec![whole(page, front)]
}

/// The whole page.
pub(super) fn whole(page: &Page<'_>, front: usize) -> Part {
    // The title is the first heading, unless sections begin at once.
    let first = page.headings.first().filter(|heading| heading.level == 1 || !is_section(&heading.text));
    let start = first.map_or(front, |heading| heading.range.end);
    let below = usize::from(first.is_some())..page.headings.len();
    Part { heading: first.map(|_| 0), below, range: start..page.text.len() }
}

/// Whether a heading names a section of a record and no record.
fn is_section(text: &str) -> bool {
    const SECTIONS: [&str; 9] = [
        "context",
        "status",
        "decision",
        "consequences",
        "context and problem statement",
        "date",
        "summary",
        "problem",
        "background",
    ];
    SECTIONS.contains(&&*canonical(text))
}

/// The headings of one level that each begin a record, where most of them do.
fn list(page: &Page<'_>, level: usize, is_log: bool) -> Option<Vec<Part>> {
    let at = |index: &usize| page.headings.get(*index).is_some_and(|heading| heading.level == level);
    let all: Vec<usize> = (0..page.headings.len()).filter(at).collect();
    let parts: Vec<Part> = all.iter().map(|&index| part(page, index, level)).collect();
    let heading = |part: &Part| part.heading.and_then(|index| page.headings.get(index));
    let (mut named, mut numbered) = (Vec::new(), Vec::new());
    for part in parts {
        let Some(text) = heading(&part).map(|heading: &Heading| heading.text.as_str()) else { continue };
        let id = of_heading(text).0;
        // `Decision 2:` heads a part of many a design; that of a log is a record.
        let is_plain = |id: &super::identity::Identity| id.prefix == "DECISION" && !is_log;
        let known = !id.as_ref().is_some_and(is_plain)
            && id.as_ref().is_some_and(|id| is_decision_word(&id.prefix) || (is_log && !id.prefix.is_empty()));
        let plain = id.is_some() || is_dated(text.trim_start_matches(['[', ' ']));
        let says = !is_section(text) && (has_status(page, &part) || (is_log && plain));
        if known {
            named.push(part);
        } else if says {
            numbered.push(part);
        }
    }
    // A list that mixes numbers and none is a list of both.
    if named.len() >= 2 {
        return Some(named);
    }
    named.extend(numbered);
    named.sort_by_key(|part| part.range.start);
    (named.len() >= 2).then_some(named)
}

fn part(page: &Page<'_>, index: usize, level: usize) -> Part {
    let after = page.headings.iter().enumerate().skip(index + 1);
    let next = after.clone().find(|(_, heading)| heading.level <= level);
    let end = next.map_or(page.text.len(), |(_, heading)| heading.range.start);
    let last = next.map_or(page.headings.len(), |(next, _)| next);
    let start = page.headings.get(index).map_or(0, |heading| heading.range.end);
    Part { heading: Some(index), below: index + 1..last, range: start..end }
}

/// Whether a part says where it is in its life, in a field or a section of its own.
fn has_status(page: &Page<'_>, part: &Part) -> bool {
    let below = page.headings.get(part.below.clone()).unwrap_or_default();
    let end = below.first().map_or(part.range.end, |heading| heading.range.start);
    let text = page.clean.get(part.range.start..end).unwrap_or_default();
    below.iter().any(|heading| canonical(&heading.text) == "status")
        || of_text(text, 1).iter().any(|field| field.key == Key::Status)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str, is_log: bool) -> usize {
        let (parts, many) = split(&Page::of(text, 0), 0, is_log);
        assert_eq!(many, parts.len() > 1);
        parts.len()
    }

    #[test]
    fn a_file_of_many_decisions_is_split() {
        assert_eq!(count("# Log\n\n## ADR-1: A\nx\n\n### Context\ny\n\n## ADR-2: B\n\n## Notes\n", false), 2);
        assert_eq!(count("# Decisions\n\n### D1 — A\nStatus: x\n### D2 — B\n", true), 2);
        assert_eq!(count("# Decisions\n## 2024-01-01 Use X\n## 2024-02-01 Use Y\n", true), 2);
        assert_eq!(count("# Choices\n## Use X\n**Status:** accepted\n## Use Y\n**Status:** accepted\n", false), 2);
    }

    #[test]
    fn a_record_with_numbered_sections_is_one() {
        assert_eq!(count("# ADR-1: A\n## 1. Context\nx\n## 2. Decision\ny\n", false), 1);
        assert_eq!(count("# A\n## Option 1: x\n## Option 2: y\n## Q1: z\n", false), 1);
        assert_eq!(count("# Design\n### Decision 1: x\n### Decision 2: y\n", false), 1);
        assert_eq!(count("## Status\nx\n## Context\n", false), 1);
    }
}
