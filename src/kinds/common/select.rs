//! A selector as YAML writes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::Deserializer;

use crate::model::{Duration, Selector, SelectorFields, SeverityRange, TaskStatus};

/// Which tasks are meant. All given fields must match; none given means every task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Select(pub Selector);

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", rename = "Select")]
#[schemars(rename = "Select")]
struct Wire {
    /// Patterns of task types; `*` stands for any run of characters.
    #[schemars(length(min = 1))]
    types: Option<Filled>,
    /// Roles.
    #[schemars(length(min = 1))]
    roles: Option<Filled>,
    /// Agents.
    #[schemars(length(min = 1))]
    agents: Option<Filled>,
    /// Who asked for the task.
    #[schemars(length(min = 1))]
    authors: Option<Filled>,
    /// Labels, all of which the task must have.
    labels: Option<BTreeMap<Arc<str>, Arc<str>>>,
    /// A severity or a comparison such as `>=high`.
    severity: Option<SeverityRange>,
    /// Any of these.
    #[schemars(length(min = 1))]
    status: Option<Vec<Status>>,
    /// Created at most so long ago.
    created_within: Option<Duration>,
}

/// A list of words that is not empty: an empty one would match nothing.
#[derive(JsonSchema)]
#[schemars(transparent)]
struct Filled(#[schemars(length(min = 1))] Vec<Arc<str>>);

impl<'de> Deserialize<'de> for Filled {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words = Vec::<Arc<str>>::deserialize(deserializer)?;
        if words.is_empty() {
            return Err(serde::de::Error::custom(
                "the list is empty, so it matches nothing; leave the field out to match all",
            ));
        }
        Ok(Self(words))
    }
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Status {
    Pending,
    Running,
    Blocked,
    Completed,
    Failed,
    Cancelled,
}

impl From<Status> for TaskStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Pending => Self::Pending,
            Status::Running => Self::Running,
            Status::Blocked => Self::Blocked,
            Status::Completed => Self::Completed,
            Status::Failed => Self::Failed,
            Status::Cancelled => Self::Cancelled,
        }
    }
}

impl<'de> Deserialize<'de> for Select {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        if wire.status.as_ref().is_some_and(Vec::is_empty) {
            return Err(serde::de::Error::custom(
                "the list `status` is empty, so it matches nothing; leave it out to match all",
            ));
        }
        let words = |filled: Option<Filled>| filled.map(|filled| filled.0);
        let fields = SelectorFields {
            types: words(wire.types),
            roles: words(wire.roles).map(strip_kind),
            agents: words(wire.agents).map(strip_kind),
            authors: words(wire.authors).map(strip_kind),
            labels: wire.labels,
            severity: wire.severity,
            status: wire.status.map(|any| any.into_iter().map(TaskStatus::from).collect()),
            created_within: wire.created_within,
            with_own: false,
        };
        Selector::new(fields).map(Self).map_err(|wrong| serde::de::Error::custom(format!("no pattern: {wrong}")))
    }
}

/// `role/developer` and `agent/dev-1` mean what the bare names do: tasks carry bare names.
fn strip_kind(words: Vec<Arc<str>>) -> Vec<Arc<str>> {
    let bare = |word: Arc<str>| match word.strip_prefix("role/").or_else(|| word.strip_prefix("agent/")) {
        Some(name) => name.into(),
        None => word,
    };
    words.into_iter().map(bare).collect()
}

impl JsonSchema for Select {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Select".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Wire::json_schema(generator)
    }
}
