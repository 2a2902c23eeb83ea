//! Good and bad events over time.

use super::Timestamp;

/// Events in order of time. Events of the same moment are one entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Series {
    moments: Vec<Moment>,
    /// Tasks that were selected but whose measured duration could not be told.
    unmeasured: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Moment {
    at: Timestamp,
    good: u64,
    total: u64,
}

impl Series {
    /// Takes in events in any order: when, how many good, how many in all.
    pub fn collect(events: impl IntoIterator<Item = (Timestamp, u64, u64)>) -> Self {
        let moments = events.into_iter().map(|(at, good, total)| Moment { at, good, total }).collect();
        let mut series = Self { moments, unmeasured: 0 };
        series.settle();
        series
    }

    /// Adds an event behind all others, wherever its place is. [`Self::settle`] puts it there, before anything else is
    /// asked: many events in any order cost one sorting.
    pub fn append(&mut self, at: Timestamp, good: u64, total: u64) {
        self.moments.push(Moment { at, good, total });
    }

    /// Puts events that were appended in their places.
    pub fn settle(&mut self) {
        self.moments.sort_by_key(|moment| moment.at);
        self.moments.dedup_by(|next, kept| {
            let same = next.at == kept.at;
            if same {
                kept.good += next.good;
                kept.total += next.total;
            }
            same
        });
    }

    /// Adds an event at its place; the latest costs nothing but its own length.
    pub fn push(&mut self, at: Timestamp, good: u64, total: u64) {
        let place = self.moments.partition_point(|moment| moment.at < at);
        match self.moments.get_mut(place) {
            Some(moment) if moment.at == at => {
                moment.good += good;
                moment.total += total;
            }
            _ => self.moments.insert(place, Moment { at, good, total }),
        }
    }

    /// Takes an event out again that was pushed before.
    pub fn take(&mut self, at: Timestamp, good: u64, total: u64) {
        let place = self.moments.partition_point(|moment| moment.at < at);
        if let Some(moment) = self.moments.get_mut(place).filter(|moment| moment.at == at) {
            moment.good = moment.good.saturating_sub(good);
            moment.total = moment.total.saturating_sub(total);
            if moment.total == 0 {
                self.moments.remove(place);
            }
        }
    }

    /// Forgets what happened up to `until`.
    pub fn forget(&mut self, until: Timestamp) {
        let keep_from = self.moments.partition_point(|moment| moment.at <= until);
        self.moments.drain(..keep_from);
    }

    /// The moments with how many events each, good and in all, for writing the series down.
    pub fn iter(&self) -> impl Iterator<Item = (Timestamp, u64, u64)> + '_ {
        self.moments.iter().map(|moment| (moment.at, moment.good, moment.total))
    }

    /// Counts a task whose measured duration could not be told.
    pub const fn count_unmeasured(&mut self) {
        self.unmeasured += 1;
    }

    /// Takes a task out again whose measured duration could not be told.
    pub const fn discount_unmeasured(&mut self) {
        self.unmeasured = self.unmeasured.saturating_sub(1);
    }

    /// How many selected tasks could not be measured: a point in time is missing or they end before they begin.
    pub const fn unmeasured(&self) -> u64 {
        self.unmeasured
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    #[test]
    fn pushing_one_by_one_gives_what_collecting_gives() {
        let events = [(at(3), 1, 1), (at(1), 0, 1), (at(3), 0, 1), (at(2), 1, 1)];
        let mut series = Series::default();
        events.iter().for_each(|&(when, good, total)| series.push(when, good, total));
        assert_eq!(series, Series::collect(events));
        series.take(at(3), 1, 1);
        series.take(at(3), 0, 1);
        assert_eq!(series.iter().collect::<Vec<_>>(), [(at(1), 0, 1), (at(2), 1, 1)]);
        series.forget(at(1));
        assert_eq!(series.iter().next(), Some((at(2), 1, 1)));
    }
}
