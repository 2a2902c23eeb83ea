//! How decisions hang together, as an SVG that needs nothing else: it can be put into a page, a ticket or a README.

mod alone;
mod parts;
mod style;
mod words;

use std::io::{self, Write};

use super::layout::Layout;
use super::map::{Map, TIES, label, title};
use crate::cli::markup::escaped;
use parts::Part;
use words::text;

/// Ties that a picture shows at most: with more, nobody would see anything.
pub(super) const MOST_TIES: usize = 4000;

/// Ties that are told in words for those who cannot see the picture.
const MOST_TOLD: usize = 200;

/// Around everything, between parts, and where the parts begin.
const MARGIN: i32 = 24;
const BETWEEN: i32 = 40;
const TOP: i32 = 100;

/// As wide as parts are put beside each other.
const WIDE: i32 = 1192;

/// As wide as the head of the picture needs at least.
const NARROW: i32 = 600;

/// Where a part is put: how far from the left and from the top.
struct Put<'a> {
    part: &'a Part,
    x: i32,
    y: i32,
}

/// Draws every part in which something is tied, the largest first, and below them those that stand alone.
pub(super) fn write(map: &Map, out: &mut dyn Write) -> io::Result<()> {
    let (tied, alone) = map.tied_and_alone();
    let mut parts: Vec<Part> = tied.into_iter().map(|nodes| Part::of(map, nodes)).collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.nodes.len()));
    let (put, width, bottom) = shelves(&parts, alone.is_empty());
    let rows = alone::Rows::of(&alone, width);
    let below = if parts.is_empty() { TOP } else { bottom + BETWEEN };
    let bottom = if alone.is_empty() { bottom } else { below + rows.height(!parts.is_empty()) };
    let (full, height) = (width + 2 * MARGIN, bottom + MARGIN);
    writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full} {height}" width="{full}" height="{height}" role="img" aria-labelledby="title desc">"#
    )?;
    writeln!(out, r#"<title id="title">How decisions hang together</title>"#)?;
    writeln!(out, r#"<desc id="desc">{}</desc>"#, escaped(&told(map)))?;
    writeln!(out, "<style>{}</style>", style::CSS)?;
    writeln!(out, "{}", parts::DEFINITIONS)?;
    writeln!(out, r#"<rect class="paper" width="{full}" height="{height}"/>"#)?;
    text(out, ("title", MARGIN, 36), "How decisions hang together")?;
    text(out, ("soft", MARGIN, 58), &map.summary())?;
    parts::legend(out, (MARGIN, 82))?;
    for Put { part, x, y } in &put {
        writeln!(out, r#"<g transform="translate({x} {y})">"#)?;
        part.draw(map, out)?;
        writeln!(out, "</g>")?;
    }
    rows.draw(map, below, !parts.is_empty(), out)?;
    writeln!(out, "</svg>")
}

/// Puts parts beside each other as long as there is room, and then below. Gives how wide and how far down that goes.
fn shelves(parts: &[Part], whole: bool) -> (Vec<Put<'_>>, i32, i32) {
    let widest = parts.iter().map(|part| part.layout.size.0).max().unwrap_or_default();
    let room = widest.max(WIDE);
    let (mut put, mut x, mut y, mut shelf, mut used) = (Vec::new(), 0, TOP, 0, 0);
    for part in parts {
        let Layout { size: (width, height), .. } = part.layout;
        if x > 0 && x + width > room {
            (x, y, shelf) = (0, y + shelf + BETWEEN, 0);
        }
        put.push(Put { part, x: MARGIN + x, y });
        x += width + BETWEEN * 2;
        shelf = shelf.max(height);
        used = used.max(x - BETWEEN * 2);
    }
    // What stands alone fills the room; a few decisions that are tied need no more than they take.
    let width = if whole { used.max(NARROW) } else { room };
    (put, width, y + shelf)
}

/// The same in words.
fn told(map: &Map) -> String {
    let name = |index: usize| {
        let node = map.node(index)?;
        Some(format!("{} {}", label(node), title(node).unwrap_or_default()).trim().to_owned())
    };
    let mut told = format!("{}.", map.summary());
    let mut ties: Vec<_> = map.ties().iter().collect();
    ties.sort_by_key(|edge| (TIES.iter().position(|tie| *tie == edge.tie), edge.from, edge.to));
    for edge in ties.iter().take(MOST_TOLD) {
        if let (Some(from), Some(to)) = (name(edge.from), name(edge.to)) {
            told.push_str(&format!(" {from} {} {to}.", edge.tie.word()));
        }
    }
    if let Some(more) = ties.len().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
        told.push_str(&format!(" And {more} ties more."));
    }
    told
}
