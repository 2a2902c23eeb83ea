//! Work in numbers, whose finishes decide about service levels: two that look bad to one window and are well, and four that are not.

use super::Code;
use super::row::{DAY, HOUR, MINUTE, Row, World};

/// Finishes the work, and notes which service levels it breaks.
pub(super) fn send(world: &mut World) {
    mails_recovered(world);
    forms_blinked(world);
    texts_burn_slowly(world);
    triage_burns_fast(world);
    exports_failed_long_ago(world);
    world.plant(Some("slo/tests-succeed"), "objective/0", Code::SloBudgetSpent);
}

fn finish(world: &mut World, kind: &'static str, ago: i64, well: bool) {
    let row = Row::pending(kind, "developer", ago + 3 * MINUTE).ended("dev-3", ago, well);
    world.add(row);
}

/// The last hour burns, its last five minutes do not: not drift.
fn mails_recovered(world: &mut World) {
    (0..750).for_each(|n| finish(world, "send_mail", 125 * MINUTE + n * 336, true));
    (0..30).for_each(|n| finish(world, "send_mail", 35 * MINUTE + n * 40, false));
    (0..8).for_each(|n| finish(world, "send_mail", MINUTE + n * 180, true));
}

/// The last five minutes burn, the last hour does not: not drift.
fn forms_blinked(world: &mut World) {
    (0..600).for_each(|n| finish(world, "send_form", 390 + n * 120, true));
    (0..4).for_each(|n| finish(world, "send_form", 30 + n * MINUTE, false));
}

/// Four times too many failures for a day: slower than the fast pairs of windows, and drift.
fn texts_burn_slowly(world: &mut World) {
    (0..360).for_each(|n| finish(world, "send_sms", 90 + n * 240, n % 25 != 12));
    (0..1500).for_each(|n| finish(world, "send_sms", DAY + 5 * MINUTE + n * 26 * MINUTE, true));
    world.plant(Some("slo/sms-sends"), "objective/0", Code::SloBurning);
}

/// Nine of ten fail for an hour.
fn triage_burns_fast(world: &mut World) {
    for n in 0..30 {
        let ago = MINUTE + n * 2 * MINUTE - 30;
        let row = Row::pending("triage_error", "triage", ago + 3 * MINUTE).ended("triage-1", ago, n % 10 == 9);
        world.add(row);
    }
    world.plant(Some("slo/triage-succeeds"), "objective/0", Code::SloBurning);
}

/// Created before the window and finished within it.
fn exports_failed_long_ago(world: &mut World) {
    for n in 0..100 {
        let row = Row::pending("export", "developer", 40 * DAY).ended("dev-3", 10 * DAY + n * MINUTE, n >= 20);
        world.add(row);
    }
    world.plant(Some("slo/exports-succeed"), "objective/0", Code::SloBudgetSpent);
    // Failures that have left the window count no more: not drift.
    for n in 0..100 {
        let row = Row::pending("fix_bug", "developer", 33 * DAY).ended("dev-2", 32 * DAY + (n % 20) * HOUR / 2, false);
        world.add(row);
    }
}
