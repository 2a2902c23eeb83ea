//! A connected part of the picture: boxes and the ties between them.

use std::io::{self, Write};

use super::words::{fitting, text, two_lines};
use crate::cli::decision::graph::layout::{Arrow, BOX, Layout, Way, layout};
use crate::cli::decision::graph::map::{Map, label, status, title};
use crate::cli::markup::escaped;
use crate::kinds::decision::Status;
use crate::kinds::decision::graph::{Node, Tie};

/// How wide a line of a title may be in a box, and what a decision is called.
const TITLE: i32 = 210;
const LABEL: i32 = 130;

/// What is drawn again and again: the heads of arrows, and the room that a box has for text.
pub(super) const DEFINITIONS: &str = r#"<defs>
<marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path class="head" d="M0 1 10 5 0 9z"/></marker>
<clipPath id="room"><rect width="230" height="66"/></clipPath>
</defs>"#;

/// Decisions that are connected, and where each stands.
pub(super) struct Part {
    /// Their places in the map.
    pub(super) nodes: Vec<usize>,
    arrows: Vec<Arrow>,
    pub(super) layout: Layout,
}

impl Part {
    /// Lays out these decisions of a map.
    pub(super) fn of(map: &Map, nodes: Vec<usize>) -> Self {
        let place = |index: usize| nodes.binary_search(&index).ok();
        let arrow = |edge: &crate::kinds::decision::graph::Edge| {
            Some(Arrow { from: place(edge.from)?, to: place(edge.to)?, tie: edge.tie })
        };
        let arrows: Vec<Arrow> = map.ties().iter().filter_map(arrow).collect();
        let layout = layout(nodes.len(), &arrows);
        Self { nodes, arrows, layout }
    }

    /// Draws the ties, and above them the boxes.
    pub(super) fn draw(&self, map: &Map, out: &mut dyn Write) -> io::Result<()> {
        for (arrow, way) in self.arrows.iter().zip(&self.layout.ways) {
            let told =
                |place: usize| self.nodes.get(place).and_then(|&index| map.node(index)).map_or(String::new(), label);
            let told = format!("{} {} {}", told(arrow.from), arrow.tie.word(), told(arrow.to));
            writeln!(
                out,
                r#"<path class="tie {}" d="{}"{}><title>{}</title></path>"#,
                class(arrow.tie),
                path(way),
                head(arrow.tie),
                escaped(&told)
            )?;
        }
        for (node, corner) in self.nodes.iter().zip(&self.layout.boxes) {
            if let Some(node) = map.node(*node) {
                draw(node, *corner, out)?;
            }
        }
        Ok(())
    }
}

const fn class(tie: Tie) -> &'static str {
    match tie {
        Tie::Supersedes => "supersedes",
        Tie::Amends => "amends",
        Tie::Relates => "relates",
    }
}

/// Two that relate to each other do so both ways: their line has no head.
const fn head(tie: Tie) -> &'static str {
    match tie {
        Tie::Relates => "",
        Tie::Supersedes | Tie::Amends => r#" marker-end="url(#head)""#,
    }
}

/// A curve that leaves and reaches each column level.
fn path(way: &Way) -> String {
    match way {
        Way::Around { from: (x, y), to, by } => {
            let by = x + by * 4 / 3;
            format!("M{x} {y}C{by} {y} {by} {} {} {}", to.1, to.0, to.1)
        }
        Way::Through(points) => {
            let mut path = String::new();
            for (place, (x, y)) in points.iter().enumerate() {
                match place.checked_sub(1).and_then(|before| points.get(before)) {
                    None => path.push_str(&format!("M{x} {y}")),
                    Some((_, level)) if level == y => path.push_str(&format!("H{x}")),
                    Some((before, level)) => {
                        let middle = (before + x) / 2;
                        path.push_str(&format!("C{middle} {level} {middle} {y} {x} {y}"));
                    }
                }
            }
            path
        }
    }
}

/// The class of a status: for the colour that stands for it.
pub(super) fn color(node: &Node) -> &'static str {
    node.status.map_or("unknown", Status::word)
}

/// Whether a decision is not yet, or no longer, in force.
const fn force(node: &Node) -> &'static str {
    match node.status {
        Some(Status::Draft | Status::Proposed) => "open",
        Some(Status::Superseded | Status::Deprecated | Status::Rejected) => "gone",
        Some(Status::Accepted) | None => "held",
    }
}

/// Draws a box at a place.
fn draw(node: &Node, (x, y): (i32, i32), out: &mut dyn Write) -> io::Result<()> {
    let (width, height) = BOX;
    writeln!(out, r#"<g class="{}" transform="translate({x} {y})">"#, force(node))?;
    let whole = format!("{} {}: {}", label(node), title(node).unwrap_or_default(), status(node));
    writeln!(out, "<title>{}</title>", escaped(&whole))?;
    writeln!(out, r#"<rect class="box" width="{width}" height="{height}" rx="6"/>"#)?;
    writeln!(out, r#"<rect class="{}" x="6" y="8" width="4" height="{}" rx="2"/>"#, color(node), height - 16)?;
    let lines = title(node).map(|title| two_lines(&title, TITLE)).unwrap_or_default();
    // One line of a title leaves room above and below.
    let top = if lines.len() < 2 { 29 } else { 21 };
    writeln!(out, r#"<g clip-path="url(#room)">"#)?;
    writeln!(
        out,
        r#"<text class="meta" x="18" y="{top}"><tspan class="no">{}</tspan> · {}</text>"#,
        escaped(&fitting(&label(node), LABEL)),
        status(node)
    )?;
    for (place, line) in (1..).zip(&lines) {
        text(out, ("cell", 18, top + 18 * place), line)?;
    }
    writeln!(out, "</g>\n</g>")
}

/// What each line means.
pub(super) fn legend(out: &mut dyn Write, (mut x, y): (i32, i32)) -> io::Result<()> {
    for (tie, words, room) in
        [(Tie::Supersedes, "supersedes", 140), (Tie::Amends, "amends", 116), (Tie::Relates, "relates to", 0)]
    {
        let level = y - 4;
        writeln!(out, r#"<path class="tie {}" d="M{} {level}H{x}"{}/>"#, class(tie), x + 40, head(tie))?;
        text(out, ("soft", x + 50, y), words)?;
        x += room;
    }
    Ok(())
}
