//! What is odd about assignments that are valid. Nothing depends on it.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::{Assignment, Wip};
use crate::diagnostic::{Diagnostic, Problem, codes};
use crate::kinds::agent::Agent;
use crate::kinds::{Body, Spec, Specs};
use crate::model::{Kind, SpecId, TaskStatus};

/// Says what is odd about the assignments among specs that can be read as they stand.
pub fn lint<'a>(readable: impl Iterator<Item = &'a Arc<Spec>>, specs: &Specs) -> Vec<Diagnostic> {
    let staff = Staff::of(specs);
    let mut said = Vec::new();
    for spec in readable {
        let Body::Assignment(assignment) = &spec.body else { continue };
        let mut problems = Vec::new();
        wip(assignment, &mut problems);
        escalation(assignment, &staff, &mut problems);
        problems.extend(skills(spec, assignment, &staff));
        let diagnostic =
            |problem| Diagnostic { file: spec.place.file.clone(), spec: Some(spec.id.to_string().into()), problem };
        said.extend(problems.into_iter().map(diagnostic));
    }
    said
}

/// Who is declared to do work.
struct Staff<'a> {
    agents: Vec<(&'a SpecId, &'a Agent)>,
    pools: Vec<SpecId>,
    /// Whether some spec that nobody can read may declare more.
    is_unsure: bool,
}

impl<'a> Staff<'a> {
    fn of(specs: &'a Specs) -> Self {
        let agents = specs.of_kind(Kind::Agent).filter_map(|spec| match &spec.body {
            Body::Agent(agent) => Some((&spec.id, &**agent)),
            _ => None,
        });
        let pools = specs.of_kind(Kind::AgentPool).filter_map(|spec| match &spec.body {
            Body::AgentPool(pool) => pool.role.id(Some(Kind::Role)),
            _ => None,
        });
        let is_unsure = [Kind::Agent, Kind::AgentPool].into_iter().any(|kind| specs.may_miss(kind).is_some());
        Self { agents: agents.collect(), pools: pools.collect(), is_unsure }
    }

    /// Those who are meant by a role or by an agent's own name. None where that cannot be told: nobody is declared at all,
    /// a pool brings its own agents, or a spec cannot be read.
    fn meant(&self, by: &SpecId) -> Option<Vec<&'a Agent>> {
        if self.is_unsure || self.agents.is_empty() || self.pools.contains(by) {
            return None;
        }
        let is_meant = |(id, agent): &&(&SpecId, &'a Agent)| match by.kind {
            Kind::Agent => *id == by,
            _ => agent.has_role(by),
        };
        Some(self.agents.iter().filter(is_meant).map(|(_, agent)| *agent).collect())
    }
}

fn wip(assignment: &Assignment, problems: &mut Vec<Problem>) {
    let Some(Wip { max, per_agent }) = &assignment.wip else { return };
    let mut say = |span, message: String| problems.push(Problem::new(&codes::ASSIGNMENT_ODD_WIP, span, message));
    for (field, limit) in [("max", max), ("perAgent", per_agent)] {
        let Some(limit) = limit else { continue };
        if limit.value == 0 {
            say(limit.span, format!("{field} 0 lets nothing run: whatever is begun is drift"));
        }
        let leaves_out = assignment.select.0.fields().status.as_ref();
        if leaves_out.is_some_and(|status| !status.contains(&TaskStatus::Running)) {
            let message = format!("{field} has no effect: `select.status` leaves out running tasks, which alone count");
            say(limit.span, message);
        }
    }
    if let (Some(max), Some(each)) = (max, per_agent)
        && each.value > max.value
    {
        let message = format!("perAgent {} has no effect: all together may run {}", each.value, max.value);
        say(each.span, message);
    }
}

fn escalation(assignment: &Assignment, staff: &Staff<'_>, problems: &mut Vec<Problem>) {
    let Some(first) = assignment.escalate.first() else { return };
    let mut say =
        |span, message: String| problems.push(Problem::new(&codes::ASSIGNMENT_IDLE_ESCALATION, span, message));
    if assignment.sla.is_empty() {
        say(first.after.span, "nothing is ever escalated: there is no `sla` whose limit could be missed".to_owned());
    }
    let mut before = None;
    for step in &assignment.escalate {
        let Some(to) = step.to.id(None) else { continue };
        if before.as_ref() == Some(&to) {
            say(step.to.span(), format!("this step changes nothing: the one before it goes to {to} as well"));
        } else if to.kind == Kind::Role && staff.meant(&to).is_some_and(|agents| agents.is_empty()) {
            say(step.to.span(), format!("nobody is there to escalate to: no agent has {to}"));
        }
        before = Some(to);
    }
}

fn skills(spec: &Spec, assignment: &Assignment, staff: &Staff<'_>) -> Option<Problem> {
    let first = assignment.skills.first()?;
    let to = assignment.to.id(None)?;
    let agents = staff.meant(&to)?;
    let lacks = |agent: &Agent| assignment.skills.iter().any(|skill| !agent.skills.contains(&skill.value));
    if !agents.iter().all(|agent| lacks(agent)) {
        return None;
    }
    let missing = |skill: &str| !agents.iter().any(|agent| agent.skills.iter().any(|known| known == skill));
    let unknown = assignment.skills.iter().find(|skill| missing(&skill.value));
    let message = match (unknown, to.kind) {
        (Some(skill), Kind::Agent) => {
            format!("nobody can take tasks of {}: {to} has not the skill {}", spec.id, skill.value)
        }
        (Some(skill), _) => {
            format!("nobody can take tasks of {}: no agent of {to} has the skill {}", spec.id, skill.value)
        }
        (None, _) => format!("nobody can take tasks of {}: no agent of {to} has all of its skills", spec.id),
    };
    let problem = Problem::new(&codes::ASSIGNMENT_NOBODY_CAN, unknown.unwrap_or(first).span, message);
    let known = agents.iter().flat_map(|agent| &agent.skills).map(String::as_str);
    Some(match unknown {
        Some(skill) => problem.did_you_mean(&skill.value, known),
        None => problem,
    })
}
