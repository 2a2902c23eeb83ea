//! What must be true of a plan and of what it leaves behind.

use std::collections::BTreeSet;

use abide::model::{
    Action, CaseId, CaseVerdict, Drift, DriftState, Fingerprint, Ledger, Plan, Record, Remediation, Reported, Standing,
    Subject, TaskId,
};
use abide::plan::{OnDrift, Presence};
use abide::store::{Filter, TaskStore};
use proptest::prelude::*;

use super::world::{World, done};

pub(super) fn acts_on_evidence_only(world: &World, ledger: &Ledger, plan: &Plan) -> Result<(), TestCaseError> {
    for step in &plan.steps {
        let r = &step.remediation;
        match &step.action {
            Action::Open | Action::Reopen { .. } => {
                prop_assert!(!r.drifts.is_empty(), "{r:?} was opened without a drift");
                let seen = r.drifts.iter().all(|drift| world.verdicts.drifts().any(|seen| named(seen) == named(drift)));
                prop_assert!(seen, "{r:?} was opened for a drift that nobody saw");
            }
            Action::Close(_) => {
                let record = &ledger.records[r.renamed_from.as_ref().unwrap_or(&r.fingerprint)];
                prop_assert!(can_be_told(world, r, record), "{r:?} was closed without evidence");
            }
            Action::Update | Action::Assign(_) => {}
        }
    }
    Ok(())
}

/// A drift by what it is about: one that Abide would fight over is told in other words than it was seen in.
const fn named(drift: &Drift) -> (&CaseId, &Subject) {
    (&drift.case, &drift.subject)
}

/// Whether something is known of all that the task lists.
fn can_be_told(world: &World, r: &Remediation, record: &Record) -> bool {
    match world.verdicts.cases.get(&r.case) {
        Some(CaseVerdict::Unknown(_)) => false,
        Some(CaseVerdict::Judged { findings, .. }) => !record
            .subjects
            .iter()
            .any(|subject| matches!(findings.get(subject), Some(Standing::Unknown(_) | Standing::Unsettled(_)))),
        None => r.case.spec.as_ref().is_none_or(|spec| world.specs.there.get(spec) != Some(&Presence::Unread)),
    }
}

pub(super) fn every_drift_is_accounted_for(world: &World, ledger: &Ledger, plan: &Plan) -> Result<(), TestCaseError> {
    let reported: Vec<_> = plan.drifts.iter().map(|reported| named(&reported.drift)).collect();
    prop_assert_eq!(
        reported,
        world.verdicts.drifts().map(|drift| named(drift)).collect::<Vec<_>>(),
        "every drift is reported once"
    );
    prop_assert_eq!(plan.unknown.len(), world.verdicts.unknown().count());
    for reported in &plan.drifts {
        prop_assert!(is_accounted_for(world, ledger, plan, reported), "{reported:?}");
    }
    Ok(())
}

fn is_accounted_for(world: &World, ledger: &Ledger, plan: &Plan, reported: &Reported) -> bool {
    let steps = || plan.steps.iter().filter(|step| step.remediation.fingerprint == reported.fingerprint);
    let has_reason = reported.reason.as_ref().is_some_and(|reason| !reason.is_empty());
    match reported.state {
        DriftState::New => steps().any(|step| matches!(step.action.word(), "open" | "reopen" | "assign")),
        DriftState::Open => {
            let from = steps().find_map(|step| step.remediation.renamed_from.as_ref());
            let record = ledger.records.get(from.unwrap_or(&reported.fingerprint));
            let live = record.filter(|record| record.is_open()).and_then(|record| record.live.as_ref());
            let stays = steps().all(|step| matches!(step.action, Action::Update | Action::Assign(_)));
            live.is_some_and(|live| live.status.is_open()) && stays
        }
        DriftState::Waived => has_reason && is_accepted(world, ledger, reported),
        DriftState::Shown => world.specs.on_drift == OnDrift::Warn && has_reason,
        DriftState::Held => {
            has_reason && plan.held.iter().any(|held| held.fingerprint.as_ref() == Some(&reported.fingerprint))
        }
    }
}

fn is_accepted(world: &World, ledger: &Ledger, reported: &Reported) -> bool {
    let is_refused = |record: &Record| record.wont_fix.as_ref().is_some_and(|refusal| world.now < refusal.until);
    world.names(reported).any(|fingerprint| ledger.records.get(&fingerprint).is_some_and(is_refused))
        || world.waivers.iter().any(|waiver| waiver.accepts(&reported.drift, world.now))
}

/// Every open row of Abide's is the task of exactly one open record, and no two records share a row.
pub(super) fn open_rows_and_open_records_agree(world: &World) -> Result<(), TestCaseError> {
    let ledger = world.ledger();
    let filter = Filter { own: true, most: usize::MAX, ..Filter::default() };
    let rows = done(world.store.list(&filter)).unwrap();
    let open_rows: BTreeSet<TaskId> =
        rows.into_iter().filter(|row| row.task.status.is_open()).map(|row| row.task.id.clone()).collect();
    let is_live = |record: &&Record| record.live.as_ref().is_some_and(|live| live.status.is_open());
    let recorded: BTreeSet<TaskId> = ledger.open().filter(is_live).map(|record| record.task.clone()).collect();
    prop_assert_eq!(open_rows, recorded);

    let tasks: BTreeSet<&TaskId> = ledger.records.values().map(|record| &record.task).collect();
    prop_assert_eq!(tasks.len(), ledger.records.len());
    for (fingerprint, record) in &ledger.records {
        prop_assert_eq!(fingerprint, &Fingerprint::of(&record.case, &record.subject));
    }
    Ok(())
}
