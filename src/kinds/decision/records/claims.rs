//! What a record says of others: that it takes their place, or that they take its.
//!
//! Only what a record says of itself counts: a field, a status, an item that begins with the verb, or a sentence whose
//! subject is `this decision`. That one other decision supersedes another is a remark.

use regex::Captures;

use super::fields::{Field, Key};
use super::refs::{Reference, find};
use super::text::Block;
use super::tongues::{self, Verb};
use super::wording::{CHANGE, CONDITION, DOUBT, HARMLESS, NARROWED, PARTIAL, SUBJECT, SUBJECT_ABROAD, VERB};

/// What a record says of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What.
    pub relation: Relation,
    /// Of which.
    pub to: Reference,
    /// On which line.
    pub line: u32,
}

/// How two records stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// It takes the place of the other.
    Supersedes,
    /// The other takes its place.
    SupersededBy,
    /// It changes a part of the other, which stays in force.
    Amends,
    /// The other changes a part of it.
    AmendedBy,
    /// It would take the place of the other, once it is accepted.
    WouldSupersede,
    /// It speaks of the other where it speaks of what changed.
    Mentions,
}

/// Whether what stands around a verb and its object leaves a part of the older one in force.
pub(super) fn is_partial(before: &str, after: &str) -> bool {
    let near = before.rsplit(['.', ';', '\n', ',', '，', '。', '；']).next().unwrap_or_default();
    PARTIAL.is_match(near) || PARTIAL.is_match(after.split([';', '\n']).next().unwrap_or_default())
}

/// The claims of a field.
pub(super) fn of_field(field: &Field) -> Vec<Claim> {
    let relation = match field.key {
        Key::Supersedes => Relation::Supersedes,
        Key::SupersededBy => Relation::SupersededBy,
        Key::Amends => Relation::Amends,
        Key::AmendedBy => Relation::AmendedBy,
        _ => return Vec::new(),
    };
    let partial = PARTIAL.is_match(&field.note);
    objects(&field.value, relation, partial, CONDITION.is_match(&field.note), |_| field.line)
}

/// The claims of a block of text. In a status or a list of links, a verb needs no subject.
pub(super) fn of_block(block: &Block, own: bool) -> Vec<Claim> {
    let text = &*block.text;
    let verbs = verbs(text);
    let mut claims = Vec::new();
    for (index, verb) in verbs.iter().enumerate() {
        let sentence = sentence_before(text, verb.range.start);
        let leads = !sentence.trim_matches(|c: char| !c.is_alphanumeric() && c != '[').contains(char::is_alphanumeric);
        let narrow = PARTIAL.is_match(sentence);
        let leads = leads || (narrow && sentence.split_whitespace().count() <= 2);
        if !(leads || SUBJECT.is_match(sentence) || SUBJECT_ABROAD.is_match(sentence) || own && is_of_itself(sentence))
        {
            continue;
        }
        let end = verbs.get(index + 1).map_or(text.len(), |next| next.range.start);
        let object = verb.object.clone().unwrap_or(verb.range.end..end.max(verb.range.end));
        let begin = object.start;
        let object = text.get(object).unwrap_or_default();
        let object = if verb.object.is_some() { object } else { sentence_after(object) };
        // `superseded in part by`: what stands within a verb narrows it too.
        let own = text.get(verb.range.start..begin.min(verb.range.end)).unwrap_or_default();
        let partial = narrow || PARTIAL.is_match(own);
        let maybe = CONDITION.is_match(sentence) || DOUBT.is_match(sentence);
        claims.extend(objects(object, verb.relation, partial, maybe, |at| block.line_at(begin + at)));
    }
    claims
}

/// The verbs of a text, of whatever language, in order.
fn verbs(text: &str) -> Vec<Verb> {
    let mut all = tongues::verbs(text);
    for found in VERB.captures_iter(text) {
        let Some(verb) = found.get(0).filter(|_| !is_in_a_name(text, &found)) else { continue };
        let relation = match (found.name("active"), found.name("passive"), found.name("amends")) {
            (Some(_), ..) => Relation::Supersedes,
            (_, Some(_), _) => Relation::SupersededBy,
            (.., Some(_)) => Relation::Amends,
            _ => Relation::AmendedBy,
        };
        all.push(Verb { relation, range: verb.range(), object: None });
    }
    all.sort_by_key(|verb| verb.range.start);
    all
}

/// Whether a verb is a part of a longer word, as in a file's name: `0003-x-replaces-y.md`.
fn is_in_a_name(text: &str, found: &Captures<'_>) -> bool {
    let Some(verb) = found.get(0) else { return false };
    let before = text.get(..verb.start()).and_then(|before| before.strip_suffix('-'));
    let after = text.get(verb.end()..).and_then(|after| after.strip_prefix('-'));
    before.is_some_and(|text| text.ends_with(char::is_alphanumeric))
        || after.is_some_and(|text| text.starts_with(char::is_alphanumeric))
}

/// Every record that a block speaks of which speaks of a change.
pub(super) fn mentions(block: &Block) -> Vec<Claim> {
    if !CHANGE.is_match(&block.text) {
        return Vec::new();
    }
    let claim = |(to, range): (Reference, std::ops::Range<usize>)| Claim {
        relation: Relation::Mentions,
        to,
        line: block.line_at(range.start),
    };
    find(&block.text).into_iter().map(claim).collect()
}

/// Whether what stands before a verb in a status names nothing else: `accepted, and now superseded by`, but not `the map is
/// replaced by`.
pub(super) fn is_of_itself(before: &str) -> bool {
    const WORDS: [&str; 36] = [
        "to",
        "be",
        "will",
        "may",
        "not",
        "never",
        "would",
        "might",
        "accepted",
        "approved",
        "adopted",
        "proposed",
        "draft",
        "rejected",
        "deprecated",
        "and",
        "also",
        "which",
        "it",
        "is",
        "was",
        "has",
        "been",
        "now",
        "later",
        "but",
        "then",
        "since",
        "fully",
        "entirely",
        "partially",
        "partly",
        "in",
        "part",
        "completely",
        "status",
    ];
    let near = before.rsplit([';', ',', '(', '—', '–', ':', '.', '\n', '，', '、', '；', '：', '。', '（']).next();
    let near = near.unwrap_or_default().to_lowercase();
    let mut words = near.split(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '|' | '-' | '>'));
    words.all(|word| {
        !word.chars().all(char::is_alphabetic) || word.is_empty() || WORDS.contains(&word) || ABROAD.contains(&word)
    })
}

/// The records that a verb speaks of.
fn objects(text: &str, relation: Relation, partial: bool, maybe: bool, line: impl Fn(usize) -> u32) -> Vec<Claim> {
    const NOTHING: [&str; 24] = [
        "none", "n/a", "na", "nothing", "no", "null", "nil", "tbd", "-", "keine", "keines", "nichts", "aucun",
        "aucune", "ninguno", "ninguna", "nenhum", "nenhuma", "nessuno", "nessuna", "geen", "нет", "无", "なし",
    ];
    let bare = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | ':' | '"' | '(' | '[' | '_'));
    let word =
        bare.split(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | '(' | ';' | '—')).next().unwrap_or_default();
    if NOTHING.contains(&&*word.trim_matches(['*', ']', ')', '_', '"']).to_lowercase())
        || bare.starts_with(['—', '–', '-']) && find(bare).is_empty()
    {
        return Vec::new();
    }
    let found = find(text);
    let maybe = maybe || CONDITION.is_match(text.split('.').next().unwrap_or_default());
    let mut claims = Vec::new();
    let (mut from, mut narrow) = (0, partial);
    for (index, (to, range)) in found.iter().enumerate() {
        let before = text.get(from..range.start).unwrap_or_default();
        if from > 0 && before.contains(". ") {
            break;
        }
        // `parts of 1 and 2` is said of both; behind a semicolon something else begins.
        let near = before.rsplit(';').next().unwrap_or_default();
        narrow = (narrow && near.len() == before.len()) || partial || PARTIAL.is_match(near) || names_a_part(near);
        let next = found.get(index + 1).map_or(text.len(), |(_, range)| range.start);
        let tail = text.get(range.end..next).unwrap_or_default();
        // `1 and the last paragraph of 2`: what stands behind the `and` belongs to the next.
        let cut = if next < text.len() { tail.find(" and ").or_else(|| tail.find(", ")) } else { None };
        let tail = tail.get(..cut.unwrap_or(tail.len())).unwrap_or_default();
        let relation = weaker(relation, narrow || leaves_some(tail), maybe);
        claims.push(Claim { relation, to: to.clone(), line: line(range.start) });
        from = range.end;
    }
    claims
}

/// The same in other languages.
const ABROAD: [&str; 30] = [
    "und",
    "jetzt",
    "inzwischen",
    "später",
    "wird",
    "wurde",
    "ist",
    "angenommen",
    "akzeptiert",
    "et",
    "est",
    "désormais",
    "a",
    "été",
    "accepté",
    "y",
    "es",
    "fue",
    "ahora",
    "aceptada",
    "e",
    "é",
    "foi",
    "aceito",
    "è",
    "stata",
    "en",
    "is",
    "и",
    "已",
];

const fn weaker(relation: Relation, partial: bool, maybe: bool) -> Relation {
    match (relation, partial, maybe) {
        (_, _, true) => Relation::WouldSupersede,
        (Relation::Supersedes, true, _) => Relation::Amends,
        (Relation::SupersededBy, true, _) => Relation::AmendedBy,
        _ => relation,
    }
}

/// `the caching of`, `the rule in`: a part of what follows.
fn names_a_part(before: &str) -> bool {
    let words: Vec<&str> = before.split_whitespace().collect();
    words.len() > 1
        && words.last().is_some_and(|word| matches!(*word, "of" | "in" | "from" | "de" | "der" | "von" | "di"))
}

/// Whether what follows a reference narrows what was said of it.
fn leaves_some(tail: &str) -> bool {
    let clause = tail.split([';', '\n']).next().unwrap_or_default();
    let rest = clause.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`' | '"' | ')'));
    let rest = if clause.trim_start().starts_with('.') { "" } else { rest };
    (NARROWED.is_match(rest) && !HARMLESS.is_match(rest)) || PARTIAL.is_match(tail)
}

/// What stands before a verb in its sentence.
fn sentence_before(text: &str, at: usize) -> &str {
    // Nobody writes so much before a verb; a text without an end of a sentence must not cost its square.
    let far = (at.saturating_sub(SENTENCE)..=at).find(|begin| text.is_char_boundary(*begin)).unwrap_or(at);
    let before = text.get(far..at).unwrap_or_default();
    let cut = [". ", ".\n", "; ", "! ", ": "].iter().filter_map(|end| before.rfind(end)).max();
    before.get(cut.map_or(0, |cut| cut + 1)..).unwrap_or_default()
}

/// How many bytes of a sentence are looked at before a verb.
const SENTENCE: usize = 400;

/// What follows a verb in its sentence.
fn sentence_after(text: &str) -> &str {
    let capital = |at: usize| {
        let rest = text.get(at + 1..).unwrap_or_default().trim_start();
        rest.starts_with(|c: char| c.is_uppercase())
    };
    let end = text.match_indices(['.', '\n']).map(|(at, _)| at);
    let mut ends = end.filter(|at| {
        text.as_bytes().get(*at) == Some(&b'.') && text.as_bytes().get(at + 1).is_some_and(|b| b.is_ascii_whitespace())
    });
    let cut = ends.find(|at| {
        capital(*at)
            && !text.get(..*at).unwrap_or_default().ends_with(|c: char| {
                c.is_ascii_digit() && text.get(..*at).is_some_and(|head| head.rfind('[') > head.rfind(']'))
            })
    });
    text.get(..cut.unwrap_or(text.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Relation::{AmendedBy, Amends, SupersededBy, Supersedes, WouldSupersede};

    fn said(text: &str, own: bool) -> Vec<(Relation, u32)> {
        let block = Block { text: text.into(), line: 1 };
        of_block(&block, own).into_iter().filter_map(|claim| Some((claim.relation, claim.to.number?))).collect()
    }

    fn field(key: Key, note: &str, value: &str) -> Vec<(Relation, u32)> {
        let field = Field { key, note: note.into(), value: value.into(), line: 1 };
        of_field(&field).into_iter().filter_map(|claim| Some((claim.relation, claim.to.number?))).collect()
    }

    #[test]
    fn what_a_record_says_of_itself_is_a_claim() {
        assert_eq!(said("> This decision is **superseded by [ADR-0057](0057-x.md)**.", false), [(SupersededBy, 57)]);
        assert_eq!(said("This decision **supersedes [ADR-0045](0045-x.md)**.", false), [(Supersedes, 45)]);
        assert_eq!(said("* Supersedes [ADR-2](0002-x.md) and ADR-3", false), [(Supersedes, 2), (Supersedes, 3)]);
        assert_eq!(said("Superseded (by D-018)", true), [(SupersededBy, 18)]);
        assert_eq!(said("Superseded: see ADR-4", true), [(SupersededBy, 4)]);
        assert_eq!(said("-> Supercedes [5. X](0005-x.md)", true), [(Supersedes, 5)]);
        assert_eq!(said("Supercedes [1. X](0001-x.md)", false), [(Supersedes, 1)]);
        assert_eq!(said("accepted; supersedes ADR-0045", true), [(Supersedes, 45)]);
        assert_eq!(said("Accepted, amends ADR-4, superseded by ADR-5", true), [(Amends, 4), (SupersededBy, 5)]);
    }

    #[test]
    fn what_it_says_of_others_is_none() {
        assert_eq!(said("commons-logging is superseded by log4j 2.", false), []);
        assert_eq!(said("As ADR-3 supersedes ADR-1, we may do so.", false), []);
        let part = "Accepted (replaces the choice in ADR 7; the map is replaced by ADR 9, the reasoning stands)";
        assert_eq!(said(part, true), [(Amends, 7)]);
        assert_eq!(said("This library replaces log4j 1.", false), []);
        assert_eq!(said("Superseded by [ADR-7](0007-replaces-3.md)", true), [(SupersededBy, 7)]);
        assert_eq!(said("* Supersedes [x-replaces-y](0003-x-replaces-y.md)", false), [(Supersedes, 3)]);
    }

    #[test]
    fn a_part_is_no_whole() {
        assert_eq!(
            said("Note: this ADR supersedes some aspects of [ADR-15](adr-015-x.md) and [ADR-16](adr-016-x.md).", false),
            [(Amends, 15), (Amends, 16)]
        );
        assert_eq!(said("Accepted (partially superseded by ADR-0039)", true), [(AmendedBy, 39)]);
        assert_eq!(
            field(Key::Supersedes, "", "ADR 0033 as the *current product pin*; ADR 0033 remains the\n  record"),
            [(Amends, 33), (Amends, 33)]
        );
        assert_eq!(
            field(Key::Supersedes, "", "[ADR-2](2-x.md) and the last\n  paragraph of [ADR-3](3-y.md)"),
            [(Supersedes, 2), (Amends, 3)]
        );
        assert_eq!(field(Key::Supersedes, "", "[ADR-26](26-x.md) rule 1 only"), [(Amends, 26)]);
        assert_eq!(field(Key::Supersedes, "", "Part of ADR-0026"), [(Amends, 26)]);
        assert_eq!(
            field(Key::SupersededBy, "", "ADR-0030 for Decision 15; ADR-0032"),
            [(AmendedBy, 30), (SupersededBy, 32)]
        );
        assert_eq!(
            field(Key::Supersedes, "", "ADR-5 (Use PostgreSQL for everything), ADR-6 on 2024-01-01"),
            [(Supersedes, 5), (Supersedes, 6)]
        );
        assert_eq!(field(Key::Supersedes, "", "[ADR-1](1-x.md)'s section 3"), [(Amends, 1)]);
    }

    #[test]
    fn none_and_when_accepted_claim_nothing() {
        for value in ["none", "None.", "n/a", "-", "—", "none (refines notes in ADR-19)", ""] {
            assert_eq!(field(Key::Supersedes, "", value), [], "{value}");
        }
        assert_eq!(field(Key::Supersedes, "when accepted", "ADR-3"), [(WouldSupersede, 3)]);
        assert_eq!(said("Proposed. Supersedes ADR-3 when accepted.", true), [(WouldSupersede, 3)]);
        assert_eq!(said("Accepted, to be superseded by ADR-9", true), [(WouldSupersede, 9)]);
    }
}
