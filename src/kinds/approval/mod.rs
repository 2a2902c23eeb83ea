//! Who must agree to what, and who has.

pub mod gate;
mod tally;

pub(in crate::kinds) use tally::{has_agreed, words as in_words};

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
    /// Who must agree.
    pub require: Requirement,
    /// Whose yes does not count.
    #[serde(default)]
    pub exclude: Vec<Excluded>,
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
}

/// Who must agree: exactly one of `all`, `any`, `atLeast`, `role` and `people`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Requirement {
    /// All of these.
    pub all: Option<Spanned<Vec<Requirement>>>,
    /// One of these.
    pub any: Option<Spanned<Vec<Requirement>>>,
    /// So many of these.
    pub at_least: Option<Spanned<AtLeast>>,
    /// People of this role.
    pub role: Option<Link>,
    /// These people.
    pub people: Option<Spanned<Vec<Link>>>,
    /// How many of the role or the people; one unless given.
    pub count: Option<u32>,
    /// Whether only people count, not AI agents.
    #[serde(default)]
    pub human: bool,
}

/// So many of several requirements.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AtLeast {
    /// How many.
    pub count: u32,
    /// Of these.
    pub of: Vec<Requirement>,
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

impl Requirement {
    /// The requirements directly within this one.
    fn parts(&self) -> &[Self] {
        let grouped = self.all.as_deref().or(self.any.as_deref());
        grouped.map(Vec::as_slice).or_else(|| self.at_least.as_ref().map(|at_least| &at_least.of[..])).unwrap_or(&[])
    }

    /// Names the roles and people within.
    pub(in crate::kinds) fn links(&self, links: &mut Links) {
        if let Some(role) = &self.role {
            links.bare(role, Kind::Role);
        }
        self.people.iter().flat_map(|people| &people.value).for_each(|who| links.to(who, &[Kind::Agent]));
        self.parts().iter().for_each(|part| part.links(links));
    }

    /// Says what no set of approvals could meet.
    pub(in crate::kinds) fn check(&self, at: Span, problems: &mut Vec<Problem>) {
        let forms = [
            self.all.as_ref().map(|all| all.span),
            self.any.as_ref().map(|any| any.span),
            self.at_least.as_ref().map(|at_least| at_least.span),
            self.role.as_ref().map(Link::span),
            self.people.as_ref().map(|people| people.span),
        ];
        let given: Vec<Span> = forms.into_iter().flatten().collect();
        let here = given.first().copied().unwrap_or(at);
        if given.len() != 1 {
            let message = format!(
                "a requirement has exactly one of all, any, atLeast, role and people; here are {}",
                given.len()
            );
            problems.push(Problem::new(&codes::SPEC_EXCLUSIVE, here, message));
        }
        let leaf = self.role.is_some() || self.people.is_some();
        if !leaf && (self.count.is_some() || self.human) {
            let message = "`count` and `human` belong to a role or to people";
            problems.push(Problem::new(&codes::SPEC_EXCLUSIVE, here, message).fix("move them to each role within"));
        }
        let mut say = |message: String| problems.push(Problem::new(&codes::SPEC_VALUE, here, message));
        if self.count == Some(0) {
            say("a count of 0 requires nobody".into());
        }
        if let Some(people) = self.people.as_ref().filter(|people| people.len() < self.count.unwrap_or(1) as usize) {
            say(format!("{} of {} people can never agree", self.count.unwrap_or(1), people.len()));
        }
        if let Some(at_least) = self.at_least.as_ref().filter(|it| it.count == 0 || it.of.len() < it.count as usize) {
            say(format!("at least {} of {} makes no sense", at_least.count, at_least.of.len()));
        }
        if [&self.all, &self.any].into_iter().flatten().any(|parts| parts.is_empty()) {
            say("an empty list requires nobody".into());
        }
        self.parts().iter().for_each(|part| part.check(here, problems));
    }
}

impl ApprovalPolicy {
    /// A policy that requires that, of nobody who wrote or does the task.
    pub(in crate::kinds) fn of(select: Select, require: Requirement) -> Self {
        Self {
            select,
            require,
            exclude: vec![Excluded::Author, Excluded::Assignee],
            bind: Bind::Content,
            valid_for: None,
            timeout: Vec::new(),
            break_glass: None,
            signature: Signature::Optional,
        }
    }
}

impl Shape for ApprovalPolicy {
    fn links(&self, links: &mut Links) {
        let anybody = [Kind::Role, Kind::Agent];
        self.require.links(links);
        self.timeout.iter().filter_map(|step| step.escalate.as_ref()).for_each(|to| links.to(to, &anybody));
        self.break_glass.iter().flat_map(|glass| &glass.by).for_each(|by| links.to(by, &anybody));
    }

    fn check(&self, at: Span, problems: &mut Vec<Problem>) {
        self.require.check(at, problems);
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
