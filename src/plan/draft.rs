//! What a remediation task will look like once a step is carried out.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{
    Action, CaseVerdict, Digest, Drift, Policy, Remediation, Severity, SpecId, Standing, Step, Subject,
};

use super::group::Group;
use super::rename::Known;
use super::{Pass, Presence, retry};

/// Which of the world, the spec and Abide's rule changed, as a task says it.
pub(super) const WORLD: &str = "the world";
pub(super) const SPEC: &str = "the spec";
pub(super) const RULE: &str = "the rule";

/// How often a remediation came back and was tried again, as it will be after a step.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) flaps: u32,
    pub(super) attempts: u32,
}

impl Counts {
    /// As the record has them.
    pub(super) const fn of(known: &Known<'_>) -> Self {
        Self { flaps: known.record.flaps, attempts: known.record.attempts }
    }
}

impl Pass<'_> {
    /// The task of a group that demands one; nothing where all of its drifts are accepted.
    pub(super) fn demanded(&self, group: &Group<'_>, known: Option<&Known<'_>>, counts: Counts) -> Option<Remediation> {
        let first = group.drifts.first()?;
        let (digest, file) = self.content(group.case.spec.as_ref());
        let (severity, owner) = self.weigh(group, counts.attempts);
        let within = group.drifts.iter().filter_map(|drift| drift.within).min();
        let opened = known.map_or(self.now, |known| known.record.opened);
        let before = known.and_then(|known| known.record.spec_digest);
        Some(Remediation {
            fingerprint: group.fingerprint.clone(),
            renamed_from: known.and_then(|known| known.renamed_from.clone()),
            case: group.case.clone(),
            subject: whole_subject(first),
            subjects: self.listed(group, known),
            code: group.drifts.iter().map(|drift| drift.code).max().unwrap_or(first.code),
            severity,
            owner,
            title: title(&group.drifts),
            file: first.place.as_ref().map(|place| place.file.clone()).or(file),
            spec_digest: digest,
            opened,
            due: opened.plus(within.unwrap_or(Policy::due_within(severity))),
            flaps: counts.flaps,
            attempts: counts.attempts,
            drifts: group.drifts.iter().map(|&drift| drift.clone()).collect(),
            changed: if differ(before, digest) { SPEC } else { WORLD },
            task: known.map(|known| known.record.task.clone()),
            version: known.map(|known| known.record.version),
            live: known.and_then(|known| known.record.live.clone()),
        })
    }

    /// The task as it was recorded, under its name now.
    pub(super) fn recorded(&self, known: &Known<'_>) -> Remediation {
        let record = known.record;
        let (digest, file) = self.content(known.case.spec.as_ref());
        Remediation {
            fingerprint: known.fingerprint.clone(),
            renamed_from: known.renamed_from.clone(),
            case: known.case.clone(),
            subject: known.subject.clone(),
            subjects: known.subjects(),
            code: record.code,
            severity: record.severity,
            owner: record.owner.clone(),
            title: record.title.clone(),
            file: file.or_else(|| record.file.clone()),
            spec_digest: digest.or(record.spec_digest),
            opened: record.opened,
            due: record.opened.plus(Policy::due_within(record.severity)),
            flaps: record.flaps,
            attempts: record.attempts,
            drifts: Vec::new(),
            changed: if differ(record.spec_digest, digest) { SPEC } else { WORLD },
            task: Some(record.task.clone()),
            version: Some(record.version),
            live: record.live.clone(),
        }
    }

    /// The step that only takes a new name over, where there is one.
    pub(super) fn rename(&self, known: &Known<'_>) -> Option<Step> {
        known.renamed_from.as_ref()?;
        Some(Step { action: Action::Update, remediation: self.recorded(known) })
    }

    /// Severity and owner: the worst of the group's and the first that it names, unless it was tried too often.
    fn weigh(&self, group: &Group<'_>, attempts: u32) -> (Severity, Option<SpecId>) {
        let severity = group.drifts.iter().map(|drift| drift.severity).max().unwrap_or_default();
        let owner = group.drifts.iter().find_map(|drift| drift.owner.clone());
        let fallback = self.policy.owner.clone();
        if retry::is_escalated(attempts) {
            (retry::raised(severity), fallback.or(owner))
        } else {
            (severity, owner.or(fallback))
        }
    }

    /// The subjects that drift, and those listed before of which nothing can be told now.
    fn listed(&self, group: &Group<'_>, known: Option<&Known<'_>>) -> BTreeSet<Subject> {
        let drifting = group.drifts.iter().map(|drift| drift.subject.clone());
        let undecided = known.map(|known| self.undecided(known)).unwrap_or_default();
        drifting.chain(undecided).collect()
    }

    /// The listed subjects of which nothing can be told now.
    pub(super) fn undecided(&self, known: &Known<'_>) -> BTreeSet<Subject> {
        if !known.record.is_open() {
            return BTreeSet::new();
        }
        let mut listed = known.subjects();
        match self.input.verdicts.cases.get(&known.case) {
            Some(CaseVerdict::Judged { findings, .. }) => {
                listed.retain(|subject| findings.get(subject).is_some_and(is_undecided));
            }
            Some(CaseVerdict::Unknown(_)) => {}
            None => listed.clear(),
        }
        listed
    }

    fn content(&self, spec: Option<&SpecId>) -> (Option<Digest>, Option<Arc<str>>) {
        match spec.map(|spec| self.input.specs.presence(spec)) {
            Some(Presence::Read { digest, file }) => (Some(digest), Some(file)),
            Some(Presence::Absent | Presence::Unread) | None => (None, None),
        }
    }
}

/// Whether two digests are known and are not the same.
pub(super) fn differ(before: Option<Digest>, now: Option<Digest>) -> bool {
    before.zip(now).is_some_and(|(before, now)| before != now)
}

const fn is_undecided(standing: &Standing) -> bool {
    matches!(standing, Standing::Unsettled(_) | Standing::Unknown(_))
}

/// What the task as a whole is about.
fn whole_subject(drift: &Drift) -> Subject {
    match &drift.case.spec {
        Some(spec) if drift.case.rule.is_grouped() => Subject::spec(spec),
        _ => drift.subject.clone(),
    }
}

fn title(drifts: &[&Arc<Drift>]) -> Arc<str> {
    match drifts {
        [] => "".into(),
        [one] => one.title.as_str().into(),
        [first, rest @ ..] => format!("{}, and {} more", first.title, rest.len()).into(),
    }
}
