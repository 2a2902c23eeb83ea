//! Fields of a mapping that is being converted.

use std::borrow::Cow;

use super::convert::Left;
use crate::yaml::{Node, Value};

/// The entries of a mapping, to be changed.
const fn entries<'n, 't>(node: &'n mut Node<'t>) -> Option<&'n mut Vec<(Node<'t>, Node<'t>)>> {
    match &mut node.value {
        Value::Map(entries) => Some(entries),
        _ => None,
    }
}

/// Takes a field out.
pub(super) fn take<'t>(node: &mut Node<'t>, key: &str) -> Option<Node<'t>> {
    let entries = entries(node)?;
    let at = entries.iter().position(|(name, _)| name.text() == Some(key))?;
    Some(entries.remove(at).1)
}

/// Calls a field otherwise; says whether there was one.
pub(super) fn rename(node: &mut Node<'_>, from: &str, to: &'static str) -> bool {
    let found = entries(node).and_then(|all| all.iter_mut().find(|(name, _)| name.text() == Some(from)));
    match found {
        Some((name, _)) => {
            *name = Node::text_at(to, name.span);
            true
        }
        None => false,
    }
}

/// Puts a field where `before` stands, or at the end where that is absent.
pub(super) fn put<'t>(node: &mut Node<'t>, before: &str, key: &'static str, value: Node<'t>) {
    let span = value.span;
    if let Some(entries) = entries(node) {
        let at = entries.iter().position(|(name, _)| name.text() == Some(before)).unwrap_or(entries.len());
        entries.insert(at, (Node::text_at(key, span), value));
    }
}

/// Gives a field another text.
pub(super) fn set_text<'t>(node: &mut Node<'t>, key: &str, text: impl Into<Cow<'t, str>>) {
    if let Some(value) = node.get_mut(key) {
        *value = Node::text_at(text, value.span);
    }
}

/// A mapping of these fields, made from what stood at the place of `origin`.
pub(super) fn map<'t>(fields: Vec<(&'static str, Node<'t>)>, origin: &Node<'_>) -> Node<'t> {
    let entry = |(key, value): (&'static str, Node<'t>)| (Node::text_at(key, value.span), value);
    Node::map_at(fields.into_iter().map(entry).collect(), origin.span)
}

/// The names of the fields that are there beside those.
pub(super) fn others<'n>(node: &'n Node<'_>, known: &[&str]) -> Vec<&'n str> {
    node.entries().iter().filter_map(|(key, _)| key.text()).filter(|key| !known.contains(key)).collect()
}

/// That something cannot be converted, at the place of that node.
pub(super) fn refuse<T>(node: &Node<'_>, why: impl Into<String>) -> Result<T, Left> {
    Err(Left { line: node.span.line, why: why.into() })
}
