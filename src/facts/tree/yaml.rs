//! YAML to a tree, by the reader that reads specs. Files of others may say what specs may not: a tag means nothing here.

use serde_json::Value as Json;

use super::{Tree, Value};
use crate::diagnostic::codes;
use crate::facts::Unread;
use crate::yaml::{self, Node};

pub(super) fn read(text: &str) -> Result<Tree, Unread> {
    let parsed = yaml::parse_whole(text);
    if let Some(problem) = parsed.problems.iter().find(|problem| problem.entry.code != codes::YAML_TAG.code) {
        return Err(Unread::at(problem.span.line, &*problem.message));
    }
    match parsed.documents.as_slice() {
        [] => Ok(Tree { line: 1, value: Value::Scalar(Json::Null) }),
        [root] => Ok(node(root, root.span.line)),
        several => Err(Unread { line: None, reason: format!("it holds {} documents", several.len()).into() }),
    }
}

fn node(from: &Node<'_>, line: u32) -> Tree {
    let value = match &from.value {
        yaml::Value::List(items) => Value::List(items.iter().map(|item| node(item, item.span.line)).collect()),
        yaml::Value::Map(entries) => {
            let entry = |(key, value): &(Node<'_>, Node<'_>)| {
                (key.text().unwrap_or_default().to_owned(), node(value, key.span.line))
            };
            Value::Map(entries.iter().map(entry).collect())
        }
        yaml::Value::Scalar { .. } => Value::Scalar(yaml::scalar(from)),
    };
    Tree { line, value }
}
