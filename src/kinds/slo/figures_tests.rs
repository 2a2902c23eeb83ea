//! The figures against golden values, and against references that are slow and obvious.

use std::sync::Arc;

use proptest::prelude::*;

use super::account::{Account, Charge, Method, Slices};
use super::burn::{ENOUGH, default_pairs};
use super::decimal::Decimal;
use super::figures::{Exhaustion, Figures, Unit};
use super::ground::Ground;
use super::indicator::Evaluable;
use super::measured::Measured;
use super::state::State;
use super::words;
use crate::kinds::slo::burn::Alarm;
use crate::model::{Calendar, CalendarUnit, Duration, Events, Measure, Selector, SelectorFields, Timestamp, Window};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const MINUTE: Duration = Duration::from_mins(1);

fn slices(length: Duration) -> Slices {
    Slices { length, origin: Timestamp::default() }
}

fn objective(method: Method, window: Window, target: f64) -> Evaluable {
    let everything = || Selector::new(SelectorFields::default()).unwrap();
    let events = Events { total: everything(), measure: Measure::Good(everything()), window: window.longest() };
    Evaluable {
        measured: Measured::Tasks(events),
        method,
        alarms: default_pairs(window.nominal()).into_iter().map(Alarm::Pair).collect(),
        window,
        target: Decimal::of(target),
        enough: ENOUGH,
        no_data: None,
    }
}

fn figures(objective: &Evaluable, charges: impl IntoIterator<Item = Charge>) -> Figures {
    let account = Account::new(objective.method, 1, charges);
    Figures::of(objective, &Ground::Account { account, unmeasured: 0 }, NOW).unwrap()
}

/// A hundred events at the end of each minute of the last so many, of which so many were good.
fn minutes(count: u64, good: impl Fn(u64) -> i128) -> Vec<Charge> {
    (0..count)
        .map(|n| Charge { at: NOW.minus(Duration::from_millis(n * 60_000 + 1)), good: good(n), total: 100 })
        .collect()
}

fn two_weeks() -> Window {
    Window::Rolling(Duration::from_days(14))
}

#[test]
fn two_weeks_of_minutes_at_95_percent_may_have_1008_bad_ones() {
    let method = Method::Timeslices(slices(MINUTE), Decimal::of(0.95));
    let at =
        |bad: u64| figures(&objective(method, two_weeks(), 0.95), minutes(20_160, |n| if n < bad { 0 } else { 100 }));
    let full = at(1008);
    assert_eq!(
        (full.budget.round(), full.spent, full.total, full.unit),
        (1008.0, 1008.0, 20_160.0, Unit::Slices(MINUTE))
    );
    assert!(!full.is_spent && full.budget_left().abs() < 1e-9, "{full:?}");
    assert!(at(1009).is_spent);
    assert_eq!(words::span(full.budget * 60_000.0), "16h 48m");
}

#[test]
fn a_mean_of_ratios_bears_822_86_minutes_of_an_attack() {
    // 0.99 (N - x) + 0.01 x = 0.95 N: x = 0.04 N / 0.98.
    let objective = objective(Method::RatioTimeslices(slices(MINUTE)), two_weeks(), 0.95);
    let at = |attack: u64| figures(&objective, minutes(20_160, |n| if n < attack { 1 } else { 99 }));
    assert!(!at(822).is_spent);
    assert!(at(823).is_spent);
    let normal = at(0);
    let bears = (normal.budget - normal.spent) / 0.98;
    assert!((bears - 822.857_142).abs() < 1e-4, "{bears}");
}

#[test]
fn a_week_at_99_95_percent_is_5_minutes_and_2_4_seconds() {
    let method = Method::Timeslices(slices(MINUTE), Decimal::of(0.95));
    let figures =
        figures(&objective(method, Window::Rolling(Duration::from_days(7)), 0.9995), minutes(10_080, |_| 100));
    assert!((figures.budget - 5.04).abs() < 1e-9);
    assert_eq!(words::span(figures.budget * 60_000.0), "5m 2.4s");
    assert_eq!(words::amount_of(figures.unit, figures.budget), "5.04 (5m 2.4s)");
}

#[test]
fn occurrences_spend_what_missed_of_what_there_was() {
    // OpenSLO's own example: 336000 requests at 95% of which 99% succeed leave room for an attack.
    let figures = figures(
        &objective(Method::Occurrences, two_weeks(), 0.95),
        [Charge { at: NOW, good: 332_640, total: 336_000 }],
    );
    assert!((figures.budget - 16_800.0).abs() < 1e-6 && figures.spent == 3360.0);
    assert!((figures.budget_left() - 0.8).abs() < 1e-12);
}

#[test]
fn a_slice_in_which_nothing_happens_is_not_bad() {
    let method = Method::Timeslices(slices(MINUTE), Decimal::of(0.95));
    let figures = figures(&objective(method, two_weeks(), 0.95), minutes(20, |n| if n < 5 { 94 } else { 95 }));
    assert_eq!((figures.spent, figures.total, figures.events), (5.0, 20_160.0, Some(2000)));
}

#[test]
fn a_slice_that_has_not_ended_does_not_count_yet() {
    let method = Method::Timeslices(slices(Duration::from_hours(1)), Decimal::of(0.95));
    let objective = objective(method, two_weeks(), 0.95);
    assert_eq!(figures(&objective, [Charge { at: NOW, good: 0, total: 50 }]).spent, 0.0);
    let before = Charge { at: NOW.minus(Duration::from_hours(1)), good: 0, total: 50 };
    assert_eq!(figures(&objective, [before]).spent, 1.0);
}

#[test]
fn a_calendar_month_begins_anew_and_knows_its_slices_from_the_start() {
    let calendar = Calendar {
        start: "2026-01-01T00:00:00".parse().unwrap(),
        zone: "Europe/Warsaw".into(),
        unit: CalendarUnit::Month,
        count: 1,
    };
    let origin = calendar.begins().unwrap();
    let window = Window::Calendar(Arc::new(calendar));
    let method = Method::Timeslices(Slices { length: MINUTE, origin }, Decimal::of(0.5));
    let level = objective(method, window.clone(), 0.9);
    // 2027-01-15 in Warsaw: the month has 744 hours, and 15 days and 9 hours of it are over.
    let bad_since = |hours: u64| figures(&level, minutes(hours * 60, |_| 0));
    let month = bad_since(24);
    assert!((month.budget - 4464.0).abs() < 1e-6, "{}", month.budget);
    assert_eq!((month.spent, month.is_spent), (1440.0, false));
    assert!(bad_since(75).is_spent);
    let december = Charge { at: month.bounds.after, good: 0, total: 100 };
    assert_eq!(figures(&level, [december]).spent, 0.0, "what the month before lost is forgotten");
    let whole = objective(Method::Occurrences, window, 0.9);
    let first = Charge { at: month.bounds.after.plus(Duration::from_millis(1)), good: 0, total: 100 };
    assert_eq!(figures(&whole, [december, first]).total, 100.0);
}

#[test]
fn exhaustion_is_what_is_left_times_the_window_over_the_burn_rate() {
    let window = Window::Rolling(Duration::from_days(30));
    let at = |bad: i128| {
        let old = (0..700_u64).map(|n| Charge { at: NOW.minus(Duration::from_hours(n + 5)), good: 100, total: 100 });
        let new = minutes(60, |_| 100 - bad);
        figures(&objective(Method::Occurrences, window.clone(), 0.9), old.chain(new))
    };
    // 20 of 100 in the last hour is twice the budget; 1200 of 7600 are spent.
    let twice = at(20);
    assert!((twice.burn_now().unwrap() - 2.0).abs() < 1e-12);
    let left = 1.0 - 1200.0 / 7600.0;
    let Exhaustion::At(when) = twice.exhaustion() else { panic!("{:?}", twice.exhaustion()) };
    let days = NOW.plus(Duration::from_millis((left * 15.0 * 86_400_000.0) as u64));
    assert!(when.since(days).max(days.since(when)) <= Duration::from_millis(1), "{when} {days}");
    assert_eq!(at(10).exhaustion(), Exhaustion::Never);
    assert_eq!(at(0).exhaustion(), Exhaustion::Never);
    let spent = figures(&objective(Method::Occurrences, window.clone(), 0.9), minutes(60, |_| 0));
    assert_eq!((spent.exhaustion(), spent.state()), (Exhaustion::Spent, State::Exhausted));
    let idle = figures(&objective(Method::Occurrences, window, 0.9), []);
    assert_eq!((idle.exhaustion(), idle.state()), (Exhaustion::Unknown, State::NoTraffic));
}

#[test]
fn the_budget_of_a_calendar_grows_with_its_events() {
    let calendar = Calendar {
        start: "2026-01-01T00:00:00".parse().unwrap(),
        zone: "UTC".into(),
        unit: CalendarUnit::Month,
        count: 1,
    };
    let level = objective(Method::Occurrences, Window::Calendar(Arc::new(calendar)), 0.9);
    let at = |bad: i128| {
        // A hundred events an hour since the month began, none of them bad until an hour ago.
        let begin = level.window.bounds(NOW).unwrap().after;
        let hours = NOW.since(begin).as_millis() / 3_600_000;
        let old = (1..hours).map(|n| Charge { at: NOW.minus(Duration::from_hours(n)), good: 100, total: 100 });
        let new = Charge { at: NOW.minus(Duration::from_mins(1)), good: 100 - bad, total: 100 };
        (figures(&level, old.chain([new])), hours as f64)
    };
    let (figures, hours) = at(60);
    let Exhaustion::At(when) = figures.exhaustion() else { panic!("{:?}", figures.exhaustion()) };
    // Lived through hour by hour: six times the budget goes while one comes.
    let (mut spent, mut total, mut n) = (60.0, hours * 100.0, 0.0);
    while spent < total * 0.1 {
        (spent, total, n) = (spent + 60.0, total + 100.0, n + 1.0);
    }
    let told = when.since(NOW).as_millis() as f64 / 3_600_000.0;
    assert!((told - n).abs() <= 1.5, "{told} hours are told, and it takes {n}");
    assert_eq!(at(10).0.exhaustion(), Exhaustion::Never, "what goes as fast as it comes lasts");
}

#[test]
fn what_is_dated_later_than_now_counts_when_its_time_comes() {
    let later = Charge { at: NOW.plus(Duration::from_hours(1)), good: 0, total: 7 };
    let figures = figures(&objective(Method::Occurrences, two_weeks(), 0.9), [later]);
    assert_eq!((figures.total, figures.ahead, figures.state()), (0.0, 7, State::NoTraffic));
    assert!(words::answer(&figures).contains("7 more are dated later than now"));
}

#[test]
fn two_counters_that_are_read_one_after_the_other_never_lose_more_than_there_was() {
    let at = |secs: u64| NOW.minus(Duration::from_secs(secs));
    let ahead = [Charge { at: at(20), good: 12, total: 0 }, Charge { at: at(10), good: 0, total: 10 }];
    let figures = figures(&objective(Method::Occurrences, two_weeks(), 0.9), ahead);
    assert_eq!((figures.spent, figures.good, figures.total), (0.0, 10.0, 10.0));
}

/// Minute, good, total.
type Event = (u64, u64, u64);

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = (0..200_u64, 0..5_u64, 0..5_u64).prop_map(|(ago, good, bad)| (ago, good, good + bad));
    prop::collection::vec(event.prop_filter("something", |(_, _, total)| *total > 0), 0..80)
}

fn charges(events: &[Event]) -> impl Iterator<Item = Charge> + '_ {
    events.iter().map(|&(ago, good, total)| Charge {
        at: NOW.minus(Duration::from_secs(ago * 17)),
        good: good.into(),
        total: total.into(),
    })
}

/// The bad shares of all slices that end within the window, one after the other.
fn shares(events: &[Event], length: u64, window: u64) -> Vec<Option<f64>> {
    let (now, length) = (NOW.as_millis(), length as i64 * 1000);
    let mut all = Vec::new();
    let mut begin = (now - window as i64 * 1000).div_euclid(length) * length - length;
    while begin <= now {
        let last = begin + length - 1;
        if last > now - window as i64 * 1000 && last <= now {
            let within = charges(events).filter(|it| (begin..=last).contains(&it.at.as_millis()));
            let (good, total) = within.fold((0, 0), |(good, total), it| (good + it.good, total + it.total));
            all.push((total > 0).then(|| 1.0 - good as f64 / total as f64));
        }
        begin += length;
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn slices_are_counted_one_by_one(
        events in events(),
        length in prop::sample::select(vec![1_u64, 7, 60, 90, 600]),
        window in prop::sample::select(vec![600_u64, 1000, 3600]),
        target in prop::sample::select(vec![0.0, 0.5, 0.75, 0.95, 1.0]),
    ) {
        let shares = shares(&events, length, window);
        let of_target = Method::Timeslices(slices(Duration::from_secs(length)), Decimal::of(target));
        let tally = Account::new(of_target, 1, charges(&events)).last(Duration::from_secs(window), NOW);
        let bad = shares.iter().flatten().filter(|&&bad| bad > 1.0 - target + 1e-12).count();
        prop_assert_eq!((tally.bad, tally.total), (bad as u128, shares.len() as u128));

        let account = Account::new(Method::RatioTimeslices(slices(Duration::from_secs(length))), 1, charges(&events));
        let tally = account.last(Duration::from_secs(window), NOW);
        let lost: f64 = shares.iter().flatten().sum();
        prop_assert!((tally.bad as f64 / account.unit() as f64 - lost).abs() < 1e-6);
        prop_assert_eq!(tally.total / account.unit(), shares.len() as u128);
    }

    #[test]
    fn the_figures_are_those_of_the_definitions(events in events(), percent in 1u64..100) {
        let window = Window::Rolling(Duration::from_mins(30));
        let figures = figures(&objective(Method::Occurrences, window, percent as f64 / 100.0), charges(&events));
        let within: Vec<_> = events.iter().filter(|(ago, _, _)| ago * 17 < 1800).collect();
        let (good, total) = within.iter().fold((0, 0), |(good, total), it| (good + it.1, total + it.2));
        prop_assert_eq!((figures.good, figures.total), (good as f64, total as f64));
        let budget = total as f64 * (100 - percent) as f64 / 100.0;
        prop_assert!((figures.budget - budget).abs() < 1e-9);
        let is_spent = total >= ENOUGH && (total - good) * 100 > (100 - percent) * total;
        prop_assert_eq!(figures.is_spent, is_spent);
        if total > 0 {
            prop_assert!((figures.budget_left() - (1.0 - (total - good) as f64 / budget)).abs() < 1e-9);
        }
    }

    #[test]
    fn what_is_told_apart_adds_up_to_what_is_told_together(events in events(), window in 1u64..4000) {
        let apart = events.iter().flat_map(|&(ago, good, total)| {
            let at = NOW.minus(Duration::from_secs(ago * 17));
            [Charge { at, good: 0, total: total.into() }, Charge { at, good: good.into(), total: 0 }]
        });
        let bad = events.iter().flat_map(|&(ago, good, total)| {
            let at = NOW.minus(Duration::from_secs(ago * 17));
            let total = i128::from(total);
            [Charge { at, good: total, total }, Charge { at, good: i128::from(good) - total, total: 0 }]
        });
        let window = Duration::from_secs(window);
        let whole = Account::new(Method::Occurrences, 1, charges(&events)).last(window, NOW);
        prop_assert_eq!(Account::new(Method::Occurrences, 1, apart).last(window, NOW), whole);
        prop_assert_eq!(Account::new(Method::Occurrences, 1, bad).last(window, NOW), whole);
    }
}
