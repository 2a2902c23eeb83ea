//! One record, read as a whole.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::claims::{self, Claim, Relation};
use super::dates;
use super::fields::{self, Field, Key};
use super::front::Front;
use super::identity::{self, Identity};
use super::page::Page;
use super::sections::{self, Section};
use super::split::Part;
use super::status::{self, StatusRead};
use super::text::{Block, blocks, plain};
use crate::kinds::decision::Status;
use crate::model::Date;

/// A decision as a team has written it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its file.
    pub file: Arc<str>,
    /// The line of its title.
    pub line: u32,
    /// What it is called: `ADR-0012`, `0012`, or the name of its file.
    pub id: String,
    /// The prefix of its number in capital letters; empty where there is none.
    pub prefix: String,
    /// Its number.
    pub number: Option<u32>,
    /// The number in its heading, where its file has one too.
    pub heading: Option<u32>,
    /// Whether it shares its file with others.
    pub shares: bool,
    /// Its title without number.
    pub title: String,
    /// Where it says that it is in its life.
    pub status: StatusRead,
    /// When it was decided.
    pub date: Option<Date>,
    /// Who decided, who was asked and who was told.
    pub people: People,
    /// What else its front matter says, key by key.
    pub extra: Vec<(String, String)>,
    /// What it says of others.
    pub claims: Vec<Claim>,
    /// The files that it links to, as written, each with its line.
    pub links: Vec<(String, u32)>,
    /// What stands before the first section.
    pub preamble: Section,
    /// Its sections.
    pub sections: Vec<Section>,
}

/// The people of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct People {
    /// Who decided.
    pub deciders: Vec<String>,
    /// Who was asked.
    pub consulted: Vec<String>,
    /// Who was told.
    pub informed: Vec<String>,
}

/// A file of records while it is read.
pub(super) struct File<'a> {
    pub name: &'a Arc<str>,
    pub stem: &'a str,
    pub page: &'a Page<'a>,
    pub front: &'a Front,
}

/// Reads one part of a file.
pub(super) fn read(file: &File<'_>, part: &Part, shares: bool) -> Record {
    let page = file.page;
    let heading = part.heading.and_then(|index| page.headings.get(index));
    let below = page.headings.get(part.below.clone()).unwrap_or_default();
    let (preamble, sections) = sections::read(page, part.range.clone(), below);
    let fields = all_fields(file, &preamble, &sections, shares);
    let (in_heading, title) = heading.map_or((None, String::new()), |heading| identity::of_heading(&heading.text));
    let in_file = if shares { None } else { identity::of_file(file.stem) };
    let (in_heading, title) = match (&in_file, in_heading, heading) {
        // `TLS 3: Use it` in a file that has a number of its own is about TLS.
        (Some(file), Some(other), Some(heading)) if is_a_name(file, &other) => (None, heading.text.trim().to_owned()),
        (_, other, _) => (other, title),
    };
    let titled = fields.iter().find(|field| field.key == Key::Title && in_front(field));
    // A heading is what readers see; a title of the front matter stands in where there is none.
    let title = if plain(&title).is_empty() {
        titled.map_or(title, |field| identity::of_heading(&field.value).1)
    } else {
        title
    };
    // A heading that is a number and nothing else is all the title that there is.
    let title = if title.is_empty() {
        heading.map(|heading| heading.text.trim().to_owned()).unwrap_or_default()
    } else {
        title
    };
    let mut status = read_status(&fields, &sections);
    let expires = fields.iter().find(|field| field.key == Key::Expires).and_then(|field| dates::first(&field.value));
    status.until = expires.or(status.until);
    let (id, prefix, number) = named(file, in_file.as_ref(), in_heading.as_ref(), &title, shares);
    let end = part.range.end;
    let begin = heading.map_or(part.range.start, |heading| heading.range.start);
    let inside = page.links.iter().filter(|link| (begin..end).contains(&link.at));
    Record {
        file: file.name.clone(),
        line: page.line(begin),
        id,
        prefix,
        number,
        heading: in_file.as_ref().and(in_heading.as_ref()).map(|id| id.number),
        shares,
        title,
        date: read_date(file, &fields, &sections, &status),
        extra: extra(file, shares),
        people: read_people(&fields, &sections),
        claims: read_claims(&fields, &preamble, &sections, &status),
        links: inside.map(|link| (link.to.clone(), page.line(link.at))).collect(),
        status,
        preamble,
        sections,
    }
}

/// Whether a word and a number at the beginning of a heading are the name of a thing, and of no record.
fn is_a_name(file: &Identity, heading: &Identity) -> bool {
    let foreign = !heading.prefix.is_empty() && !identity::is_decision_word(&heading.prefix);
    foreign && heading.prefix != file.prefix && heading.number != file.number
}

/// Marks fields of front matter: they have no name in the text.
const FRONT: &str = "front matter";

fn in_front(field: &Field) -> bool {
    field.note.starts_with(FRONT)
}

fn all_fields(file: &File<'_>, preamble: &Section, sections: &[Section], shares: bool) -> Vec<Field> {
    let front = file.front.fields.iter().filter(|_| !shares).filter_map(|(name, values, line)| {
        let (key, note) = if name == "state" { (Key::Status, "") } else { fields::key(name)? };
        let note = format!("{FRONT} {note}");
        Some(Field { key, note: note.trim().to_owned(), value: values.join(", "), line: *line })
    });
    let mut all: Vec<Field> = front.collect();
    all.extend(fields::of_text(&block_text(preamble), preamble.first));
    for section in sections {
        // `## Status: accepted`, and sections that are called as a field is.
        if let Some((name, value)) = section.title.split_once([':', '：'])
            && let Some((key, note)) = fields::key(name)
            && !value.trim().is_empty()
        {
            all.push(Field { key, note: note.into(), value: value.trim().into(), line: section.line });
        } else if let (name, note) = split_note(&section.title)
            && let Some((key, narrowed)) = fields::key(name)
            && !matches!(key, Key::Status | Key::Title)
        {
            let note = format!("{note} {narrowed}").trim().to_owned();
            let value = section.clean.trim();
            let skipped = section.clean.len() - section.clean.trim_start().len();
            let gap = section.clean.get(..skipped).unwrap_or_default().matches('\n').count();
            let line = section.first + u32::try_from(gap).unwrap_or_default();
            all.push(Field {
                key,
                note,
                value: value.replace("\n- ", "\n, ").replace("\n* ", "\n, ").trim_start_matches(['-', '*', ' ']).into(),
                line,
            });
        } else if matches!(&*section.name(), "metadata" | "status" | "meta" | "info" | "document information") {
            all.extend(fields::of_text(&section.clean, section.first));
        }
    }
    all
}

/// What front matter says that is nothing of a decision.
fn extra(file: &File<'_>, shares: bool) -> Vec<(String, String)> {
    let all = file.front.fields.iter().filter(|(name, values, _)| fields::key(name).is_none() && !values.is_empty());
    all.filter(|_| !shares).map(|(name, values, _)| (name.clone(), values.join(", "))).collect()
}

/// A name of a field and what stands in brackets behind it.
fn split_note(title: &str) -> (&str, &str) {
    title.split_once('(').map_or((title, ""), |(name, note)| (name.trim(), note.trim_end_matches(')')))
}

/// The text before the sections; a block of code there is how some write their fields.
fn block_text(preamble: &Section) -> String {
    let coded = preamble.clean.trim().is_empty() && preamble.text.contains("```");
    if coded && !preamble.text.contains("<!--") { preamble.text.clone() } else { preamble.clean.clone() }
}

fn read_status(fields: &[Field], sections: &[Section]) -> StatusRead {
    let of_fields = fields.iter().filter(|field| field.key == Key::Status && !field.value.trim().is_empty());
    let mut reads = of_fields.map(|field| status::read(field.value.lines().zip(field.line..)));
    let by_field = reads.find(|read| read.written.is_some());
    let section = sections
        .iter()
        .find(|section| matches!(&*section.name(), "status" | "adr status" | "decision status" | "current status"));
    let by_section = || {
        let lines = section?.clean.lines().zip(section?.first..);
        // Fields in the section speak for themselves; sentences below a status explain it.
        Some(status::read(lines.filter(|(line, _)| !is_other_field(line))))
    };
    by_field.or_else(by_section).unwrap_or_default()
}

fn is_other_field(line: &str) -> bool {
    let first = fields::of_text(line, 1).into_iter().next();
    // `Superseded by:` above a list of links is a status too.
    first.is_some_and(|field| field.key != Key::Status && !(field.key == Key::SupersededBy && field.value.is_empty()))
}

fn read_date(file: &File<'_>, fields: &[Field], sections: &[Section], status: &StatusRead) -> Option<Date> {
    let is_date = |field: &&Field| {
        let short = !field.note.ends_with(fields::SHORT) || field.value.chars().count() < 24;
        field.key == Key::Date && short
    };
    let field = fields.iter().filter(is_date).find_map(|field| dates::first(&field.value));
    let section = || {
        let section = sections.iter().find(|section| section.name() == "status")?;
        section.clean.lines().find_map(dates::first)
    };
    let written =
        || status.until.is_none().then_some(status.written.as_ref()?).and_then(|(text, _)| dates::first(text));
    let named = || identity::is_dated(file.stem).then(|| dates::first(file.stem)).flatten();
    // The name of a file is older than what a status says of its successor.
    field.or_else(named).or_else(written).or_else(section)
}

fn read_people(fields: &[Field], _: &[Section]) -> People {
    let of = |key: Key| {
        let found = fields.iter().find(|field| field.key == key && !field.value.is_empty());
        found.map(|field| fields::people(&field.value)).unwrap_or_default()
    };
    People { deciders: of(Key::Deciders), consulted: of(Key::Consulted), informed: of(Key::Informed) }
}

fn read_claims(fields: &[Field], preamble: &Section, sections: &[Section], status: &StatusRead) -> Vec<Claim> {
    // Whose status is superseded is so as a whole, for whatever reason each successor is named.
    let whole = |mut claim: Claim| {
        if status.status == Some(Status::Superseded) && claim.relation == Relation::AmendedBy {
            claim.relation = Relation::SupersededBy;
        }
        claim
    };
    let mut claims: Vec<Claim> = fields.iter().flat_map(claims::of_field).collect();
    for field in fields.iter().filter(|field| field.key == Key::Status) {
        let block = Block { text: field.value.clone(), line: field.line };
        claims.extend(claims::of_block(&block, true).into_iter().map(whole));
    }
    for section in [preamble].into_iter().chain(sections) {
        let own = section.name() == "status";
        // A choice that nobody made claims nothing.
        if own && status.status.is_none() && status.written.is_some() {
            continue;
        }
        for block in blocks(&section.clean, section.first).into_iter().filter(|block| !is_unticked(block)) {
            let said = claims::of_block(&block, own).into_iter();
            claims.extend(said.map(|claim| if own { whole(claim) } else { claim }));
            claims.extend(claims::mentions(&block));
        }
    }
    let mut seen = BTreeSet::new();
    let what = |claim: &Claim| {
        let path = if claim.to.number.is_some() { None } else { claim.to.path.clone() };
        (claim.relation, claim.to.number, path)
    };
    claims.retain(|claim| seen.insert(what(claim)));
    claims
}

/// A box that nobody has ticked: what stands behind it is not so.
fn is_unticked(block: &Block) -> bool {
    block.text.trim_start().trim_start_matches(['-', '*', '+']).trim_start().starts_with("[ ]")
}

/// What a record is called: its file's number goes before its heading's.
fn named(
    file: &File<'_>,
    in_file: Option<&Identity>,
    in_heading: Option<&Identity>,
    title: &str,
    shares: bool,
) -> (String, String, Option<u32>) {
    let written = |id: &Identity| id.written.to_uppercase();
    match (in_file, in_heading) {
        (Some(id), other) => {
            let same =
                other.filter(|other| other.number == id.number && id.prefix.is_empty() && !other.prefix.is_empty());
            let shown = same.map_or_else(|| written(id), |other| format!("{}-{}", other.prefix, id.written));
            (shown, id.prefix.clone(), Some(id.number))
        }
        // A file that begins with a date is called so, whatever its heading counts.
        (None, Some(id)) => (written(id), id.prefix.clone(), Some(id.number)),
        (None, None) if shares => (title.to_owned(), String::new(), None),
        (None, None) => (file.stem.to_owned(), String::new(), None),
    }
}
