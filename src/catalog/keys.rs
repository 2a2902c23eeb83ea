//! Which cases a pass looks at.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{CaseId, Ledger, Subject};

/// The cases to judge, and the subjects that open remediation tasks wait for.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    /// Which cases.
    pub which: Which,
    /// The subjects of open remediation tasks, by case.
    pub watched: BTreeMap<CaseId, BTreeSet<Subject>>,
}

/// Which cases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Which {
    /// All of them: a cold pass.
    #[default]
    All,
    /// Those whose questions moved or that are due.
    Only(BTreeSet<CaseId>),
}

impl Keys {
    /// Every case, watching what the ledger has open.
    pub fn all(ledger: &Ledger) -> Self {
        Self { which: Which::All, watched: watched(ledger) }
    }

    /// These cases, watching what the ledger has open.
    pub fn only(cases: BTreeSet<CaseId>, ledger: &Ledger) -> Self {
        Self { which: Which::Only(cases), watched: watched(ledger) }
    }

    /// Whether the case is to be judged.
    pub fn contains(&self, case: &CaseId) -> bool {
        match &self.which {
            Which::All => true,
            Which::Only(cases) => cases.contains(case),
        }
    }
}

fn watched(ledger: &Ledger) -> BTreeMap<CaseId, BTreeSet<Subject>> {
    let mut watched: BTreeMap<CaseId, BTreeSet<Subject>> = BTreeMap::new();
    for record in ledger.open() {
        watched.entry(record.case.clone()).or_default().extend(record.subjects.iter().cloned());
    }
    watched
}
