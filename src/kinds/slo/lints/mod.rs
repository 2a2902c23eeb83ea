//! Hints about service levels: what is odd about specs that are valid. Nothing depends on them.
//!
//! Each rule looks at all specs at once, and only ever says something of one that can be read as it stands now: of a spec that
//! is kept in an earlier version, no place could be shown.

mod burn;
mod computable;
mod data;
mod dependency;
mod field;
mod owner;
mod silent;
mod target;
#[cfg(test)]
mod testing;
mod unused;

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::alert::{AlertCondition, AlertPolicy, ConditionHere, PolicyUse};
use super::level::{Objective, Slo};
use crate::diagnostic::{Diagnostic, Problem, Span, Spanned};
use crate::kinds::common::Link;
use crate::kinds::{Body, Document, Identity, Spec, Specs};
use crate::model::{Habits, Kind, SpecId};

/// Every rule.
const RULES: [fn(&View<'_>, &mut Said); 9] = [
    burn::lint,
    computable::lint,
    target::lint,
    data::lint,
    owner::lint,
    unused::lint,
    silent::lint,
    dependency::lint,
    field::lint,
];

/// Says what is odd, in order of file and place. `unread` are the documents that cannot be used as they are, each with what
/// it claims to be.
pub fn lint<'a>(
    documents: impl IntoIterator<Item = &'a Document>,
    specs: &'a Specs,
    unread: &'a [Option<&'a SpecId>],
    habits: &'a Habits,
) -> Vec<Diagnostic> {
    let view = View::new(documents, specs, unread, habits);
    let mut said = Said(Vec::new());
    RULES.into_iter().for_each(|rule| rule(&view, &mut said));
    said.0.sort_by(|a, b| (&a.file, a.problem.span.start).cmp(&(&b.file, b.problem.span.start)));
    said.0
}

/// What the rules look at.
struct View<'a> {
    /// All specs that are in force.
    specs: &'a Specs,
    /// What no spec says.
    habits: &'a Habits,
    readable: Vec<Readable<'a>>,
    ids: FxHashSet<&'a SpecId>,
    used: FxHashSet<&'a SpecId>,
    unread: &'a [Option<&'a SpecId>],
}

/// A spec that can be read as it stands, and the place of its name.
#[derive(Clone, Copy)]
struct Readable<'a> {
    spec: &'a Arc<Spec>,
    name: Span,
}

impl<'a> View<'a> {
    fn new(
        documents: impl IntoIterator<Item = &'a Document>,
        specs: &'a Specs,
        unread: &'a [Option<&'a SpecId>],
        habits: &'a Habits,
    ) -> Self {
        let broken: FxHashSet<&SpecId> = unread.iter().copied().flatten().collect();
        let (mut readable, mut used) = (Vec::new(), FxHashSet::default());
        for document in documents {
            used.extend(document.links.iter().map(|link| &link.id).filter(|id| may_be_unused(id.kind)));
            if let (Some(spec), Identity::Spec(id, name)) = (&document.spec, &document.identity)
                && !broken.contains(id)
            {
                readable.push(Readable { spec, name: *name });
            }
        }
        let ids = readable.iter().map(|it| &it.spec.id).collect();
        Self { specs, habits, readable, ids, used, unread }
    }

    fn slos(&self) -> impl Iterator<Item = (Readable<'a>, &'a Slo)> {
        self.readable.iter().filter_map(|it| match &it.spec.body {
            Body::Slo(slo) => Some((*it, &**slo)),
            _ => None,
        })
    }

    /// Whether a spec can be read as it stands, so that its places are those of the text.
    fn is_readable(&self, spec: &Spec) -> bool {
        self.ids.contains(&spec.id)
    }

    /// Whether some document that cannot be read may be a spec of one of these kinds: what it says, nobody knows.
    fn may_miss(&self, kinds: &[Kind]) -> bool {
        self.unread.iter().any(|id| id.is_none_or(|id| kinds.contains(&id.kind)))
    }

    /// The alert policies of a service level, each with the spec that it is written in.
    fn policies(&self, at: &'a Arc<Spec>, slo: &'a Slo) -> impl Iterator<Item = (&'a Arc<Spec>, &'a AlertPolicy)> {
        let specs = self.specs;
        let uses = slo.alert_policies.iter().flatten();
        uses.filter_map(move |used| match &used.value {
            PolicyUse::Name(name) => policy_named(specs, &Link::at(name.clone(), used.span)),
            PolicyUse::Here(here) => match (&here.reference, &here.spec) {
                (Some(link), _) => policy_named(specs, link),
                (None, Some(policy)) => Some((at, policy)),
                (None, None) => None,
            },
        })
    }

    /// A condition of an alert policy, with the spec that it is written in.
    fn condition(&self, at: &'a Arc<Spec>, here: &'a ConditionHere) -> Option<(&'a Arc<Spec>, &'a AlertCondition)> {
        let Some(link) = &here.reference else { return Some((at, here.spec.as_ref()?)) };
        let spec = self.specs.get(&link.id(Some(Kind::AlertCondition))?)?;
        match &spec.body {
            Body::AlertCondition(condition) => Some((spec, condition)),
            _ => None,
        }
    }
}

fn policy_named<'a>(specs: &'a Specs, link: &Link) -> Option<(&'a Arc<Spec>, &'a AlertPolicy)> {
    let spec = specs.get(&link.id(Some(Kind::AlertPolicy))?)?;
    match &spec.body {
        Body::AlertPolicy(policy) => Some((spec, policy)),
        _ => None,
    }
}

/// Whether specs of that kind have an effect only where another one refers to them.
const fn may_be_unused(kind: Kind) -> bool {
    matches!(kind, Kind::Sli | Kind::AlertPolicy | Kind::AlertCondition | Kind::AlertNotificationTarget)
}

/// The target of an objective as it is written, as a share or in percent.
fn written(objective: &Objective) -> Option<&Spanned<f64>> {
    objective.target.as_ref().or(objective.target_percent.as_ref())
}

/// What was said so far.
struct Said(Vec<Diagnostic>);

impl Said {
    fn say(&mut self, spec: &Spec, problem: Problem) {
        self.0.push(Diagnostic { file: spec.place.file.clone(), spec: Some(spec.id.to_string().into()), problem });
    }
}
