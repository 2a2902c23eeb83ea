//! A budget never comes back within its window, and what the curve ends with is what the figures say.

use std::sync::Arc;

use proptest::prelude::*;

use super::account::{Account, Charge, Method, Slices};
use super::burn::{Alarm, Pair};
use super::burndown::{Burndown, burndown, of_account};
use super::decimal::Decimal;
use super::figures::Figures;
use super::ground::{Ground, Share};
use super::indicator::Evaluable;
use super::measured::Measured;
use super::state::{Known, State};
use super::target::{Target, Whole};
use crate::model::{Calendar, CalendarUnit, Duration, Events, Measure, Selector, Severity, Subject, Timestamp, Window};

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// An hour of the clock, of which a third has passed at [`NOW`].
fn hour() -> Window {
    let start = "1970-01-01T00:00:00".parse().unwrap();
    Window::Calendar(Arc::new(Calendar { start, zone: "UTC".into(), unit: CalendarUnit::Hour, count: 1 }))
}

const HOUR: i64 = 3_600_000;
const NOW: i64 = 10 * HOUR + HOUR / 3;

fn objective(method: Method, window: Window) -> Evaluable {
    let (factor, long, short) = (Decimal::of(2.0), Duration::from_mins(10), Duration::from_mins(1));
    let alarm = Alarm::Pair(Pair { factor, long, short, severity: Severity::High });
    let select = Selector::everything();
    let events = Events { total: select.clone(), measure: Measure::Good(select), window: Duration::from_hours(2) };
    Evaluable {
        measured: Measured::Tasks(events),
        method,
        window,
        target: Decimal::of(0.9),
        alarms: vec![alarm],
        enough: 2,
        no_data: None,
    }
}

fn ground(objective: &Evaluable, charges: &[(i64, i128, i128)]) -> Ground {
    let charges = charges.iter().map(|&(when, good, total)| Charge { at: at(when), good, total });
    Ground::Account { account: Account::new(objective.method, 1, charges), unmeasured: 0 }
}

fn curve(objective: &Evaluable, ground: &Ground, steps: u32) -> (Burndown, Figures) {
    let figures = Figures::of(objective, ground, at(NOW)).unwrap();
    let Ground::Account { account, .. } = ground else { panic!("an account") };
    (of_account(objective, account, &figures, steps), figures)
}

fn methods() -> impl Strategy<Value = Method> {
    let slices = Slices { length: Duration::from_mins(1), origin: at(0) };
    prop::sample::select(vec![
        Method::Occurrences,
        Method::Timeslices(slices, Decimal::of(0.9)),
        Method::RatioTimeslices(slices),
    ])
}

fn windows() -> impl Strategy<Value = Window> {
    prop::sample::select(vec![Window::Rolling(Duration::from_hours(1)), hour()])
}

proptest! {
    #[test]
    fn the_curve_never_rises_and_ends_with_what_is_left(
        method in methods(),
        window in windows(),
        steps in 1u32..70,
        events in prop::collection::vec((NOW - HOUR - 1000..NOW + 1000, 0i128..4, 0i128..4, 0i64..90_000), 0..60),
    ) {
        let objective = objective(method, window);
        // What was good may be told later than what there was.
        let charges: Vec<(i64, i128, i128)> = events
            .iter()
            .flat_map(|&(when, good, bad, later)| [(when, 0, good + bad), (when + later, good, 0)])
            .collect();
        let (curve, figures) = curve(&objective, &ground(&objective, &charges), steps);
        let first = curve.points.first().unwrap();
        let last = curve.points.last().unwrap();
        prop_assert_eq!((first.at, first.left), (figures.bounds.after, 1.0));
        prop_assert_eq!((last.at, last.left), (figures.bounds.now, figures.budget_left()));
        prop_assert_eq!((last.spent, last.total), (figures.spent, figures.total));
        for pair in curve.points.windows(2) {
            prop_assert!(pair[0].at < pair[1].at && pair[0].left >= pair[1].left, "{:?}", pair);
            prop_assert!(pair[0].total <= pair[1].total);
        }
        let passed = figures.bounds.now.since(figures.bounds.after).as_millis() * u64::from(steps);
        let all = passed.div_ceil(figures.bounds.length().as_millis()) as usize;
        prop_assert_eq!(curve.points.len(), all + 1);
    }
}

#[test]
fn the_steps_where_an_alarm_burnt_are_marked() {
    let objective = objective(Method::Occurrences, Window::Rolling(Duration::from_hours(1)));
    let good = (0..60).map(|minute| (NOW - minute * 60_000, 1, 1));
    let bad = (0..5).map(|second| (NOW - 30 * 60_000 - 30_000 + second * 1000, 0, 1));
    let charges: Vec<(i64, i128, i128)> = good.chain(bad).collect();
    let (curve, _) = curve(&objective, &ground(&objective, &charges), 12);
    let marked: Vec<usize> =
        curve.points.iter().enumerate().filter(|(_, point)| point.burns).map(|(step, _)| step).collect();
    assert_eq!(marked, [6], "a blip between two ends of steps is seen");
}

#[test]
fn a_period_that_goes_on_tells_what_will_be_left_at_its_end() {
    let slices = Method::RatioTimeslices(Slices { length: Duration::from_mins(1), origin: at(0) });
    let charges: Vec<(i64, i128, i128)> = (0..20).map(|minute| (10 * HOUR + minute * 60_000, 19, 20)).collect();
    for (method, even) in [(slices, 11 * HOUR - 1), (Method::Occurrences, NOW)] {
        let objective = objective(method, hour());
        let (curve, figures) = curve(&objective, &ground(&objective, &charges), 60);
        assert_eq!(curve.even, at(even));
        let (left, rate) = (figures.budget_left(), figures.burn_now().unwrap());
        // Of slices the whole budget is there; of events it grows with the other forty minutes.
        let wanted = match method.slices() {
            Some(_) => left - rate * 40.0 / 60.0,
            None => (left * 20.0 + (1.0 - rate) * 40.0) / 60.0,
        };
        assert!((curve.ahead.unwrap() - wanted).abs() < 1e-3, "{curve:?}");
    }
    let rolling = objective(slices, Window::Rolling(Duration::from_hours(1)));
    assert_eq!(curve(&rolling, &ground(&rolling, &charges), 60).0.ahead, None);
}

#[test]
fn where_no_curve_can_be_drawn_it_is_said_why() {
    let objective = objective(Method::Occurrences, Window::Rolling(Duration::from_hours(1)));
    let why = |whole, ground: Option<Ground>, figures| {
        let target = Target { subject: Subject::objective(0), name: None, line: 1, judged: true, whole: Ok(whole) };
        let grounds = ground.into_iter().collect();
        burndown(&target, &Known { state: State::NoData, figures, grounds }, 10).unwrap_err()
    };
    let whole = || Whole::Objective(Box::new(objective.clone()));
    let share = Share { bad: 1.0, total: 20.0, events: Some(20) };
    let totals = Ground::Totals([(objective.window.clone(), share)].into());
    let figures = Figures::of(&objective, &totals, at(NOW));
    assert!(why(whole(), None, None).ends_with("no data"));
    assert!(why(Whole::Composite(Vec::new()), None, figures.clone()).starts_with("several objectives"));
    assert!(why(whole(), Some(totals), figures).starts_with("its source gives one figure"));
    let idle = ground(&objective, &[]);
    let figures = Figures::of(&objective, &idle, at(NOW));
    assert!(why(whole(), Some(idle), figures).starts_with("nothing happened"));
}

#[test]
fn every_state_has_its_rank() {
    let all = [State::Exhausted, State::Burning, State::NoData, State::TooYoung, State::NoTraffic, State::Healthy];
    assert!(all.is_sorted_by_key(State::rank));
    let reasons = [State::CannotEvaluate(String::new()), State::NotEvaluated(String::new())];
    let ranked = all.iter().chain(&reasons).all(|state| State::WORDS[state.rank()] == state.word());
    assert!(ranked);
}
