//! One file: what can be told of it without looking at others.

use std::sync::Arc;

use super::source::{Blob, Content, SourceFile};
use crate::diagnostic::{Problem, Span, codes};
use crate::kinds::decision::markdown;
use crate::kinds::{Document, Identity, read};
use crate::yaml::parse;

/// A file as far as it could be read.
#[derive(Debug)]
pub(super) struct FileRead {
    /// The identity of its content.
    pub blob: Blob,
    /// Its text, where it has one.
    pub text: Option<Arc<str>>,
    /// Its documents.
    pub documents: Vec<Document>,
    /// What is wrong with it as a text.
    pub problems: Vec<Problem>,
    /// Whether it may hold specs that nobody knows of: it could not be read to its end, or a document has no identity.
    pub blind: bool,
}

impl FileRead {
    /// Reads a file.
    pub(super) fn new(path: &Arc<str>, source: &SourceFile) -> Self {
        match &source.content {
            Content::Text(text) => match text.strip_prefix('\u{feff}') {
                // A byte order mark is no part of the text: places count without it.
                Some(rest) => Self::of_text(path, &rest.into(), source.blob),
                None => Self::of_text(path, text, source.blob),
            },
            Content::NotUtf8(valid) => {
                let help = format!("the first {valid} bytes are; look at the byte after them");
                let problem = Problem::new(&codes::FILE_ENCODING, FIRST, "the file is not UTF-8").help(help);
                Self::unreadable(source.blob, problem)
            }
            Content::TooLarge(bytes) => {
                let problem = Problem::new(&codes::FILE_TOO_LARGE, FIRST, format!("the file has {bytes} bytes"));
                Self::unreadable(source.blob, problem.help("a spec file may have at most 1 MiB"))
            }
            Content::Unreadable(why) => {
                let problem = Problem::new(&codes::FILE_UNREADABLE, FIRST, format!("the file cannot be read: {why}"));
                Self::unreadable(source.blob, problem)
            }
        }
    }

    fn of_text(path: &Arc<str>, text: &Arc<str>, blob: Blob) -> Self {
        if markdown::is_page(path) {
            return Self::of_page(path, text, blob);
        }
        let parsed = parse(text);
        let documents: Vec<Document> = parsed.documents.iter().map(|node| read(node, path, text)).collect();
        let nameless = documents.iter().any(|document| document.identity == Identity::Unreadable);
        let (problems, documents) = within_documents(parsed.problems, documents);
        Self { blob, text: Some(text.clone()), documents, problems, blind: nameless || !parsed.complete }
    }

    fn of_page(path: &Arc<str>, text: &Arc<str>, blob: Blob) -> Self {
        let page = markdown::read(path, text);
        let nameless = page.document.as_ref().is_some_and(|document| document.identity == Identity::Unreadable);
        let (problems, documents) = within_documents(page.problems, page.document.into_iter().collect());
        Self { blob, text: Some(text.clone()), documents, problems, blind: nameless || !page.complete }
    }

    fn unreadable(blob: Blob, problem: Problem) -> Self {
        Self { blob, text: None, documents: Vec::new(), problems: vec![problem], blind: true }
    }
}

/// The beginning of a file of which no line is known.
const FIRST: Span = Span { start: 0, end: 0, line: 1, column: 1 };

/// A problem of the text that lies within a document makes that document unreadable; the others are the file's.
fn within_documents(problems: Vec<Problem>, mut documents: Vec<Document>) -> (Vec<Problem>, Vec<Document>) {
    let mut rest = Vec::new();
    for problem in problems {
        let at = problem.span.start;
        match documents.iter_mut().rev().find(|document| document.span.start <= at && at < document.span.end) {
            Some(document) => {
                document.problems.push(problem);
                document.spec = None;
            }
            None => rest.push(problem),
        }
    }
    (rest, documents)
}
