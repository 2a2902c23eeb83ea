//! `slo/not-computable`: an objective whose parts do not fit together, whatever its source says.

use super::{Said, View};
use crate::diagnostic::{Problem, codes};
use crate::kinds::slo::indicator::{Refusal, resolve};

pub(super) fn lint(view: &View<'_>, said: &mut Said) {
    for (level, slo) in view.slos() {
        // That it has no window is said already.
        if slo.time_window.is_none() {
            continue;
        }
        for objective in &slo.objectives {
            if let Err(Refusal::Cannot(why)) = resolve(view.specs, level.spec, slo, objective) {
                let message = format!("the objective cannot be evaluated: {why}");
                said.say(
                    level.spec,
                    Problem::new(&codes::SLO_NOT_COMPUTABLE, super::super::metric::head(objective.span), message),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NONE, lines, promise, slo};

    const CODE: &str = "slo/not-computable";

    #[test]
    fn what_does_not_fit_together_is_told_before_anybody_asks() {
        let well = slo("a", &promise("30d", "0.9"));
        assert_eq!(lines(CODE, &well), NONE);
        let sliced = well.replace("budgetingMethod: Occurrences", "budgetingMethod: Timeslices");
        let sliced = sliced.replace("target: 0.9", "target: 0.9, timeSliceTarget: 0.9, timeSliceWindow: 31d");
        assert_ne!(sliced, well);
        assert_eq!(lines(CODE, &sliced).len(), 1);
    }
}
