//! The numbers behind a chart.

use std::io::{self, Write};

use super::Chart;
use crate::cli::table;
use crate::kinds::slo::burndown::Point;
use crate::kinds::slo::figures::Unit;
use crate::kinds::slo::words;
use crate::model::Timestamp;

/// How many rows stand below a picture.
const ROWS: usize = 12;

/// What a column is called, in what its amounts are counted.
pub(super) fn heads(unit: Unit) -> [String; 6] {
    let counted = match unit {
        Unit::Events => "events".to_owned(),
        Unit::Slices(length) => format!("slices of {length}"),
        Unit::Shares => "shares".to_owned(),
    };
    let heads = ["TIME", "GOOD", "TOTAL", "SPENT", "LEFT", "ALARM"].map(str::to_owned);
    let [time, good, total, spent, left, alarm] = heads;
    [time, good, format!("{total} ({counted})"), spent, left, alarm]
}

/// A moment to the second: steps of a window end where they may.
pub(in crate::cli::slo) fn clock(at: Timestamp) -> String {
    Timestamp::from_secs(at.as_millis().saturating_add(500).div_euclid(1000)).to_string()
}

/// The numbers of a point.
pub(super) fn row(point: &Point) -> [String; 6] {
    [
        clock(point.at),
        words::amount(point.good),
        words::amount(point.total),
        words::amount(point.spent),
        format!("{:.1}%", point.left * 100.0),
        if point.burns { "burnt".to_owned() } else { String::new() },
    ]
}

/// A few of the points, evenly apart; each says whether an alarm burnt since the one before. The last is now.
pub(super) fn some(chart: &Chart<'_>) -> Vec<Point> {
    let points = &chart.curve.points;
    let steps = points.len().saturating_sub(1);
    let apart = steps.div_ceil(ROWS).max(1);
    let steps = points.get(1..).unwrap_or_default().chunks(apart);
    let last = |chunk: &[Point]| chunk.last().map(|&point| Point { burns: chunk.iter().any(|it| it.burns), ..point });
    steps.filter_map(last).collect()
}

/// Writes a few of the points as a table.
pub(in crate::cli::slo) fn few(chart: &Chart<'_>, out: &mut dyn Write) -> io::Result<()> {
    write(chart, &some(chart), out)
}

/// Writes every point as a table.
pub(in crate::cli::slo) fn every(chart: &Chart<'_>, out: &mut dyn Write) -> io::Result<()> {
    write(chart, &chart.curve.points, out)
}

fn write(chart: &Chart<'_>, points: &[Point], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<[String; 6]> = points.iter().map(row).collect();
    let heads = heads(chart.curve.unit);
    table::write(heads.each_ref().map(String::as_str), &rows, out)
}
