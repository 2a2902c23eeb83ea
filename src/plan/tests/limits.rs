use std::sync::Arc;

use crate::model::{DriftState, Duration, HoldId, Severity, Standing, Timestamp};

use super::world::{NOW, World, drift, rule_case, words};

const LATER: Timestamp = NOW.plus(Duration::from_hours(1));

/// A decision with so many broken rules, named in order.
fn broken(rules: usize, limit: usize) -> World {
    let mut world = World::of(&["decision/a"]);
    world.policy.open_per_pass = limit;
    for n in 0..rules {
        world.drifts("decision/a", &format!("rule/{n:03}"));
    }
    world
}

#[test]
fn what_goes_beyond_the_limit_of_opens_waits_for_a_person_and_says_so() {
    let mut world = broken(5, 3);
    let plan = world.settle(NOW);
    assert_eq!((words(&plan).len(), plan.held.len()), (3, 2));
    let held: Vec<_> = plan.drifts.iter().filter(|drift| drift.state == DriftState::Held).collect();
    assert_eq!(held.len(), 2);
    assert!(
        held.iter().all(|drift| drift.reason.as_ref().is_some_and(|why| why.contains("abide holds release open:")))
    );
    assert!(plan.held.iter().all(|held| held.needs_person && held.action == "open"));
}

#[test]
fn the_worst_go_first_then_by_name() {
    let mut world = broken(3, 2);
    let mut worst = drift(&rule_case("decision/a"), "rule/002");
    worst.severity = Severity::Critical;
    world.find(&rule_case("decision/a"), "rule/002", Standing::Drift(Arc::new(worst)));
    let subjects = world.plan(NOW).steps.into_iter().map(|step| step.remediation.subject.to_string());
    assert_eq!(subjects.collect::<Vec<_>>(), ["rule/002", "rule/000"]);
}

#[test]
fn what_waits_keeps_waiting_and_new_drift_goes_ahead_of_it() {
    let mut world = broken(5, 3);
    world.advance(NOW);
    world.drifts("decision/a", "rule/999");
    let plan = world.settle(LATER);
    assert_eq!((words(&plan), plan.held.len()), (vec!["open"], 2));
    assert_eq!(plan.steps[0].remediation.subject.as_str(), "rule/999");
}

#[test]
fn a_released_step_goes_ahead_and_does_not_count() {
    let mut world = broken(5, 3);
    let held = world.settle(NOW).held;
    world.ledger.holds.insert(held[0].id.clone(), true);
    (0..3).for_each(|n| drop(world.drifts("decision/a", &format!("rule/9{n}"))));
    let plan = world.settle(LATER);
    assert_eq!((words(&plan).len(), plan.held.len()), (4, 1));
    assert!(plan.steps.iter().any(|step| HoldId::of("open", &step.remediation.fingerprint) == held[0].id));
}

#[test]
fn drift_that_comes_back_counts_as_opened() {
    let mut world = broken(4, 4);
    world.advance(NOW);
    world.clean("decision/a");
    world.advance(NOW);
    (0..4).for_each(|n| drop(world.drifts("decision/a", &format!("rule/{n:03}"))));
    world.policy.open_per_pass = 1;
    let plan = world.settle(LATER);
    assert_eq!((words(&plan), plan.held.len()), (vec!["reopen"], 3));
    assert_eq!(plan.held[0].action, "reopen");
    assert!(plan.held[0].id.0.starts_with("open:"));
}

#[test]
fn ten_closes_always_go_and_beyond_that_a_fifth_of_what_is_open() {
    for (open, mended, go) in [(10, 10, 10), (12, 11, 10), (49, 30, 10), (60, 12, 12), (100, 21, 20)] {
        let mut world = broken(open, open);
        world.advance(NOW);
        for n in 0..mended {
            world.find(&rule_case("decision/a"), &format!("rule/{n:03}"), Standing::Clean);
        }
        let plan = world.settle(LATER);
        assert_eq!((words(&plan).len(), plan.held.len()), (go, mended - go), "{mended} of {open}");
        assert!(plan.held.iter().all(|held| held.needs_person && held.action == "close"));
        let again = world.settle(LATER);
        assert_eq!(again.held.len(), mended - go, "they keep waiting");
        world.ledger.holds.extend(again.held.into_iter().map(|held| (held.id, true)));
        assert_eq!(words(&world.settle(LATER)).len(), mended - go, "until a person releases them");
    }
}

#[test]
fn a_hold_ends_with_its_drift() {
    let mut world = broken(2, 1);
    world.advance(NOW);
    assert_eq!(world.ledger.holds.len(), 1);
    world.find(&rule_case("decision/a"), "rule/001", Standing::Clean);
    assert!(world.settle(LATER).held.is_empty());
    assert!(world.ledger.holds.is_empty());
}

#[test]
fn updates_are_not_limited() {
    let mut world = broken(30, 30);
    world.advance(NOW);
    world.policy.open_per_pass = 1;
    for n in 0..30 {
        let mut worse = drift(&rule_case("decision/a"), &format!("rule/{n:03}"));
        worse.severity = Severity::High;
        world.find(&rule_case("decision/a"), &format!("rule/{n:03}"), Standing::Drift(Arc::new(worse)));
    }
    assert_eq!(words(&world.settle(LATER)).len(), 30);
}
