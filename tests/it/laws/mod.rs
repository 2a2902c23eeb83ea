//! The laws of planning, over arbitrary sequences of what is found and what people do.
//!
//! 1. The same inputs give the same plan.
//! 2. After a commit, planning again yields no steps.
//! 3. A plan made on a stale basis, or by a stale leader, is refused whole.
//! 4. What cannot be told neither opens nor closes a task.
//! 5. Every drift is a step, already open, waived, or held with a reason.

mod enforce;
mod oracle;
mod stale;
mod turn;
mod world;

use abide::model::{Action, Assign, Duration, Timestamp};
use abide::plan::{OnDrift, due};
use proptest::prelude::*;

use turn::{Turn, turns};
use world::World;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_same_inputs_give_the_same_plan(turns in turns()) {
        let mut world = World::new();
        for turn in &turns {
            world.live(turn);
            prop_assert_eq!(world.plan(), world.plan());
            world.pass();
        }
    }

    #[test]
    fn after_a_commit_planning_again_yields_no_steps(turns in turns()) {
        let mut world = World::new();
        for turn in &turns {
            world.live(turn);
            world.pass();
            let again = world.plan();
            prop_assert_eq!(&again.steps, &Vec::new());
            let (version, entries) = (world.ledger().version, world.store.audit().len());
            prop_assert_eq!(world.commit(&again).map(|outcome| outcome.rows), Ok(0), "a second pass changes no row");
            prop_assert_eq!((world.ledger().version, world.store.audit().len()), (version, entries));
        }
    }

    #[test]
    fn what_cannot_be_told_neither_opens_nor_closes(turns in turns()) {
        let mut world = World::new();
        for turn in &turns {
            world.live(turn);
            let ledger = world.ledger();
            let plan = world.pass();
            oracle::acts_on_evidence_only(&world, &ledger, &plan)?;
        }
    }

    #[test]
    fn every_drift_is_a_step_or_open_or_waived_or_held(turns in turns()) {
        let mut world = World::new();
        for turn in &turns {
            world.live(turn);
            let ledger = world.ledger();
            let plan = world.pass();
            oracle::every_drift_is_accounted_for(&world, &ledger, &plan)?;
        }
    }

    #[test]
    fn a_fingerprint_has_one_open_task_at_most(turns in turns()) {
        let mut world = World::new();
        for turn in &turns {
            world.live(turn);
            world.pass();
            oracle::open_rows_and_open_records_agree(&world)?;
        }
    }

    #[test]
    fn once_the_world_is_mended_and_the_holds_released_nothing_is_open(turns in turns()) {
        let mut world = World::new();
        for turn in &turns {
            world.live(turn);
            world.pass();
        }
        world.live(&Turn::mended());
        world.pass();
        world.release_all();
        world.pass();
        prop_assert_eq!(world.ledger().open().count(), 0);
        prop_assert!(world.plan().held.is_empty());
    }

    #[test]
    fn until_a_plan_is_due_again_time_alone_changes_nothing(turns in turns()) {
        let mut world = World::new();
        for turn in &turns {
            world.live(turn);
            world.pass();
            let due = due(&world.ledger(), &world.waivers, world.now);
            let just_before = due.unwrap_or(Timestamp::from_millis(i64::MAX)).minus(Duration::from_millis(1));
            prop_assert_eq!(&world.plan_at(just_before).steps, &Vec::new());
            prop_assert_eq!(world.plan_at(just_before).held, world.plan().held);
        }
    }

    #[test]
    fn a_corrected_task_is_clean_the_next_time(turns in turns()) {
        let mut world = World::new();
        world.specs.on_drift = OnDrift::Enforce;
        for turn in &turns {
            world.live(turn);
            let plan = world.pass();
            for step in &plan.steps {
                let Action::Assign(tasks) = &step.action else { continue };
                let with = |assign: &Assign| world.store.task(&assign.task).and_then(|task| task.role.clone());
                prop_assert!(tasks.iter().all(|assign| with(assign) == Some("developer".into())));
            }
            world.see_corrections(&plan);
            prop_assert!(!world.plan().steps.iter().any(|step| matches!(step.action, Action::Assign(_))));
        }
    }

    #[test]
    fn every_correction_is_made_or_waits_with_a_reason(turns in turns()) {
        let mut world = World::new();
        world.specs.on_drift = OnDrift::Enforce;
        for turn in &turns {
            world.live(turn);
            let ledger = world.ledger();
            let plan = world.pass();
            oracle::every_drift_is_accounted_for(&world, &ledger, &plan)?;
            oracle::acts_on_evidence_only(&world, &ledger, &plan)?;
            let corrections = plan.steps.iter().filter(|step| step.action.word() == "assign");
            let beyond = corrections.filter(|step| ledger.holds.get(&step.hold()) != Some(&true));
            let made: usize = beyond.map(|step| step.remediation.subjects.len()).sum();
            prop_assert!(made <= turn.correct_per_pass);
            world.see_corrections(&plan);
            let again = world.pass();
            prop_assert_eq!(&again.steps, &Vec::new());
            prop_assert_eq!(&again.held, &plan.held, "what waits keeps waiting");
        }
    }
}
