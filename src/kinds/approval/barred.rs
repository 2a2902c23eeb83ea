//! Whose yes does not count for a task, because it is their own work or that of an agent of theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{ApprovalPolicy, Excluded};
use crate::kinds::{Body, Specs};
use crate::model::{Denial, Kind, Name, Reason, SpecId, Task};

/// The label in which a task names who committed its change.
pub(super) const COMMITTER: &str = "committer";

/// An owner's owner is an owner too, so many times.
const DEEPEST: usize = 8;

/// Who may not agree to a task, each with the reason.
#[derive(Debug, Default)]
pub(super) struct Barred(BTreeMap<Arc<str>, Denial>);

impl Barred {
    /// Those whom a policy bars from a task, and the people who own them.
    pub(super) fn of(specs: &Specs, policy: &ApprovalPolicy, task: &Task) -> Self {
        let mut barred = Self::default();
        for excluded in policy.excluded() {
            let (name, did) = match excluded {
                Excluded::Author => (task.author.as_ref(), "asked for it"),
                Excluded::Requester => (task.author.as_ref(), "asked for it"),
                Excluded::Assignee => (task.agent.as_ref(), "does it"),
                Excluded::Committer => (task.labels.get(COMMITTER), "has committed it"),
            };
            name.into_iter().for_each(|name| barred.add(specs, name, did));
        }
        barred
    }

    fn add(&mut self, specs: &Specs, name: &Arc<str>, did: &str) {
        let name: Arc<str> = name.strip_prefix("agent/").map_or_else(|| name.clone(), Arc::from);
        let own = || Denial::new(Reason::Own, format!("agent/{name} {did}, and nobody agrees to their own work"));
        self.0.entry(name.clone()).or_insert_with(own);
        let owned = |owner: &str| {
            let words = format!("agent/{owner} owns agent/{name}, which {did}, and nobody agrees to their own work");
            Denial::new(Reason::Owned, words)
        };
        for owner in owners(specs, &name) {
            self.0.entry(owner.clone()).or_insert_with(|| owned(&owner));
        }
    }

    /// Why somebody's yes does not count, if so.
    pub(super) fn why(&self, name: &str) -> Option<&Denial> {
        self.0.get(name)
    }
}

/// The people who own an agent, and those who own them.
pub(super) fn owners(specs: &Specs, agent: &Arc<str>) -> BTreeSet<Arc<str>> {
    let mut found = BTreeSet::new();
    let mut next = Some(agent.clone());
    for _ in 0..DEEPEST {
        let Some(owner) = next.take().and_then(|name| owner(specs, &name)) else { break };
        if owner == *agent || !found.insert(owner.clone()) {
            break;
        }
        next = Some(owner);
    }
    found
}

fn owner(specs: &Specs, agent: &str) -> Option<Arc<str>> {
    let spec = specs.get(&SpecId::new(Kind::Agent, agent.parse::<Name>().ok()?))?;
    if !matches!(spec.body, Body::Agent(_)) {
        return None;
    }
    let owner = spec.head.owner.as_ref()?.id(None)?;
    (owner.kind == Kind::Agent).then(|| owner.name.as_str().into())
}
