//! In which order decisions stand in their columns, so that few ties cross.

use std::collections::BTreeMap;

use super::{Arrow, at};

/// So often the columns are gone through from each side.
const SWEEPS: usize = 12;

/// Cells that ties only pass through, at most; with more, ties run straight.
const MOST_PASSES: usize = 20_000;

/// Decisions, and where ties pass between them, in columns.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    /// The cells of each column from the top. The first cells are the decisions, the rest are passes.
    pub(super) columns: Vec<Vec<usize>>,
    /// The column of each cell.
    pub(super) column: Vec<usize>,
    /// How many cells are decisions.
    pub(super) decisions: usize,
    /// The cells of each tie from left to right; none where it stays in one column.
    pub(super) chains: Vec<Option<Vec<usize>>>,
    /// The cells that each is tied to on its left, and on its right.
    pub(super) near: [Vec<Vec<usize>>; 2],
}

impl Grid {
    /// The grid of decisions in these layers.
    pub(super) fn of(layers: &[usize], arrows: &[Arrow]) -> Self {
        let mut grid = Self {
            columns: vec![Vec::new(); layers.iter().max().map_or(0, |last| last + 1)],
            column: layers.to_vec(),
            decisions: layers.len(),
            chains: Vec::new(),
            near: [Vec::new(), Vec::new()],
        };
        let spans = arrows.iter().map(|arrow| at(layers, arrow.from).abs_diff(at(layers, arrow.to)));
        let passes = spans.map(|span| span.saturating_sub(1)).sum::<usize>() <= MOST_PASSES;
        // A pass stands near the decision that it belongs to until it is moved.
        let mut owners: Vec<usize> = (0..layers.len()).collect();
        for arrow in arrows {
            let chain = grid.chain(arrow, layers, passes);
            owners.resize(grid.column.len(), arrow.from);
            grid.chains.push(chain);
        }
        let mut cells: Vec<usize> = (0..grid.column.len()).collect();
        cells.sort_by_key(|&cell| (at(&owners, cell), cell));
        for cell in cells {
            let column = at(&grid.column, cell);
            grid.columns.get_mut(column).into_iter().for_each(|column| column.push(cell));
        }
        grid.tie();
        grid
    }

    /// The cells of a tie from left to right, with a new one in each column that it passes.
    fn chain(&mut self, arrow: &Arrow, layers: &[usize], passes: bool) -> Option<Vec<usize>> {
        let (from, to) = (at(layers, arrow.from), at(layers, arrow.to));
        let (left, right) = if from < to { (arrow.from, arrow.to) } else { (arrow.to, arrow.from) };
        if from == to {
            return None;
        }
        let mut chain = vec![left];
        for column in from.min(to) + 1..from.max(to) {
            if passes {
                chain.push(self.column.len());
                self.column.push(column);
            }
        }
        chain.push(right);
        Some(chain)
    }

    fn tie(&mut self) {
        self.near = [vec![Vec::new(); self.column.len()], vec![Vec::new(); self.column.len()]];
        let [lefts, rights] = &mut self.near;
        for pair in self.chains.iter().flatten().flat_map(|chain| chain.windows(2)) {
            let [left, right] = *pair else { continue };
            lefts.get_mut(right).into_iter().for_each(|list| list.push(left));
            rights.get_mut(left).into_iter().for_each(|list| list.push(right));
        }
    }

    /// Puts each cell at the middle of those that it is tied to, column by column and from both sides, and keeps the order in
    /// which the fewest ties cross.
    pub(super) fn untangle(&mut self) {
        let mut best = (self.crossings(), self.columns.clone());
        for sweep in 0..SWEEPS * 2 {
            let count = self.columns.len();
            let is_left = sweep % 2 == 0;
            for step in 0..count {
                let column = if is_left { step } else { count - 1 - step };
                self.sort(column, if is_left { 0 } else { 1 });
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.columns.clone());
            }
            if best.0 == 0 {
                break;
            }
        }
        self.columns = best.1;
    }

    /// The place of each cell in its column.
    pub(super) fn places(&self) -> Vec<usize> {
        let mut places = vec![0; self.column.len()];
        for (place, &cell) in self.columns.iter().flat_map(|column| column.iter().enumerate()) {
            places.get_mut(cell).into_iter().for_each(|slot| *slot = place);
        }
        places
    }

    fn sort(&mut self, column: usize, side: usize) {
        let places = self.places();
        let Some(cells) = self.columns.get_mut(column) else { return };
        // As whole numbers, so that no order hangs on how fractions are rounded.
        let middle = |cell: usize| {
            let near: &[usize] = self.near.get(side).and_then(|near| near.get(cell)).map_or(&[], Vec::as_slice);
            let sum: usize = near.iter().map(|&other| at(&places, other)).sum();
            if near.is_empty() { at(&places, cell) * 1024 } else { sum * 1024 / near.len() }
        };
        let middles: BTreeMap<usize, usize> = cells.iter().map(|&cell| (cell, middle(cell))).collect();
        cells.sort_by_key(|cell| middles.get(cell).copied().unwrap_or_default());
    }

    /// How many pairs of ties cross between neighbouring columns.
    pub(super) fn crossings(&self) -> usize {
        let places = self.places();
        let [_, rights] = &self.near;
        let mut crossings = 0;
        for cells in &self.columns {
            let mut ends: Vec<usize> = Vec::new();
            for &cell in cells {
                let mut own: Vec<usize> =
                    rights.get(cell).into_iter().flatten().map(|&other| at(&places, other)).collect();
                own.sort_unstable();
                ends.extend(own);
            }
            crossings += inversions(&mut ends);
        }
        crossings
    }
}

/// How many pairs of a list stand in the wrong order; sorts it.
fn inversions(list: &mut Vec<usize>) -> usize {
    if list.len() < 2 {
        return 0;
    }
    let mut right = list.split_off(list.len() / 2);
    let mut count = inversions(list) + inversions(&mut right);
    let left = std::mem::take(list);
    let (mut lefts, mut rights) = (left.iter().peekable(), right.iter().peekable());
    while let Some(&&next) = lefts.peek() {
        if let Some(&&other) = rights.peek()
            && other < next
        {
            count += lefts.len();
            list.push(other);
            rights.next();
        } else {
            list.push(next);
            lefts.next();
        }
    }
    list.extend(rights);
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_in_the_wrong_order_are_counted() {
        let count = |list: &[usize]| inversions(&mut list.to_vec());
        assert_eq!((count(&[]), count(&[1, 2, 2, 3]), count(&[3, 2, 1]), count(&[2, 1, 2, 0])), (0, 0, 3, 4));
    }
}
