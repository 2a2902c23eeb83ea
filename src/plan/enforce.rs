//! What an assignment that enforces corrects itself, and when it stops because somebody else writes the same field.
//!
//! Once per change: an assignment corrects a field of a task once for each version of its spec. A task that drifts again in
//! that field under the same version was changed by another writer, whatever it was changed to and however long it was right
//! in between; correcting it again would be a fight. So a remediation task is opened, which says with whom. A spec that says
//! anything new has a word again, once.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{
    Action, Assign, CloseReason, Digest, Drift, DriftState, Enforced, EnforcedKey, Held, HoldId, Observed, SpecId,
    Step, Subject, TaskField,
};

use super::decide::Fate;
use super::draft::Counts;
use super::group::Group;
use super::limit;
use super::rename::Known;
use super::{Pass, Presence};

/// What an assignment does about its drifts.
#[derive(Default)]
struct Split<'a> {
    /// What it corrects itself.
    corrections: Vec<Assign>,
    /// The drifts that end so.
    corrected: Vec<&'a Arc<Drift>>,
    /// The drifts that it would correct, were they not too many for one pass.
    waiting: Vec<&'a Arc<Drift>>,
    /// The drifts that need somebody else.
    left: Vec<Arc<Drift>>,
    /// Those of them in which Abide would fight, as they are reported.
    fights: BTreeMap<Subject, Arc<Drift>>,
}

impl Pass<'_> {
    /// The assignment corrects what it has not corrected before, as far as there is room. For the rest there must be a task.
    pub(super) fn enforce(&self, group: &Group<'_>, known: Option<&Known<'_>>, room: &mut usize) -> Fate {
        let Some((spec, digest)) = group.case.spec.as_ref().and_then(|spec| Some((spec, self.in_force(spec)?))) else {
            return self.demand(group, known);
        };
        let mut split = self.split(group, spec, digest);
        let held = self.hold_back(&mut split, group, room);
        let of = |drifts| Group { drifts, waived: BTreeMap::new(), fingerprint: group.fingerprint.clone(), ..*group };
        let mut fate = if split.left.is_empty() {
            Fate::of(DriftState::New).with(self.unneeded(group, known, &split.waiting))
        } else {
            self.demand(&of(split.left.iter().collect()), known)
        };
        let reason = |drift: &&Arc<Drift>| {
            let to = drift.observed.as_ref().map(|observed| observed.change.to()).unwrap_or_default();
            (drift.subject.clone(), (DriftState::New, format!("its assignment gives it to {to}")))
        };
        fate.corrected = split.corrected.iter().map(reason).collect();
        if let Some(held) = held {
            let waits = |drift: &&Arc<Drift>| (drift.subject.clone(), (DriftState::Held, held.reason.clone()));
            fate.corrected.extend(split.waiting.iter().map(waits));
            fate.held.push(held);
        }
        fate.fights = split.fights;
        let corrected = of(split.corrected);
        let step = self.demanded(&corrected, None, Counts::default());
        fate.with(step.map(|remediation| Step { action: Action::Assign(split.corrections), remediation }))
    }

    fn in_force(&self, spec: &SpecId) -> Option<Digest> {
        match self.input.specs.presence(spec) {
            Presence::Read { digest, .. } => Some(digest),
            Presence::Absent | Presence::Unread => None,
        }
    }

    fn split<'g>(&self, group: &Group<'g>, spec: &SpecId, digest: Digest) -> Split<'g> {
        let mut split = Split::default();
        let mut drifts = group.drifts.clone();
        // What the table refused is tried again; where there is no room for all others, the worst are corrected.
        drifts.sort_by_cached_key(|drift| (!self.is_refused(group, drift), std::cmp::Reverse(drift.severity)));
        for drift in drifts {
            let Some((task, observed)) = drift.subject.task_id().zip(drift.observed.as_ref()) else {
                split.left.push(drift.clone());
                continue;
            };
            let assign = Assign { spec: spec.clone(), digest, task, change: observed.change.clone() };
            let key = assign.key();
            match self.input.ledger.enforced.get(&key).filter(|before| before.digest == digest) {
                None => {
                    split.corrections.push(assign);
                    split.corrected.push(drift);
                }
                Some(before) => {
                    let fight = Arc::new(self.fight(drift, observed, &key, before));
                    split.fights.insert(drift.subject.clone(), fight.clone());
                    split.left.push(fight);
                }
            }
        }
        split
    }

    /// Whether the table refused to have it corrected in the last pass.
    fn is_refused(&self, group: &Group<'_>, drift: &Drift) -> bool {
        let id = drift.subject.task_id().map(|task| HoldId::of_correction(&group.fingerprint, &task));
        id.is_some_and(|id| self.input.ledger.refused.contains_key(&id))
    }

    /// Takes out of what would be corrected what is too much for this pass. What the table refused counted when it was first
    /// tried: else it would leave no room for what can be corrected.
    fn hold_back(&self, split: &mut Split<'_>, group: &Group<'_>, room: &mut usize) -> Option<Held> {
        let again = split.corrected.iter().filter(|drift| self.is_refused(group, drift)).count();
        let (wanted, most) = (split.corrections.len() - again, self.policy.correct_per_pass);
        let (go, held) = limit::corrections(wanted, (most, room), group, &self.input.ledger.holds);
        let go = again + go;
        split.corrections.truncate(go);
        split.waiting = split.corrected.split_off(go);
        held
    }

    /// What becomes of an open task when the assignment corrects all drifts itself: it closes. The corrections are written in
    /// the same transaction, only where what was read still stands, so nothing that it lists is left once it is closed. As
    /// long as some of that waits for a person, it stays.
    fn unneeded(&self, group: &Group<'_>, known: Option<&Known<'_>>, waiting: &[&Arc<Drift>]) -> Option<Step> {
        let open = known.filter(|known| known.record.is_open())?;
        let listed = open.subjects();
        if waiting.iter().any(|drift| listed.contains(&drift.subject)) {
            return self.rename(open);
        }
        let mut found = group.drifts.iter().map(|drift| &drift.subject).chain(group.waived.keys().copied());
        if found.any(|subject| listed.contains(subject)) {
            return self.accepted(known, CloseReason::Mended);
        }
        self.settle(open)
    }

    /// The drift as one that Abide does not correct again, with whom it would fight over it, and over what.
    fn fight(&self, drift: &Drift, observed: &Observed, key: &EnforcedKey, before: &Enforced) -> Drift {
        let Observed { change, agent } = observed;
        let (field, spec) = (key.field.word(), &key.spec);
        let (name, wanted) = (&spec.name, change.to());
        let with = self.opponent(key, change.from(), before, agent.as_deref());
        let mut fight = drift.clone();
        fight.title = format!("tasks of {name} do not keep the {field} that Abide set");
        fight.evidence.question =
            format!("which open tasks that {name} selects do not keep the {field} that Abide set?");
        fight.evidence.answer = format!(
            "{}, not {wanted}: Abide set the {field} {} in place of {} at {}, and it was changed since. Abide would fight over it with {with}",
            stands(key, change.from()),
            before.change.to(),
            before.change.from().unwrap_or("nothing"),
            before.at,
        );
        fight.fix.how = format!(
            "agree on who is right: make the other writer leave the {field} at {wanted}, or change {spec} by pull request. \
             Abide sets it once for each version of {spec}, so not again until that changes"
        );
        fight
    }

    /// Who wrote the value that stands there now, where that is on record: only assignments write fields through Abide. Else whom to
    /// ask: whoever did something to the task, or holds it, need not have done it, and may know.
    fn opponent(&self, key: &EnforcedKey, now: Option<&str>, before: &Enforced, agent: Option<&str>) -> String {
        let ledger = self.input.ledger;
        let of_specs = ledger.enforced.iter().find(|(other, enforced)| {
            let same = other.task == key.task && other.field == key.field && other.spec != key.spec;
            same && enforced.at >= before.at && Some(enforced.change.to()) == now
        });
        if let Some((other, enforced)) = of_specs {
            return format!("{}, which enforced {} at {}", other.spec, enforced.change.to(), enforced.at);
        }
        let ask = match (&before.writer, agent) {
            (Some(writer), Some(agent)) if **writer != *agent => {
                format!("; {writer} did something else to the task since, and {agent} holds it")
            }
            (Some(writer), _) => format!("; {writer} did something else to the task since"),
            (None, Some(agent)) => format!("; {agent} holds the task"),
            (None, None) => String::new(),
        };
        format!("another writer of {}: it is not on record who{ask}", self.table())
    }

    fn table(&self) -> String {
        match &*self.input.ledger.table {
            "" => "the task table".to_owned(),
            table => format!("the table {table}"),
        }
    }

    /// The corrections that need not be remembered: their task is gone or has ended, or their spec is gone or says something
    /// else now.
    pub(super) fn forgotten(&self, steps: &[Step]) -> Vec<EnforcedKey> {
        let renewed = |key: &EnforcedKey| {
            let assigns = steps.iter().filter_map(|step| match &step.action {
                Action::Assign(tasks) => Some(tasks),
                _ => None,
            });
            assigns.flatten().any(|assign| assign.key() == *key)
        };
        let is_idle = |(key, enforced): &(&EnforcedKey, &Enforced)| {
            let is_kept = match self.input.specs.presence(&key.spec) {
                Presence::Absent => false,
                Presence::Unread => true,
                Presence::Read { digest, .. } => digest == enforced.digest,
            };
            !enforced.is_open || !is_kept
        };
        let idle = self.input.ledger.enforced.iter().filter(is_idle).map(|(key, _)| key);
        idle.filter(|key| !renewed(key)).cloned().collect()
    }
}

/// What a task has in place of what was wanted.
fn stands(EnforcedKey { task, field, .. }: &EnforcedKey, value: Option<&str>) -> String {
    match (field, value) {
        (_, None) => format!("task {task} has no {}", field.word()),
        (TaskField::Role, Some(role)) => format!("task {task} is with {role}"),
        (TaskField::Severity, Some(severity)) => format!("task {task} is of severity {severity}"),
    }
}
