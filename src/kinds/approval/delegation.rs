//! Who speaks for whom, for a time.

use std::collections::BTreeSet;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::kinds::Specs;
use crate::kinds::common::{Link, Links};
use crate::model::{Date, Kind, SpecId, Timestamp};

/// So many hands at most: whom a delegate delegates to speaks for the first one too, and nobody after them.
const DEEPEST: usize = 2;

/// Somebody who may say yes in a person's place, for a time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Delegation {
    /// Who: a person too.
    pub to: Link,
    /// Only where these policies ask; wherever the person is asked unless given.
    #[serde(default)]
    pub policies: Vec<Link>,
    /// The first day.
    pub from: Option<Date>,
    /// The last day, to its end in UTC.
    pub until: Date,
}

impl Delegation {
    /// Names the agent and the policies.
    pub(in crate::kinds) fn links(&self, links: &mut Links) {
        links.to(&self.to, &[Kind::Agent]);
        self.policies
            .iter()
            .for_each(|policy| links.bare_among(policy, &[Kind::ApprovalPolicy, Kind::ErrorBudgetPolicy]));
    }

    fn is_for(&self, policy: &SpecId) -> bool {
        self.policies.is_empty() || self.policies.iter().any(|link| link.id(Some(policy.kind)).as_ref() == Some(policy))
    }

    fn holds(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from.start() <= at) && at < self.until.end()
    }
}

/// The people for whom somebody speaks where a policy asks, and when that changes by time alone.
pub(super) fn speaks_for(
    specs: &Specs,
    name: &str,
    policy: &SpecId,
    at: Timestamp,
) -> (BTreeSet<Arc<str>>, Option<Timestamp>) {
    let (mut found, mut turns) = (BTreeSet::new(), None);
    let mut hands: BTreeSet<Arc<str>> = BTreeSet::from([name.into()]);
    for _ in 0..DEEPEST {
        let mut next = BTreeSet::new();
        for (giver, delegation) in specs.delegations() {
            let giver: Arc<str> = giver.id.name.as_str().into();
            let to = delegation.to.id(Some(Kind::Agent));
            let is_theirs = to.is_some_and(|to| hands.contains(to.name.as_str())) && delegation.is_for(policy);
            if !is_theirs || *giver == *name || found.contains(&giver) {
                continue;
            }
            let edges = [delegation.from.map(|from| from.start()), Some(delegation.until.end())];
            turns = edges.into_iter().flatten().chain(turns).filter(|edge| *edge > at).min();
            if delegation.holds(at) {
                next.insert(giver);
            }
        }
        found.extend(next.iter().cloned());
        hands = next;
    }
    (found, turns)
}
