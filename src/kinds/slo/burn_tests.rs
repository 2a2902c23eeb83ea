//! Windows, burns and their easing against a reference that is slow and obvious: it looks at every millisecond.

use proptest::prelude::*;

use super::account::{Account, Charge, Method, Tally};
use super::burn::{Alarm, Condition, ENOUGH, Fire, Pair, Single, default_pairs};
use super::decimal::{Decimal, ONE};
use crate::model::{Comparison, Duration, Severity, Timestamp};

/// Milliseconds, good, total.
type Event = (i64, u64, u64);

const NOW: i64 = 120;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn pair(long: u64, short: u64, factor: f64) -> Pair {
    let (long, short) = (Duration::from_millis(long), Duration::from_millis(short));
    Pair { factor: Decimal::of(factor), long, short, severity: Severity::High }
}

fn account(events: &[Event]) -> Account {
    let charge = |&(when, good, total): &Event| Charge { at: at(when), good: good.into(), total: total.into() };
    Account::new(Method::Occurrences, 1, events.iter().map(charge))
}

fn fire(alarm: &Alarm, events: &[Event], budget: Decimal, horizon: Duration, now: i64) -> Fire {
    alarm.fire(&Single { account: &account(events), budget }, ENOUGH, horizon, at(now))
}

fn count(events: &[Event], window: i64, now: i64) -> (u64, u64) {
    let within = events.iter().filter(|(when, _, _)| *when > now - window && *when <= now);
    within.fold((0, 0), |(bad, all), (_, good, total)| (bad + total - good, all + total))
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

fn condition(window: u64, after: u64, factor: f64, op: Comparison) -> Condition {
    let (window, after) = (Duration::from_millis(window), Duration::from_millis(after));
    let (severity, policy) = (Severity::High, "page".into());
    Condition { factor: Decimal::of(factor), op, window, after, severity, speaks: true, policy }
}

/// Lived through millisecond by millisecond: it opens once it has held for so long without a break, and is out once it has
/// not been loud for as long as it takes to ease.
fn of_condition(events: &[Event], condition: &Condition, ease: i64) -> Fire {
    let window = condition.window.as_millis() as i64;
    let factor = condition.factor.shown();
    let loud = |now| {
        let (bad, all) = count(events, window, now);
        // The budget is a tenth, and factors are multiples of a half: twenty times the share is compared with twice it.
        all > 0 && condition.op.holds((bad * 20) as i64, (factor * 2.0 * all as f64).round() as i64)
    };
    let (mut open, mut since, mut last) = (false, None, None);
    for now in -(window * 4 + 40)..=NOW {
        if loud(now) {
            last = Some(now);
            let holds = count(events, window, now).1 >= ENOUGH;
            since = holds.then(|| since.unwrap_or(now));
            open = open || since.is_some_and(|since| now - since >= condition.after.as_millis() as i64);
        } else {
            since = None;
            open = open && last.is_none_or(|last| now - last < ease);
        }
    }
    let holds = loud(NOW) && count(events, window, NOW).1 >= ENOUGH;
    match last {
        Some(_) if open && holds => Fire::Burns,
        Some(last) if open => Fire::Eases(at(last)),
        _ => Fire::Out,
    }
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = (1..NOW + 5, 0u64..4, 0u64..3).prop_map(|(when, good, bad)| (when, good, good + bad));
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
        let fire = fire(&Alarm::Pair(pair), &events, Decimal::of(target.0).rest(), Duration::from_secs(10), NOW);
        prop_assert_eq!(fire, reference(&events, &pair, target.1));
    }

    #[test]
    fn conditions_last_before_they_burn_and_ease_as_long(
        events in events(),
        window in 1u64..60,
        after in 0u64..12,
        factor in prop::sample::select(vec![0.0, 1.0, 1.5, 3.0]),
        op in prop::sample::select(vec![Comparison::Gt, Comparison::Gte, Comparison::Lt]),
    ) {
        let condition = condition(window, after, factor, op);
        let alarm = Alarm::Condition(condition.clone());
        let fire = fire(&alarm, &events, Decimal::of(0.9).rest(), Duration::from_secs(10), NOW);
        prop_assert_eq!(fire, of_condition(&events, &condition, alarm.ease().as_millis() as i64));
    }

    #[test]
    fn windows_hold_what_they_should(events in events(), window in 1u64..150, now in 1..NOW + 5) {
        let tally = account(&events).last(Duration::from_millis(window), at(now));
        let (bad, all) = count(&events, window as i64, now);
        prop_assert_eq!(tally, Tally { bad: bad.into(), total: all.into(), events: all });
    }

    #[test]
    fn the_comparison_is_that_of_whole_numbers(bad in 0u64..2000, good in 0u64..2000, target in 0u64..1000) {
        let budget = Decimal::of(target as f64 / 1000.0).rest();
        let exceeded = Decimal::exceeded(bad.into(), (bad + good).into(), budget, ONE);
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
    let fire = |now| fire(&Alarm::Pair(pair), &bad, Decimal::of(0.9).rest(), Duration::from_secs(1), now);
    assert_eq!(fire(18), Fire::Out, "nine events prove nothing");
    assert_eq!(fire(19), Fire::Burns);
    assert_eq!(fire(23), Fire::Burns);
    assert_eq!(fire(24), Fire::Eases(at(23)));
    assert_eq!(fire(27), Fire::Eases(at(23)));
    assert_eq!(fire(28), Fire::Out);
    assert_eq!(account(&bad).last(Duration::from_millis(5), at(24)), Tally::default());
}

#[test]
fn a_burn_may_open_because_good_events_leave_the_long_window() {
    let events = [(1, 10, 10), (17, 0, 10)];
    let pair = pair(20, 5, 1.0);
    let fire = |now| fire(&Alarm::Pair(pair), &events, Decimal::of(0.5).rest(), Duration::from_secs(1), now);
    assert_eq!(fire(20), Fire::Out);
    assert_eq!(fire(21), Fire::Burns);
    assert_eq!(fire(22), Fire::Eases(at(21)));
}

/// A minute's share of bad events that goes up and down around a factor, the same at every run.
fn noisy(minute: u64) -> (u64, u64) {
    let noise = minute.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 40;
    // Around 14.4% of a hundred, which is the factor 14.4 at a target of 0.99.
    let bad = 10 + noise % 10;
    (100 - bad, 100)
}

#[test]
fn a_series_that_is_noisy_around_the_factor_does_not_flap() {
    let minute = |n: u64| {
        let (good, total) = noisy(n);
        (n as i64 * 60_000, good, total)
    };
    let events: Vec<Event> = (0..1440).map(minute).collect();
    let account = account(&events);
    let spending = Single { account: &account, budget: Decimal::of(0.99).rest() };
    let alarm = Alarm::Pair(default_pairs(Duration::from_days(30))[0]);
    let (mut open, mut changes, mut crossings, mut over) = (false, 0, 0, false);
    for minute in 120..1440 {
        let now = at(minute * 60_000);
        let is = alarm.fire(&spending, ENOUGH, Duration::from_hours(6), now);
        // What eases neither opens a task nor closes one.
        let now_open = match is {
            Fire::Burns => true,
            Fire::Out => false,
            Fire::Eases(_) => open,
        };
        changes += u32::from(now_open != open);
        open = now_open;
        let exceeds = alarm.holds(&spending, ENOUGH, now);
        crossings += u32::from(exceeds != over);
        over = exceeds;
    }
    assert!(crossings > 60, "the series must be noisy: {crossings}");
    assert!(changes * 4 < crossings, "{changes} openings and closings for {crossings} crossings of the factor");
}

#[test]
fn a_burn_that_goes_on_and_off_within_its_short_window_is_one_burn() {
    // Bad for a minute, good for two, for six hours: both windows exceed again and again, and it never eases in between.
    let events: Vec<Event> = (0..360).map(|n| (n * 60_000, if n % 3 == 0 { 0 } else { 100 }, 100)).collect();
    let account = account(&events);
    let spending = Single { account: &account, budget: Decimal::of(0.98).rest() };
    let alarm = Alarm::Pair(default_pairs(Duration::from_days(30))[0]);
    let fires: Vec<Fire> =
        (60..360).map(|minute| alarm.fire(&spending, ENOUGH, Duration::from_days(30), at(minute * 60_000))).collect();
    let first = fires.iter().position(|fire| *fire == Fire::Burns).unwrap();
    assert!(fires[first..].iter().all(|fire| *fire != Fire::Out), "{fires:?}");
    let after = |minutes: i64| alarm.fire(&spending, ENOUGH, Duration::from_days(30), at((359 + minutes) * 60_000));
    assert!(matches!(after(9), Fire::Eases(_)) || after(9) == Fire::Out);
    assert_eq!(after(15), Fire::Out, "quiet for its own length, it has eased");
}
