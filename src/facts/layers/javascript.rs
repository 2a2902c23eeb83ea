//! Imports of JavaScript and TypeScript.

use super::lex::{Dialect, Placed, Token, tokens};
use super::{From, Import};

pub(super) fn imports(text: &str) -> Vec<Import> {
    let tokens = tokens(text, Dialect::JavaScript);
    let found = (0..tokens.len()).filter_map(|at| named(&tokens, at));
    found.map(|(line, name)| import(line, name)).collect()
}

/// The module that is named where an import begins or ends: `import 'x'`, `from 'x'`, `import('x')`, `require('x')`.
fn named<'t>(tokens: &[Placed<'t>], at: usize) -> Option<(u32, &'t str)> {
    let token = |ahead: usize| tokens.get(at + ahead).map(|(_, token)| *token);
    let is_member = at.checked_sub(1).is_some_and(|before| tokens[before].1 == Token::Sign('.'));
    let line = tokens[at].0;
    match (token(0)?, token(1)?, token(2)) {
        _ if is_member => None,
        (Token::Word("import" | "from"), Token::Text(name), _)
        | (Token::Word("import" | "require"), Token::Sign('('), Some(Token::Text(name))) => Some((line, name)),
        _ => None,
    }
}

fn import(line: u32, name: &str) -> Import {
    let steps: Vec<&str> = name.split('/').filter(|step| !step.is_empty() && *step != ".").collect();
    let is_relative = matches!(name.split('/').next(), Some("." | ".."));
    let ups = steps.iter().take_while(|step| **step == "..").count();
    let from = match name.split('/').next() {
        // The module is a file, and the paths begin at its folder.
        Some("." | "..") => From::Above(ups + 1),
        // No package can be called so: a bundler or `imports` of package.json tells what it is.
        Some("@" | "~" | "$") => From::Alias,
        Some(first) if first.starts_with('#') => From::Alias,
        _ => From::Package,
    };
    let path = steps.into_iter().skip(if is_relative { ups } else { 0 }).collect::<Vec<_>>().join("/");
    Import { line, text: name.into(), from, path: path.into() }
}
