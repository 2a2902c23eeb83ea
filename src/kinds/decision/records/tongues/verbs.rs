//! The verbs by which records speak of each other in other languages.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::claims::Relation;
use super::super::identity::pattern;
use super::{fold, is_mark};

/// A verb and what it is said of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::kinds::decision::records) struct Verb {
    /// What it says.
    pub relation: Relation,
    /// Where it stands.
    pub range: Range<usize>,
    /// Where its object stands, if it stands within; else it follows.
    pub object: Option<Range<usize>>,
}

/// `replaced` and the `by` behind it.
const PASSIVE: [(&str, &str); 9] = [
    ("abgelöst|ersetzt|überholt", "durch|von"),
    ("remplacée?s?|supplantée?s?", "par"),
    ("ree?mplazad[oa]s?|sustituid[oa]s?|superad[oa]s?", "por"),
    ("substituíd[oa]s?", "por|pel[oa]"),
    ("sostituit[oa]|superat[oa]|rimpiazzat[oa]", "da|dal|dalla|dall'"),
    ("vervangen|opgevolgd", "door"),
    ("zastąpion[yae]", "przez"),
    ("заменён|заменен[оа]?", "на|решением"),
    // Whatever the language is.
    (
        "abgelöst|ersetzt|remplacée?|reemplazad[oa]|sustituid[oa]|substituíd[oa]|sostituit[oa]|vervangen|zastąpion[yae]|заменен[оа]?",
        "siehe|voir|véase|ver|vedi|vide|zie|zob|см",
    ),
];

/// Words between the two that leave a part of the older one in force.
const PARTLY: &str = "teilweise|partiellement|en partie|parcialmente|en parte|em parte|parzialmente|in parte|gedeeltelijk|deels|częściowo|частично";

const ACTIVE: &str = "ersetzt|annule et remplace|remplace|ree?mplaza|sustituye|substitui|sostituisce|rimpiazza|vervangt|zastępuje|заменяет";

/// Verbs that stand around their object, or behind it. `{}` is an object that begins with the name of a record.
const AROUND: [(Relation, &str); 10] = [
    (
        Relation::SupersededBy,
        r"\b(?:durch|von)\s+(?:(?:die|das|den)\s+)?(?:entscheidung\s+)?{}\s+(?:vollständig\s+)?(?:ersetzt|abgelöst)\b",
    ),
    (Relation::Supersedes, r"\blöst\s+(?:(?:die|das|den)\s+)?(?:entscheidung\s+)?{}\s+(?:vollständig\s+)?ab\b"),
    (Relation::SupersededBy, r"\bdoor\s+{}\s+vervangen\b"),
    (Relation::SupersededBy, r"(?:已)?被\s*{}\s*(?:所)?(?:取代|替代|替换|代替|替換)"),
    (
        Relation::SupersededBy,
        r"{}\s*(?:に(?:よって|より)?|で)\s*(?:置き換え|置換|取って代わ|代替|廃止|上書き|差し替え)",
    ),
    (Relation::Supersedes, r"{}\s*を\s*(?:置き換え|置換|代替|廃止|上書き|差し替え)"),
    (Relation::SupersededBy, r"{}\s*(?:으로|로|에\s*의해|에\s*의하여)\s*대체"),
    (Relation::Supersedes, r"{}\s*(?:을|를)\s*대체"),
    (Relation::Supersedes, r"(?:取代|替代|替换|替換|代替)了?\s*[:：]?\s*{}(?:$|[。;；,，\n])"),
    (Relation::AmendedBy, r"\b(?:durch|von)\s+{}\s+(?:geändert|ergänzt)\b"),
];
const OBJECT: &str = r"(?P<object>(?:\[|#?\d|(?:m?adr|dec)[-_\s#№]*\d)(?:[^.。;；\n]|\.\S){0,200}?)";

/// What a text must have for any of them to stand in it: most texts have none of it.
static PROBE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)l(?:ö|oe|o\p{M}?)st|ersetzt|durch|berholt|remplac|supplant|emplaza|sustitu|substitu|superad|superat|sostitui|rimpiazz|verv|opgevolgd|door|zast|замен|取|替|置|廃止|上書|대체",
    )
});

static VERBS: LazyLock<Regex> = LazyLock::new(|| {
    let one = |(participle, by): &(&str, &str)| {
        format!(r"(?:{participle})(?:\s+(?:{PARTLY}))?[*_]*\s*[(:—–]?\s*(?:(?:{by})(?:\b|$)|→|->)")
    };
    let passive: Vec<String> = PASSIVE.iter().map(one).collect();
    let all = format!(r"\b(?:(?P<passive>{})|(?P<active>(?:{ACTIVE})\b))", passive.join("|"));
    pattern(&format!("(?i){}", loose(&all)))
});

static FRAMES: LazyLock<Vec<(Relation, Regex)>> = LazyLock::new(|| {
    let one = |(relation, text): &(Relation, &str)| {
        (*relation, pattern(&format!("(?i){}", loose(&text.replace("{}", OBJECT)))))
    };
    AROUND.iter().map(one).collect()
});

/// A pattern whose accents may be left out, stand behind their letters, or be written out as in `abgeloest`.
fn loose(text: &str) -> String {
    let mut loose = String::new();
    for c in text.chars() {
        let bare = fold(&c.to_string());
        match c {
            'ä' | 'ö' | 'ü' => loose.push_str(&format!(r"(?:{c}|{bare}e|{bare}\p{{M}}?)")),
            c if c.is_alphabetic() && bare != c.to_lowercase().to_string() => {
                loose.push_str(&format!(r"(?:{c}|{bare}\p{{M}}?)"));
            }
            c => loose.push(c),
        }
    }
    loose
}

/// The verbs of a text, in order.
pub(in crate::kinds::decision::records) fn verbs(text: &str) -> Vec<Verb> {
    if !PROBE.is_match(text) {
        return Vec::new();
    }
    let mut all: Vec<Verb> = Vec::new();
    for (relation, frame) in FRAMES.iter() {
        for found in frame.captures_iter(text) {
            let (Some(whole), Some(object)) = (found.get(0), found.name("object")) else { continue };
            all.push(Verb { relation: *relation, range: whole.range(), object: Some(object.range()) });
        }
    }
    for found in VERBS.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        let relation = if found.name("active").is_some() { Relation::Supersedes } else { Relation::SupersededBy };
        // `durch ADR-5 ersetzt` has been read as a whole.
        if !all.iter().any(|verb| verb.range.start <= whole.start() && whole.start() < verb.range.end) {
            all.push(Verb { relation, range: whole.range(), object: None });
        }
    }
    all.sort_by_key(|verb| verb.range.start);
    all
}

/// Where a text first says that something else takes the place of what it speaks of.
pub(in crate::kinds::decision::records) fn replaced_at(text: &str) -> Option<Range<usize>> {
    verbs(text).into_iter().find(|verb| verb.relation == Relation::SupersededBy).map(|verb| verb.range)
}

/// Whether a text in small letters says nothing but that: `durch ADR-5 ersetzt`, `ADR-5に置き換え`.
pub(in crate::kinds::decision::records) fn is_replaced(text: &str) -> bool {
    let before = replaced_at(text).map(|range| text.get(..range.start).unwrap_or_default());
    let small = |word: &str| matches!(word, "wurde" | "wird" | "ist" | "werd" | "is" | "est" | "es" | "é" | "è");
    before.is_some_and(|before| {
        before.split(|c: char| !c.is_alphanumeric() && !is_mark(c)).all(|it| it.is_empty() || small(it))
    })
}
