//! Fields that people write into the text: `Status: accepted`, `* **Date**: 2024-01-31`, `| Status | accepted |`.

use std::sync::LazyLock;

use regex::Regex;

use super::front::normal;
use super::identity::pattern;
use super::tables;
use super::text::{Block, blocks, plain, unmarked};
use super::tongues;

/// What a record says of itself by a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// What it is about.
    pub key: Key,
    /// Words at its name that narrow it: `when accepted`, `in part`.
    pub note: String,
    /// As it was written.
    pub value: String,
    /// Its line.
    pub line: u32,
}

/// What a field is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Status,
    Date,
    Deciders,
    Consulted,
    Informed,
    Supersedes,
    SupersededBy,
    Amends,
    AmendedBy,
    Expires,
    Title,
}

impl Key {
    /// Whether it says something of other records.
    const fn is_claim(self) -> bool {
        matches!(self, Self::Supersedes | Self::SupersededBy | Self::Amends | Self::AmendedBy)
    }
}

static NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?m)(?:^[\s>]*(?:[-*+]\s+)?\|?|·|•|\||\*\*|__|[.;,—–]\s|\s{2,})\s*[*_]{0,3}(\p{L}[\p{L}\p{M}][\p{L}\p{M} '’_-]{0,30}?)\s*((?:\([^)\n]{1,40}\)\s*)?)(?::|：|\s*[*_]{2,3}\s*(?::|：|\|)|\s*\|)[*_]{0,3}",
    )
});

/// Narrows a field to a value that is nothing else.
pub(super) const SHORT: &str = "alone";

/// What a name of a field means, and the words that narrow it.
pub(super) fn key(name: &str) -> Option<(Key, &'static str)> {
    let key = match &*normal(name) {
        "status" | "adr status" | "decision status" | "current status" => Key::Status,
        "date" | "decision date" | "date decided" | "decided" | "decided on" | "date of decision" | "adr date" => {
            Key::Date
        }
        "accepted on" | "accepted at" | "date accepted" | "accepted date" | "created" | "created at"
        | "date created" => Key::Date,
        "deciders" | "decider" | "decision makers" | "decision maker" | "decided by" | "approved by" | "approvers" => {
            Key::Deciders
        }
        "consulted" => Key::Consulted,
        "informed" => Key::Informed,
        "supersedes" | "supercedes" | "superseeds" | "superseding" | "replaces" | "obsoletes" => Key::Supersedes,
        "superseded by" | "superceded by" | "superseeded by" | "replaced by" | "obsoleted by" | "superseded" => {
            Key::SupersededBy
        }
        "amends" => Key::Amends,
        "partially supersedes" | "supersedes in part" | "partly supersedes" | "supersedes partially" => Key::Amends,
        "amended by" => Key::AmendedBy,
        "partially superseded by" | "superseded in part by" | "partly superseded by" => Key::AmendedBy,
        "provisional until" | "expires" | "expires on" | "expiry" | "expiry date" | "valid until" | "expiration"
        | "expiration date" => Key::Expires,
        "title" => Key::Title,
        "supersedes when accepted" | "supersedes if accepted" => return Some((Key::Supersedes, "when accepted")),
        // In English, that is no date but what is computed with.
        "data" => return Some((Key::Date, SHORT)),
        other => tongues::field(other)?,
    };
    Some((key, ""))
}

/// The fields of a text whose first line has that number.
pub(super) fn of_text(text: &str, first: u32) -> Vec<Field> {
    let (mut all, text) = tables::read(text, first);
    let text = &*text;
    let blocks: Vec<Block> = blocks(text, first).into_iter().filter(|block| !block.text.starts_with('#')).collect();
    for (index, block) in blocks.iter().enumerate() {
        let mut fields = of_block(block);
        if let Some(last) = fields.last_mut().filter(|field| field.key.is_claim() && field.value.is_empty()) {
            last.value = listed(blocks.get(index + 1..).unwrap_or_default());
        }
        all.extend(fields);
    }
    all
}

/// The items below a name that stands alone: `Supersedes:` and a list of links.
fn listed(blocks: &[Block]) -> String {
    let is_item = |block: &&Block| unmarked(&block.text).len() < block.text.trim_start().len();
    let is_value = |block: &&Block| of_block(block).is_empty();
    let items = blocks.iter().take_while(is_item).take_while(is_value).map(|block| unmarked(&block.text).trim());
    items.collect::<Vec<_>>().join(", ")
}

fn of_block(block: &Block) -> Vec<Field> {
    let text = &*block.text;
    let names: Vec<_> = NAME
        .captures_iter(text)
        .filter_map(|found| {
            let (whole, name) = (found.get(0)?, found.get(1)?);
            Some((whole, name.start(), name.as_str(), found.get(2).map_or("", |note| note.as_str())))
        })
        .collect();
    // Prose may hold `status:` anywhere; a field begins its block or its line.
    let begins = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        !line.contains(|c: char| c.is_alphanumeric())
    };
    let mut fields: Vec<Field> = Vec::new();
    for (index, (whole, at, name, note)) in names.iter().enumerate() {
        let Some((key, narrowed)) = key(name) else { continue };
        if !begins(*at) && fields.is_empty() {
            continue;
        }
        // A word and a colon within a value end it only where it is a field that is known, or stands out by a bold name.
        let ends = names
            .iter()
            .skip(index + 1)
            .find(|(next, at, name, _)| self::key(name).is_some() || begins(*at) || next.as_str().contains("**"));
        let end = ends.map_or(text.len(), |(next, ..)| next.start());
        let value = text.get(whole.end()..end).unwrap_or_default();
        let value = value.trim().trim_end_matches(['|', '·', '•']).trim().trim_end_matches("\\").trim();
        let note = format!("{} {narrowed}", note.trim().trim_matches(['(', ')'])).trim().to_lowercase();
        fields.push(Field { key, note, value: value.to_owned(), line: block.line_at(*at) });
    }
    fields
}

/// A value as a list of people.
pub(super) fn people(value: &str) -> Vec<String> {
    let names = value.split([',', ';', '\n']).map(|name| plain(name).trim_start_matches("- ").trim().to_owned());
    names.filter(|name| !name.is_empty() && !name.contains('{')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<(Key, String, u32)> {
        of_text(text, 1).into_iter().map(|field| (field.key, field.value, field.line)).collect()
    }

    #[test]
    fn fields_are_read_in_every_form() {
        for text in [
            "Status: accepted",
            "* Status: accepted",
            "- **Status**: accepted",
            "**Status:** accepted",
            "> **Status**: accepted\n>",
            "| **Status** | accepted |",
            "| Status | accepted |",
            "status：accepted",
            "* __Status__: accepted",
        ] {
            let found = fields(text);
            assert_eq!(
                found.first().map(|(key, value, _)| (*key, value.trim_end_matches(['\n', '>']))),
                Some((Key::Status, "accepted")),
                "{text}"
            );
        }
    }

    #[test]
    fn several_fields_share_a_line_or_a_paragraph() {
        let one =
            fields("**Status:** Proposed · **Date:** 2026-07-25  \n**Supersedes (when accepted):** ADR-1,\n  ADR-2");
        assert_eq!(one.len(), 3, "{one:?}");
        assert_eq!((&*one[0].1, &*one[1].1, one[2].2), ("Proposed", "2026-07-25", 2));
        let two = fields("- **Supersedes**: none. **Depends on**: ADR-0021 single-node posture.");
        assert_eq!(two, [(Key::Supersedes, "none".to_owned(), 1)]);
        assert_eq!(of_text("**Supersedes (when accepted):** ADR-1", 1)[0].note, "when accepted");
    }

    #[test]
    fn prose_is_no_field() {
        assert_eq!(fields("We looked at the status: it was bad.\nThe date is unknown."), []);
    }
}
