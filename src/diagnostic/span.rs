//! Places in a text.

use std::ops::Range;

/// A run of a text: where it begins and ends in bytes, and the line and column of its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// The byte at which it begins.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
    /// The line of its beginning, from 1.
    pub line: u32,
    /// The column of its beginning in characters, from 1.
    pub column: u32,
}

/// A line and a column, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl Span {
    /// The whole of a line, counted from 1, without the blanks around it. An empty line, and one that the text does not
    /// have, is a place without length.
    pub fn of_line(text: &str, line: u32) -> Self {
        let mut start = 0;
        for (number, whole) in (1..).zip(text.split_inclusive('\n')) {
            if number == line {
                let inner = whole.trim_start();
                let blanks = if inner.is_empty() { "" } else { &whole[..whole.len() - inner.len()] };
                let column = 1 + blanks.chars().count() as u32;
                let begin = start + blanks.len();
                return Self { start: begin as u32, end: (begin + inner.trim_end().len()) as u32, line, column };
            }
            start += whole.len();
        }
        Self { start: start as u32, end: start as u32, line, column: 1 }
    }

    /// The bytes, kept within a text of that length.
    pub fn range(self, length: usize) -> Range<usize> {
        let start = (self.start as usize).min(length);
        start..(self.end as usize).clamp(start, length)
    }

    /// Where it begins.
    pub const fn begin(self) -> Position {
        Position { line: self.line, column: self.column }
    }

    /// Where it ends: the position after its last character.
    pub fn end_in(self, text: &str) -> Position {
        let run = text.get(self.range(text.len())).unwrap_or("");
        match run.rsplit_once('\n') {
            None => Position { line: self.line, column: self.column + run.chars().count() as u32 },
            Some((before, last)) => Position {
                line: self.line + 1 + before.matches('\n').count() as u32,
                column: 1 + last.chars().count() as u32,
            },
        }
    }

    /// A part of this span: `length` bytes of one line, from `offset` bytes behind its beginning.
    #[must_use]
    pub const fn part(self, offset: usize, length: usize) -> Self {
        let start = self.start + offset as u32;
        Self { start, end: start + length as u32, line: self.line, column: self.column + offset as u32 }
    }
}

/// A value and the place that it was read from. Equal when the values are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T> std::ops::Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_line(text: &str, line: u32) -> (&str, u32) {
        let span = Span::of_line(text, line);
        assert_eq!(span.line, line);
        (&text[span.range(text.len())], span.column)
    }

    #[test]
    fn a_line_is_meant_without_the_blanks_around_it() {
        let text = "first\n\t\u{a0} zweite für alle \r\n\n   \nlast";
        assert_eq!(of_line(text, 1), ("first", 1));
        assert_eq!(of_line(text, 2), ("zweite für alle", 4));
        assert_eq!((of_line(text, 3), of_line(text, 4)), (("", 1), ("", 1)));
        assert_eq!(of_line(text, 5), ("last", 1));
    }

    #[test]
    fn a_line_that_is_not_there_has_no_length() {
        assert_eq!((of_line("a\n", 2), of_line("", 1), of_line("a", 0)), (("", 1), ("", 1), ("", 1)));
    }

    #[test]
    fn its_end_is_on_the_same_line() {
        let text = "  ab\r\nc";
        assert_eq!(Span::of_line(text, 1).end_in(text), Position { line: 1, column: 5 });
    }
}
