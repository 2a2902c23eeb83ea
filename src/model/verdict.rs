//! What the rules found.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::{Drift, NoAnswer, Rule, Sample, SpecId, Subject, Timestamp};

/// One rule applied to one spec, or to the catalog as a whole. The unit of judging.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseId {
    /// The spec; none where the rule looks at the catalog as a whole.
    pub spec: Option<SpecId>,
    /// The rule.
    pub rule: Rule,
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.spec {
            Some(spec) => write!(f, "{spec} {}", self.rule),
            None => write!(f, "{}", self.rule),
        }
    }
}

/// How things stand with one subject.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// What is wanted and what is differ.
    Drift(Arc<Drift>),
    /// They do not differ any more, but too recently to close a task: neither opens nor closes.
    Unsettled(Arc<str>),
    /// They do not differ.
    Clean,
    /// The subject itself is gone.
    Gone,
    /// It cannot be told: neither opens nor closes.
    Unknown(NoAnswer),
}

/// What a rule says of one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What it looked at.
    pub subject: Subject,
    /// How things stand with it.
    pub standing: Standing,
}

/// The verdict on one case.
#[derive(Debug, Clone, PartialEq)]
pub enum CaseVerdict {
    /// Every subject that is not clean, and every clean one that somebody asked about. What is not listed is clean.
    Judged {
        /// By subject.
        findings: BTreeMap<Subject, Standing>,
        /// When time alone may change the verdict.
        due: Option<Timestamp>,
    },
    /// A question of the case as a whole has no answer.
    Unknown(NoAnswer),
}

/// All verdicts, by case.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Verdicts {
    /// By case.
    pub cases: BTreeMap<CaseId, CaseVerdict>,
    /// The figures that were judged by.
    pub samples: Vec<Sample>,
}

impl Verdicts {
    /// Every drift, in order of case and subject.
    pub fn drifts(&self) -> impl Iterator<Item = &Arc<Drift>> {
        self.findings().filter_map(|(_, _, standing)| match standing {
            Standing::Drift(drift) => Some(drift),
            _ => None,
        })
    }

    /// Every finding, in order of case and subject.
    pub fn findings(&self) -> impl Iterator<Item = (&CaseId, &Subject, &Standing)> {
        self.cases.iter().flat_map(|(case, verdict)| {
            let findings = match verdict {
                CaseVerdict::Judged { findings, .. } => Some(findings),
                CaseVerdict::Unknown(_) => None,
            };
            findings.into_iter().flatten().map(move |(subject, standing)| (case, subject, standing))
        })
    }

    /// Everything that cannot be told: the case, the subject where it is only one, and why.
    pub fn unknown(&self) -> impl Iterator<Item = (&CaseId, Option<&Subject>, &NoAnswer)> {
        self.cases.iter().flat_map(|(case, verdict)| {
            let (whole, findings) = match verdict {
                CaseVerdict::Unknown(none) => (Some((case, None, none)), None),
                CaseVerdict::Judged { findings, .. } => (None, Some(findings)),
            };
            let single = findings.into_iter().flatten().filter_map(move |(subject, standing)| match standing {
                Standing::Unknown(none) => Some((case, Some(subject), none)),
                _ => None,
            });
            whole.into_iter().chain(single)
        })
    }

    /// When the first verdict is due again by time alone.
    pub fn due(&self) -> Option<Timestamp> {
        let due = |verdict: &CaseVerdict| match verdict {
            CaseVerdict::Judged { due, .. } => *due,
            CaseVerdict::Unknown(_) => None,
        };
        self.cases.values().filter_map(due).min()
    }
}
