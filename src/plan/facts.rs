//! What the planner must know of the specs, and asks of whoever has read them.

use std::sync::Arc;

use crate::model::{Digest, Drift, Rule, SpecId, Subject, Timestamp};

/// Look-ups in the specs. Asked only for specs that drift or that the ledger names, so a plan costs what there is to do.
pub trait SpecFacts {
    /// Whether the spec is there, and in which state.
    fn presence(&self, spec: &SpecId) -> Presence;

    /// What its drift calls for.
    fn on_drift(&self, spec: &SpecId) -> OnDrift;
}

/// Whether a spec is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// Nothing of that name is in the tree.
    Absent,
    /// It is known to be there, but no version of it could ever be read. Nothing may be concluded.
    Unread,
    /// It was read, now or at its last readable version.
    Read {
        /// Of the content that is in force.
        digest: Digest,
        /// Its file, from the root of the tree.
        file: Arc<str>,
    },
}

/// What the drift of a spec calls for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum OnDrift {
    /// A remediation task.
    #[default]
    Task,
    /// What a rule says can be corrected is corrected at once, and once. Everything else gets a remediation task.
    Enforce,
    /// Nothing: it is only shown.
    Warn,
}

/// Drift that is known and accepted, for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The waiver's own name.
    pub id: SpecId,
    /// The spec whose drift is accepted; any where it is not given.
    pub spec: Option<SpecId>,
    /// The rule; any where it is not given.
    pub rule: Option<Rule>,
    /// The subject; any where it is not given.
    pub subject: Option<Subject>,
    /// The first moment at which it holds no longer.
    pub until: Timestamp,
    /// Why it is accepted.
    pub reason: Arc<str>,
}

impl Waiver {
    /// Whether it accepts this drift now: all that it gives must match, and it must give something.
    pub fn accepts(&self, drift: &Drift, now: Timestamp) -> bool {
        let gives = self.spec.is_some() || self.rule.is_some() || self.subject.is_some();
        gives
            && now < self.until
            && self.spec.as_ref().is_none_or(|spec| drift.case.spec.as_ref() == Some(spec))
            && self.rule.is_none_or(|rule| drift.case.rule == rule)
            && self.subject.as_ref().is_none_or(|subject| drift.subject == *subject)
    }

    /// Why a drift that it accepts opens nothing, in words.
    pub fn says(&self) -> String {
        let until = format!("accepted by {} until {}", self.id, self.until);
        if self.reason.is_empty() { until } else { format!("{until}: {}", self.reason) }
    }
}
