use crate::model::{Action, DriftState, Duration, Fingerprint, Severity, TaskStatus, Timestamp};
use crate::plan::due;

use super::world::{NOW, World, spec, words};

const MINUTE: Duration = Duration::from_mins(1);
const LATER: Timestamp = NOW.plus(Duration::from_hours(1));

fn opened() -> (World, Fingerprint) {
    let mut world = World::of(&["decision/a"]);
    let fingerprint = world.drifts("decision/a", "rule/x");
    world.advance(NOW);
    (world, fingerprint)
}

fn why(action: &Action) -> &str {
    match action {
        Action::Reopen { why } => why,
        _ => "",
    }
}

#[test]
fn a_false_claim_is_refuted_at_once_with_what_was_seen() {
    let (mut world, fingerprint) = opened();
    world.end(&fingerprint, TaskStatus::Completed, Some(LATER));
    let plan = world.settle(LATER);
    assert_eq!(why(&plan.steps[0].action), "it was said to be done, and is not: 3");
    assert_eq!(plan.drifts[0].state, DriftState::New);
    let record = world.record(&fingerprint);
    assert_eq!((record.flaps, record.attempts), (0, 0), "no drift came back and nothing failed");
}

#[test]
fn a_drift_that_comes_back_reopens_its_one_task_and_counts_its_flaps() {
    let (mut world, fingerprint) = opened();
    for flaps in 1..=3 {
        world.clean("decision/a");
        assert_eq!(words(&world.settle(LATER)), ["close"]);
        world.drifts("decision/a", "rule/x");
        let plan = world.settle(LATER);
        assert!(why(&plan.steps[0].action).contains("mended"), "{:?}", plan.steps[0].action);
        assert_eq!(plan.steps[0].remediation.opened, NOW, "the first sight");
        assert_eq!((world.record(&fingerprint).flaps, world.ledger.records.len()), (flaps, 1));
    }
}

#[test]
fn one_that_comes_back_when_its_row_is_gone_gets_a_new_row() {
    let (mut world, fingerprint) = opened();
    world.clean("decision/a");
    world.advance(LATER);
    world.record(&fingerprint).live = None;
    world.drifts("decision/a", "rule/x");
    assert_eq!(words(&world.settle(LATER)), ["open"]);
    assert_eq!((world.record(&fingerprint).flaps, world.ledger.records.len()), (1, 1));
}

#[test]
fn failed_work_is_tried_again_after_five_minutes_thirty_and_three_hours_then_daily() {
    let (mut world, fingerprint) = opened();
    let mut now = NOW;
    for (attempt, rest) in [(1, 5), (2, 30), (3, 180), (4, 1440), (5, 1440)] {
        world.end(&fingerprint, TaskStatus::Failed, Some(now));
        let rest = now.plus(MINUTE.scaled(rest, 1));
        let before = world.settle(rest.minus(Duration::from_millis(1)));
        assert_eq!(before.drifts[0].state, DriftState::Held);
        assert!(before.held[0].reason.contains(&rest.to_string()) && !before.held[0].needs_person);
        assert_eq!(due(&world.ledger, &[], now), Some(rest));
        assert_eq!(words(&world.settle(rest)), ["reopen"]);
        assert_eq!(world.record(&fingerprint).attempts, attempt);
        now = rest;
    }
}

#[test]
fn a_failure_rests_from_the_last_step_where_no_one_knows_when_it_was_or_it_cannot_have_been_then() {
    for finished in [None, Some(NOW.minus(Duration::from_days(30)))] {
        let (mut world, fingerprint) = opened();
        let mut now = NOW;
        for rest in [5, 30, 180, 1440, 1440] {
            world.end(&fingerprint, TaskStatus::Failed, finished);
            let rest = now.plus(MINUTE.scaled(rest, 1));
            let before = world.settle(rest.minus(Duration::from_millis(1)));
            assert_eq!((words(&before), before.drifts[0].state), (vec![], DriftState::Held), "{finished:?}");
            assert_eq!(due(&world.ledger, &[], now), Some(rest), "{finished:?}");
            assert_eq!(words(&world.settle(rest)), ["reopen"], "{finished:?}");
            now = rest;
        }
    }
}

#[test]
fn after_three_failures_it_goes_to_the_catalogs_owner_one_severity_higher() {
    let (mut world, fingerprint) = opened();
    let (mut owners, mut now) = (Vec::new(), NOW);
    for _ in 0..4 {
        world.end(&fingerprint, TaskStatus::Cancelled, Some(now));
        now = now.plus(Duration::from_days(1));
        assert_eq!(words(&world.settle(now)), ["reopen"]);
        let record = world.record(&fingerprint);
        owners.push((record.owner.clone().unwrap(), record.severity));
    }
    let (mine, theirs) = (spec("role/architect"), spec("role/admin"));
    let (low, high) = (Severity::Medium, Severity::High);
    assert_eq!(owners, [(mine.clone(), low), (mine, low), (theirs.clone(), high), (theirs, high)]);
}

#[test]
fn mended_while_it_rests_it_closes() {
    let (mut world, fingerprint) = opened();
    world.end(&fingerprint, TaskStatus::Failed, Some(NOW));
    world.clean("decision/a");
    let plan = world.settle(NOW.plus(MINUTE));
    assert_eq!((words(&plan), plan.held.len()), (vec!["close"], 0));
}

#[test]
fn failures_of_an_earlier_time_do_not_count_when_it_comes_back() {
    let (mut world, fingerprint) = opened();
    world.end(&fingerprint, TaskStatus::Failed, None);
    world.advance(LATER);
    world.clean("decision/a");
    world.advance(LATER);
    world.drifts("decision/a", "rule/x");
    world.advance(LATER);
    let record = world.record(&fingerprint);
    assert_eq!((record.attempts, record.flaps), (0, 1));
}
