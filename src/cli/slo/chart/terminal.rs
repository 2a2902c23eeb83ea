//! The chart in a terminal.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Chart;
use super::canvas::{Canvas, Ink};
use super::frame::Frame;
use crate::cli::paint::Paint;
use crate::cli::slo::level::colored;
use crate::kinds::slo::State;
use crate::model::Timestamp;

/// How many cells the plot has.
const COLUMNS: usize = 64;
const ROWS: usize = 12;

/// The room for what the marks of the budget say; never less than `alarm` takes.
const GUTTER: usize = 7;

/// Draws the chart with its axes and what its lines mean.
pub(in crate::cli::slo) fn terminal(chart: &Chart<'_>, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let frame = Frame::of(&chart.curve);
    let canvas = canvas(chart, &frame);
    let labels = labels(&frame);
    let gutter = labels.values().map(|label| label.chars().count()).max().unwrap_or_default().max(GUTTER);
    let zero = cell(&frame, 0.0);
    for row in 0..ROWS {
        let label = labels.get(&row).map_or("", String::as_str);
        let mark = if label.is_empty() { '│' } else { '┤' };
        let ink = |(ink, text): &(Ink, String)| colour(chart, paint, *ink, row > zero, text);
        let cells: String = canvas.row(row).iter().map(ink).collect();
        writeln!(out, "{}", format!("  {label:>gutter$} {mark}{cells}").trim_end())?;
    }
    let label = labels.get(&ROWS).map_or("", String::as_str);
    let (axis, times) = axis(&frame);
    writeln!(out, "  {label:>gutter$} └{axis}")?;
    writeln!(out, "{}", format!("  {:>gutter$}  {times}", "UTC").trim_end())?;
    if chart.burns() {
        let burns = alarms(chart, &frame);
        writeln!(out, "  {:>gutter$}  {}", "alarm", paint.warn(burns.trim_end()))?;
    }
    writeln!(out, "  {:gutter$}  {}", "", paint.dim(&legend(chart)))
}

fn canvas(chart: &Chart<'_>, frame: &Frame) -> Canvas {
    let curve = &chart.curve;
    let mut canvas = Canvas::new(COLUMNS, ROWS);
    let dot = |(at, left): (Timestamp, f64)| (across(frame, at, COLUMNS * 2), dot_row(frame, left));
    let (from, until) = (curve.bounds.after, curve.bounds.until);
    if frame.bottom < 0.0 {
        canvas.line(dot((from, 0.0)), dot((until, 0.0)), 2, Ink::Zero);
    }
    canvas.line(dot((from, 1.0)), dot((curve.even, 0.0)), 4, Ink::Even);
    if let (Some(ahead), Some(last)) = (curve.ahead, curve.points.last()) {
        let now = (last.at, last.left);
        canvas.line(dot(now), dot(frame.end(now, (until, ahead))), 2, Ink::Ahead);
    }
    for pair in curve.points.windows(2) {
        canvas.line(dot((pair[0].at, pair[0].left)), dot((pair[1].at, pair[1].left)), 1, Ink::Curve);
    }
    canvas
}

fn across(frame: &Frame, at: Timestamp, places: usize) -> usize {
    (frame.across(at) * (places - 1) as f64).round() as usize
}

fn dot_row(frame: &Frame, left: f64) -> usize {
    (frame.down(left) * (ROWS * 4 - 1) as f64).round() as usize
}

/// The row that what is left is drawn in.
fn cell(frame: &Frame, left: f64) -> usize {
    dot_row(frame, left) / 4
}

/// What the marks of the budget say, by row. Two that fall into one row: where all is spent matters most, then a whole budget.
fn labels(frame: &Frame) -> BTreeMap<usize, String> {
    let mut labels = BTreeMap::new();
    let order = [0.0, 1.0].into_iter().chain(frame.shares.iter().copied());
    for share in order {
        let row = if share <= frame.bottom { ROWS } else { cell(frame, share) };
        labels.entry(row).or_insert_with(|| format!("{:.0}%", share * 100.0));
    }
    labels
}

/// The axis of time, and what its marks say below it.
fn axis(frame: &Frame) -> (String, String) {
    let mut axis = vec!['─'; COLUMNS];
    let mut below = vec![' '; COLUMNS];
    let mut free = 0;
    for (at, name) in &frame.times {
        let column = across(frame, *at, COLUMNS);
        let wide = name.chars().count();
        let begin = column.saturating_sub(wide / 2).min(COLUMNS - wide);
        if begin < free {
            continue;
        }
        axis[column] = '┬';
        below[begin..begin + wide].iter_mut().zip(name.chars()).for_each(|(place, letter)| *place = letter);
        free = begin + wide + 2;
    }
    (axis.into_iter().collect(), below.into_iter().collect::<String>().trim_end().to_owned())
}

/// The columns in which an alarm burnt.
fn alarms(chart: &Chart<'_>, frame: &Frame) -> String {
    let mut marks = vec![' '; COLUMNS];
    let burning = chart.curve.points.iter().filter(|point| point.burns);
    burning.for_each(|point| marks[across(frame, point.at, COLUMNS)] = '▲');
    marks.into_iter().collect()
}

fn legend(chart: &Chart<'_>) -> String {
    let mut parts = vec!["⠒⠒ budget left", "⠂ ⠂ at an even pace"];
    parts.extend(chart.curve.ahead.map(|_| "⠐⠐ if it goes on so"));
    parts.extend(chart.burns().then_some("▲ an alarm burnt"));
    parts.join("   ")
}

fn colour(chart: &Chart<'_>, paint: Paint, ink: Ink, below: bool, text: &str) -> String {
    match ink {
        Ink::None => text.to_owned(),
        Ink::Zero | Ink::Even => paint.dim(text),
        Ink::Ahead => paint.unsure(text),
        Ink::Curve if below => colored(paint, &State::Exhausted, text),
        Ink::Curve => colored(paint, chart.level.state(), text),
    }
}
