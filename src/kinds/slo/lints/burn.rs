//! `slo/unreachable-burn`: a burn rate that nothing can exceed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Readable, Said, View};
use crate::diagnostic::{Problem, Spanned, codes};
use crate::kinds::slo::decimal::Decimal;
use crate::kinds::slo::indicator::target;
use crate::kinds::slo::level::{Op, Slo};
use crate::kinds::slo::words;
use crate::kinds::{Body, Spec};
use crate::model::SpecId;

/// So many service levels are named of those that a threshold is out of reach for.
const NAMED: usize = 3;

/// A burn rate that is written somewhere.
struct Threshold<'a> {
    spec: &'a Arc<Spec>,
    figure: &'a Spanned<f64>,
    /// Whether the rate itself is enough, and need not be exceeded.
    inclusive: bool,
}

/// A threshold, and the service levels that cannot burn so fast with the share that each may lose.
struct Beyond<'a> {
    threshold: Threshold<'a>,
    slos: Vec<(&'a SpecId, Decimal)>,
}

pub(super) fn lint(view: &View<'_>, said: &mut Said) {
    // One condition may stand for thousands of service levels, and is said once.
    let mut places: BTreeMap<(&SpecId, u32), Beyond<'_>> = BTreeMap::new();
    for (level, slo) in view.slos() {
        let thresholds = thresholds(view, level, slo);
        if thresholds.is_empty() {
            continue;
        }
        let Some(budget) = smallest_budget(slo) else { continue };
        for threshold in thresholds.into_iter().filter(|it| it.is_beyond(budget)) {
            let place = (&threshold.spec.id, threshold.figure.span.start);
            let beyond = places.entry(place).or_insert(Beyond { threshold, slos: Vec::new() });
            if beyond.slos.last().is_none_or(|(id, _)| **id != level.spec.id) {
                beyond.slos.push((&level.spec.id, budget));
            }
        }
    }
    for beyond in places.values().filter(|it| view.is_readable(it.threshold.spec)) {
        said.say(beyond.threshold.spec, beyond.problem());
    }
}

/// The share that may be bad under the tightest target: it burns fastest. A composite burns no faster than its fastest part,
/// which is all of it while nothing happens in the others.
fn smallest_budget(slo: &Slo) -> Option<Decimal> {
    let budgets = slo.objectives.iter().filter_map(|objective| target(objective)).map(Decimal::rest);
    budgets.min_by(|a, b| a.order(*b)).filter(|budget| budget.numerator > 0)
}

fn thresholds<'a>(view: &View<'a>, level: Readable<'a>, slo: &'a Slo) -> Vec<Threshold<'a>> {
    let mut all = Vec::new();
    let policy = view.specs.budget_policies(level.spec).find_map(|spec| match &spec.body {
        Body::ErrorBudgetPolicy(policy) if policy.burn_rates.is_some() => Some((spec, policy)),
        _ => None,
    });
    if let Some((spec, policy)) = policy {
        let factors = policy.burn_rates.iter().flatten().map(|rate| &rate.value.factor);
        all.extend(factors.map(|figure| Threshold { spec, figure, inclusive: false }));
    }
    for (at, policy) in view.policies(level.spec, slo) {
        let conditions = policy.conditions.iter().filter_map(|here| view.condition(at, &here.value));
        all.extend(conditions.filter_map(|(spec, condition)| {
            let written = &condition.condition;
            // Whether little enough burns is another question, and nothing at all may always burn.
            let inclusive = match written.op {
                Op::Gt => false,
                Op::Gte => true,
                Op::Lt | Op::Lte => return None,
            };
            Some(Threshold { spec, figure: &written.threshold, inclusive })
        }));
    }
    all
}

impl Threshold<'_> {
    /// Whether it is out of reach even when everything is bad, which burns a budget at its inverse.
    fn is_beyond(&self, budget: Decimal) -> bool {
        let all_bad = Decimal::compare(1, 1, Decimal::of(self.figure.value), budget);
        all_bad.is_some_and(|is| is.is_lt() || (is.is_eq() && !self.inclusive))
    }
}

impl Beyond<'_> {
    fn problem(&self) -> Problem {
        let named = |(id, budget): &(&SpecId, Decimal)| {
            format!("{id} ({} at most)", words::amount(budget.denominator as f64 / budget.numerator as f64))
        };
        let mut names: Vec<String> = self.slos.iter().take(NAMED).map(named).collect();
        if let more @ 1.. = self.slos.len().saturating_sub(NAMED) {
            names.push(format!("{more} more"));
        }
        let Threshold { figure, inclusive, .. } = self.threshold;
        let verb = if inclusive { "reach" } else { "exceed" };
        let message = format!("a burn rate of {} that nothing can {verb}: {}", figure.value, names.join(", "));
        let help = "when everything is bad, a budget burns at a rate of 1 / (1 - target), and never faster";
        Problem::new(&codes::SLO_UNREACHABLE_BURN, figure.span, message).help(help)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NONE, document, file, lines, promise, said, slo};
    use crate::model::Habits;

    const CODE: &str = "slo/unreachable-burn";

    fn policy(slos: &str, factor: &str) -> String {
        format!(
            "apiVersion: abide.dev/v1\nkind: ErrorBudgetPolicy\nmetadata: {{name: p}}\nspec:\n  slos: {slos}\n  burnRates:\n    - {{factor: {factor}, long: 1h, short: 5m}}\n"
        )
    }

    fn alerted(name: &str, target: &str) -> String {
        slo(name, &(promise("30d", target) + "  alertPolicies: [p]\n"))
    }

    fn alerts(op: &str, threshold: &str) -> [String; 2] {
        let condition = format!(
            "{{severity: page, condition: {{kind: burnrate, op: {op}, threshold: {threshold}, lookbackWindow: 1h}}}}"
        );
        let policy = "{alertWhenBreaching: true, conditions: [{conditionRef: c}]}";
        [document("AlertPolicy", "p", policy), document("AlertCondition", "c", &condition)]
    }

    #[test]
    fn a_factor_that_no_burn_exceeds_is_told_at_its_line() {
        let with = |target: &str, factor: &str| file(&[policy("[a]", factor), slo("a", &promise("30d", target))]);
        let found = said(CODE, &with("0.9", "14.4"), &Habits::default());
        assert_eq!(found, [(7, "a burn rate of 14.4 that nothing can exceed: slo/a (10 at most)".to_owned())]);
        assert_eq!(lines(CODE, &with("0.9", "10")), [7]);
        assert_eq!(lines(CODE, &with("0.9", "9.99")), NONE);
        assert_eq!(lines(CODE, &with("0.95", "14.4")), NONE);
        assert_eq!(lines(CODE, &slo("a", &promise("30d", "0.9"))), NONE);
    }

    #[test]
    fn a_threshold_that_may_be_met_is_not_beyond_what_it_equals() {
        let with = |op: &str, threshold: &str| {
            let [policy, condition] = alerts(op, threshold);
            lines(CODE, &file(&[condition, policy, alerted("a", "0.9")]))
        };
        assert_eq!(with("gt", "10"), [4]);
        assert_eq!(with("gte", "10"), NONE);
        assert_eq!(with("gte", "10.01"), [4]);
        assert_eq!(with("lt", "20"), NONE);
    }

    #[test]
    fn a_threshold_for_many_is_told_once() {
        let [policy, condition] = alerts("gt", "20");
        let levels = ["b", "c", "d", "e", "f"].map(|name| alerted(name, "0.7"));
        let all = [vec![condition, policy, alerted("a", "0.99")], levels.to_vec()].concat();
        let found = said(CODE, &file(&all), &Habits::default());
        let at_most = |name: &str| format!("slo/{name} (3.333 at most)");
        let names = ["b", "c", "d"].map(at_most).join(", ");
        assert_eq!(found, [(4, format!("a burn rate of 20 that nothing can exceed: {names}, 2 more"))]);
    }

    #[test]
    fn the_tightest_objective_of_a_service_level_counts() {
        let two = "  timeWindow: [{duration: 30d, isRolling: true}]\n  objectives: [{target: 0.5}, {target: 0.99}]\n";
        assert_eq!(lines(CODE, &file(&[policy("[a]", "14.4"), slo("a", two)])), NONE);
        assert_eq!(lines(CODE, &file(&[policy("[a]", "100"), slo("a", two)])), [7]);
    }

    #[test]
    fn what_is_written_in_a_service_level_is_told_there() {
        let condition = "      - {kind: AlertCondition, metadata: {name: c}, spec: {severity: page, condition: {kind: burnrate, op: gt, threshold: 11, lookbackWindow: 1h}}}\n";
        let policy = format!(
            "  alertPolicies:\n  - kind: AlertPolicy\n    metadata: {{name: p}}\n    spec:\n      alertWhenBreaching: true\n      conditions:\n{condition}"
        );
        let with = |target: &str| slo("a", &(promise("30d", target) + &policy));
        assert_eq!(lines(CODE, &with("0.9")), [16]);
        assert_eq!(lines(CODE, &with("0.95")), NONE);
    }
}
