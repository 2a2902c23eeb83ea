//! Where a line of a file is, and what is at fault on it.

use crate::diagnostic::Span;

/// A text and where its lines begin, so that many places of one file are found fast.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// The lines of a text. Places are counted without a byte order mark, as reports do.
    pub(super) fn of(text: &'t str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// The place of what stands on a line, without the space around it; of `part` alone where the line has it. The beginning of the
    /// file where no line is given.
    pub(super) fn span(&self, line: Option<u32>, part: &str) -> Span {
        let number = line.unwrap_or(1);
        let Some(&start) = self.starts.get((number as usize).saturating_sub(1)) else {
            return Span { line: number, column: 1, ..Span::default() };
        };
        let whole = self.text[start..].split('\n').next().unwrap_or_default();
        let trimmed = whole.trim();
        let part = if part.is_empty() || !whole.contains(part) { trimmed } else { part };
        let offset = whole.find(part).filter(|_| line.is_some()).unwrap_or_default();
        let length = if line.is_some() { part.len() } else { 0 };
        let number_of = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let column = number_of(whole[..offset].chars().count()).saturating_add(1);
        Span { start: number_of(start + offset), end: number_of(start + offset + length), line: number, column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_what_stands_on_the_line() {
        let text = "\u{feff}one\r\n\t ä  two \r\nthree";
        let lines = Lines::of(text);
        let shown = |line, part: &str| {
            let span = lines.span(line, part);
            (lines.text[span.range(lines.text.len())].to_owned(), span.line, span.column)
        };
        assert_eq!(shown(Some(1), ""), ("one".into(), 1, 1));
        assert_eq!(shown(Some(2), "ä  two"), ("ä  two".into(), 2, 3));
        assert_eq!(shown(Some(2), "two"), ("two".into(), 2, 6));
        assert_eq!(shown(Some(2), "a layer imports another"), ("ä  two".into(), 2, 3));
        assert_eq!(shown(Some(9), "x"), (String::new(), 9, 1));
        assert_eq!(shown(None, "x"), (String::new(), 1, 1));
        assert_eq!(Lines::of("").span(Some(1), "").line, 1);
    }
}
