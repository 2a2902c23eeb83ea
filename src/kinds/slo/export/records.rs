//! What is recorded: the bad share of every window, and what follows from it.

use super::promql::{duration, figure};
use super::{Does, PromRule, Subject, bad_share_name};

/// Milliseconds of a day.
const DAY: f64 = 86_400_000.0;

/// The recording rules of an objective.
pub(super) fn rules(subject: &Subject<'_>) -> Vec<PromRule> {
    let shares = subject.windows().into_iter().map(|window| {
        let mut labels = subject.labels.clone();
        labels.push(("abide_window", duration(window)));
        let expr = subject.share.bad(subject.evaluable.method, window);
        PromRule { does: Does::Record(bad_share_name(window)), expr, labels }
    });
    let meta = metadata(subject).into_iter().map(|(name, expr)| PromRule {
        does: Does::Record(name.to_owned()),
        expr,
        labels: subject.labels.clone(),
    });
    shares.chain(meta).collect()
}

/// What an objective promises, and how it stands with it.
fn metadata(subject: &Subject<'_>) -> Vec<(&'static str, String)> {
    let evaluable = subject.evaluable;
    let budget = figure(evaluable.target.rest());
    let burns = |share: String| format!("max without (abide_window) ({share}) / {budget}");
    let days = evaluable.window.nominal().as_millis() as f64 / DAY;
    let mut all = vec![
        ("slo:objective:ratio", format!("vector({})", figure(evaluable.target))),
        ("slo:error_budget:ratio", format!("vector({budget})")),
        ("slo:time_period:days", format!("vector({days})")),
    ];
    if let Some(shortest) = subject.windows().first() {
        all.push(("slo:current_burn_rate:ratio", burns(subject.bad_share(*shortest))));
    }
    if let Some(period) = subject.period() {
        all.push(("slo:period_burn_rate:ratio", burns(subject.bad_share(period))));
        let spent = subject.series("slo:period_burn_rate:ratio");
        all.push(("slo:period_error_budget_remaining:ratio", format!("1 - {spent}")));
    }
    all
}
