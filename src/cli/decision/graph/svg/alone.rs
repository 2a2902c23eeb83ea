//! Decisions that are tied to no other, in rows.

use std::io::{self, Write};

use super::MARGIN;
use super::parts::color;
use super::words::{fitting, text, wide};
use crate::cli::decision::graph::map::{Map, label, status, title};
use crate::cli::markup::escaped;

/// How wide a cell is at least, how high a row is, and how high the heading.
const CELL: i32 = 360;
const ROW: i32 = 26;
const HEAD: i32 = 36;

/// Between two cells of a row.
const APART: i32 = 24;

/// The decisions, and how many stand in a row.
pub(super) struct Rows<'a> {
    alone: &'a [usize],
    columns: usize,
    cell: i32,
}

impl<'a> Rows<'a> {
    /// In a picture of that width.
    pub(super) fn of(alone: &'a [usize], width: i32) -> Self {
        let columns = ((width + APART) / (CELL + APART)).max(1);
        Self { alone, columns: usize::try_from(columns).unwrap_or(1), cell: (width + APART) / columns - APART }
    }

    const fn lines(&self) -> usize {
        self.alone.len().div_ceil(self.columns)
    }

    /// How much room they take, with a heading where others stand above.
    pub(super) fn height(&self, heading: bool) -> i32 {
        i32::try_from(self.lines()).unwrap_or(i32::MAX / ROW) * ROW + if heading { HEAD } else { 0 }
    }

    /// Draws them below that place, column by column.
    pub(super) fn draw(&self, map: &Map, top: i32, heading: bool, out: &mut dyn Write) -> io::Result<()> {
        if self.alone.is_empty() {
            return Ok(());
        }
        let mut top = top;
        if heading {
            let right = MARGIN + self.cell * self.columns as i32 + APART * (self.columns as i32 - 1);
            writeln!(out, r#"<line class="rule" x1="{MARGIN}" y1="{top}" x2="{right}" y2="{top}"/>"#)?;
            text(out, ("soft", MARGIN, top + 24), &format!("Without ties to others: {}", self.alone.len()))?;
            top += HEAD;
        }
        for (place, &index) in self.alone.iter().enumerate() {
            let (column, line) = (place / self.lines().max(1), place % self.lines().max(1));
            let x = MARGIN + column as i32 * (self.cell + APART);
            self.cell(map, index, (x, top + line as i32 * ROW + 18), out)?;
        }
        Ok(())
    }

    fn cell(&self, map: &Map, index: usize, (x, y): (i32, i32), out: &mut dyn Write) -> io::Result<()> {
        let Some(node) = map.node(index) else { return Ok(()) };
        let (status, label) = (status(node), fitting(&label(node), self.cell / 3));
        // The bold label takes a little more than it says.
        let room = self.cell - wide(status) - wide(&label) * 9 / 8 - 40;
        let title = title(node);
        let whole = format!("{label} {}: {status}", title.as_deref().unwrap_or_default());
        writeln!(out, "<g><title>{}</title>", escaped(&whole))?;
        writeln!(out, r#"<circle class="{}" cx="{}" cy="{}" r="4"/>"#, color(node), x + 4, y - 4)?;
        let title = escaped(&fitting(title.as_deref().unwrap_or_default(), room));
        writeln!(
            out,
            r#"<text x="{}" y="{y}"><tspan font-weight="600">{}</tspan> {title}</text>"#,
            x + 16,
            escaped(&label)
        )?;
        text(out, ("meta end", x + self.cell, y), status)?;
        writeln!(out, "</g>")
    }
}
