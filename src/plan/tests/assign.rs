use std::sync::Arc;

use crate::model::{
    Action, Assign, Change, CloseReason, Code, Digest, DriftState, Duration, Enforced, EnforcedKey, Plan, Standing,
    TaskField, Timestamp,
};
use crate::plan::{OnDrift, Presence};

use super::world::{NOW, World, closed_as, drift, rule_case, spec, unknown, with_role, words};

const A: &str = "assignment/a";
const LATER: Timestamp = NOW.plus(Duration::from_hours(1));

fn misplaced(on_drift: OnDrift) -> World {
    let mut world = World::of(&[A]);
    world.specs.on_drift.insert(spec(A), on_drift);
    wrong(&mut world, "task/1", Some("qa"));
    wrong(&mut world, "task/2", None);
    world
}

/// A task is found with that role.
fn wrong(world: &mut World, subject: &str, role: Option<&str>) {
    let mut found = drift(&rule_case(A), subject);
    found.observed = Some(with_role(role));
    found.code = if role.is_some() { Code::AssignmentWrongRole } else { Code::AssignmentUnassigned };
    world.find(&rule_case(A), subject, Standing::Drift(Arc::new(found)));
}

fn assign(task: &str, from: Option<&str>, content: &str) -> Assign {
    let change = Change::Role { from: from.map(Into::into), to: "developer".into() };
    Assign { spec: spec(A), digest: Digest::of(content), task: task.into(), change }
}

/// The tasks that a plan corrects.
fn corrected(plan: &Plan) -> Vec<String> {
    let assigns = plan.steps.iter().filter_map(|step| match &step.action {
        Action::Assign(tasks) => Some(tasks),
        _ => None,
    });
    assigns.flatten().map(|assign| assign.task.to_string()).collect()
}

/// A world whose first task was corrected, and is with `role` now.
fn set_back(role: &str) -> World {
    let mut world = World::of(&[A]);
    world.specs.on_drift.insert(spec(A), OnDrift::Enforce);
    wrong(&mut world, "task/1", Some("qa"));
    assert_eq!(corrected(&world.pass(NOW)), ["1"]);
    world.clean(A);
    world.advance(NOW);
    wrong(&mut world, "task/1", Some(role));
    world
}

#[test]
fn an_assignment_that_enforces_corrects_its_tasks_instead_of_opening_one() {
    let mut world = misplaced(OnDrift::Enforce);
    let plan = world.pass(NOW);
    assert_eq!(plan.steps.len(), 1);
    let both = vec![assign("1", Some("qa"), "first"), assign("2", None, "first")];
    assert_eq!(plan.steps[0].action, Action::Assign(both));
    assert!(plan.drifts.iter().all(|drift| drift.state == DriftState::New && drift.reason.is_some()));
    assert!(world.ledger.records.is_empty());
}

#[test]
fn a_task_that_is_set_back_is_not_corrected_twice_but_told() {
    let mut world = set_back("qa");
    let plan = world.settle(LATER);
    assert_eq!((words(&plan), corrected(&plan)), (vec!["open"], Vec::new()));
    let told = &plan.steps[0].remediation.drifts[0];
    assert_eq!(plan.drifts[0].drift, *told, "it is reported as it is told");
    let answer = "task 1 is with qa, not developer: Abide set the role developer in place of qa at 2026-02-25T06:13:20Z, \
                  and it was changed since. Abide would fight over it with another writer of the task table: it is not on record who";
    assert_eq!(told.evidence.answer, answer);
    world.clean(A);
    assert_eq!(closed_as(&world.settle(LATER)), Some(CloseReason::Mended));
}

#[test]
fn a_second_wrong_value_is_a_fight_as_well() {
    let plan = set_back("ops").settle(LATER);
    assert_eq!((words(&plan), corrected(&plan)), (vec!["open"], Vec::new()));
    assert_eq!(plan.steps[0].remediation.title.as_ref(), "tasks of a do not keep the role that Abide set");
}

#[test]
fn a_fight_that_comes_back_is_the_same_task() {
    let mut world = set_back("qa");
    world.advance(NOW);
    world.clean(A);
    world.advance(NOW);
    wrong(&mut world, "task/1", Some("qa"));
    let plan = world.settle(LATER);
    assert_eq!(words(&plan), ["reopen"]);
    assert_eq!(plan.steps[0].remediation.flaps, 1);
}

#[test]
fn a_spec_that_says_something_new_corrects_once_more() {
    let mut world = set_back("qa");
    world.advance(NOW);
    world.write(A, "second");
    let plan = world.pass(LATER);
    assert_eq!(corrected(&plan), ["1"]);
    assert_eq!(words(&plan), ["close", "assign"]);
    assert!(plan.forgotten.is_empty(), "what is replaced is not forgotten");
    world.clean(A);
    assert_eq!(words(&world.settle(LATER)), [""; 0]);
    wrong(&mut world, "task/1", Some("qa"));
    assert_eq!(words(&world.settle(LATER)), ["reopen"]);
}

#[test]
fn others_are_corrected_while_a_fight_is_open() {
    let mut world = set_back("qa");
    wrong(&mut world, "task/2", None);
    let plan = world.pass(LATER);
    assert_eq!((words(&plan), corrected(&plan)), (vec!["open", "assign"], vec!["2".to_owned()]));
    let subjects = |at: usize| plan.steps[at].remediation.subjects.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!((subjects(0), subjects(1)), (vec!["task/1".to_owned()], vec!["task/2".to_owned()]));
    let states: Vec<_> = plan.drifts.iter().map(|drift| (drift.state, drift.reason.is_some())).collect();
    assert_eq!(states, [(DriftState::New, false), (DriftState::New, true)]);
}

#[test]
fn a_fight_that_is_over_closes_although_others_are_corrected() {
    let mut world = set_back("qa");
    world.advance(NOW);
    world.clean(A);
    wrong(&mut world, "task/2", None);
    let plan = world.pass(LATER);
    assert_eq!((words(&plan), corrected(&plan)), (vec!["close", "assign"], vec!["2".to_owned()]));
}

/// With whom the first task is fought over.
fn opponent(world: &World) -> String {
    let plan = world.plan(LATER);
    let answer = &plan.steps[0].remediation.drifts[0].evidence.answer;
    answer.split_once("Abide would fight over it with ").unwrap().1.to_owned()
}

#[test]
fn a_fight_says_with_whom_as_far_as_it_can_be_told() {
    let mut world = set_back("qa");
    world.ledger.table = "jobs".into();
    let nobody = "another writer of the table jobs: it is not on record who";
    assert_eq!(opponent(&world), nobody);
    let mut held = drift(&rule_case(A), "task/1");
    held.observed.as_mut().unwrap().agent = Some("dev-1".into());
    world.find(&rule_case(A), "task/1", Standing::Drift(Arc::new(held)));
    assert_eq!(opponent(&world), format!("{nobody}; dev-1 holds the task"));
    let key = EnforcedKey { spec: spec(A), task: "1".into(), field: TaskField::Role };
    world.ledger.enforced.get_mut(&key).unwrap().writer = Some("po".into());
    let ask = format!("{nobody}; po did something else to the task since, and dev-1 holds it");
    assert_eq!(opponent(&world), ask);
    let other = EnforcedKey { spec: spec("assignment/b"), ..key };
    let change = Change::Role { from: Some("developer".into()), to: "qa".into() };
    let enforced = Enforced { change, at: LATER, digest: Digest::of("b"), is_open: true, writer: None };
    world.ledger.enforced.insert(other, enforced);
    assert_eq!(opponent(&world), "assignment/b, which enforced qa at 2026-02-25T07:13:20Z");
}

#[test]
fn a_correction_is_forgotten_with_its_task_or_its_spec() {
    let key = EnforcedKey { spec: spec(A), task: "1".into(), field: TaskField::Role };
    let mut world = set_back("qa");
    world.clean(A);
    assert!(world.plan(LATER).forgotten.is_empty());
    let mut ended = world.clone();
    ended.ledger.enforced.get_mut(&key).unwrap().is_open = false;
    assert_eq!(ended.plan(LATER).forgotten, std::slice::from_ref(&key));
    ended.advance(LATER);
    assert!(ended.ledger.enforced.is_empty());
    let mut other = world.clone();
    other.write(A, "second");
    assert_eq!(other.plan(LATER).forgotten, std::slice::from_ref(&key));
    world.specs.there.insert(spec(A), Presence::Unread);
    assert!(world.plan(LATER).forgotten.is_empty(), "nothing is known of the spec");
    world.specs.there.remove(&spec(A));
    assert_eq!(world.plan(LATER).forgotten, [key]);
}

#[test]
fn what_a_rule_cannot_have_corrected_gets_a_task() {
    let mut world = World::of(&[A]);
    world.specs.on_drift.insert(spec(A), OnDrift::Enforce);
    let mut found = drift(&rule_case(A), "task/1");
    found.observed = None;
    world.find(&rule_case(A), "task/1", Standing::Drift(Arc::new(found)));
    assert_eq!(words(&world.settle(NOW)), ["open"]);
}

#[test]
fn a_task_from_before_it_enforced_closes_with_the_correction() {
    let mut world = misplaced(OnDrift::Task);
    world.advance(NOW);
    world.specs.on_drift.insert(spec(A), OnDrift::Enforce);
    let plan = world.pass(LATER);
    assert_eq!(words(&plan), ["close", "assign"]);
    assert_eq!(plan.steps[0].action, Action::Close(CloseReason::Mended));
    world.clean(A);
    assert_eq!(words(&world.settle(LATER)), [""; 0]);
}

#[test]
fn a_task_from_before_it_enforced_stays_while_something_that_it_lists_cannot_be_told() {
    let mut world = misplaced(OnDrift::Task);
    world.advance(NOW);
    world.specs.on_drift.insert(spec(A), OnDrift::Enforce);
    world.find(&rule_case(A), "task/2", Standing::Unknown(unknown()));
    assert_eq!(words(&world.pass(LATER)), ["assign"]);
}

#[test]
fn an_assignment_that_warns_only_shows_its_drift() {
    let mut world = misplaced(OnDrift::Warn);
    let plan = world.settle(NOW);
    assert!(plan.steps.is_empty());
    assert!(plan.drifts.iter().all(|drift| drift.state == DriftState::Shown));
    assert_eq!(plan.drifts[0].reason.as_deref(), Some("its assignment only warns (onDrift: warn)"));
    assert_eq!(plan.drifts[0].state.published(), "waived");
}

#[test]
fn a_task_from_before_it_only_warned_closes_as_spec_changed() {
    let mut world = misplaced(OnDrift::Task);
    world.advance(NOW);
    world.specs.on_drift.insert(spec(A), OnDrift::Warn);
    assert_eq!(closed_as(&world.settle(LATER)), Some(CloseReason::SpecChanged));
}
