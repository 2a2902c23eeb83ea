//! Drift that is known and accepted, for a time.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Shape;
use super::common::{Link, Links};
use crate::diagnostic::{Problem, Span, Spanned, codes};
use crate::model::{Date, Kind, Rule, Subject};

/// Accepts drift until the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Waiver {
    /// Which drift; all given fields must match.
    #[serde(rename = "match")]
    pub matches: Match,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// The last day on which it holds, to its end in UTC.
    pub until: Date,
    /// Who accepted it.
    pub approved_by: Link,
}

/// Which drift a waiver speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// The spec, as `kind/name`.
    pub spec: Option<Link>,
    /// The rule.
    pub rule: Option<Spanned<String>>,
    /// The subject.
    pub subject: Option<String>,
}

impl Waiver {
    /// The rule that it speaks of.
    pub fn rule(&self) -> Option<Rule> {
        self.matches.rule.as_ref().and_then(|rule| Rule::from_word(rule))
    }

    /// The subject that it speaks of.
    pub fn subject(&self) -> Option<Subject> {
        self.matches.subject.as_deref().map(Subject::stored)
    }
}

impl Shape for Waiver {
    fn links(&self, links: &mut Links) {
        if let Some(spec) = &self.matches.spec {
            links.to(spec, Kind::ALL);
        }
        links.to(&self.approved_by, &[Kind::Agent, Kind::Role]);
    }

    fn check(&self, at: Span, problems: &mut Vec<Problem>) {
        let Match { spec, rule, subject } = &self.matches;
        if spec.is_none() && rule.is_none() && subject.is_none() {
            let message = "a waiver that matches everything accepts everything";
            problems.push(Problem::new(&codes::SPEC_VALUE, at, message).fix("name a spec, a rule or a subject"));
        }
        if let Some(written) = rule.as_ref().filter(|rule| Rule::from_word(rule).is_none()) {
            let words = Rule::ALL.iter().map(|rule| rule.word());
            let message = format!("no rule is called `{}`", written.value);
            problems.push(Problem::new(&codes::SPEC_VALUE, written.span, message).did_you_mean(written, words));
        }
    }
}
