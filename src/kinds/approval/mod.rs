//! Who must agree to what, and who has.

mod barred;
mod delegation;
mod distinct;
pub mod gate;
mod gates;
mod hear;
mod identity;
pub mod lints;
mod request;
mod requirement;
pub mod review;
#[cfg(test)]
mod tests;
pub mod voice;
pub mod waiting;
mod weigh;
mod when;
mod windows;

pub use delegation::Delegation;
pub use gates::{Asking, Gates};
pub use hear::{Word, hear};
pub use identity::{NAMESPACE, Payload, reason_of};
pub use request::{Assessed, Request};
pub use requirement::{AtLeast, Requirement};
pub use weigh::Tree;
pub use when::When;
pub use windows::{Day, Window, Windows};

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Shape;
use super::common::{Link, Links, Select};
use crate::diagnostic::{Problem, Span, Spanned, codes};
use crate::model::{Date, Duration, Kind, Vote};

/// Who must agree before the selected tasks start.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ApprovalPolicy {
    /// Which tasks.
    pub select: Select,
    /// What else must hold of a task for the policy to ask about it.
    pub when: Option<When>,
    /// Who must agree. It may be left out only where `windows` says when tasks may start.
    pub require: Option<Requirement>,
    /// Whose yes does not count: the author, the requester, the assignee and the committer unless given, and always the people
    /// who own them.
    pub exclude: Option<Vec<Excluded>>,
    /// What a yes is bound to.
    #[serde(default)]
    pub bind: Bind,
    /// How long a yes is good. Without limit unless given.
    pub valid_for: Option<Duration>,
    /// What happens while nobody answers.
    #[serde(default)]
    pub timeout: Vec<Timeout>,
    /// Who may go ahead without.
    pub break_glass: Option<BreakGlass>,
    /// Whether a verdict must be signed.
    #[serde(default)]
    pub signature: Signature,
    /// When tasks may start by the calendar, whoever agrees.
    pub windows: Option<Windows>,
}

/// Whose yes does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Excluded {
    /// Who wrote the task.
    Author,
    /// Who asked for the approval.
    Requester,
    /// Who does the task.
    Assignee,
    /// Who committed the change.
    Committer,
}

/// What a yes is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Bind {
    /// The task as it was: a change voids it.
    #[default]
    Content,
    /// The task, whatever becomes of it.
    Task,
}

/// What happens when nobody has answered for so long: exactly one of `escalate` and `verdict`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timeout {
    /// After so long.
    pub after: Spanned<Duration>,
    /// Who is asked then.
    pub escalate: Option<Link>,
    /// What counts as said then.
    pub verdict: Option<TimeoutVerdict>,
}

/// What counts as said when nobody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TimeoutVerdict {
    /// No.
    Deny,
    /// Yes.
    Allow,
}

/// Who may go ahead without an approval, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BreakGlass {
    /// Who.
    pub by: Vec<Link>,
    /// For how long at most.
    pub max_for: Option<Duration>,
    /// When it is looked at afterwards.
    pub review_within: Option<Duration>,
}

/// Whether a verdict must be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Signature {
    /// It may be.
    #[default]
    Optional,
    /// It must be: of the commit, or of the request.
    Required,
}

/// A verdict that somebody gave, as a document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The key of the task.
    pub task: Arc<str>,
    /// The policy that asks for it.
    pub policy: Link,
    /// What may be done.
    pub action: Action,
    /// Yes or no.
    pub verdict: Verdict,
    /// Who says so.
    pub by: Link,
    /// What was seen: `sha256:` and 64 digits.
    pub digest: Spanned<Arc<str>>,
    /// The last day on which it holds, to its end in UTC.
    pub expires: Date,
    /// Makes it count once.
    pub nonce: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// What an approval lets somebody do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Start the task.
    Start,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Yes.
    Approved,
    /// No.
    Rejected,
}

impl From<Verdict> for Vote {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Approved => Self::Approved,
            Verdict::Rejected => Self::Rejected,
        }
    }
}

impl ApprovalPolicy {
    /// A policy that requires that, of nobody who wrote or does the task.
    pub(in crate::kinds) const fn of(select: Select, require: Option<Requirement>) -> Self {
        Self {
            select,
            require,
            when: None,
            exclude: None,
            bind: Bind::Content,
            valid_for: None,
            timeout: Vec::new(),
            break_glass: None,
            signature: Signature::Optional,
            windows: None,
        }
    }

    /// Whose yes does not count.
    pub fn excluded(&self) -> &[Excluded] {
        const ALL: [Excluded; 4] = [Excluded::Author, Excluded::Requester, Excluded::Assignee, Excluded::Committer];
        self.exclude.as_deref().unwrap_or(&ALL)
    }
}

impl Shape for ApprovalPolicy {
    fn links(&self, links: &mut Links) {
        let anybody = [Kind::Role, Kind::Agent];
        self.require.iter().for_each(|require| require.links(links));
        self.when.iter().for_each(|when| when.links(links));
        self.timeout.iter().filter_map(|step| step.escalate.as_ref()).for_each(|to| links.to(to, &anybody));
        self.break_glass.iter().flat_map(|glass| &glass.by).for_each(|by| links.to(by, &anybody));
    }

    fn check(&self, at: Span, problems: &mut Vec<Problem>) {
        // A calendar without a window asks for nothing.
        match (&self.require, self.windows.as_ref().filter(|windows| !windows.is_empty())) {
            (Some(require), _) => require.check(at, problems),
            (None, Some(_)) => {}
            (None, None) => {
                problems.push(Problem::new(&codes::SPEC_MISSING_FIELD, at, "missing field `require`"));
            }
        }
        self.when.iter().for_each(|when| when.check(problems));
        self.windows.iter().for_each(|windows| windows.check(problems));
        for step in self.timeout.iter().filter(|step| step.escalate.is_some() == step.verdict.is_some()) {
            let message = "a timeout has exactly one of escalate and verdict";
            problems.push(Problem::new(&codes::SPEC_EXCLUSIVE, step.after.span, message));
        }
    }
}

impl Shape for Approval {
    fn links(&self, links: &mut Links) {
        links.bare_among(&self.policy, &[Kind::ApprovalPolicy, Kind::ErrorBudgetPolicy]);
        links.to(&self.by, &[Kind::Agent]);
    }

    fn check(&self, _: Span, problems: &mut Vec<Problem>) {
        let digits = self.digest.value.strip_prefix("sha256:");
        if !digits.is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit())) {
            let message = format!("`{}` is no digest", self.digest.value);
            let problem = Problem::new(&codes::SPEC_VALUE, self.digest.span, message);
            problems.push(problem.help("a digest is `sha256:` and 64 hexadecimal digits"));
        }
    }
}
