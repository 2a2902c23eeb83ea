//! One document: first its head, leniently, then all of it as its kind, strictly.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;

use super::common::{AnyMetadata, Head, LinkUse, Links};
use super::{Shape, Spec};
use crate::diagnostic::{Level, Problem, Span, codes, nearest};
use crate::model::{Kind, Name, Place, SpecId};
use crate::yaml::{Node, Value, decode};

/// A document and everything that can be told of it without looking at other files.
#[derive(Debug, Clone)]
pub struct Document {
    /// Where it begins.
    pub span: Span,
    /// What it claims to be, as far as that can be read.
    pub identity: Identity,
    /// The spec, as long as nothing is wrong with it on its own.
    pub spec: Option<Arc<Spec>>,
    /// The specs that it refers to.
    pub links: Vec<LinkUse>,
    /// What is wrong with it, or worth a word.
    pub problems: Vec<Problem>,
}

/// What a document claims to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// That spec, whose name stands there.
    Spec(SpecId, Span),
    /// A document of OpenSLO in a version that Abide does not read, so that nobody can refer to it.
    Foreign,
    /// It cannot be told.
    Unreadable,
}

impl Document {
    /// Whether something is wrong with it on its own.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.level == Level::Error)
    }

    /// The same with more that is wrong with it.
    #[must_use]
    pub fn with(mut self, problems: Vec<Problem>) -> Self {
        self.problems.extend(problems);
        self.problems.sort_by_key(|problem| problem.span.start);
        self.spec = self.spec.take().filter(|_| !self.has_errors());
        self
    }

    /// The spec that it claims to be.
    pub const fn id(&self) -> Option<&SpecId> {
        match &self.identity {
            Identity::Spec(id, _) => Some(id),
            _ => None,
        }
    }
}

/// Reads one document of a file with that text.
pub fn read(node: &Node<'_>, file: &Arc<str>, text: &Arc<str>) -> Document {
    read_ranged(node, file, text, node.span.range(text.len()))
}

/// Reads a document that is told by that part of its file's text, of which its node may be less.
pub fn read_ranged(node: &Node<'_>, file: &Arc<str>, text: &Arc<str>, range: Range<usize>) -> Document {
    let mut problems = Vec::new();
    let (identity, spec, links) = match kind_of(node, &mut problems) {
        Ok(kind) => read_kind(kind, node, (file, text, range), &mut problems),
        Err(identity) => (identity, None, Vec::new()),
    };
    problems.sort_by_key(|problem| problem.span.start);
    let spec = spec.filter(|_| problems.iter().all(|problem| problem.level != Level::Error)).map(Arc::new);
    Document { span: node.span, identity, spec, links, problems }
}

fn read_kind(
    kind: Kind,
    node: &Node<'_>,
    (file, text, range): (&Arc<str>, &Arc<str>, Range<usize>),
    problems: &mut Vec<Problem>,
) -> (Identity, Option<Spec>, Vec<LinkUse>) {
    let identity = identity(kind, node);
    let mut links = Links::default();
    let read = super::read_as(kind, &mut Reader { node, problems });
    let spec = read.map(|(head, body)| {
        body.links(&mut links);
        if let Some(owner) = &head.owner {
            links.to(owner, &[Kind::Role, Kind::Agent]);
        }
        if kind == Kind::Service {
            head.depends_on.iter().for_each(|service| links.bare_soft(service, Kind::Service));
        }
        let place = Place { file: file.clone(), line: node.span.line };
        let id = SpecId::new(kind, head.name.clone());
        Spec { id, head, place, body, source: text.clone(), range, digest: OnceLock::new(), meaning: OnceLock::new() }
    });
    problems.append(&mut links.problems);
    (identity, spec, links.uses)
}

fn identity(kind: Kind, node: &Node<'_>) -> Identity {
    let name = node.get("metadata").and_then(|metadata| metadata.get("name"));
    match name.and_then(|name| Some((name.text()?.parse::<Name>().ok()?, name.span))) {
        Some((name, span)) => Identity::Spec(SpecId::new(kind, name), span),
        None => Identity::Unreadable,
    }
}

/// Which kind a document is; its apiVersion and kind must agree.
fn kind_of(node: &Node<'_>, problems: &mut Vec<Problem>) -> Result<Kind, Identity> {
    let first_line = Span { end: node.span.start + 1, ..node.span };
    if !matches!(node.value, Value::Map(_)) {
        let message = format!("a document must be a mapping, but this is {}", node.describe());
        problems
            .push(Problem::new(&codes::SPEC_SHAPE, first_line, message).fix("begin with `apiVersion: abide.dev/v1`"));
        return Err(Identity::Unreadable);
    }
    let word = |field: &'static str, problems: &mut Vec<Problem>| match node.get(field) {
        Some(value) => Some((value.text().unwrap_or_default().to_owned(), value.span)),
        None => {
            let message = format!("the field `{field}` is missing");
            problems.push(Problem::new(&codes::SPEC_MISSING_FIELD, first_line, message).fix(format!("add `{field}:`")));
            None
        }
    };
    let (version, kind) = (word("apiVersion", problems), word("kind", problems));
    let (Some((version, version_span)), Some((kind, kind_span))) = (version, kind) else {
        return Err(Identity::Unreadable);
    };
    if let Some(problem) = wrong_version(&version, &kind, version_span) {
        problems.push(problem);
        return Err(if version.starts_with("openslo") { Identity::Foreign } else { Identity::Unreadable });
    }
    let of_version = || Kind::ALL.iter().filter(|known| known.api_version() == version);
    of_version().copied().find(|known| known.title() == kind).ok_or_else(|| {
        let titles = || of_version().map(|known| known.title());
        let message = format!("`{version}` has no kind `{kind}`");
        let problem = Problem::new(&codes::SPEC_KIND, kind_span, message);
        problems.push(match nearest(&kind, titles()) {
            Some(near) => problem.label(format!("did you mean `{near}`?")).fix(format!("use `{near}`")),
            None => problem.help(format!("its kinds are {}", titles().collect::<Vec<_>>().join(", "))),
        });
        Identity::Unreadable
    })
}

fn wrong_version(version: &str, kind: &str, span: Span) -> Option<Problem> {
    if Kind::ALL.iter().any(|known| known.api_version() == version) {
        return None;
    }
    let right = Kind::from_title(kind).map_or("abide.dev/v1", Kind::api_version);
    let message = format!("`{version}` is no apiVersion that Abide reads");
    let problem = Problem::new(&codes::SPEC_API_VERSION, span, message);
    Some(match super::slo::what_to_change(version, kind) {
        Some(change) => problem.help(change).fix("use `openslo/v1`"),
        None => problem.label(format!("did you mean `{right}`?")).fix(format!("use `{right}`")),
    })
}

/// Decodes a document whose kind is known.
pub(super) struct Reader<'n, 't> {
    node: &'n Node<'t>,
    problems: &'n mut Vec<Problem>,
}

/// Everything that a document may have at its root.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", bound = "M: DeserializeOwned, T: DeserializeOwned")]
struct Envelope<M, T> {
    #[serde(rename = "apiVersion")]
    _api_version: String,
    #[serde(rename = "kind")]
    _kind: String,
    metadata: M,
    spec: Option<T>,
}

impl Reader<'_, '_> {
    /// Reads the document as metadata `M` and a spec of shape `T`.
    pub(super) fn read<M: AnyMetadata + DeserializeOwned, T: Shape>(&mut self) -> Option<(Head, T)> {
        let before = self.problems.len();
        let envelope: Envelope<M, T> = decode(self.node, self.problems)?;
        let at = self.node.get("spec").map_or(self.node.span, |spec| spec.span);
        // Where nothing is required, nothing need be said: a spec that is not there is an empty one.
        let nothing = Node { id: u32::MAX, span: self.node.span, value: Value::Map(Vec::new()) };
        let spec = match (envelope.spec, self.node.get("spec")) {
            (Some(spec), _) => spec,
            (None, None) => decode(&nothing, self.problems)?,
            (None, Some(written)) => {
                // What is wrong with it has been said, unless it is there and says nothing.
                if self.problems.len() == before {
                    let message = "expected a mapping, found nothing";
                    self.problems.push(Problem::new(&codes::SPEC_WRONG_TYPE, written.span, message).fix("write `{}`"));
                }
                return None;
            }
        };
        let whole = self.problems.len() == before;
        let mut found = Vec::new();
        spec.check(Span { end: at.start + 1, ..at }, &mut found);
        // What could not be decoded is not there to be checked: only what is said of values that are there holds.
        self.problems.extend(found.into_iter().filter(|problem| whole || problem.entry == &codes::SPEC_VALUE));
        let head = envelope.metadata.head(self.problems)?;
        Some((head, spec))
    }
}

/// The JSON Schema of a document with metadata `M` and a spec of shape `T`.
pub(super) fn schema<M: JsonSchema, T: JsonSchema>(kind: Kind, generator: &mut SchemaGenerator) -> Schema {
    let spec_needed = T::json_schema(generator).get("required").is_some();
    let required = ["apiVersion", "kind", "metadata"].into_iter().chain(spec_needed.then_some("spec"));
    json_schema!({
        "title": kind.title(),
        "type": "object",
        "required": required.collect::<Vec<_>>(),
        "additionalProperties": false,
        "properties": {
            "apiVersion": {"const": kind.api_version()},
            "kind": {"const": kind.title()},
            "metadata": generator.subschema_for::<M>(),
            "spec": generator.subschema_for::<T>(),
        },
    })
}
