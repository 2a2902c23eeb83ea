//! From a question to the source that answers it.

use std::collections::BTreeMap;
use std::path::Path;

use super::kept::Kept;
use crate::config::{Sources, TimeFormat};
use crate::evidence::prometheus::{self, Client};
use crate::evidence::sql::{self, Database, Table};
use crate::model::{Ask, Duration, Line, Metric, MetricQuestion, SourceAt, SourceKind, SqlTime, Timestamp, Window};

/// What stands for the length of a window in a query, as other tools write it too.
const WINDOW: &str = "{{.window}}";

/// How sources are reached.
pub(super) struct Reach<'a> {
    pub(super) sources: &'a Sources,
    pub(super) store: &'a str,
    pub(super) base: &'a Path,
}

/// What a source said.
pub(super) enum Said {
    /// This, and what to keep of it.
    Metric(Metric, Option<Kept>),
    /// That it cannot be asked this.
    Refused(String),
    /// Nothing: it is out of reach.
    Away(String),
    /// Nothing in time.
    Slow(String),
}

impl Reach<'_> {
    /// Asks the source, for no more than is new since before.
    pub(super) fn ask(&self, question: &MetricQuestion, before: Option<&Kept>, now: Timestamp) -> Said {
        let asked = match &question.ask {
            Ask::Range(step) => {
                self.prometheus(&question.source).map(|client| range(&client, question, *step, before, now))
            }
            Ask::ByWindow(windows) => {
                self.prometheus(&question.source).map(|client| instant(&client, question, windows, now))
            }
            Ask::Statement { time, windows } => {
                self.database(&question.source).map(|database| statement(&database, question, (*time, windows), now))
            }
        };
        asked.unwrap_or_else(Said::Refused)
    }

    fn prometheus(&self, source: &SourceAt) -> Result<Client, String> {
        let name = source.name.as_deref().unwrap_or("prometheus");
        match self.sources.prometheus.get(name) {
            Some(known) => Ok(Client::new(known, self.base)),
            None => Err(nowhere(source, name)),
        }
    }

    fn database(&self, source: &SourceAt) -> Result<Database, String> {
        let name = source.name.as_deref().unwrap_or("sql");
        match self.sources.sql.get(name) {
            Some(known) => Ok(Database::new(name, known, self.store, self.base)),
            None => Err(nowhere(source, name)),
        }
    }
}

/// Specs say what is asked; where a source is and what of it may be seen is not for their authors to say.
fn nowhere(source: &SourceAt, name: &str) -> String {
    let needed = match (source.kind, &source.url) {
        (SourceKind::Sql, _) => "type = \"sql\" and tables = [\"…\"]".to_owned(),
        (SourceKind::Prometheus, None) => "type = \"prometheus\" and url = \"…\"".to_owned(),
        (SourceKind::Prometheus, Some(url)) => {
            format!("type = \"prometheus\" and url = \"{url}\", if its DataSource is right")
        }
    };
    format!("abide.toml does not say where it is: add [sources.{name}] with {needed}")
}

impl From<prometheus::Fault> for Said {
    fn from(fault: prometheus::Fault) -> Self {
        match fault {
            prometheus::Fault::TimedOut { .. } => Self::Slow(fault.to_string()),
            prometheus::Fault::OutOfReach { .. }
            | prometheus::Fault::Refused { .. }
            | prometheus::Fault::NoSecret { .. } => Self::Away(fault.to_string()),
            _ => Self::Refused(fault.to_string()),
        }
    }
}

impl From<sql::Fault> for Said {
    fn from(fault: sql::Fault) -> Self {
        match fault {
            sql::Fault::OutOfReach { .. } => Self::Away(fault.to_string()),
            _ => Self::Refused(fault.to_string()),
        }
    }
}

fn range(client: &Client, question: &MetricQuestion, step: Duration, before: Option<&Kept>, now: Timestamp) -> Said {
    let oldest = now.minus(question.back);
    let from = before.map_or(oldest, |kept| kept.from(step).max(oldest));
    let query = question.query.replace(WINDOW, &length(step));
    match client.range(&query, from, now, step) {
        Err(fault) => fault.into(),
        Ok(newer) => {
            let nothing = Kept::default();
            let kept = before.unwrap_or(&nothing).renewed(newer, (oldest, from), now);
            if let Some(why) = kept.is_too_much() {
                return Said::Refused(why);
            }
            Said::Metric(Metric::Samples(kept.lines.clone()), Some(kept))
        }
    }
}

fn instant(client: &Client, question: &MetricQuestion, windows: &[Window], now: Timestamp) -> Said {
    if !question.query.contains(WINDOW) {
        return Said::Refused(format!("an instant query needs {WINDOW} in place of the length of its window"));
    }
    let mut totals = BTreeMap::new();
    for window in windows {
        let Some(bounds) = window.bounds(now) else { continue };
        let query = question.query.replace(WINDOW, &length(now.since(bounds.after)));
        match client.instant(&query, now) {
            Err(fault) => return fault.into(),
            Ok(lines) => {
                let values: Vec<f64> =
                    lines.iter().flat_map(|line| line.points.iter().map(|(_, value)| *value)).collect();
                let sum: f64 = values.iter().sum();
                if !sum.is_finite() {
                    return Said::Refused("its series add up to more than any number".into());
                }
                totals.insert(window.clone(), (!values.is_empty()).then_some(sum));
            }
        }
    }
    Said::Metric(Metric::Totals(totals), None)
}

/// A length as PromQL writes it.
fn length(span: Duration) -> String {
    let millis = span.as_millis();
    if millis.is_multiple_of(1000) { format!("{}s", millis / 1000) } else { format!("{millis}ms") }
}

fn statement(
    database: &Database,
    question: &MetricQuestion,
    (time, windows): (SqlTime, &[Window]),
    now: Timestamp,
) -> Said {
    let time = match time {
        SqlTime::Text => TimeFormat::Text,
        SqlTime::Iso8601 => TimeFormat::Iso8601,
        SqlTime::Unix => TimeFormat::Unix,
        SqlTime::UnixMillis => TimeFormat::UnixMs,
    };
    let ask = |from: Timestamp| database.ask(&question.query, from, now, time);
    match ask(now.minus(question.back)) {
        Err(fault) => return fault.into(),
        Ok(Table::Rows(points)) => {
            let lines = if points.is_empty() { Vec::new() } else { vec![Line { labels: "{}".into(), points }] };
            return Said::Metric(Metric::Samples(lines), None);
        }
        // One figure for a span: the figure of each window is asked for.
        Ok(Table::Number(_)) => {}
    }
    let mut totals = BTreeMap::new();
    for window in windows {
        let Some(bounds) = window.bounds(now) else { continue };
        match ask(bounds.after) {
            Err(fault) => return fault.into(),
            Ok(Table::Number(value)) => totals.insert(window.clone(), value),
            Ok(Table::Rows(_)) => {
                return Said::Refused("it gives one figure for one span, and rows for another".into());
            }
        };
    }
    Said::Metric(Metric::Totals(totals), None)
}
