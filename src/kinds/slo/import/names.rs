//! Names that are no RFC 1123 labels, and what they could be instead.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use crate::diagnostic::Span;
use crate::model::{Kind, Name};
use crate::yaml::Node;

/// A name that stands in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mention {
    /// The document is called so.
    Own,
    /// Something written within the document is called so; nobody can refer to it.
    Inner,
    /// The document refers to something that is called so.
    Reference,
}

/// What names become. Only names that are none are touched.
#[derive(Debug, Clone, Default)]
pub struct Renames {
    taken: BTreeMap<(Kind, String), Taken>,
}

/// Why a name is not replaced by what it could be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// Nothing in it can be part of a name.
    Nothing,
    /// Another document is called that already, or would be.
    By(Name),
}

/// A name that was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Renamed {
    pub span: Span,
    pub old: String,
    pub new: Name,
    pub mention: Mention,
}

impl Renames {
    /// What the names in these drafts become together.
    pub fn of(drafts: &[Draft<'_>]) -> Self {
        let mut right: BTreeSet<(Kind, Name)> = BTreeSet::new();
        let mut wrong: BTreeMap<(Kind, Name), BTreeSet<String>> = BTreeMap::new();
        for (kind, text) in drafts.iter().flat_map(Draft::names) {
            match text.parse::<Name>() {
                Ok(name) => drop(right.insert((kind, name))),
                Err(_) => drop(wrong.entry((kind, Name::slug(text))).or_default().insert(text.to_owned())),
            }
        }
        let mut taken = BTreeMap::new();
        for ((kind, slug), olds) in wrong {
            let why = match slug.as_str() {
                "" => Some(Taken::Nothing),
                _ if olds.len() > 1 || right.contains(&(kind, slug.clone())) => Some(Taken::By(slug)),
                _ => None,
            };
            let Some(why) = why else { continue };
            taken.extend(olds.into_iter().map(|old| ((kind, old), why.clone())));
        }
        Self { taken }
    }

    /// What that name of a kind becomes; nothing where it may stay or must.
    fn new_name(&self, kind: Kind, mention: Mention, text: &str) -> Option<Name> {
        let blocked = mention != Mention::Inner && self.taken.contains_key(&(kind, text.to_owned()));
        let slug = Name::slug(text);
        (text.parse::<Name>().is_err() && !blocked && !slug.as_str().is_empty()).then_some(slug)
    }

    /// Why that name of a kind stays although it is none.
    pub(super) fn kept(&self, kind: Kind, text: &str) -> Option<&Taken> {
        self.taken.get(&(kind, text.to_owned()))
    }

    /// Replaces the names in a document of OpenSLO v1.
    pub(super) fn apply(&self, kind: Kind, document: &mut Node<'_>) -> Vec<Renamed> {
        let mut renamed = Vec::new();
        document_names(kind, document, &mut |kind, mention, node| {
            let Some(old) = node.text().map(str::to_owned) else { return };
            let Some(new) = self.new_name(kind, mention, &old) else { return };
            let span = node.span;
            *node = Node::text_at(new.as_str().to_owned(), span);
            renamed.push(Renamed { span, old, new, mention });
        });
        renamed
    }
}

type Visit<'v> = dyn FnMut(Kind, Mention, &mut Node<'_>) + 'v;

/// Visits every name in a document of OpenSLO v1: its own, those within it, and those that it refers to.
fn document_names(kind: Kind, document: &mut Node<'_>, visit: &mut Visit<'_>) {
    named(kind, Mention::Own, document, visit);
}

/// Something with `metadata` and `spec`.
fn named(kind: Kind, mention: Mention, node: &mut Node<'_>, visit: &mut Visit<'_>) {
    if let Some(name) = node.get_mut("metadata").and_then(|metadata| metadata.get_mut("name")) {
        visit(kind, mention, name);
    }
    let Some(spec) = node.get_mut("spec") else { return };
    match kind {
        Kind::Slo => {
            reference(spec, "service", Kind::Service, visit);
            here_or_there(spec, ("indicator", "indicatorRef"), Kind::Sli, visit);
            for objective in spec.get_mut("objectives").map_or(&mut [][..], Node::items_mut) {
                here_or_there(objective, ("indicator", "indicatorRef"), Kind::Sli, visit);
            }
            listed(spec, ("alertPolicies", "alertPolicyRef"), Kind::AlertPolicy, visit);
        }
        Kind::Sli => sources(spec, visit),
        Kind::AlertPolicy => {
            listed(spec, ("conditions", "conditionRef"), Kind::AlertCondition, visit);
            listed(spec, ("notificationTargets", "targetRef"), Kind::AlertNotificationTarget, visit);
        }
        _ => {}
    }
}

fn reference(node: &mut Node<'_>, field: &str, kind: Kind, visit: &mut Visit<'_>) {
    if let Some(name) = node.get_mut(field) {
        visit(kind, Mention::Reference, name);
    }
}

fn here_or_there(node: &mut Node<'_>, (here, there): (&str, &str), kind: Kind, visit: &mut Visit<'_>) {
    reference(node, there, kind, visit);
    if let Some(written) = node.get_mut(here) {
        named(kind, Mention::Inner, written, visit);
    }
}

/// A list of things that are written there, referred to by a field, or only named.
fn listed(node: &mut Node<'_>, (field, there): (&str, &str), kind: Kind, visit: &mut Visit<'_>) {
    for item in node.get_mut(field).map_or(&mut [][..], Node::items_mut) {
        if item.text().is_some() {
            visit(kind, Mention::Reference, item);
        } else {
            reference(item, there, kind, visit);
            named(kind, Mention::Inner, item, visit);
        }
    }
}

fn sources(spec: &mut Node<'_>, visit: &mut Visit<'_>) {
    let mut source = |metric: Option<&mut Node<'_>>| {
        if let Some(source) = metric.and_then(|metric| metric.get_mut("metricSource")) {
            reference(source, "metricSourceRef", Kind::DataSource, visit);
        }
    };
    source(spec.get_mut("thresholdMetric"));
    if let Some(ratio) = spec.get_mut("ratioMetric") {
        ["good", "bad", "total", "raw"].into_iter().for_each(|side| source(ratio.get_mut(side)));
    }
}
