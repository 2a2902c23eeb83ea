//! Decisions that stay Markdown: the envelope of a spec as front matter, and the text below it.
//!
//! The front matter is one document like any other, in its place in the file, so that what is wrong with it is told there. What it
//! does not say is taken from the sections of the text, as `import adr` takes it.

mod fill;
mod front;
#[cfg(test)]
mod tests;

pub use front::{is_spec, may_be_spec};

use std::sync::Arc;

use super::records::{Body, cut};
use crate::diagnostic::{Problem, Span, codes};
use crate::kinds::{Document, read_ranged};
use crate::model::Kind;
use crate::yaml::{hidden_characters, parse};

/// Whether a file of that path is Markdown.
pub fn is_page(path: &str) -> bool {
    path.ends_with(".md")
}

/// A Markdown file as far as it could be read.
#[derive(Debug, Default)]
pub struct Page {
    /// Its document, where it has one.
    pub document: Option<Document>,
    /// What is wrong with it as a text.
    pub problems: Vec<Problem>,
    /// Whether it could be read to its end, so that no document is missing.
    pub complete: bool,
}

/// Reads a Markdown file that should be a spec. `text` has no byte order mark.
pub fn read(path: &Arc<str>, text: &Arc<str>) -> Page {
    if !is_spec(text.as_bytes()) {
        let problem = Problem::new(&codes::MARKDOWN_NO_SPEC, FIRST, "this page has no front matter of a spec");
        let problem = problem
            .help("a decision that stays Markdown begins with `---`, `apiVersion: abide.dev/v1` and `kind: Decision`")
            .fix("add it, or make a spec of a record as it is: abide import adr PATH");
        return Page { problems: vec![problem], complete: true, ..Page::default() };
    }
    let problems = hidden_characters(text);
    if !problems.is_empty() {
        return Page { problems, ..Page::default() };
    }
    let Some((yaml, bytes)) = cut(text, 0) else {
        let problem = Problem::new(&codes::MARKDOWN_UNCLOSED, FIRST, "this front matter has no end");
        return Page { problems: vec![problem.fix("close it with a line `---`")], ..Page::default() };
    };
    // From the first byte on, so that places are those of the file.
    let end = text.find('\n').map_or(0, |newline| newline + 1) + yaml.len();
    let parsed = parse(text.get(..end).unwrap_or_default());
    let mut page = Page { problems: parsed.problems, complete: parsed.complete, ..Page::default() };
    match <[_; 1]>::try_from(parsed.documents) {
        Ok([mut node]) => {
            let name = path.rsplit('/').next().unwrap_or_default();
            let body = Body::read(name.strip_suffix(".md").unwrap_or(name), text, bytes);
            let wrong = wrong_kind(node.get("kind").and_then(|kind| Some((kind.text()?, kind.span))));
            let said = wrong.map_or_else(|| fill::fill(&mut node, body, text), |wrong| vec![wrong]);
            let document = read_ranged(&node, path, text, 0..text.len());
            page.document = Some(document.with(said));
        }
        Err(_) if page.complete => {
            let problem = Problem::new(&codes::SPEC_SHAPE, FIRST, "front matter must be one mapping");
            page.problems.push(problem.fix("begin with `apiVersion: abide.dev/v1`"));
            page.complete = false;
        }
        Err(_) => {}
    }
    page
}

/// The first line of a file that begins with dashes or with what nobody looks at.
const FIRST: Span = Span { start: 0, end: 3, line: 1, column: 1 };

fn wrong_kind(kind: Option<(&str, Span)>) -> Option<Problem> {
    let (word, span) = kind.filter(|(word, _)| *word != Kind::Decision.title())?;
    let kind = Kind::from_title(word)?;
    let message = format!("only a Decision may be Markdown, and this is of kind {}", kind.title());
    Some(Problem::new(&codes::MARKDOWN_KIND, span, message).fix("write it as YAML in the spec folder"))
}
