use crate::model::{CaseVerdict, CloseReason, Duration, Fingerprint, Standing, Subject, Timestamp};
use crate::plan::Presence;

use super::world::{NOW, World, closed_as, rule_case, spec, unknown, words};

const LATER: Timestamp = NOW.plus(Duration::from_hours(1));

/// A world in which `decision/a` had a task and is now called `decision/b`.
fn renamed() -> (World, Fingerprint) {
    let mut world = World::of(&["decision/a"]);
    let old = world.drifts("decision/a", "rule/x");
    world.advance(NOW);
    call(&mut world, "decision/a", "decision/b");
    (world, old)
}

fn call(world: &mut World, old: &str, new: &str) {
    world.verdicts.cases.remove(&rule_case(old));
    world.specs.there.remove(&spec(old));
    world.write(new, "renamed");
    world.clean(new);
    world.renamed.insert(spec(new), spec(old));
}

#[test]
fn a_renamed_spec_keeps_its_task() {
    let (mut world, old) = renamed();
    let new = world.drifts("decision/b", "rule/x");
    let plan = world.settle(LATER);
    assert_eq!(words(&plan), ["update"]);
    let task = &plan.steps[0].remediation;
    assert_eq!((&task.fingerprint, task.renamed_from.as_ref()), (&new, Some(&old)));
    assert_eq!((task.case.spec.clone(), task.opened), (Some(spec("decision/b")), NOW));
    assert_eq!(world.ledger.records.keys().collect::<Vec<_>>(), [&new]);
    world.renamed.clear();
    assert!(world.plan(LATER).steps.is_empty());
}

#[test]
fn a_spec_that_was_renamed_and_mended_closes_its_task() {
    let (mut world, old) = renamed();
    let plan = world.settle(LATER);
    assert_eq!(closed_as(&plan), Some(CloseReason::SpecChanged));
    assert_eq!(plan.steps[0].remediation.renamed_from, Some(old));
}

#[test]
fn the_new_name_is_taken_over_even_when_nothing_can_be_told() {
    for verdict in [Some(CaseVerdict::Unknown(unknown())), None] {
        let (mut world, old) = renamed();
        match verdict {
            Some(verdict) => drop(world.verdicts.cases.insert(rule_case("decision/b"), verdict)),
            None => {
                world.verdicts.cases.clear();
                world.specs.there.insert(spec("decision/b"), Presence::Unread);
            }
        }
        let plan = world.settle(LATER);
        assert_eq!((words(&plan), plan.steps[0].remediation.renamed_from.as_ref()), (vec!["update"], Some(&old)));
    }
}

#[test]
fn a_subject_that_is_the_spec_itself_is_renamed_with_it() {
    let mut world = World::of(&["agent/a"]);
    world.drifts("agent/a", "agent/a");
    world.advance(NOW);
    call(&mut world, "agent/a", "agent/b");
    world.find(&rule_case("agent/b"), "agent/b", Standing::Unknown(unknown()));
    let plan = world.settle(LATER);
    assert_eq!(words(&plan), ["update"]);
    assert_eq!(plan.steps[0].remediation.subjects, [Subject::stored("agent/b")].into());

    world.drifts("agent/b", "agent/b");
    assert!(world.plan(LATER).steps.is_empty(), "the drift meets its task under the new name");
}

#[test]
fn a_group_is_renamed_with_its_spec() {
    let mut world = World::of(&["assignment/a"]);
    let old = world.drifts("assignment/a", "task/1");
    world.advance(NOW);
    call(&mut world, "assignment/a", "assignment/b");
    world.drifts("assignment/b", "task/1");
    let plan = world.settle(LATER);
    assert_eq!((words(&plan), plan.steps[0].remediation.renamed_from.as_ref()), (vec!["update"], Some(&old)));
}

#[test]
fn a_name_that_is_still_in_use_was_not_renamed() {
    let (mut world, _) = renamed();
    world.write("decision/a", "first");
    world.drifts("decision/a", "rule/x");
    world.drifts("decision/b", "rule/x");
    assert_eq!(words(&world.settle(LATER)), ["open"], "decision/a keeps its own");
}

#[test]
fn a_closed_task_is_remembered_under_the_new_name() {
    let mut world = World::of(&["decision/a"]);
    world.drifts("decision/a", "rule/x");
    world.advance(NOW);
    world.clean("decision/a");
    world.advance(NOW);
    call(&mut world, "decision/a", "decision/b");
    world.drifts("decision/b", "rule/x");
    let plan = world.settle(LATER);
    assert_eq!((words(&plan), plan.steps[0].remediation.flaps), (vec!["reopen"], 1));
    assert_eq!(world.ledger.records.len(), 1);
}

#[test]
fn a_close_that_waits_has_its_new_name_all_the_same() {
    let mut world = World::of(&["decision/a"]);
    (0..15).for_each(|n| drop(world.drifts("decision/a", &format!("rule/{n:02}"))));
    world.advance(NOW);
    call(&mut world, "decision/a", "decision/b");
    let plan = world.settle(LATER);
    assert_eq!(words(&plan), [["close"; 10].as_slice(), &["update"; 5]].concat());
    world.renamed.clear();
    assert_eq!(world.settle(LATER).held.len(), 5);
    assert!(world.ledger.records.values().all(|record| record.case.spec == Some(spec("decision/b"))));
}
