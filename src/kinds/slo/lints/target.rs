//! `slo/target-no-effect`: a target that always holds, or that leaves less of a budget than can be spent.

use super::{Said, View, written};
use crate::diagnostic::{Problem, Span, codes};
use crate::kinds::slo::decimal::{Decimal, ONE};
use crate::kinds::slo::indicator::target;
use crate::kinds::slo::level::{Budgeting, Objective, Slo};
use crate::kinds::slo::words;

pub(super) fn lint(view: &View<'_>, said: &mut Said) {
    for (level, slo) in view.slos() {
        for objective in &slo.objectives {
            let problems = [always_holds(slo, objective), below_one_slice(slo, objective)];
            problems.into_iter().flatten().for_each(|problem| said.say(level.spec, problem));
        }
    }
}

fn always_holds(slo: &Slo, objective: &Objective) -> Option<Problem> {
    let nothing = |span: Span, what: &str| {
        Problem::new(&codes::SLO_TARGET_NO_EFFECT, span, format!("{what} of 0 holds whatever happens"))
    };
    if let Some(target) = written(objective).filter(|target| target.value == 0.0) {
        return Some(nothing(target.span, "a target"));
    }
    let slice = objective.time_slice_target.as_ref().filter(|target| target.value == 0.0)?;
    (slo.budgeting_method == Budgeting::Timeslices).then(|| nothing(slice.span, "a timeSliceTarget"))
}

/// The budget of a window is a share of its slices. Where that is less than one, the first bad slice spends it.
fn below_one_slice(slo: &Slo, objective: &Objective) -> Option<Problem> {
    if slo.budgeting_method == Budgeting::Occurrences {
        return None;
    }
    let (Some([window]), Some(slice)) = (slo.time_window.as_deref(), objective.time_slice_window) else { return None };
    let (window, slice) = (window.duration.value, slice.0);
    let budget = target(objective)?.rest();
    let (slice_ms, window_ms) = (slice.length().as_millis(), window.length().as_millis());
    if !Decimal::exceeded(slice_ms.into(), window_ms.into(), budget, ONE) || slice_ms > window_ms {
        return None;
    }
    let slices = words::amount(budget.shown() * window_ms as f64 / slice_ms as f64);
    let message =
        format!("the budget over {window} is {slices} slices of {slice}: one bad slice spends more than all of it");
    let enough = words::percent(1.0 - slice_ms as f64 / window_ms as f64);
    let help = format!("a budget of one slice is a target of about {enough}%");
    Some(Problem::new(&codes::SLO_TARGET_NO_EFFECT, written(objective)?.span, message).help(help))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NONE, lines, promise, said, slo};
    use crate::model::Habits;

    const CODE: &str = "slo/target-no-effect";

    fn sliced(method: &str, target: &str) -> String {
        let objective = format!(
            "  timeWindow: [{{duration: 1d, isRolling: true}}]\n  objectives:\n    - timeSliceWindow: 1h\n      timeSliceTarget: 0.9\n      {target}\n"
        );
        slo("a", &objective).replace("Occurrences", method)
    }

    #[test]
    fn a_target_that_nothing_misses_is_told() {
        assert_eq!(lines(CODE, &slo("a", &promise("30d", "0"))), [9]);
        assert_eq!(lines(CODE, &slo("a", &promise("30d", "0").replace("target:", "targetPercent:"))), [9]);
        assert_eq!(lines(CODE, &slo("a", &promise("30d", "0.01"))), NONE);
        let slices = sliced("Timeslices", "target: 0.5").replace("timeSliceTarget: 0.9", "timeSliceTarget: 0");
        assert_eq!(lines(CODE, &slices), [11]);
        assert_eq!(lines(CODE, &slices.replace("Timeslices", "RatioTimeslices")), NONE);
    }

    #[test]
    fn a_budget_of_less_than_one_slice_is_told() {
        // A day has 24 hours, so that one of them is 4.1667% of it.
        for method in ["Timeslices", "RatioTimeslices"] {
            assert_eq!(lines(CODE, &sliced(method, "target: 0.96")), [12]);
            assert_eq!(lines(CODE, &sliced(method, "targetPercent: 96")), [12]);
            assert_eq!(lines(CODE, &sliced(method, "target: 0.95")), NONE);
        }
        assert_eq!(lines(CODE, &sliced("Occurrences", "target: 0.999")), NONE);
        let found = said(CODE, &sliced("Timeslices", "target: 0.99"), &Habits::default());
        let message = "the budget over 1d is 0.24 slices of 1h: one bad slice spends more than all of it";
        assert_eq!(found, [(12, message.to_owned())]);
    }

    #[test]
    fn a_budget_of_exactly_one_slice_can_be_spent() {
        let slices = |duration: &str| sliced("Timeslices", "target: 0.9").replace("1d", duration);
        assert_eq!(lines(CODE, &slices("10h")), NONE);
        assert_eq!(lines(CODE, &slices("9h")), [12]);
    }
}
