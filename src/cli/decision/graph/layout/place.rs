//! How far down each cell stands, so that ties run as straight as the order allows.

use super::order::Grid;
use super::{BOX, PASS, ROW, at};

/// So often the cells are moved towards those that they are tied to.
const ROUNDS: usize = 16;

/// The middle of each cell, counted from the top; the uppermost box begins at 0.
pub(super) fn rows(grid: &Grid) -> Vec<i32> {
    let mut rows = vec![0.0; grid.column.len()];
    for column in &grid.columns {
        let stacked = apart(grid, column, &vec![0.0; column.len()]);
        set(&mut rows, column, &stacked);
    }
    for round in 0..ROUNDS {
        let is_right = round % 2 == 1;
        let columns: Box<dyn Iterator<Item = &Vec<usize>>> =
            if is_right { Box::new(grid.columns.iter().rev()) } else { Box::new(grid.columns.iter()) };
        for column in columns {
            let wanted: Vec<f64> =
                column.iter().map(|&cell| wanted(grid, &rows, cell, usize::from(is_right))).collect();
            let moved = apart(grid, column, &wanted);
            set(&mut rows, column, &moved);
        }
    }
    let top = |(cell, row): (usize, &f64)| row - f64::from(height(grid, cell)) / 2.0;
    let first = rows.iter().enumerate().map(top).fold(f64::INFINITY, f64::min);
    rows.iter().map(|row| (row - first).round() as i32).collect()
}

fn set(rows: &mut [f64], column: &[usize], moved: &[f64]) {
    for (&cell, &row) in column.iter().zip(moved) {
        rows.get_mut(cell).into_iter().for_each(|slot| *slot = row);
    }
}

/// Where a cell would stand if it were alone: at the middle of those on one side, or else of all.
fn wanted(grid: &Grid, rows: &[f64], cell: usize, side: usize) -> f64 {
    let of_side = |side: usize| grid.near.get(side).and_then(|near| near.get(cell)).map_or(&[][..], Vec::as_slice);
    let near = if of_side(side).is_empty() { of_side(1 - side) } else { of_side(side) };
    if near.is_empty() {
        return at(rows, cell);
    }
    near.iter().map(|&other| at(rows, other)).sum::<f64>() / near.len() as f64
}

pub(super) const fn height(grid: &Grid, cell: usize) -> i32 {
    if cell < grid.decisions { BOX.1 } else { PASS }
}

/// The places of a column's cells that are nearest to what is wanted, with none upon another: neighbours that want to be
/// nearer than they may be share the middle of what they want.
fn apart(grid: &Grid, column: &[usize], wanted: &[f64]) -> Vec<f64> {
    let mut offsets = Vec::with_capacity(column.len());
    let mut offset = 0.0;
    for (place, &cell) in column.iter().enumerate() {
        if let Some(&before) = place.checked_sub(1).and_then(|before| column.get(before)) {
            offset += f64::from(height(grid, before) + height(grid, cell)) / 2.0 + f64::from(ROW);
        }
        offsets.push(offset);
    }
    // Blocks of cells that move as one: what they want on the average, and how many they are.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (wanted, offset) in wanted.iter().zip(&offsets) {
        let mut block = (wanted - offset, 1);
        while let Some(&(above, count)) = blocks.last().filter(|(above, _)| *above > block.0) {
            let both = count + block.1;
            block = ((above * count as f64 + block.0 * block.1 as f64) / both as f64, both);
            blocks.pop();
        }
        blocks.push(block);
    }
    let shifts = blocks.into_iter().flat_map(|(shift, count)| std::iter::repeat_n(shift, count));
    shifts.zip(&offsets).map(|(shift, offset)| shift + offset).collect()
}
