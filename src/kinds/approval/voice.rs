//! Everything that was said of a task to one policy, wherever it was said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::barred::Barred;
use super::delegation::speaks_for;
use super::identity::impostor;
use super::request::Request;
use super::{Approval, Bind, Requirement};
use crate::kinds::agent::Agent;
use crate::kinds::{Body, Spec, Specs};
use crate::model::{self, Ballot, Content, Denial, Digest, Kind, Name, Reason, Said, SpecId, Task, Timestamp, Vote};

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

    /// Whether it counts, as a yes.
    pub(super) fn is_yes(&self) -> bool {
        self.vote == Vote::Approved && self.fault.is_none()
    }
}

/// All verdicts on a task, as of a moment: of each person the last, and a no where it cannot be told which is the last.
pub(super) fn voices(request: &Request<'_>, as_of: Timestamp, recorded: Timestamp) -> Vec<Voice> {
    let barred = Barred::of(request.specs, request.policy, request.task);
    let mut found: Vec<Voice> = in_row(request, as_of).collect();
    found.extend(on_record(request, as_of, recorded));
    found.extend(in_specs(request, as_of));
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

fn in_row<'a>(request: &Request<'a>, as_of: Timestamp) -> impl Iterator<Item = Voice> + use<'a> {
    let request = request.clone();
    request.task.approvals.iter().map(move |approval| {
        let model::Approval { role, vote, by, at } = approval;
        let from = From::Row(role.clone());
        let late = at.filter(|at| *at > as_of).map(|at| {
            let words = if request.task.waits() { "is still to come" } else { "is after the start" };
            Denial::new(Reason::NotInTime, format!("the approval of {role} is dated {at}, which {words}"))
        });
        let seen = request.task.record.as_ref().and_then(|record| record.seen_by(request.id, approval));
        let stale = seen.and_then(|seen| {
            let whose = by.as_deref().unwrap_or(role);
            let to = SaidTo { content: &seen.content, version: seen.version, at: at.unwrap_or(seen.at).max(seen.at) };
            stale(&request, &to, (whose, vote.word()))
        });
        let ends = at.zip(request.policy.valid_for).map(|(at, valid)| at.plus(valid).plus(MOMENT));
        let ended = ends.filter(|ends| *ends <= as_of).map(|_| {
            let valid = request.policy.valid_for.map(|valid| valid.to_string()).unwrap_or_default();
            Denial::new(Reason::Expired, format!("the approval of {role} is older than {valid}"))
        });
        let fault = late.or(stale).or(ended);
        let voice = Voice {
            by: None,
            roles: BTreeSet::from([role.clone()]),
            lent: BTreeMap::new(),
            human: true,
            vote: *vote,
            at: *at,
            from,
            because: None,
            fault,
            turns: ends.filter(|ends| *ends > as_of),
        };
        let Some(by) = by else { return voice };
        // The column speaks for its role: whatever else they are, they said it as that, or as the people they are.
        let Some(agent) = agent(request.specs, by) else {
            let undeclared = Denial::new(Reason::Undeclared, format!("no spec declares agent/{by}"));
            return Voice { by: Some(by.clone()), roles: BTreeSet::new(), fault: Some(undeclared), ..voice };
        };
        let roles = approving_roles(request.specs, agent).filter(|own| own == role).collect();
        Voice { by: Some(by.clone()), roles, human: agent.human, ..voice }
    })
}

const MOMENT: model::Duration = model::Duration::from_millis(1);

fn on_record<'a>(
    request: &Request<'a>,
    as_of: Timestamp,
    recorded: Timestamp,
) -> impl Iterator<Item = Voice> + use<'a> {
    let request = request.clone();
    let ballots = request.task.record.as_ref().map_or(&[][..], |record| &record.ballots);
    ballots.iter().filter_map(move |ballot| {
        let Said::Vote(vote) = ballot.said else { return None };
        if ballot.policy != *request.id || ballot.at > recorded {
            return None;
        }
        let to = SaidTo { content: &ballot.content, version: ballot.version, at: ballot.at };
        let stale = || stale(&request, &to, (&ballot.by, ballot.said.word()));
        let fault = forged(ballot).or_else(stale).or_else(|| {
            let ended = ballot.expires.filter(|ends| *ends <= as_of)?;
            Some(Denial::new(Reason::Expired, format!("what {} said ran out at {ended}", ballot.by)))
        });
        let turns = ballot.expires.filter(|ends| *ends > as_of);
        named(&request, &ballot.by, as_of).map(|voice| Voice {
            vote,
            at: Some(ballot.at),
            from: From::Record,
            because: ballot.reason.clone(),
            // What was never said is nobody's, whoever they are.
            fault: fault.clone().filter(|it| it.reason == Reason::Forged).or(voice.fault).or(fault),
            turns: [voice.turns, turns].into_iter().flatten().min(),
            ..voice
        })
    })
}

/// That a ballot was put into the database or changed there, if so.
fn forged(ballot: &Ballot) -> Option<Denial> {
    (!ballot.is_borne_out).then(|| {
        let (by, said, nonce) = (&ballot.by, ballot.said.word(), &ballot.nonce);
        let words = format!("no row of the audit tells that {by} {said} it so, as the ballot `{nonce}` has it");
        Denial::new(Reason::Forged, words)
    })
}

/// What somebody said something to.
struct SaidTo<'s> {
    /// The task as it read.
    content: &'s Content,
    /// The policy as it read.
    version: Digest,
    /// When.
    at: Timestamp,
}

/// Why what was said is about something else than what there is now, if so.
fn stale(request: &Request<'_>, to: &SaidTo<'_>, (who, said): (&str, &str)) -> Option<Denial> {
    let task = request.task;
    // It asks something else since then, as far as that was seen yet.
    let when = request.asked().filter(|asked| *asked > to.at);
    let when = when.map(|at| format!(", as was seen at {at}")).unwrap_or_default();
    if to.version != request.version() {
        return Some(Denial::new(Reason::Changed, format!("{} has changed since {who} {said} it{when}", request.id)));
    }
    // What is noted in the context of a task as it is done is not what was approved.
    let is_same = *to.content == task.content || (!task.waits() && to.content.is_same_work(&task.content));
    (request.policy.bind == Bind::Content && !is_same).then(|| {
        let what = what_changed(&task.content, to.content);
        Denial::new(Reason::Changed, format!("{what} changed since {who} {said} it{when}"))
    })
}

/// The parts that have changed, in words.
pub(super) fn what_changed(now: &Content, before: &Content) -> String {
    match now.changed_since(before).as_slice() {
        [] => "the task has".to_owned(),
        [one] => format!("its {one} has"),
        [most @ .., last] => format!("its {} and {last} have", most.join(", ")),
    }
}

fn in_specs<'a>(request: &Request<'a>, as_of: Timestamp) -> impl Iterator<Item = Voice> + use<'a> {
    let request = request.clone();
    request.specs.approvals(&request.task.id.0).iter().filter_map(move |spec| {
        let Body::Approval(approval) = &spec.body else { return None };
        if approval.policy.id(Some(request.id.kind)).as_ref() != Some(request.id) {
            return None;
        }
        let by = approval.by.id(Some(Kind::Agent))?;
        let voice = named(&request, by.name.as_str(), as_of)?;
        let fault = voice.fault.clone().or_else(|| wrong(&request, spec, approval, as_of));
        let turns = Some(approval.expires.end()).filter(|ends| *ends > as_of);
        let turns = [voice.turns, turns].into_iter().flatten().min();
        let from = From::Document(spec.id.clone());
        let because = Some(approval.reason.as_str()).filter(|reason| !reason.is_empty()).map(Arc::from);
        Some(Voice { vote: approval.verdict.into(), at: None, from, because, fault, turns, ..voice })
    })
}

/// Why a document does not count, if so.
fn wrong(request: &Request<'_>, spec: &Spec, approval: &Approval, as_of: Timestamp) -> Option<Denial> {
    let by = approval.by.text();
    let seen = approval.digest.value.strip_prefix("sha256:").and_then(|hex| Digest::stored(&hex.to_lowercase()));
    if seen != Some(request.digest()) {
        let words = format!("the task or {} has changed since {by} approved it in {}", request.id, spec.id);
        return Some(Denial::new(Reason::Changed, words));
    }
    if as_of >= approval.expires.end() {
        return Some(Denial::new(Reason::Expired, format!("{} expired on {}", spec.id, approval.expires)));
    }
    let again = replayed(request, spec, approval);
    if again.is_some() {
        return again;
    }
    impostor(request, spec, approval.by.id(Some(Kind::Agent)).as_ref().map_or(by, |id| id.name.as_str()))
}

/// Whether its nonce was used before: in another document, whatever that is about, or in what is on record of the task.
fn replayed(request: &Request<'_>, spec: &Spec, approval: &Approval) -> Option<Denial> {
    let first = request.specs.first_of_nonce(&approval.nonce).filter(|first| **first != spec.id);
    let before = first.map(ToString::to_string);
    let recorded = || {
        let record = request.task.record.as_ref()?;
        let same = record.ballots.iter().any(|ballot| *ballot.nonce == *approval.nonce);
        same.then(|| "what is on record already".to_owned())
    };
    let before = before.or_else(recorded)?;
    Some(Denial::new(Reason::Replayed, format!("{} has the nonce of {before}, and counts once", spec.id)))
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
    let may =
        |role: &SpecId| matches!(specs.get(role).map(|spec| &spec.body), Some(Body::Role(role)) if role.may_approve);
    let roles = agent.roles.iter().filter_map(|role| role.id(Some(Kind::Role))).filter(may);
    roles.map(|role| Arc::from(role.name.as_str()))
}

/// Whether a requirement names somebody.
pub(super) fn named_in(requirement: &Requirement, name: &str) -> bool {
    let people = requirement.people.iter().flat_map(|people| &people.value);
    people.filter_map(|who| who.id(Some(Kind::Agent))).any(|id| id.name.as_str() == name)
}

/// What a task has on record for a policy: who broke the glass last, if anybody did.
pub(super) fn overriding<'t>(task: &'t Task, policy: &SpecId, as_of: Timestamp) -> Option<&'t Ballot> {
    let ballots = task.record.as_ref().map_or(&[][..], |record| &record.ballots);
    let is_of = |ballot: &Ballot| ballot.said == Said::Override && ballot.policy == *policy && ballot.at <= as_of;
    let of = |ballot: &&Ballot| ballot.is_borne_out && is_of(ballot);
    ballots.iter().rev().find(of)
}
