//! What is said of the decisions among specs.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Linted, nothing};
use crate::catalog::{Catalog, lint as lint_catalog};
use crate::cli::decision::tree;
use crate::cli::{CliError, Global, Setup};
use crate::diagnostic::Diagnostic;
use crate::model::Kind;

/// Of all that is said of specs, what is about decisions, or about a file in which nobody can tell what there is.
pub(super) fn lint(global: &Global, revision: Option<&str>) -> Result<Linted, CliError> {
    let setup = Setup::new(global)?;
    let (tree, catalog, mut said) = tree::read(&setup, revision)?;
    said.extend(lint_catalog(&catalog, &setup.config.habits()));
    let files = Files::of(&catalog);
    said.retain(|said| files.concerns(said));
    let decisions: BTreeSet<String> = ids(&catalog);
    if decisions.is_empty() && said.is_empty() {
        let place = setup.base.join(&setup.config.specs.path);
        let hint =
            format!("specs of kind Decision lie below {}; name files or folders to lint records", place.display());
        return Err(nothing("there are no decisions", hint));
    }
    let looked = said.iter().map(|said| said.file.clone()).chain(files.decisions).collect::<BTreeSet<Arc<str>>>();
    Ok(Linted {
        revision: revision.map(|_| tree.revision),
        decisions: decisions.len(),
        files: looked.into_iter().collect(),
        diagnostics: said,
        text: Box::new(move |file| catalog.text(file).cloned()),
    })
}

/// Every decision whose name could be read.
fn ids(catalog: &Catalog) -> BTreeSet<String> {
    let readable = catalog.specs.of_kind(Kind::Decision).map(|spec| &spec.id);
    let broken = catalog.unread.iter().filter_map(|unread| unread.spec.as_ref());
    readable.chain(broken.filter(|id| id.kind == Kind::Decision)).map(ToString::to_string).collect()
}

/// What lies where.
struct Files {
    /// Files with decisions.
    decisions: BTreeSet<Arc<str>>,
    /// Files with other specs.
    others: BTreeSet<Arc<str>>,
}

impl Files {
    fn of(catalog: &Catalog) -> Self {
        let readable = catalog.specs.iter().map(|spec| (spec.id.kind, &spec.place.file));
        let unread = catalog.unread.iter().filter_map(|unread| Some((unread.spec.as_ref()?.kind, &unread.file)));
        let (mut decisions, mut others) = (BTreeSet::new(), BTreeSet::new());
        for (kind, file) in readable.chain(unread) {
            if kind == Kind::Decision { &mut decisions } else { &mut others }.insert(file.clone());
        }
        Self { decisions, others }
    }

    /// Whether something is said of a decision; where it is said of a file as a whole, that may hide one.
    fn concerns(&self, said: &Diagnostic) -> bool {
        match &said.spec {
            Some(spec) => spec.split_once('/').is_some_and(|(kind, _)| kind == Kind::Decision.word()),
            None => self.decisions.contains(&said.file) || !self.others.contains(&said.file),
        }
    }
}
