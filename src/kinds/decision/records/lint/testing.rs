//! A collection for tests of rules.

use std::sync::Arc;

use super::super::{Source, read};
use super::lint;

/// The findings of one code in files, each as `file:line`.
pub(super) fn found(code: &str, files: &[(&str, &str)]) -> Vec<String> {
    let source = |(name, text): &(&str, &'static str)| Source { file: Arc::from(*name), text, named: false };
    let files: Vec<(&str, &'static str)> =
        files.iter().map(|(name, text)| (*name, &*Box::leak((*text).to_owned().into_boxed_str()))).collect();
    let sources: Vec<Source<'_>> = files.iter().map(source).collect();
    let names: Vec<Arc<str>> = sources.iter().map(|source| source.file.clone()).collect();
    let today = "2026-11-25".parse().unwrap();
    let findings = lint(&read(&sources), &names, today);
    let ours = findings.iter().filter(|finding| finding.entry.code == code);
    ours.map(|finding| format!("{}:{}", finding.file, finding.line)).collect()
}
