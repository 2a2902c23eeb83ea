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
