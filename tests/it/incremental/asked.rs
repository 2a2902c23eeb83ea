//! Only questions whose source moved are asked again.

use abide::model::{Severity, TaskStatus};

use super::counted::Counts;
use super::step::{Row, Step};
use super::tasks::Which;
use super::twin::Twin;

const fn row(id: i64, kind: &'static str, status: TaskStatus) -> Step {
    let (role, severity) = (Some("developer"), Severity::Medium);
    Step::Put(Row { id, kind, role, agent: None, status, severity, created: 10, approved: None })
}

/// Takes turns until one has nothing to do; what all of them asked.
async fn settled(twin: &Twin) -> Counts {
    for _ in 0..4 {
        twin.tick().await;
        // Ticks that pile up run together; what is shown comes after them.
        twin.shown().await;
    }
    twin.counter.take()
}

/// Lives through a step and takes a turn; what that asked, in words.
async fn asked(twin: &Twin, step: Step) -> String {
    twin.live(&step).await;
    twin.counter.take();
    twin.tick().await;
    twin.shown().await;
    let counts = twin.counter.take();
    // What is shown to the test reads the ledger once.
    let counts = counts.into_iter().map(|(what, n)| (what, if what == "ledger" { n - 1 } else { n }));
    counts.filter(|(_, n)| *n > 0).map(|(what, n)| format!("{what} {n}")).collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn a_turn_asks_again_only_what_moved() {
    for which in [Which::Memory, Which::Own, Which::Team] {
        let twin = Twin::new(which);
        for id in 1..4 {
            twin.live(&row(id, "event", TaskStatus::Completed)).await;
        }
        let first = settled(&twin).await;
        assert!(first["tasks"] > 3 && first["scan"] == 1, "{which:?}: {first:?}");
        for (step, expected) in [
            (Step::Time(1), ""),
            (Step::Beat(0, 0), "commit 1, heartbeats 1"),
            (Step::Beat(0, 0), if matches!(which, Which::Memory) { "commit 1, heartbeats 1" } else { "" }),
            (row(4, "event", TaskStatus::Failed), "commit 1"),
            (row(4, "event", TaskStatus::Completed), "commit 1"),
            (Step::Delete(4), "commit 1"),
            (Step::Time(8), ""),
        ] {
            assert_eq!(asked(&twin, step.clone()).await, expected, "{which:?}: {step:?}");
        }
    }
}

#[tokio::test]
async fn a_task_of_abides_own_that_moves_is_looked_at_with_its_record() {
    for which in [Which::Memory, Which::Own, Which::Team] {
        let twin = Twin::new(which);
        twin.live(&row(1, "fix", TaskStatus::Pending)).await;
        twin.live(&Step::Put(Row { role: Some("qa"), ..wrong() })).await;
        settled(&twin).await;
        let claimed = asked(&twin, Step::End(0, TaskStatus::Completed)).await;
        assert!(claimed.starts_with("commit 1, ledger 1") && !claimed.contains("scan"), "{which:?}: {claimed}");
        let reopened = asked(&twin, Step::Time(0)).await;
        assert!(reopened.contains("ledger 1") && !reopened.contains("scan"), "its own write: {which:?}: {reopened}");
        assert_eq!(asked(&twin, Step::Time(0)).await, "", "{which:?}");
    }
}

fn wrong() -> Row {
    let Step::Put(row) = row(2, "fix", TaskStatus::Pending) else { unreachable!("a row is put") };
    row
}
