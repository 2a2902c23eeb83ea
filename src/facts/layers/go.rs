//! Imports of Go, and the modules that they are of.

use std::sync::Arc;

use super::lex::{Dialect, Placed, Token, tokens};
use super::{From, Import};
use crate::facts::manifest;

/// The modules of a repository: the folder of each `go.mod`, and the path that it gives the module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Modules(Vec<(Arc<str>, Arc<str>)>);

impl Modules {
    /// The path of a module, as its `go.mod` says it.
    pub fn path(text: &str) -> Option<Arc<str>> {
        manifest::go_module(text).map(Arc::from)
    }

    /// Adds the module of a `go.mod` at that path.
    pub fn add(&mut self, file: &str, module: Arc<str>) {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.0.push((folder.into(), module));
    }

    /// Whether a `go.mod` says what the module of that file is called.
    pub(super) fn knows(&self, file: &str) -> bool {
        self.0.iter().any(|(folder, _)| folder.is_empty() || below(file, folder).is_some())
    }

    /// The folder that an import means; nothing where that is of another project.
    pub(super) fn folder(&self, import: &str) -> Option<String> {
        let (folder, rest) =
            self.0
                .iter()
                .filter_map(|(folder, module)| {
                    if import == &**module { Some((folder, "")) } else { Some((folder, below(import, module)?)) }
                })
                .min_by_key(|(_, rest)| rest.len())?;
        Some(format!("{folder}/{rest}").trim_matches('/').to_owned())
    }
}

fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    path.strip_prefix(folder)?.strip_prefix('/')
}

pub(super) fn imports(text: &str) -> Vec<Import> {
    let tokens = tokens(text, Dialect::Go);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((_, token)) = tokens.get(at) {
        at += 1;
        match token {
            Token::Word("import") => at = block(&tokens, at, &mut found),
            // Imports stand before anything that is declared.
            Token::Word("func" | "var" | "const" | "type") => break,
            _ => {}
        }
    }
    found
}

/// What stands behind `import`: a path with or without a name before it, or many between parentheses.
fn block(tokens: &[Placed<'_>], mut at: usize, found: &mut Vec<Import>) -> usize {
    let many = matches!(tokens.get(at), Some((_, Token::Sign('('))));
    while let Some((line, token)) = tokens.get(at) {
        at += 1;
        match token {
            Token::Text(path) => {
                found.push(Import { line: *line, text: (*path).into(), from: From::Package, path: (*path).into() });
                if !many {
                    break;
                }
            }
            Token::Sign(')') => break,
            _ => {}
        }
    }
    at
}
