//! References to records, as people write them.

use std::sync::LazyLock;

use regex::Regex;

use super::identity::{is_dated, is_decision_word, of_file, of_heading, pattern};

/// A reference to a record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reference {
    /// As it was written.
    pub written: String,
    /// The prefix of its number, in capital letters; empty where there is none.
    pub prefix: String,
    /// Its number.
    pub number: Option<u32>,
    /// The file that it leads to, as written.
    pub path: Option<String>,
}

static REF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\[(?P<label>(?:[^\[\]]|\[[^\]]*\])*)\]\(<?(?P<path>[^)\s>]+)>?[^)]*\)",
        r"|\[\[(?P<wiki>[^\]|]+)(?:\|[^\]]*)?\]\]",
        r"|(?P<file>[\w./-]*[\w-]+\.(?:md|markdown|mdx|adoc))\b",
        r"|(?-u:\b)(?P<prefix>(?i:adr)[-_][A-Z]{2,10}|[A-Z]{2,10}-[A-Z]{1,10}|(?i:adr|dec|madr|decision)|[A-Z]{1,10})(?:\s*[-_#]\s*|\s*№?\s*)(?P<number>\d{1,5})(?-u:\b)",
        r"|(?P<stem>\b\d{3,8}-[a-z][\w-]+)",
        r"|(?P<bare>#?\b\d{1,5}\b)",
    ))
});

/// A reference and where it stands in its text.
pub(super) type Placed = (Reference, std::ops::Range<usize>);

/// All references of a text.
pub(super) fn find(text: &str) -> Vec<Placed> {
    let mut all: Vec<Placed> = Vec::new();
    for found in REF.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        let before = text.get(all.last().map_or(0, |(_, range)| range.end)..whole.start()).unwrap_or_default();
        let after = text.get(whole.end()..).unwrap_or_default();
        let part = |name: &str| found.name(name).map(|part| part.as_str());
        let reference = if let Some(path) = part("path") {
            to_path(path, part("label").unwrap_or_default())
        } else if let Some(path) = part("wiki").or(part("file")).or(part("stem")) {
            to_path(path, "")
        } else if let (Some(prefix), Some(number)) = (part("prefix"), part("number")) {
            // `ADR-30 for decision 15` names a part of it, and no other record.
            let is_part = prefix.eq_ignore_ascii_case("decision") && !before.trim().is_empty();
            numbered(prefix, number).filter(|_| !is_part)
        } else {
            let previous = all.last().map(|(reference, _)| reference);
            part("bare").filter(|_| stands_alone(before, after, previous)).and_then(|number| {
                let prefix = previous.map(|reference| reference.prefix.clone()).unwrap_or_default();
                numbered(&prefix, number)
            })
        };
        let Some(mut reference) = reference else { continue };
        reference.written = whole.as_str().to_owned();
        all.push((reference, whole.range()));
    }
    all
}

fn numbered(prefix: &str, number: &str) -> Option<Reference> {
    let known = prefix.is_empty() || is_decision_word(prefix) || prefix.len() <= 8;
    let prefix = if prefix.eq_ignore_ascii_case("decision") { "ADR".to_owned() } else { prefix.to_uppercase() };
    // `#12` is a pull request as often as a record.
    let number = number.parse().ok()?;
    known.then(|| Reference { prefix, number: Some(number), ..Reference::default() })
}

/// A bare number is a record only in a list of records, or as all that is said.
fn stands_alone(before: &str, after: &str, previous: Option<&Reference>) -> bool {
    let before = before.trim().trim_matches(['*', '"', '\'']).to_lowercase();
    let joined = matches!(
        &*before,
        "," | "and" | "&" | ", and" | "+" | "/" | "und" | "et" | "y" | "e" | "en" | "i" | "и" | "和" | "、"
    );
    let starts = before.is_empty() && previous.is_none();
    let next = after.trim_start_matches(['*', '"', '\'']).trim_start();
    let ends = next.is_empty()
        || next.starts_with([',', ';', ')', '.', '&', '\n', '-', '–', '—', '(', ':'])
        || next.starts_with("and ");
    let date = after.starts_with(['-', '/', '.']) && after.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    (starts || (joined && previous.is_some())) && ends && !date
}

fn to_path(path: &str, label: &str) -> Option<Reference> {
    let named = find_number(label);
    let bare = path.split(['#', '?']).next().unwrap_or_default();
    let is_web = path.contains("://") || path.starts_with("mailto:");
    let stem = bare.rsplit('/').next().unwrap_or_default();
    let stem = stem.strip_suffix(".md").unwrap_or(stem);
    let filed = if is_dated(stem) { None } else { of_file(stem).map(|id| (id.prefix, id.number)) };
    if is_web && filed.is_none() {
        return None;
    }
    // A link's file is what it leads to, whatever its label says; a page of the web has only its name.
    let (prefix, number) = filed.or(named).map_or((String::new(), None), |(prefix, number)| (prefix, Some(number)));
    Some(Reference { prefix, number, path: (!is_web).then(|| path.to_owned()), ..Reference::default() })
}

fn find_number(label: &str) -> Option<(String, u32)> {
    let (id, _) = of_heading(label.trim());
    let id = id.map(|id| (id.prefix, id.number));
    id.or_else(|| label.trim().parse().ok().map(|number| (String::new(), number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<u32> {
        find(text).into_iter().filter_map(|(reference, _)| reference.number).collect()
    }

    #[test]
    fn references_are_found_in_every_form() {
        assert_eq!(numbers("[ADR-0012](0012-x.md), ADR-3, ADR 4 and adr-005"), [12, 3, 4, 5]);
        assert_eq!(numbers("0003, 0004 and 5"), [3, 4, 5]);
        assert_eq!(numbers("[3. Use X](0003-use-x.md)"), [3]);
        assert_eq!(numbers("`docs/adr/0007-x.md`"), [7]);
        assert_eq!(numbers("ADR-001, 002 & 003"), [1, 2, 3]);
        let dated = find("[20200101-use-x](20200101-use-x.md)");
        assert_eq!((dated[0].0.number, dated[0].0.path.as_deref()), (None, Some("20200101-use-x.md")));
    }

    #[test]
    fn other_numbers_are_no_references() {
        assert_eq!(numbers("2024-01-01"), Vec::<u32>::new());
        assert_eq!(numbers("version 2 of it in 2024"), Vec::<u32>::new());
        assert_eq!(numbers("ADR-3 on 2024-05-06"), [3]);
        assert_eq!(numbers("[this](https://example.com/a) page"), Vec::<u32>::new());
    }
}
