//! When somebody is told: the same alarms as Abide's own.

use super::promql::{duration, figure, symbol};
use super::{Does, PromRule, Subject};
use crate::kinds::slo::burn::{Alarm, Condition, Pair};
use crate::model::Severity;

/// The name of every alert; its labels say of what.
const BURNING: &str = "AbideSloBurning";

/// The alerting rules of an objective: one for each severity, whose pairs of windows stand for each other, and one for
/// each condition.
pub(super) fn rules(subject: &Subject<'_>) -> Vec<PromRule> {
    let mut rules = Vec::new();
    for severity in Severity::ALL.into_iter().rev() {
        let pairs: Vec<&Pair> = subject
            .evaluable
            .alarms
            .iter()
            .filter_map(|alarm| match alarm {
                Alarm::Pair(pair) if pair.severity == severity => Some(pair),
                _ => None,
            })
            .collect();
        if !pairs.is_empty() {
            rules.push(of_pairs(subject, severity, &pairs));
        }
    }
    let conditions = subject.evaluable.alarms.iter().filter_map(|alarm| match alarm {
        Alarm::Condition(condition) if condition.speaks => Some(of_condition(subject, condition)),
        _ => None,
    });
    rules.extend(conditions);
    rules
}

fn of_pairs(subject: &Subject<'_>, severity: Severity, pairs: &[&Pair]) -> PromRule {
    let budget = figure(subject.evaluable.target.rest());
    let burns = |pair: &&Pair| {
        let limit = format!("({} * {budget})", figure(pair.factor));
        let exceeds = |window| format!("max without (abide_window) ({}) > {limit}", subject.bad_share(window));
        let enough = enough(subject, pair);
        format!("(\n  {}\n  and\n  {}{enough}\n)", exceeds(pair.short), exceeds(pair.long))
    };
    let expr = pairs.iter().map(burns).collect::<Vec<_>>().join("\nor\n");
    let rates: Vec<String> = pairs
        .iter()
        .map(|pair| format!("above {} over {} and {}", figure(pair.factor), duration(pair.long), duration(pair.short)))
        .collect();
    alert(subject, severity, (expr, None), &rates.join(", or "))
}

/// Few events prove nothing, where it is known how many there were.
fn enough(subject: &Subject<'_>, pair: &Pair) -> String {
    match subject.share.events(pair.long) {
        Some(events) => format!("\n  and on ()\n  {events} >= {}", subject.evaluable.enough),
        None => String::new(),
    }
}

fn of_condition(subject: &Subject<'_>, condition: &Condition) -> PromRule {
    let op = symbol(condition.op);
    let budget = figure(subject.evaluable.target.rest());
    let share = subject.bad_share(condition.window);
    let factor = figure(condition.factor);
    let expr = format!("max without (abide_window) ({share}) {op} ({factor} * {budget})");
    let after = (condition.after.as_millis() > 0).then(|| duration(condition.after));
    let what = format!("{op} {factor} over {}", duration(condition.window));
    let mut rule = alert(subject, condition.severity, (expr, after), &what);
    rule.labels.push(("abide_alert_policy", condition.policy.to_string()));
    rule
}

fn alert(subject: &Subject<'_>, severity: Severity, (expr, after): (String, Option<String>), rates: &str) -> PromRule {
    let mut labels = subject.labels.clone();
    labels.push(("severity", severity.word().to_owned()));
    let summary = format!("{}: the error budget goes too fast", subject.title);
    let description = format!("The burn rate is {rates}. At 1 the budget lasts exactly as long as its window.");
    let mut annotations = vec![("summary", summary), ("description", description)];
    annotations.extend(subject.owner.as_ref().map(|owner| ("owner", owner.to_string())));
    annotations.push(("spec", format!("{}:{}", subject.place.file, subject.place.line)));
    let annotations = annotations.into_iter().map(|(key, text)| (key, literal(&text))).collect();
    PromRule { does: Does::Alert { name: BURNING, after, annotations }, expr, labels }
}

/// A text that Prometheus must not take for a template.
fn literal(text: &str) -> String {
    text.replace("{{", "{{ `{{` }}")
}
