//! `slo/unused-sli` and `slo/unused-alert-policy`: what nothing refers to.

use super::{Said, View, may_be_unused};
use crate::diagnostic::{Problem, codes};
use crate::model::Kind;

/// The kinds that refer to indicators and to the parts of alerts.
const USERS: [Kind; 2] = [Kind::Slo, Kind::AlertPolicy];

pub(super) fn lint(view: &View<'_>, said: &mut Said) {
    // What cannot be read may refer to anything.
    if view.may_miss(&USERS) {
        return;
    }
    for it in view.readable.iter().filter(|it| may_be_unused(it.spec.id.kind) && !view.used.contains(&it.spec.id)) {
        let (entry, users) = match it.spec.id.kind {
            Kind::Sli => (&codes::SLO_UNUSED_SLI, "no SLO"),
            Kind::AlertPolicy => (&codes::SLO_UNUSED_ALERT_POLICY, "no SLO"),
            _ => (&codes::SLO_UNUSED_ALERT_POLICY, "no alert policy"),
        };
        said.say(it.spec, Problem::new(entry, it.name, format!("{users} refers to {}", it.spec.id)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NONE, document, file, lines, promise, slo};

    const SLI: &str = "slo/unused-sli";
    const ALERT: &str = "slo/unused-alert-policy";
    const RATIO: &str = "{ratioMetric: {good: {metricSource: {type: x}}, total: {metricSource: {type: x}}}}";
    const POLICY: &str =
        "{alertWhenBreaching: true, conditions: [{conditionRef: c}], notificationTargets: [{targetRef: t}]}";
    const CONDITION: &str = "{severity: page, condition: {kind: burnrate, op: gt, threshold: 2, lookbackWindow: 1h}}";

    /// A service level with that in place of its own indicator.
    fn without_indicator(other: &str) -> String {
        let own = slo("a", &promise("30d", "0.9"));
        let (head, rest) = own.split_once("  indicator:").unwrap();
        let (_, rest) = rest.split_once('\n').unwrap();
        format!("{head}{other}{rest}")
    }

    #[test]
    fn an_indicator_that_nobody_measures_is_told_at_its_name() {
        let indicators = [document("SLI", "b", RATIO), document("SLI", "c", RATIO)];
        assert_eq!(lines(SLI, &file(&indicators)), [3, 8]);
        assert_eq!(lines(SLI, &file(&[&indicators[..], &[without_indicator("  indicatorRef: c\n")]].concat())), [3]);
        let composite = without_indicator("")
            .replace("target: 0.9}", "target: 0.9, indicatorRef: c}, {target: 0.9, indicatorRef: b}");
        assert_eq!(lines(SLI, &file(&[&indicators[..], &[composite]].concat())), NONE);
    }

    #[test]
    fn alerts_that_nobody_uses_are_told_at_their_names() {
        let [policy, condition] = [document("AlertPolicy", "p", POLICY), document("AlertCondition", "c", CONDITION)];
        let target = document("AlertNotificationTarget", "t", "{target: email}");
        let level = |more: &str| slo("a", &(promise("30d", "0.9") + more));
        assert_eq!(lines(ALERT, &file(&[policy.clone(), condition.clone(), target.clone(), level("")])), [3]);
        for used in ["  alertPolicies: [p]\n", "  alertPolicies: [{alertPolicyRef: p}]\n"] {
            assert_eq!(lines(ALERT, &file(&[policy.clone(), condition.clone(), target.clone(), level(used)])), NONE);
        }
        assert_eq!(lines(ALERT, &file(&[condition, target])), [3, 8]);
    }
}
