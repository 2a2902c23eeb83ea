//! What is wrong with decision records in Markdown.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Linted, nothing};
use crate::catalog::Content;
use crate::cli::records::{Found, collect, find};
use crate::cli::{CliError, setup};
use crate::diagnostic::{Diagnostic, Entry, Problem, Span, codes};
use crate::kinds::decision::records::lint as records;
use crate::kinds::decision::records::lint::Finding;

/// Reads all files together, and says what is wrong with each.
pub(super) fn lint(paths: &[PathBuf]) -> Result<Linted, CliError> {
    let found = find(paths)?;
    let collection = collect(&found);
    if collection.records.is_empty() && collection.unread.is_empty() {
        let hint = "they are Markdown files with a number in their name, or with sections as Context and Decision";
        return Err(nothing("no decision records were found", hint.to_owned()));
    }
    let whole: Vec<Arc<str>> = found.iter().filter(|found| !found.named).map(|found| found.shown.clone()).collect();
    let findings = records::lint(&collection, &whole, setup::now().date());
    let texts: BTreeMap<Arc<str>, Arc<str>> = found.iter().filter_map(text).collect();
    let said = |entry: &'static Entry, file: &Arc<str>, line: u32, message: String| {
        // Places are counted without a mark of the byte order.
        let text = texts.get(file).map_or("", |text| text.strip_prefix('\u{feff}').unwrap_or(text));
        let problem = Problem::new(entry, Span::of_line(text, line), message);
        Diagnostic { file: file.clone(), spec: None, problem }
    };
    let wrong = findings.into_iter().map(|Finding { entry, file, line, message }| said(entry, &file, line, message));
    let unread = collection.unread.iter().map(|(file, line, why)| said(&codes::ADR_UNREAD, file, *line, why.clone()));
    let diagnostics: Vec<Diagnostic> = wrong.chain(unread).collect();
    let looked = found.iter().map(|found| &found.shown).filter(|file| !collection.passed_over.contains(*file));
    let files = looked.cloned().collect();
    let decisions = collection.records.len();
    Ok(Linted { revision: None, decisions, files, diagnostics, text: Box::new(move |file| texts.get(file).cloned()) })
}

fn text(found: &Found) -> Option<(Arc<str>, Arc<str>)> {
    match &found.file.content {
        Content::Text(text) => Some((found.shown.clone(), text.clone())),
        _ => None,
    }
}
