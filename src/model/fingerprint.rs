//! The identity of a remediation task.

use std::fmt;
use std::sync::Arc;

use super::{CaseId, Hasher, Subject};

/// A versioned hash of spec, rule and subject: never of states, times, titles or measured values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(Arc<str>);

/// Changes whenever the parts or their form change, so that old and new never meet by chance.
const VERSION: &str = "1";

impl Fingerprint {
    /// The fingerprint of a subject; of the spec itself where the rule has one task for each spec.
    pub fn of(case: &CaseId, subject: &Subject) -> Self {
        let spec = case.spec.as_ref().map(ToString::to_string).unwrap_or_default();
        let subject = if case.rule.is_grouped() { spec.as_str() } else { subject.as_str() };
        let digest = Hasher::default().part(VERSION).part(&spec).part(case.rule.word()).part(subject).finish();
        Self(format!("{VERSION}-{}", digest.short(32)).into())
    }

    /// A fingerprint as it was stored.
    pub fn stored(text: &str) -> Self {
        Self(text.into())
    }

    /// The fingerprint as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its first digits, for people; long enough to be told apart, and accepted by every command.
    pub fn short(&self) -> &str {
        self.0.get(2..12).unwrap_or(&self.0)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rule;

    #[test]
    fn it_never_changes_from_release_to_release() {
        let case = CaseId { spec: "agent/dev-1".parse().ok(), rule: Rule::AgentLoad };
        let print = Fingerprint::of(&case, &Subject::agent("dev-1"));
        assert_eq!(print.as_str(), "1-245390a35897dcec26a93feea7077406");
    }

    #[test]
    fn a_grouped_rule_has_one_for_the_spec() {
        let case = CaseId { spec: "assignment/scans".parse().ok(), rule: Rule::AssignmentRole };
        let one = Fingerprint::of(&case, &Subject::task(&"1".into()));
        assert_eq!(one, Fingerprint::of(&case, &Subject::task(&"2".into())));
    }
}
