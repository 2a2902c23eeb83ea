//! The metadata of a spec.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Link;
use crate::diagnostic::{Problem, Span, Spanned, codes};
use crate::model::{Name, NameError};

/// The annotation that names an owner where metadata has no field for one.
const OWNER: &str = "abide.dev/owner";

/// The annotation of a Service that names the services that it cannot do without; OpenSLO has no field for that.
const DEPENDS_ON: &str = "abide.dev/depends-on";

/// The metadata of Abide's own kinds.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// RFC 1123 label, unique within its kind.
    pub name: Spanned<Arc<str>>,
    /// One line for people.
    pub title: Option<String>,
    /// Labels to select by.
    #[serde(default)]
    pub labels: BTreeMap<Arc<str>, Arc<str>>,
    /// Anything that other programs want to keep here.
    #[serde(default)]
    pub annotations: BTreeMap<String, Spanned<Arc<str>>>,
    /// Who gets this spec's remediation tasks.
    pub owner: Option<Link>,
}

/// The metadata of OpenSLO's kinds.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OpenSloMetadata {
    /// RFC 1123 label, unique within its kind.
    pub name: Spanned<Arc<str>>,
    /// One line for people.
    pub display_name: Option<String>,
    /// Labels to select by; each has a value or a list of them.
    #[serde(default)]
    pub labels: BTreeMap<Arc<str>, OneOrMany>,
    /// Anything that other programs want to keep here; `abide.dev/owner` names the owner, and
    /// `abide.dev/depends-on` the services that a Service cannot do without, with commas between.
    #[serde(default)]
    pub annotations: BTreeMap<String, Spanned<Arc<str>>>,
}

/// A text or a list of texts.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub enum OneOrMany {
    /// One.
    One(Arc<str>),
    /// Several.
    Many(Vec<Arc<str>>),
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> serde::de::Visitor<'de> for Either {
            type Value = OneOrMany;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text or a list of texts")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany::One(text.into()))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<OneOrMany, A::Error> {
                let mut many = Vec::new();
                while let Some(item) = items.next_element()? {
                    many.push(item);
                }
                Ok(OneOrMany::Many(many))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

impl OneOrMany {
    /// The texts.
    pub fn texts(&self) -> &[Arc<str>] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }
}

/// What every kind's metadata comes down to.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// The name.
    pub name: Name,
    /// One line for people.
    pub title: Option<String>,
    /// Labels to select by.
    pub labels: BTreeMap<Arc<str>, Vec<Arc<str>>>,
    /// Who gets this spec's remediation tasks.
    pub owner: Option<Link>,
    /// Of a Service: the services that it cannot do without.
    pub depends_on: Vec<Link>,
}

/// Metadata of any form.
pub trait AnyMetadata {
    /// Checks it and brings it to one form.
    fn head(&self, problems: &mut Vec<Problem>) -> Option<Head>;
}

impl AnyMetadata for Metadata {
    fn head(&self, problems: &mut Vec<Problem>) -> Option<Head> {
        let labels = self.labels.iter().map(|(key, value)| (key.clone(), vec![value.clone()])).collect();
        let owner = self.owner.clone().or_else(|| annotated_owner(&self.annotations));
        let (name, title) = (name(&self.name, problems)?, self.title.clone());
        Some(Head { name, title, labels, owner, depends_on: Vec::new() })
    }
}

impl AnyMetadata for OpenSloMetadata {
    fn head(&self, problems: &mut Vec<Problem>) -> Option<Head> {
        let labels = self.labels.iter().map(|(key, value)| (key.clone(), value.texts().to_vec())).collect();
        let owner = annotated_owner(&self.annotations);
        let depends_on = self.annotations.get(DEPENDS_ON).map(listed).unwrap_or_default();
        Some(Head { name: name(&self.name, problems)?, title: self.display_name.clone(), labels, owner, depends_on })
    }
}

fn annotated_owner(annotations: &BTreeMap<String, Spanned<Arc<str>>>) -> Option<Link> {
    annotations.get(OWNER).map(|owner| Link::at(owner.value.clone(), owner.span))
}

/// The names of a list with commas between. Each stands at the place of the whole: what is quoted or folded is not counted
/// out.
fn listed(written: &Spanned<Arc<str>>) -> Vec<Link> {
    let names = written.value.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(|name| Link::at(name.into(), written.span)).collect()
}

fn name(written: &Spanned<Arc<str>>, problems: &mut Vec<Problem>) -> Option<Name> {
    match written.value.parse::<Name>() {
        Ok(name) => Some(name),
        Err(error) => {
            problems.push(name_problem(&error, written.span));
            None
        }
    }
}

fn name_problem(error: &NameError, span: Span) -> Problem {
    let slug = Name::slug(&error.0);
    let problem = Problem::new(&codes::SPEC_NAME, span, error.to_string());
    if slug.as_str().is_empty() { problem } else { problem.fix(format!("use `{slug}`")) }
}
