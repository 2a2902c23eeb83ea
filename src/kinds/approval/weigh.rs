//! What voices come to: whether a requirement is met, and what of it is.

use super::distinct;
use super::requirement::{Form, Requirement};
use super::voice::Voice;
use crate::model::{Kind, SpecId, Vote};

/// A requirement with what has been said to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// What is required, in words; of a group only how its parts go together.
    pub words: String,
    /// Whether it is met.
    pub is_met: bool,
    /// Of people: who has said yes.
    pub yes: Vec<String>,
    /// Of people: how many more are wanted.
    pub missing: u32,
    /// The parts of a group.
    pub parts: Vec<Self>,
}

impl Tree {
    /// Everybody whose yes counts for some part of it.
    pub fn agreeing(&self) -> Vec<&str> {
        let own = self.yes.iter().map(String::as_str);
        own.chain(self.parts.iter().flat_map(Self::agreeing)).collect()
    }
}

/// Whether a voice counts for people of a role, or for people who are named.
pub(super) fn counts(requirement: &Requirement, voice: &Voice) -> bool {
    let role = requirement.role.as_ref().and_then(|role| role.id(Some(Kind::Role)));
    let of_role = role.is_some_and(|role| voice.has_role(role.name.as_str()));
    let named = || requirement.people.iter().flat_map(|people| &people.value);
    let of_people = named().filter_map(|who| who.id(Some(Kind::Agent))).any(|id| voice.is_of(id.name.as_str()));
    (of_role || of_people) && (voice.human || !requirement.human)
}

/// Whether a voice is of anybody who is asked.
pub(super) fn is_asked(requirement: &Requirement, voice: &Voice) -> bool {
    counts(requirement, voice) || requirement.parts().iter().any(|part| is_asked(part, voice))
}

/// Whether these voices, each of another person and each a yes, meet a requirement.
pub(super) fn is_met(requirement: &Requirement, voices: &[&Voice]) -> bool {
    if requirement.distinct {
        return distinct::is_met(requirement, voices);
    }
    match requirement.form() {
        Form::Group(count, parts) => {
            parts.iter().filter(|part| is_met(part, voices)).take(count as usize).count() == count as usize
        }
        Form::People(count) => people(requirement, voices) >= count as usize,
    }
}

/// How many different people count for a requirement. Somebody whom nothing names may be any of the others.
fn people(requirement: &Requirement, voices: &[&Voice]) -> usize {
    let counting = voices.iter().filter(|voice| counts(requirement, voice));
    let (named, unnamed) = counting.fold((0, 0), |(named, unnamed), voice| match voice.by {
        Some(_) => (named + 1, unnamed),
        None => (named, 1),
    });
    named.max(unnamed)
}

/// What of a requirement is met.
pub(super) fn tree(requirement: &Requirement, voices: &[&Voice]) -> Tree {
    let is_met = is_met(requirement, voices);
    match requirement.form() {
        Form::Group(count, parts) => {
            let apart = if requirement.distinct { ", by different people" } else { "" };
            let words = match (count as usize, parts.len()) {
                (count, all) if count == all => format!("all of{apart}"),
                (1, _) => "any of".to_owned(),
                (count, _) => format!("at least {count} of{apart}"),
            };
            let parts = parts.iter().map(|part| tree(part, voices)).collect();
            Tree { words, is_met, yes: Vec::new(), missing: 0, parts }
        }
        Form::People(count) => {
            let yes: Vec<String> =
                voices.iter().filter(|voice| counts(requirement, voice)).map(|voice| voice.who()).collect();
            let different = u32::try_from(people(requirement, voices)).unwrap_or(u32::MAX);
            let missing = count.saturating_sub(different);
            let human = if requirement.human { ", a person" } else { "" };
            Tree { words: requirement.words() + human, is_met, yes, missing, parts: Vec::new() }
        }
    }
}

/// The first no of somebody who is asked.
pub(super) fn refusal<'v>(requirement: &Requirement, voices: &'v [Voice]) -> Option<&'v Voice> {
    let no = |voice: &&Voice| voice.vote == Vote::Rejected && voice.fault.is_none() && is_asked(requirement, voice);
    voices.iter().find(no)
}

/// The roles and people of the parts that are not met.
pub(super) fn missing(requirement: &Requirement, voices: &[&Voice]) -> Vec<SpecId> {
    if is_met(requirement, voices) {
        return Vec::new();
    }
    match requirement.form() {
        Form::Group(_, parts) => parts.iter().flat_map(|part| missing(part, voices)).collect(),
        Form::People(_) => {
            let role = requirement.role.iter().filter_map(|role| role.id(Some(Kind::Role)));
            let people = requirement.people.iter().flat_map(|people| &people.value);
            let people = people.filter_map(|who| who.id(Some(Kind::Agent)));
            // Whoever has said yes is waited for no longer.
            role.chain(people.filter(|id| !voices.iter().any(|voice| voice.is_of(id.name.as_str())))).collect()
        }
    }
}
