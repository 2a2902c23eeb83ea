//! Drifts, gathered by the remediation task that they belong to.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{CaseId, Drift, Fingerprint, SpecId, Subject, Timestamp, Verdicts};

use super::Waiver;

/// The drifts of one remediation task; always at least one of either sort.
pub(super) struct Group<'a> {
    /// Its identity.
    pub(super) fingerprint: Fingerprint,
    /// The spec and rule.
    pub(super) case: &'a CaseId,
    /// The drifts that nobody has accepted, by subject.
    pub(super) drifts: Vec<&'a Arc<Drift>>,
    /// The accepted ones, each with the reason.
    pub(super) waived: BTreeMap<&'a Subject, String>,
}

/// Waivers by the spec that they name, so that a drift meets only those that may concern it.
pub struct Waivers<'a> {
    by_spec: BTreeMap<Option<&'a SpecId>, Vec<&'a Waiver>>,
    now: Timestamp,
}

impl<'a> Waivers<'a> {
    /// Those that are in force now.
    pub fn new(waivers: &'a [Waiver], now: Timestamp) -> Self {
        let mut by_spec: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for waiver in waivers {
            by_spec.entry(waiver.spec.as_ref()).or_default().push(waiver);
        }
        Self { by_spec, now }
    }

    /// The first waiver that accepts the drift: one for its spec before one for any.
    pub fn accepting(&self, drift: &Drift) -> Option<&'a Waiver> {
        let spec = drift.case.spec.as_ref();
        let named = spec.and_then(|spec| self.by_spec.get(&Some(spec)));
        let any = self.by_spec.get(&None);
        named.into_iter().chain(any).flatten().find(|waiver| waiver.accepts(drift, self.now)).copied()
    }
}

/// All drifts, by the task that they belong to, and in the order in which they are reported.
pub(super) struct Groups<'a> {
    /// By fingerprint.
    pub(super) tasks: BTreeMap<Fingerprint, Group<'a>>,
    /// Every drift with its fingerprint, in order of case and subject. A fingerprint is a hash, so it is taken once.
    pub(super) drifts: Vec<(&'a Arc<Drift>, Fingerprint)>,
}

impl<'a> Groups<'a> {
    pub(super) fn new(verdicts: &'a Verdicts, waivers: &Waivers<'_>) -> Self {
        let mut groups = Self { tasks: BTreeMap::new(), drifts: Vec::new() };
        for drift in verdicts.drifts() {
            let fingerprint = drift.fingerprint();
            let group = groups.tasks.entry(fingerprint.clone()).or_insert_with(|| Group {
                fingerprint: fingerprint.clone(),
                case: &drift.case,
                drifts: Vec::new(),
                waived: BTreeMap::new(),
            });
            match waivers.accepting(drift) {
                Some(waiver) => drop(group.waived.insert(&drift.subject, waiver.says())),
                None => group.drifts.push(drift),
            }
            groups.drifts.push((drift, fingerprint));
        }
        groups
    }

    /// In the order in which they are decided: the worst first, then by name.
    pub(super) fn worst_first(&self) -> Vec<&Group<'a>> {
        let mut groups: Vec<_> = self.tasks.values().collect();
        let worst = |group: &Group<'_>| group.drifts.iter().map(|drift| drift.severity).max();
        let subject = |group: &Group<'a>| group.drifts.first().map(|drift| &drift.subject);
        groups.sort_by_cached_key(|group| (Reverse(worst(group)), group.case, subject(group)));
        groups
    }
}
