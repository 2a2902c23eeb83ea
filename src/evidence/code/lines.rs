//! Lines that match an expression.

use std::sync::Arc;

use regex::bytes::{Regex, RegexBuilder};

use crate::facts::Found;

/// Bytes that a compiled expression may take.
const EXPRESSION_BYTES: usize = 1 << 20;
/// Characters of a matching line that are kept.
const LINE_CHARS: usize = 200;

/// Lines that match.
pub(super) struct Lines {
    expression: Regex,
    /// Finds out fast that no line can match, where the expression allows that.
    whole: Option<Regex>,
}

impl Lines {
    /// Compiles the expression; what is wrong with it, in words, where that cannot be.
    pub(super) fn new(pattern: &str) -> Result<Self, String> {
        let build = |many_lines: bool| {
            let mut builder = RegexBuilder::new(pattern);
            builder.size_limit(EXPRESSION_BYTES).crlf(true).multi_line(many_lines).build()
        };
        let wrong = |error: regex::Error| format!("`{pattern}` cannot be looked for: {error}");
        let expression = build(false).map_err(wrong)?;
        let whole = if knows_no_lines(pattern) { build(true).ok() } else { None };
        Ok(Self { expression, whole })
    }

    /// The matching lines, at most `most`.
    pub(super) fn matches(&self, content: &[u8], most: usize) -> Arc<[Found]> {
        if self.whole.as_ref().is_some_and(|whole| !whole.is_match(content)) {
            return Arc::default();
        }
        let lines = content.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        // What follows the last line break is no line unless there is something.
        let count = lines.clone().count() - usize::from(content.is_empty() || content.ends_with(b"\n"));
        let matching = (1..).zip(lines).take(count).filter(|(_, line)| self.expression.is_match(line));
        let found =
            |(number, line): (u32, &[u8])| Found { line: Some(number), text: cut(&String::from_utf8_lossy(line)) };
        matching.take(most).map(found).collect()
    }
}

/// Whether the expression means the same for a line alone and within its file, once `^` and `$` are told to mean lines.
fn knows_no_lines(pattern: &str) -> bool {
    let plain_groups = pattern.match_indices("(?").all(|(at, _)| {
        let rest = &pattern[at + 2..];
        rest.starts_with([':', 'P', '<']) || rest.starts_with("i)")
    });
    plain_groups && !pattern.contains(r"\A") && !pattern.contains(r"\z")
}

/// The line as it is shown.
pub(super) fn cut(text: &str) -> Arc<str> {
    let text = text.trim();
    match text.char_indices().nth(LINE_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pattern: &str, content: &str) -> Vec<u32> {
        let found = Lines::new(pattern).unwrap().matches(content.as_bytes(), 1000);
        found.iter().filter_map(|found| found.line).collect()
    }

    #[test]
    fn an_expression_sees_one_line_at_a_time() {
        assert_eq!(lines("b", "a\nb\r\nab\n"), [2, 3]);
        assert_eq!(lines("^b$", "a\nb\r\nab\nb"), [2, 4]);
        assert_eq!(lines(r"\Ab\z", "a\nb\n"), [2]);
        assert_eq!(lines(r"a\s+b", "a\nb\n"), [0; 0]);
        assert_eq!(lines("^$", "a\n\n"), [2]);
        assert_eq!(lines("(?-m)^b", "a\nb"), [2]);
        assert_eq!(lines("x*", ""), [0; 0]);
    }

    #[test]
    fn wrong_expressions_say_so() {
        let wrong = |pattern: &str| Lines::new(pattern).err().unwrap();
        assert!(wrong("(").starts_with("`(` cannot be looked for: "));
        assert!(wrong("(a{1000}){1000}").contains("size limit"));
    }

    #[test]
    fn long_lines_are_cut_between_characters() {
        let text = cut(&"ä".repeat(300));
        assert_eq!(text.chars().count(), LINE_CHARS + 1);
        assert_eq!(&*Lines::new("x").unwrap().matches(b"  x \xff ", 1)[0].text, "x \u{fffd}");
    }

    const PATTERNS: [&str; 8] = ["a", "^a", "b$", "^$", r"a\s*b", "[^a]b", r"\bA(?i)b", "(?s)a.b"];

    proptest::proptest! {
        #[test]
        fn the_fast_way_out_never_hides_a_line(content in "[aAb \r\n.]{0,40}", which in 0..PATTERNS.len()) {
            let mut lines = Lines::new(PATTERNS[which]).unwrap();
            let fast = lines.matches(content.as_bytes(), 1000);
            lines.whole = None;
            proptest::prop_assert_eq!(fast, lines.matches(content.as_bytes(), 1000));
        }
    }
}
