//! Which role does which work, and how soon.

mod escalation;
pub mod lints;
pub mod none;
pub mod priority;
pub mod role;
pub mod sla;
#[cfg(test)]
mod tests;
pub mod wip;

use schemars::JsonSchema;
use serde::Deserialize;

use super::common::{Link, Links, Select};
use super::{Assigned, Body, Case, Findings, Shape};
use crate::diagnostic::{Problem, Span, Spanned, codes};
use crate::model::{Duration, Kind, Severity, Task, Timestamp};

/// Gives the selected tasks to a role.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Assignment {
    /// Which tasks.
    pub select: Select,
    /// To whom: `role/developer`.
    pub to: Link,
    /// The priority that they must have: low, medium, high or critical. Any unless given.
    pub severity: Option<Severity>,
    /// What one must know to do them.
    #[serde(default)]
    pub skills: Vec<Spanned<String>>,
    /// How many may run at once.
    pub wip: Option<Wip>,
    /// How soon, by severity.
    #[serde(default)]
    pub sla: Sla,
    /// Who gets the remediation task of a missed limit when that takes longer, step by step.
    #[serde(default)]
    pub escalate: Vec<Escalation>,
    /// What Abide does about drift.
    #[serde(default)]
    pub on_drift: OnDrift,
}

/// How many tasks may run at once. Abide's own do not count.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Wip {
    /// In all.
    pub max: Option<Spanned<u32>>,
    /// For each agent.
    pub per_agent: Option<Spanned<u32>>,
}

/// How soon, by severity. A severity without limits has no clock.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sla {
    /// For critical tasks.
    pub critical: Option<Limits>,
    /// For tasks of high severity.
    pub high: Option<Limits>,
    /// For tasks of medium severity.
    pub medium: Option<Limits>,
    /// For tasks of low severity.
    pub low: Option<Limits>,
}

/// How soon a task must be claimed and finished, counted from its creation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Until somebody has taken it.
    pub claim: Option<Duration>,
    /// Until it has ended. The clock runs while it is blocked.
    pub finish: Option<Duration>,
}

/// Who gets a remediation task after how long.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// So long after the limit was missed.
    pub after: Spanned<Duration>,
    /// Who.
    pub to: Link,
}

/// What Abide does about drift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnDrift {
    /// Opens a remediation task.
    #[default]
    Task,
    /// Corrects role and severity itself, each once for a version of the assignment.
    Enforce,
    /// Only shows it.
    Warn,
}

impl Sla {
    /// The limits for tasks of a severity.
    pub const fn of(&self, severity: Severity) -> Option<&Limits> {
        match severity {
            Severity::Critical => self.critical.as_ref(),
            Severity::High => self.high.as_ref(),
            Severity::Medium => self.medium.as_ref(),
            Severity::Low => self.low.as_ref(),
        }
    }

    const fn is_empty(&self) -> bool {
        self.critical.is_none() && self.high.is_none() && self.medium.is_none() && self.low.is_none()
    }
}

impl Shape for Assignment {
    fn links(&self, links: &mut Links) {
        links.to(&self.to, &[Kind::Role, Kind::Agent]);
        self.escalate.iter().for_each(|step| links.to(&step.to, &[Kind::Role, Kind::Agent]));
    }

    fn check(&self, at: Span, problems: &mut Vec<Problem>) {
        for limits in Severity::ALL.into_iter().filter_map(|severity| self.sla.of(severity)) {
            if let Limits { claim: Some(claim), finish: Some(finish) } = limits
                && claim > finish
            {
                let message = format!("a claim limit of {claim} is longer than the finish limit of {finish}");
                problems.push(
                    Problem::new(&codes::SPEC_VALUE, at, message).help("a task is claimed before it is finished"),
                );
            }
        }
        escalation::check(&self.escalate, problems);
    }
}

/// The assignment of a case.
fn assignment<'a>(case: &Case<'a>) -> Option<&'a Assignment> {
    match case.body() {
        Some(Body::Assignment(assignment)) => Some(assignment),
        _ => None,
    }
}

/// Whether a task belongs to this assignment rather than to a more specific one, or to none for certain; and when that may
/// change by time alone.
fn owns(case: &Case<'_>, task: &Task, findings: &mut Findings, now: Timestamp) -> bool {
    if let Some(at) = case.specs.reassigned(task, now) {
        findings.due(at);
    }
    matches!(case.specs.assigned(task, now), Assigned::By(spec) if case.spec.is_some_and(|own| own.id == spec.id))
}

/// Critical for a task marked critical, medium otherwise.
const fn severity_of(task: &Task) -> Severity {
    match task.severity {
        Severity::Critical => Severity::Critical,
        _ => Severity::Medium,
    }
}
