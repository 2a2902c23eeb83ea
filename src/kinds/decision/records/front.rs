//! Front matter: the YAML between two lines of dashes at the top.

use crate::yaml::{Node, Value, parse};

/// What stands in front of a record.
#[derive(Debug, Default)]
pub(super) struct Front {
    /// How many bytes of the file it takes.
    pub bytes: usize,
    /// Its keys, in small letters with spaces between words, each with its values and line.
    pub fields: Vec<(String, Vec<String>, u32)>,
    /// What of it could not be read: a line and why.
    pub unread: Option<(u32, String)>,
}

/// Reads the front matter of a text.
pub(super) fn read(text: &str) -> Front {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let Some((yaml, bytes)) = cut(text, start) else { return Front::default() };
    // Blanking what stands before it keeps the lines.
    let padded = format!("{}{yaml}", "\n");
    let parsed = parse(&padded);
    let document = parsed.documents.first().filter(|_| parsed.complete);
    let mut front = Front { bytes, ..Front::default() };
    match document {
        Some(node) => {
            let field = |(key, value): &(Node<'_>, Node<'_>)| Some((normal(key.text()?), texts(value), key.span.line));
            front.fields = node.entries().iter().filter_map(field).collect();
        }
        None if yaml.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) => {}
        None => {
            let problem = parsed.problems.first();
            let why = problem.map_or("it is no mapping", |problem| &*problem.message);
            let line = problem.map_or(2, |problem| problem.span.line);
            front.unread = Some((line, format!("its front matter: {why}")));
            front.fields = by_lines(yaml);
        }
    }
    front
}

/// The YAML and the bytes up to the end of the closing line.
pub(in crate::kinds::decision) fn cut(text: &str, start: usize) -> Option<(&str, usize)> {
    let rest = text.get(start..)?;
    let first = rest.lines().next().filter(|line| line.trim_end() == "---")?;
    let begin = start + first.len() + rest.get(first.len()..)?.find('\n')? + 1;
    let mut at = begin;
    for line in text.get(begin..)?.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some((text.get(begin..at)?, at + line.len()));
        }
        at += line.len();
    }
    None
}

/// Lines `key: value` of front matter that is no YAML as a whole: what stands plainly there is still what they wrote.
fn by_lines(yaml: &str) -> Vec<(String, Vec<String>, u32)> {
    let field = |(index, line): (usize, &str)| {
        let (key, value) = line.split_once(':')?;
        let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        let value = value.trim().trim_matches(['"', '\'']).to_owned();
        let line = u32::try_from(index).unwrap_or_default() + 2;
        is_key.then(|| (normal(key), vec![value], line))
    };
    yaml.lines().enumerate().filter_map(field).collect()
}

/// A key as it is looked for: `superseded_by`, `supersededBy` and `Superseded-By` are one.
pub(super) fn normal(key: &str) -> String {
    let mut name = String::new();
    let mut before = ' ';
    for c in key.trim().chars() {
        if c.is_uppercase() && before.is_lowercase() {
            name.push(' ');
        }
        let c = if matches!(c, '-' | '_') { ' ' } else { c };
        name.extend(c.to_lowercase());
        before = c;
    }
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn texts(node: &Node<'_>) -> Vec<String> {
    match &node.value {
        Value::List(items) => items.iter().flat_map(texts).collect(),
        Value::Scalar { text, plain } if !(*plain && matches!(&**text, "" | "~" | "null")) => vec![text.to_string()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_lists_and_names_of_keys_are_read() {
        let text =
            "---\n# status: accepted\nstatus: \"superseded by ADR-0057\" # for now\nsupersededBy: [a, b]\n---\n# T\n";
        let front = read(text);
        assert!(front.unread.is_none() && text[front.bytes..].starts_with("# T"));
        assert_eq!(front.fields[0], ("status".into(), vec!["superseded by ADR-0057".into()], 3));
        assert_eq!(front.fields[1], ("superseded by".into(), vec!["a".into(), "b".into()], 4));
    }

    #[test]
    fn what_is_no_yaml_is_told_and_its_plain_lines_are_kept() {
        let front = read("---\nstatus: accepted\ndeciders: @jane\n---\n");
        assert_eq!(front.unread.as_ref().map(|(line, _)| *line), Some(3), "{front:?}");
        assert_eq!(front.fields[0], ("status".into(), vec!["accepted".into()], 2));
    }

    #[test]
    fn a_rule_at_the_top_is_no_front_matter() {
        assert_eq!(read("---\n\n# A title\n\ntext\n").bytes, 0);
        assert_eq!(read("# A\n---\n").bytes, 0);
    }
}
