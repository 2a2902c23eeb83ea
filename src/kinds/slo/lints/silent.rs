//! `slo/silent-alert-policy`: an alert policy that never alerts.

use super::{Said, View};
use crate::diagnostic::{Problem, Span, codes};
use crate::kinds::Body;
use crate::kinds::slo::alert::{AlertPolicy, PolicyUse};

pub(super) fn lint(view: &View<'_>, said: &mut Said) {
    for it in &view.readable {
        match &it.spec.body {
            Body::AlertPolicy(policy) if is_silent(policy) => said.say(it.spec, problem(it.name)),
            Body::Slo(slo) => {
                for used in slo.alert_policies.iter().flatten() {
                    let PolicyUse::Here(here) = &used.value else { continue };
                    if here.spec.as_ref().is_some_and(is_silent) {
                        let name = here.metadata.as_ref().map_or(used.span, |metadata| metadata.name.span);
                        said.say(it.spec, problem(name));
                    }
                }
            }
            _ => {}
        }
    }
}

const fn is_silent(policy: &AlertPolicy) -> bool {
    !(policy.alert_when_breaching || policy.alert_when_resolved || policy.alert_when_no_data)
}

fn problem(at: Span) -> Problem {
    let message = "the alert policy never alerts: none of its flags is true";
    let help = "alertWhenBreaching, alertWhenResolved and alertWhenNoData are false where they are left out";
    Problem::new(&codes::SLO_SILENT_ALERT_POLICY, at, message).help(help).fix("add `alertWhenBreaching: true`")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NONE, document, lines, promise, slo};

    const CODE: &str = "slo/silent-alert-policy";

    #[test]
    fn a_policy_without_a_flag_is_told_at_its_name() {
        let with = |flags: &str| document("AlertPolicy", "p", &format!("{{{flags}conditions: [{{conditionRef: c}}]}}"));
        assert_eq!(lines(CODE, &with("")), [3]);
        assert_eq!(lines(CODE, &with("alertWhenBreaching: false, alertWhenNoData: false, ")), [3]);
        for flag in ["alertWhenBreaching", "alertWhenResolved", "alertWhenNoData"] {
            assert_eq!(lines(CODE, &with(&format!("{flag}: true, "))), NONE, "{flag}");
        }
    }

    #[test]
    fn so_is_one_that_is_written_in_a_service_level() {
        let with = |flag: &str| {
            let policy = format!(
                "  alertPolicies:\n  - kind: AlertPolicy\n    metadata:\n      name: p\n    spec: {{{flag}conditions: [{{conditionRef: c}}]}}\n"
            );
            lines(CODE, &slo("a", &(promise("30d", "0.9") + &policy)))
        };
        assert_eq!(with(""), [13]);
        assert_eq!(with("alertWhenResolved: true, "), NONE);
    }
}
