//! How decisions that are specs stand to each other: what each says of others, and what others say of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::kinds::decision::graph::Tie;
use crate::kinds::decision::{Decision, Status};
use crate::kinds::{Body, Spec, Specs};
use crate::model::{Kind, SpecId};

/// Who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// The decision itself.
    Says,
    /// The other one: the reverse is derived, and written nowhere.
    Told,
}

/// Everything that decisions say of each other.
pub(super) struct Relations<'a> {
    specs: &'a Specs,
    ties: BTreeMap<(SpecId, Tie, Way), Vec<SpecId>>,
}

/// Another decision; without a spec where nobody could read it.
#[derive(Debug, Clone)]
pub(super) struct Related<'a> {
    pub(super) id: SpecId,
    pub(super) spec: Option<&'a Arc<Spec>>,
}

/// What a spec says, where it is a decision.
pub(super) fn decision(spec: &Spec) -> Option<&Decision> {
    match &spec.body {
        Body::Decision(decision) => Some(decision),
        _ => None,
    }
}

impl<'a> Relations<'a> {
    /// Of all decisions.
    pub(super) fn of(specs: &'a Specs) -> Self {
        let mut all = Self { specs, ties: BTreeMap::new() };
        for spec in specs.of_kind(Kind::Decision) {
            let Some(decision) = decision(spec) else { continue };
            let ties = [
                (Tie::Supersedes, &decision.supersedes),
                (Tie::Amends, &decision.amends),
                (Tie::Relates, &decision.relates_to),
            ];
            for (tie, links) in ties {
                for to in links.iter().filter_map(|link| link.id(Some(Kind::Decision))) {
                    all.add(&spec.id, tie, Way::Says, &to);
                    all.add(&to, tie, Way::Told, &spec.id);
                }
            }
        }
        all
    }

    fn add(&mut self, from: &SpecId, tie: Tie, way: Way, to: &SpecId) {
        let ties = self.ties.entry((from.clone(), tie, way)).or_default();
        if !ties.contains(to) {
            ties.push(to.clone());
        }
    }

    /// The decisions that stand so to one, in the order in which they are written.
    pub(super) fn to(&self, id: &SpecId, tie: Tie, way: Way) -> Vec<Related<'a>> {
        let ids = self.ties.get(&(id.clone(), tie, way)).into_iter().flatten();
        ids.map(|id| Related { id: id.clone(), spec: self.specs.get(id) }).collect()
    }

    /// The decisions that it relates to, whichever of them says so.
    pub(super) fn related(&self, id: &SpecId) -> Vec<Related<'a>> {
        let mut all = self.to(id, Tie::Relates, Way::Says);
        for other in self.to(id, Tie::Relates, Way::Told) {
            if !all.iter().any(|known| known.id == other.id) {
                all.push(other);
            }
        }
        all
    }
}

impl Related<'_> {
    /// What it says, where it could be read.
    pub(super) fn decision(&self) -> Option<&Decision> {
        self.spec.and_then(|spec| decision(spec))
    }

    /// Its name, and a word where it is not what one would think: a proposal takes nobody's place.
    pub(super) fn brief(&self) -> String {
        let Some(decision) = self.decision() else {
            return format!("{} (unread)", self.id.name);
        };
        let status = decision.status.value;
        if status.is_open() || status == Status::Rejected {
            return format!("{} ({})", self.id.name, status.word());
        }
        self.id.name.to_string()
    }
}
