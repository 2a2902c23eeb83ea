//! The sections of a record: what stands under each heading.

use std::ops::Range;

use super::identity::of_heading;
use super::page::{Heading, Page};
use super::tongues;

/// What stands under a heading, without what stands under smaller headings in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading without number.
    pub title: String,
    /// How deep it is.
    pub level: usize,
    /// The line of the heading.
    pub line: u32,
    /// Its text as it was written.
    pub text: String,
    /// Its text without comments and code.
    pub(super) clean: String,
    /// The line on which the text begins.
    pub(super) first: u32,
}

impl Section {
    /// Its title in small letters, without what is no letter; in English where that is known.
    pub fn name(&self) -> String {
        canonical(&self.title)
    }
}

/// A heading as it is looked for.
pub(super) fn name(title: &str) -> String {
    let kept = title.chars().filter(|c| !tongues::is_mark(*c));
    let kept: String = kept.map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    kept.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same, in English where it is the name of a section in another language.
pub(super) fn canonical(title: &str) -> String {
    let name = name(title);
    tongues::section(&name).map_or(name, str::to_owned)
}

/// The sections of a part of a page, and the text before the first.
pub(super) fn read(page: &Page<'_>, part: Range<usize>, headings: &[Heading]) -> (Section, Vec<Section>) {
    let ends = headings.iter().map(|heading| heading.range.start).chain([part.end]);
    let section = |title: String, level: usize, line: u32, range: Range<usize>| {
        let cut = |text: &str| text.get(range.clone()).unwrap_or_default().to_owned();
        Section { title, level, line, text: cut(page.text), clean: cut(&page.clean), first: page.line(range.start) }
    };
    let first = ends.clone().next().unwrap_or(part.end);
    let preamble = section(String::new(), 0, page.line(part.start), part.start..first.max(part.start));
    let sections = headings.iter().zip(ends.skip(1)).map(|(heading, end)| {
        let (id, rest) = of_heading(&heading.text);
        let title = if id.is_some_and(|id| id.prefix.is_empty()) { rest } else { heading.text.trim().to_owned() };
        section(title, heading.level, page.line(heading.range.start), heading.range.end..end)
    });
    (preamble, sections.collect())
}
