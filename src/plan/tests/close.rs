use crate::model::{CaseId, CaseVerdict, CloseReason, Duration, Fingerprint, Rule, Standing, TaskStatus, Timestamp};
use crate::plan::Presence;

use super::world::{NOW, World, closed_as, rule_case, spec, unknown, words};

const LATER: Timestamp = NOW.plus(Duration::from_hours(1));

/// A world in which one task is open.
fn opened() -> (World, Fingerprint) {
    let mut world = World::of(&["decision/a"]);
    let fingerprint = world.drifts("decision/a", "rule/x");
    world.advance(NOW);
    (world, fingerprint)
}

#[test]
fn a_clean_subject_closes_its_task_as_mended() {
    let (mut world, _) = opened();
    world.find(&rule_case("decision/a"), "rule/x", Standing::Clean);
    assert_eq!(closed_as(&world.settle(LATER)), Some(CloseReason::Mended));

    let (mut world, _) = opened();
    world.clean("decision/a");
    assert_eq!(closed_as(&world.settle(LATER)), Some(CloseReason::Mended), "not listed is clean");
}

#[test]
fn a_close_carries_what_was_recorded_and_no_drift() {
    let (mut world, fingerprint) = opened();
    world.clean("decision/a");
    let task = &world.plan(LATER).steps[0].remediation;
    assert_eq!((&task.fingerprint, task.version, task.changed), (&fingerprint, Some(1), "the world"));
    assert!(task.drifts.is_empty() && task.live.is_some());
}

#[test]
fn a_spec_that_wants_something_else_closes_as_spec_changed() {
    let (mut world, _) = opened();
    world.clean("decision/a");
    world.write("decision/a", "second");
    let plan = world.settle(LATER);
    assert_eq!(closed_as(&plan), Some(CloseReason::SpecChanged));
    assert_eq!(plan.steps[0].remediation.changed, "the spec");
}

#[test]
fn a_spec_that_was_judged_as_it_stands_before_is_not_why_it_closes() {
    let (mut world, _) = opened();
    world.write("decision/a", "second");
    world.clean("decision/a");
    world.ledger.accepted = Some((crate::model::Revision::new("r1"), 2));
    assert_eq!(closed_as(&world.plan(LATER)), Some(CloseReason::Mended));
}

#[test]
fn a_deleted_subject_closes_as_gone() {
    let (mut world, _) = opened();
    world.find(&rule_case("decision/a"), "rule/x", Standing::Gone);
    assert_eq!(closed_as(&world.settle(LATER)), Some(CloseReason::Gone));
}

#[test]
fn a_group_is_gone_only_when_all_that_it_lists_is() {
    let mut world = World::of(&["assignment/a"]);
    world.drifts("assignment/a", "task/1");
    world.drifts("assignment/a", "task/2");
    world.advance(NOW);
    let case = rule_case("assignment/a");
    world.find(&case, "task/1", Standing::Gone);
    world.find(&case, "task/2", Standing::Clean);
    assert_eq!(closed_as(&world.plan(LATER)), Some(CloseReason::Mended));
    world.find(&case, "task/2", Standing::Unknown(unknown()));
    assert_eq!(words(&world.plan(LATER)), Vec::<&str>::new());
    world.find(&case, "task/2", Standing::Gone);
    assert_eq!(closed_as(&world.settle(LATER)), Some(CloseReason::Gone));
}

#[test]
fn what_cannot_be_told_closes_nothing() {
    let case = rule_case("decision/a");
    let (mut world, fingerprint) = opened();
    world.end(&fingerprint, TaskStatus::Completed, Some(NOW));
    for standing in [Standing::Unknown(unknown()), Standing::Unsettled("too recent".into())] {
        world.find(&case, "rule/x", standing);
        assert_eq!(words(&world.plan(LATER)), Vec::<&str>::new(), "even what is claimed to be done waits");
    }
    world.verdicts.cases.insert(case.clone(), CaseVerdict::Unknown(unknown()));
    let plan = world.plan(LATER);
    assert_eq!((words(&plan).len(), plan.unknown.len()), (0, 1));

    world.verdicts.cases.remove(&case);
    world.specs.there.insert(spec("decision/a"), Presence::Unread);
    assert_eq!(words(&world.plan(LATER)), Vec::<&str>::new(), "a spec that was never readable");
}

#[test]
fn a_spec_that_was_removed_closes_as_withdrawn() {
    let (mut world, _) = opened();
    world.verdicts.cases.clear();
    world.specs.there.clear();
    assert_eq!(closed_as(&world.settle(LATER)), Some(CloseReason::Withdrawn));
}

#[test]
fn a_spec_that_no_longer_asks_closes_as_spec_changed() {
    let (mut world, _) = opened();
    world.verdicts.cases.clear();
    let plan = world.plan(LATER);
    assert_eq!(closed_as(&plan), Some(CloseReason::SpecChanged));
    assert_eq!(plan.steps[0].remediation.changed, "the rule", "the spec itself is as it was");
}

#[test]
fn a_case_without_a_spec_closes_by_its_own_verdict() {
    let case = CaseId { spec: None, rule: Rule::AssignmentNone };
    let mut world = World::of(&[]);
    let found = super::world::drift(&case, "task/7");
    world.find(&case, "task/7", Standing::Drift(found.into()));
    world.advance(NOW);
    world.verdicts.cases.insert(case.clone(), CaseVerdict::Unknown(unknown()));
    assert_eq!(words(&world.plan(LATER)), Vec::<&str>::new());
    world.find(&case, "task/7", Standing::Clean);
    assert_eq!(closed_as(&world.plan(LATER)), Some(CloseReason::Mended));
    world.verdicts.cases.clear();
    assert_eq!(closed_as(&world.plan(LATER)), Some(CloseReason::SpecChanged));
}

#[test]
fn a_claim_that_the_world_bears_out_is_closed() {
    let (mut world, fingerprint) = opened();
    world.end(&fingerprint, TaskStatus::Completed, Some(LATER));
    world.clean("decision/a");
    assert_eq!(closed_as(&world.settle(LATER)), Some(CloseReason::Mended));
}
