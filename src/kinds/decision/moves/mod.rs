//! What may happen to a decision from one commit to the next: its status moves one way only, and what was accepted is not
//! edited silently.

mod gone;
mod status;
#[cfg(test)]
mod tests;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Decision, Status};
use crate::diagnostic::{Diagnostic, Problem, Span};
use crate::kinds::common::Link;
use crate::kinds::{Body, Spec};
use crate::model::{Kind, Revision, SpecId};

/// Two states of the decisions of a tree.
pub struct Moves<'a> {
    /// The state before.
    pub from: &'a Revision,
    /// The decisions of the files that differ, as they were.
    pub before: &'a [Arc<Spec>],
    /// All decisions that can be read as they are now, each with the place of its name.
    pub now: Vec<(&'a Arc<Spec>, Span)>,
    /// Whether there still is a spec of that name, readable or not.
    pub is_declared: &'a dyn Fn(&SpecId) -> bool,
    /// Whether something that cannot be read may be what is missing from that file.
    pub may_hide: &'a dyn Fn(&Spec) -> bool,
    /// The files that had another content or were not there.
    pub touched: &'a BTreeSet<Arc<str>>,
}

/// One decision in one state.
type Side<'a> = (&'a Arc<Spec>, &'a Decision);

/// One decision in both states.
struct Pair<'a> {
    was: Side<'a>,
    is: Side<'a>,
    name_at: Span,
}

/// Says which moves are none that a decision can make.
pub fn lint(moves: &Moves<'_>) -> Vec<Diagnostic> {
    let states = States::of(moves);
    let mut said = Vec::new();
    for was in states.was.values() {
        match states.pair(*was) {
            Some(pair) => {
                said.extend(status::look(&states, &pair));
                said.extend(text::look(&states, &pair));
            }
            None if (moves.is_declared)(&was.0.id) || (moves.may_hide)(was.0) => {}
            None => said.extend(gone::look(moves.from, *was)),
        }
    }
    said
}

fn with_decision(spec: &Arc<Spec>) -> Option<Side<'_>> {
    match &spec.body {
        Body::Decision(decision) => Some((spec, &**decision)),
        _ => None,
    }
}

/// Both states with what must be looked up in them.
struct States<'a> {
    moves: &'a Moves<'a>,
    was: BTreeMap<&'a SpecId, Side<'a>>,
    is: BTreeMap<&'a SpecId, (Side<'a>, Span)>,
    /// The decisions that are new, by what they say.
    new: BTreeMap<text::Texts, &'a SpecId>,
    /// What a decision in force supersedes now.
    superseded: BTreeSet<SpecId>,
    /// What a decision in force amends now and did not before, so that nothing about it is silent.
    amended: BTreeSet<SpecId>,
}

impl<'a> States<'a> {
    fn of(moves: &'a Moves<'a>) -> Self {
        let was: BTreeMap<_, _> =
            moves.before.iter().filter_map(with_decision).map(|side| (&side.0.id, side)).collect();
        let now = moves.now.iter().filter_map(|(spec, at)| Some((with_decision(spec)?, *at)));
        let is: BTreeMap<_, _> = now.map(|(side, at)| (&side.0.id, (side, at))).collect();
        let touched = || is.values().map(|(side, _)| *side).filter(|side| moves.touched.contains(&side.0.place.file));
        let new = touched().filter(|side| !was.contains_key(&side.0.id));
        let new = new.map(|side| (text::texts(side), &side.0.id)).collect();
        let amended_before: BTreeSet<(&SpecId, SpecId)> =
            was.values().flat_map(|side| claims(*side, |it| &it.amends)).collect();
        let amended_now = touched().flat_map(|side| claims(side, |it| &it.amends));
        let amended = amended_now.filter(|claim| !amended_before.contains(claim)).map(|(_, to)| to).collect();
        let superseded = is.values().flat_map(|(side, _)| claims(*side, |it| &it.supersedes)).map(|(_, to)| to);
        let superseded = superseded.collect();
        Self { moves, was, is, new, superseded, amended }
    }

    /// The same decision now: the one of its name, or else the new one that says the same under another name.
    fn pair(&self, was: Side<'a>) -> Option<Pair<'a>> {
        let named = self.is.get(&was.0.id);
        let renamed = || {
            let gone = !(self.moves.is_declared)(&was.0.id);
            gone.then(|| self.new.get(&text::texts(was))).flatten().and_then(|id| self.is.get(id))
        };
        let (is, name_at) = named.or_else(renamed)?;
        Some(Pair { was, is: *is, name_at: *name_at })
    }
}

/// What a decision in force does to others.
fn claims<'a>(
    (spec, decision): Side<'a>,
    of: impl Fn(&'a Decision) -> &'a Vec<Link>,
) -> impl Iterator<Item = (&'a SpecId, SpecId)> {
    let holds = *decision.status == Status::Accepted;
    let links = of(decision).iter().filter(move |_| holds);
    links.filter_map(move |link| Some((&spec.id, link.id(Some(Kind::Decision))?)))
}

fn diagnostic(spec: &Spec, problem: Problem) -> Diagnostic {
    Diagnostic { file: spec.place.file.clone(), spec: Some(spec.id.to_string().into()), problem }
}
