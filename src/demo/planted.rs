//! What is out of order, and beside it what only looks so.

use super::Code;
use super::row::{DAY, HOUR, MINUTE, Row, World};

/// Puts it all in, and gives the task whose completion mends `decision/use-postgres`.
pub(super) fn plant(world: &mut World) -> usize {
    assignments(world);
    approvals(world);
    agents(world);
    look_wrong(world);
    decisions(world)
}

fn assignments(world: &mut World) {
    for _ in 0..world.random.between(2, 5) {
        let wrong = Row::pending("security_scan", "developer", 3 * MINUTE);
        world.add_wrong(Some("assignment/security-scans"), Code::AssignmentWrongRole, wrong);
    }
    for _ in 0..world.random.between(1, 4) {
        let ago = world.random.between(HOUR / 2, 2 * HOUR);
        let late = Row { priority: 10, ..Row::pending("fix_bug", "developer", ago) };
        let late = Row { title: "Checkout is down".to_owned(), ..late };
        world.add_wrong(Some("assignment/bug-fixes"), Code::AssignmentLateClaim, late);
    }
    let slow = Row { priority: 10, ..Row::pending("fix_bug", "developer", 5 * HOUR) };
    let slow = slow.running("dev-2", 5 * HOUR - MINUTE);
    world.add_wrong(Some("assignment/bug-fixes"), Code::AssignmentLateFinish, slow);
    let nobodys = Row { role: None, ..Row::pending("design_review", "architect", 3 * MINUTE) };
    world.add_wrong(Some("assignment/design-reviews"), Code::AssignmentUnassigned, nobodys);
    world.add_wrong(None, Code::AssignmentNone, Row::pending("data_fix", "developer", 3 * MINUTE));
}

fn approvals(world: &mut World) {
    for _ in 0..world.random.between(1, 3) {
        let unapproved = Row { po: Some("approved"), ..Row::pending("schema_change", "developer", 5 * HOUR) };
        let unapproved = unapproved.ended("dev-2", 4 * HOUR, true);
        world.add_wrong(Some("approvalpolicy/schema-changes"), Code::ApprovalMissing, unapproved);
    }
    let rejected = Row::pending("deploy", "developer", 30 * MINUTE).running("dev-3", 20 * MINUTE);
    let rejected = Row { architect: Some("rejected"), ..rejected };
    world.add_wrong(Some("approvalpolicy/deploys"), Code::ApprovalRejected, rejected);
    let failed = Row::pending("deploy", "developer", 2 * HOUR).ended("dev-3", HOUR, false);
    world.add_wrong(Some("approvalpolicy/deploys"), Code::ApprovalMissing, failed);
}

fn agents(world: &mut World) {
    // With the one of the healthy queue these are four.
    for n in 0..3 {
        world.add(Row::pending("fix_bug", "developer", 30 * MINUTE).running("dev-1", (10 + n) * MINUTE));
    }
    world.plant(Some("agent/dev-1"), "agent/dev-1", Code::AgentOverloaded);
    world.add(Row::pending("write_test", "qa", 6 * HOUR).running("qa-2", 6 * HOUR - MINUTE));
    world.plant(Some("agent/qa-2"), "agent/qa-2", Code::AgentSilent);
    world.add(Row::pending("health_check", "monitor", 8 * MINUTE).running("shadow-9", 5 * MINUTE));
    world.plant(None, "agent/shadow-9", Code::AgentUndeclared);
    world.add(Row::pending("code_review", "architect", 8 * MINUTE).running("ghost-2", 5 * MINUTE));
    world.plant(None, "agent/ghost-2", Code::AgentUndeclared);
}

fn decisions(world: &mut World) -> usize {
    for n in 0..5 {
        world.add(Row::pending("sqlite_migration", "developer", 2 * DAY).ended("dev-3", DAY + n * HOUR, true));
    }
    let left = world.add(Row::pending("sqlite_migration", "developer", 2 * DAY));
    world.plant(Some("decision/use-postgres"), "rule/none-left", Code::DecisionRuleBroken);
    world.plant(Some("decision/one-gateway"), "rule/no-direct-calls", Code::DecisionRuleBroken);
    world.plant(Some("decision/file-locks"), "decision/file-locks", Code::DecisionSuperseded);
    world.plant(Some("decision/nightly-builds"), "decision/nightly-builds", Code::DecisionReviewOverdue);
    world.plant(Some("decision/paper-forms"), "decision/paper-forms", Code::DecisionReviewOverdue);
    left
}

/// Rows that one wrong reading of a rule would flag each, and that are well.
fn look_wrong(world: &mut World) {
    // Ran without approval, before the lookback.
    world.add(Row::pending("schema_change", "developer", 9 * DAY).ended("dev-2", 8 * DAY, true));
    // Not started, so nothing to gate yet; and never ran.
    world.add(Row::pending("deploy", "developer", 30 * MINUTE));
    let cancelled =
        Row { status: "cancelled", finished: Some(2 * HOUR), ..Row::pending("deploy", "developer", 3 * HOUR) };
    world.add(cancelled);
    // High, for which the assignment sets no clock; and critical, claimed late, but claimed.
    world.add(Row { priority: 8, ..Row::pending("fix_bug", "developer", 3 * HOUR) });
    let claimed = Row::pending("fix_bug", "developer", 90 * MINUTE).running("dev-2", HOUR);
    world.add(Row { priority: 10, ..claimed });
    // Its agent is silent, but runs nothing.
    let blocked = Row::pending("security_scan", "security", 3 * HOUR).running("security-1", 2 * HOUR);
    world.add(Row { status: "blocked", ..blocked });
    // With the wrong role, but closed; by an agent that nobody declared, but closed.
    world.add(Row::pending("security_scan", "developer", 9 * HOUR).ended("dev-2", 8 * HOUR, true));
    world.add(Row::pending("health_check", "monitor", 3 * DAY).ended("old-1", 3 * DAY - MINUTE, true));
}
