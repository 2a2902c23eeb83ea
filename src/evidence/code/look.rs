//! Looks for something in files: paths that match a glob, or lines that match an expression.

use std::sync::Arc;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use regex::bytes::{Regex, RegexBuilder};

use crate::git::CodeFile;
use crate::model::{CodeMatch, Look};

/// Bytes that a compiled expression may take.
const EXPRESSION_BYTES: usize = 1 << 20;
/// Characters of a matching line that are kept.
const LINE_CHARS: usize = 200;
/// A file is binary when there is a NUL in so many of its first bytes, as git has it.
const BINARY_BYTES: usize = 8000;

/// A look that is ready to be taken.
pub(super) enum Looker {
    /// At paths.
    Path(Paths),
    /// At lines.
    Lines(Box<Lines>),
}

/// Globs of paths. A path without wildcards stands for itself and for all that is below it.
pub(super) struct Paths {
    set: GlobSet,
    /// The path itself, where there is no wildcard in it.
    literal: Option<String>,
}

/// Lines that match.
pub(super) struct Lines {
    expression: Regex,
    /// Finds out fast that no line can match, where the expression allows that.
    whole: Option<Regex>,
    within: Option<GlobSet>,
    except: GlobSet,
}

/// Matching lines of one file: number and text.
pub(super) type Matches = Arc<[(u32, Arc<str>)]>;

impl Looker {
    /// Compiles the look; what is wrong with it, in words, where that cannot be.
    pub(super) fn new(look: &Look) -> Result<Self, String> {
        match look {
            Look::Path(glob) => Ok(Self::Path(Paths::new(glob)?)),
            Look::Pattern { pattern, within, except } => {
                let build = |many_lines: bool| {
                    let mut builder = RegexBuilder::new(pattern);
                    builder.size_limit(EXPRESSION_BYTES).crlf(true).multi_line(many_lines).build()
                };
                let wrong = |error: regex::Error| format!("`{pattern}` cannot be looked for: {error}");
                let expression = build(false).map_err(wrong)?;
                let whole = if knows_no_lines(pattern) { build(true).ok() } else { None };
                let within = if within.is_empty() { None } else { Some(globs(within)?) };
                let except = globs(except)?;
                Ok(Self::Lines(Box::new(Lines { expression, whole, within, except })))
            }
        }
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

fn glob(text: &str) -> Result<Glob, String> {
    let built = GlobBuilder::new(text).literal_separator(true).build();
    built.map_err(|error| format!("`{text}` is no glob: {}", error.kind()))
}

fn globs(texts: &[Arc<str>]) -> Result<GlobSet, String> {
    let mut set = GlobSetBuilder::new();
    for text in texts {
        let text = trimmed(text);
        set.add(glob(text)?);
        if is_literal(text) {
            set.add(glob(&format!("{text}/**"))?);
        }
    }
    set.build().map_err(|error| format!("the globs are too many: {error}"))
}

fn trimmed(path: &str) -> &str {
    path.trim_start_matches("./").trim_matches('/')
}

fn is_literal(path: &str) -> bool {
    !path.contains(['*', '?', '[', '{', '\\'])
}

impl Paths {
    fn new(text: &Arc<str>) -> Result<Self, String> {
        let literal = is_literal(text).then(|| trimmed(text).to_owned());
        Ok(Self { set: globs(std::slice::from_ref(text))?, literal })
    }

    /// The paths that match; a folder that was asked for by name is one match.
    pub(super) fn matches(&self, files: &[CodeFile]) -> Vec<CodeMatch> {
        let found = |file: &Arc<str>| CodeMatch { file: file.clone(), line: None, text: "".into() };
        let mut matching = files.iter().filter(|file| self.set.is_match(&*file.path));
        match &self.literal {
            Some(path) => matching.next().map(|_| found(&path.as_str().into())).into_iter().collect(),
            None => matching.map(|file| found(&file.path)).collect(),
        }
    }
}

impl Lines {
    /// Whether that file is to be read.
    pub(super) fn wants(&self, path: &str) -> bool {
        self.within.as_ref().is_none_or(|within| within.is_match(path)) && !self.except.is_match(path)
    }

    /// The matching lines, at most `most`; nothing where the content is no text.
    pub(super) fn matches(&self, content: &[u8], most: usize) -> Option<Matches> {
        if content[..content.len().min(BINARY_BYTES)].contains(&0) {
            return None;
        }
        if self.whole.as_ref().is_some_and(|whole| !whole.is_match(content)) {
            return Some(Matches::default());
        }
        let lines = content.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        // What follows the last line break is no line unless there is something.
        let count = lines.clone().count() - usize::from(content.is_empty() || content.ends_with(b"\n"));
        let matching = (1..).zip(lines).take(count).filter(|(_, line)| self.expression.is_match(line));
        Some(matching.take(most).map(|(number, line)| (number, cut(line))).collect())
    }
}

/// The line as it is shown.
fn cut(line: &[u8]) -> Arc<str> {
    let text = String::from_utf8_lossy(line);
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
        let look = Look::Pattern { pattern: pattern.into(), within: vec![], except: vec![] };
        let Ok(Looker::Lines(lines)) = Looker::new(&look) else { panic!("{pattern}") };
        lines.matches(content.as_bytes(), 1000).unwrap().iter().map(|(number, _)| *number).collect()
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
    fn wrong_expressions_and_globs_say_so() {
        let wrong = |pattern: &str, within: &str| {
            let look = Look::Pattern { pattern: pattern.into(), within: vec![within.into()], except: vec![] };
            Looker::new(&look).err().unwrap()
        };
        assert!(wrong("(", "a").starts_with("`(` cannot be looked for: "));
        assert!(wrong("(a{1000}){1000}", "a").contains("size limit"));
        assert!(wrong("a", "{a").starts_with("`{a` is no glob: "));
    }

    #[test]
    fn long_lines_are_cut_between_characters() {
        let text = cut("ä".repeat(300).as_bytes());
        assert_eq!(text.chars().count(), LINE_CHARS + 1);
        assert_eq!(&*cut(b"  x \xff "), "x \u{fffd}");
    }

    const PATTERNS: [&str; 8] = ["a", "^a", "b$", "^$", r"a\s*b", "[^a]b", r"\bA(?i)b", "(?s)a.b"];

    proptest::proptest! {
        #[test]
        fn the_fast_way_out_never_hides_a_line(content in "[aAb \r\n.]{0,40}", which in 0..PATTERNS.len()) {
            let look = Look::Pattern { pattern: PATTERNS[which].into(), within: vec![], except: vec![] };
            let Ok(Looker::Lines(mut lines)) = Looker::new(&look) else { panic!("{}", PATTERNS[which]) };
            let fast = lines.matches(content.as_bytes(), 1000);
            lines.whole = None;
            proptest::prop_assert_eq!(fast, lines.matches(content.as_bytes(), 1000));
        }
    }
}
