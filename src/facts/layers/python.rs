//! Imports of Python.

use super::{From, Import};

pub(super) fn imports(text: &str) -> Vec<Import> {
    let mut found = Vec::new();
    for (line, statement) in statements(text) {
        let words = statement.trim();
        if let Some(rest) = words.strip_prefix("import ") {
            for name in rest.split(',') {
                found.extend(name.split_whitespace().next().map(|name| import(line, name, None)));
            }
        } else if let Some(rest) = words.strip_prefix("from ") {
            let Some((module, names)) = rest.split_once(" import") else { continue };
            let names = names.trim().trim_matches(['(', ')']);
            let names = names.split(',').filter_map(|name| name.split_whitespace().next());
            found.extend(names.map(|name| import(line, module.trim(), Some(name))));
        }
    }
    found
}

fn import(line: u32, module: &str, name: Option<&str>) -> Import {
    let dots = module.len() - module.trim_start_matches('.').len();
    let from = if dots == 0 { From::Package } else { From::Above(dots) };
    let names = module.split('.').filter(|part| !part.is_empty()).chain(name.filter(|name| *name != "*"));
    let text = name.map_or_else(|| module.to_owned(), |name| format!("from {module} import {name}"));
    Import { line, text: text.into(), from, path: names.collect::<Vec<_>>().join("/").into() }
}

/// The statements with their first lines: without texts and comments, and what stands in brackets on one line.
fn statements(text: &str) -> Vec<(u32, String)> {
    let mut found = Vec::new();
    let (mut line, mut begun, mut depth, mut statement) = (1, 1, 0_usize, String::new());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '"' | '\'' => quoted(rest, next),
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '\\' if rest.starts_with("\\\n") => 2,
            '\\' if rest.starts_with("\\\r\n") => 3,
            _ => next.len_utf8(),
        };
        let ends = matches!(next, '\n' | ';' | ':') && depth == 0;
        match next {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if ends {
            found.push((begun, std::mem::take(&mut statement)));
        } else if length == next.len_utf8() && !next.is_whitespace() {
            if statement.is_empty() {
                begun = line;
            }
            statement.push(next);
        } else if !statement.is_empty() {
            statement.push(' ');
        }
        line += rest[..length].matches('\n').count() as u32;
        rest = &rest[length..];
    }
    found.push((begun, statement));
    found
}

/// The length of a text with its quotes. One between single quotes ends on its line, closed or not.
fn quoted(rest: &str, quote: char) -> usize {
    let three = quote.to_string().repeat(3);
    if rest.starts_with(&three) {
        let mut at = 3;
        while let Some(found) = rest[at..].find(['\\', quote]) {
            at += found;
            if rest[at..].starts_with('\\') {
                at += 1 + rest[at + 1..].chars().next().map_or(0, char::len_utf8);
            } else if rest[at..].starts_with(&three) {
                return at + 3;
            } else {
                at += 1;
            }
        }
        return rest.len();
    }
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\n' if !escaped => return at,
            _ if c == quote && !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    rest.len()
}
