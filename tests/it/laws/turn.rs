//! What may happen between two passes.

use abide::model::{Code, Severity, Subject};
use proptest::prelude::*;

/// The specs and subjects of the small world, in the order in which a turn tells of them.
pub(super) const CASES: [(&str, &[&str]); 4] = [
    ("decision/a", &["rule/1", "rule/2", "rule/3", "rule/4", "rule/5", "rule/6"]),
    ("decision/b", &["rule/1", "rule/2", "rule/3", "rule/4", "rule/5", "rule/6"]),
    ("assignment/c", &["task/1", "task/2", "task/3"]),
    ("", &["task/1", "task/2"]),
];

/// One turn: what is found, and what people do before anybody looks.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    pub(super) cases: Vec<Found>,
    pub(super) deeds: Vec<Deed>,
    pub(super) waivers: Vec<(usize, usize, i64)>,
    pub(super) rename: bool,
    pub(super) open_per_pass: usize,
    pub(super) correct_per_pass: usize,
    pub(super) minutes: i64,
}

/// What is found of one case.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) spec: Spec,
    pub(super) asked: Asked,
    pub(super) subjects: Vec<Seen>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Spec {
    Read(u8),
    Unread,
    Absent,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Asked {
    Judged,
    Unknown,
    No,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Seen {
    Drift(bool, Severity),
    Unsettled,
    Clean,
    Unlisted,
    Gone,
    Unknown,
}

/// What somebody does to the n-th record of the ledger.
#[derive(Debug, Clone, Copy)]
pub(super) enum Deed {
    Complete(usize),
    Fail(usize),
    Delete(usize),
    WontFix(usize, i64),
    Release(usize),
}

impl Turn {
    /// Everything is as the specs want it, a long time later.
    pub(super) fn mended() -> Self {
        let clean = |subjects: &[&str]| vec![Seen::Clean; subjects.len()];
        let found = |subjects| Found { spec: Spec::Read(0), asked: Asked::Judged, subjects: clean(subjects) };
        Self {
            cases: CASES.iter().map(|(_, subjects)| found(subjects)).collect(),
            deeds: Vec::new(),
            waivers: Vec::new(),
            rename: false,
            open_per_pass: 100,
            correct_per_pass: 100,
            minutes: 100_000,
        }
    }
}

/// The code of a drift, in either state of its rule.
pub(super) fn code(spec: &str, second: bool) -> Code {
    match (spec.split('/').next(), second) {
        (Some("decision"), _) => Code::DecisionRuleBroken,
        (Some("assignment"), false) => Code::AssignmentWrongRole,
        (Some("assignment"), true) => Code::AssignmentUnassigned,
        (_, false) => Code::AssignmentNone,
        (_, true) => Code::AssignmentAmbiguous,
    }
}

pub(super) fn subject(case: usize, n: usize) -> Subject {
    let subjects = CASES[case % CASES.len()].1;
    Subject::stored(subjects[n % subjects.len()])
}

pub(super) fn turns() -> impl Strategy<Value = Vec<Turn>> {
    prop::collection::vec(turn(), 1..7)
}

pub(super) fn turn() -> impl Strategy<Value = Turn> {
    let cases: Vec<_> = CASES.iter().map(|(_, subjects)| found(subjects.len())).collect();
    let deeds = prop::collection::vec(deed(), 0..6);
    let waivers = prop::collection::vec((0..CASES.len(), 0..9usize, -60i64..5000), 0..3);
    (cases, deeds, waivers, prop::bool::weighted(0.2), 1..12usize, 0..4usize, 0..2000i64).prop_map(
        |(cases, deeds, waivers, rename, open_per_pass, correct_per_pass, minutes)| Turn {
            cases,
            deeds,
            waivers,
            rename,
            open_per_pass,
            correct_per_pass,
            minutes,
        },
    )
}

fn found(subjects: usize) -> impl Strategy<Value = Found> {
    let spec = prop_oneof![8 => (0..2u8).prop_map(Spec::Read), 1 => Just(Spec::Unread), 1 => Just(Spec::Absent)];
    let asked = prop_oneof![8 => Just(Asked::Judged), 1 => Just(Asked::Unknown), 1 => Just(Asked::No)];
    (spec, asked, prop::collection::vec(seen(), subjects)).prop_map(|(spec, asked, subjects)| Found {
        spec,
        asked,
        subjects,
    })
}

fn seen() -> impl Strategy<Value = Seen> {
    let severity = prop::sample::select(Severity::ALL.to_vec());
    prop_oneof![
        6 => (any::<bool>(), severity).prop_map(|(second, severity)| Seen::Drift(second, severity)),
        1 => Just(Seen::Unsettled),
        2 => Just(Seen::Clean),
        2 => Just(Seen::Unlisted),
        1 => Just(Seen::Gone),
        1 => Just(Seen::Unknown),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        3 => (0..20usize).prop_map(Deed::Complete),
        3 => (0..20usize).prop_map(Deed::Fail),
        1 => (0..20usize).prop_map(Deed::Delete),
        1 => (0..20usize, 0..5000i64).prop_map(|(n, minutes)| Deed::WontFix(n, minutes)),
        2 => (0..20usize).prop_map(Deed::Release),
    ]
}
