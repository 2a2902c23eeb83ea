//! A canvas of braille dots: each cell of the terminal is two dots wide and four high.

/// With what a dot is drawn; where several meet in a cell, the last colours it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ink {
    /// Nothing.
    None,
    /// The line at which all is spent.
    Zero,
    /// A budget that goes evenly.
    Even,
    /// What will be.
    Ahead,
    /// What was.
    Curve,
}

/// Dots, from the left and the top.
pub(super) struct Canvas {
    width: usize,
    cells: Vec<(u8, Ink)>,
}

/// The bit of each dot of a cell, as Unicode numbers them: by row, the left dot first.
const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

impl Canvas {
    /// An empty one of so many cells.
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self { width, cells: vec![(0, Ink::None); width * height] }
    }

    fn dot(&mut self, (x, y): (usize, usize), ink: Ink) {
        let at = y / 4 * self.width + x / 2;
        if let Some((dots, inked)) = self.cells.get_mut(at).filter(|_| x / 2 < self.width) {
            *dots |= BITS[y % 4][x % 2];
            *inked = ink.max(*inked);
        }
    }

    /// A straight line of which every so many dots are drawn.
    pub(super) fn line(&mut self, from: (usize, usize), to: (usize, usize), every: usize, ink: Ink) {
        let steps = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1)).max(1);
        let between = |a: usize, b: usize, step: usize| {
            let part = (a as f64) + (b as f64 - a as f64) * step as f64 / steps as f64;
            part.round() as usize
        };
        for step in (0..=steps).step_by(every.max(1)) {
            self.dot((between(from.0, to.0, step), between(from.1, to.1, step)), ink);
        }
    }

    /// The cells of a row, those of one ink together.
    pub(super) fn row(&self, row: usize) -> Vec<(Ink, String)> {
        let cells = self.cells.chunks(self.width).nth(row).unwrap_or_default();
        let runs = cells.chunk_by(|a, b| a.1 == b.1);
        runs.map(|run| (run[0].1, run.iter().map(|(dots, _)| glyph(*dots)).collect())).collect()
    }
}

fn glyph(dots: u8) -> char {
    if dots == 0 { ' ' } else { char::from_u32(0x2800 + u32::from(dots)).unwrap_or(' ') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_where_they_are_put() {
        let mut canvas = Canvas::new(3, 2);
        canvas.line((0, 0), (5, 0), 1, Ink::Curve);
        canvas.line((0, 7), (5, 7), 2, Ink::Even);
        canvas.line((9, 9), (9, 9), 1, Ink::Even);
        assert_eq!(canvas.row(0), [(Ink::Curve, "⠉⠉⠉".to_owned())]);
        assert_eq!(canvas.row(1), [(Ink::Even, "⡀⡀⡀".to_owned())]);
        let mut canvas = Canvas::new(2, 1);
        canvas.line((0, 0), (0, 3), 1, Ink::Zero);
        assert_eq!(canvas.row(0), [(Ink::Zero, "⡇".to_owned()), (Ink::None, " ".to_owned())]);
    }
}
