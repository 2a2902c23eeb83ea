//! What comes back: lines of points, joined from all parts of an answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use super::reply::Series;
use super::{Fault, MOST_LINES};
use crate::model::{Line, Timestamp};

/// Lines that are being joined.
pub(super) struct Lines {
    url: Arc<str>,
    lines: BTreeMap<String, Vec<(Timestamp, f64)>>,
    /// How many more points there may be.
    room: usize,
}

impl Lines {
    /// None yet, and at most so many points to come.
    pub(super) fn new(url: &Arc<str>, most: usize) -> Self {
        Self { url: url.clone(), lines: BTreeMap::new(), room: most }
    }

    /// Takes in a part of an answer, which is later than all before it. Its points must be at moments that were asked for.
    pub(super) fn add(&mut self, part: Vec<Series>, asked: impl Fn(Timestamp) -> bool) -> Result<(), Fault> {
        let mut seen = BTreeSet::new();
        for series in part {
            let labels = written(&series.metric);
            if !seen.insert(labels.clone()) {
                let why = format!("it gives two lines with the labels {labels}; name one metric, or aggregate");
                return Err(Fault::BadQuery { url: self.url.clone(), why });
            }
            if series.values.is_empty() && !series.histograms.is_empty() {
                let why = format!("{labels} is a native histogram; ask with histogram_count() or histogram_fraction()");
                return Err(Fault::BadQuery { url: self.url.clone(), why });
            }
            self.room = self.room.checked_sub(series.values.len()).ok_or_else(|| Fault::TooMuch {
                url: self.url.clone(),
                why: "more points than fit into memory; aggregate the lines, or take a longer step".into(),
            })?;
            let points = self.lines.entry(labels).or_default();
            let mut last = None;
            for sample in series.values {
                let at = Timestamp::from_millis(sample.millis);
                if !asked(at) || last >= Some(at) {
                    let why = format!("a sample of {at}, which was not asked for or is out of order");
                    return Err(Fault::Malformed { url: self.url.clone(), why });
                }
                last = Some(at);
                if sample.value.is_finite() {
                    points.push((at, sample.value));
                }
            }
        }
        if self.lines.len() > MOST_LINES {
            let why = format!("more than {MOST_LINES} lines; aggregate them, as with `sum by (label) (...)`");
            return Err(Fault::TooMuch { url: self.url.clone(), why });
        }
        Ok(())
    }

    /// The lines that have points, in order of their labels.
    pub(super) fn finish(self) -> Vec<Line> {
        let lines = self.lines.into_iter().filter(|(_, points)| !points.is_empty());
        lines.map(|(labels, points)| Line { labels: labels.into(), points }).collect()
    }
}

/// Labels as Prometheus writes them. The same labels always give the same text, and different ones a different text.
fn written(labels: &BTreeMap<String, String>) -> String {
    let mut text = String::from("{");
    for (name, value) in labels.iter().filter(|(name, _)| *name != "__name__") {
        if text.len() > 1 {
            text.push_str(", ");
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || name.contains(|c| !is_plain(c)) || name.starts_with(|c: char| c.is_ascii_digit()) {
            quote(&mut text, name);
        } else {
            text.push_str(name);
        }
        text.push('=');
        quote(&mut text, value);
    }
    text.push('}');
    text
}

/// Between quotation marks; what would not show as itself is escaped.
fn quote(text: &mut String, value: &str) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            // Writing to a text never fails.
            c if c.is_control() => drop(write!(text, "\\u{:04x}", u32::from(c))),
            c => text.push(c),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::super::reply::Sample;
    use super::*;

    #[test]
    fn there_is_room_for_so_many_points_and_no_more() {
        let series = |values: usize| {
            let values = (0..values as i64).map(|millis| Sample { millis, value: 1.0 }).collect();
            vec![Series { metric: BTreeMap::new(), values, histograms: Vec::new() }]
        };
        let mut lines = Lines::new(&"http://p".into(), 3);
        assert_eq!(lines.add(series(1), |_| true), Ok(()));
        assert_eq!(lines.add(series(2), |_| true), Ok(()));
        assert!(matches!(lines.add(series(1), |_| true), Err(Fault::TooMuch { .. })));
    }

    #[test]
    fn labels_are_written_as_prometheus_writes_them() {
        let text = |labels: &[(&str, &str)]| {
            written(&labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        };
        assert_eq!(text(&[]), "{}");
        assert_eq!(text(&[("__name__", "up")]), "{}");
        assert_eq!(text(&[("job", "api"), ("code", "200"), ("__name__", "up")]), r#"{code="200", job="api"}"#);
        assert_eq!(text(&[("a", "\"\\\n\x1b")]), r#"{a="\"\\\n\u001b"}"#);
        assert_eq!(text(&[("a.b", "c"), ("1", "")]), r#"{"1"="", "a.b"="c"}"#);
    }
}
