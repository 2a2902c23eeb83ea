//! Text to nodes, by way of the library's events.

use std::collections::HashSet;

use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, ScanError, Span as Marks, Tag};

use super::limits;
use super::node::{Node, Value};
use crate::diagnostic::{Problem, Span, codes};

/// What a text holds: the documents as far as they could be read, and what was wrong.
#[derive(Debug, Default)]
pub struct Parsed<'t> {
    /// The documents, each whole. For [`parse`] a list at the root of a document is so many documents.
    pub documents: Vec<Node<'t>>,
    /// What was wrong, in order of place.
    pub problems: Vec<Problem>,
    /// Whether the text could be read to its end, so that no document is missing.
    pub complete: bool,
}

/// Reads a text. Never fails: what cannot be read is a problem.
pub fn parse(text: &str) -> Parsed<'_> {
    let mut parsed = parse_whole(text);
    parsed.documents = parsed.documents.into_iter().flat_map(unlist).collect();
    parsed
}

/// Reads a text whose documents may be anything: a list at the root of one is a list.
pub fn parse_whole(text: &str) -> Parsed<'_> {
    if text.len() > limits::FILE_BYTES {
        let problem = Problem::new(&codes::FILE_TOO_LARGE, FIRST, format!("the file has {} bytes", text.len()));
        return Parsed { problems: vec![problem.help("a spec file may have at most 1 MiB")], ..Parsed::default() };
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut problems = hidden_characters(text);
    if !problems.is_empty() {
        return Parsed { problems, ..Parsed::default() };
    }
    let mut builder = Builder::new(text);
    let outcome = builder.run(Parser::new_from_str(text));
    let complete = outcome.is_ok();
    problems.extend(builder.problems);
    problems.extend(outcome.err());
    Parsed { documents: builder.documents, problems, complete }
}

const FIRST: Span = Span { start: 0, end: 1, line: 1, column: 1 };

/// A list at the root is a list of documents; a document that says nothing is none.
fn unlist(node: Node<'_>) -> Vec<Node<'_>> {
    match node.value {
        Value::List(items) => items,
        Value::Scalar { ref text, plain: true } if matches!(&**text, "" | "~" | "null") => Vec::new(),
        _ => vec![node],
    }
}

/// Characters that nobody sees and that change what is read: NUL, other controls, and the bidirectional ones.
pub fn hidden_characters(text: &str) -> Vec<Problem> {
    if text.bytes().all(|b| (b' '..0x7f).contains(&b) || matches!(b, b'\n' | b'\t' | b'\r')) {
        return Vec::new();
    }
    let hidden = |c: &(usize, char)| {
        let (_, c) = *c;
        (c.is_control() && !matches!(c, '\n' | '\t' | '\r' | '\u{85}'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
    };
    text.char_indices()
        .filter(hidden)
        .take(limits::PROBLEMS)
        .map(|(at, c)| {
            let before = &text[..at];
            let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
            let span = Span {
                start: at as u32,
                end: (at + c.len_utf8()) as u32,
                line: 1 + before.matches('\n').count() as u32,
                column: 1 + before[line_start..].chars().count() as u32,
            };
            Problem::new(&codes::YAML_CHARACTER, span, format!("the character U+{:04X} is not allowed", c as u32))
                .help("it cannot be seen, and makes the text look other than it is")
                .fix("remove it")
        })
        .collect()
}

/// A collection that is being read.
enum Open<'t> {
    List(Vec<Node<'t>>),
    Map { entries: Vec<(Node<'t>, Node<'t>)>, key: Option<Node<'t>> },
}

struct Frame<'t> {
    id: u32,
    anchor: usize,
    span: Span,
    open: Open<'t>,
}

struct Builder<'t> {
    text: &'t str,
    stack: Vec<Frame<'t>>,
    documents: Vec<Node<'t>>,
    problems: Vec<Problem>,
    anchors: Vec<(usize, Node<'t>)>,
    aliases: usize,
    aliased_nodes: usize,
    next_id: u32,
}

impl<'t> Builder<'t> {
    const fn new(text: &'t str) -> Self {
        Self {
            text,
            stack: Vec::new(),
            documents: Vec::new(),
            problems: Vec::new(),
            anchors: Vec::new(),
            aliases: 0,
            aliased_nodes: 0,
            next_id: 0,
        }
    }

    /// Reads to the end, or to the first place where nothing further can be read.
    fn run(&mut self, events: impl Iterator<Item = Result<(Event<'t>, Marks), ScanError>>) -> Result<(), Problem> {
        for event in events {
            let (event, marks) = event.map_err(|error| self.syntax(&error))?;
            self.take(event, marks)?;
        }
        Ok(())
    }

    fn take(&mut self, event: Event<'t>, marks: Marks) -> Result<(), Problem> {
        let span = self.span(marks);
        match event {
            Event::DocumentStart(..) => self.anchors.clear(),
            Event::Scalar(text, style, anchor, tag) => {
                self.check_tag(tag.as_deref(), marks);
                let plain = style == ScalarStyle::Plain && tag.is_none_or(|tag| !tag.is_yaml_core_schema_tag("str"));
                let node = Node { id: self.id(), span, value: Value::Scalar { text, plain } };
                self.remember(anchor, &node);
                self.place(node);
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.enter(anchor, tag.as_deref(), marks, Open::List(Vec::new()))?
            }
            Event::MappingStart(_, anchor, tag) => {
                self.enter(anchor, tag.as_deref(), marks, Open::Map { entries: Vec::new(), key: None })?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.leave(span),
            Event::Alias(anchor) => self.alias(anchor, span)?,
            _ => {}
        }
        Ok(())
    }

    const fn id(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id
    }

    fn span(&self, marks: Marks) -> Span {
        let range = marks.byte_range().unwrap_or(0..0);
        let mut end = range.end;
        // A block scalar's marks reach past its last line break; what a person means ends with its text.
        while end > range.start && self.text.as_bytes().get(end - 1).is_some_and(u8::is_ascii_whitespace) {
            end -= 1;
        }
        Span {
            start: range.start as u32,
            end: end.max(range.start) as u32,
            line: marks.start.line() as u32,
            column: marks.start.col() as u32 + 1,
        }
    }

    fn syntax(&self, error: &ScanError) -> Problem {
        let mark = error.marker();
        let start = mark.byte_offset().unwrap_or(self.text.len()).min(self.text.len()) as u32;
        let span = Span { start, end: start + 1, line: mark.line() as u32, column: mark.col() as u32 + 1 };
        Problem::new(&codes::YAML_SYNTAX, span, format!("this is no YAML: {}", error.kind()))
    }

    fn check_tag(&mut self, tag: Option<&Tag>, marks: Marks) {
        let Some(tag) = tag else { return };
        let span = self.span(marks.tag_span().unwrap_or(marks));
        let known = ["str", "int", "float", "bool", "null", "map", "seq"];
        if !known.iter().any(|suffix| tag.is_yaml_core_schema_tag(suffix)) {
            let message = format!("the tag `{}` has no meaning here", tag.original());
            self.problems.push(Problem::new(&codes::YAML_TAG, span, message).fix("remove the tag"));
        }
    }

    fn enter(&mut self, anchor: usize, tag: Option<&Tag>, marks: Marks, open: Open<'t>) -> Result<(), Problem> {
        self.check_tag(tag, marks);
        let span = self.span(marks);
        if self.stack.len() >= limits::DEPTH {
            let message = format!("nested deeper than {} levels", limits::DEPTH);
            return Err(Problem::new(&codes::YAML_DEPTH, span, message));
        }
        let id = self.id();
        self.stack.push(Frame { id, anchor, span, open });
        Ok(())
    }

    fn leave(&mut self, end: Span) {
        let Some(Frame { id, anchor, mut span, open }) = self.stack.pop() else { return };
        span.end = end.end.max(span.start);
        let value = match open {
            Open::List(items) => Value::List(items),
            Open::Map { entries, .. } => Value::Map(self.unique(entries)),
        };
        let node = Node { id, span, value };
        self.remember(anchor, &node);
        self.place(node);
    }

    fn place(&mut self, node: Node<'t>) {
        match self.stack.last_mut().map(|frame| &mut frame.open) {
            None => self.documents.push(node),
            Some(Open::List(items)) => items.push(node),
            Some(Open::Map { entries, key }) => match key.take() {
                None => *key = Some(node),
                Some(key) => entries.push((key, node)),
            },
        }
    }

    fn remember(&mut self, anchor: usize, node: &Node<'t>) {
        if anchor > 0 {
            self.anchors.push((anchor, node.clone()));
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Problem> {
        let found = self.anchors.iter().find(|(id, _)| *id == anchor).map(|(_, node)| node.clone());
        let Some(mut node) = found else {
            let problem = Problem::new(&codes::YAML_ALIAS, span, "the alias stands within what it stands for");
            return Err(problem.fix("write the value out"));
        };
        self.aliases += 1;
        self.aliased_nodes += count(&node);
        if self.aliases > limits::ALIASES || self.aliased_nodes > limits::ALIASED_NODES {
            let message = "the aliases of this file stand for more than they may";
            let help = format!("at most {} aliases for {} nodes", limits::ALIASES, limits::ALIASED_NODES);
            return Err(Problem::new(&codes::YAML_ALIAS, span, message).help(help).fix("write the values out"));
        }
        renumber(&mut node, &mut self.next_id);
        node.span = span;
        self.place(node);
        Ok(())
    }

    /// The entries without those whose key is there already, is a merge key, or is no text.
    fn unique(&mut self, entries: Vec<(Node<'t>, Node<'t>)>) -> Vec<(Node<'t>, Node<'t>)> {
        let mut seen: HashSet<String> = HashSet::new();
        let few = entries.len() <= 12;
        let mut kept: Vec<(Node<'t>, Node<'t>)> = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let Some(name) = key.text() else {
                self.problems.push(Problem::new(&codes::YAML_KEY, key.span, "a key must be a text"));
                continue;
            };
            if name == "<<" && matches!(key.value, Value::Scalar { plain: true, .. }) {
                let problem = Problem::new(&codes::YAML_MERGE_KEY, key.span, "`<<` merges nothing in YAML 1.2");
                self.problems.push(problem.fix("write the fields out"));
                continue;
            }
            let twice = if few {
                kept.iter().any(|(earlier, _)| earlier.text() == Some(name))
            } else {
                !seen.insert(name.to_owned())
            };
            if twice {
                let problem = Problem::new(&codes::YAML_DUPLICATE_KEY, key.span, format!("`{name}` is there twice"));
                self.problems.push(problem.fix("remove one of the two"));
            } else {
                kept.push((key, value));
            }
        }
        kept
    }
}

fn count(node: &Node<'_>) -> usize {
    1 + match &node.value {
        Value::Scalar { .. } => 0,
        Value::List(items) => items.iter().map(count).sum(),
        Value::Map(entries) => entries.iter().map(|(key, value)| count(key) + count(value)).sum(),
    }
}

/// What an alias stands for is told apart from the original, so that a problem in one does not hide the other.
pub(super) fn renumber(node: &mut Node<'_>, next: &mut u32) {
    *next += 1;
    node.id = *next;
    match &mut node.value {
        Value::Scalar { .. } => {}
        Value::List(items) => items.iter_mut().for_each(|item| renumber(item, next)),
        Value::Map(entries) => entries.iter_mut().for_each(|(key, value)| {
            renumber(key, next);
            renumber(value, next);
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes_at(text: &str) -> Vec<(&'static str, u32, u32)> {
        parse(text).problems.iter().map(|p| (p.entry.code, p.span.line, p.span.column)).collect()
    }

    #[test]
    fn a_stream_and_a_list_are_so_many_documents() {
        assert_eq!(parse("a: 1\n---\nb: 2\n---\n").documents.len(), 2);
        assert_eq!(parse("- a: 1\n- b: 2\n").documents.len(), 2);
        assert_eq!(parse("# nothing\n").documents.len(), 0);
        assert_eq!(parse("\u{feff}a: 1\n").documents.len(), 1);
        assert_eq!(parse("{\"a\": [1, 2]}").documents.len(), 1);
    }

    #[test]
    fn what_is_no_plain_data_is_told_with_its_place() {
        assert_eq!(codes_at("a: 1\nb: 2\na: 3\n"), [("yaml/duplicate-key", 3, 1)]);
        assert_eq!(codes_at("a: &x {b: 1}\nc:\n  <<: *x\n"), [("yaml/merge-key", 3, 3)]);
        assert_eq!(codes_at("a: !foo 1\n"), [("yaml/tag", 1, 4)]);
        assert_eq!(codes_at("? [a]\n: 1\n"), [("yaml/key", 1, 3)]);
        assert_eq!(codes_at("a: 1\nb: \u{202e}x\n"), [("yaml/character", 2, 4)]);
        assert_eq!(codes_at("a: \0\n"), [("yaml/character", 1, 4)]);
        assert_eq!(codes_at(&("[".repeat(70) + &"]".repeat(70))), [("yaml/depth", 1, 65)]);
        assert_eq!(codes_at("a: *b\n")[0].0, "yaml/syntax");
        assert_eq!(codes_at("a: [1\nb: 2\n")[0].0, "yaml/syntax");
        assert_eq!(codes_at(&" ".repeat(limits::FILE_BYTES + 1)), [("file/too-large", 1, 1)]);
    }

    #[test]
    fn documents_before_a_syntax_error_are_kept() {
        let parsed = parse("a: 1\n---\nb: [1\n---\nc: 2\n");
        assert!(!parsed.complete);
        assert_eq!(parsed.documents.len(), 1);
    }

    #[test]
    fn aliases_cannot_blow_up() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for n in 1..10 {
            let before = n - 1;
            let items = vec![format!("*a{before}"); 10].join(", ");
            text += &format!("a{n}: &a{n} [{items}]\n");
        }
        assert_eq!(codes_at(&text)[0].0, "yaml/alias");
    }
}
