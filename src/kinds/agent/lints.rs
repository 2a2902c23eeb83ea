//! What is odd about agents whose specs are valid. Nothing depends on it.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::Agent;
use crate::diagnostic::{Diagnostic, Problem, codes};
use crate::kinds::common::Link;
use crate::kinds::{Body, Spec, Specs};
use crate::model::{Kind, SpecId};

/// Says what is odd about the backups and the keys of the agents among specs that can be read as they stand. That agents back up each other
/// in a circle is fine.
pub fn lint<'a>(readable: impl Iterator<Item = &'a Arc<Spec>>, specs: &Specs) -> Vec<Diagnostic> {
    let mut said = Vec::new();
    for spec in readable {
        let Body::Agent(agent) = &spec.body else { continue };
        let problems = agent.backup.iter().filter_map(|link| backup(spec, agent, link, specs));
        let problems = problems.chain(keys(spec, agent));
        said.extend(problems.map(|problem| Diagnostic {
            file: spec.place.file.clone(),
            spec: Some(spec.id.to_string().into()),
            problem,
        }));
    }
    said
}

/// What only a person can do must not rest on a key that a program has.
fn keys(spec: &Spec, agent: &Agent) -> Option<Problem> {
    let first = agent.keys.first().filter(|_| !agent.human)?;
    let message = format!("{} is no person, so that what its keys sign approves nothing", spec.id);
    Some(Problem::new(&codes::AGENT_KEYS_OF_NOBODY, first.span, message))
}

fn backup(spec: &Spec, agent: &Agent, link: &Link, specs: &Specs) -> Option<Problem> {
    let id = link.id(Some(Kind::Agent))?;
    if id == spec.id {
        let message = format!("{id} is its own backup");
        return Some(Problem::new(&codes::AGENT_OWN_BACKUP, link.span(), message));
    }
    let Body::Agent(other) = &specs.get(&id)?.body else { return None };
    let roles = agent.roles.iter().filter_map(|role| role.id(Some(Kind::Role))).filter(|role| !other.has_role(role));
    let mut missing: Vec<String> = roles.map(|role: SpecId| role.to_string()).collect();
    let skills = agent.skills.iter().filter(|skill| !other.skills.contains(skill));
    missing.extend(skills.map(|skill| format!("the skill {skill}")));
    let (last, rest) = missing.split_last()?;
    let list = if rest.is_empty() { last.clone() } else { format!("{} and {last}", rest.join(", ")) };
    let message = format!("{id} cannot stand in for all that {} does: it has not {list}", spec.id);
    Some(Problem::new(&codes::AGENT_UNFIT_BACKUP, link.span(), message))
}
