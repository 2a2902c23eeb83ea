//! What counts as too fast for a service level: a policy's burn rates, its alert policies, or the default table.

use std::sync::Arc;

use super::account::Method;
use super::alert::{AlertCondition, AlertPolicy, PolicyUse};
use super::burn::{Alarm, Condition, ENOUGH, Pair, default_pairs};
use super::decimal::Decimal;
use super::indicator::{Refusal, cannot, referred};
use super::level::Slo;
use crate::diagnostic::Span;
use crate::kinds::common::Link;
use crate::kinds::{Body, Spec, Specs};
use crate::model::{Comparison, Duration, Kind, Severity, Window};

/// The shortest window of the default table, stretched to a short budget, that still tells something.
const SHORTEST: Duration = Duration::from_secs(10);

/// What counts as too fast, and from how many events on.
pub(super) struct Alarms {
    pub(super) alarms: Vec<Alarm>,
    pub(super) enough: u64,
    /// How bad it is when there are no data, where anybody wants to hear of it.
    pub(super) no_data: Option<Severity>,
}

/// The burn rates of an `ErrorBudgetPolicy` come first, then the alert policies of the service level, then the default
/// table stretched to its window.
pub(super) fn alarms(
    specs: &Specs,
    spec: &Arc<Spec>,
    slo: &Slo,
    (window, method): (&Window, Method),
) -> Result<Alarms, Refusal> {
    let enough = specs.min_events(spec).map_or(ENOUGH, u64::from);
    let uses = slo.alert_policies.as_deref().unwrap_or_default();
    let (mut conditions, mut no_data) = (Vec::new(), None);
    for used in uses {
        let (policy, name) = policy_of(specs, &used.value)?;
        for condition in &policy.conditions {
            let condition = condition_of(specs, &condition.value)?;
            if policy.alert_when_no_data {
                no_data = no_data.max(Some(severity(&condition.severity)));
            }
            conditions.push(Alarm::Condition(read(policy, condition, &name)));
        }
    }
    let rates = specs.burn_rates(spec);
    let alarms = match rates {
        Some(rates) => rates.iter().map(|rate| Alarm::Pair(Pair::from(&rate.value))).collect(),
        None if !conditions.is_empty() => conditions,
        None => {
            // A window that is shorter than a slice mostly holds none that has ended, and one of a few seconds nothing at all.
            let least = method.slices().map_or(SHORTEST, |slices| slices.length.max(SHORTEST));
            let pairs = default_pairs(window.nominal()).into_iter().filter(|pair| pair.short >= least);
            pairs.map(Alarm::Pair).collect()
        }
    };
    Ok(Alarms { alarms, enough, no_data })
}

fn policy_of<'a>(specs: &'a Specs, used: &'a PolicyUse) -> Result<(&'a AlertPolicy, Arc<str>), Refusal> {
    match used {
        PolicyUse::Name(name) => named(specs, &Link::at(name.clone(), Span::default())),
        PolicyUse::Here(here) => match (&here.reference, &here.spec) {
            (Some(link), _) => named(specs, link),
            (None, Some(spec)) => {
                let name = here.metadata.as_ref().map_or("written here", |metadata| &metadata.name.value);
                Ok((spec, name.into()))
            }
            (None, None) => cannot("an alert policy of it says nothing"),
        },
    }
}

fn named<'a>(specs: &'a Specs, link: &Link) -> Result<(&'a AlertPolicy, Arc<str>), Refusal> {
    match &referred(specs, link, Kind::AlertPolicy)?.body {
        Body::AlertPolicy(policy) => Ok((policy, link.text().clone())),
        _ => cannot("its alertPolicyRef leads to no AlertPolicy"),
    }
}

fn condition_of<'a>(specs: &'a Specs, here: &'a super::alert::ConditionHere) -> Result<&'a AlertCondition, Refusal> {
    match (&here.reference, &here.spec) {
        (Some(link), _) => match &referred(specs, link, Kind::AlertCondition)?.body {
            Body::AlertCondition(condition) => Ok(condition),
            _ => cannot("a conditionRef of its alert policy leads to no AlertCondition"),
        },
        (None, Some(condition)) => Ok(condition),
        (None, None) => cannot("a condition of its alert policy says nothing"),
    }
}

fn read(policy: &AlertPolicy, condition: &AlertCondition, name: &Arc<str>) -> Condition {
    let written = &condition.condition;
    Condition {
        factor: Decimal::of(written.threshold.value),
        op: Comparison::from(written.op),
        window: written.lookback_window.length(),
        after: written.alert_after.length(),
        severity: severity(&condition.severity),
        speaks: policy.alert_when_breaching,
        policy: name.clone(),
    }
}

/// A severity in the words of whoever is alerted. OpenSLO names none; a page is critical, a ticket is high, and a word that
/// nobody knows is medium.
fn severity(word: &str) -> Severity {
    match word.to_lowercase().as_str() {
        "critical" | "page" | "sev1" | "p1" | "fatal" | "emergency" => Severity::Critical,
        "high" | "ticket" | "error" | "major" | "sev2" | "p2" => Severity::High,
        "low" | "info" | "minor" | "sev4" | "p4" => Severity::Low,
        _ => Severity::Medium,
    }
}
