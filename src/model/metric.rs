//! Figures from beyond the task table: what is asked of a source, and what it says.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Duration, Timestamp, Window};

/// A question to a source of metrics.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MetricQuestion {
    /// Which source.
    pub source: SourceAt,
    /// What is asked, in the source's own language.
    pub query: Arc<str>,
    /// How far back samples are needed.
    pub back: Duration,
    /// How it is asked.
    pub ask: Ask,
}

/// How a source is asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Ask {
    /// A Prometheus for a sample every so often.
    Range(Duration),
    /// A Prometheus for one figure for each window; `{{.window}}` in the query stands for its length.
    ByWindow(Vec<Window>),
    /// A database for rows of a time and a figure; or, where the statement gives one figure, for that of each window.
    Statement {
        /// How it writes times.
        time: SqlTime,
        /// The windows.
        windows: Vec<Window>,
    },
}

/// How a statement reads and writes times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SqlTime {
    /// `YYYY-MM-DD HH:MM:SS`, in UTC.
    Text,
    /// RFC 3339.
    Iso8601,
    /// Seconds since 1970.
    Unix,
    /// Milliseconds since 1970.
    UnixMillis,
}

/// A source of metrics, as far as specs may name it. How to be let in is for `abide.toml` to say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceAt {
    /// Of which type it is.
    pub kind: SourceKind,
    /// The name of its DataSource, where it has one.
    pub name: Option<Arc<str>>,
    /// Where its DataSource says it is.
    pub url: Option<Arc<str>>,
}

/// The types of source that are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// A Prometheus server.
    Prometheus,
    /// A database.
    Sql,
}

impl SourceKind {
    /// As specs write its type; case does not matter.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Prometheus => "prometheus",
            Self::Sql => "abide.dev/sql",
        }
    }
}

/// What a source said.
#[derive(Debug, Clone, PartialEq)]
pub enum Metric {
    /// Samples over time, a line for each series.
    Samples(Vec<Line>),
    /// One figure for each window; nothing where the source has none.
    Totals(BTreeMap<Window, Option<f64>>),
    /// That it cannot be asked this, and why: asking again changes nothing, and somebody has to mend what is written.
    Refused(Arc<str>),
}

/// The samples of one series, in order of time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// What tells it from others: labels in order as Prometheus writes them, `{code="200", job="api"}`, or `{}`. Without the
    /// metric's name, so that lines of different metrics pair up.
    pub labels: Arc<str>,
    /// When, and how much. No infinite number, and none that is no number.
    pub points: Vec<(Timestamp, f64)>,
}

/// Durations of tasks by the moment each ended, for percentiles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Durations {
    measured: Vec<(Timestamp, Duration)>,
    unmeasured: u64,
}

impl Durations {
    /// Takes durations in, in any order, with how many could not be measured.
    pub fn collect(measured: impl IntoIterator<Item = (Timestamp, Duration)>, unmeasured: u64) -> Self {
        let mut measured: Vec<_> = measured.into_iter().collect();
        measured.sort_unstable();
        Self { measured, unmeasured }
    }

    /// Adds one behind all others, or counts one that could not be measured; [`Self::settle`] puts it in its place.
    pub fn append(&mut self, at: Timestamp, took: Option<Duration>) {
        match took {
            Some(took) => self.measured.push((at, took)),
            None => self.unmeasured += 1,
        }
    }

    /// Forgets what was measured up to `until`.
    pub fn forget(&mut self, until: Timestamp) {
        let keep_from = self.measured.partition_point(|(at, _)| *at <= until);
        self.measured.drain(..keep_from);
    }

    /// Puts what was appended in its place.
    pub fn settle(&mut self) {
        self.measured.sort_unstable();
    }

    /// Adds one at its place, or counts one that could not be measured.
    pub fn push(&mut self, at: Timestamp, took: Option<Duration>) {
        match took {
            Some(took) => {
                let place = self.measured.partition_point(|&known| known < (at, took));
                self.measured.insert(place, (at, took));
            }
            None => self.unmeasured += 1,
        }
    }

    /// Takes one out again that was pushed before.
    pub fn take(&mut self, at: Timestamp, took: Option<Duration>) {
        match took {
            Some(took) => {
                if let Ok(place) = self.measured.binary_search(&(at, took)) {
                    self.measured.remove(place);
                }
            }
            None => self.unmeasured = self.unmeasured.saturating_sub(1),
        }
    }

    /// When, and how long, in order.
    pub fn measured(&self) -> &[(Timestamp, Duration)] {
        &self.measured
    }

    /// How many selected tasks could not be measured.
    pub const fn unmeasured(&self) -> u64 {
        self.unmeasured
    }
}
