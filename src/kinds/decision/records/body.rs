//! The text of one decision below front matter that is read elsewhere.

use super::page::Page;
use super::{Slots, identity, sections, split};

/// What a text says of its decision.
#[derive(Debug, PartialEq, Eq)]
pub struct Body {
    /// Its title without number, and its line; nothing where there is no heading.
    pub title: Option<(String, u32)>,
    /// Its number: of its file's name, or else of its heading.
    pub number: Option<u32>,
    /// Its sections by fields of a spec.
    pub slots: Slots,
}

impl Body {
    /// Reads a text that is one decision whatever headings it has. `stem` is the name of its file without ending; the first
    /// `front` bytes are front matter.
    pub fn read(stem: &str, text: &str, front: usize) -> Self {
        let page = Page::of(text, front);
        let part = split::whole(&page, front);
        let heading = part.heading.and_then(|index| page.headings.get(index));
        let below = page.headings.get(part.below).unwrap_or_default();
        let (preamble, sections) = sections::read(&page, part.range, below);
        let (in_heading, title) = heading.map_or((None, String::new()), |heading| identity::of_heading(&heading.text));
        // A heading that is a number and nothing else is all the title that there is.
        let whole = || heading.map(|heading| heading.text.trim().to_owned()).unwrap_or_default();
        let title = if title.is_empty() { whole() } else { title };
        let line = heading.map(|heading| page.line(heading.range.start));
        let number = identity::of_file(stem).or(in_heading).map(|id| id.number);
        Self {
            title: line.map(|line| (title, line)).filter(|(title, _)| !title.is_empty()),
            number,
            slots: Slots::of(&preamble, &sections),
        }
    }
}
