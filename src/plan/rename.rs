//! A spec that git renamed keeps its tasks: which record speaks for which fingerprint now.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{CaseId, Fingerprint, Ledger, Record, SpecId, Subject};

use super::{Presence, SpecFacts};

/// A record as the specs name it now.
#[derive(Clone)]
pub(super) struct Known<'a> {
    /// The record.
    pub(super) record: &'a Record,
    /// Its identity now.
    pub(super) fingerprint: Fingerprint,
    /// Its spec and rule now.
    pub(super) case: CaseId,
    /// Its subject now.
    pub(super) subject: Subject,
    /// The identity under which the ledger has it, where that is another one.
    pub(super) renamed_from: Option<Fingerprint>,
}

impl<'a> Known<'a> {
    fn unmoved(record: &'a Record) -> Self {
        Self {
            record,
            fingerprint: record.fingerprint.clone(),
            case: record.case.clone(),
            subject: record.subject.clone(),
            renamed_from: None,
        }
    }

    fn moved(record: &'a Record, old: &SpecId, new: &SpecId) -> Self {
        let case = CaseId { spec: Some(new.clone()), rule: record.case.rule };
        let is_spec = record.subject == Subject::spec(old);
        let subject = if is_spec { Subject::spec(new) } else { record.subject.clone() };
        let fingerprint = Fingerprint::of(&case, &subject);
        Self { record, fingerprint, case, subject, renamed_from: Some(record.fingerprint.clone()) }
    }

    /// The subjects that its task lists, as they are named now.
    pub(super) fn subjects(&self) -> BTreeSet<Subject> {
        let named = |subject: &Subject| {
            if *subject == self.record.subject { self.subject.clone() } else { subject.clone() }
        };
        self.record.subjects.iter().map(named).collect()
    }
}

/// The ledger as the specs are named now.
pub(super) struct Names<'a> {
    ledger: &'a Ledger,
    moved: BTreeMap<Fingerprint, Known<'a>>,
    left: BTreeMap<&'a Fingerprint, Fingerprint>,
}

impl<'a> Names<'a> {
    /// `renamed` gives the old name by the new one. A name that is still in use has not been renamed.
    pub(super) fn new(ledger: &'a Ledger, renamed: &BTreeMap<SpecId, SpecId>, specs: &dyn SpecFacts) -> Self {
        let news: BTreeMap<&SpecId, &SpecId> = renamed
            .iter()
            .filter(|(new, old)| new.kind == old.kind)
            .filter(|(_, old)| specs.presence(old) == Presence::Absent)
            .map(|(new, old)| (old, new))
            .collect();
        let mut names = Self { ledger, moved: BTreeMap::new(), left: BTreeMap::new() };
        if news.is_empty() {
            return names;
        }
        for record in ledger.records.values() {
            let Some((old, new)) = record.case.spec.as_ref().and_then(|old| Some((old, *news.get(old)?))) else {
                continue;
            };
            names.take_over(record, Known::moved(record, old, new));
        }
        names
    }

    /// An open task moves to the new name unless that has an open one; a closed one only where the new name has none.
    fn take_over(&mut self, record: &'a Record, known: Known<'a>) {
        let free = match self.ledger.records.get(&known.fingerprint) {
            Some(there) => record.is_open() && !there.is_open(),
            None => true,
        };
        if free {
            self.left.insert(&record.fingerprint, known.fingerprint.clone());
            self.moved.insert(known.fingerprint.clone(), known);
        }
    }

    /// The record that speaks for that fingerprint now.
    pub(super) fn find(&self, fingerprint: &Fingerprint) -> Option<Known<'a>> {
        let own = || self.ledger.records.get(fingerprint).map(Known::unmoved);
        self.moved.get(fingerprint).cloned().or_else(own)
    }

    /// Every open record, under its name now.
    pub(super) fn open(&self) -> impl Iterator<Item = Known<'a>> {
        self.ledger.open().map(|record| {
            let moved = self.left.get(&record.fingerprint).and_then(|new| self.moved.get(new));
            moved.cloned().unwrap_or_else(|| Known::unmoved(record))
        })
    }
}
