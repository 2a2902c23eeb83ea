use std::sync::Arc;

use crate::model::{Basis, Duration, Revision, Severity, Standing, TaskStatus};
use crate::plan::OnDrift;

use super::world::{NOW, World, drift, rule_case, spec, words};

#[test]
fn steps_come_in_a_fixed_order_and_closes_first() {
    let mut world = World::of(&["assignment/a", "decision/a", "decision/b", "decision/c", "decision/d"]);
    world.specs.on_drift.insert(spec("assignment/a"), OnDrift::Enforce);
    let done = world.drifts("decision/a", "rule/x");
    world.drifts("decision/b", "rule/x");
    world.drifts("decision/c", "rule/x");
    world.advance(NOW);

    world.drifts("assignment/a", "task/1");
    world.end(&done, TaskStatus::Completed, Some(NOW));
    world.clean("decision/b");
    let mut worse = drift(&rule_case("decision/c"), "rule/x");
    worse.severity = Severity::High;
    world.find(&rule_case("decision/c"), "rule/x", Standing::Drift(Arc::new(worse)));
    world.drifts("decision/d", "rule/x");
    let plan = world.plan(NOW.plus(Duration::from_hours(1)));
    assert_eq!(words(&plan), ["close", "update", "reopen", "open", "assign"]);
    assert_eq!(plan, world.plan(NOW.plus(Duration::from_hours(1))), "and always the same");
}

#[test]
fn a_plan_says_what_it_was_made_from() {
    let mut world = World::of(&["decision/a", "decision/b"]);
    world.ledger.version = 7;
    let plan = world.plan(NOW);
    assert_eq!(plan.basis, Basis { revision: Revision::new("r1"), specs: 2, ledger: 7 });
    assert_eq!(plan.at, NOW);
}
