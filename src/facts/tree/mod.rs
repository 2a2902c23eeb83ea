//! JSON, TOML and YAML as one kind of tree in which every node knows its line.

mod json;
mod toml;
mod yaml;

use serde_json::Value as Json;

use super::Unread;

/// A node.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// The line, from 1, that a person looks at for it: that of its key, where it has one that is known.
    pub line: u32,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text, number, boolean or null; a date is a text.
    Scalar(Json),
    /// A list.
    List(Vec<Tree>),
    /// A mapping, in no particular order. Where a key is there twice, the later one counts.
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// Reads a file by the ending of its name: JSON, TOML or YAML.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn read(path: &str, text: &str) -> Result<Self, Unread> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
            "json" => json::read(text),
            "toml" | "lock" => toml::read(text),
            "yaml" | "yml" => yaml::read(text),
            _ => Err(Unread { line: None, reason: "its name says neither JSON nor TOML nor YAML".into() }),
        }
    }

    /// The value of a key, where the node is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The value that a path of keys leads to.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entries of a mapping; none where the node is no mapping.
    pub fn entries(&self) -> &[(String, Self)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none where the node is no list.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(Json::String(text)) => Some(text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<(String, u32)> {
        let tree = Tree::read(path, text).unwrap();
        let shown = |tree: &Tree| match &tree.value {
            Value::Scalar(value) => (value.to_string(), tree.line),
            other => (format!("{other:?}"), tree.line),
        };
        ["a", "b"].iter().filter_map(|key| tree.at(&["x", key])).map(shown).collect()
    }

    #[test]
    fn each_format_knows_its_lines() {
        let wanted = [("\"1\"".to_owned(), 2), ("2".to_owned(), 4)];
        assert_eq!(lines("f.json", "{\"x\":\n\t{\"a\": \"1\",\n\n  \"b\": 2}}"), wanted);
        assert_eq!(lines("f.toml", "[x]\na = '1'\n\nb = 2\n"), wanted);
        assert_eq!(lines("f.yaml", "x:\n  a: '1'\n\n  b: 2\n"), wanted);
    }

    #[test]
    fn lists_at_the_root_and_odd_texts_are_read() {
        let root = |path: &str, text: &str| Tree::read(path, text).unwrap().items().len();
        assert_eq!((root("f.json", "[1, [2]]"), root("f.yaml", "- 1\n- 2\n- 3\n")), (2, 3));
        let text = |path: &str, text: &str| Tree::read(path, text).unwrap().get("a").unwrap().text().map(str::to_owned);
        assert_eq!(text("f.json", r#"{"a": "\ud83d\ude00\/"}"#).as_deref(), Some("😀/"));
        assert_eq!(text("f.json", r#"{"a": "1", "a": "2"}"#).as_deref(), Some("2"));
        assert_eq!(text("f.toml", "a = 2026-01-01").as_deref(), Some("2026-01-01"));
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        let wrong = |path: &str, text: &str| Tree::read(path, text).unwrap_err();
        assert_eq!(wrong("f.json", "{\n\"a\": }").line, Some(2));
        assert_eq!(wrong("f.toml", "a = 1\nb = ").line, Some(2));
        assert_eq!(wrong("f.yaml", "a: 1\nb: [1\n").line, Some(2));
        assert_eq!(&*wrong("f.yaml", "a: 1\n---\na: 2\n").reason, "it holds 2 documents");
        assert!(wrong("f.ini", "").reason.contains("neither JSON"));
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(["f.json", "f.toml", "f.yaml"].iter().all(|path| Tree::read(path, &format!("{deep}\n")).is_err()));
    }
}
