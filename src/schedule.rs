//! When to look again: functions of the time that they are given. The engine's loop holds the timers.

use crate::model::{Duration, Timestamp};

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

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn failures_wait_twice_as_long_each_time_up_to_a_limit() {
        let backoff = Backoff::new(Duration::from_secs(1), Duration::from_mins(1));
        let seconds: Vec<u64> = (0..9).map(|n| backoff.after(n).as_millis() / 1000).collect();
        assert_eq!(seconds, [0, 1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(backoff.after(u32::MAX), Duration::from_mins(1));
        assert_eq!(backoff.due(at(10), 1), at(1010));
    }
}
