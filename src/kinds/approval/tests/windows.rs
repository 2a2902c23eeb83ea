//! The calendar.

use super::{assess, specs, task};
use crate::model::{GateState, Timestamp};

const WEEK: &str = "{select: {types: [deploy]}, windows: {timeZone: Europe/Zurich,
  allow: [{days: [mon, tue, wed, thu], from: \"09:00\", to: \"16:00\"}, {days: [sat], from: \"22:00\", to: \"02:00\"}],
  deny: [{since: 2026-03-17, until: 2026-03-18, reason: the audit}]}}";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn nothing_starts_outside_what_is_allowed_or_within_what_is_denied() {
    let specs = specs(WEEK, &[]);
    for (time, state) in [
        ("2026-03-16T07:59:59Z", GateState::Closed),
        ("2026-03-16T08:00:00Z", GateState::Approved),
        ("2026-03-16T15:00:00Z", GateState::Closed),
        ("2026-03-17T10:00:00Z", GateState::Closed),
        ("2026-03-19T10:00:00Z", GateState::Approved),
        ("2026-03-20T10:00:00Z", GateState::Closed),
        ("2026-03-21T21:30:00Z", GateState::Approved),
        ("2026-03-22T00:59:00Z", GateState::Approved),
        ("2026-03-22T01:00:00Z", GateState::Closed),
        ("2026-03-22T21:30:00Z", GateState::Closed),
        // Summer time: 09:00 in Zurich is an hour earlier.
        ("2026-03-30T07:00:00Z", GateState::Approved),
    ] {
        assert_eq!(assess(&specs, &task(), at(time)).state, state, "{time}");
    }
    let audit = assess(&specs, &task(), at("2026-03-17T10:00:00Z"));
    assert_eq!(audit.why.as_deref(), Some("nothing starts now: the audit"));
}

#[test]
fn what_is_due_next_is_when_the_calendar_turns() {
    let specs = specs(WEEK, &[]);
    for (time, turns) in [
        ("2026-03-16T07:00:00Z", "2026-03-16T08:00:00Z"),
        ("2026-03-16T08:00:00Z", "2026-03-16T15:00:00Z"),
        // The reason changes at midnight, and is told anew.
        ("2026-03-16T15:00:00Z", "2026-03-16T23:00:00Z"),
        ("2026-03-17T10:00:00Z", "2026-03-18T23:00:00Z"),
        ("2026-03-21T21:30:00Z", "2026-03-22T01:00:00Z"),
    ] {
        assert_eq!(assess(&specs, &task(), at(time)).turns, Some(at(turns)), "{time}");
    }
}

#[test]
fn a_day_is_denied_from_its_beginning_to_its_end() {
    let specs = specs("{select: {types: [deploy]}, windows: {deny: [{since: 2026-03-03, until: 2026-03-03}]}}", &[]);
    let state = |time| assess(&specs, &task(), at(time)).state;
    assert_eq!(state("2026-03-02T23:59:59Z"), GateState::Approved);
    assert_eq!(state("2026-03-03T00:00:00Z"), GateState::Closed);
    assert_eq!(state("2026-03-03T23:59:59Z"), GateState::Closed);
    assert_eq!(state("2026-03-04T00:00:00Z"), GateState::Approved);
}
