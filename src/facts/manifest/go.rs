//! `go.mod`.

use super::{Dependency, Unread};

/// The block that a line stands in.
enum Block {
    Require,
    Other,
}

pub(super) fn dependencies(text: &str) -> Result<Vec<Dependency>, Unread> {
    let mut found = Vec::new();
    let mut block: Option<(Block, u32)> = None;
    for (line, raw) in (1..).zip(text.lines()) {
        let words: Vec<&str> = raw.split("//").next().unwrap_or_default().split_whitespace().collect();
        let required = match (&block, words.as_slice()) {
            (Some(_), [")", ..]) => {
                block = None;
                None
            }
            (Some((Block::Require, _)), [module, _, ..]) | (None, ["require", module, _, ..]) => Some(*module),
            (None, [verb, .., last]) if last.ends_with('(') => {
                block = Some((if *verb == "require" { Block::Require } else { Block::Other }, line));
                None
            }
            (None, [verb]) if verb.ends_with('(') => {
                block = Some((if *verb == "require(" { Block::Require } else { Block::Other }, line));
                None
            }
            _ => None,
        };
        found.extend(required.map(|module| Dependency { name: module.trim_matches(['"', '`']).to_owned(), line }));
    }
    match block {
        Some((_, line)) => Err(Unread::at(line, "this is no go.mod: a block is not closed")),
        None => Ok(found),
    }
}

/// The path that a `go.mod` gives its module.
pub(in crate::facts) fn module(text: &str) -> Option<&str> {
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix("module"))?;
    line.split("//").next()?.split_whitespace().next().map(|path| path.trim_matches(['"', '`']))
}

/// The path without the major version at its end: `example.org/sms` of `example.org/sms/v2`.
pub(super) fn without_major(module: &str) -> &str {
    match module.rsplit_once("/v") {
        Some((path, major)) if !major.is_empty() && major.bytes().all(|b| b.is_ascii_digit()) => path,
        _ => module,
    }
}
