//! Who may do what by the specs: what a store must know to give work to the right ones.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::kinds::{Body, Spec, Specs, agent, assignment};
use crate::model::{Duration, Duties, Duty, Kind, Name, Site, SpecId, TaskId, Worker};
use crate::signature::Key;
use crate::store::{Enlistment, StoreError};

/// Who wants how much work.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ask {
    /// The agent.
    pub agent: Arc<str>,
    /// Which of its processes; empty where there is only one.
    pub instance: Arc<str>,
    /// Only work of these roles, where any are given.
    pub roles: Vec<Arc<str>>,
    /// What it knows, where no spec says so.
    pub skills: Vec<Arc<str>>,
    /// Where it runs.
    pub site: Site,
    /// This task and no other.
    pub task: Option<TaskId>,
    /// At most so many.
    pub most: usize,
    /// How long each is held unless renewed.
    pub length: Duration,
}

/// The worker that asks: as its spec declares it; an agent without a spec as it says itself, now or when it was enlisted.
///
/// # Errors
/// [`StoreError::Denied`] where it asks for the work of a role that its spec does not give it, or nobody can read its spec.
pub(super) fn worker(specs: &Specs, ask: &Ask, said: Option<&Enlistment>) -> Result<Worker, StoreError> {
    must_be_read(specs, &ask.agent)?;
    let declared = declared(specs, &ask.agent);
    let (roles, skills, most) = match declared {
        Some(agent) => (roles(agent), skills(agent), most(agent, said)),
        None => {
            let or = |asked: &[Arc<str>], said: Option<&Vec<Arc<str>>>| -> BTreeSet<Arc<str>> {
                let said = said.filter(|_| asked.is_empty()).map_or(asked, Vec::as_slice);
                said.iter().cloned().collect()
            };
            (
                or(&ask.roles, said.map(|it| &it.roles)),
                or(&ask.skills, said.map(|it| &it.skills)),
                said.and_then(|it| it.most),
            )
        }
    };
    if let Some(beyond) = ask.roles.iter().find(|role| !roles.contains(*role)) {
        let what = format!("agent/{} does not have the role `{beyond}`: its spec does not list it", ask.agent);
        return Err(StoreError::Denied(what));
    }
    let roles = if ask.roles.is_empty() { roles } else { ask.roles.iter().cloned().collect() };
    let sites = [
        Some(ask.site.clone()),
        declared.and_then(|agent| site(agent.affinity.as_ref())),
        said.map(|it| it.site.clone()),
    ];
    Ok(Worker {
        name: ask.agent.clone(),
        instance: ask.instance.clone(),
        roles,
        skills,
        site: sites.into_iter().flatten().fold(Site::default(), Site::or),
        most,
        dead_after: declared.and_then(dead_after).or_else(|| said?.dead_after),
        stands_in: stands_in(specs, &ask.agent),
    })
}

/// After how long a silence the work of an agent is given back, where its spec says so.
pub(super) fn silence(specs: &Specs, agent: &str) -> Option<Duration> {
    declared(specs, agent).and_then(dead_after)
}

/// What an agent says of itself, with how long it may be silent, where its spec says so.
///
/// # Errors
/// [`StoreError::Denied`] where it says of itself what its spec does not, which would never count, or nobody can read its spec.
pub(super) fn enlist(specs: &Specs, said: Enlistment) -> Result<Enlistment, StoreError> {
    must_be_read(specs, &said.agent)?;
    let Some((spec, agent)) = spec_of(specs, &said.agent) else { return Ok(said) };
    if let Some((beyond, option)) = beyond(agent, &said) {
        let what = format!("agent/{} is declared at {}, where {beyond}", said.agent, spec.place);
        let mend = format!("change it there by pull request, or leave out {option}: only its spec says what it can do");
        return Err(StoreError::Denied(format!("{what}; {mend}")));
    }
    Ok(Enlistment { dead_after: said.dead_after.or(dead_after(agent)), ..said })
}

/// What an agent says that goes beyond its spec, and by which option.
fn beyond(agent: &agent::Agent, said: &Enlistment) -> Option<(String, &'static str)> {
    let (roles, skills) = (roles(agent), skills(agent));
    if let Some(role) = said.roles.iter().find(|role| !roles.contains(*role)) {
        return Some((format!("it does not have the role `{role}`"), "--role"));
    }
    if let Some(skill) = said.skills.iter().find(|skill| !skills.contains(*skill)) {
        return Some((format!("it does not have the skill `{skill}`"), "--skill"));
    }
    if let (Some(most), Some(limit)) = (said.most, agent.max_concurrency)
        && most > limit
    {
        return Some((format!("it may hold {limit} at once, not {most} (maxConcurrency)"), "--max"));
    }
    match (said.dead_after, dead_after(agent)) {
        (Some(silence), Some(limit)) if silence > limit => {
            Some((format!("it may be silent for {limit}, not {silence} (heartbeat.deadAfter)"), "--dead-after"))
        }
        _ => None,
    }
}

/// The public keys that an agent's spec declares.
pub(super) fn keys(specs: &Specs, agent: &str) -> Vec<Key> {
    declared(specs, agent).map(agent::Agent::public_keys).unwrap_or_default()
}

/// Whether an agent is declared as a person.
pub(super) fn is_person(specs: &Specs, agent: &str) -> bool {
    declared(specs, agent).is_some_and(|agent| agent.human)
}

/// Every assignment, as far as it decides who may claim what.
pub(super) fn duties(specs: &Specs) -> Duties {
    Duties::new(specs.of_kind(Kind::Assignment).filter_map(duty).collect())
}

fn duty(spec: &Arc<Spec>) -> Option<Duty> {
    let Body::Assignment(assignment) = &spec.body else { return None };
    let assignment::Assignment { select, to, skills, wip, .. } = &**assignment;
    Some(Duty {
        spec: spec.id.clone(),
        select: select.0.clone(),
        to: to.id(None)?,
        skills: skills.iter().map(|skill| skill.as_str().into()).collect(),
        max: wip.as_ref().and_then(|wip| wip.max.as_ref().map(|max| **max)),
        per_agent: wip.as_ref().and_then(|wip| wip.per_agent.as_ref().map(|most| **most)),
    })
}

fn spec_of<'s>(specs: &'s Specs, agent: &str) -> Option<(&'s Arc<Spec>, &'s agent::Agent)> {
    let spec = specs.get(&SpecId::new(Kind::Agent, agent.parse::<Name>().ok()?))?;
    match &spec.body {
        Body::Agent(agent) => Some((spec, agent)),
        _ => None,
    }
}

/// Refuses an agent whose spec is there, and was never readable: what it may do is written there.
fn must_be_read(specs: &Specs, agent: &str) -> Result<(), StoreError> {
    let id = agent.parse::<Name>().ok().map(|name| SpecId::new(Kind::Agent, name));
    match id.filter(|id| specs.unread().ids.contains(id)) {
        Some(id) => {
            Err(StoreError::Denied(format!("{id} is declared, and its spec cannot be read; `abide validate` says why")))
        }
        None => Ok(()),
    }
}

fn declared<'s>(specs: &'s Specs, agent: &str) -> Option<&'s agent::Agent> {
    spec_of(specs, agent).map(|(_, agent)| agent)
}

fn roles(agent: &agent::Agent) -> BTreeSet<Arc<str>> {
    let roles = agent.roles.iter().filter_map(|role| role.id(Some(Kind::Role)));
    roles.map(|role| role.name.as_str().into()).collect()
}

fn skills(agent: &agent::Agent) -> BTreeSet<Arc<str>> {
    agent.skills.iter().map(|skill| skill.as_str().into()).collect()
}

/// Puts what its spec says of an agent in the place of what it has said itself, as a claim does.
pub(super) fn declare(specs: &Specs, said: &mut Enlistment) {
    let Some(agent) = declared(specs, &said.agent) else { return };
    said.roles = roles(agent).into_iter().collect();
    said.skills = skills(agent).into_iter().collect();
    said.most = most(agent, Some(said));
    said.dead_after = dead_after(agent).or(said.dead_after);
}

/// How many tasks an agent may hold at once: as many as its spec says, unless it wants fewer itself.
fn most(agent: &agent::Agent, said: Option<&Enlistment>) -> Option<u32> {
    [agent.max_concurrency, said.and_then(|said| said.most)].into_iter().flatten().min()
}

fn dead_after(agent: &agent::Agent) -> Option<Duration> {
    agent.heartbeat.as_ref()?.dead_after
}

fn site(affinity: Option<&agent::Affinity>) -> Option<Site> {
    let agent::Affinity { class, region, machine } = affinity?;
    let text = |text: &Option<String>| text.as_deref().map(Arc::from);
    Some(Site { class: class.map(|class| class.word().into()), region: text(region), machine: text(machine) })
}

/// The agents that name this one as their backup.
fn stands_in(specs: &Specs, agent: &str) -> BTreeSet<Arc<str>> {
    let names = |spec: &&Arc<Spec>| matches!(&spec.body, Body::Agent(other) if other.is_backed_by(agent));
    specs.of_kind(Kind::Agent).filter(names).map(|spec| spec.id.name.as_str().into()).collect()
}
