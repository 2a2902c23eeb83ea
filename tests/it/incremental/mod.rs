//! Law 6: an incremental pass gives what a cold pass gives, once every changed row has been seen.
//!
//! Two organisations live through the same: in one the daemon's engine follows what moves, in the other every pass is a
//! cold one. After every step they have the same ledger and the same tasks.

mod specs;
mod step;
mod twin;

use proptest::prelude::*;

use abide::model::{Severity, TaskStatus};
use step::{Row, Step, step};
use twin::Twin;

/// Lives through the steps twice, and says where the two differ first.
fn same(steps: &[Step]) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (following, cold) = (Twin::new(), Twin::new());
        for (n, step) in steps.iter().enumerate() {
            following.live(step).await;
            cold.live(step).await;
            following.tick().await;
            cold.reconcile().await;
            let (followed, wanted) = (following.shown().await, cold.shown().await);
            let differs = |lines: &[String], others: &[String]| -> Vec<String> {
                lines.iter().filter(|line| !others.contains(line)).cloned().collect()
            };
            let (left, right) = (differs(&followed, &wanted), differs(&wanted, &followed));
            prop_assert_eq!(left, right, "after step {} ({:?}) following differs from a cold pass", n, step);
        }
        Ok(())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn an_incremental_pass_gives_what_a_cold_pass_gives(steps in prop::collection::vec(step(), 1..24)) {
        same(&steps)?;
    }
}

/// A chain of escalation moves by time alone, so it is the daemon that must know when to look.
#[test]
fn time_alone_escalates_in_both() {
    let late = Row {
        id: 1,
        kind: "fix",
        role: Some("developer"),
        agent: None,
        status: TaskStatus::Pending,
        severity: Severity::Medium,
        created: 0,
        approved: None,
    };
    let mut steps = vec![Step::Specs(1, 4), Step::Put(late)];
    // Late after five minutes, with the first step one minute and the second ninety minutes after that.
    steps.extend([300, 1, 59, 1, 5339, 1].map(Step::Time));
    same(&steps).unwrap();
}
