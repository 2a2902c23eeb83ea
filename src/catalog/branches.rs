//! What branches say of decisions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Change;
use super::file::FileRead;
use super::source::SourceFile;
use crate::kinds::decision::Decision;
use crate::kinds::decision::branches::{family, superseded};
use crate::kinds::{Body, Spec};
use crate::model::{BranchClaim, Name};

/// What the decisions of a branch take for themselves by what it changed. A decision that cannot be read takes nothing.
pub fn branch_claims(branch: &Arc<str>, change: &Change) -> Vec<BranchClaim> {
    let (before, after) = (decisions(&change.before), decisions(&change.after));
    let held = |spec: &Spec, number: u32| {
        let same = |(other, decision): &(Arc<Spec>, Taken)| {
            family(&other.place.file) == family(&spec.place.file) && decision.number == Some(number)
        };
        // What a decision had that is gone or counts otherwise now was given on, and is nothing new.
        let gone = |(other, _): &&(Arc<Spec>, Taken)| {
            after.get(&other.id.name).is_none_or(|(_, now)| now.number != Some(number))
        };
        before.values().filter(|it| same(it)).any(|it| it.0.id.name == spec.id.name || gone(&it))
    };
    let mut claims = Vec::new();
    for (name, (spec, own)) in &after {
        let number = own.number.filter(|number| !held(spec, *number));
        let known = before.get(name).map(|(_, was)| &was.supersedes);
        let new = |older: &&Name| known.is_none_or(|known| !known.contains(*older));
        let supersedes: Vec<Name> = own.supersedes.iter().filter(new).cloned().collect();
        if number.is_some() || !supersedes.is_empty() {
            let (branch, decision, place) = (branch.clone(), name.clone(), spec.place.clone());
            claims.push(BranchClaim { branch, decision, number, supersedes, place });
        }
    }
    claims
}

/// What can collide of a decision.
struct Taken {
    number: Option<u32>,
    supersedes: BTreeSet<Name>,
}

impl Taken {
    fn of(decision: &Decision) -> Self {
        Self { number: decision.number.map(|number| number.value), supersedes: superseded(decision) }
    }
}

fn decisions(files: &BTreeMap<Arc<str>, SourceFile>) -> BTreeMap<Name, (Arc<Spec>, Taken)> {
    let documents = files.iter().flat_map(|(path, file)| FileRead::new(path, file).documents);
    let specs = documents.filter_map(|document| document.spec);
    let decisions = specs.filter_map(|spec| match &spec.body {
        Body::Decision(decision) => Some((spec.id.name.clone(), (spec.clone(), Taken::of(decision)))),
        _ => None,
    });
    decisions.collect()
}
