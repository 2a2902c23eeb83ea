//! The text of an imported file: that of the input, with what changed put in its place.
//!
//! Everything that is not changed stays letter by letter, comments too. Where that does not work out (a list in flow style
//! that loses an entry, an anchor whose document was converted), all documents are written anew.

use std::ops::Range;

use crate::yaml::{Node, Value, node_to_json, node_to_yaml, parse, says_the_same};

/// A document of the input and what becomes of it.
#[derive(Debug)]
pub(super) struct Part<'t> {
    /// Where it stands in the input.
    pub extent: Range<usize>,
    /// The line on which it begins there.
    pub line: u32,
    /// What becomes of it.
    pub edit: Edit<'t>,
}

/// What becomes of the text of a document.
#[derive(Debug)]
pub(super) enum Edit<'t> {
    /// It stays but for these runs; the node is what it then says.
    Keep(Vec<(Range<usize>, String)>, Node<'t>),
    /// It says this instead.
    Replace(Node<'t>),
    /// It is left out, for that reason.
    Drop(String),
}

/// The text of an imported file, which knows where each part of it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    /// The text.
    pub text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    start: usize,
    /// The line of the input at its beginning.
    line: u32,
    /// Whether it is a run of the input.
    same: bool,
}

impl Composed {
    const fn new() -> Self {
        Self { text: String::new(), pieces: Vec::new() }
    }

    fn push(&mut self, run: &str, line: u32, same: bool) {
        self.pieces.push(Piece { start: self.text.len(), line, same });
        self.text.push_str(run);
    }

    /// The line of the input for a byte of this text: exactly where it is taken over, and where the document begins that
    /// was converted.
    pub fn line_of(&self, offset: u32) -> u32 {
        let offset = (offset as usize).min(self.text.len());
        let Some(piece) = self.pieces.iter().rev().find(|piece| piece.start <= offset) else { return 1 };
        let before = self.text.get(piece.start..offset).unwrap_or_default();
        piece.line + if piece.same { newlines(before) } else { 0 }
    }
}

/// The new text of a file. Says too whether all of it had to be written anew.
///
/// # Errors
/// When the documents have no text that reads back as what they say.
pub(super) fn compose(text: &str, parts: &[Part<'_>], json: bool) -> Result<(Composed, bool), String> {
    let changes = parts.iter().any(|part| !matches!(part.edit, Edit::Keep(..)));
    // JSON knows neither comments nor several documents.
    let placed = if json && changes { None } else { in_place(text, parts) };
    if let Some(composed) = placed.filter(|composed| reads_back(&composed.text, parts)) {
        return Ok((composed, false));
    }
    let composed = anew(parts, json).map_err(|error| error.to_string())?;
    if reads_back(&composed.text, parts) {
        Ok((composed, true))
    } else {
        Err("its documents could not be written so that they read back as they are".into())
    }
}

/// Whether a text says what the parts are meant to say, and nothing else.
fn reads_back(text: &str, parts: &[Part<'_>]) -> bool {
    let meant = parts.iter().filter_map(|part| match &part.edit {
        Edit::Keep(_, node) | Edit::Replace(node) => Some(node),
        Edit::Drop(_) => None,
    });
    let parsed = parse(text);
    let meant: Vec<_> = meant.collect();
    meant.len() == parsed.documents.len()
        && meant.iter().zip(&parsed.documents).all(|(meant, read)| says_the_same(meant, read))
}

fn in_place(text: &str, parts: &[Part<'_>]) -> Option<Composed> {
    let mut composed = Composed::new();
    let mut done = 0;
    let mut keep = |composed: &mut Composed, upto: usize, then: usize| {
        let run = text.get(done..upto)?;
        composed.push(run, 1 + newlines(text.get(..done)?), true);
        done = then;
        Some(())
    };
    for Part { extent, line, edit } in parts {
        match edit {
            Edit::Keep(edits, _) => {
                for (run, new) in edits {
                    keep(&mut composed, run.start, run.end)?;
                    composed.push(new, 1 + newlines(text.get(..run.start)?), false);
                }
            }
            Edit::Replace(node) => {
                keep(&mut composed, extent.start, extent.end)?;
                composed.push(&placed(text, extent.start, node)?, *line, false);
            }
            Edit::Drop(why) => {
                keep(&mut composed, begin(text, extent.start)?, extent.end)?;
                composed.push(&format!("# left out by `abide import`: {}", why.replace('\n', " ")), *line, false);
            }
        }
    }
    keep(&mut composed, text.len(), text.len())?;
    Some(composed)
}

/// A node written so that it can stand at that place of the text.
fn placed(text: &str, at: usize, node: &Node<'_>) -> Option<String> {
    let flow = text.get(at..)?.starts_with(['{', '[']);
    let written = if flow { node_to_json(node) } else { node_to_yaml(node) }.ok()?;
    let column = at - text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
    let indent = format!("\n{}", " ".repeat(column));
    Some(written.trim_end().replace('\n', &indent).replace(&format!("{indent}\n"), "\n\n"))
}

/// Where a document must be cut to leave no trace: at its beginning, or at the dash of its entry in a list.
fn begin(text: &str, start: usize) -> Option<usize> {
    let before = text.get(..start)?;
    let lead = before.trim_end();
    let line = lead.get(lead.rfind('\n').map_or(0, |newline| newline + 1)..)?;
    match line.trim() {
        "-" => Some(lead.len() - 1),
        within if within.ends_with(['[', ',']) && !within.starts_with('#') => None,
        _ => Some(start),
    }
}

fn anew(parts: &[Part<'_>], json: bool) -> Result<Composed, crate::yaml::WriteError> {
    let mut composed = Composed::new();
    let nodes = parts.iter().filter_map(|part| match &part.edit {
        Edit::Keep(_, node) | Edit::Replace(node) => Some((node, part.line)),
        Edit::Drop(_) => None,
    });
    let nodes: Vec<_> = nodes.collect();
    let several = nodes.len() > 1;
    for (n, (node, line)) in nodes.into_iter().enumerate() {
        let (between, written) = match (json, n) {
            (true, 0) => (if several { "[\n" } else { "" }, node_to_json(node)?),
            (true, _) => (",\n", node_to_json(node)?),
            (false, 0) => ("", node_to_yaml(node)?),
            (false, _) => ("---\n", node_to_yaml(node)?),
        };
        composed.push(&format!("{between}{written}"), line, false);
    }
    if json {
        composed.text.push_str(if several { "\n]\n" } else { "\n" });
    }
    Ok(composed)
}

/// The run of the text that a document is, without what only follows it. The parser ends a mapping where the next thing
/// begins, and the comments between belong to that.
pub(super) fn extent(text: &str, node: &Node<'_>) -> Range<usize> {
    let end = end(text, node).clamp(node.span.start as usize, text.len());
    let rest = text.get(end..).unwrap_or_default();
    let line = rest.split('\n').next().unwrap_or_default();
    // A comment behind the last value belongs to the value.
    let comment = if line.trim_start().starts_with('#') { line.trim_end().len() } else { 0 };
    node.span.start as usize..end + comment
}

fn end(text: &str, node: &Node<'_>) -> usize {
    let last = match &node.value {
        Value::List(items) => items.last(),
        Value::Map(entries) => entries.last().map(|(key, value)| {
            let nothing = matches!(&value.value, Value::Scalar { text, plain: true } if text.is_empty());
            if nothing { key } else { value }
        }),
        Value::Scalar { .. } => None,
    };
    let begins = text.get(node.span.start as usize..).unwrap_or_default();
    match last {
        // In flow style, and for an alias, the end is the parser's own.
        Some(last) if !begins.starts_with(['{', '[', '*', '&']) => end(text, last),
        _ => node.span.end as usize,
    }
}

fn newlines(text: &str) -> u32 {
    text.matches('\n').count() as u32
}
