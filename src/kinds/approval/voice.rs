//! Everything that was said of a task to one policy, wherever it was said.

mod document;
mod record;
mod row;
mod stale;

pub(super) use stale::SLACK;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Requirement;
use super::barred::Barred;
use super::delegation::speaks_for;
use super::request::Request;
use crate::kinds::agent::Agent;
use crate::kinds::{Body, Specs};
use crate::model::{Ballot, Denial, Kind, Name, Reason, Said, SpecId, Task, Timestamp, Vote};

/// One verdict on one task.
#[derive(Debug, Clone)]
pub struct Voice {
    /// Who, where it is known.
    pub by: Option<Arc<str>>,
    /// The roles of their own for which it counts.
    pub(super) roles: BTreeSet<Arc<str>>,
    /// The people for whom they speak, each with the roles that they lend.
    pub(super) lent: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
    /// Whether it is a person's.
    pub human: bool,
    /// Yes or no.
    pub vote: Vote,
    /// When, where it is known.
    pub at: Option<Timestamp>,
    /// Where it stands.
    pub from: From,
    /// Why, as they say.
    pub because: Option<Arc<str>>,
    /// Why it does not count, if so.
    pub fault: Option<Denial>,
    /// When time alone makes it count or cease to.
    pub turns: Option<Timestamp>,
}

/// Where a verdict stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// In the task's own row, in the column of that role.
    Row(Arc<str>),
    /// In the specs: this document.
    Document(SpecId),
    /// On Abide's record: somebody said it by a command.
    Record,
}

impl Voice {
    /// Whether it is that person's, or said for them.
    pub(super) fn is_of(&self, name: &str) -> bool {
        self.by.as_deref() == Some(name) || self.lent.contains_key(name)
    }

    /// Whether it counts for a role.
    pub(super) fn has_role(&self, role: &str) -> bool {
        self.roles.contains(role) || self.lent.values().any(|roles| roles.contains(role))
    }

    /// Who, in words.
    pub fn who(&self) -> String {
        match (&self.by, &self.from) {
            (Some(by), _) => {
                let others: Vec<&str> = self.lent.keys().map(|name| &**name).collect();
                if others.is_empty() { by.to_string() } else { format!("{by} (for {})", others.join(", ")) }
            }
            (None, From::Row(role)) => role.to_string(),
            (None, _) => "somebody".to_owned(),
        }
    }

    /// Whether it counts, as a no.
    pub(super) fn is_no(&self) -> bool {
        self.vote == Vote::Rejected && self.fault.is_none()
    }

    /// Whether it is a no that came by a moment, after what it was wanted for: a review.
    pub(super) fn is_late_no(&self, now: Timestamp) -> bool {
        let is_late = self.fault.as_ref().is_some_and(|fault| fault.reason == Reason::NotInTime);
        self.vote == Vote::Rejected && is_late && self.at.is_some_and(|at| at <= now)
    }

    /// Whether it counts, as a yes.
    pub(super) fn is_yes(&self) -> bool {
        self.vote == Vote::Approved && self.fault.is_none()
    }
}

/// All verdicts on a task, as of a moment: of each person the last, and a no where it cannot be told which is the last.
pub(super) fn voices(request: &Request<'_>, as_of: Timestamp, recorded: Timestamp) -> Vec<Voice> {
    let barred = Barred::of(request.specs, request.policy, request.task);
    let mut found: Vec<Voice> = row::in_row(request, as_of).collect();
    found.extend(record::on_record(request, as_of, recorded));
    found.extend(document::in_specs(request, as_of));
    for voice in &mut found {
        bar(voice, &barred);
    }
    apart(latest(found))
}

/// Takes away what somebody may not say: their own voice, or that of those for whom they speak.
fn bar(voice: &mut Voice, barred: &Barred) {
    voice.lent.retain(|name, _| barred.why(name).is_none());
    let why = voice.by.as_ref().and_then(|by| barred.why(by));
    if let (Some(why), None) = (why, &voice.fault) {
        voice.fault = Some(why.clone());
    }
}

/// Of each person the last; what does not count is kept beside it, for those who look.
fn latest(voices: Vec<Voice>) -> Vec<Voice> {
    let mut last: BTreeMap<Arc<str>, Voice> = BTreeMap::new();
    let (mut kept, mut faulty) = (Vec::new(), Vec::new());
    for voice in voices {
        match voice.by.clone() {
            _ if voice.fault.is_some() => faulty.push(voice),
            None => kept.push(voice),
            Some(by) => {
                let is_later = last.get(&by).is_none_or(|before| match (before.at, voice.at) {
                    (Some(before), Some(now)) => now >= before,
                    _ => voice.vote == Vote::Rejected,
                });
                if is_later {
                    last.insert(by, voice);
                }
            }
        }
    }
    // What somebody says again takes the place of what ran out or was voided.
    faulty.retain(|voice| voice.by.as_ref().is_none_or(|by| !last.contains_key(by)));
    kept.extend(last.into_values());
    kept.extend(faulty);
    kept
}

/// Sees to it that nobody is counted twice: a person who speaks themselves, or for whom another does, is not spoken for again.
fn apart(mut voices: Vec<Voice>) -> Vec<Voice> {
    let mut spoken: BTreeSet<Arc<str>> =
        voices.iter().filter(|voice| voice.fault.is_none()).filter_map(|voice| voice.by.clone()).collect();
    for voice in voices.iter_mut().filter(|voice| voice.fault.is_none()) {
        voice.lent.retain(|name, _| spoken.insert(name.clone()));
    }
    voices
}

/// What somebody who is named may say: for themselves and for those for whom they speak. Nobody who is not declared may say
/// anything, and only people say yes.
pub(super) fn named(request: &Request<'_>, name: &str, as_of: Timestamp) -> Option<Voice> {
    let specs = request.specs;
    let mut voice = Voice {
        by: Some(name.into()),
        roles: BTreeSet::new(),
        lent: BTreeMap::new(),
        human: false,
        vote: Vote::Approved,
        at: None,
        from: From::Record,
        because: None,
        fault: None,
        turns: None,
    };
    let Some(agent) = agent(specs, name) else {
        voice.fault = Some(Denial::new(Reason::Undeclared, format!("no spec declares agent/{name}")));
        return Some(voice);
    };
    voice.human = agent.human;
    voice.roles = approving_roles(specs, agent).collect();
    if !agent.human {
        let words = format!("agent/{name} is an AI agent, and only people approve");
        voice.fault = Some(Denial::new(Reason::NotHuman, words));
        return Some(voice);
    }
    let (givers, turns) = speaks_for(specs, name, request.id, as_of);
    for giver in givers {
        if let Some(agent) = self::agent(specs, &giver) {
            voice.lent.insert(giver, approving_roles(specs, agent).collect());
        }
    }
    voice.turns = turns;
    Some(voice)
}

/// The agent of that name, if one is declared.
pub(super) fn agent<'s>(specs: &'s Specs, name: &str) -> Option<&'s Agent> {
    match &specs.get(&SpecId::new(Kind::Agent, name.parse::<Name>().ok()?))?.body {
        Body::Agent(agent) => Some(agent),
        _ => None,
    }
}

/// The roles of an agent that may approve.
pub(super) fn approving_roles<'s>(specs: &'s Specs, agent: &'s Agent) -> impl Iterator<Item = Arc<str>> + use<'s> {
    let roles = agent.roles.iter().filter_map(|role| role.id(Some(Kind::Role)));
    roles.filter(|role| may_approve(specs, role.name.as_str())).map(|role| Arc::from(role.name.as_str()))
}

/// Whether those who have a role may approve.
fn may_approve(specs: &Specs, role: &str) -> bool {
    let id = role.parse::<Name>().ok().map(|name| SpecId::new(Kind::Role, name));
    matches!(id.and_then(|id| specs.get(&id)).map(|spec| &spec.body), Some(Body::Role(role)) if role.may_approve)
}

/// Whether a requirement names somebody.
pub(super) fn named_in(requirement: &Requirement, name: &str) -> bool {
    let people = requirement.people.iter().flat_map(|people| &people.value);
    people.filter_map(|who| who.id(Some(Kind::Agent))).any(|id| id.name.as_str() == name)
}

/// Why the glass that somebody broke lets the task start no more, if so: like a yes, it is bound to what there was to see.
pub(super) fn mended(request: &Request<'_>, glass: &Ballot) -> Option<Denial> {
    if request.policy.break_glass.is_none() {
        let words = format!("{} lets nobody go ahead without a yes any more", request.id);
        return Some(Denial::new(Reason::NoBreakGlass, words));
    }
    let to = stale::SaidTo { content: &glass.content, version: glass.version, at: glass.at };
    stale::stale(request, &to, (&glass.by, "broke the glass for"))
}

/// What a task has on record for a policy: who broke the glass last, if anybody did.
pub(super) fn overriding<'t>(task: &'t Task, policy: &SpecId, as_of: Timestamp) -> Option<&'t Ballot> {
    let ballots = task.record.as_ref().map_or(&[][..], |record| &record.ballots);
    // Keys come again where rows are deleted: what was said before this task came to be was said of another.
    let is_in_time = |ballot: &Ballot| ballot.at <= as_of && ballot.at.plus(SLACK) >= task.created;
    let is_of = |ballot: &Ballot| ballot.said == Said::Override && ballot.policy == *policy && is_in_time(ballot);
    let of = |ballot: &&Ballot| ballot.is_borne_out && is_of(ballot);
    ballots.iter().rev().find(of)
}
