//! Decision records as teams have written them, read as they are: MADR, Nygard's form and that of adr-tools, log4brains,
//! Y-statements, Markdown with headings alone, and one file with many decisions.
//!
//! Pure: files come in as texts. What cannot be read is told with its line, and never guessed.

mod body;
mod claims;
mod dates;
mod families;
mod fields;
mod fixes;
mod front;
mod graph;
mod identity;
pub mod lint;
mod page;
mod record;
mod refs;
mod sections;
mod slots;
mod split;
mod status;
mod tables;
mod text;
mod tongues;
mod wording;

pub use body::Body;
pub use claims::{Claim, Relation};
pub use families::{Families, Found};
pub use fixes::fixes;
pub(super) use front::cut;
pub use record::{People, Record};
pub use refs::Reference;
pub use sections::Section;
pub use slots::Slots;
pub use status::StatusRead;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::markdown::is_spec;

/// A file that may hold records.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    /// Its path, with slashes.
    pub file: Arc<str>,
    /// Its text.
    pub text: &'a str,
    /// Whether somebody named it, so that it must not be passed over.
    pub named: bool,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Collection {
    /// The records, in the order of files and lines.
    pub records: Vec<Record>,
    /// What could not be read: file, line and why.
    pub unread: Vec<(Arc<str>, u32, String)>,
    /// Files that hold no decision: templates, indexes, other pages.
    pub passed_over: BTreeSet<Arc<str>>,
}

/// Reads files.
pub fn read(sources: &[Source<'_>]) -> Collection {
    let mut collection = Collection::default();
    let all: BTreeSet<&str> = sources.iter().map(|source| &*source.file).collect();
    for source in sources {
        read_one(source, &all, &mut collection);
    }
    forget_others(&mut collection.records);
    collection.records.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    collection.unread.sort();
    collection
}

/// Forgets claims of what is no record: `superseded by M14` names a milestone where no record is called M.
fn forget_others(records: &mut [Record]) {
    let known: BTreeSet<String> = records.iter().map(|record| record.prefix.clone()).collect();
    let is_record = |to: &Reference| {
        to.path.is_some()
            || to.prefix.is_empty()
            || identity::is_decision_word(&to.prefix)
            || known.contains(&to.prefix)
    };
    records.iter_mut().for_each(|record| record.claims.retain(|claim| is_record(&claim.to)));
}

fn read_one(source: &Source<'_>, all: &BTreeSet<&str>, collection: &mut Collection) {
    if is_spec(source.text.as_bytes()) {
        if source.named {
            collection.unread.push((source.file.clone(), 1, "it is a spec already, and needs no import".into()));
        }
        collection.passed_over.insert(source.file.clone());
        return;
    }
    let (folder, name) = source.file.rsplit_once('/').unwrap_or(("", &source.file));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if is_translation(folder, stem, all) || is_template_name(stem) {
        collection.passed_over.insert(source.file.clone());
        return;
    }
    let front = front::read(source.text);
    let page = page::Page::of(source.text, front.bytes);
    let is_log = is_log_name(stem);
    let own = identity::of_file(stem).is_some() || identity::is_dated(stem);
    // A file that has a number is one record, whatever headings it has.
    let (parts, many) =
        if own { (split::one(&page, front.bytes), false) } else { split::split(&page, front.bytes, is_log) };
    let file = record::File { name: &source.file, stem, page: &page, front: &front };
    let records: Vec<Record> = parts.iter().map(|part| record::read(&file, part, many)).collect();
    let is_decision = records.iter().any(|record| many || own || looks_like_one(record));
    if records.iter().all(is_template)
        || (!many && (is_index_name(stem) || (!own && is_guide_name(stem) && !has_status(&front, &records))))
        || !is_decision
    {
        if source.named {
            collection.unread.push((source.file.clone(), 1, "it holds no decision that could be told".into()));
        }
        collection.passed_over.insert(source.file.clone());
        return;
    }
    if let Some((line, why)) = front.unread.clone() {
        collection.unread.push((source.file.clone(), line, why));
    }
    for record in records {
        if record.title.is_empty() {
            let why = "it has no title: there is no heading".to_owned();
            collection.unread.push((record.file.clone(), record.line, why));
        } else {
            collection.records.push(record);
        }
    }
}

/// Whether a file without a number is a decision all the same.
fn looks_like_one(record: &Record) -> bool {
    const PARTS: [&str; 11] = [
        "context",
        "context and problem statement",
        "decision",
        "decision outcome",
        "consequences",
        "considered options",
        "decision drivers",
        "rationale",
        "alternatives",
        "alternatives considered",
        "positive consequences",
    ];
    let names: BTreeSet<String> = record.sections.iter().map(Section::name).collect();
    let parts = PARTS.iter().filter(|part| names.contains(**part)).count();
    let numbered = record.number.is_some() && !record.prefix.is_empty();
    let decided = names.iter().any(|name| name.starts_with("decision"));
    numbered
        || (record.status.written.is_some() && (parts > 0 || decided))
        || (parts > 1 && decided)
        || is_y_statement(record)
}

/// `In the context of …, facing …, we decided for …`
fn is_y_statement(record: &Record) -> bool {
    let text = record.preamble.clean.to_lowercase();
    text.contains("in the context of") && (text.contains("we decided") || text.contains("facing"))
}

fn is_template_name(stem: &str) -> bool {
    let name = sections::name(stem);
    // A record may be about a template: what has a number is one only where its name says nothing else.
    if identity::of_file(stem).is_some() {
        return names_a_template(&name);
    }
    let words: Vec<&str> = name.split(' ').collect();
    words.last() == Some(&"template")
        || words.first() == Some(&"template")
        || name.contains("adr template")
        || names_a_template(&name)
}

/// Whether words name the template of records and nothing else: `0000 adr template`.
fn names_a_template(words: &str) -> bool {
    const TEMPLATE: [&str; 12] = [
        "template",
        "templates",
        "vorlage",
        "modèle",
        "modele",
        "plantilla",
        "modelo",
        "sjabloon",
        "szablon",
        "шаблон",
        "模板",
        "テンプレート",
    ];
    const AROUND: [&str; 14] = [
        "adr",
        "adrs",
        "madr",
        "decision",
        "record",
        "records",
        "architecture",
        "architectural",
        "title",
        "nygard",
        "short",
        "long",
        "bare",
        "minimal",
    ];
    let number = |word: &str| word.chars().all(|c| c.is_ascii_digit());
    let adr = |word: &str| word.strip_prefix("adr").is_some_and(number);
    words.split(' ').any(|word| TEMPLATE.contains(&word))
        && words.split(' ').all(|word| TEMPLATE.contains(&word) || AROUND.contains(&word) || number(word) || adr(word))
}

fn is_index_name(stem: &str) -> bool {
    matches!(
        &*stem.to_lowercase(),
        "readme"
            | "index"
            | "_index"
            | "summary"
            | "contributing"
            | "changelog"
            | "toc"
            | "license"
            | "overview"
            | "code_of_conduct"
    )
}

/// Whether front matter says where a decision is in its life, as that of no guide does.
fn has_status(front: &front::Front, records: &[Record]) -> bool {
    front.fields.iter().any(|(name, ..)| name == "status") && records.iter().any(|it| it.status.status.is_some())
}

/// Whether a file is called like a text about decisions.
fn is_guide_name(stem: &str) -> bool {
    const WORDS: [&str; 10] =
        ["guide", "guidelines", "guideline", "howto", "how", "process", "workflow", "taxonomy", "glossary", "faq"];
    sections::name(stem).split(' ').any(|word| WORDS.contains(&word))
}

/// Whether a file is called like a list of decisions.
fn is_log_name(stem: &str) -> bool {
    let name = sections::name(stem);
    let words: Vec<&str> = name.split(' ').collect();
    words.iter().any(|word| {
        matches!(
            *word,
            "decisions" | "adr" | "adrs" | "decision" | "entscheidungen" | "décisions" | "decisiones" | "decisões"
        )
    }) && !words.iter().any(|word| matches!(*word, "how" | "guide" | "process" | "template"))
}

/// Titles that only templates have.
fn is_template(record: &Record) -> bool {
    let title = record.title.trim();
    let lower = title.to_lowercase();
    let braced = title.starts_with(['{', '<', '[']) && title.ends_with(['}', '>', ']']) && title.len() > 2;
    braced
        || matches!(&*lower, "title" | "short title of solved problem and solution" | "decision title" | "short title")
        || lower.starts_with("[short title")
        || lower.starts_with("{short title")
        || lower.starts_with("{title")
        || names_a_template(&sections::name(&lower))
}

/// Whether a file says in another language what its neighbour says: `0001-x.zh.md` beside `0001-x.md`.
fn is_translation(folder: &str, stem: &str, all: &BTreeSet<&str>) -> bool {
    let Some((base, tongue)) = stem.rsplit_once(['.', '_']) else { return false };
    let short = tongue.split('-').next().unwrap_or_default();
    let slash = if folder.is_empty() { "" } else { "/" };
    short.len() == 2 && short.chars().all(char::is_alphabetic) && all.contains(&*format!("{folder}{slash}{base}.md"))
}

#[cfg(test)]
mod tests;
