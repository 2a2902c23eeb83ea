//! All policies of a catalog, ready to be asked about one task after another.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::request::{Assessed, Request};
use super::{ApprovalPolicy, When};
use crate::kinds::{Body, Spec, Specs};
use crate::model::{Digest, Hasher, Kind, Name, Reason, SpecId, Spent, Task, TaskId, Timestamp};

/// A policy that asks, or a freeze that does while a budget is short.
#[derive(Debug, Clone)]
pub struct Asking {
    /// The spec.
    pub spec: Arc<Spec>,
    /// What it asks.
    pub policy: Arc<ApprovalPolicy>,
    /// What must be short of budget, any of it, for it to ask; nothing where it always does.
    while_short: Vec<Arc<str>>,
}

/// All policies of a catalog. Cheap to clone; equal where they come to the same.
#[derive(Clone)]
pub struct Gates(Arc<Compiled>);

struct Compiled {
    specs: Arc<Specs>,
    askings: Vec<Asking>,
    by_type: FxHashMap<Arc<str>, Vec<usize>>,
    any_type: Vec<usize>,
    digest: Digest,
    revision: Arc<str>,
}

impl std::fmt::Debug for Gates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gates({} at {})", self.digest().short(10), self.revision())
    }
}

impl Default for Gates {
    /// Nothing asks for anything.
    fn default() -> Self {
        Self::of(Arc::default(), "")
    }
}

impl PartialEq for Gates {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.digest() == other.digest()
    }
}

impl Gates {
    /// The policies of these specs, which are those of that commit.
    pub fn of(specs: Arc<Specs>, revision: &str) -> Self {
        let askings: Vec<Asking> = policies(&specs).chain(freezes(&specs)).collect();
        let mut by_type: FxHashMap<Arc<str>, Vec<usize>> = FxHashMap::default();
        let mut any_type = Vec::new();
        for (at, asking) in askings.iter().enumerate() {
            match asking.policy.select.0.literal_types() {
                Some(types) => {
                    for name in types.into_iter().collect::<BTreeSet<_>>() {
                        by_type.entry(name.clone()).or_default().push(at);
                    }
                }
                None => any_type.push(at),
            }
        }
        let digest = digest(&specs);
        Self(Arc::new(Compiled { specs, askings, by_type, any_type, digest, revision: revision.into() }))
    }

    /// What decides how requests stand, as one digest: policies, approvals, and who is who.
    pub fn digest(&self) -> Digest {
        self.0.digest
    }

    /// The commit whose specs they are.
    pub fn revision(&self) -> &Arc<str> {
        &self.0.revision
    }

    /// Whether nothing asks.
    pub fn is_empty(&self) -> bool {
        self.0.askings.is_empty()
    }

    /// Who is who.
    pub fn specs(&self) -> &Specs {
        &self.0.specs
    }

    /// What asks about a task, in order of kind and name.
    pub fn requests<'g>(&'g self, task: &'g Task, spent: &Spent, now: Timestamp) -> Vec<Request<'g>> {
        let inner = &*self.0;
        let typed = inner.by_type.get(&task.kind).into_iter().flatten();
        let mut places: Vec<usize> = typed.chain(&inner.any_type).copied().collect();
        places.sort_unstable();
        let askings = places.into_iter().map(|at| &inner.askings[at]);
        let asks = askings.filter(|asking| asking.asks(task, spent, now));
        asks.map(|asking| Request::new(&inner.specs, &asking.spec, &asking.policy, task)).collect()
    }

    /// Every request about a task with how it stands.
    pub fn assess<'g>(&'g self, task: &'g Task, spent: &Spent, now: Timestamp) -> Vec<(Request<'g>, Assessed)> {
        let requests = self.requests(task, spent, now).into_iter();
        requests.map(|request| (request.clone(), request.stands(now))).collect()
    }

    /// Which policy keeps a task from starting in the hands of an agent, and why: whoever owns the agent, or is it, agrees to
    /// nothing that it does.
    pub fn closed_to(&self, task: &Task, agent: &Arc<str>, spent: &Spent, now: Timestamp) -> Option<(SpecId, String)> {
        let task = Task { agent: Some(agent.clone()), ..task.clone() };
        let closed = self.assess(&task, spent, now).into_iter().find(|(_, it)| !it.state.is_open())?;
        let (request, assessed) = closed;
        let faults = assessed.voices.iter().filter_map(|voice| voice.fault.as_ref());
        let mut barred = faults.filter(|fault| matches!(fault.reason, Reason::Own | Reason::Owned));
        let why = barred
            .next()
            .map(|fault| fault.words.clone())
            .or(assessed.why)
            .unwrap_or_else(|| format!("not enough have agreed for agent/{agent}"));
        Some((request.id.clone(), why))
    }

    /// The tasks that approvals in the specs name.
    pub fn named(&self) -> BTreeSet<TaskId> {
        let task = |spec: &Arc<Spec>| match &spec.body {
            Body::Approval(approval) => Some(TaskId(approval.task.clone())),
            _ => None,
        };
        self.0.specs.of_kind(Kind::Approval).filter_map(task).collect()
    }
}

impl Asking {
    fn asks(&self, task: &Task, spent: &Spent, now: Timestamp) -> bool {
        let is_short = self.while_short.is_empty() || self.while_short.iter().any(|name| spent.has(name));
        let holds = |when: &When| when.holds_of(task);
        is_short && self.policy.select.0.matches_at(task, now) && self.policy.when.as_ref().is_none_or(holds)
    }
}

fn policies(specs: &Specs) -> impl Iterator<Item = Asking> {
    specs.of_kind(Kind::ApprovalPolicy).filter_map(|spec| {
        let Body::ApprovalPolicy(policy) = &spec.body else { return None };
        let budgets = policy.when.as_ref().and_then(When::budgets).unwrap_or_default();
        let while_short = budgets.iter().map(Spent::level).collect();
        Some(Asking { spec: spec.clone(), policy: Arc::new(ApprovalPolicy::clone(policy)), while_short })
    })
}

fn freezes(specs: &Specs) -> impl Iterator<Item = Asking> {
    let steps = specs.of_kind(Kind::ErrorBudgetPolicy).flat_map(|spec| match &spec.body {
        Body::ErrorBudgetPolicy(policy) => {
            policy.steps.iter().enumerate().map(|(at, step)| (spec.clone(), at, step)).collect::<Vec<_>>()
        }
        _ => Vec::new(),
    });
    steps.filter_map(|(spec, at, step)| {
        let freeze = step.freeze.as_ref()?;
        let policy = freeze.policy(&format!("the error budget is short ({})", spec.id));
        let while_short = vec![Spent::step(&spec.id, at)];
        Some(Asking { spec, policy: Arc::new(policy), while_short })
    })
}

fn digest(specs: &Specs) -> Digest {
    let kinds = [Kind::ErrorBudgetPolicy, Kind::Role, Kind::Agent, Kind::ApprovalPolicy, Kind::Approval];
    let all = kinds.into_iter().flat_map(|kind| specs.of_kind(kind));
    all.fold(Hasher::default(), |hasher, spec| hasher.part(spec.id.to_string()).part(spec.digest())).finish()
}

/// Who is asked by a reference: a role or an agent.
pub(super) fn who(link: &crate::kinds::common::Link) -> Option<SpecId> {
    link.id(None).or_else(|| Some(SpecId::new(Kind::Role, link.text().parse::<Name>().ok()?)))
}
