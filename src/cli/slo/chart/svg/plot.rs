//! The plot itself: axes with their marks, lines and areas.

use std::io::{self, Write};

use super::text;
use crate::cli::slo::chart::Chart;
use crate::cli::slo::chart::frame::Frame;
use crate::cli::slo::chart::numbers::clock;
use crate::kinds::slo::burndown::Point;
use crate::model::Timestamp;

/// Where the plot lies.
pub(super) const LEFT: f64 = 84.0;
pub(super) const RIGHT: f64 = 810.0;
pub(super) const TOP: f64 = 76.0;
pub(super) const HEIGHT: f64 = 270.0;
const BOTTOM: f64 = TOP + HEIGHT;

/// Marks that are nearer to each other would overlap.
const APART: f64 = 15.0;

/// A place in the picture.
type Place = (f64, f64);

/// Where a moment and what is left then are drawn.
fn place(frame: &Frame, at: Timestamp, left: f64) -> Place {
    (LEFT + frame.across(at) * (RIGHT - LEFT), TOP + frame.down(left) * HEIGHT)
}

/// Draws the plot.
pub(super) fn plot(chart: &Chart<'_>, frame: &Frame, out: &mut dyn Write) -> io::Result<()> {
    shares(frame, out)?;
    times(chart, frame, out)?;
    areas(chart, frame, out)?;
    let curve = &chart.curve;
    line(out, "zero", place(frame, curve.bounds.after, 0.0), place(frame, curve.bounds.until, 0.0))?;
    line(out, "even", place(frame, curve.bounds.after, 1.0), place(frame, curve.even, 0.0))?;
    if let (Some(ahead), Some(last)) = (curve.ahead, curve.points.last()) {
        let (at, left) = frame.end((last.at, last.left), (curve.bounds.until, ahead));
        line(out, "ahead", place(frame, last.at, last.left), place(frame, at, left))?;
    }
    let path: Vec<String> = curve.points.iter().map(|point| written(of(frame, point))).collect();
    writeln!(out, r#"<polyline class="curve" points="{}"/>"#, path.join(" "))?;
    curve.points.iter().filter(|point| point.burns).try_for_each(|point| {
        let (x, y) = of(frame, point);
        writeln!(out, r#"<circle class="burns" cx="{x:.1}" cy="{y:.1}" r="4"/>"#)
    })
}

fn of(frame: &Frame, point: &Point) -> Place {
    place(frame, point.at, point.left)
}

fn written((x, y): Place) -> String {
    format!("{x:.1},{y:.1}")
}

fn line(out: &mut dyn Write, class: &str, from: Place, to: Place) -> io::Result<()> {
    let ((x1, y1), (x2, y2)) = (from, to);
    writeln!(out, r#"<line class="{class}" x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}"/>"#)
}

/// The axis of what is left. Where marks are too near to each other, that of nothing left stays, then that of all.
fn shares(frame: &Frame, out: &mut dyn Write) -> io::Result<()> {
    let mut taken: Vec<f64> = Vec::new();
    for share in [0.0, 1.0].into_iter().chain(frame.shares.iter().copied()) {
        let y = TOP + frame.down(share) * HEIGHT;
        if taken.iter().any(|other| (other - y).abs() < APART) {
            continue;
        }
        taken.push(y);
        line(out, "grid", (LEFT, y), (RIGHT, y))?;
        text(out, ("mark end", LEFT - 8.0, y + 4.0), &format!("{:.0}%", share * 100.0))?;
    }
    line(out, "axis", (LEFT, TOP), (LEFT, BOTTOM))?;
    let (x, y) = (22.0, TOP + HEIGHT / 2.0);
    writeln!(
        out,
        r#"<text class="mark middle" x="{x}" y="{y}" transform="rotate(-90 {x} {y})">budget left, in %</text>"#
    )
}

/// The axis of time.
fn times(chart: &Chart<'_>, frame: &Frame, out: &mut dyn Write) -> io::Result<()> {
    line(out, "axis", (LEFT, BOTTOM), (RIGHT, BOTTOM))?;
    for (at, name) in &frame.times {
        let (x, _) = place(frame, *at, 0.0);
        line(out, "axis", (x, BOTTOM), (x, BOTTOM + 5.0))?;
        text(out, ("mark middle", x, BOTTOM + 19.0), name)?;
    }
    let bounds = chart.curve.bounds;
    let span = format!("time (UTC), from {} to {}", clock(bounds.after), clock(bounds.until));
    text(out, ("mark middle", (LEFT + RIGHT) / 2.0, BOTTOM + 38.0), &span)
}

/// What lies between the curve and the line at which all is spent: above it, and below it.
fn areas(chart: &Chart<'_>, frame: &Frame, out: &mut dyn Write) -> io::Result<()> {
    let points = &chart.curve.points;
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Ok(()) };
    for (class, side) in [("area", f64::max as fn(f64, f64) -> f64), ("over", f64::min)] {
        if class == "over" && frame.bottom >= 0.0 {
            continue;
        }
        let mut path = vec![written(place(frame, first.at, 0.0))];
        path.extend(crossed(points).iter().map(|&(at, left)| written(place(frame, at, side(left, 0.0)))));
        path.push(written(place(frame, last.at, 0.0)));
        writeln!(out, r#"<polygon class="{class}" points="{}"/>"#, path.join(" "))?;
    }
    Ok(())
}

/// The points, and between them where the last of the budget was spent.
fn crossed(points: &[Point]) -> Vec<(Timestamp, f64)> {
    let mut all = Vec::with_capacity(points.len() + 1);
    for (n, point) in points.iter().enumerate() {
        if let Some(before) = n.checked_sub(1).and_then(|before| points.get(before))
            && before.left > 0.0
            && point.left < 0.0
        {
            let share = before.left / (before.left - point.left);
            let length = point.at.since(before.at).as_millis() as f64 * share;
            all.push((before.at.plus(crate::model::Duration::from_millis(length as u64)), 0.0));
        }
        all.push((point.at, point.left));
    }
    all
}
