//! Law 3: a plan made on a stale basis, or by a stale leader, is refused whole.

use abide::model::{Duration, Epoch, Plan};
use abide::store::{Command, StoreError, TaskStore};
use proptest::prelude::*;

use super::turn::{turn, turns};
use super::world::{World, done};

/// Everything that a commit could have written.
fn snapshot(world: &World) -> String {
    let rows = done(world.store.list(&abide::store::Filter { most: usize::MAX, ..Default::default() })).unwrap();
    format!("{:?} {rows:?} {:?}", world.ledger(), world.store.audit())
}

fn is_refused(world: &World, plan: &Plan, epoch: Epoch) -> Result<StoreError, TestCaseError> {
    let before = snapshot(world);
    let refused = done(world.store.commit(plan, epoch));
    prop_assert_eq!(snapshot(world), before, "something was written");
    refused.err().ok_or_else(|| TestCaseError::fail("the plan was carried out"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_plan_made_on_another_ledger_is_refused(turns in turns()) {
        let mut world = World::new();
        for turn in &turns {
            world.live(turn);
            let first = world.plan();
            world.pass();
            if world.ledger().version != first.basis.ledger {
                prop_assert!(matches!(is_refused(&world, &first, world.epoch)?, StoreError::Stale(_)));
            }
        }
    }

    #[test]
    fn a_plan_of_a_stale_leader_is_refused(turns in turns()) {
        let mut world = World::new();
        for turn in &turns {
            world.live(turn);
            let (plan, stale) = (world.plan(), world.epoch);
            done(world.store.resign(stale)).unwrap();
            prop_assert!(matches!(is_refused(&world, &plan, stale)?, StoreError::Fenced { .. }), "it was not fenced");
            world.epoch = done(world.store.lead("two", world.now, Duration::from_mins(1))).unwrap();
            prop_assert!(matches!(is_refused(&world, &plan, stale)?, StoreError::Fenced { .. }), "it was not fenced");
            prop_assert!(world.commit(&plan).is_ok());
        }
    }

    #[test]
    fn a_plan_is_refused_whole_when_one_row_that_it_read_has_changed(turns in turns(), last in turn(), nth in any::<prop::sample::Index>()) {
        let mut world = World::new();
        for turn in &turns {
            world.live(turn);
            world.pass();
        }
        world.live(&last);
        let plan = world.plan();
        let open = |step: &&abide::model::Step| step.remediation.live.as_ref().is_some_and(|live| live.status.is_open());
        let touched: Vec<_> = plan.steps.iter().filter(open).collect();
        prop_assume!(!touched.is_empty());
        let task = nth.get(&touched).remediation.task.clone().unwrap();
        done(world.store.apply(&Command::Complete { task, token: None, result: None }, "dev-1", world.now)).unwrap();
        prop_assert!(matches!(is_refused(&world, &plan, world.epoch)?, StoreError::Stale(_)));
        prop_assert!(world.commit(&world.plan()).is_ok(), "a plan made anew is carried out");
    }
}
