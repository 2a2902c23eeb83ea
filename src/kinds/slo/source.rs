//! Where the numbers come from: services, data sources, and tasks as a source.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use crate::diagnostic::{Problem, Spanned, codes};
use crate::kinds::Shape;
use crate::kinds::common::Select;
use crate::model::{Duration, Point, SqlTime};
use crate::yaml::Raw;

/// The type of a source that counts the live tasks; case does not matter.
pub const TASKS: &str = "abide.dev/tasks";

/// The type of a source that is asked one statement that only reads.
pub const SQL: &str = "abide.dev/sql";

/// The type of a source that is a Prometheus server.
pub const PROMETHEUS: &str = "prometheus";

/// What a service level speaks of. Its owner, in the annotation `abide.dev/owner`, owns its service levels.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// What it is.
    pub description: Option<String>,
}

impl Shape for Service {}

/// Where an indicator gets its numbers.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DataSource {
    /// What it is.
    pub description: Option<String>,
    /// The type: `abide.dev/tasks`, `prometheus`, or anything else.
    #[serde(rename = "type")]
    pub kind: Spanned<String>,
    /// How to reach it; free, as the type needs it.
    pub connection_details: Option<Raw>,
}

impl Shape for DataSource {}

impl DataSource {
    /// Where it says that it is: `connectionDetails.url`, where that is a text.
    pub fn url(&self) -> Option<Arc<str>> {
        #[derive(Deserialize)]
        struct Details {
            url: Option<Arc<str>>,
        }
        self.connection_details.as_ref()?.read::<Details>(&mut Vec::new())?.url
    }
}

/// What a metric over tasks counts.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TasksSource {
    /// The tasks that count, each at its finish.
    pub select: Select,
    /// For a threshold: the span that is measured, such as `created-to-finished`.
    pub measure: Option<Spanned<Lifespan>>,
    /// For a threshold: the unit of its value.
    pub unit: Option<Unit>,
    /// For a threshold: judges this percentile of the durations of a span, such as 95, instead of each by itself. It is the
    /// smallest duration that at least so many percent do not exceed (nearest rank).
    pub percentile: Option<Spanned<f64>>,
    /// The span over which a percentile is taken; an hour unless given, and the slice where there are slices.
    pub every: Option<Spanned<Duration>>,
}

impl TasksSource {
    /// Says what is wrong with a percentile.
    pub(super) fn check(&self, problems: &mut Vec<Problem>) {
        if let Some(percentile) = self.percentile.as_ref().filter(|it| !(it.value > 0.0 && it.value <= 100.0)) {
            let message = format!("percentile is {}, but must be more than 0 and at most 100", percentile.value);
            let problem = Problem::new(&codes::SPEC_VALUE, percentile.span, message);
            problems.push(problem.help("95 is the duration that 95 of 100 tasks do not exceed"));
        }
        if let (Some(percentile), None) = (&self.percentile, &self.measure) {
            let message = "a percentile needs `measure`: the span of the tasks' life that it is of";
            problems.push(Problem::new(&codes::SPEC_MISSING_FIELD, percentile.span, message).fix("add `measure:`"));
        }
        if let (Some(every), None) = (&self.every, &self.percentile) {
            let message = "`every` says how often a percentile is taken, and there is none";
            problems.push(Problem::new(&codes::SPEC_EXCLUSIVE, every.span, message).fix("remove `every`"));
        }
    }
}

/// What a metric asks of a Prometheus server.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PrometheusSpec {
    /// The PromQL expression. `{{.window}}` in it stands for the span of one sample, or of the window of an instant query.
    pub query: Spanned<Arc<str>>,
    /// How often a sample is taken; else a fifth of the shortest window, from 15 s to 5 m.
    pub step: Option<Spanned<Duration>>,
    /// Asks for one figure for each window instead of samples: the query holds `{{.window}}`. Cheaper over long windows; what it
    /// gives can be judged now, and not be lived through again.
    #[serde(default)]
    pub instant: bool,
}

/// What a metric asks of a database.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct SqlSpec {
    /// One statement that only reads, over what happened in (`:from`, `:to`]. It gives one figure for that span, or rows of a
    /// time and a figure.
    pub query: Spanned<Arc<str>>,
    /// How it reads and writes times.
    #[serde(default)]
    pub time: TimeWord,
}

/// How a statement reads and writes times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TimeWord {
    /// `YYYY-MM-DD HH:MM:SS`, in UTC.
    #[default]
    Text,
    /// RFC 3339.
    Iso8601,
    /// Seconds since 1970.
    Unix,
    /// Milliseconds since 1970.
    UnixMs,
}

impl From<TimeWord> for SqlTime {
    fn from(word: TimeWord) -> Self {
        match word {
            TimeWord::Text => Self::Text,
            TimeWord::Iso8601 => Self::Iso8601,
            TimeWord::Unix => Self::Unix,
            TimeWord::UnixMs => Self::UnixMillis,
        }
    }
}

/// A span of a task's life, written `created-to-finished`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String")]
pub struct Lifespan {
    /// Where it begins.
    pub from: Point,
    /// Where it ends.
    pub to: Point,
}

const POINTS: [(&str, Point); 4] = [
    ("created", Point::Created),
    ("claimed", Point::Claimed),
    ("started", Point::Started),
    ("finished", Point::Finished),
];

impl std::str::FromStr for Lifespan {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let point = |word: &str| POINTS.iter().find(|(name, _)| *name == word).map(|(_, point)| *point);
        let points = text.split_once("-to-").and_then(|(from, to)| Some((point(from)?, point(to)?)));
        match points {
            Some((from, to)) if from < to => Ok(Self { from, to }),
            Some(_) => Err(format!("`{text}` ends before it begins: a task is created, claimed, started, finished")),
            None => Err(format!(
                "`{text}` is no span of a task's life; write FROM-to-TO with created, claimed, started or finished: created-to-finished"
            )),
        }
    }
}

impl std::fmt::Display for Lifespan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = |point| POINTS.iter().find(|(_, known)| *known == point).map_or("", |(word, _)| word);
        write!(f, "{} to {}", word(self.from), word(self.to))
    }
}

impl<'de> Deserialize<'de> for Lifespan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The unit of a threshold's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "each variant is the unit of that name")]
pub enum Unit {
    Milliseconds,
    Seconds,
    Minutes,
    Hours,
    Days,
    Weeks,
}

impl Unit {
    /// One of it.
    pub const fn length(self) -> Duration {
        Duration::from_millis(match self {
            Self::Milliseconds => 1,
            Self::Seconds => 1000,
            Self::Minutes => 60_000,
            Self::Hours => 3_600_000,
            Self::Days => 86_400_000,
            Self::Weeks => 604_800_000,
        })
    }
}
