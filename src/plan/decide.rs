//! What becomes of a task whose drift is there.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{
    Action, CloseReason, Drift, DriftState, Held, HoldId, Live, RecordState, Remediation, Step, Subject, TaskStatus,
};

use super::draft::Counts;
use super::group::Group;
use super::rename::Known;
use super::{OnDrift, Pass, retry};

/// What becomes of a group of drifts.
pub(super) struct Fate {
    /// As reports show each of its drifts.
    pub(super) state: DriftState,
    /// Why, where the state alone does not say.
    pub(super) reason: Option<String>,
    /// What is done.
    pub(super) steps: Vec<Step>,
    /// A step that makes a task open that was not, so that it counts against the limit of a pass.
    pub(super) opening: Option<Step>,
    /// What waits.
    pub(super) held: Vec<Held>,
    /// The drifts that Abide ends itself, at once or when a person lets it, each with the reason.
    pub(super) corrected: BTreeMap<Subject, (DriftState, String)>,
    /// The drifts that nobody corrects because another writer would undo it, as they are reported.
    pub(super) fights: BTreeMap<Subject, Arc<Drift>>,
}

impl Fate {
    pub(super) const fn of(state: DriftState) -> Self {
        Self {
            state,
            reason: None,
            steps: Vec::new(),
            opening: None,
            held: Vec::new(),
            corrected: BTreeMap::new(),
            fights: BTreeMap::new(),
        }
    }

    fn because(self, reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..self }
    }

    pub(super) fn with(mut self, step: impl IntoIterator<Item = Step>) -> Self {
        self.steps.extend(step);
        self
    }

    fn opening(action: Action, remediation: Option<Remediation>) -> Self {
        let opening = remediation.map(|remediation| Step { action, remediation });
        Self { opening, ..Self::of(DriftState::New) }
    }
}

impl Pass<'_> {
    /// What becomes of the drifts that share a fingerprint, where there is room for so many corrections.
    pub(super) fn decide(&self, group: &Group<'_>, room: &mut usize) -> Fate {
        let known = self.names.find(&group.fingerprint);
        let known = known.as_ref();
        let refusal = known.and_then(|known| known.record.wont_fix.as_ref()).filter(|refusal| self.now < refusal.until);
        if let Some(refusal) = refusal {
            let reason = format!("{} will not fix it until {}: {}", refusal.by, refusal.until, refusal.reason);
            return Fate::of(DriftState::Waived).because(reason).with(self.kept(known));
        }
        if group.drifts.is_empty() {
            return Fate::of(DriftState::Waived).with(self.accepted(known, CloseReason::Waived));
        }
        match group.case.spec.as_ref().map(|spec| self.input.specs.on_drift(spec)).unwrap_or_default() {
            OnDrift::Warn => Fate::of(DriftState::Shown)
                .because("its assignment only warns (onDrift: warn)")
                .with(self.accepted(known, CloseReason::SpecChanged)),
            OnDrift::Enforce => self.enforce(group, known, room),
            OnDrift::Task => self.demand(group, known),
        }
    }

    /// An open task stays as it is, save for its name.
    fn kept(&self, known: Option<&Known<'_>>) -> Option<Step> {
        known.filter(|known| known.record.is_open()).and_then(|known| self.rename(known))
    }

    /// An open task whose drifts are all accepted closes, unless of some that it lists nothing can be told.
    pub(super) fn accepted(&self, known: Option<&Known<'_>>, reason: CloseReason) -> Option<Step> {
        let open = known.filter(|known| known.record.is_open())?;
        if self.undecided(open).is_empty() { Some(self.close(open, reason)) } else { self.rename(open) }
    }

    /// There must be one open task.
    pub(super) fn demand(&self, group: &Group<'_>, known: Option<&Known<'_>>) -> Fate {
        let Some(known) = known else {
            return Fate::opening(Action::Open, self.demanded(group, None, Counts::default()));
        };
        match (known.record.state, &known.record.live) {
            (RecordState::Open, None) => {
                let again = self.demanded(group, Some(known), Counts::of(known));
                Fate::opening(Action::Open, again).because("the row of its task is gone")
            }
            (RecordState::Open, Some(live)) => self.pursue(group, known, live),
            (RecordState::Closed { reason, at }, live) => {
                let counts = Counts { flaps: known.record.flaps.saturating_add(1), attempts: 0 };
                let why = format!("it is back; it was closed on {at} ({})", reason.word());
                let why = format!("{why}: {}", seen(group));
                let remediation = self.demanded(group, Some(known), counts);
                let action = if live.is_some() { Action::Reopen { why: why.clone() } } else { Action::Open };
                Fate::opening(action, remediation).because(why)
            }
        }
    }

    /// The task is on record as open: whether it still is, is for its row to say.
    fn pursue(&self, group: &Group<'_>, known: &Known<'_>, live: &Live) -> Fate {
        match live.status {
            TaskStatus::Pending | TaskStatus::Running | TaskStatus::Blocked => self.update(group, known),
            TaskStatus::Completed => {
                let why = format!("it was said to be done, and is not: {}", seen(group));
                self.reopen(group, known, Counts::of(known), why)
            }
            TaskStatus::Failed | TaskStatus::Cancelled => self.retry(group, known, live),
        }
    }

    /// Changed in place when what people steer by differs; never for titles, evidence or measured values.
    fn update(&self, group: &Group<'_>, known: &Known<'_>) -> Fate {
        let record = known.record;
        let step = self
            .demanded(group, Some(known), Counts::of(known))
            .filter(|wanted| {
                known.renamed_from.is_some()
                    || wanted.code != record.code
                    || wanted.severity != record.severity
                    || wanted.owner != record.owner
                    || wanted.subjects != record.subjects
            })
            .map(|remediation| Step { action: Action::Update, remediation });
        Fate::of(DriftState::Open).with(step)
    }

    /// A task that ended without mending anything rests for a while and is tried again.
    fn retry(&self, group: &Group<'_>, known: &Known<'_>, live: &Live) -> Fate {
        let record = known.record;
        let at = retry::opens_again(record, live);
        if self.now < at {
            let reason = format!("its task was {}; it opens again at {at}", ended(live.status));
            let held = Held {
                id: HoldId::of("reopen", &known.fingerprint),
                action: "reopen",
                fingerprint: Some(known.fingerprint.clone()),
                reason: reason.clone(),
                needs_person: false,
            };
            let waiting = Fate::of(DriftState::Held).because(reason).with(self.rename(known));
            return Fate { held: vec![held], ..waiting };
        }
        let counts = Counts { attempts: record.attempts.saturating_add(1), ..Counts::of(known) };
        let why = format!("its task was {}, and the drift is still there: {}", ended(live.status), seen(group));
        self.reopen(group, known, counts, why)
    }

    /// Makes the row of a task that is on record as open agree with the record. Nothing comes to be open that was not.
    fn reopen(&self, group: &Group<'_>, known: &Known<'_>, counts: Counts, why: String) -> Fate {
        let remediation = self.demanded(group, Some(known), counts);
        let step = remediation.map(|remediation| Step { action: Action::Reopen { why: why.clone() }, remediation });
        Fate::of(DriftState::New).because(why).with(step)
    }
}

/// What was seen, in words.
fn seen<'a>(group: &'a Group<'_>) -> &'a str {
    group.drifts.first().map_or("", |drift| drift.evidence.answer.as_str())
}

const fn ended(status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::Failed => "given up",
        _ => status.word(),
    }
}
