//! All readable specs, and the look-ups across them that rules need.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::approval::Delegation;
use super::slo::{BurnRate, ErrorBudgetPolicy, Which};
use super::{Body, Spec, assignment, decision};
use crate::diagnostic::Spanned;
use crate::model::{Chosen, Kind, Name, Provenance, SpecId, Task, Timestamp, most_specific};

/// The readable specs of a catalog by their identity, with indexes for what rules look up across specs.
#[derive(Debug, Clone, Default)]
pub struct Specs {
    by_id: BTreeMap<SpecId, Arc<Spec>>,
    /// How many specs of a kind have a title.
    titles: FxHashMap<(Kind, Arc<str>), usize>,
    assignments: AssignmentIndex,
    successors: BTreeMap<Name, Vec<Arc<Spec>>>,
    approvals: FxHashMap<Arc<str>, Vec<Arc<Spec>>>,
    /// The first document of each nonce.
    nonces: FxHashMap<String, SpecId>,
    delegating: Vec<Arc<Spec>>,
    budgets: BudgetIndex,
    unread: Unread,
    provenance: BTreeMap<SpecId, Provenance>,
    sightings: BTreeMap<Arc<str>, Timestamp>,
}

/// What the tree has but nobody could read, in this version or an earlier one.
#[derive(Debug, Clone, Default)]
pub struct Unread {
    /// Specs whose head could be read.
    pub ids: BTreeSet<SpecId>,
    /// Files in which there may be specs that nobody knows of.
    pub files: BTreeSet<Arc<str>>,
}

/// Which assignment selects a task.
#[derive(Debug, Clone)]
pub enum Assigned<'a> {
    /// None.
    No,
    /// This one.
    By(&'a Arc<Spec>),
    /// Several, equally specific.
    Tied(Vec<&'a Arc<Spec>>),
}

/// Assignments by the task types that they write out in full; the others must be tried for every task.
#[derive(Debug, Clone, Default)]
struct AssignmentIndex {
    by_type: FxHashMap<Arc<str>, Vec<Arc<Spec>>>,
    any_type: Vec<Arc<Spec>>,
}

/// Error budget policies by the service levels that they name; the others must be tried.
#[derive(Debug, Clone, Default)]
struct BudgetIndex {
    by_name: FxHashMap<SpecId, Vec<Arc<Spec>>>,
    by_labels: Vec<Arc<Spec>>,
}

impl Specs {
    /// Indexes the specs.
    pub fn new(specs: impl IntoIterator<Item = Arc<Spec>>, unread: Unread) -> Self {
        let by_id: BTreeMap<SpecId, Arc<Spec>> = specs.into_iter().map(|spec| (spec.id.clone(), spec)).collect();
        let mut all = Self { by_id, unread, ..Self::default() };
        for spec in all.by_id.values() {
            if let Some(title) = &spec.head.title {
                *all.titles.entry((spec.id.kind, title.as_str().into())).or_default() += 1;
            }
            match &spec.body {
                Body::Assignment(assignment) => all.assignments.add(spec, assignment),
                Body::Decision(decision) if *decision.status == decision::Status::Accepted => {
                    for name in decision.supersedes.iter().filter_map(|link| link.id(Some(Kind::Decision))) {
                        all.successors.entry(name.name).or_default().push(spec.clone());
                    }
                }
                Body::Approval(approval) => {
                    all.approvals.entry(approval.task.clone()).or_default().push(spec.clone());
                    all.nonces.entry(approval.nonce.clone()).or_insert_with(|| spec.id.clone());
                }
                Body::Agent(agent) if !agent.delegates.is_empty() => all.delegating.push(spec.clone()),
                Body::ErrorBudgetPolicy(policy) => all.budgets.add(spec, &policy.slos),
                _ => {}
            }
        }
        all
    }

    /// The spec of that identity.
    pub fn get(&self, id: &SpecId) -> Option<&Arc<Spec>> {
        self.by_id.get(id)
    }

    /// What a spec is called where it stands beside others: its title, with its name where another of its kind has the same title.
    pub fn title(&self, spec: &Spec) -> String {
        let (title, SpecId { kind, name }) = (spec.title(), &spec.id);
        let several = self.titles.get(&(*kind, title.as_str().into())).is_some_and(|specs| *specs > 1);
        if several { format!("{title} ({name})") } else { title }
    }

    /// Whether the tree has a spec of that identity, readable or not.
    pub fn is_declared(&self, id: &SpecId) -> bool {
        self.by_id.contains_key(id) || self.unread.ids.contains(id)
    }

    /// What the tree has but nobody could read.
    pub const fn unread(&self) -> &Unread {
        &self.unread
    }

    /// Why the absence of a spec of that kind proves nothing, if so: a file that nobody can read may hold one, or the tree
    /// has one that nobody could ever read.
    pub fn may_miss(&self, kind: Kind) -> Option<Arc<str>> {
        let spec = || self.unread.ids.iter().find(|id| id.kind == kind).map(|id| format!("{id} cannot be read").into());
        self.may_hide(kind).or_else(spec)
    }

    /// Why it proves nothing that no spec of that kind has a name, if so: a file that nobody can read may hold one. A spec
    /// whose head could be read is known by its name whatever is wrong with the rest.
    pub fn may_hide(&self, kind: Kind) -> Option<Arc<str>> {
        let file = self.unread.files.first()?;
        Some(format!("{file} cannot be read and may hold a spec of kind {kind}").into())
    }

    /// All specs, in order of kind and name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Spec>> {
        self.by_id.values()
    }

    /// All specs of a kind, in order of name.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Arc<Spec>> {
        let name = Name::slug("0");
        self.by_id.range(SpecId::new(kind, name)..).map(|(_, spec)| spec).take_while(move |spec| spec.id.kind == kind)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Which assignment a task belongs to: of those that select it, the one with most fields given.
    pub fn assigned(&self, task: &Task, now: Timestamp) -> Assigned<'_> {
        let candidates = self.assignments_of(&task.kind).map(|(spec, assignment)| (&assignment.select.0, spec));
        match most_specific(candidates, task, now) {
            Chosen::None => Assigned::No,
            Chosen::One(spec) => Assigned::By(spec),
            Chosen::Tied(specs) => Assigned::Tied(specs),
        }
    }

    /// When a task may come to be assigned otherwise by time alone: it grows too old for an assignment that selects it.
    pub fn reassigned(&self, task: &Task, now: Timestamp) -> Option<Timestamp> {
        self.assignments_of(&task.kind).filter_map(|(_, assignment)| assignment.select.0.leaves(task, now)).min()
    }

    /// The assignments that may select tasks of a type.
    fn assignments_of(&self, kind: &str) -> impl Iterator<Item = (&Arc<Spec>, &assignment::Assignment)> {
        let typed = self.assignments.by_type.get(kind).into_iter().flatten();
        typed.chain(&self.assignments.any_type).filter_map(|spec| match &spec.body {
            Body::Assignment(assignment) => Some((spec, &**assignment)),
            _ => None,
        })
    }

    /// The approvals of a task that are documents.
    pub fn approvals(&self, task: &str) -> &[Arc<Spec>] {
        self.approvals.get(task).map_or(&[], Vec::as_slice)
    }

    /// The first approval, by name, that has a nonce: it counts there and nowhere else.
    pub fn first_of_nonce(&self, nonce: &str) -> Option<&SpecId> {
        self.nonces.get(nonce)
    }

    /// The agents that let others speak for them, with those others.
    pub fn delegations(&self) -> impl Iterator<Item = (&Arc<Spec>, &Delegation)> {
        let of = |spec| -> &[Delegation] {
            let spec: &Arc<Spec> = spec;
            if let Body::Agent(agent) = &spec.body { &agent.delegates } else { &[] }
        };
        self.delegating.iter().flat_map(move |spec| of(spec).iter().map(move |it| (spec, it)))
    }

    /// Where the text of an approval comes from. Nothing of other kinds, and where nobody has looked: a tree that comes from no
    /// source has no history.
    pub fn provenance(&self, id: &SpecId) -> Option<&Provenance> {
        self.provenance.get(id)
    }

    /// When a commit that brings an approval was first seen, as far as anybody knows.
    pub fn sighting(&self, commit: &str) -> Option<Timestamp> {
        self.sightings.get(commit).copied()
    }

    /// The commits that bring approvals.
    pub fn sighted(&self) -> impl Iterator<Item = &Arc<str>> {
        self.sightings.keys()
    }

    /// The same specs with what is known of where approvals come from, and when each such commit was first seen.
    #[must_use]
    pub fn with_provenance(
        mut self,
        provenance: BTreeMap<SpecId, Provenance>,
        sightings: BTreeMap<Arc<str>, Timestamp>,
    ) -> Self {
        self.provenance = provenance;
        self.sightings = sightings;
        self
    }

    /// What the first error budget policy of a service level says that says it. A policy that names it comes before one that
    /// selects it by labels, and of several the first by name.
    fn of_budget_policy<'a, T>(&'a self, slo: &'a Spec, of: impl Fn(&'a ErrorBudgetPolicy) -> Option<T>) -> Option<T> {
        self.budget_policies(slo).find_map(|policy| match &policy.body {
            Body::ErrorBudgetPolicy(policy) => of(policy),
            _ => None,
        })
    }

    /// How many events an error budget policy wants to see before a burn rate of a service level counts.
    pub fn min_events(&self, slo: &Spec) -> Option<u32> {
        self.of_budget_policy(slo, |policy| policy.min_events)
    }

    /// All error budget policies that cover a service level: those that name it, then those that select it by labels.
    pub fn budget_policies<'a>(&'a self, slo: &'a Spec) -> impl Iterator<Item = &'a Arc<Spec>> + use<'a> {
        let covers = |policy: &&Arc<Spec>| matches!(&policy.body, Body::ErrorBudgetPolicy(it) if it.covers(slo));
        self.budgets.by_name.get(&slo.id).into_iter().flatten().chain(self.budgets.by_labels.iter().filter(covers))
    }

    /// The burn rates that an error budget policy sets for a service level.
    pub fn burn_rates<'a>(&'a self, slo: &'a Spec) -> Option<&'a [Spanned<BurnRate>]> {
        self.of_budget_policy(slo, |policy| policy.burn_rates.as_deref())
    }

    /// Whether an accepted decision takes the place of another, or of one that takes it, and so on.
    pub fn overtakes(&self, newer: &Name, older: &Name) -> bool {
        let (mut seen, mut queue) = (BTreeSet::from([older]), vec![older]);
        while let Some(decision) = queue.pop() {
            for successor in self.successors(decision).iter().map(|spec| &spec.id.name) {
                if successor == newer {
                    return true;
                }
                if seen.insert(successor) {
                    queue.push(successor);
                }
            }
        }
        false
    }

    /// The accepted decisions that supersede a decision.
    pub fn successors(&self, decision: &Name) -> &[Arc<Spec>] {
        self.successors.get(decision).map_or(&[], Vec::as_slice)
    }
}

impl BudgetIndex {
    fn add(&mut self, policy: &Arc<Spec>, slos: &Which) {
        match slos {
            Which::Labels(_) => self.by_labels.push(policy.clone()),
            Which::Names(names) => {
                for id in names.iter().filter_map(|name| name.id(Some(Kind::Slo))) {
                    self.by_name.entry(id).or_default().push(policy.clone());
                }
            }
        }
    }
}

impl AssignmentIndex {
    fn add(&mut self, spec: &Arc<Spec>, assignment: &assignment::Assignment) {
        match assignment.select.0.literal_types() {
            Some(types) => {
                // A type that is written twice does not make two assignments of one.
                for name in types.into_iter().collect::<BTreeSet<_>>() {
                    self.by_type.entry(name.clone()).or_default().push(spec.clone());
                }
            }
            None => self.any_type.push(spec.clone()),
        }
    }
}
