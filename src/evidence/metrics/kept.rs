//! Samples that were told before, so that only what is new has to be asked for.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::evidence::prometheus::{MOST_LINES, MOST_VALUES};
use crate::model::{Duration, Line, MetricQuestion, Timestamp};

/// The samples of one question, and up to when they were asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    pub(super) lines: Vec<Line>,
    pub(super) until: Timestamp,
}

impl Kept {
    /// Whether they help to answer the question as of now: not where time was set back, and not where all of it is new.
    pub(super) fn reaches(&self, question: &MetricQuestion, now: Timestamp) -> bool {
        self.until <= now && now.since(self.until) < question.back
    }

    /// From when on to ask again: the last samples may have come too late to be told.
    pub(super) const fn from(&self, step: Duration) -> Timestamp {
        self.until.minus(Duration::from_millis(step.as_millis().saturating_mul(3)))
    }

    /// Whether there are more samples than a question may bring at once, and what to do then.
    pub(super) fn is_too_much(&self) -> Option<String> {
        let points: usize = self.lines.iter().map(|line| line.points.len()).sum();
        (self.lines.len() > MOST_LINES || points > MOST_VALUES).then(|| {
            let lines = self.lines.len();
            format!("over its windows it gives {lines} series with {points} samples; aggregate it, or use `instant`")
        })
    }

    /// These samples with newer ones in place of those since `from`, without what lies before `oldest`.
    pub(super) fn renewed(&self, newer: Vec<Line>, (oldest, from): (Timestamp, Timestamp), until: Timestamp) -> Self {
        let mut lines: BTreeMap<Arc<str>, Vec<(Timestamp, f64)>> = BTreeMap::new();
        for line in &self.lines {
            let old = line.points.iter().filter(|(at, _)| *at >= oldest && *at < from);
            lines.entry(line.labels.clone()).or_default().extend(old);
        }
        for line in newer {
            let new = line.points.into_iter().filter(|(at, _)| *at >= from);
            lines.entry(line.labels).or_default().extend(new);
        }
        let lines = lines.into_iter().filter(|(_, points)| !points.is_empty());
        Self { lines: lines.map(|(labels, points)| Line { labels, points }).collect(), until }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Ask, SourceAt, SourceKind};

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    fn line(labels: &str, points: &[(i64, f64)]) -> Line {
        Line { labels: labels.into(), points: points.iter().map(|&(when, value)| (at(when), value)).collect() }
    }

    #[test]
    fn newer_samples_take_the_place_of_older_ones() {
        let kept =
            Kept { lines: vec![line("a", &[(1, 1.0), (2, 2.0), (3, 3.0)]), line("gone", &[(1, 1.0)])], until: at(3) };
        let newer = vec![line("a", &[(2, 9.0), (3, 3.5), (4, 4.0)]), line("b", &[(4, 1.0)])];
        let renewed = kept.renewed(newer, (at(2), at(3)), at(4));
        assert_eq!(renewed.lines, [line("a", &[(2, 2.0), (3, 3.5), (4, 4.0)]), line("b", &[(4, 1.0)])]);
        assert_eq!(renewed.until, at(4));
    }

    #[test]
    fn a_clock_that_was_set_back_asks_for_everything() {
        let kept = Kept { lines: Vec::new(), until: at(100) };
        let source = SourceAt { kind: SourceKind::Prometheus, name: None, url: None };
        let question = MetricQuestion {
            source,
            query: "up".into(),
            back: Duration::from_secs(60),
            ask: Ask::Range(Duration::from_secs(1)),
        };
        assert!(kept.reaches(&question, at(110)));
        assert!(!kept.reaches(&question, at(99)));
        assert!(!kept.reaches(&question, at(160)));
    }
}
