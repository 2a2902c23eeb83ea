use std::sync::Arc;

use crate::model::{
    CaseId, Code, Digest, DriftState, Duration, Rule, Severity, Standing, Subject, TaskStatus, Timestamp,
};

use super::world::{NOW, World, drift, rule_case, spec, unknown, words};

const LATER: Timestamp = NOW.plus(Duration::from_hours(1));

#[test]
fn a_drift_opens_one_task_and_the_next_pass_does_nothing() {
    let mut world = World::of(&["decision/a"]);
    world.drifts("decision/a", "rule/x");
    let plan = world.settle(NOW);
    assert_eq!(words(&plan), ["open"]);
    assert_eq!(plan.drifts[0].state, DriftState::New);
    assert_eq!(world.plan(LATER).drifts[0].state, DriftState::Open);
}

#[test]
fn a_task_says_what_is_wanted_of_whom_and_until_when() {
    let mut world = World::of(&["decision/a"]);
    world.drifts("decision/a", "rule/x");
    let task = &world.plan(NOW).steps[0].remediation;
    assert_eq!((task.opened, task.due), (NOW, NOW.plus(Duration::from_days(7))));
    assert_eq!(task.owner, Some(spec("role/architect")));
    assert_eq!(task.file.as_deref(), Some("specs/decision/a.yaml"));
    assert_eq!(task.spec_digest, Some(Digest::of("first")));
    assert_eq!(task.drifts.len(), 1);
    assert_eq!((task.task.as_ref(), task.version, task.changed), (None, None, "the world"));
}

#[test]
fn what_a_spec_wants_mended_sooner_is_due_sooner() {
    let mut world = World::of(&["decision/a"]);
    let case = rule_case("decision/a");
    let within = Some(Duration::from_hours(24));
    let found = crate::model::Drift { within, ..drift(&case, "rule/x") };
    world.find(&case, "rule/x", Standing::Drift(Arc::new(found)));
    assert_eq!(world.plan(NOW).steps[0].remediation.due, NOW.plus(Duration::from_hours(24)));
}

#[test]
fn what_nobody_owns_goes_to_the_catalogs_owner() {
    let mut world = World::of(&[]);
    let case = CaseId { spec: None, rule: Rule::AssignmentNone };
    let mut found = drift(&case, "task/7");
    found.owner = None;
    world.find(&case, "task/7", Standing::Drift(Arc::new(found)));
    assert_eq!(world.settle(NOW).steps[0].remediation.owner, Some(spec("role/admin")));
}

#[test]
fn an_assignment_has_one_task_that_lists_its_tasks() {
    let mut world = World::of(&["assignment/a"]);
    let case = rule_case("assignment/a");
    world.drifts("assignment/a", "task/1");
    let mut worse = drift(&case, "task/2");
    (worse.code, worse.severity) = (Code::AssignmentUnassigned, Severity::High);
    world.find(&case, "task/2", Standing::Drift(Arc::new(worse)));

    let plan = world.settle(NOW);
    assert_eq!((words(&plan), plan.drifts.len()), (vec!["open"], 2));
    let task = &plan.steps[0].remediation;
    assert_eq!(task.subject, Subject::stored("assignment/a"));
    assert_eq!(task.subjects.len(), 2);
    assert_eq!((task.code, task.severity), (Code::AssignmentUnassigned, Severity::High));
    assert_eq!(&*task.title, "task/1 drifts, and 1 more");
}

#[test]
fn code_severity_owner_and_listed_subjects_change_a_task_in_place() {
    let change = |with: fn(&mut crate::model::Drift)| {
        let mut world = World::of(&["assignment/a"]);
        world.drifts("assignment/a", "task/1");
        world.advance(NOW);
        let mut found = drift(&rule_case("assignment/a"), "task/1");
        with(&mut found);
        world.find(&rule_case("assignment/a"), "task/1", Standing::Drift(Arc::new(found)));
        words(&world.settle(LATER))
    };
    assert_eq!(change(|drift| drift.code = Code::AssignmentUnassigned), ["update"]);
    assert_eq!(change(|drift| drift.severity = Severity::High), ["update"]);
    assert_eq!(change(|drift| drift.owner = Some(spec("role/qa"))), ["update"]);
    let nothing: [&str; 0] = [];
    assert_eq!(change(|drift| drift.title = "another".into()), nothing);
    assert_eq!(change(|drift| drift.evidence.answer = "4".into()), nothing);

    let mut world = World::of(&["assignment/a"]);
    world.drifts("assignment/a", "task/1");
    world.advance(NOW);
    world.drifts("assignment/a", "task/2");
    assert_eq!(words(&world.settle(LATER)), ["update"]);
}

#[test]
fn an_update_keeps_the_first_sight_and_counts_the_due_date_from_it() {
    let mut world = World::of(&["decision/a"]);
    let fingerprint = world.drifts("decision/a", "rule/x");
    world.advance(NOW);
    let mut worse = drift(&rule_case("decision/a"), "rule/x");
    worse.severity = Severity::Critical;
    world.find(&rule_case("decision/a"), "rule/x", Standing::Drift(Arc::new(worse)));
    world.write("decision/a", "second");
    let plan = world.settle(LATER);
    let task = &plan.steps[0].remediation;
    assert_eq!((task.opened, task.due), (NOW, NOW.plus(Duration::from_hours(4))));
    assert_eq!(task.changed, "the spec");
    assert_eq!((task.fingerprint.clone(), task.version), (fingerprint, Some(1)));
}

#[test]
fn unknown_opens_nothing_and_is_shown() {
    let mut world = World::of(&["decision/a"]);
    world.find(&rule_case("decision/a"), "rule/x", Standing::Unknown(unknown()));
    world.find(&rule_case("decision/a"), "rule/y", Standing::Unsettled("too recent".into()));
    let plan = world.plan(NOW);
    assert!(plan.steps.is_empty() && plan.drifts.is_empty());
    assert_eq!(plan.unknown[0].subject, Some(Subject::stored("rule/x")));
    assert_eq!(plan.unknown.len(), 1);
}

#[test]
fn a_listed_subject_that_cannot_be_told_now_stays_listed() {
    let mut world = World::of(&["assignment/a"]);
    world.drifts("assignment/a", "task/1");
    world.drifts("assignment/a", "task/2");
    world.advance(NOW);
    world.find(&rule_case("assignment/a"), "task/2", Standing::Unknown(unknown()));
    assert!(world.plan(LATER).steps.is_empty());
}

#[test]
fn a_task_whose_row_was_deleted_opens_again_under_its_record() {
    let mut world = World::of(&["decision/a"]);
    let fingerprint = world.drifts("decision/a", "rule/x");
    world.advance(NOW);
    world.record(&fingerprint).live = None;
    let plan = world.settle(LATER);
    assert_eq!(words(&plan), ["open"]);
    let task = &plan.steps[0].remediation;
    assert_eq!((task.opened, task.flaps, task.version), (NOW, 0, Some(1)));
    assert_eq!(world.record(&fingerprint).live.as_ref().map(|live| live.status), Some(TaskStatus::Pending));
}
