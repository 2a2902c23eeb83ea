//! Architecture decisions, and the code repositories that they speak of.

pub mod records;
pub mod rules;
pub mod standing;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::common::{Link, Links, Select};
use super::{Body, Case, Shape};
use crate::diagnostic::{Problem, Span, Spanned, codes};
use crate::model::{Date, Duration, Kind, Severity, Timestamp};

/// An architecture decision.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Decision {
    /// Its number, where a team counts.
    pub number: Option<u32>,
    /// Where it is in its life.
    pub status: Status,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
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

/// What a decision demands: exactly one condition.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Rule {
    /// Its name within the decision.
    pub id: Spanned<String>,
    /// How bad it is when it does not hold.
    pub severity: Option<Severity>,
    /// The code repository that it looks at; the spec repository where none is given.
    pub repository: Option<Link>,
    /// No line matches.
    pub forbid: Option<Pattern>,
    /// Some line matches.
    pub require: Option<Pattern>,
    /// A file is there.
    pub require_path: Option<String>,
    /// No manifest depends on it.
    pub forbid_dependency: Option<Dependency>,
    /// Some manifest depends on it.
    pub require_dependency: Option<Dependency>,
    /// A place of a file has a value.
    #[serde(rename = "match")]
    pub matches: Option<ValueAt>,
    /// Which folder may import which.
    pub layers: Option<Layers>,
    /// How many tasks there may be.
    pub tasks: Option<TaskCount>,
}

/// A regular expression and the files that it is looked for in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    /// The expression.
    pub pattern: Spanned<Arc<str>>,
    /// Globs of the files to look in; all of them where none is given.
    #[serde(rename = "in", default)]
    pub within: Vec<Spanned<Arc<str>>>,
    /// Globs of the files to leave out.
    #[serde(default)]
    pub except: Vec<Spanned<Arc<str>>>,
}

/// A dependency and the manifests that it is looked for in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// The package.
    pub name: String,
    /// Globs of the manifests to look in.
    #[serde(rename = "in", default)]
    pub within: Vec<Spanned<Arc<str>>>,
    /// Globs of the manifests to leave out.
    #[serde(default)]
    pub except: Vec<Spanned<Arc<str>>>,
}

/// A place of a file and the value that belongs there.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueAt {
    /// The file.
    pub file: String,
    /// The place: a JSON pointer.
    pub pointer: String,
    /// The value.
    pub equals: serde_json::Value,
}

/// Which folder may import which: each only those before it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Layers {
    /// Glob of the files.
    #[serde(rename = "in")]
    pub within: Spanned<Arc<str>>,
    /// The folders, the lowest first.
    pub order: Vec<String>,
}

/// How many tasks there may be.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TaskCount {
    /// Which tasks.
    pub select: Select,
    /// No more than so many.
    pub at_most: Option<u64>,
    /// No fewer than so many.
    pub at_least: Option<u64>,
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

impl Rule {
    fn check(&self, problems: &mut Vec<Problem>) {
        let conditions = [
            self.forbid.is_some(),
            self.require.is_some(),
            self.require_path.is_some(),
            self.forbid_dependency.is_some(),
            self.require_dependency.is_some(),
            self.matches.is_some(),
            self.layers.is_some(),
            self.tasks.is_some(),
        ];
        let given = conditions.into_iter().filter(|&given| given).count();
        if given != 1 {
            let message = format!("the rule `{}` has {given} conditions; it needs exactly one", self.id.value);
            let help = "the conditions are forbid, require, requirePath, forbidDependency, requireDependency, match, layers and tasks";
            problems.push(Problem::new(&codes::SPEC_EXCLUSIVE, self.id.span, message).help(help));
        }
        if let Some(count) = self.tasks.as_ref().filter(|count| count.at_most.is_none() && count.at_least.is_none()) {
            let message = "`tasks` needs `atMost` or `atLeast`";
            let _ = count;
            problems.push(Problem::new(&codes::SPEC_MISSING_FIELD, self.id.span, message).fix("add `atMost: 0`"));
        }
        self.forbid.iter().chain(&self.require).for_each(|pattern| pattern.check(problems));
    }
}

impl Pattern {
    fn check(&self, problems: &mut Vec<Problem>) {
        // The same bound as where the expression is used: what passes here also runs there.
        if let Err(error) = regex::RegexBuilder::new(&self.pattern.value).size_limit(1 << 20).build() {
            let message = format!("this is no regular expression: {}", last_line(&error.to_string()));
            problems.push(Problem::new(&codes::SPEC_VALUE, self.pattern.span, message));
        }
        for glob in self.within.iter().chain(&self.except) {
            if let Err(error) = globset::Glob::new(&glob.value) {
                let message = format!("this is no glob: {}", error.kind());
                problems.push(Problem::new(&codes::SPEC_VALUE, glob.span, message));
            }
        }
    }
}

fn last_line(text: &str) -> &str {
    text.lines().last().unwrap_or(text).trim_start_matches("error: ")
}

/// The decision of a case, where it is accepted: only those demand anything.
fn accepted<'a>(case: &Case<'a>) -> Option<&'a Decision> {
    match case.body() {
        Some(Body::Decision(decision)) if decision.status == Status::Accepted => Some(decision),
        _ => None,
    }
}
