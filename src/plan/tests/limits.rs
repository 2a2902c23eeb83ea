use std::sync::Arc;

use crate::model::{Action, CaseVerdict, DriftState, Duration, HoldId, Plan, Severity, Standing, Subject, Timestamp};
use crate::plan::OnDrift;

use super::world::{NOW, World, drift, rule_case, spec, unknown, words};

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

/// An assignment that enforces, with so many tasks that are with nobody.
fn astray(spec_id: &str, tasks: usize, world: &mut World) {
    world.specs.on_drift.insert(spec(spec_id), OnDrift::Enforce);
    (0..tasks).for_each(|n| drop(world.drifts(spec_id, &format!("task/{n:03}"))));
}

/// What a plan corrects, by assignment; and then it is right.
fn correct(world: &mut World, now: Timestamp) -> (Plan, Vec<String>) {
    let plan = world.pass(now);
    let mut made = Vec::new();
    for step in &plan.steps {
        let Action::Assign(tasks) = &step.action else { continue };
        let case = step.remediation.case.clone();
        for assign in tasks {
            made.push(format!("{} {}", assign.spec.name, assign.task));
            world.find(&case, Subject::task(&assign.task).as_str(), Standing::Clean);
        }
    }
    assert_eq!(words(&world.plan(now)), [""; 0], "planning again changes nothing");
    assert_eq!(world.plan(now).held.len(), plan.held.len(), "what waits keeps waiting");
    (plan, made)
}

#[test]
fn what_goes_beyond_the_limit_of_corrections_waits_as_one_for_a_person() {
    let mut world = World::of(&["assignment/a", "assignment/b"]);
    astray("assignment/a", 5, &mut world);
    astray("assignment/b", 2, &mut world);
    world.policy.correct_per_pass = 3;
    let (plan, made) = correct(&mut world, NOW);
    assert_eq!(made, ["a 000", "a 001", "a 002"]);
    assert_eq!(words(&plan), ["assign"]);
    let held: Vec<_> = plan.held.iter().map(|held| (held.action, held.needs_person)).collect();
    assert_eq!(held, [("assign", true), ("assign", true)], "one for each assignment");
    let states: Vec<_> = plan.drifts.iter().map(|reported| reported.state).collect();
    let (new, held) = (DriftState::New, DriftState::Held);
    assert_eq!(states, [new, new, new, held, held, held, held]);
    let why = plan.drifts[4].reason.as_deref().unwrap();
    let id = HoldId::of("assign", &plan.drifts[4].fingerprint);
    let says = format!(
        "a pass may make at most 3 corrections; 2 by assignment/a (assignment/role) wait until a person says `abide holds release {id}`"
    );
    assert_eq!(why, says);
    // What comes to be wrong while they wait is no more to be trusted; other assignments go on.
    world.drifts("assignment/a", "task/999");
    world.write("assignment/c", "first");
    astray("assignment/c", 1, &mut world);
    let (plan, made) = correct(&mut world, LATER);
    assert_eq!((made, plan.held.len()), (vec!["c 000".to_owned()], 2));
    assert!(world.ledger.records.is_empty(), "nothing is opened for what waits");
    // A person lets one of them go ahead, whatever the limit.
    world.policy.correct_per_pass = 0;
    world.ledger.holds.insert(id, true);
    let (plan, made) = correct(&mut world, LATER);
    assert_eq!((made, plan.held.len()), (["a 003", "a 004", "a 999"].map(str::to_owned).to_vec(), 1));
}

#[test]
fn the_worst_are_corrected_first() {
    let mut world = World::of(&["assignment/a", "assignment/b"]);
    astray("assignment/a", 1, &mut world);
    astray("assignment/b", 1, &mut world);
    let mut worst = drift(&rule_case("assignment/b"), "task/000");
    worst.severity = Severity::Critical;
    world.find(&rule_case("assignment/b"), "task/000", Standing::Drift(Arc::new(worst)));
    world.policy.correct_per_pass = 1;
    assert_eq!(correct(&mut world, NOW).1, ["b 000"]);
}

#[test]
fn the_worst_of_an_assignment_are_corrected_first() {
    let mut world = World::of(&["assignment/a"]);
    astray("assignment/a", 3, &mut world);
    let mut worst = drift(&rule_case("assignment/a"), "task/002");
    worst.severity = Severity::Critical;
    world.find(&rule_case("assignment/a"), "task/002", Standing::Drift(Arc::new(worst)));
    world.policy.correct_per_pass = 1;
    assert_eq!(correct(&mut world, NOW).1, ["a 002"]);
}

#[test]
fn a_task_from_before_it_enforced_stays_while_corrections_of_what_it_lists_wait() {
    let mut world = World::of(&["assignment/a"]);
    (0..2).for_each(|n| drop(world.drifts("assignment/a", &format!("task/{n:03}"))));
    world.advance(NOW);
    astray("assignment/a", 2, &mut world);
    world.policy.correct_per_pass = 1;
    let (plan, made) = correct(&mut world, LATER);
    assert_eq!((words(&plan), made.len()), (vec!["assign"], 1));
    world.ledger.holds.values_mut().for_each(|released| *released = true);
    let (plan, made) = correct(&mut world, LATER);
    assert_eq!((words(&plan), made.len()), (vec!["close", "assign"], 1));
}

#[test]
fn a_release_outlasts_what_cannot_be_told_and_ends_with_its_step() {
    let mut world = World::of(&["assignment/a", "decision/a"]);
    astray("assignment/a", 2, &mut world);
    world.policy.correct_per_pass = 0;
    assert!(correct(&mut world, NOW).1.is_empty());
    world.ledger.holds.values_mut().for_each(|released| *released = true);
    let seen = world.verdicts.cases.insert(rule_case("assignment/a"), CaseVerdict::Unknown(unknown()));
    world.advance(LATER);
    assert_eq!(world.ledger.holds.len(), 1, "it may be wanted again");
    world.verdicts.cases.extend(seen.map(|seen| (rule_case("assignment/a"), seen)));
    world.verdicts.cases.insert(rule_case("decision/a"), CaseVerdict::Unknown(unknown()));
    assert_eq!(correct(&mut world, LATER).1.len(), 2);
    assert!(world.ledger.holds.is_empty());
}

#[test]
fn the_release_of_what_comes_back_ends_when_it_has_come_back() {
    let mut world = broken(1, 1);
    world.advance(NOW);
    world.clean("decision/a");
    world.advance(NOW);
    world.policy.open_per_pass = 0;
    world.drifts("decision/a", "rule/000");
    world.advance(LATER);
    world.ledger.holds.values_mut().for_each(|released| *released = true);
    world.find(&rule_case("decision/a"), "rule/001", Standing::Unknown(unknown()));
    assert_eq!(words(&world.settle(LATER)), ["reopen"]);
    assert!(world.ledger.holds.is_empty());
}

/// As a store would remember that its table refused the corrections of these tasks.
fn refuse(world: &mut World, plan: &Plan, tasks: &[&str]) {
    let print = &plan.drifts[0].fingerprint;
    let ids = tasks.iter().map(|task| HoldId::of_correction(print, &(*task).into()));
    world.ledger.refused = ids.map(|id| (id, "frozen".into())).collect();
    world.ledger.enforced.retain(|key, _| !tasks.contains(&&*key.task.0));
}

#[test]
fn corrections_that_were_refused_are_tried_again_beside_the_others_and_do_not_count() {
    let mut world = World::of(&["assignment/a"]);
    astray("assignment/a", 2, &mut world);
    world.policy.correct_per_pass = 2;
    let plan = world.pass(NOW);
    refuse(&mut world, &plan, &["000", "001"]);
    astray("assignment/a", 4, &mut world);
    let plan = world.plan(LATER);
    assert_eq!(plan.held, [], "what is refused uses nothing up");
    let Action::Assign(tasks) = &plan.steps[0].action else { panic!("{plan:?}") };
    assert_eq!(tasks.iter().map(|assign| &*assign.task.0).collect::<Vec<_>>(), ["000", "001", "002", "003"]);
    // What is too much waits for a person without them.
    astray("assignment/a", 5, &mut world);
    let plan = world.plan(LATER);
    let held: Vec<_> = plan.drifts.iter().map(|drift| drift.state == DriftState::Held).collect();
    assert_eq!(held, [false, false, false, false, true]);
}

#[test]
fn tasks_that_were_refused_leave_room_for_the_others() {
    let mut world = broken(2, 2);
    world.ledger.refused = world.plan(NOW).steps.iter().map(|step| (step.hold(), "no".into())).collect();
    world.drifts("decision/a", "rule/998");
    world.drifts("decision/a", "rule/999");
    let plan = world.plan(LATER);
    assert_eq!((words(&plan).len(), plan.held), (4, Vec::new()));
}
