//! `slo/tighter-than-dependency` and `slo/looser-than-dependency`: what a service promises beside what it rests on.
//!
//! A service that cannot do without another is never better than that one ("The Calculus of Service Availability", ACM Queue
//! 15/2): a tighter target cannot be kept. A dependency that promises more than its only user asks for may be meant, because it
//! has to be somewhat better than what rests on it; or nobody needs it.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Said, View, written};
use crate::diagnostic::{Problem, Span, Spanned, codes};
use crate::kinds::Spec;
use crate::kinds::slo::decimal::Decimal;
use crate::kinds::slo::indicator::{indicator, target};
use crate::kinds::slo::level::{Budgeting, Op, Slo};
use crate::model::{Kind, SpecId};

/// What makes two service levels comparable: how the budget is counted, and what a threshold compares with. A share of
/// requests that succeed says nothing of a share of requests that are fast.
type Sort = (Budgeting, Option<(Op, u64)>);

/// A service level with one objective.
#[derive(Clone, Copy)]
struct Level<'a> {
    spec: &'a Arc<Spec>,
    at: Span,
    target: Decimal,
}

/// The service levels of each service by sort, the loosest first.
type Levels<'a> = FxHashMap<SpecId, BTreeMap<Sort, Vec<Level<'a>>>>;

/// A service and what it depends on.
struct Needs<'a> {
    service: &'a SpecId,
    on: Vec<SpecId>,
}

pub(super) fn lint(view: &View<'_>, said: &mut Said) {
    let needs = needs(view);
    if needs.is_empty() {
        return;
    }
    let levels = levels(view);
    let mut users: FxHashMap<&SpecId, usize> = FxHashMap::default();
    needs.iter().flat_map(|needs| &needs.on).for_each(|on| *users.entry(on).or_default() += 1);
    for Needs { service, on } in &needs {
        for (sort, own) in levels.get(*service).into_iter().flatten() {
            let of = |on: &'_ SpecId| levels.get(on)?.get(sort)?.first().copied();
            let loosest = on.iter().filter_map(|on| Some((on, of(on)?)));
            if let Some((on, limit)) = loosest.min_by(|(_, a), (_, b)| a.target.order(b.target)) {
                own.iter().filter(|it| it.target.order(limit.target).is_gt()).for_each(|it| {
                    said.say(it.spec, tighter(it, on, &limit));
                });
            }
            let Some(tightest) = own.last() else { continue };
            for on in on.iter().filter(|on| users.get(*on) == Some(&1)) {
                if let Some(promise) = of(on).filter(|it| it.target.order(tightest.target).is_gt()) {
                    said.say(tightest.spec, looser(tightest, (*service, on), &promise));
                }
            }
        }
    }
}

fn needs<'a>(view: &View<'a>) -> Vec<Needs<'a>> {
    let services = view.readable.iter().filter(|it| it.spec.id.kind == Kind::Service);
    let needs = services.map(|it| {
        let id = &it.spec.id;
        let mut on: Vec<SpecId> = it.spec.head.depends_on.iter().filter_map(|on| on.id(Some(Kind::Service))).collect();
        on.retain(|on| on != id);
        on.sort_unstable();
        on.dedup();
        Needs { service: id, on }
    });
    needs.filter(|needs| !needs.on.is_empty()).collect()
}

fn levels<'a>(view: &View<'a>) -> Levels<'a> {
    let mut levels = Levels::default();
    for (it, slo) in view.slos() {
        let Some(service) = slo.service.id(Some(Kind::Service)) else { continue };
        if let Some((sort, at, target)) = comparable(view, slo) {
            let level = Level { spec: it.spec, at, target };
            levels.entry(service).or_default().entry(sort).or_default().push(level);
        }
    }
    let sorts = levels.values_mut().flat_map(BTreeMap::values_mut);
    sorts.for_each(|all| all.sort_by(|a, b| a.target.order(b.target).then_with(|| a.spec.id.cmp(&b.spec.id))));
    levels
}

/// The sort and the target of a service level with one objective.
fn comparable(view: &View<'_>, slo: &Slo) -> Option<(Sort, Span, Decimal)> {
    let [Spanned { value: objective, .. }] = &slo.objectives[..] else { return None };
    let threshold = match indicator(view.specs, slo, objective).ok()?.threshold_metric {
        None => None,
        Some(_) => Some((objective.op.as_ref()?.value, objective.value.as_ref()?.value.to_bits())),
    };
    Some(((slo.budgeting_method, threshold), written(objective)?.span, target(objective)?))
}

fn tighter(own: &Level<'_>, on: &SpecId, limit: &Level<'_>) -> Problem {
    let (ours, theirs) = (percent(own.target), percent(limit.target));
    let message = format!("{} promises {ours}, and {on}, which its service depends on, only {theirs}", own.spec.id);
    let help = "a service cannot be better than what it cannot do without";
    let problem = Problem::new(&codes::SLO_TIGHTER_THAN_DEPENDENCY, own.at, message).help(help);
    problem.related(limit.spec.place.file.clone(), limit.at, format!("{} promises {theirs}", limit.spec.id))
}

fn looser(own: &Level<'_>, (service, on): (&SpecId, &SpecId), promise: &Level<'_>) -> Problem {
    let (ours, theirs) = (percent(own.target), percent(promise.target));
    let message =
        format!("{} asks for {ours}, and {on} promises {theirs} although only {service} depends on it", own.spec.id);
    let help =
        "a dependency has to be somewhat better than what rests on it; what it promises beyond that, nobody needs";
    let problem = Problem::new(&codes::SLO_LOOSER_THAN_DEPENDENCY, own.at, message).help(help);
    problem.related(promise.spec.place.file.clone(), promise.at, format!("{} promises {theirs}", promise.spec.id))
}

/// A target in percent, with all of its digits.
fn percent(target: Decimal) -> String {
    format!("{}%", target.numerator as f64 * 100.0 / target.denominator as f64)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NONE, document, file, lines, promise, said, slo};
    use crate::model::Habits;

    const TIGHTER: &str = "slo/tighter-than-dependency";
    const LOOSER: &str = "slo/looser-than-dependency";

    fn service(name: &str, on: &str) -> String {
        document("Service", name, "{}").replacen(
            '}',
            &format!(", annotations: {{abide.dev/depends-on: \"{on}\"}}}}"),
            1,
        )
    }

    fn level(name: &str, service: &str, target: &str) -> String {
        slo(name, &promise("30d", target)).replace("service: web", &format!("service: {service}"))
    }

    /// `web` with that target on line 9, which depends on `db` with that one on line 19.
    fn both(web: &str, db: &str) -> Vec<String> {
        vec![level("a", "web", web), level("b", "db", db), service("web", "db")]
    }

    #[test]
    fn a_promise_that_a_dependency_does_not_bear_is_told_at_its_target() {
        let found = said(TIGHTER, &file(&both("0.999", "0.99")), &Habits::default());
        let message = "slo/a promises 99.9%, and service/db, which its service depends on, only 99%";
        assert_eq!(found, [(9, message.to_owned())]);
        assert_eq!(lines(TIGHTER, &file(&both("0.99", "0.99"))), NONE);
        assert_eq!(lines(TIGHTER, &file(&both("0.95", "0.99"))), NONE);
        assert_eq!(lines(TIGHTER, &file(&both("0.999", "0.99")[..2])), NONE);
    }

    #[test]
    fn a_promise_that_only_one_looser_user_needs_is_told_at_the_users_target() {
        let found = said(LOOSER, &file(&both("0.9", "0.999")), &Habits::default());
        let message = "slo/a asks for 90%, and service/db promises 99.9% although only service/web depends on it";
        assert_eq!(found, [(9, message.to_owned())]);
        assert_eq!(lines(LOOSER, &file(&both("0.999", "0.999"))), NONE);
        let shared = [both("0.9", "0.999"), vec![service("other", "cache, db")]].concat();
        assert_eq!(lines(LOOSER, &file(&shared)), NONE);
    }

    #[test]
    fn the_tightest_of_several_says_what_is_needed_and_the_loosest_what_is_borne() {
        let two = [both("0.9", "0.99"), vec![level("c", "web", "0.99")]].concat();
        assert_eq!(lines(LOOSER, &file(&two)), NONE);
        let three = [both("0.98", "0.99"), vec![level("c", "db", "0.95")]].concat();
        assert_eq!(lines(TIGHTER, &file(&three)), [9]);
        assert_eq!(lines(LOOSER, &file(&three)), NONE);
    }

    #[test]
    fn only_what_is_of_one_sort_is_compared() {
        let other = |from: &str, to: &str| {
            let mut all = both("0.999", "0.9");
            all[1] = all[1].replace(from, to);
            lines(TIGHTER, &file(&all))
        };
        assert_eq!(other("", ""), [9]);
        let mut sliced = both("0.999", "0.9");
        sliced[1] =
            sliced[1].replace("Occurrences", "RatioTimeslices").replace("{target", "{timeSliceWindow: 1m, target");
        assert_eq!(lines(TIGHTER, &file(&sliced)), NONE);
        assert_eq!(other("{target: 0.9}", "{target: 0.9}, {target: 0.8}"), NONE);
        assert_eq!(other("service: db", "service: cache"), NONE);
    }

    #[test]
    fn thresholds_are_of_one_sort_where_they_compare_alike() {
        let timed = |text: &str, value: u32| {
            let metric = "thresholdMetric: {metricSource: {type: prometheus, spec: {query: up}}}";
            let (head, rest) = text.split_once("ratioMetric").unwrap();
            let (_, rest) = rest.split_once('\n').unwrap();
            format!("{head}{metric}}}}}\n{rest}").replace("{target", &format!("{{op: lt, value: {value}, target"))
        };
        let with = |own: u32, theirs: u32| {
            let mut all = both("0.999", "0.9");
            all[0] = timed(&all[0], own);
            all[1] = timed(&all[1], theirs);
            lines(TIGHTER, &file(&all))
        };
        assert_eq!(with(500, 500), [9]);
        assert_eq!(with(500, 100), NONE);
    }

    #[test]
    fn a_service_that_nothing_defines_is_told_and_nothing_else_breaks() {
        let documents = crate::kinds::slo::tests::documents(&service("web", "db, cache"));
        let links: Vec<String> = documents[0].links.iter().map(|link| format!("{} {}", link.id, link.soft)).collect();
        assert_eq!(links, ["service/db true", "service/cache true"]);
        assert_eq!(lines(TIGHTER, &file(&[service("web", "web, db,"), level("a", "web", "0.9")])), NONE);
    }
}
