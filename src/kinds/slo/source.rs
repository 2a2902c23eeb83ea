//! Where the numbers come from: services, data sources, and tasks as a source.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use crate::diagnostic::Spanned;
use crate::kinds::Shape;
use crate::kinds::common::Select;
use crate::model::{Duration, Point};
use crate::yaml::Raw;

/// The type of a source that counts the live tasks; case does not matter.
pub const TASKS: &str = "abide.dev/tasks";

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

/// What a metric over tasks counts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TasksSource {
    /// The tasks that count, each at its finish.
    pub select: Select,
    /// For a threshold: the span that is measured, such as `created-to-finished`.
    pub measure: Option<Spanned<Lifespan>>,
    /// For a threshold: the unit of its value.
    pub unit: Option<Unit>,
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
