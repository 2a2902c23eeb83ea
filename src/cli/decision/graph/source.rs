//! Where decisions come from: specs, or records in Markdown.

use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::decision::tree;
use crate::cli::records::{collect, find};
use crate::cli::{CliError, Exit, Global, Setup};
use crate::diagnostic::Span;
use crate::kinds::decision::graph::Graph;
use crate::model::Kind;

/// Decisions as they were read, and what was not.
pub(super) struct Read {
    pub(super) graph: Graph,
    /// File, line and why.
    pub(super) unread: Vec<(Arc<str>, u32, String)>,
}

/// Those of the specs.
pub(super) fn specs(global: &Global, revision: Option<&str>) -> Result<Read, CliError> {
    let setup = Setup::new(global)?;
    let (_, catalog, _) = tree::read(&setup, revision)?;
    let specs = catalog.specs.of_kind(Kind::Decision);
    let graph = Graph::of_specs(specs.map(|spec| (spec, Span { line: spec.place.line, column: 1, ..Span::default() })));
    // A file of which nothing is known may hold a decision.
    let may_be = catalog.unread.iter().filter(|it| it.spec.as_ref().is_none_or(|id| id.kind == Kind::Decision));
    let unread = may_be.map(|it| (it.file.clone(), it.line, it.message.clone())).collect();
    let place = setup.base.join(&setup.config.specs.path);
    some(
        Read { graph, unread },
        &format!("specs of kind Decision lie below {}; --records draws Markdown", place.display()),
    )
}

/// Those of files or folders of Markdown.
pub(super) fn records(paths: &[PathBuf]) -> Result<Read, CliError> {
    let collection = collect(&find(paths)?);
    let read = Read { graph: collection.graph(), unread: collection.unread };
    some(read, "records are Markdown files with a number in their name, or with sections as Context and Decision")
}

/// A picture of nothing is more likely a wrong path than an organisation that has decided nothing.
fn some(read: Read, hint: &str) -> Result<Read, CliError> {
    if read.graph.nodes.is_empty() {
        let mut message = String::from("there are no decisions");
        if let Some((file, line, why)) = read.unread.first() {
            message.push_str(&format!(" that can be read: {file}:{line}: {why}"));
        }
        let error = CliError { exit: Exit::NothingMatched, ..CliError::usage(message) };
        return Err(error.hint(hint));
    }
    Ok(read)
}
