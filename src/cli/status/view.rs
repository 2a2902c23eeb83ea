//! How things stand, spec by spec: a pass joined with the tasks that stand for its drifts.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::UnreadSpec;
use crate::engine::Pass;
use crate::kinds::slo::burn::Fire;
use crate::kinds::slo::{Figures, Known, State, Target, known, targets};
use crate::kinds::{Asked, Body, Spec};
use crate::model::{
    DriftState, Fingerprint, Kind, Policy, Record, Reported, Severity, SpecId, Subject, TaskId, TaskStatus, Timestamp,
    Unknown,
};
use crate::store::Listed;

/// How things stand with every spec.
pub(in crate::cli) struct View<'a> {
    /// The pass that judged.
    pub(in crate::cli) pass: &'a Pass,
    /// Every spec, and the catalog as a whole where something is to be said of it: the worst first.
    pub(in crate::cli) nodes: Vec<Node<'a>>,
    /// Why nothing was judged, where a person must look at the tree of specs first.
    pub(in crate::cli) doubt: Option<&'a str>,
}

/// How things stand with one spec.
pub(in crate::cli) struct Node<'a> {
    /// The spec; none for the catalog as a whole.
    pub(in crate::cli) spec: Option<SpecId>,
    /// Its title.
    pub(in crate::cli) title: Option<&'a str>,
    /// Its drifts, by remediation task.
    pub(in crate::cli) groups: Vec<Group<'a>>,
    /// The objectives of a service level.
    pub(in crate::cli) levels: Vec<Level>,
    /// What cannot be told of it.
    pub(in crate::cli) unknown: Vec<&'a Unknown>,
    /// Where it could not be read as it is.
    pub(in crate::cli) unread: Vec<&'a UnreadSpec>,
    /// Open remediation tasks of which no drift is left, or of which nothing can be told.
    pub(in crate::cli) without_drift: Vec<(&'a Record, Option<Work>)>,
}

/// The drifts that share a remediation task.
pub(in crate::cli) struct Group<'a> {
    /// The task's fingerprint.
    pub(in crate::cli) fingerprint: &'a Fingerprint,
    /// The drifts; at least one.
    pub(in crate::cli) drifts: Vec<&'a Reported>,
    /// The task, where there is one.
    pub(in crate::cli) work: Option<Work>,
}

/// A remediation task in the live table.
pub(in crate::cli) struct Work {
    /// Its key.
    pub(in crate::cli) id: TaskId,
    /// Where it is in its life; none where its row is gone.
    pub(in crate::cli) status: Option<TaskStatus>,
    /// The role that it is for.
    pub(in crate::cli) role: Option<Arc<str>>,
    /// The agent that holds it.
    pub(in crate::cli) agent: Option<Arc<str>>,
    /// When its drift should be mended.
    pub(in crate::cli) due: Timestamp,
}

/// An objective of a service level.
pub(in crate::cli) struct Level {
    /// Its place, from 0.
    pub(in crate::cli) subject: Subject,
    /// Whether it is judged by itself, and not only as a part of others.
    pub(in crate::cli) judged: bool,
    /// Its name.
    pub(in crate::cli) name: Option<String>,
    /// What can be said of it.
    pub(in crate::cli) state: State,
    /// The figures behind that.
    pub(in crate::cli) figures: Option<Figures>,
}

impl<'a> View<'a> {
    /// Joins a pass with rows of the live table; `tasks` should hold the remediation tasks.
    pub(in crate::cli) fn new(pass: &'a Pass, tasks: &[Listed]) -> Self {
        let mut nodes: BTreeMap<Option<SpecId>, Node<'a>> = BTreeMap::new();
        for spec in pass.catalog.specs.iter() {
            let node = nodes.entry(Some(spec.id.clone())).or_insert_with(|| Node::new(Some(spec.id.clone())));
            node.title = spec.head.title.as_deref();
            node.levels = levels(pass, spec);
        }
        let works = Works { pass, rows: tasks.iter().map(|listed| (&listed.task.id, listed)).collect() };
        collect(&mut nodes, &works);
        let mut nodes: Vec<Node<'a>> = nodes.into_values().collect();
        nodes.sort_by(|a, b| (b.rank(), &a.spec).cmp(&(a.rank(), &b.spec)));
        Self { pass, nodes, doubt: doubt(pass) }
    }
}

/// Why nothing was judged, where a person must look at the tree of specs first.
pub(in crate::cli) fn doubt(pass: &Pass) -> Option<&str> {
    let doubt = pass.plan.held.iter().find(|held| held.fingerprint.is_none() && held.action == "accept");
    doubt.map(|held| held.reason.as_str())
}

type Nodes<'a> = BTreeMap<Option<SpecId>, Node<'a>>;

fn node<'n, 'a>(nodes: &'n mut Nodes<'a>, spec: Option<&SpecId>) -> &'n mut Node<'a> {
    nodes.entry(spec.cloned()).or_insert_with(|| Node::new(spec.cloned()))
}

/// Puts what a pass found with the spec that it is about.
fn collect<'a>(nodes: &mut Nodes<'a>, works: &Works<'a, '_>) {
    let pass = works.pass;
    let mut groups: BTreeMap<&'a Fingerprint, Group<'a>> = BTreeMap::new();
    for reported in &pass.plan.drifts {
        let fingerprint = &reported.fingerprint;
        let new = || Group { fingerprint, drifts: Vec::new(), work: works.of(fingerprint) };
        groups.entry(fingerprint).or_insert_with(new).drifts.push(reported);
    }
    for record in pass.ledger.open().filter(|record| !groups.contains_key(&record.fingerprint)) {
        let work = works.of(&record.fingerprint);
        node(nodes, record.case.spec.as_ref()).without_drift.push((record, work));
    }
    for group in groups.into_values() {
        let spec = group.drifts.first().and_then(|reported| reported.drift.case.spec.as_ref());
        node(nodes, spec).groups.push(group);
    }
    for unknown in &pass.plan.unknown {
        let node = node(nodes, unknown.case.spec.as_ref());
        // An objective says itself that it cannot be told.
        let is_level = unknown.subject.as_ref().is_some_and(|subject| node.has_level(subject));
        if !is_level {
            node.unknown.push(unknown);
        }
    }
    for unread in &pass.catalog.unread {
        node(nodes, unread.spec.as_ref()).unread.push(unread);
    }
    for node in nodes.values_mut() {
        node.groups.sort_by(|a, b| (b.severity(), a.subject()).cmp(&(a.severity(), b.subject())));
    }
}

/// Where the tasks of drifts are looked up.
struct Works<'a, 't> {
    pass: &'a Pass,
    rows: BTreeMap<&'t TaskId, &'t Listed>,
}

impl Works<'_, '_> {
    fn of(&self, fingerprint: &Fingerprint) -> Option<Work> {
        let step = self.pass.plan.steps.iter().find(|step| step.remediation.fingerprint == *fingerprint);
        let known = step.and_then(|step| step.remediation.renamed_from.as_ref()).unwrap_or(fingerprint);
        let record = self.pass.ledger.records.get(known);
        let opened = self.pass.outcome.iter().flat_map(|outcome| &outcome.opened);
        let opened = opened.filter(|(opened, _)| opened == fingerprint).map(|(_, id)| id).next();
        let id = opened.or_else(|| record.filter(|record| record.is_open()).map(|record| &record.task))?.clone();
        let due = match (step, record) {
            (Some(step), _) => step.remediation.due,
            (None, Some(record)) => record.opened.plus(Policy::due_within(record.severity)),
            (None, None) => return None,
        };
        let row = self.rows.get(&id).map(|listed| &listed.task);
        let live = record.and_then(|record| record.live.as_ref());
        Some(Work {
            status: row.map(|task| task.status).or_else(|| live.map(|live| live.status)),
            role: row.map_or_else(|| live.and_then(|live| live.role.clone()), |task| task.role.clone()),
            agent: row.and_then(|task| task.agent.clone()),
            id,
            due,
        })
    }
}

/// How things stand with the objectives of a service level; none where the pass kept its answers to itself.
fn levels(pass: &Pass, spec: &Arc<Spec>) -> Vec<Level> {
    let (Body::Slo(slo), Some(answers)) = (&spec.body, &pass.answers) else { return Vec::new() };
    let asked = Asked { answers, now: pass.plan.at };
    let level = |target: Target| {
        let Known { state, figures, .. } = known(&target, &asked);
        Level { judged: target.judged, subject: target.subject, name: target.name, state, figures }
    };
    targets(&pass.catalog.specs, spec, slo).into_iter().map(level).collect()
}

impl Level {
    /// Whether something is too fast right now.
    pub(in crate::cli) fn burns(&self) -> bool {
        self.figures.iter().flat_map(|figures| &figures.burns).any(|burn| burn.fire == Fire::Burns)
    }
}

impl<'a> Node<'a> {
    const fn new(spec: Option<SpecId>) -> Self {
        Self {
            spec,
            title: None,
            groups: Vec::new(),
            levels: Vec::new(),
            unknown: Vec::new(),
            unread: Vec::new(),
            without_drift: Vec::new(),
        }
    }

    /// Its kind; none of the catalog as a whole.
    pub(in crate::cli) fn kind(&self) -> Option<Kind> {
        self.spec.as_ref().map(|spec| spec.kind)
    }

    /// One word for how things stand with it.
    pub(in crate::cli) fn word(&self) -> &'static str {
        let level = self.levels.iter().find(|level| level.state != State::Healthy);
        match (self.severity(), level) {
            (Some(_), _) => "drift",
            _ if !self.unread.is_empty() => "unread",
            (None, Some(level)) => level.state.word(),
            _ if !self.unknown.is_empty() => "unknown",
            _ if !self.groups.is_empty() => "waived",
            _ if !self.without_drift.is_empty() => "closing",
            _ => "healthy",
        }
    }

    /// Whether there is nothing to say of it.
    pub(in crate::cli) fn is_healthy(&self) -> bool {
        self.word() == "healthy"
    }

    /// The worst of its drifts that nobody has accepted.
    pub(in crate::cli) fn severity(&self) -> Option<Severity> {
        self.groups.iter().filter(|group| !group.is_waived()).map(Group::severity).max()
    }

    /// Whether a person who waits for it may go on: no drift is open, and nothing about one is unknown.
    pub(in crate::cli) fn is_settled(&self) -> bool {
        let open = |record: &Record| self.unknown.iter().any(|unknown| unknown.case == record.case);
        self.severity().is_none() && !self.without_drift.iter().any(|(record, _)| open(record))
    }

    fn rank(&self) -> (Option<Severity>, bool) {
        (self.severity(), !self.is_healthy())
    }

    fn has_level(&self, subject: &Subject) -> bool {
        self.levels.iter().any(|level| level.subject == *subject)
    }
}

impl<'a> Group<'a> {
    /// The worst of its drifts.
    pub(in crate::cli) fn severity(&self) -> Severity {
        self.drifts.iter().map(|reported| reported.drift.severity).max().unwrap_or_default()
    }

    /// Whether all of it is known and accepted.
    pub(in crate::cli) fn is_waived(&self) -> bool {
        self.drifts.iter().all(|reported| reported.state.is_let_be())
    }

    /// The drift that says what becomes of the task: one that waits before all others.
    pub(in crate::cli) fn telling(&self) -> Option<&'a Reported> {
        let held = self.drifts.iter().find(|reported| reported.state == DriftState::Held);
        held.or(self.drifts.first()).copied()
    }

    /// The first of its subjects.
    pub(in crate::cli) fn subject(&self) -> Option<&'a Subject> {
        self.drifts.first().map(|reported| &reported.drift.subject)
    }
}
