//! References from one spec to another.

use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::diagnostic::{Problem, Span, Spanned, codes};
use crate::model::{Kind, Name, SpecId};

/// A reference as it was written: `role/architect`, or a bare name where the kind can be nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Link(Spanned<Arc<str>>);

impl Link {
    /// A reference to that text at that place.
    pub const fn at(text: Arc<str>, span: Span) -> Self {
        Self(Spanned { value: text, span })
    }

    /// The spec that it means; a bare name is of kind `bare`, if one is given.
    pub fn id(&self, bare: Option<Kind>) -> Option<SpecId> {
        if self.0.value.contains('/') {
            return self.0.value.parse().ok();
        }
        Some(SpecId::new(bare?, self.0.value.parse::<Name>().ok()?))
    }

    /// As it was written.
    pub const fn text(&self) -> &Arc<str> {
        &self.0.value
    }

    /// Where it stands.
    pub const fn span(&self) -> Span {
        self.0.span
    }
}

impl JsonSchema for Link {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Reference".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"title": "Reference", "type": "string", "description": "a reference: kind/name, or a name where the kind is clear"})
    }
}

/// A reference that must resolve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkUse {
    /// The spec that must be there.
    pub id: SpecId,
    /// Where the reference stands.
    pub span: Span,
    /// Whether its absence is only a warning.
    pub soft: bool,
}

/// Collects the references of a spec; what cannot be a reference at all is a problem right away.
#[derive(Debug, Default)]
pub struct Links {
    /// What must resolve.
    pub uses: Vec<LinkUse>,
    /// What is wrong with the references themselves.
    pub problems: Vec<Problem>,
}

impl Links {
    /// A reference that names its kind, one of these.
    pub fn to(&mut self, link: &Link, kinds: &[Kind]) {
        self.add(link, kinds, None, false);
    }

    /// A reference to a spec of that kind: a bare name will do.
    pub fn bare(&mut self, link: &Link, kind: Kind) {
        self.add(link, &[kind], Some(kind), false);
    }

    /// A reference to a spec of one of these kinds: a bare name is one of the first.
    pub fn bare_among(&mut self, link: &Link, kinds: &[Kind]) {
        self.add(link, kinds, kinds.first().copied(), false);
    }

    /// As [`Self::bare`], but it may lead nowhere.
    pub fn bare_soft(&mut self, link: &Link, kind: Kind) {
        self.add(link, &[kind], Some(kind), true);
    }

    fn add(&mut self, link: &Link, kinds: &[Kind], bare: Option<Kind>, soft: bool) {
        match link.id(bare) {
            Some(id) if kinds.contains(&id.kind) => self.uses.push(LinkUse { id, span: link.span(), soft }),
            _ => self.problems.push(wrong_kind(link, kinds, bare)),
        }
    }
}

fn wrong_kind(link: &Link, kinds: &[Kind], bare: Option<Kind>) -> Problem {
    let text = link.text();
    let name = text.rsplit_once('/').map_or(&**text, |(_, name)| name);
    let words: Vec<String> = kinds.iter().map(|kind| format!("`{}/…`", kind.word())).collect();
    let expected = format!("expected a reference to {}", words.join(" or "));
    let fix = match bare {
        Some(_) => format!("use `{name}`"),
        None => format!("use `{}/{name}`", kinds.first().map_or("", |kind| kind.word())),
    };
    let message = format!("`{text}` cannot be referred to here");
    let problem = Problem::new(&codes::REFERENCE_KIND, link.span(), message).help(expected);
    if name.parse::<Name>().is_ok() { problem.fix(fix) } else { problem }
}
