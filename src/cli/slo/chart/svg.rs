//! The chart as an SVG that needs nothing else: it can be put into a page, a ticket or a README.

mod plot;
mod style;

use std::io::{self, Write};

use super::frame::Frame;
use super::{Chart, numbers};
use crate::cli::markup::escaped;
use crate::kinds::slo::words;
use plot::{HEIGHT as PLOT, LEFT, RIGHT, TOP};

/// How wide the picture is, and where what stands below the plot begins.
const WIDTH: f64 = 840.0;
const LEGEND: f64 = TOP + PLOT + 66.0;
const TABLE: f64 = LEGEND + 34.0;
const LINE: f64 = 19.0;

/// As many letters of the title, and of the line below it, as fit into the picture.
const TITLE: usize = 70;
const ABOUT: usize = 112;

/// Writes the chart with its axes, what its lines mean, and its numbers.
pub(in crate::cli::slo) fn svg(chart: &Chart<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rows = numbers::some(chart);
    let height = TABLE + LINE * (rows.len() + 1) as f64 + 8.0;
    let (title, about) = (chart.level.title(), about(chart));
    writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">"#
    )?;
    writeln!(out, "<title>{}</title>", escaped(&format!("{title}: error budget")))?;
    writeln!(out, "<desc>{}</desc>", escaped(&format!("{about}. {}", words::answer(chart.figures))))?;
    writeln!(out, "<style>{}</style>", style::CSS)?;
    writeln!(out, r#"<rect class="paper" width="{WIDTH}" height="{height}"/>"#)?;
    text(out, ("title", 20.0, 30.0), &short(&title, TITLE))?;
    text(out, ("soft", 20.0, 52.0), &short(&about, ABOUT))?;
    plot::plot(chart, &Frame::of(&chart.curve), out)?;
    legend(chart, out)?;
    table(chart, &rows, out)?;
    writeln!(out, "</svg>")
}

/// How things stand, in a line.
fn about(chart: &Chart<'_>) -> String {
    let figures = chart.figures;
    let (state, target) = (chart.level.state().word(), words::percent(figures.target.shown()));
    let ratio = words::percent(figures.ratio().unwrap_or(1.0));
    let (over, budget) = (&figures.window, words::budget(figures));
    format!("{state}: {ratio}% good over {over}, at least {target}% wanted; {budget}")
}

/// What each line means.
fn legend(chart: &Chart<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut entries = vec![("curve", "budget left"), ("even", "at an even pace")];
    entries.extend(chart.curve.ahead.map(|_| ("ahead", "if it goes on as now")));
    entries.extend(chart.burns().then_some(("burns", "an alarm burnt")));
    let mut x = LEFT;
    for (class, name) in entries {
        let y = LEGEND - 4.0;
        if class == "burns" {
            writeln!(out, r#"<circle class="burns" cx="{}" cy="{y}" r="4"/>"#, x + 12.0)?;
        } else {
            writeln!(out, r#"<line class="{class}" x1="{x}" y1="{y}" x2="{}" y2="{y}"/>"#, x + 24.0)?;
        }
        text(out, ("soft", x + 32.0, LEGEND), name)?;
        x += 60.0 + name.len() as f64 * 7.0;
    }
    Ok(())
}

/// The right edge of each column of numbers; the first begins at the left and the last stands free.
const EDGES: [f64; 6] = [LEFT, 330.0, 500.0, 590.0, 690.0, 780.0];

fn table(chart: &Chart<'_>, rows: &[crate::kinds::slo::burndown::Point], out: &mut dyn Write) -> io::Result<()> {
    let mut line = |cells: [String; 6], class: &str, y: f64| {
        for (column, (cell, x)) in cells.iter().zip(EDGES).enumerate() {
            let class = if column == 0 { class.to_owned() } else { format!("{class} end") };
            text(out, (&class, x, y), cell)?;
        }
        Ok::<(), io::Error>(())
    };
    line(numbers::heads(chart.curve.unit), "head", TABLE)?;
    let lines = rows.iter().enumerate();
    lines.into_iter().try_for_each(|(n, point)| line(numbers::row(point), "cell", TABLE + LINE * (n + 1) as f64))?;
    let y = TABLE + 6.0;
    writeln!(out, r#"<line class="rule" x1="{LEFT}" y1="{y}" x2="{RIGHT}" y2="{y}"/>"#)
}

/// Writes a text of a class at a place; nothing where it is empty.
fn text(out: &mut dyn Write, (class, x, y): (&str, f64, f64), text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    writeln!(out, r#"<text class="{class}" x="{x:.1}" y="{y:.1}">{}</text>"#, escaped(text))
}

fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_cut() {
        assert_eq!(short(&"ä".repeat(100), TITLE).chars().count(), TITLE);
    }
}
