//! Who must agree: the grammar of requirements.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diagnostic::{Problem, Span, Spanned, codes};
use crate::kinds::common::{Link, Links};
use crate::model::Kind;

use super::distinct;

/// Who must agree: exactly one of `all`, `any`, `atLeast`, `role` and `people`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
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
    /// Of a group: whether everybody counts for one of its parts only, so that two roles are two people.
    #[serde(default)]
    pub distinct: bool,
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

/// A requirement as what it is.
pub(super) enum Form<'r> {
    /// So many of these.
    Group(u32, &'r [Requirement]),
    /// So many people of a role, or of several people.
    People(u32),
}

impl Requirement {
    /// The requirements directly within this one.
    pub(super) fn parts(&self) -> &[Self] {
        let grouped = self.all.as_deref().or(self.any.as_deref());
        grouped.map(Vec::as_slice).or_else(|| self.at_least.as_ref().map(|at_least| &at_least.of[..])).unwrap_or(&[])
    }

    /// What it is.
    pub(super) fn form(&self) -> Form<'_> {
        let parts = self.parts();
        match (&self.all, &self.any, &self.at_least) {
            (Some(_), ..) => Form::Group(u32::try_from(parts.len()).unwrap_or(u32::MAX), parts),
            (_, Some(_), _) => Form::Group(1, parts),
            (.., Some(at_least)) => Form::Group(at_least.count, parts),
            _ => Form::People(self.count.unwrap_or(1)),
        }
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
        self.check_fields(here, problems);
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
        if self.distinct && distinct::ways(self).is_none() {
            say(format!("there are more than {} ways to meet this with different people", distinct::MOST_WAYS));
        }
        self.parts().iter().for_each(|part| part.check(here, problems));
    }

    fn check_fields(&self, here: Span, problems: &mut Vec<Problem>) {
        let is_leaf = self.role.is_some() || self.people.is_some();
        if !is_leaf && (self.count.is_some() || self.human) {
            let message = "`count` and `human` belong to a role or to people";
            problems.push(Problem::new(&codes::SPEC_EXCLUSIVE, here, message).fix("move them to each role within"));
        }
        if is_leaf && self.distinct {
            let message = "`distinct` belongs to all, any or atLeast: the people of one role are different ones anyway";
            problems.push(Problem::new(&codes::SPEC_EXCLUSIVE, here, message).fix("leave it out"));
        }
    }

    /// It in words.
    pub(in crate::kinds) fn words(&self) -> String {
        let joined = |parts: &[Self], word: &str| parts.iter().map(Self::words).collect::<Vec<_>>().join(word);
        let apart = if self.distinct { ", different people" } else { "" };
        if let Some(all) = &self.all {
            return joined(all, " and ") + apart;
        }
        if let Some(any) = &self.any {
            return format!("({})", joined(any, " or "));
        }
        if let Some(at_least) = &self.at_least {
            return format!("{} of ({}){apart}", at_least.count, joined(&at_least.of, ", "));
        }
        let count = self.count.unwrap_or(1);
        let who = match (&self.role, &self.people) {
            (Some(role), _) => role.text().to_string(),
            (None, Some(people)) => people.iter().map(|who| who.text().to_string()).collect::<Vec<_>>().join(" or "),
            (None, None) => String::new(),
        };
        if count == 1 { who } else { format!("{count} of {who}") }
    }
}
