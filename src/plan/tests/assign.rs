use crate::model::{Action, Assign, CloseReason, Code, DriftState, Duration, Standing, Timestamp};
use crate::plan::OnDrift;

use super::world::{NOW, World, closed_as, drift, rule_case, spec, words};

const LATER: Timestamp = NOW.plus(Duration::from_hours(1));

fn misplaced(on_drift: OnDrift) -> World {
    let mut world = World::of(&["assignment/a"]);
    world.specs.on_drift.insert(spec("assignment/a"), on_drift);
    world.drifts("assignment/a", "task/1");
    let mut unassigned = drift(&rule_case("assignment/a"), "task/2");
    (unassigned.code, unassigned.observed) = (Code::AssignmentUnassigned, None);
    world.find(&rule_case("assignment/a"), "task/2", Standing::Drift(unassigned.into()));
    world
}

fn enforced() -> OnDrift {
    OnDrift::Enforce { to: "developer".into() }
}

#[test]
fn an_assignment_that_enforces_corrects_its_tasks_instead_of_opening_one() {
    let mut world = misplaced(enforced());
    let plan = world.pass(NOW);
    let to = |task: &str, from: Option<&str>| Assign {
        task: task.into(),
        from: from.map(Into::into),
        to: "developer".into(),
    };
    assert_eq!(plan.steps.len(), 1);
    assert_eq!(plan.steps[0].action, Action::Assign(vec![to("1", Some("qa")), to("2", None)]));
    assert!(plan.drifts.iter().all(|drift| drift.state == DriftState::New && drift.reason.is_some()));
    assert!(world.ledger.records.is_empty());
}

#[test]
fn a_task_from_before_it_enforced_closes_once_the_correction_is_seen() {
    let mut world = misplaced(OnDrift::Task);
    world.advance(NOW);
    world.specs.on_drift.insert(spec("assignment/a"), enforced());
    assert_eq!(words(&world.pass(LATER)), ["assign"]);
    world.clean("assignment/a");
    assert_eq!(closed_as(&world.settle(LATER)), Some(CloseReason::Mended));
}

#[test]
fn an_assignment_that_warns_only_shows_its_drift() {
    let mut world = misplaced(OnDrift::Warn);
    let plan = world.settle(NOW);
    assert!(plan.steps.is_empty());
    assert!(plan.drifts.iter().all(|drift| drift.state == DriftState::Waived));
    assert_eq!(plan.drifts[0].reason.as_deref(), Some("its assignment only warns"));
}

#[test]
fn a_task_from_before_it_only_warned_closes_as_spec_changed() {
    let mut world = misplaced(OnDrift::Task);
    world.advance(NOW);
    world.specs.on_drift.insert(spec("assignment/a"), OnDrift::Warn);
    assert_eq!(closed_as(&world.settle(LATER)), Some(CloseReason::SpecChanged));
}
