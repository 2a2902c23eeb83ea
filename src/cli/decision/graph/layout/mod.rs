//! Where each decision of a connected part is drawn, and which way its ties take.
//!
//! In layers, the older the further to the left: what supersedes or amends another stands to the right of it. Pure, and the
//! same for the same input: nothing is drawn by chance.

mod layers;
mod order;
mod place;
mod route;
#[cfg(test)]
mod tests;

use crate::kinds::decision::graph::Tie;

/// How wide and high a box is, and how far two columns of them are apart.
pub(super) const BOX: (i32, i32) = (236, 66);
pub(super) const GAP: i32 = 84;

/// How much room a tie that runs past boxes takes, and how far cells of a column are apart.
const PASS: i32 = 10;
const ROW: i32 = 20;

/// A tie between two decisions, by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arrow {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) tie: Tie,
}

/// A point of the picture.
pub(super) type Point = (i32, i32);

/// A connected part, laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    /// The upper left corner of each decision's box.
    pub(super) boxes: Vec<Point>,
    /// The way of each tie, from the one that says it to the other: a curve through all points.
    pub(super) ways: Vec<Way>,
    /// How much room it takes.
    pub(super) size: Point,
}

/// The way of a tie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// From column to column, past boxes that stand between them.
    Through(Vec<Point>),
    /// Within a column, around its right side by so much.
    Around {
        /// Where it begins.
        from: Point,
        /// Where it ends.
        to: Point,
        /// How far it leaves the column.
        by: i32,
    },
}

/// Lays out so many decisions; the oldest has the lowest place.
pub(super) fn layout(count: usize, arrows: &[Arrow]) -> Layout {
    let layers = layers::layers(count, arrows);
    let mut grid = order::Grid::of(&layers, arrows);
    grid.untangle();
    let rows = place::rows(&grid);
    route::route(&grid, &rows, count, arrows)
}

/// The item of a place, or the item of nothing: places come from the same list and are always there.
fn at<T: Copy + Default>(list: &[T], place: usize) -> T {
    list.get(place).copied().unwrap_or_default()
}
