//! Metrics as a file has them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{
    Ask, Calendar, CalendarUnit, Duration, Line, Metric, MetricQuestion, SourceAt, SourceKind, SqlTime, Timestamp,
    Window,
};

/// A question to a source of metrics: lengths in milliseconds.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MetricQuestionWire {
    #[serde(with = "SourceKindWire")]
    source: SourceKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<Arc<str>>,
    query: Arc<str>,
    back: u64,
    ask: AskWire,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum AskWire {
    Range(u64),
    ByWindow(Vec<WindowWire>),
    Statement {
        #[serde(with = "SqlTimeWire")]
        time: SqlTime,
        windows: Vec<WindowWire>,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) enum WindowWire {
    Rolling(u64),
    Calendar {
        start: String,
        zone: Arc<str>,
        #[serde(with = "CalendarUnitWire")]
        unit: CalendarUnit,
        count: u32,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "SourceKind", rename_all = "camelCase")]
enum SourceKindWire {
    Prometheus,
    Sql,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "SqlTime", rename_all = "camelCase")]
enum SqlTimeWire {
    Text,
    Iso8601,
    Unix,
    UnixMillis,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "CalendarUnit", rename_all = "camelCase")]
enum CalendarUnitWire {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// A line: its labels, and when how much.
type LineWire = (Arc<str>, Vec<(i64, f64)>);

/// What a source said.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) enum MetricWire {
    /// Labels, and when how much.
    Samples(Vec<LineWire>),
    /// Of each window how much.
    Totals(Vec<(WindowWire, Option<f64>)>),
    /// Why it cannot be asked this.
    Refused(Arc<str>),
}

impl MetricQuestionWire {
    pub(super) fn of(question: &MetricQuestion) -> Self {
        let windows = |windows: &[Window]| windows.iter().map(WindowWire::of).collect();
        Self {
            source: question.source.kind,
            name: question.source.name.clone(),
            url: question.source.url.clone(),
            query: question.query.clone(),
            back: question.back.as_millis(),
            ask: match &question.ask {
                Ask::Range(step) => AskWire::Range(step.as_millis()),
                Ask::ByWindow(all) => AskWire::ByWindow(windows(all)),
                Ask::Statement { time, windows: all } => AskWire::Statement { time: *time, windows: windows(all) },
            },
        }
    }

    pub(super) fn question(self) -> Result<MetricQuestion, String> {
        let windows = |all: Vec<WindowWire>| all.into_iter().map(WindowWire::window).collect::<Result<Vec<_>, _>>();
        Ok(MetricQuestion {
            source: SourceAt { kind: self.source, name: self.name, url: self.url },
            query: self.query,
            back: Duration::from_millis(self.back),
            ask: match self.ask {
                AskWire::Range(step) => Ask::Range(Duration::from_millis(step)),
                AskWire::ByWindow(all) => Ask::ByWindow(windows(all)?),
                AskWire::Statement { time, windows: all } => Ask::Statement { time, windows: windows(all)? },
            },
        })
    }
}

impl WindowWire {
    fn of(window: &Window) -> Self {
        match window {
            Window::Rolling(length) => Self::Rolling(length.as_millis()),
            Window::Calendar(calendar) => Self::Calendar {
                start: calendar.start.to_string(),
                zone: calendar.zone.clone(),
                unit: calendar.unit,
                count: calendar.count,
            },
        }
    }

    fn window(self) -> Result<Window, String> {
        Ok(match self {
            Self::Rolling(millis) => Window::Rolling(Duration::from_millis(millis)),
            Self::Calendar { start, zone, unit, count } => {
                let start = start.parse().map_err(|_| format!("`{start}` is no beginning of a calendar"))?;
                Window::Calendar(Arc::new(Calendar { start, zone, unit, count }))
            }
        })
    }
}

impl MetricWire {
    pub(super) fn of(metric: &Metric) -> Self {
        match metric {
            Metric::Samples(lines) => {
                let points = |line: &Line| line.points.iter().map(|(at, value)| (at.as_millis(), *value)).collect();
                Self::Samples(lines.iter().map(|line| (line.labels.clone(), points(line))).collect())
            }
            Metric::Refused(why) => Self::Refused(why.clone()),
            Metric::Totals(totals) => {
                Self::Totals(totals.iter().map(|(window, value)| (WindowWire::of(window), *value)).collect())
            }
        }
    }

    pub(super) fn metric(self) -> Result<Metric, String> {
        Ok(match self {
            Self::Samples(lines) => {
                let line = |(labels, points): LineWire| Line {
                    labels,
                    points: points.into_iter().map(|(at, value)| (Timestamp::from_millis(at), value)).collect(),
                };
                Metric::Samples(lines.into_iter().map(line).collect())
            }
            Self::Refused(why) => Metric::Refused(why),
            Self::Totals(totals) => {
                let total = |(window, value): (WindowWire, Option<f64>)| Ok((window.window()?, value));
                Metric::Totals(totals.into_iter().map(total).collect::<Result<_, String>>()?)
            }
        })
    }
}
