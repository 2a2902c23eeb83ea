//! A Markdown file as headings, links and lines. The only place that knows the Markdown library.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A Markdown text with its places.
#[derive(Debug)]
pub(super) struct Page<'t> {
    /// As it was written.
    pub text: &'t str,
    /// The same, byte for byte, with front matter, comments and code blocks blanked out: what is in there claims nothing.
    pub clean: String,
    /// Its headings in order.
    pub headings: Vec<Heading>,
    /// Its links in order.
    pub links: Vec<PageLink>,
    /// Where its lines end: a file of many decisions asks for many lines.
    ends: Vec<usize>,
}

/// What Markdown is read with, besides what all of it has.
const READ_TOO: Options =
    Options::ENABLE_TABLES.union(Options::ENABLE_HEADING_ATTRIBUTES).union(Options::ENABLE_STRIKETHROUGH);

/// A heading.
#[derive(Debug, Clone)]
pub(super) struct Heading {
    /// 1 to 6.
    pub level: usize,
    /// Its text without marks.
    pub text: String,
    /// Where it stands.
    pub range: Range<usize>,
}

/// A link of a text.
#[derive(Debug, Clone)]
pub(super) struct PageLink {
    /// What it leads to, as written.
    pub to: String,
    /// Where it stands.
    pub at: usize,
}

impl<'t> Page<'t> {
    /// Reads a text whose first bytes are front matter.
    pub(super) fn of(text: &'t str, front: usize) -> Self {
        let mut clean = text.as_bytes().to_vec();
        // A mark of the byte order before a heading would make it a paragraph.
        let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
        blank(&mut clean, 0..front.max(mark));
        let body = String::from_utf8_lossy(&clean).into_owned();
        let (mut headings, mut links) = (Vec::new(), Vec::new());
        let mut open: Option<Heading> = None;
        for (event, range) in Parser::new_ext(&body, READ_TOO).into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    open = Some(Heading { level: depth(level), text: String::new(), range });
                }
                Event::End(TagEnd::Heading(_)) => headings.extend(open.take()),
                Event::Start(Tag::Link { dest_url, .. }) => {
                    links.push(PageLink { to: dest_url.into_string(), at: range.start });
                }
                // What is struck out is said no longer.
                Event::Start(Tag::CodeBlock(_) | Tag::Strikethrough) => blank(&mut clean, range),
                Event::Html(html) | Event::InlineHtml(html) if is_comment(&html, &body, &range) => {
                    blank(&mut clean, range);
                }
                Event::Text(part) => open.iter_mut().for_each(|heading| heading.text.push_str(&part)),
                // A name of code stays one in a title.
                Event::Code(part) => open.iter_mut().for_each(|heading| {
                    heading.text.extend(["`", &*part, "`"]);
                }),
                _ => {}
            }
        }
        let mut clean = String::from_utf8_lossy(&clean).into_owned();
        blank_comments(&mut clean);
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
        Self { text, clean, headings, links, ends }
    }

    /// The line of a place, from one.
    pub(super) fn line(&self, at: usize) -> u32 {
        let before = self.ends.partition_point(|end| *end < at);
        u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
    }
}

/// The line of a place in a text, from one.
pub(super) fn line_of(text: &str, at: usize) -> u32 {
    let before = text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
    u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
}

const fn depth(level: HeadingLevel) -> usize {
    level as usize
}

fn is_comment(html: &str, body: &str, range: &Range<usize>) -> bool {
    html.trim_start().starts_with("<!--") && body.get(range.clone()).is_some_and(|text| text.contains("-->"))
}

/// Comments over several lines come line by line from the library, so that they are found once more.
fn blank_comments(clean: &mut String) {
    let mut bytes = std::mem::take(clean).into_bytes();
    let mut from = 0;
    while let Some(start) = find(&bytes, from, b"<!--") {
        let end = find(&bytes, start, b"-->").map_or(bytes.len(), |at| at + 3);
        blank(&mut bytes, start..end);
        from = end;
    }
    *clean = String::from_utf8_lossy(&bytes).into_owned();
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    bytes.get(from..)?.windows(what.len()).position(|window| window == what).map(|at| at + from)
}

/// Blanks a range of whole characters, so that every other place stays where it was.
fn blank(bytes: &mut [u8], range: Range<usize>) {
    let part = bytes.get_mut(range).unwrap_or_default();
    part.iter_mut().filter(|byte| !matches!(**byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_code_are_blanked_and_everything_else_stays_in_its_place() {
        let text = "# A `b`\n\n<!-- Status:\naccepted -->\n\n```\n# no heading\n```\n\nSee [x](y.md). <!-- z -->ä\n";
        let page = Page::of(text, 0);
        assert_eq!(page.headings.len(), 1);
        assert_eq!((page.headings[0].level, &*page.headings[0].text), (1, "A `b`"));
        assert!(!page.clean.contains("accepted") && !page.clean.contains("no heading") && !page.clean.contains('z'));
        assert_eq!(page.clean.len(), text.len());
        assert_eq!((&*page.links[0].to, page.line(page.links[0].at)), ("y.md", 10));
    }
}
