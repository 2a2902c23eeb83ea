//! Text of code to facts: what a manifest depends on, what stands at a place of a file, what a module imports. Pure: it is
//! given text and knows nothing of where that came from.

pub mod layers;
pub mod manifest;
mod tree;
pub mod value;

use std::sync::Arc;

pub use tree::Tree;

/// Something that was found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The line, from 1; none where the file as a whole is meant.
    pub line: Option<u32>,
    /// What stands there.
    pub text: Arc<str>,
}

/// Why a file could not be read, and where it stopped being readable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The line, from 1, where there is one to tell.
    pub line: Option<u32>,
    /// Why, in words.
    pub reason: Arc<str>,
}

impl Unread {
    fn at(line: u32, reason: impl Into<Arc<str>>) -> Self {
        Self { line: Some(line), reason: reason.into() }
    }
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    /// The line, from 1, that the byte stands on.
    fn at(&self, byte: usize) -> u32 {
        1 + self.0.partition_point(|&end| end < byte) as u32
    }
}

/// What stands on those lines, which are in order, without the space around it.
fn at_lines(text: &str, lines: &[u32]) -> Vec<Found> {
    let mut wanted = lines.iter().peekable();
    let found = |(line, said): (u32, &str)| {
        wanted.next_if(|wanted| **wanted == line).map(|_| Found { line: Some(line), text: said.trim().into() })
    };
    (1..).zip(text.lines()).filter_map(found).collect()
}

/// The first line of a message, for a sentence.
fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or(message)
}
