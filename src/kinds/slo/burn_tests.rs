//! Windows, burns and their easing against a reference that is slow and obvious: it looks at every millisecond.

use proptest::prelude::*;

use super::burn::{ENOUGH, Fire, Pair, default_pairs};
use super::decimal::{Decimal, ONE};
use crate::model::{Duration, Series, Severity, Tally, Timestamp};

/// Milliseconds, good, total.
type Event = (i64, u32, u32);

const NOW: i64 = 120;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn pair(long: u64, short: u64, factor: f64) -> Pair {
    let (long, short) = (Duration::from_millis(long), Duration::from_millis(short));
    Pair { factor: Decimal::of(factor), long, short, severity: Severity::High }
}

fn series(events: &[Event]) -> Series {
    Series::collect(events.iter().map(|&(when, good, total)| (at(when), good, total)))
}

fn count(events: &[Event], window: i64, now: i64) -> (u64, u64) {
    let within = events.iter().filter(|(when, _, _)| *when > now - window && *when <= now);
    within.fold((0, 0), |(bad, all), (_, good, total)| (bad + u64::from(total - good), all + u64::from(*total)))
}

/// As the rule is worded: open since a moment at which both exceeded, with no moment after it at which the short window
/// had not exceeded for its own length.
fn reference(events: &[Event], pair: &Pair, budget: (u64, u64)) -> Fire {
    let (long, short) = (pair.long.as_millis() as i64, pair.short.as_millis() as i64);
    let (above, below) = (pair.factor.numerator as u64 * budget.0, pair.factor.denominator as u64 * budget.1);
    let exceeds = |window, now| {
        let (bad, all) = count(events, window, now);
        bad * below > above * all
    };
    let both = |now| count(events, long, now).1 >= ENOUGH && exceeds(long, now) && exceeds(short, now);
    if both(NOW) {
        return Fire::Burns;
    }
    let quiet = |s: i64| (s - short + 1..=s).all(|now| !exceeds(short, now));
    let open = (0..=NOW).any(|begin| both(begin) && !(begin + 1..=NOW).any(quiet));
    let last = (0..=NOW).rev().find(|&now| exceeds(short, now));
    match last {
        Some(last) if open => Fire::Eases(at(last)),
        _ => Fire::Out,
    }
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = (1..NOW + 5, 0u32..4, 0u32..3).prop_map(|(when, good, bad)| (when, good, good + bad));
    prop::collection::vec(event.prop_filter("something", |(_, _, total)| *total > 0), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn burns_open_and_ease_as_the_rule_is_worded(
        events in events(),
        short in 1u64..20,
        more in 1u64..60,
        factor in prop::sample::select(vec![1.0, 1.5, 3.0, 14.4]),
        target in prop::sample::select(vec![(0.9, (1, 10)), (0.7, (3, 10)), (0.95, (5, 100))]),
    ) {
        let pair = pair(short + more, short, factor);
        let fire = pair.fire(&series(&events), Decimal::of(target.0).rest(), Duration::from_secs(10), at(NOW));
        prop_assert_eq!(fire, reference(&events, &pair, target.1));
    }

    #[test]
    fn windows_hold_what_they_should(events in events(), window in 1u64..150, now in 1..NOW + 5) {
        let tally = series(&events).tally(Duration::from_millis(window), at(now));
        prop_assert_eq!((tally.bad(), tally.total), count(&events, window as i64, now));
    }

    #[test]
    fn the_comparison_is_that_of_whole_numbers(bad in 0u64..2000, good in 0u64..2000, target in 0u64..1000) {
        let budget = Decimal::of(target as f64 / 1000.0).rest();
        let exceeded = Decimal::exceeded(bad, bad + good, budget, ONE);
        prop_assert_eq!(exceeded, bad * 1000 > (1000 - target) * (bad + good));
    }
}

#[test]
fn default_windows_stretch_in_proportion() {
    let lengths = |days| -> Vec<(u64, u64)> {
        let pairs = default_pairs(Duration::from_days(days));
        pairs.iter().map(|pair| (pair.long.as_millis() / 1000, pair.short.as_millis() / 1000)).collect()
    };
    assert_eq!(lengths(30), [(3600, 300), (21_600, 1800), (86_400, 7200), (259_200, 21_600)]);
    assert_eq!(lengths(7), [(840, 70), (5040, 420), (20_160, 1680), (60_480, 5040)]);
    assert_eq!(lengths(90), [(10_800, 900), (64_800, 5400), (259_200, 21_600), (777_600, 64_800)]);
    let factors: Vec<f64> = default_pairs(Duration::from_days(7)).iter().map(|pair| pair.factor.shown()).collect();
    assert_eq!(factors, [14.4, 6.0, 3.0, 1.0]);
}

#[test]
fn a_lingering_burn_eases_one_short_window_after_it_exceeded_last() {
    let bad: Vec<Event> = (10..20).map(|when| (when, 0, 1)).collect();
    let pair = pair(50, 5, 1.0);
    let fire = |now| pair.fire(&series(&bad), Decimal::of(0.9).rest(), Duration::from_secs(1), at(now));
    assert_eq!(fire(18), Fire::Out, "nine events prove nothing");
    assert_eq!(fire(19), Fire::Burns);
    assert_eq!(fire(23), Fire::Burns);
    assert_eq!(fire(24), Fire::Eases(at(23)));
    assert_eq!(fire(27), Fire::Eases(at(23)));
    assert_eq!(fire(28), Fire::Out);
    assert_eq!(series(&bad).tally(Duration::from_millis(5), at(24)), Tally::default());
}

#[test]
fn a_burn_may_open_because_good_events_leave_the_long_window() {
    let events = [(1, 10, 10), (17, 0, 10)];
    let pair = pair(20, 5, 1.0);
    let fire = |now| pair.fire(&series(&events), Decimal::of(0.5).rest(), Duration::from_secs(1), at(now));
    assert_eq!(fire(20), Fire::Out);
    assert_eq!(fire(21), Fire::Burns);
    assert_eq!(fire(22), Fire::Eases(at(21)));
}
