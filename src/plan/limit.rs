//! Mass opening, mass closing and mass correction are suspect: what goes beyond the limit waits for a person.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::diagnostic::counted;
use crate::model::{Action, CaseId, Held, HoldId, Ledger, Severity, Step, Subject};

use super::group::Group;

/// A pass may always close this many tasks.
const CLOSES: usize = 10;

/// Of the open tasks, one in so many may close at once.
const CLOSED_PART: usize = 5;

/// The order in which steps are taken: the worst first, then by name.
pub(super) const fn order(step: &Step) -> (Reverse<Severity>, &CaseId, &Subject) {
    let r = &step.remediation;
    (Reverse(r.severity), &r.case, &r.subject)
}

/// What a limit lets through, and what it holds back.
#[derive(Default)]
pub(super) struct Sorted {
    pub(super) go: Vec<Step>,
    pub(super) held: Vec<(Held, Step)>,
}

/// Takes steps in order until the limit is reached. One that was held before stays held until a person releases it; a
/// released one does not count, nor one that the table refused, which counted when it was first tried.
pub(super) fn apply(mut steps: Vec<Step>, limit: Limit, ledger: &Ledger) -> Sorted {
    steps.sort_by(|a, b| order(a).cmp(&order(b)));
    let (mut sorted, mut taken) = (Sorted::default(), 0);
    for step in steps {
        let id = step.hold();
        let released = ledger.holds.get(&id).copied();
        if released == Some(true) || ledger.refused.contains_key(&id) {
            sorted.go.push(step);
        } else if released.is_none() && taken < limit.most() {
            taken += 1;
            sorted.go.push(step);
        } else {
            sorted.held.push((limit.hold(id, &step), step));
        }
    }
    sorted
}

/// How many of the corrections that one assignment wants are made, where at most so many may be made in a pass and there is
/// room for so many yet; and the hold of the rest. They are held as one, since what a person judges is what the assignment
/// says. As long as they wait, what comes to be wrong waits with them.
pub(super) fn corrections(
    wanted: usize,
    (most, room): (usize, &mut usize),
    group: &Group<'_>,
    holds: &BTreeMap<HoldId, bool>,
) -> (usize, Option<Held>) {
    let id = HoldId::of(Action::ASSIGN, &group.fingerprint);
    let go = match holds.get(&id) {
        Some(true) => return (wanted, None),
        Some(false) => 0,
        None => wanted.min(*room),
    };
    *room -= go;
    let rest = wanted - go;
    let held = (rest > 0).then(|| {
        let spec = group.case.spec.as_ref().map(ToString::to_string).unwrap_or_default();
        let wait = if rest == 1 { "waits" } else { "wait" };
        Held {
            reason: format!(
                "a pass may make at most {}; {rest} by {spec} ({}) {wait} until a person says `abide holds release {id}`",
                counted(most, "correction"),
                group.case.rule
            ),
            id,
            action: Action::ASSIGN,
            fingerprint: Some(group.fingerprint.clone()),
            needs_person: true,
        }
    });
    (go, held)
}

/// How many steps of one sort a pass may take.
#[derive(Clone, Copy)]
pub(super) enum Limit {
    /// At most so many tasks come to be open.
    Opening(usize),
    /// This many tasks are open before the pass; a part of them may close.
    Closing(usize),
}

impl Limit {
    const fn most(self) -> usize {
        match self {
            Self::Opening(most) => most,
            Self::Closing(open) if open / CLOSED_PART > CLOSES => open / CLOSED_PART,
            Self::Closing(_) => CLOSES,
        }
    }

    fn hold(self, id: HoldId, step: &Step) -> Held {
        let limit = match self {
            Self::Opening(most) => format!("a pass may open at most {}", counted(most, "task")),
            Self::Closing(_) => format!("a pass may close at most {CLOSES} tasks, or a fifth of what is open"),
        };
        Held {
            reason: format!("{limit}; this one waits until a person says `abide holds release {id}`"),
            id,
            action: step.action.word(),
            fingerprint: Some(step.remediation.fingerprint.clone()),
            needs_person: true,
        }
    }
}
