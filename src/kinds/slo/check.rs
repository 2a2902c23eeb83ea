//! What is wrong with a service level although every field has its type.

use jiff::civil::DateTime;
use jiff::tz::TimeZoneDatabase;

use super::level::{Budgeting, Calendar, Indicator, Objective, Slo, TimeWindow};
use super::metric::{head, missing};
use crate::diagnostic::{Problem, Span, Spanned, codes};
use crate::kinds::Shape;
use crate::kinds::common::{AnyMetadata, Link};

/// Checks a whole service level.
pub(super) fn slo(slo: &Slo, at: Span, problems: &mut Vec<Problem>) {
    indicators(slo, at, problems);
    windows(slo, at, problems);
    if slo.objectives.is_empty() {
        problems.push(missing("objectives", "a service level has at least one objective", at));
    }
    for objective in &slo.objectives {
        check_objective(slo, objective, problems);
    }
    for policy in slo.alert_policies.iter().flatten() {
        policy.check(head(policy.span), problems);
    }
}

fn indicators(slo: &Slo, at: Span, problems: &mut Vec<Problem>) {
    exclusive_indicator(slo.indicator.as_ref(), slo.indicator_ref.as_ref(), problems);
    let own = slo.indicator.is_some() || slo.indicator_ref.is_some();
    for objective in &slo.objectives {
        exclusive_indicator(objective.indicator.as_ref(), objective.indicator_ref.as_ref(), problems);
        if own && objective.has_indicator() {
            let message = "the service level and its objective both have an indicator";
            problems
                .push(Problem::new(&codes::SPEC_EXCLUSIVE, head(objective.span), message).fix("remove one of them"));
        }
    }
    let every = !slo.objectives.is_empty() && slo.objectives.iter().all(|objective| objective.has_indicator());
    if !own && !every {
        problems.push(missing("indicator", "what is measured, here or in an SLI that `indicatorRef` names", at));
    }
    for indicator in slo.indicators() {
        indicator.metadata.head(problems);
        indicator.spec.check(head(indicator.span), problems);
    }
}

fn exclusive_indicator(inline: Option<&Spanned<Indicator>>, link: Option<&Link>, problems: &mut Vec<Problem>) {
    if let (Some(_), Some(link)) = (inline, link) {
        let message = "an indicator is written here or referred to, not both";
        problems.push(Problem::new(&codes::SPEC_EXCLUSIVE, link.span(), message).fix("remove `indicatorRef`"));
    }
}

fn windows(slo: &Slo, at: Span, problems: &mut Vec<Problem>) {
    match slo.time_window.as_deref() {
        None | Some([]) => {
            let message = "the service level has no timeWindow, so it cannot be evaluated";
            problems.push(
                Problem::new(&codes::SLO_NO_TIME_WINDOW, at, message)
                    .fix("add `timeWindow: [{duration: 30d, isRolling: true}]`"),
            );
        }
        Some([only]) => window(only, problems),
        Some([first, second, ..]) => {
            window(first, problems);
            let message = "a service level has one timeWindow";
            problems.push(Problem::new(&codes::SPEC_EXCLUSIVE, head(second.span), message).fix("remove the others"));
        }
    }
}

fn window(window: &Spanned<TimeWindow>, problems: &mut Vec<Problem>) {
    let rolling = window.is_rolling.as_ref();
    match (rolling.map(|rolling| rolling.value), &window.calendar) {
        (Some(true), Some(calendar)) => {
            let message = "a window that rolls has no calendar";
            problems.push(Problem::new(&codes::SPEC_EXCLUSIVE, head(calendar.span), message).fix("remove `calendar`"));
        }
        (Some(false), None) => {
            let span = rolling.map_or(window.span, |rolling| rolling.span);
            problems.push(missing("calendar", "a window that does not roll begins somewhere", span));
        }
        (None, None) => {
            problems.push(missing("isRolling", "a window rolls, or has a calendar", head(window.span)));
        }
        _ => {}
    }
    if let Some(calendar) = &window.calendar {
        check_calendar(calendar, problems);
    }
}

/// The beginning of a calendar as OpenSLO writes it: `YYYY-MM-DD hh:mm:ss`.
pub(super) fn start_of(text: &str) -> Option<DateTime> {
    let shaped = text.len() == "YYYY-MM-DD hh:mm:ss".len() && text.as_bytes().get(10) == Some(&b' ');
    shaped.then(|| DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()).flatten()
}

fn check_calendar(calendar: &Calendar, problems: &mut Vec<Problem>) {
    let start = &calendar.start_time;
    if start_of(start).is_none() {
        let message = format!("`{}` is no time: write YYYY-MM-DD hh:mm:ss", start.value);
        let problem = Problem::new(&codes::SPEC_VALUE, start.span, message);
        problems.push(problem.help("for instance 2022-01-01 12:00:00, in the time zone of the calendar"));
    }
    let zone = &calendar.time_zone;
    // The database that is built in, so that a spec means the same on every machine.
    let database = TimeZoneDatabase::bundled();
    if database.get(&zone.value).is_err() {
        let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
        let message = format!("`{}` is no time zone of the IANA database", zone.value);
        let problem = Problem::new(&codes::SPEC_VALUE, zone.span, message).help("for instance UTC or Europe/Warsaw");
        problems.push(problem.did_you_mean(&zone.value, names.iter().map(String::as_str)));
    }
}

fn check_objective(slo: &Slo, objective: &Spanned<Objective>, problems: &mut Vec<Problem>) {
    let at = head(objective.span);
    match (&objective.target, &objective.target_percent) {
        (None, None) => problems.push(missing("target", "the share that must be good, or targetPercent", at)),
        (Some(_), Some(percent)) => {
            let message = "an objective has target or targetPercent, not both";
            problems.push(Problem::new(&codes::SPEC_EXCLUSIVE, percent.span, message).fix("remove `targetPercent`"));
        }
        _ => {}
    }
    let mut range = |name: &str, figure: Option<&Spanned<f64>>, limit: f64, closed: bool| {
        let Some(figure) = figure else { return };
        if figure.value < 0.0 || figure.value > limit || (figure.value == limit && !closed) {
            let to = if closed { "at most" } else { "less than" };
            let message = format!("{name} is {}, but must be at least 0 and {to} {limit}", figure.value);
            let problem = Problem::new(&codes::SPEC_VALUE, figure.span, message);
            problems.push(if name == "target" && (2.0..100.0).contains(&figure.value) {
                problem.help("a percentage goes into `targetPercent`")
            } else if figure.value == limit {
                problem.help(format!("a {name} of {limit} leaves no budget at all: the first bad event would spend it"))
            } else {
                problem
            });
        }
    };
    range("target", objective.target.as_ref(), 1.0, false);
    range("targetPercent", objective.target_percent.as_ref(), 100.0, false);
    range("timeSliceTarget", objective.time_slice_target.as_ref(), 1.0, true);
    if let Some(weight) = objective.composite_weight.as_ref().filter(|weight| weight.value <= 0.0) {
        let message = format!("compositeWeight is {}, but must be more than 0", weight.value);
        problems.push(Problem::new(&codes::SPEC_VALUE, weight.span, message));
    }
    time_slices(slo.budgeting_method, objective, at, problems);
    comparison(slo, objective, at, problems);
}

fn time_slices(method: Budgeting, objective: &Objective, at: Span, problems: &mut Vec<Problem>) {
    if method == Budgeting::Timeslices && objective.time_slice_target.is_none() {
        problems.push(missing("timeSliceTarget", "Timeslices need the share of a slice that must be good", at));
    }
    if method != Budgeting::Occurrences && objective.time_slice_window.is_none() {
        problems.push(missing("timeSliceWindow", "slices of time need a length", at));
    }
}

/// `op` and `value` belong to a threshold. What an SLI holds that is only referred to cannot be told here.
fn comparison(slo: &Slo, objective: &Objective, at: Span, problems: &mut Vec<Problem>) {
    let Some(indicator) = objective.indicator.as_ref().or(slo.indicator.as_ref()) else { return };
    if indicator.spec.threshold_metric.is_some() {
        if objective.op.is_none() {
            problems.push(missing("op", "a threshold needs lte, gte, lt or gt", at));
        }
        if objective.value.is_none() {
            problems.push(missing("value", "a threshold needs a figure to compare with", at));
        }
        return;
    }
    let given = [("op", objective.op.as_ref().map(|op| op.span)), ("value", objective.value.as_ref().map(|v| v.span))];
    for (name, span) in given.into_iter().filter_map(|(name, span)| Some((name, span?))) {
        let message = format!("`{name}` has no effect on a ratio, and the Go SDK of OpenSLO forbids it");
        problems.push(Problem::new(&codes::SLO_OP_ON_RATIO, span, message).fix(format!("remove `{name}`")));
    }
}
