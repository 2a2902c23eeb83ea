//! Anchors: what somebody wrote down elsewhere of the end of a chain, one a line.

use std::fmt;

use super::Head;
use crate::model::{Digest, Timestamp};

/// That a chain ended so once. Whatever is done to the database afterwards, rows up to that one must give this hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The last row.
    pub head: Head,
    /// When that row was written.
    pub at: Timestamp,
    /// On which line of its file this stands, from 1.
    pub line: usize,
}

impl fmt::Display for Anchor {
    /// As a line of a file: `812 9f86d0… 2026-11-23T12:00:00Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Head { seq, hash } = &self.head;
        write!(f, "{seq} {hash} {}", self.at)
    }
}

/// A line that is no anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

/// The anchors in the text of a file, and the lines that are none. Blank lines and what begins with `#` say nothing.
pub fn anchors(text: &str) -> (Vec<Anchor>, Vec<Misread>) {
    let (mut anchors, mut misread): (Vec<Anchor>, Vec<Misread>) = (Vec::new(), Vec::new());
    let said = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    for (line, text) in said.filter(|(_, text)| !text.is_empty() && !text.starts_with('#')) {
        match anchor(line, text, anchors.last()) {
            Ok(anchor) => anchors.push(anchor),
            Err(what) => misread.push(Misread { line, what }),
        }
    }
    (anchors, misread)
}

fn anchor(line: usize, text: &str, before: Option<&Anchor>) -> Result<Anchor, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [seq, hash, at] = words[..] else {
        return Err("an anchor is the number of a row, its hash and its time, with a blank between them".into());
    };
    let seq: i64 = seq.parse().ok().filter(|seq| *seq > 0).ok_or("it begins with no number of a row")?;
    let is_hash = |hash: &str| Digest::stored(hash).is_some_and(|digest| digest.to_string() == hash);
    if !is_hash(hash) {
        return Err("its hash is not 64 hexadecimal digits in lower case".into());
    }
    let at = at.parse().map_err(|_| "its time is none of RFC 3339: 2026-11-23T12:00:00Z")?;
    if let Some(before) = before.filter(|before| before.head.seq >= seq) {
        let (row, above) = (before.head.seq, before.line);
        return Err(format!("it is of row {seq}, and line {above} above it of row {row}: anchors are only added"));
    }
    Ok(Anchor { head: Head { seq, hash: hash.to_owned() }, at, line })
}
