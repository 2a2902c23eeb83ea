//! What is valid and odd about approval policies.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::barred::owners;
use super::requirement::{Form, Requirement};
use super::voice::{approving_roles, named_in};
use super::{ApprovalPolicy, Excluded, Signature, distinct};
use crate::diagnostic::{Diagnostic, Problem, Span, codes};
use crate::kinds::{Body, Spec, Specs};
use crate::model::{Kind, SpecId};

/// Hints about the approval policies among specs that can be read as they stand, each with the place of its name.
pub fn lint<'a>(readable: impl Iterator<Item = (&'a Arc<Spec>, Span)>, specs: &Specs) -> Vec<Diagnostic> {
    // What nobody could read may declare somebody.
    if [Kind::Agent, Kind::Role].into_iter().any(|kind| specs.may_miss(kind).is_some()) {
        return Vec::new();
    }
    let hint = |(spec, name): (&Arc<Spec>, Span)| {
        let Body::ApprovalPolicy(policy) = &spec.body else { return None };
        let message = format!("{} can never be satisfied: {}", spec.id, never(specs, policy)?);
        let problem = Problem::new(&codes::APPROVAL_NEVER, name, message).help("what it selects can never start");
        Some(Diagnostic { file: spec.place.file.clone(), spec: Some(spec.id.to_string().into()), problem })
    };
    readable.filter_map(hint).collect()
}

/// Warnings about approvals that have the nonce of another one.
pub fn twice<'a>(readable: impl Iterator<Item = (&'a Arc<Spec>, Span)>, specs: &Specs) -> Vec<Diagnostic> {
    let warning = |(spec, name): (&Arc<Spec>, Span)| {
        let Body::Approval(approval) = &spec.body else { return None };
        let first = specs.first_of_nonce(&approval.nonce).filter(|first| **first != spec.id)?;
        let message = format!("{} has the nonce of {first}, and does not count", spec.id);
        let problem = Problem::new(&codes::APPROVAL_TWICE, name, message).fix("give it a nonce of its own");
        Some(Diagnostic { file: spec.place.file.clone(), spec: Some(spec.id.to_string().into()), problem })
    };
    readable.filter_map(warning).collect()
}

/// Somebody who could say yes.
struct Person<'s> {
    name: &'s str,
    roles: BTreeSet<Arc<str>>,
}

/// Why no set of yeses could ever be enough, if so.
fn never(specs: &Specs, policy: &ApprovalPolicy) -> Option<String> {
    let require = policy.require.as_ref()?;
    let barred = always_barred(specs, policy);
    let must_sign = policy.signature == Signature::Required;
    let people: Vec<Person<'_>> = specs
        .of_kind(Kind::Agent)
        .filter_map(|spec| match &spec.body {
            // Whoever has no key can sign nothing.
            Body::Agent(agent) if agent.human && !(must_sign && agent.keys.is_empty()) => {
                Some(Person { name: spec.id.name.as_str(), roles: approving_roles(specs, agent).collect() })
            }
            _ => None,
        })
        .filter(|person| !barred.contains(person.name))
        .collect();
    // Where no person is declared at all, those who say yes are known to the team's own software alone.
    if people.is_empty() && barred.is_empty() {
        let no_keys = || "it wants signatures, and nobody declares a key (`keys` of an Agent)".to_owned();
        return must_sign.then(no_keys);
    }
    wanting(require, &people, specs, &barred)
}

/// Whose yes counts for no task that the policy selects: where only one asks for them, or does them.
fn always_barred(specs: &Specs, policy: &ApprovalPolicy) -> BTreeSet<Arc<str>> {
    let fields = policy.select.0.fields();
    let only = |names: &Option<Vec<Arc<str>>>| match names.as_deref() {
        Some([one]) if !one.contains('*') => Some(one.clone()),
        _ => None,
    };
    let of = |excluded: &Excluded| match excluded {
        Excluded::Author | Excluded::Requester => only(&fields.authors),
        Excluded::Assignee => only(&fields.agents),
        Excluded::Committer => fields.labels.as_ref()?.get(super::barred::COMMITTER).cloned(),
    };
    let barred: BTreeSet<Arc<str>> = policy.excluded().iter().filter_map(of).collect();
    let owners: Vec<Arc<str>> = barred.iter().flat_map(|name| owners(specs, name)).collect();
    barred.into_iter().chain(owners).collect()
}

/// What of a requirement nobody could meet, in words.
fn wanting(require: &Requirement, people: &[Person<'_>], specs: &Specs, barred: &BTreeSet<Arc<str>>) -> Option<String> {
    match require.form() {
        Form::Group(count, parts) => {
            let mut wanting: Vec<String> =
                parts.iter().filter_map(|part| self::wanting(part, people, specs, barred)).collect();
            if parts.len() - wanting.len() < count as usize {
                return wanting.drain(..).next();
            }
            let apart = require.distinct
                && !distinct::could_be_met(require, people.len(), |part, person| could(part, &people[person]));
            apart.then(|| format!("there are not enough different people for {}", require.words()))
        }
        Form::People(count) => {
            let able = people.iter().filter(|person| could(require, person)).count();
            (able < count as usize).then(|| short(require, able, count, specs, barred))
        }
    }
}

fn could(require: &Requirement, person: &Person<'_>) -> bool {
    let role = require.role.as_ref().and_then(|role| role.id(Some(Kind::Role)));
    role.is_some_and(|role| person.roles.contains(role.name.as_str())) || named_in(require, person.name)
}

fn short(require: &Requirement, able: usize, count: u32, specs: &Specs, barred: &BTreeSet<Arc<str>>) -> String {
    let role: Option<SpecId> = require.role.as_ref().and_then(|role| role.id(Some(Kind::Role)));
    let may = |role: &SpecId| matches!(specs.get(role).map(|spec| &spec.body), Some(Body::Role(it)) if it.may_approve);
    match role {
        Some(role) if !may(&role) => format!("{role} does not say `mayApprove: true`"),
        Some(role) => {
            let left_out = if barred.is_empty() { "" } else { " who is not excluded" };
            match able {
                0 => format!("no person{left_out} has {role}"),
                1 => format!("only 1 person{left_out} has {role}, and {count} must agree"),
                _ => format!("only {able} people{left_out} have {role}, and {count} must agree"),
            }
        }
        None => format!("of {} only {able} may say yes, and {count} must", require.words()),
    }
}

#[cfg(test)]
mod tests;
