//! What branches say of decisions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Change;
use super::file::FileRead;
use super::source::SourceFile;
use crate::kinds::decision::Decision;
use crate::kinds::decision::branches::{family, superseded};
use crate::kinds::{Body, Document, Identity, Spec};
use crate::model::{BranchClaim, BranchesSeen, Kind, Name, Place};

/// What the decisions of a branch take for themselves by what it changed. What one takes that cannot be read is not known.
pub fn branch_claims(branch: &Arc<str>, change: &Change) -> BranchesSeen {
    let (before, after) = (read(&change.before), read(&change.after));
    let unread = after.iter().flat_map(unread).map(|place| (branch.clone(), place)).collect();
    let (before, after) = (decisions(&before), decisions(&after));
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
    BranchesSeen { claims, unread }
}

fn read(files: &BTreeMap<Arc<str>, SourceFile>) -> Vec<(Arc<str>, FileRead)> {
    files.iter().map(|(path, file)| (path.clone(), FileRead::new(path, file))).collect()
}

/// Where decisions stand in a file that cannot be read, and files that may hold one.
fn unread((path, file): &(Arc<str>, FileRead)) -> Vec<Place> {
    let is_decision = |document: &&Document| match &document.identity {
        Identity::Spec(id, _) => id.kind == Kind::Decision,
        Identity::Unreadable => true,
        Identity::Foreign => false,
    };
    let broken = file.documents.iter().filter(|document| document.spec.is_none()).filter(is_decision);
    let lines: Vec<u32> = broken.map(|document| document.span.line).collect();
    let whole = (lines.is_empty() && file.blind).then_some(1);
    lines.into_iter().chain(whole).map(|line| Place { file: path.clone(), line }).collect()
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

fn decisions(files: &[(Arc<str>, FileRead)]) -> BTreeMap<Name, (Arc<Spec>, Taken)> {
    let specs = files.iter().flat_map(|(_, file)| &file.documents).filter_map(|document| document.spec.clone());
    let decisions = specs.filter_map(|spec| match &spec.body {
        Body::Decision(decision) => Some((spec.id.name.clone(), (spec.clone(), Taken::of(decision)))),
        _ => None,
    });
    decisions.collect()
}
