//! Which way each tie takes between the boxes.

use std::collections::BTreeMap;

use super::order::Grid;
use super::place::height;
use super::{Arrow, BOX, GAP, Layout, Point, Way, at};

/// How far two ties at one side of a box are apart, where there is room.
const PORTS: i32 = 12;

/// A tie that stays in its column leaves it by at least and at most so much.
const AROUND: (i32, i32) = (26, 64);

/// An end of a tie at a side of a cell: the cell, whether it is the right side, and where the tie goes from there.
type End = (usize, bool, i32);

/// The boxes and the ways between them.
pub(super) fn route(grid: &Grid, rows: &[i32], count: usize, arrows: &[Arrow]) -> Layout {
    let ends: Vec<[End; 2]> =
        arrows.iter().zip(&grid.chains).map(|(arrow, chain)| ends(arrow, chain.as_deref(), rows)).collect();
    let ports = ports(&ends, rows);
    let way = |(index, (arrow, chain)): (usize, (&Arrow, &Option<Vec<usize>>))| {
        let port = |end: usize| ports.get(&(index, end)).copied().unwrap_or_default();
        way(grid, rows, arrow, chain.as_deref(), [port(0), port(1)])
    };
    let ways: Vec<Way> = arrows.iter().zip(&grid.chains).enumerate().map(way).collect();
    let boxes: Vec<Point> = (0..count).map(|index| (left(grid, index), at(rows, index) - BOX.1 / 2)).collect();
    let width = boxes.iter().map(|(x, _)| x + BOX.0).chain(ways.iter().map(reach)).max().unwrap_or_default();
    let bottom = |(cell, row): (usize, &i32)| row + height(grid, cell) / 2;
    Layout { size: (width, rows.iter().enumerate().map(bottom).max().unwrap_or_default()), boxes, ways }
}

fn left(grid: &Grid, cell: usize) -> i32 {
    i32::try_from(at(&grid.column, cell)).unwrap_or(i32::MAX / 1024) * (BOX.0 + GAP)
}

/// How far to the right a way goes. A curve reaches three quarters of where it is drawn to.
fn reach(way: &Way) -> i32 {
    match way {
        Way::Through(points) => points.iter().map(|(x, _)| *x).max().unwrap_or_default(),
        Way::Around { from, by, .. } => from.0 + by,
    }
}

/// The two ends of a tie: first the one that says it.
fn ends(arrow: &Arrow, chain: Option<&[usize]>, rows: &[i32]) -> [End; 2] {
    let outer = chain.and_then(|chain| Some((*chain.first_chunk::<2>()?, *chain.last_chunk::<2>()?)));
    let Some(([left, next], [before, right])) = outer else {
        return [(arrow.from, true, at(rows, arrow.to)), (arrow.to, true, at(rows, arrow.from))];
    };
    let (left, right) = ((left, true, at(rows, next)), (right, false, at(rows, before)));
    if arrow.from == left.0 { [left, right] } else { [right, left] }
}

/// How far down each end of each tie meets its box: those of one side are spread, in the order of where they come from.
fn ports(ends: &[[End; 2]], rows: &[i32]) -> BTreeMap<(usize, usize), i32> {
    // By cell and side: where each end goes from there, of which tie, and which of its two ends it is.
    let mut sides = BTreeMap::<(usize, bool), Vec<(i32, usize, usize)>>::new();
    for (index, both) in ends.iter().enumerate() {
        for (end, (cell, is_right, to)) in both.iter().enumerate() {
            sides.entry((*cell, *is_right)).or_default().push((*to, index, end));
        }
    }
    let mut ports = BTreeMap::new();
    for ((cell, _), mut all) in sides {
        all.sort_unstable();
        let count = i32::try_from(all.len()).unwrap_or(i32::MAX);
        let step = if count > 1 { PORTS.min((BOX.1 - 2 * PORTS) / (count - 1)) } else { 0 };
        for (place, (_, index, end)) in (0..).zip(all) {
            ports.insert((index, end), at(rows, cell) + step * place - step * (count - 1) / 2);
        }
    }
    ports
}

fn way(grid: &Grid, rows: &[i32], arrow: &Arrow, chain: Option<&[usize]>, ports: [i32; 2]) -> Way {
    let Some(chain) = chain else {
        let (right, apart) = (left(grid, arrow.from) + BOX.0, (ports[0] - ports[1]).abs());
        let by = (apart / 6).clamp(AROUND.0, AROUND.1);
        return Way::Around { from: (right, ports[0]), to: (right, ports[1]), by };
    };
    let is_right = chain.first() == Some(&arrow.from);
    let (first, last) = if is_right { (ports[0], ports[1]) } else { (ports[1], ports[0]) };
    let mut points = Vec::new();
    for (place, &cell) in chain.iter().enumerate() {
        let x = left(grid, cell);
        match place {
            0 => points.push((x + BOX.0, first)),
            place if place + 1 == chain.len() => points.push((x, last)),
            // Past the boxes of a column it runs straight.
            _ => points.extend([(x, at(rows, cell)), (x + BOX.0, at(rows, cell))]),
        }
    }
    if !is_right {
        points.reverse();
    }
    Way::Through(points)
}
