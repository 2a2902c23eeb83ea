//! Rust text with everything but code blanked out, line by line.

/// The text with comments, texts and characters as blanks. Lines stay where they are.
pub(crate) fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = opaque(rest, out.chars().next_back());
        if length == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            out.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[length..];
        }
    }
    out
}

/// How many bytes from here are no code.
fn opaque(rest: &str, before: Option<char>) -> usize {
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return rest.find("*/").map_or(rest.len(), |end| end + 2);
    }
    if !in_word && (rest.starts_with("r\"") || rest.starts_with("r#") || rest.starts_with("br")) {
        let quote = rest.trim_start_matches(['b', 'r']).trim_start_matches('#');
        let begin = rest.len() - quote.len();
        let hashes = rest[..begin].matches('#').count();
        if let Some(inner) = quote.strip_prefix('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            return inner.find(&end).map_or(rest.len(), |at| begin + 1 + at + end.len());
        }
    }
    match rest.chars().next() {
        Some('"') => quoted(rest),
        Some('\'') => character(rest),
        _ => 0,
    }
}

fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// A character; nothing where it is a lifetime.
fn character(rest: &str) -> usize {
    let mut inner = rest[1..].chars();
    match (inner.next(), inner.next()) {
        (Some('\\'), _) => rest[3..].find('\'').map_or(0, |at| at + 4),
        (Some(c), Some('\'')) => c.len_utf8() + 2,
        _ => 0,
    }
}

#[test]
fn only_code_is_left() {
    let blank = |text: &str| " ".repeat(text.len());
    assert_eq!(code("a // b\nc"), "a     \nc");
    assert_eq!(code("f(\"fn {\\\"\")"), format!("f({})", blank("'fn {..'")));
    assert_eq!(code("'x' '{' &'a str '\\''"), format!("{} &'a str {}", blank("'x' '{'"), blank("'..'")));
    assert_eq!(code("r#\"{\"# b"), format!("{} b", blank("r#.{.#")));
}
