//! The moments that a range is asked for: the same for every query with the same step, whenever it is asked.

use crate::model::{Duration, Timestamp};

/// Multiples of a step since 1970, in milliseconds: from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grid {
    first: i64,
    last: i64,
    step: i64,
}

impl Grid {
    /// The moments between two times, both included; nothing where there are none.
    pub(super) fn new(from: Timestamp, to: Timestamp, step: Duration) -> Option<Self> {
        let step = i64::try_from(step.as_millis()).unwrap_or(i64::MAX).max(1);
        let (from, to) = (from.as_millis().max(0), to.as_millis());
        let first = match from % step {
            0 => from,
            past => from.checked_add(step - past)?,
        };
        let last = to - to % step;
        (first <= last && to >= 0).then_some(Self { first, last, step })
    }

    /// How many moments there are.
    pub(super) const fn points(self) -> u64 {
        (self.last - self.first) as u64 / self.step as u64 + 1
    }

    /// The same moments in parts of at most so many, none in two of them.
    pub(super) fn chunks(self, most: u64) -> impl Iterator<Item = Self> {
        let moment = move |index: u64| self.first + index as i64 * self.step;
        let starts = (0..self.points()).step_by(usize::try_from(most).unwrap_or(usize::MAX));
        starts.map(move |start| {
            let end = (start + most).min(self.points()) - 1;
            Self { first: moment(start), last: moment(end), step: self.step }
        })
    }

    /// Whether that is one of the moments.
    pub(super) const fn holds(self, at: Timestamp) -> bool {
        let at = at.as_millis();
        self.first <= at && at <= self.last && at % self.step == 0
    }

    /// The first moment, the last one and the step, in seconds as Prometheus reads them.
    pub(super) fn written(self) -> (String, String, String) {
        (seconds(self.first), seconds(self.last), seconds(self.step))
    }
}

/// Milliseconds as seconds with a fraction.
pub(super) fn seconds(millis: i64) -> String {
    let sign = if millis < 0 { "-" } else { "" };
    let millis = millis.unsigned_abs();
    format!("{sign}{}.{:03}", millis / 1000, millis % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(from: i64, to: i64, step: u64) -> Option<(i64, i64)> {
        let millis = Timestamp::from_millis;
        Grid::new(millis(from), millis(to), Duration::from_millis(step)).map(|grid| (grid.first, grid.last))
    }

    #[test]
    fn moments_are_multiples_of_the_step_between_the_ends() {
        assert_eq!(grid(60_000, 180_000, 60_000), Some((60_000, 180_000)));
        assert_eq!(grid(60_001, 179_999, 60_000), Some((120_000, 120_000)));
        assert_eq!(grid(60_001, 119_999, 60_000), None);
        assert_eq!(grid(2, 1, 1), None);
        assert_eq!(grid(1, 3, 0), Some((1, 3)));
        assert_eq!(grid(-5, 7, 5), Some((0, 5)));
        assert_eq!(grid(-9, -5, 5), None);
        assert_eq!(grid(1, i64::MAX - 1, u64::MAX), None);
        assert_eq!(grid(i64::MAX, i64::MAX, 10), None);
        assert_eq!(grid(0, i64::MAX, u64::MAX), Some((0, i64::MAX)));
    }

    #[test]
    fn chunks_are_the_whole_and_share_nothing() {
        let whole = Grid { first: 50, last: 300, step: 25 };
        for most in 1..=12 {
            let chunks: Vec<Grid> = whole.chunks(most).collect();
            assert!(chunks.iter().all(|chunk| chunk.points() <= most));
            let joined: Vec<i64> =
                chunks.iter().flat_map(|c| (c.first..=c.last).step_by(25).collect::<Vec<_>>()).collect();
            assert_eq!(joined, (50..=300).step_by(25).collect::<Vec<_>>(), "{most}");
        }
    }

    #[test]
    fn times_are_written_in_seconds() {
        assert_eq!(seconds(1_772_416_800_250), "1772416800.250");
        assert_eq!((seconds(5), seconds(-1500)), ("0.005".into(), "-1.500".into()));
    }
}
