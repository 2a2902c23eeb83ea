use crate::model::{CloseReason, DriftState, Duration, Rule, Standing, Subject, TaskStatus, Timestamp, WontFix};
use crate::plan::{Waiver, due};

use super::world::{NOW, World, closed_as, rule_case, spec, unknown, words};

const LATER: Timestamp = NOW.plus(Duration::from_hours(1));
const END: Timestamp = NOW.plus(Duration::from_days(1));

fn waiver() -> Waiver {
    Waiver {
        id: spec("waiver/known"),
        spec: Some(spec("decision/a")),
        rule: Some(Rule::DecisionRule),
        subject: Some(Subject::stored("rule/x")),
        until: END,
        reason: "until the move".into(),
    }
}

fn broken() -> World {
    let mut world = World::of(&["decision/a"]);
    world.drifts("decision/a", "rule/x");
    world
}

#[test]
fn accepted_drift_opens_nothing_and_says_why() {
    let mut world = broken();
    world.waivers = vec![waiver()];
    let plan = world.settle(NOW);
    assert!(plan.steps.is_empty());
    assert_eq!(plan.drifts[0].state, DriftState::Waived);
    let reason = "accepted by waiver/known until 2026-02-26T06:13:20Z: until the move";
    assert_eq!(plan.drifts[0].reason.as_deref(), Some(reason));
}

#[test]
fn every_field_that_a_waiver_gives_must_match_and_one_that_gives_none_accepts_nothing() {
    let accepts = |with: fn(&mut Waiver)| {
        let mut world = broken();
        let mut waiver = waiver();
        with(&mut waiver);
        world.waivers = vec![waiver];
        world.plan(NOW).drifts[0].state == DriftState::Waived
    };
    assert!(accepts(|w| (w.spec, w.rule) = (None, None)));
    assert!(accepts(|w| (w.rule, w.subject) = (None, None)));
    assert!(!accepts(|w| w.spec = Some(spec("decision/b"))));
    assert!(!accepts(|w| w.rule = Some(Rule::DecisionStanding)));
    assert!(!accepts(|w| w.subject = Some(Subject::stored("rule/y"))));
    assert!(!accepts(|w| (w.spec, w.rule, w.subject) = (None, None, None)));
}

#[test]
fn an_open_task_closes_as_waived_and_comes_back_when_the_waiver_ends() {
    let mut world = broken();
    world.advance(NOW);
    world.waivers = vec![waiver()];
    assert_eq!(closed_as(&world.settle(LATER)), Some(CloseReason::Waived));
    assert_eq!(due(&world.ledger, &world.waivers, LATER), Some(END));
    assert!(world.settle(END.minus(Duration::from_millis(1))).steps.is_empty());
    assert_eq!(words(&world.settle(END)), ["reopen"]);
}

#[test]
fn a_group_lists_only_what_is_not_accepted() {
    let mut world = World::of(&["assignment/a"]);
    world.drifts("assignment/a", "task/1");
    world.drifts("assignment/a", "task/2");
    world.advance(NOW);
    let of = |task: &str| Waiver { spec: None, rule: None, subject: Some(Subject::stored(task)), ..waiver() };
    world.waivers = vec![of("task/1")];
    let plan = world.settle(LATER);
    assert_eq!(words(&plan), ["update"]);
    assert_eq!(plan.steps[0].remediation.subjects, [Subject::stored("task/2")].into());
    assert_eq!(plan.drifts[0].state, DriftState::Waived);
    assert_eq!(plan.drifts[1].state, DriftState::Open);

    world.find(&rule_case("assignment/a"), "task/2", Standing::Unknown(unknown()));
    assert!(world.plan(LATER).steps.is_empty(), "of what is left nothing can be told");
    world.drifts("assignment/a", "task/2");
    world.waivers.push(of("task/2"));
    assert_eq!(closed_as(&world.settle(LATER)), Some(CloseReason::Waived));
}

#[test]
fn wont_fix_keeps_the_task_as_it_is_until_it_ends() {
    let mut world = broken();
    let fingerprint = world.drifts("decision/a", "rule/x");
    world.advance(NOW);
    world.end(&fingerprint, TaskStatus::Cancelled, Some(NOW));
    let refusal = WontFix { until: END, by: "po".into(), reason: "not worth it".into() };
    world.record(&fingerprint).wont_fix = Some(refusal);
    let plan = world.settle(LATER);
    assert!(plan.steps.is_empty() && plan.held.is_empty());
    assert_eq!(plan.drifts[0].state, DriftState::Waived);
    assert!(plan.drifts[0].reason.as_ref().is_some_and(|why| why.ends_with("not worth it")));
    assert_eq!(words(&world.settle(END)), ["reopen"]);
}

#[test]
fn what_is_mended_although_it_was_refused_closes() {
    let mut world = broken();
    let fingerprint = world.drifts("decision/a", "rule/x");
    world.advance(NOW);
    world.record(&fingerprint).wont_fix = Some(WontFix { until: END, by: "po".into(), reason: "".into() });
    world.clean("decision/a");
    assert_eq!(closed_as(&world.settle(LATER)), Some(CloseReason::Mended));
}
