//! When a remediation that failed is tried again, and when it goes to somebody else.

use crate::model::{Duration, Live, Record, Severity, Timestamp};

/// How long a remediation rests after its first, second and third failure, counted from when its task ended.
const RESTS: [Duration; 3] = [Duration::from_mins(5), Duration::from_mins(30), Duration::from_hours(3)];

/// How long it rests after every later one.
const LONG_REST: Duration = Duration::from_days(1);

/// When a task that ended without mending anything opens again.
///
/// It cannot have ended before the last step of its record, which is all that is known where the table does not tell.
pub(super) fn opens_again(record: &Record, live: &Live) -> Timestamp {
    let rest = usize::try_from(record.attempts).ok().and_then(|n| RESTS.get(n)).copied().unwrap_or(LONG_REST);
    live.finished.map_or(record.touched, |finished| finished.max(record.touched)).plus(rest)
}

/// Whether a remediation that was tried again so often goes to the catalog's owner, one severity higher.
pub(super) const fn is_escalated(attempts: u32) -> bool {
    attempts as usize >= RESTS.len()
}

/// The next higher severity, if there is one.
pub(super) const fn raised(severity: Severity) -> Severity {
    match severity {
        Severity::Low => Severity::Medium,
        Severity::Medium => Severity::High,
        Severity::High | Severity::Critical => Severity::Critical,
    }
}
