//! Who a record is: the prefix and number of its file's name or of its heading.

use std::sync::LazyLock;

use regex::Regex;

/// A prefix and a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    /// In capital letters; empty where there is none.
    pub prefix: String,
    /// The number.
    pub number: u32,
    /// As it was written: `ADR-0012`, `0012`.
    pub written: String,
    /// What follows it.
    pub rest: String,
}

/// A pattern that is written in this room: one that cannot be read is found by its first test.
#[allow(clippy::expect_used, reason = "the patterns are constants, and each is compiled in a test")]
pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern")
}

static FILE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?i)(?:((?:adr[-_])?[a-z]{1,12}?)[-_. ]?)?(\d{1,5})(?:[-_. ]+(.+)|$)"));
static APPENDIX: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?i)(?:amendment|addendum|appendix|errata|supplement|annex|notes?\b|\d{1,2}[-_.])"));
static DATED: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:\d{8}|\d{4}-\d{2}-\d{2}|\d{12,14})(?:[-_ ]|$)"));
static PREFIXED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\[?((?i:adr[-_])[A-Z]{2,10}|[A-Z]{2,10}-[A-Z]{1,10}|(?i:adr|decision record|decision|architecture decision record|architectural decision record|dec)|[A-Z]{1,10})(?:\s*[-_#№]\s*|\s+#?\s*|\s*no\.?\s*)?(\d{1,5})\b\]?\s*(?:[:：.．)）\-–—|·・•、]+\s*|\s+|$)(.*)$",
    )
});
static NUMBERED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\[?#?(\d{1,5})\]?(?:(?:[.)）:：．、]|\s+[-–—|:])\s*(\D.*)|\s*[·・•]\s*(.+))$"));
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?i)(?:architecture|architectural|any)? ?decision record(?:\s*\(adr\))?\s*[:\-–—]\s*(.+)$|^(?i)adr\s*[:–—]\s*(.+)$",
    )
});

/// What people write between a number and a title.
const SEPARATORS: [char; 14] = [':', '：', '.', '．', ')', '）', '-', '–', '—', '|', '·', '・', '•', ']'];

/// The identity in a file's name without its ending; nothing where it begins with a date.
pub(super) fn of_file(stem: &str) -> Option<Identity> {
    if DATED.is_match(stem) {
        return None;
    }
    let found = FILE.captures(stem)?;
    let written = found.get(1).map_or("", |part| part.as_str());
    // `phase-2-plan` is no second phase of anything that was decided.
    let is_short = written.len() <= 4 && written.chars().all(|c| c.is_ascii_uppercase());
    let rest = found.get(3).map_or("", |part| part.as_str()).to_owned();
    // What is added to a record shares its number and is not another one of that number.
    if !(is_short || is_decision_word(written)) || APPENDIX.is_match(&rest) {
        return None;
    }
    let prefix = written.to_uppercase();
    let number = found.get(2)?;
    Some(Identity { prefix, number: number.as_str().parse().ok()?, written: stem[..number.end()].to_owned(), rest })
}

/// Whether a file's name begins with a date, as log4brains names records.
pub(super) fn is_dated(stem: &str) -> bool {
    DATED.is_match(stem)
}

/// The identity in a heading, and the title behind it.
pub(super) fn of_heading(text: &str) -> (Option<Identity>, String) {
    let text = text.trim().trim_start_matches(|c: char| {
        !c.is_alphanumeric() && !matches!(c, '[' | '#' | '{' | '<' | '`' | '"' | '.' | '(')
    });
    if is_dated(text) {
        return (None, text.to_owned());
    }
    if let Some(found) = PREFIXED.captures(text)
        && let (Some(prefix), Some(number)) = (found.get(1), found.get(2))
    {
        let rest = found.get(3).map_or("", |part| part.as_str()).trim().to_owned();
        let separated = text.get(number.end()..).unwrap_or_default().trim_start().starts_with(SEPARATORS);
        let known = is_decision_word(prefix.as_str());
        if let (true, Ok(count)) = (known || separated, number.as_str().parse()) {
            let prefix =
                if known && prefix.as_str().contains(' ') { "ADR".into() } else { prefix.as_str().to_uppercase() };
            let written = text[..number.end()].trim_start_matches('[').to_owned();
            return (Some(Identity { prefix, number: count, written, rest: rest.clone() }), rest);
        }
    }
    if let Some(found) = NUMBERED.captures(text)
        && let (Some(number), Some(rest)) = (found.get(1), found.get(2).or_else(|| found.get(3)))
        && let Ok(count) = number.as_str().parse()
    {
        let rest = rest.as_str().trim().to_owned();
        let written = number.as_str().to_owned();
        return (Some(Identity { prefix: String::new(), number: count, written, rest: rest.clone() }), rest);
    }
    let named = NAMED.captures(text).and_then(|found| found.get(1).or_else(|| found.get(2)));
    (None, named.map_or_else(|| text.to_owned(), |rest| rest.as_str().trim().to_owned()))
}

/// Words that stand before the numbers of decisions and of nothing else.
pub(super) fn is_decision_word(prefix: &str) -> bool {
    let prefix = prefix.to_lowercase();
    prefix.contains("decision")
        || prefix.starts_with("adr-")
        || prefix.ends_with("-adr")
        || prefix.ends_with("-dec")
        || matches!(&*prefix, "adr" | "dec" | "madr" | "adl" | "pdr" | "tdr")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(stem: &str) -> Option<(String, u32)> {
        of_file(stem).map(|id| (id.prefix, id.number))
    }

    fn heading(text: &str) -> (Option<(String, u32)>, String) {
        let (id, title) = of_heading(text);
        (id.map(|id| (id.prefix, id.number)), title)
    }

    #[test]
    fn names_of_files_tell_prefix_and_number() {
        let adr = |number| Some(("ADR".to_owned(), number));
        assert_eq!(file("0012-use-x"), Some((String::new(), 12)));
        assert_eq!(
            [file("adr-001-use-adrs"), file("ADR001_x"), file("adr000-y"), file("ADR-7")],
            [adr(1), adr(1), adr(0), adr(7)]
        );
        assert_eq!(
            [file("20200101-use-x"), file("2020-01-01-use-x"), file("use-x"), file("phase-1-plan")],
            [None, None, None, None]
        );
    }

    #[test]
    fn headings_tell_number_and_title() {
        let some = |prefix: &str, number, title: &str| (Some((prefix.to_owned(), number)), title.to_owned());
        assert_eq!(heading("1. Record decisions"), some("", 1, "Record decisions"));
        assert_eq!(heading("ADR-0012: Use X"), some("ADR", 12, "Use X"));
        assert_eq!(heading("ADR 001 - Use X"), some("ADR", 1, "Use X"));
        assert_eq!(heading("[ADR-3] Use X"), some("ADR", 3, "Use X"));
        assert_eq!(heading("✅ ADR-3 — Use X"), some("ADR", 3, "Use X"));
        assert_eq!(heading("Architecture Decision Record 5: Use X"), some("ADR", 5, "Use X"));
        assert_eq!(heading("0012 — Use X"), some("", 12, "Use X"));
        assert_eq!(heading("10) Use X"), some("", 10, "Use X"));
        for mark in ["·", "•", "|", "–", "—", ":", "-", "・"] {
            assert_eq!(heading(&format!("0003 {mark} Use X")), some("", 3, "Use X"), "{mark}");
            assert_eq!(heading(&format!("ADR-0003 {mark} Use X")), some("ADR", 3, "Use X"), "{mark}");
            assert_eq!(heading(&format!("T3 {mark} Use X")), some("T", 3, "Use X"), "{mark}");
        }
        assert_eq!(heading("0004 · 3 replicas"), some("", 4, "3 replicas"));
        assert_eq!(heading("SEO-DEC-001 — Use X"), some("SEO-DEC", 1, "Use X"));
        assert_eq!(heading("ADR-ARCH-017 — Use X"), some("ADR-ARCH", 17, "Use X"));
        assert_eq!(heading("D12 — Use X"), some("D", 12, "Use X"));
    }

    #[test]
    fn numbers_of_other_things_are_no_identity() {
        for title in
            ["2FA for all", "10 reasons to wait", "HTTP 2 for all", "2024-01-01 Use X", "Use RFC 3339", "3.5 is out"]
        {
            assert_eq!(heading(title), (None, title.to_owned()));
        }
        assert_eq!(heading("Architecture Decision Record: Use ADRs"), (None, "Use ADRs".into()));
    }
}
