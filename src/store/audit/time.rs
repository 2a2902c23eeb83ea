//! Whether the clock goes forward. What has run out would count again if it went back.

use crate::model::{Denial, Duration, Reason, Timestamp};

/// Clocks of machines differ by so much, and no word is refused for it.
pub const SLACK: Duration = Duration::from_mins(1);

/// The latest time that was ever on record is kept this exactly, so that not every transition writes it.
const STEP: Duration = Duration::from_secs(10);

/// When something is done whose clock shows a time, after what was written down last. Within the slack what comes later is told as of no earlier time: else
/// what one process has just put on record would, to the next, be still to come.
pub fn not_before(shown: Timestamp, last: Option<Timestamp>) -> Timestamp {
    last.filter(|last| shown < *last && !is_back(shown, *last)).unwrap_or(shown)
}

/// Whether the latest time on record must be written anew once something was done.
pub fn is_latest(at: Timestamp, latest: Option<Timestamp>) -> bool {
    latest.is_none_or(|latest| latest.plus(STEP) <= at)
}

/// That the clock shows an earlier time than what is on record, if so.
pub fn gone_back(shown: Timestamp, latest: Timestamp) -> Option<Denial> {
    is_back(shown, latest).then(|| {
        let words = format!(
            "the clock shows {shown}, and what is on record was written at {latest}; if that clock was wrong, `abide audit clock` \
             says so"
        );
        Denial::new(Reason::ClockBack, words)
    })
}

fn is_back(shown: Timestamp, latest: Timestamp) -> bool {
    shown.plus(SLACK) < latest
}
