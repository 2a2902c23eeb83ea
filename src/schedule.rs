//! When to look again: functions of the time that they are given. The engine's loop holds the timers.

use crate::model::{Duration, Timestamp};

/// Gathers a burst of hints into one look: once it has been quiet for a while, but never later than a limit after the
/// first hint, so that a steady stream of hints cannot keep it waiting for ever.
#[derive(Debug, Clone)]
pub struct Debounce {
    quiet: Duration,
    most: Duration,
    burst: Option<Burst>,
}

#[derive(Debug, Clone, Copy)]
struct Burst {
    first: Timestamp,
    last: Timestamp,
}

impl Debounce {
    /// Waits for `quiet` after the last hint, and at most for `most` after the first.
    pub const fn new(quiet: Duration, most: Duration) -> Self {
        Self { quiet, most, burst: None }
    }

    /// Something may have happened.
    pub fn hint(&mut self, now: Timestamp) {
        let first = self.burst.map_or(now, |burst| burst.first.min(now));
        self.burst = Some(Burst { first, last: now });
    }

    /// When to look; none while nothing has happened.
    pub fn due(&self) -> Option<Timestamp> {
        self.burst.map(|burst| burst.last.plus(self.quiet).min(burst.first.plus(self.most)))
    }

    /// Whether to look now; if so, the burst is over. A clock that was set back does not delay it.
    pub fn take(&mut self, now: Timestamp) -> bool {
        let ready = self.burst.is_some_and(|burst| now < burst.last) || self.due().is_some_and(|due| due <= now);
        if ready {
            self.burst = None;
        }
        ready
    }
}

/// How long to leave something alone that keeps failing: twice as long each time, up to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    first: Duration,
    most: Duration,
}

impl Backoff {
    /// Waits for `first` after the first failure, and never longer than `most`.
    pub const fn new(first: Duration, most: Duration) -> Self {
        Self { first, most }
    }

    /// How long to wait after so many failures in a row; nothing after none.
    pub fn after(self, failures: u32) -> Duration {
        let Some(doublings) = failures.checked_sub(1) else { return Duration::default() };
        let factor = 1u64.checked_shl(doublings).unwrap_or(u64::MAX);
        Duration::from_millis(self.first.as_millis().saturating_mul(factor)).min(self.most)
    }

    /// When to try again after so many failures in a row, the last of them at `failed`.
    pub fn due(self, failed: Timestamp, failures: u32) -> Timestamp {
        failed.plus(self.after(failures))
    }
}

/// The first of some moments, where there is any.
pub fn first(moments: impl IntoIterator<Item = Option<Timestamp>>) -> Option<Timestamp> {
    moments.into_iter().flatten().min()
}

/// How long to sleep until a moment; at most `most`, so that a clock that jumps is noticed.
pub fn sleep(until: Option<Timestamp>, now: Timestamp, most: Duration) -> Duration {
    until.map_or(most, |until| until.since(now).min(most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn debounce() -> Debounce {
        Debounce::new(Duration::from_millis(50), Duration::from_millis(200))
    }

    #[test]
    fn a_burst_is_one_look_once_it_is_quiet() {
        let mut hints = debounce();
        assert!(!hints.take(at(0)) && hints.due().is_none());
        hints.hint(at(0));
        hints.hint(at(30));
        assert_eq!(hints.due(), Some(at(80)));
        assert!(!hints.take(at(79)));
        assert!(hints.take(at(80)));
        assert!(!hints.take(at(500)), "the burst is over");
    }

    #[test]
    fn a_steady_stream_does_not_put_it_off_for_ever() {
        let mut hints = debounce();
        (0..=20).for_each(|n| hints.hint(at(n * 40)));
        assert_eq!(hints.due(), Some(at(200)));
    }

    #[test]
    fn a_clock_set_back_does_not_delay_a_look() {
        let mut hints = debounce();
        hints.hint(at(1_000_000));
        assert!(hints.take(at(5)));
    }

    #[test]
    fn failures_wait_twice_as_long_each_time_up_to_a_limit() {
        let backoff = Backoff::new(Duration::from_secs(1), Duration::from_mins(1));
        let seconds: Vec<u64> = (0..9).map(|n| backoff.after(n).as_millis() / 1000).collect();
        assert_eq!(seconds, [0, 1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(backoff.after(u32::MAX), Duration::from_mins(1));
        assert_eq!(backoff.due(at(10), 1), at(1010));
    }

    #[test]
    fn the_next_look_is_the_first_that_is_due() {
        assert_eq!(first([None, Some(at(7)), Some(at(3))]), Some(at(3)));
        assert_eq!(first([None]), None);
        let most = Duration::from_millis(20);
        assert_eq!(sleep(Some(at(15)), at(10), most), Duration::from_millis(5));
        assert_eq!(sleep(Some(at(3)), at(10), most), Duration::default());
        assert_eq!(sleep(Some(at(900)), at(10), most), most);
        assert_eq!(sleep(None, at(10), most), most);
    }

    proptest! {
        #[test]
        fn every_hint_is_followed_by_a_look_within_the_limit(gaps in prop::collection::vec(0i64..300, 1..50)) {
            let (mut hints, mut now, mut oldest) = (debounce(), 0, None);
            for gap in gaps {
                let due = hints.due();
                now += gap;
                if due.is_some_and(|due| due <= at(now)) {
                    prop_assert!(hints.take(at(now)));
                    oldest = None;
                }
                hints.hint(at(now));
                let first = *oldest.get_or_insert(now);
                prop_assert!(hints.due().is_some_and(|due| due <= at(first + 200)));
            }
        }
    }
}
