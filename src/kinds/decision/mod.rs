//! Architecture decisions, and the code repositories that they speak of.

pub mod branches;
pub mod delivery;
pub mod graph;
pub mod lints;
pub mod madr;
pub mod markdown;
pub mod moves;
pub mod records;
pub mod rules;
pub mod standing;

mod condition;
mod flip;
mod places;

pub use condition::{Dependency, Layers, Pattern, Rule, TaskCount, ValueAt};

use schemars::JsonSchema;
use serde::Deserialize;

use super::common::{Link, Links, Select};
use super::{Body, Case, Shape};
use crate::diagnostic::{Problem, Span, Spanned, codes};
use crate::model::{Date, Duration, Kind, Timestamp};

/// An architecture decision.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Decision {
    /// Its number, where a team counts.
    pub number: Option<Spanned<u32>>,
    /// Where it is in its life.
    pub status: Spanned<Status>,
    /// When it was decided.
    pub date: Date,
    /// Who decided.
    #[serde(default)]
    pub deciders: Vec<Link>,
    /// Who was asked.
    #[serde(default)]
    pub consulted: Vec<Link>,
    /// Who was told.
    #[serde(default)]
    pub informed: Vec<Link>,
    /// Why a decision was needed.
    #[serde(default)]
    pub context: String,
    /// What weighed.
    #[serde(default)]
    pub drivers: Vec<String>,
    /// What could have been done.
    #[serde(default)]
    pub options: Vec<Choice>,
    /// What was decided.
    #[serde(default)]
    pub decision: String,
    /// What follows.
    #[serde(default)]
    pub consequences: Consequences,
    /// The decisions that it takes the place of.
    #[serde(default)]
    pub supersedes: Vec<Link>,
    /// The decisions that it changes in part.
    #[serde(default)]
    pub amends: Vec<Link>,
    /// The decisions that have to do with it.
    #[serde(default)]
    pub relates_to: Vec<Link>,
    /// The last day on which it holds without another look.
    pub review_by: Option<Date>,
    /// The time between two looks at it.
    pub review_every: Option<Duration>,
    /// The tasks that carry it out.
    pub delivery: Option<Delivery>,
    /// What it demands of code and tasks.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

/// Where a decision is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the words say it")]
pub enum Status {
    Draft,
    Proposed,
    Accepted,
    Rejected,
    Deprecated,
    Superseded,
}

impl Status {
    /// Each, in the order of a decision's life.
    pub const ALL: [Self; 6] =
        [Self::Draft, Self::Proposed, Self::Accepted, Self::Rejected, Self::Deprecated, Self::Superseded];

    /// As specs and reports write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Proposed => "proposed",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Deprecated => "deprecated",
            Self::Superseded => "superseded",
        }
    }

    /// Whether nobody has decided yet, so that it is not in force.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Proposed)
    }
}

/// Something that could have been done.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What.
    pub title: String,
    /// What speaks for it.
    #[serde(default)]
    pub good: Vec<String>,
    /// What speaks against it.
    #[serde(default)]
    pub bad: Vec<String>,
}

/// What follows from a decision.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consequences {
    /// What gets better.
    #[serde(default)]
    pub good: Vec<String>,
    /// What gets worse.
    #[serde(default)]
    pub bad: Vec<String>,
    /// What changes.
    #[serde(default)]
    pub neutral: Vec<String>,
}

/// The tasks that carry a decision out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Delivery {
    /// Which tasks.
    pub select: Select,
    /// The last day for all of them to be completed.
    pub due_by: Date,
}

/// A code repository as evidence.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repository {
    /// Its path, relative to `abide.toml`, or its URL.
    pub url: String,
    /// The branch, tag or commit; its HEAD where none is given.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
}

impl Shape for Repository {}

impl Shape for Decision {
    fn links(&self, links: &mut Links) {
        let people = self.deciders.iter().chain(&self.consulted).chain(&self.informed);
        people.for_each(|who| links.to(who, &[Kind::Role, Kind::Agent]));
        let decisions = self.supersedes.iter().chain(&self.amends).chain(&self.relates_to);
        decisions.for_each(|decision| links.bare(decision, Kind::Decision));
        self.rules
            .iter()
            .filter_map(|rule| rule.repository.as_ref())
            .for_each(|repository| links.bare(repository, Kind::Repository));
    }

    fn check(&self, _: Span, problems: &mut Vec<Problem>) {
        for (index, rule) in self.rules.iter().enumerate() {
            if self.rules.iter().take(index).any(|earlier| earlier.id == rule.id) {
                let message = format!("two rules are called `{}`", rule.id.value);
                problems.push(Problem::new(&codes::SPEC_VALUE, rule.id.span, message).fix("rename one of them"));
            }
            rule.check(problems);
        }
    }
}

impl Decision {
    /// When it must be looked at again: the end of `reviewBy`, or `reviewEvery` after it was decided.
    pub fn review_due(&self) -> Option<Timestamp> {
        let every = self.review_every.map(|every| self.date.plus(every).end());
        self.review_by.map(Date::end).into_iter().chain(every).min()
    }
}

/// The decision of a case, where it is proposed.
fn proposed<'a>(case: &Case<'a>) -> Option<&'a Decision> {
    match case.body() {
        Some(Body::Decision(decision)) if *decision.status == Status::Proposed => Some(decision),
        _ => None,
    }
}

/// The decision of a case, where it is accepted: only those demand anything.
fn accepted<'a>(case: &Case<'a>) -> Option<&'a Decision> {
    case.body().and_then(accepted_in)
}

/// The decision that a spec is, where it is accepted.
pub fn accepted_in(body: &Body) -> Option<&Decision> {
    match body {
        Body::Decision(decision) if *decision.status == Status::Accepted => Some(decision),
        _ => None,
    }
}
