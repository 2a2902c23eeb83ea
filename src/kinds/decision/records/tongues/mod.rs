//! Decisions in other languages than English: what their statuses, fields, sections and months are called, and by which
//! verbs they speak of each other.

mod verbs;
mod words;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::fields::Key;
use crate::kinds::decision::Status;

pub(super) use verbs::{Verb, is_replaced, replaced_at, verbs};

/// The words of a language, in small letters, each list with commas between. Accents may be left out by whoever writes a
/// record. A status with a star may go on for two letters: `aceptad*` is `aceptado` and `aceptadas`.
struct Tongue {
    // Statuses.
    accepted: &'static str,
    proposed: &'static str,
    draft: &'static str,
    rejected: &'static str,
    deprecated: &'static str,
    superseded: &'static str,
    // Fields; a section may be called like that of the status too.
    status: &'static str,
    date: &'static str,
    deciders: &'static str,
    consulted: &'static str,
    informed: &'static str,
    supersedes: &'static str,
    superseded_by: &'static str,
    amends: &'static str,
    amended_by: &'static str,
    // Sections.
    context: &'static str,
    problem: &'static str,
    decision: &'static str,
    consequences: &'static str,
    options: &'static str,
    drivers: &'static str,
    good: &'static str,
    bad: &'static str,
    // From January on, with spaces between.
    months: &'static str,
}

/// A word of a status.
struct Word {
    text: String,
    goes_on: bool,
    status: Status,
}

/// Participles that are verbs as well: `Ersetzt ADR-3` says what a record does, and not how it is.
const ALSO_VERBS: [&str; 5] = ["ersetzt", "remplace", "已取代", "已替代", "已替换"];

static STATUSES: LazyLock<Vec<Word>> = LazyLock::new(|| {
    let of = |tongue: &Tongue| {
        [
            (Status::Accepted, tongue.accepted),
            (Status::Proposed, tongue.proposed),
            (Status::Draft, tongue.draft),
            (Status::Rejected, tongue.rejected),
            (Status::Deprecated, tongue.deprecated),
            (Status::Superseded, tongue.superseded),
        ]
    };
    let spellings = |(status, text): (Status, &str)| {
        let (goes_on, bare) = (text.ends_with('*'), text.trim_end_matches('*'));
        [fold(bare), fold(&written_out(bare))].map(|text| Word { text, goes_on, status })
    };
    let all = words::ALL.iter().flat_map(of);
    all.flat_map(|(status, words)| list(words).map(move |text| (status, text))).flat_map(spellings).collect()
});

static FIELDS: LazyLock<BTreeMap<String, Key>> = LazyLock::new(|| {
    let of = |tongue: &Tongue| {
        [
            (Key::Status, tongue.status),
            (Key::Date, tongue.date),
            (Key::Deciders, tongue.deciders),
            (Key::Consulted, tongue.consulted),
            (Key::Informed, tongue.informed),
            (Key::Supersedes, tongue.supersedes),
            (Key::SupersededBy, tongue.superseded_by),
            (Key::Amends, tongue.amends),
            (Key::AmendedBy, tongue.amended_by),
        ]
    };
    table(words::ALL.iter().flat_map(of))
});

static SECTIONS: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
    let of = |tongue: &Tongue| {
        [
            ("status", tongue.status),
            ("context", tongue.context),
            ("problem", tongue.problem),
            ("decision", tongue.decision),
            ("consequences", tongue.consequences),
            ("considered options", tongue.options),
            ("decision drivers", tongue.drivers),
            ("positive consequences", tongue.good),
            ("negative consequences", tongue.bad),
        ]
    };
    table(words::ALL.iter().flat_map(of))
});

fn list(words: &'static str) -> impl Iterator<Item = &'static str> {
    words.split(',').map(str::trim).filter(|word| !word.is_empty())
}

/// Umlauts as those write them whose keyboard has none.
fn written_out(word: &str) -> String {
    word.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue")
}

/// Words by what they mean. Without its accents a word means the same, unless that is another word: `remplacé`, `remplace`.
fn table<T: Copy>(all: impl Iterator<Item = (T, &'static str)>) -> BTreeMap<String, T> {
    let all: Vec<(T, &str)> = all.flat_map(|(meaning, words)| list(words).map(move |word| (meaning, word))).collect();
    let mut table = BTreeMap::new();
    for (meaning, word) in &all {
        table.entry((*word).to_owned()).or_insert(*meaning);
    }
    for (meaning, word) in &all {
        table.entry(fold(word)).or_insert(*meaning);
        table.entry(written_out(word)).or_insert(*meaning);
    }
    table
}

/// What a text in small letters that begins with a status says by it; of several words, the longest counts.
pub(super) fn status(text: &str) -> Option<Status> {
    let text = fold(text);
    let begins = STATUSES.iter().filter_map(|word| Some((word, rest(&text, word)?)));
    let (word, rest) = begins.max_by_key(|(word, _)| word.text.len())?;
    let does = ALSO_VERBS.contains(&&*word.text) && rest.trim_start().starts_with(char::is_alphanumeric);
    (!does).then_some(word.status)
}

/// What follows a status that a text begins with.
fn rest<'t>(text: &'t str, word: &Word) -> Option<&'t str> {
    let rest = text.strip_prefix(&*word.text)?;
    // Where no spaces stand between words, none ends them.
    if word.text.ends_with(|c: char| c > '\u{2e80}') {
        return Some(rest);
    }
    let letters = rest.chars().take_while(|c| c.is_alphanumeric());
    let (count, bytes) = letters.fold((0, 0), |(count, bytes), c| (count + 1, bytes + c.len_utf8()));
    let most = if word.goes_on { 2 } else { 0 };
    (count <= most).then(|| rest.get(bytes..)).flatten()
}

/// What the name of a field in small letters means.
pub(super) fn field(name: &str) -> Option<Key> {
    FIELDS.get(name).or_else(|| FIELDS.get(&fold(name))).copied()
}

/// What a section is called in English.
pub(super) fn section(name: &str) -> Option<&'static str> {
    SECTIONS.get(name).or_else(|| SECTIONS.get(&fold(name))).copied()
}

/// The number of a month by its name or the first letters of it.
pub(super) fn month(word: &str) -> Option<u32> {
    let word = fold(word);
    let place = |tongue: &Tongue| tongue.months.split(' ').position(|name| fold(name).starts_with(&word));
    let found = words::ALL.iter().filter(|_| word.chars().count() > 2).find_map(place)?;
    u32::try_from(found + 1).ok()
}

/// A text in small letters without accents, however those are written.
pub(super) fn fold(text: &str) -> String {
    let small = text.chars().flat_map(char::to_lowercase).filter(|c| !is_mark(*c));
    let mut folded = String::new();
    for c in small {
        match c {
            'ß' => folded.push_str("ss"),
            'à'..='å' | 'ą' => folded.push('a'),
            'ç' | 'ć' | 'č' => folded.push('c'),
            'è'..='ë' | 'ę' => folded.push('e'),
            'ì'..='ï' => folded.push('i'),
            'ł' => folded.push('l'),
            'ñ' | 'ń' => folded.push('n'),
            'ò'..='ö' | 'ő' => folded.push('o'),
            'ś' | 'š' => folded.push('s'),
            'ù'..='ü' => folded.push('u'),
            'ź' | 'ż' | 'ž' => folded.push('z'),
            'ё' => folded.push('е'),
            c => folded.push(c),
        }
    }
    folded
}

/// Whether a character is an accent that stands behind its letter.
pub(super) const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests;
