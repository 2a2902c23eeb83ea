//! A document as a tree in which every node knows its place.

use std::borrow::Cow;

use crate::diagnostic::Span;

/// One node.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'t> {
    /// Its number in the file, from the first node on.
    pub id: u32,
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub value: Value<'t>,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'t> {
    /// A text, number, boolean or null.
    Scalar {
        /// Its text after quoting is undone.
        text: Cow<'t, str>,
        /// Whether it stands without quotes, so that it may be other than text.
        plain: bool,
    },
    /// A list.
    List(Vec<Node<'t>>),
    /// A mapping in the order of the text, keys each once.
    Map(Vec<(Node<'t>, Node<'t>)>),
}

impl<'t> Node<'t> {
    /// The value of a key, where the node is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node<'t>> {
        self.entries().iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    /// The entries of a mapping; none where the node is no mapping.
    pub fn entries(&self) -> &[(Node<'t>, Node<'t>)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        match &mut self.value {
            Value::Map(entries) => {
                entries.iter_mut().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The items of a list, to be changed; none where the node is no list.
    pub fn items_mut(&mut self) -> &mut [Self] {
        match &mut self.value {
            Value::List(items) => items,
            _ => &mut [],
        }
    }

    /// The items of a list; none where the node is no list.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// A text that stands nowhere yet, made from what stands at that place.
    pub fn text_at(text: impl Into<Cow<'t, str>>, span: Span) -> Self {
        Self { id: 0, span, value: Value::Scalar { text: text.into(), plain: false } }
    }

    /// A mapping that stands nowhere yet, made from what stands at that place.
    pub const fn map_at(entries: Vec<(Self, Self)>, span: Span) -> Self {
        Self { id: 0, span, value: Value::Map(entries) }
    }

    /// A list that stands nowhere yet, made from what stands at that place.
    pub const fn list_at(items: Vec<Self>, span: Span) -> Self {
        Self { id: 0, span, value: Value::List(items) }
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// What the node is, for messages: `a list`, `the number 12`.
    pub fn describe(&self) -> String {
        match &self.value {
            Value::List(_) => "a list".into(),
            Value::Map(_) => "a mapping".into(),
            Value::Scalar { text, plain } => super::scalar::resolve(text, *plain).describe(text),
        }
    }
}
