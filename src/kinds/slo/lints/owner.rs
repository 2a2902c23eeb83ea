//! `slo/no-owner`: a service level whose tasks go to nobody.

use super::{Said, View};
use crate::diagnostic::{Problem, codes};
use crate::kinds::slo::level::Slo;
use crate::model::Kind;

pub(super) fn lint(view: &View<'_>, said: &mut Said) {
    if view.habits.owner.is_some() {
        return;
    }
    for (level, slo) in view.slos() {
        if level.spec.head.owner.is_none() && service_is_nobodys(view, slo) {
            let message = format!("nobody owns {}: its tasks go to nobody", level.spec.id);
            let help = "it has no owner, its Service has none, and there is no `[specs] owner` in abide.toml";
            let problem = Problem::new(&codes::SLO_NO_OWNER, level.name, message).help(help);
            said.say(level.spec, problem.fix("annotations: {abide.dev/owner: role/NAME}"));
        }
    }
}

/// Whether the service has no owner for certain: a Service that cannot be read may have one.
fn service_is_nobodys(view: &View<'_>, slo: &Slo) -> bool {
    match slo.service.id(Some(Kind::Service)).and_then(|id| view.specs.get(&id)) {
        Some(service) => service.head.owner.is_none(),
        None => !view.may_miss(&[Kind::Service]),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NONE, document, file, lines, promise, said, slo};
    use crate::model::Habits;

    const CODE: &str = "slo/no-owner";
    const OWNED: &str = ", annotations: {abide.dev/owner: role/developer}}";

    #[test]
    fn a_service_level_of_nobody_is_told_at_its_name() {
        let level = slo("a", &promise("30d", "0.9"));
        assert_eq!(lines(CODE, &level), [3]);
        let service = document("Service", "web", "{}");
        assert_eq!(lines(CODE, &file(&[service.clone(), level.clone()])), [8]);
        assert_eq!(lines(CODE, &file(&[service.replacen('}', OWNED, 1), level.clone()])), NONE);
        assert_eq!(lines(CODE, &level.replacen('}', OWNED, 1)), NONE);
    }

    #[test]
    fn the_owner_of_the_catalog_owns_what_nobody_else_does() {
        let habits = Habits { owner: "role/triage".parse().ok(), kept: None };
        assert_eq!(said(CODE, &slo("a", &promise("30d", "0.9")), &habits), []);
    }
}
