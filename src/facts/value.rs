//! Values at places of JSON, TOML and YAML files.

use serde_json::Value as Json;

use super::tree::{Tree, Value};
use super::{Found, Unread};

/// Whether the text is a JSON pointer: empty, or steps that begin with `/`.
pub fn is_pointer(text: &str) -> bool {
    let unescaped = text.replace("~0", "").replace("~1", "");
    (text.is_empty() || text.starts_with('/')) && !unescaped.contains('~')
}

/// What stands at the place where it is not the value that belongs there: the line, and what is there instead.
///
/// # Errors
/// Why the file cannot be read.
pub fn other_than(path: &str, text: &str, pointer: &str, equals: &Json) -> Result<Option<Found>, Unread> {
    let root = Tree::read(path, text)?;
    let mut node = &root;
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        match below(node, &step) {
            Some(next) => node = next,
            None => {
                let text = format!("nothing stands at {pointer}");
                return Ok(Some(Found { line: Some(node.line), text: text.into() }));
            }
        }
    }
    let there = json(node);
    let found = || Found { line: Some(node.line), text: there.to_string().into() };
    Ok((!alike(&there, equals)).then(found))
}

fn below<'t>(node: &'t Tree, step: &str) -> Option<&'t Tree> {
    match &node.value {
        Value::Map(_) => node.get(step),
        // As JSON pointers have it, an index has no leading zeros.
        Value::List(items) if step == "0" || !step.starts_with(['0', '+']) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    }
}

fn json(node: &Tree) -> Json {
    match &node.value {
        Value::Scalar(value) => value.clone(),
        Value::List(items) => Json::Array(items.iter().map(json).collect()),
        Value::Map(entries) => Json::Object(entries.iter().map(|(key, value)| (key.clone(), json(value))).collect()),
    }
}

/// Whether two values say the same: `1` is `1.0`, and the order of keys is nothing.
fn alike(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => left == right || is_same_float(left.as_f64(), right.as_f64()),
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| alike(left, right))
        }
        (Json::Object(left), Json::Object(right)) => {
            let same = |(key, value): (&String, &Json)| right.get(key).is_some_and(|other| alike(value, other));
            left.len() == right.len() && left.iter().all(same)
        }
        _ => left == right,
    }
}

/// Beyond 2^53 two whole numbers may be one float, and are then not the same.
fn is_same_float(left: Option<f64>, right: Option<f64>) -> bool {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    left.zip(right).is_some_and(|(left, right)| left.abs() < EXACT && left.total_cmp(&right).is_eq())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other(path: &str, text: &str, pointer: &str, equals: &str) -> Option<(u32, String)> {
        let found = other_than(path, text, pointer, &serde_json::from_str(equals).unwrap()).unwrap()?;
        Some((found.line.unwrap(), found.text.to_string()))
    }

    #[test]
    fn a_value_is_compared_by_what_it_says() {
        let yaml = "db:\n  kind: postgres\n  ports: [1, 2.0]\n  on: yes\n  a/b: ~\n";
        assert_eq!(other("c.yaml", yaml, "/db/kind", "\"postgres\""), None);
        assert_eq!(other("c.yml", yaml, "/db/kind", "\"mysql\""), Some((2, "\"postgres\"".into())));
        assert_eq!(other("c.yaml", yaml, "/db/ports", "[1.0, 2]"), None);
        assert_eq!(other("c.yaml", yaml, "/db/ports/1", "3"), Some((3, "2.0".into())));
        assert_eq!(other("c.yaml", yaml, "/db/a~1b", "null"), None);
        assert_eq!(other("c.yaml", yaml, "/db/kinds", "null"), Some((1, "nothing stands at /db/kinds".into())));
        assert_eq!(other("c.yaml", yaml, "/db/ports/01", "2").map(|it| it.0), Some(3));
        assert_eq!(other("c.json", "[{\"a\": true}]", "/0/a", "true"), None);
        assert_eq!(other("c.json", "{\"a\": {\"b\": 1, \"c\": 2}}", "", "{\"a\": {\"c\": 2, \"b\": 1}}"), None);
        assert_eq!(other("c.json", "{\"a\": 9007199254740993}", "/a", "9007199254740992").map(|it| it.0), Some(1));
        assert_eq!(other("c.toml", "[tool.x]\nn = 0x10\n", "/tool/x/n", "16"), None);
        assert_eq!(other("c.toml", "[a]\nb = 'x'\n", "/a/b", "\"y\""), Some((2, "\"x\"".into())));
    }

    #[test]
    fn pointers_are_told_from_other_texts() {
        assert!(["", "/", "/a/0", "/a~1b~0"].iter().all(|text| is_pointer(text)));
        assert!(["a", "a/b", "/a~", "/~2"].iter().all(|text| !is_pointer(text)));
    }
}
