//! A service level objective as OpenSLO v1 writes it.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::alert::PolicyUse;
use super::metric::Sli;
use super::period::{Period, Slice};
use crate::diagnostic::{Problem, Span, Spanned};
use crate::kinds::Shape;
use crate::kinds::common::{Link, Links, OpenSloMetadata};
use crate::model::{Comparison, Kind};

/// A service level objective.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Slo {
    /// What it is.
    pub description: Option<String>,
    /// The service that it speaks of.
    pub service: Link,
    /// The indicator, written here.
    pub indicator: Option<Spanned<Indicator>>,
    /// The indicator, by the name of its SLI.
    pub indicator_ref: Option<Link>,
    /// The time over which the budget is counted: one window.
    pub time_window: Option<Vec<Spanned<TimeWindow>>>,
    /// How the budget is counted.
    pub budgeting_method: Budgeting,
    /// What must hold.
    pub objectives: Vec<Spanned<Objective>>,
    /// When to alert.
    pub alert_policies: Option<Vec<Spanned<PolicyUse>>>,
}

/// An indicator that is written where it is used.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its name.
    pub metadata: OpenSloMetadata,
    /// What it measures.
    pub spec: Sli,
}

/// How a budget is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
pub enum Budgeting {
    /// Good events among all events.
    Occurrences,
    /// Good slices of time among all slices.
    Timeslices,
    /// The mean of the ratios of all slices.
    RatioTimeslices,
}

/// The time over which a budget is counted.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TimeWindow {
    /// How long.
    pub duration: Spanned<Period>,
    /// Whether it moves with time. A window with a calendar does not.
    pub is_rolling: Option<Spanned<bool>>,
    /// Where a window that does not move begins.
    pub calendar: Option<Spanned<Calendar>>,
}

/// Where a window that does not move begins.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Calendar {
    /// `YYYY-MM-DD hh:mm:ss`.
    pub start_time: Spanned<Arc<str>>,
    /// A name of the IANA time zone database.
    pub time_zone: Spanned<Arc<str>>,
}

/// What must hold.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Objective {
    /// One line for people.
    pub display_name: Option<String>,
    /// How a value compares with the threshold.
    pub op: Option<Spanned<Op>>,
    /// The threshold.
    pub value: Option<Spanned<f64>>,
    /// The share that must be good, from 0 to less than 1.
    pub target: Option<Spanned<f64>>,
    /// The same in percent.
    pub target_percent: Option<Spanned<f64>>,
    /// The share of a slice that must be good for the slice to be good.
    pub time_slice_target: Option<Spanned<f64>>,
    /// The length of a slice; a bare number is minutes.
    pub time_slice_window: Option<Slice>,
    /// The indicator of this objective alone, written here.
    pub indicator: Option<Spanned<Indicator>>,
    /// The indicator of this objective alone, by the name of its SLI.
    pub indicator_ref: Option<Link>,
    /// Its weight among the objectives of a composite.
    pub composite_weight: Option<Spanned<f64>>,
}

/// How a value compares with a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// Less than or equal.
    Lte,
    /// Greater than or equal.
    Gte,
    /// Less than.
    Lt,
    /// Greater than.
    Gt,
}

impl From<Op> for Comparison {
    fn from(op: Op) -> Self {
        match op {
            Op::Lte => Self::Lte,
            Op::Gte => Self::Gte,
            Op::Lt => Self::Lt,
            Op::Gt => Self::Gt,
        }
    }
}

impl Slo {
    /// The indicators that are written within it, its own and those of its objectives.
    pub(super) fn indicators(&self) -> impl Iterator<Item = &Spanned<Indicator>> {
        self.indicator.iter().chain(self.objectives.iter().filter_map(|objective| objective.indicator.as_ref()))
    }

    /// Whether its objectives have indicators or weights of their own, so that they make up one level together.
    pub fn is_composite(&self) -> bool {
        self.objectives.iter().any(|objective| objective.has_indicator() || objective.composite_weight.is_some())
    }
}

impl Objective {
    /// Whether it has an indicator of its own.
    pub const fn has_indicator(&self) -> bool {
        self.indicator.is_some() || self.indicator_ref.is_some()
    }
}

impl TimeWindow {
    /// Whether it moves with time.
    pub fn rolls(&self) -> bool {
        self.is_rolling.as_ref().map_or(self.calendar.is_none(), |rolling| rolling.value)
    }
}

impl Shape for Slo {
    fn links(&self, links: &mut Links) {
        links.bare_soft(&self.service, Kind::Service);
        let references = self.objectives.iter().filter_map(|objective| objective.indicator_ref.as_ref());
        self.indicator_ref.iter().chain(references).for_each(|reference| links.bare(reference, Kind::Sli));
        self.indicators().for_each(|indicator| indicator.spec.links(links));
        self.alert_policies.iter().flatten().for_each(|policy| policy.links(links));
    }

    fn check(&self, at: Span, problems: &mut Vec<Problem>) {
        super::check::slo(self, at, problems);
    }
}
