//! The frame of a chart: what part of time and of the budget it shows, and where its axes have marks.

use crate::kinds::slo::burndown::Burndown;
use crate::model::{Duration, Timestamp};

/// How many marks an axis has at most.
const MARKS: u64 = 7;

/// The steps between marks of time; beyond the last it is doubled.
const TIMES: [Duration; 20] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(15),
    Duration::from_mins(30),
    Duration::from_hours(1),
    Duration::from_hours(2),
    Duration::from_hours(3),
    Duration::from_hours(6),
    Duration::from_hours(12),
    Duration::from_days(1),
    Duration::from_days(2),
    Duration::from_days(5),
    Duration::from_days(7),
    Duration::from_days(14),
    Duration::from_days(30),
    Duration::from_days(60),
    Duration::from_days(120),
];

/// What a chart shows. The top is a whole budget.
pub(super) struct Frame {
    from: Timestamp,
    until: Timestamp,
    /// The least that is shown to be left: 0, or less where more than all was spent.
    pub(super) bottom: f64,
    /// The marks of what is left, from the top down.
    pub(super) shares: Vec<f64>,
    /// The marks of time, and what they say.
    pub(super) times: Vec<(Timestamp, String)>,
}

impl Frame {
    /// The frame that a curve fits into.
    pub(super) fn of(curve: &Burndown) -> Self {
        let (from, until) = (curve.bounds.after, curve.bounds.until);
        let least = curve.points.iter().map(|point| point.left).fold(0.0, f64::min);
        let step = step(1.0 - least);
        let below = (least / step).floor() as i64;
        let mut shares: Vec<f64> = (below..=0).map(|n| n as f64 * step).collect();
        let above = if step < 1.0 { (1.0 / step) as i64 } else { 1 };
        shares.extend((1..=above).map(|n| n as f64 / above as f64));
        shares.reverse();
        let bottom = below.min(0) as f64 * step;
        Self { from, until, bottom, shares, times: times(from, until) }
    }

    /// How far to the right a moment is, from 0 to 1.
    pub(super) fn across(&self, at: Timestamp) -> f64 {
        let length = self.until.since(self.from).as_millis().max(1) as f64;
        (at.since(self.from).as_millis() as f64 / length).clamp(0.0, 1.0)
    }

    /// How far down what is left is, from 0 to 1.
    pub(super) fn down(&self, left: f64) -> f64 {
        ((1.0 - left) / (1.0 - self.bottom)).clamp(0.0, 1.0)
    }

    /// Where a straight line that begins at a point leaves the frame or ends.
    pub(super) fn end(&self, (at, left): (Timestamp, f64), (until, least): (Timestamp, f64)) -> (Timestamp, f64) {
        if least >= self.bottom || left <= least {
            return (until, least);
        }
        let share = (left - self.bottom).max(0.0) / (left - least);
        let length = Duration::from_millis((until.since(at).as_millis() as f64 * share) as u64);
        (at.plus(length), self.bottom.min(left))
    }
}

/// How far apart the marks of what is left are, where so much is shown in all.
fn step(span: f64) -> f64 {
    let decades = (0..).flat_map(|n| [1.0, 2.0, 5.0].map(|digit| digit * 10f64.powi(n)));
    let fits = |step: &f64| span / step <= (MARKS - 1) as f64 || !span.is_finite();
    [0.25, 0.5].into_iter().chain(decades).find(fits).unwrap_or(1.0)
}

fn times(from: Timestamp, until: Timestamp) -> Vec<(Timestamp, String)> {
    let length = until.since(from).as_millis();
    let fits = |step: &Duration| length / step.as_millis() <= MARKS;
    let last = Duration::from_days(120).as_millis();
    let doubled = std::iter::successors(Some(last), |step| step.checked_mul(2)).map(Duration::from_millis);
    let Some(step) = TIMES.into_iter().chain(doubled).find(fits) else { return Vec::new() };
    let each = step.as_millis() as i64;
    let first = from.as_millis().div_euclid(each).saturating_add(1).saturating_mul(each);
    let marks = std::iter::successors(Some(Timestamp::from_millis(first)), |at| Some(at.plus(step)));
    marks.take_while(|at| *at <= until).map(|at| (at, name(at, step))).collect()
}

/// A moment by what tells it from the marks beside it, in UTC: `11-23` at midnight, else `10:00`.
fn name(at: Timestamp, step: Duration) -> String {
    let text = at.to_string();
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().to_owned();
    let midnight = at.date().start() == at;
    match step {
        step if step < Duration::from_mins(1) => part(11..19),
        _ if !midnight => part(11..16),
        step if step > Duration::from_days(30) => part(0..7),
        _ => part(5..10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::slo::burndown::Point;
    use crate::kinds::slo::figures::Unit;
    use crate::model::Bounds;

    fn frame(length: Duration, left: f64) -> Frame {
        let until: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let point = Point { at: until, good: 0.0, total: 1.0, spent: 1.0, left, burns: false };
        let bounds = Bounds { after: until.minus(length), now: until, until };
        let (unit, budget) = (Unit::Events, 1.0);
        Frame::of(&Burndown { bounds, unit, budget, points: vec![point], even: until, ahead: None })
    }

    #[test]
    fn the_marks_hold_a_whole_budget_none_and_the_worst() {
        let shares = |left| frame(Duration::from_days(30), left).shares;
        assert_eq!(shares(0.4), [1.0, 0.75, 0.5, 0.25, 0.0]);
        assert_eq!(shares(-0.3), [1.0, 0.75, 0.5, 0.25, 0.0, -0.25, -0.5]);
        assert_eq!(shares(-2.3), [1.0, 0.0, -1.0, -2.0, -3.0]);
        assert_eq!(shares(-29.0), [1.0, 0.0, -5.0, -10.0, -15.0, -20.0, -25.0, -30.0]);
        assert_eq!(shares(0.0).last(), Some(&0.0));
    }

    #[test]
    fn moments_say_what_tells_them_apart() {
        let names = |length| frame(length, 1.0).times.into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        assert_eq!(names(Duration::from_days(30)), ["10-29", "11-03", "11-08", "11-13", "11-18", "11-23"]);
        assert_eq!(names(Duration::from_days(1)), ["18:00", "11-23", "06:00", "12:00"]);
        assert_eq!(names(Duration::from_mins(1)).first().map(String::as_str), Some("11:59:15"));
        assert!(names(Duration::from_days(365)).len() >= 3);
        for days in [1, 2, 3, 7, 14, 28, 31, 90, 92, 365, 366, 3650] {
            assert!((2..=8).contains(&names(Duration::from_days(days)).len()), "{days}");
        }
    }

    #[test]
    fn lines_end_where_they_leave_the_frame() {
        let frame = frame(Duration::from_days(10), 1.0);
        let at = |days| "2026-11-13T12:00:00Z".parse::<Timestamp>().unwrap().plus(Duration::from_days(days));
        assert_eq!(frame.end((at(0), 1.0), (at(10), 0.5)), (at(10), 0.5));
        assert_eq!(frame.end((at(0), 1.0), (at(10), -1.0)), (at(5), 0.0));
        assert_eq!((frame.across(at(5)), frame.down(0.25)), (0.5, 0.75));
    }
}
