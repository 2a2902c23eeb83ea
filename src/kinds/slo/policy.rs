//! What happens as an error budget goes.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::metric::head;
use crate::diagnostic::{Problem, Span, Spanned, codes};
use crate::kinds::approval::{ApprovalPolicy, Requirement, Windows};
use crate::kinds::common::{Link, Links, Select};
use crate::kinds::{Shape, Spec};
use crate::model::{Date, Duration, Kind, Severity};

/// What happens as the budgets of some service levels go.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ErrorBudgetPolicy {
    /// Which service levels.
    pub slos: Spanned<Which>,
    /// The burn rates at which a budget goes too fast, in place of the default ones.
    pub burn_rates: Option<Vec<Spanned<BurnRate>>>,
    /// How many events a window must hold before its burn rate counts; 10 unless given.
    pub min_events: Option<u32>,
    /// What happens at which remaining share of the budget.
    #[serde(default)]
    pub steps: Vec<Spanned<Step>>,
    /// The last day before the policy must be looked at again.
    pub review_by: Option<Date>,
}

/// Which service levels: those named, or those with all these labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Those named.
    Names(Vec<Link>),
    /// Those with all these labels.
    Labels(BTreeMap<Arc<str>, Arc<str>>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labelled {
    labels: BTreeMap<Arc<str>, Arc<str>>,
}

impl<'de> Deserialize<'de> for Which {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Which;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list of names of SLOs, or `labels`")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, names: A) -> Result<Which, A::Error> {
                Deserialize::deserialize(SeqAccessDeserializer::new(names)).map(Which::Names)
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Which, A::Error> {
                Labelled::deserialize(MapAccessDeserializer::new(entries)).map(|all| Which::Labels(all.labels))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

impl JsonSchema for Which {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Which".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"oneOf": [
            {"type": "array", "minItems": 1, "items": {"type": "string"}},
            {"type": "object", "additionalProperties": false, "required": ["labels"], "properties": {
                "labels": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}}}},
        ]})
    }
}

/// A burn rate that is too fast when both windows exceed it.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BurnRate {
    /// How many times faster than the budget allows.
    pub factor: Spanned<f64>,
    /// The long window: that it is no blip.
    pub long: Spanned<Duration>,
    /// The short window: that it still goes on.
    pub short: Spanned<Duration>,
    /// How bad it is.
    pub severity: Option<Severity>,
}

/// What happens once less than a share of the budget remains: exactly one of `task` and `freeze`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Step {
    /// The share, from 0 to 1.
    pub remaining_below: Spanned<f64>,
    /// A task for somebody.
    pub task: Option<StepTask>,
    /// What may not start until the budget recovers.
    pub freeze: Option<Freeze>,
}

/// A task that a step opens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepTask {
    /// Who gets it.
    pub to: Link,
    /// How urgent it is.
    pub severity: Option<Severity>,
}

/// Work that may not start without somebody's yes until the budget recovers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Freeze {
    /// Which tasks.
    pub select: Select,
    /// Who may let one through all the same.
    pub require: Option<Spanned<Requirement>>,
}

impl Freeze {
    /// What it asks, as a policy of its own. Where it names nobody, nothing starts, for that reason.
    pub(in crate::kinds) fn policy(&self, reason: &str) -> ApprovalPolicy {
        let require = self.require.as_ref().map(|require| require.value.clone());
        let windows = require.is_none().then(|| Windows::never(reason));
        ApprovalPolicy { windows, ..ApprovalPolicy::of(self.select.clone(), require) }
    }
}

impl ErrorBudgetPolicy {
    /// Whether it speaks of that service level.
    pub fn covers(&self, slo: &Spec) -> bool {
        match &self.slos.value {
            Which::Names(names) => names.iter().any(|name| name.id(Some(Kind::Slo)).as_ref() == Some(&slo.id)),
            Which::Labels(labels) => {
                labels.iter().all(|(key, value)| slo.head.labels.get(key).is_some_and(|values| values.contains(value)))
            }
        }
    }
}

impl Shape for ErrorBudgetPolicy {
    fn links(&self, links: &mut Links) {
        if let Which::Names(names) = &self.slos.value {
            names.iter().for_each(|name| links.bare(name, Kind::Slo));
        }
        for step in &self.steps {
            if let Some(task) = &step.task {
                links.to(&task.to, &[Kind::Role, Kind::Agent]);
            }
            if let Some(require) = step.freeze.as_ref().and_then(|freeze| freeze.require.as_ref()) {
                require.links(links);
            }
        }
    }

    fn check(&self, _: Span, problems: &mut Vec<Problem>) {
        let empty = match &self.slos.value {
            Which::Names(names) => names.is_empty(),
            Which::Labels(labels) => labels.is_empty(),
        };
        if empty {
            let message = "the policy speaks of no SLO";
            problems.push(Problem::new(&codes::SPEC_EMPTY_LIST, self.slos.span, message).fix("name at least one"));
        }
        self.burn_rates.iter().flatten().for_each(|rate| rate.check(problems));
        for step in &self.steps {
            if !(0.0..=1.0).contains(&step.remaining_below.value) {
                let message = format!("remainingBelow is {}, but must be from 0 to 1", step.remaining_below.value);
                problems.push(Problem::new(&codes::SPEC_VALUE, step.remaining_below.span, message));
            }
            if step.task.is_some() == step.freeze.is_some() {
                let message = "a step has exactly one of task and freeze";
                problems.push(Problem::new(&codes::SPEC_EXCLUSIVE, head(step.span), message));
            }
            if let Some(require) = step.freeze.as_ref().and_then(|freeze| freeze.require.as_ref()) {
                require.check(head(require.span), problems);
            }
        }
    }
}

impl BurnRate {
    fn check(&self, problems: &mut Vec<Problem>) {
        if self.factor.value <= 0.0 {
            let message = format!("the factor is {}, but must be more than 0", self.factor.value);
            problems.push(Problem::new(&codes::SPEC_VALUE, self.factor.span, message));
        }
        if self.short.value >= self.long.value {
            let message = format!(
                "the short window ({}) must be shorter than the long one ({})",
                self.short.value, self.long.value
            );
            problems.push(Problem::new(&codes::SPEC_VALUE, self.short.span, message));
        }
    }
}
