//! Where a record says that it is in its life.

use std::sync::LazyLock;

use regex::Regex;

use super::claims::{is_of_itself, is_partial};
use super::dates;
use super::identity::pattern;
use super::refs::find;
use super::text::{plain, unmarked};
use super::tongues;
use crate::kinds::decision::Status;
use crate::model::Date;

/// A status as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatusRead {
    /// What it means; nothing where that is not known.
    pub status: Option<Status>,
    /// What was written, and on which line; nothing where nothing was.
    pub written: Option<(String, u32)>,
    /// The last day of a status that holds for a time only.
    pub until: Option<Date>,
}

/// What status words mean. Of several that a text begins with, the longest counts.
const WORDS: [(Status, &str); 6] = [
    (
        Status::Accepted,
        "partially superseded, partially superceded, partly superseded, superseded in part, partially replaced, \
         partially accepted, partially implemented, provisionally accepted, conditionally accepted, accepted, acepted, \
         accept, approved, approve, adopted, decided, agreed, implementable, implemented, ratified, active, in effect, \
         in force, confirmed, final, finalized, finalised, done, amended, complete, completed, locked, enacted, standing, \
         binding, delivered, shipped, released, applied, effective, current, merged, resolved, validated, published, in use",
    ),
    (
        Status::Proposed,
        "proposed, proposal, propose, design proposal, provisional, pending, in review, under review, in discussion, \
         under discussion, discussion, open, review, rfc, request for comments, request for comment, ready for review, \
         under consideration, awaiting, not yet accepted, planned, candidate",
    ),
    (Status::Draft, "draft, drafting, wip, work in progress, in progress, idea"),
    (
        Status::Rejected,
        "rejected, reject, declined, withdrawn, abandoned, cancelled, canceled, discarded, not accepted, not approved, \
         not adopted, dropped",
    ),
    (
        Status::Deprecated,
        "deprecated, obsolete, retired, expired, revoked, sunset, archived, historical, inactive, reverted, outdated",
    ),
    (
        Status::Superseded,
        "superseded, superceded, superseeded, supersede, supercede, supersede by, replaced, obsoleted",
    ),
];

/// Each word with its meaning.
fn words() -> impl Iterator<Item = (&'static str, Status)> {
    WORDS.iter().flat_map(|(status, words)| words.split(", ").map(|word| (word.trim(), *status)))
}

static SUPERSEDED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:supers|superc)(?:e|ee)ded\b|\breplaced by\b|\bobsoleted by\b"));
static IN_PART: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)partial|partly|in part\b|teilweise|partiellement|en partie|parcial|en parte|em parte|parzial|in parte|gedeeltelijk|deels|cz[eę][sś]ciowo|частично|部分|一部|일부",
    )
});
static BY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\W*(?:supers|superc|replaced|obsoleted)\w*\s+(?:by|with|in favou?r of)\b"));
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:status\s*[:=]?\s*|(?:this|the)\s+(?:adr|decision|record|document)?\s*(?:is|was|has been)?\s*|currently\s+|now\s+|(?:\d{4}-\d{2}-\d{2})\s*[:\-–—]?\s*|been\s+|decision\s*[:\-–]?\s*)+",
    )
});
static TRIAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:until|expires?(?:\s+on)?|expiring|valid through|expired(?:\s+on)?|through|ends?|ending)\b")
});
static PROVISIONAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:provisional(?:ly)?|temporar(?:y|ily)|trial|interim|experiment(?:al)?|time-?boxed|expir\w+|valid)\b",
    )
});

/// Reads the lines of a status, each with its number.
pub(super) fn read<'a>(lines: impl IntoIterator<Item = (&'a str, u32)>) -> StatusRead {
    let mut found: Vec<(StatusRead, Option<Date>)> = Vec::new();
    for (line, number) in lines {
        let unticked = line.trim_start().trim_start_matches(['-', '*', '+']).trim_start().starts_with("[ ]");
        let text = clean(line);
        if unticked || !text.chars().any(char::is_alphanumeric) {
            continue;
        }
        let status = if is_choice(&text) { None } else { meaning(&text) };
        let until = if PROVISIONAL.is_match(&text) { end(&text) } else { None };
        found.push((StatusRead { status, written: Some((text.clone(), number)), until }, dates::first(&text)));
    }
    choose(&found)
}

/// The line that holds: the latest of a dated history, one that says superseded, or else the first.
fn choose(found: &[(StatusRead, Option<Date>)]) -> StatusRead {
    let known = |(read, _): &&(StatusRead, Option<Date>)| read.status.is_some();
    let Some(first) = found.first() else { return StatusRead::default() };
    if first.0.status.is_none() {
        return first.0.clone();
    }
    let superseded = found.iter().find(|(read, _)| read.status == Some(Status::Superseded) && says_by_what(read));
    let dated: Vec<_> = found.iter().filter(known).filter(|(_, date)| date.is_some()).collect();
    let all_dated = dated.len() > 1 && dated.len() == found.iter().filter(known).count();
    let latest = dated.into_iter().filter(|_| all_dated).max_by_key(|(_, date)| date.map(Date::start));
    latest.or(superseded).unwrap_or(first).0.clone()
}

/// Whether a line below a status says that it is over: by what, or in a word. A sentence about something that was replaced does not.
fn says_by_what(read: &StatusRead) -> bool {
    let Some((text, _)) = &read.written else { return false };
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count();
    let begins = begins_with(&lower) == Some(Status::Superseded) || tongues::is_replaced(&lower);
    begins && !leaves_some(&lower) && (words == 1 || !find(text).is_empty() || BY.is_match(&lower))
}

/// Whether what stands behind a record's name leaves a part in force: `superseded by ADR-2 for mobile clients`.
fn leaves_some(lower: &str) -> bool {
    let last = find(lower).last().map_or(0, |(_, range)| range.end);
    last > 0 && lower.get(last..).is_some_and(|rest| rest.trim_start().starts_with("for "))
}

/// What a line means.
fn meaning(text: &str) -> Option<Status> {
    let lower = text.to_lowercase();
    let begun = begins_with(&lower).or_else(|| begins_with(&LEAD.replace(&lower, "")));
    let replaced = || tongues::is_replaced(&lower).then_some(Status::Superseded);
    match begun.or_else(|| only_word(&lower)).or_else(replaced)? {
        Status::Superseded if IN_PART.is_match(&lower) => Some(Status::Accepted),
        Status::Accepted if is_over(&lower) => Some(Status::Superseded),
        status => Some(status),
    }
}

/// `Accepted 2020, superseded by 12` is over; `accepted, superseded in part by 12` is not, nor `to be superseded`.
fn is_over(lower: &str) -> bool {
    let found = SUPERSEDED.find(lower).map(|found| found.range()).or_else(|| tongues::replaced_at(lower));
    found.is_some_and(|found| {
        let before = lower.get(..found.start).unwrap_or_default();
        let after = lower.get(found.end..).unwrap_or_default();
        let verb = lower.get(found).unwrap_or_default();
        let not = [
            "not ",
            "to be ",
            "will be ",
            "may be ",
            "until ",
            "never ",
            "unless ",
            "nicht ",
            "bis ",
            "sera ",
            "será ",
            "sarà ",
            "будет ",
            "将",
            "将被",
        ];
        is_of_itself(before)
            && !is_partial(before, after)
            && !IN_PART.is_match(verb)
            && !not.iter().any(|word| before.contains(word))
    })
}

fn begins_with(text: &str) -> Option<Status> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let word = |word: &str| {
        let rest = text.strip_prefix(word)?;
        let whole = !rest.starts_with(|c: char| c.is_alphanumeric());
        whole.then_some(())
    };
    let found = words().filter(|(name, _)| word(name).is_some()).max_by_key(|(name, _)| name.len());
    found.map(|(_, status)| status).or_else(|| tongues::status(text))
}

/// The one status word of a line of few words.
fn only_word(text: &str) -> Option<Status> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.len() > 6 || words.iter().any(|word| matches!(*word, "not" | "no" | "never" | "un" | "unless" | "until")) {
        return None;
    }
    let mut meant: Vec<Status> =
        self::words().filter(|(name, _)| words.contains(name)).map(|(_, status)| status).collect();
    meant.dedup();
    if let [status] = &*meant { Some(*status) } else { None }
}

/// A template's choice that nobody made: `proposed | accepted | rejected`.
fn is_choice(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['|', '/']).map(str::trim).collect();
    let named = parts.iter().filter(|part| begins_with(&part.to_lowercase()).is_some()).count();
    text.contains('{') || (parts.len() > 2 && named > 2) || (parts.len() == 2 && text.contains('|') && named == 2)
}

fn end(text: &str) -> Option<Date> {
    let found = TRIAL.find(text)?;
    dates::first(text.get(found.end()..)?)
}

/// A line without marks, emoji and what stands around a status.
fn clean(line: &str) -> String {
    let text = plain(unmarked(line));
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '{' | '['));
    text.trim().trim_matches(['"', '\'', '|', '[', ']']).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Status::{Accepted, Deprecated, Draft, Proposed, Rejected, Superseded};

    fn one(text: &str) -> Option<Status> {
        read([(text, 1)]).status
    }

    #[test]
    fn statuses_are_read_in_any_case_and_with_what_surrounds_them() {
        let table = [
            ("Accepted", Accepted),
            ("PROPOSED", Proposed),
            ("✅ Accepted", Accepted),
            ("**Accepted** (2026-09-10, approved)", Accepted),
            ("~~Proposed~~ Accepted", Accepted),
            ("[Accepted](https://x)", Accepted),
            ("accepted; supersedes ADR-0045", Accepted),
            ("superseded by ADR-0012", Superseded),
            ("Superceded by [3. X](0003-x.md)", Superseded),
            ("Deprecated since v2", Deprecated),
            ("Accepted 2020-01-01, superseded by ADR-5", Superseded),
            ("Accepted (partially superseded by ADR-0039) — 2026-08-12", Accepted),
            ("partially superseded by ADR-165", Accepted),
            ("Accepted; to be superseded by ADR-9", Accepted),
            ("🚧 **DRAFT — Phase A**", Draft),
            ("Draft / RFC. Open for feedback", Draft),
            ("This decision has been rejected", Rejected),
            ("2020-01-01: accepted", Accepted),
            ("![status](https://img/accepted.svg) accepted", Accepted),
            ("Superseded by ADR-0030 (partially)", Accepted),
            ("Accepted (the map is replaced by ADR 9)", Accepted),
            ("Superseded (by D-018)", Superseded),
            ("vigente", Accepted),
            ("已接受", Accepted),
            ("design proposal. All points worked through", Proposed),
            ("Not yet accepted", Proposed),
        ];
        for (text, status) in table {
            assert_eq!(one(text), Some(status), "{text}");
        }
    }

    #[test]
    fn what_is_no_status_is_not_guessed() {
        for text in [
            "Proposed | Accepted | Deprecated",
            "{proposed | rejected}",
            "tbd",
            "see below",
            "?",
            "unaccepted",
            "Deferred",
        ] {
            let found = read([(text, 4)]);
            assert_eq!(found.status, None, "{text}");
        }
        assert_eq!(read([("tbd", 4)]).written, Some(("tbd".into(), 4)));
    }

    #[test]
    fn of_several_lines_the_one_that_holds_is_taken() {
        let of = |lines: &[&str]| read(lines.iter().copied().zip(1..)).status;
        assert_eq!(of(&["Accepted", "", "Superseded by [2. Y](0002-y.md)"]), Some(Superseded));
        assert_eq!(of(&["Accepted", "Supercedes [1. X](0001-x.md)"]), Some(Accepted));
        let remarks = [
            "The diagram was replaced later.",
            "May be superseded later.",
            "Superseded approaches are listed below.",
            "Replaced the wiki page.",
            "Superseded by ADR-0002 for mobile clients",
        ];
        remarks.iter().for_each(|remark| assert_eq!(of(&["Accepted", "", remark]), Some(Accepted), "{remark}"));
        assert_eq!(of(&["- 2020-01-01 proposed", "- 2020-02-01 accepted"]), Some(Accepted));
        assert_eq!(of(&["- [ ] Proposed", "- [x] Accepted"]), Some(Accepted));
    }

    #[test]
    fn a_status_for_a_time_tells_its_end() {
        let until = |text: &str| read([(text, 1)]).until.map(|date| date.to_string());
        assert_eq!(until("Provisional until 2026-08-15").as_deref(), Some("2026-08-15"));
        assert_eq!(until("Provisional (expires 31 March 2024)").as_deref(), Some("2024-03-31"));
        assert_eq!(until("Accepted 2024-01-01"), None);
        assert_eq!(until("Provisional since 2024-01-01"), None);
    }
}
