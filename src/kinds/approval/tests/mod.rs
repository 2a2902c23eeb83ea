//! The grammar against an obvious reference, and each way in which somebody's word does not count.

mod cheats;
mod grammar;
mod rows;
mod signed;
mod windows;

use std::sync::Arc;

use super::{Assessed, Request};
use crate::catalog::{Catalog, SourceTree, load};
use crate::kinds::{Body, Specs};
use crate::model::{Asked, Ballot, Content, OnRecord, Said, Task, TaskId, TaskStatus, Timestamp, Vote};

/// A moment to begin at.
pub(super) const NOW: Timestamp = Timestamp::from_millis(1_772_445_600_000);

/// Roles architect and product-owner; Ada and Bob are architects, Po the product owner and an architect, Kim owns dev-1, which
/// is an architect by mistake.
const PEOPLE: [(&str, &str, &str); 8] = [
    ("Role", "architect", "{mayApprove: true}"),
    ("Role", "product-owner", "{mayApprove: true}"),
    ("Role", "developer", "{}"),
    ("Agent", "ada", "{human: true, roles: [architect]}"),
    ("Agent", "bob", "{human: true, roles: [architect]}"),
    ("Agent", "po", "{human: true, roles: [product-owner, architect]}"),
    ("Agent", "kim", "{human: true, roles: [architect]}"),
    ("Agent", "dev-1", "{roles: [architect]}"),
];

/// The specs of these people, of more documents, and of a policy `deploys`.
pub(super) fn specs(policy: &str, more: &[(&str, &str, &str)]) -> Arc<Specs> {
    let policy = [("ApprovalPolicy", "deploys", policy)];
    let all = PEOPLE.iter().filter(|(_, name, _)| !more.iter().any(|(_, other, _)| other == name));
    let text: String = all
        .chain(more)
        .chain(&policy)
        .map(|(kind, name, spec)| {
            let owner = if *name == "dev-1" { ", owner: agent/kim" } else { "" };
            format!("apiVersion: abide.dev/v1\nkind: {kind}\nmetadata: {{name: {name}{owner}}}\nspec: {spec}\n---\n")
        })
        .collect();
    let (catalog, said) =
        load(&SourceTree::of_texts([("specs/a.yaml", text)]), &Catalog::empty(), Timestamp::default());
    assert_eq!(said, [], "{policy:?}");
    catalog.specs
}

/// A pending task of type deploy.
pub(super) fn task() -> Task {
    Task {
        id: TaskId::from("1"),
        kind: "deploy".into(),
        title: "a".into(),
        role: None,
        agent: None,
        author: None,
        status: TaskStatus::Pending,
        severity: crate::model::Severity::Medium,
        labels: std::collections::BTreeMap::new(),
        created: NOW,
        claimed: None,
        started: None,
        finished: None,
        approvals: Vec::new(),
        record: None,
        content: Content::titled("a"),
        own: false,
    }
}

/// What the policy asks about a task, as of a moment.
pub(super) fn assess(specs: &Specs, task: &Task, at: Timestamp) -> Assessed {
    with_request(specs, task, |request| request.assess(at))
}

pub(super) fn with_request<T>(specs: &Specs, task: &Task, then: impl FnOnce(&Request<'_>) -> T) -> T {
    let spec = specs.get(&"approvalpolicy/deploys".parse().unwrap()).unwrap();
    let Body::ApprovalPolicy(policy) = &spec.body else { panic!("no policy") };
    then(&Request::new(specs, spec, policy, task))
}

/// A ballot on the task as it reads now.
pub(super) fn ballot(specs: &Specs, task: &Task, by: &str, said: Said) -> Ballot {
    Ballot {
        nonce: format!("{by}-{}", said.word()).into(),
        policy: "approvalpolicy/deploys".parse().unwrap(),
        said,
        by: by.into(),
        at: NOW,
        expires: None,
        content: task.content,
        version: with_request(specs, task, |request| request.version()),
        revision: "".into(),
        is_signed: false,
        reason: None,
        is_borne_out: true,
    }
}

/// The task with what these people have said on record.
pub(super) fn said_by(specs: &Specs, task: &Task, votes: &[(&str, Vote)]) -> Task {
    let ballots = votes.iter().map(|(by, vote)| ballot(specs, task, by, Said::Vote(*vote))).collect();
    let asked = vec![Asked { policy: "approvalpolicy/deploys".parse().unwrap(), since: NOW, stood: NOW, used: None }];
    Task { record: Some(Arc::new(OnRecord { asked, ballots, seen: Vec::new() })), ..task.clone() }
}
