//! How the budget of a window went, as a picture: one frame, drawn in the terminal or as SVG.

mod canvas;
mod frame;
mod numbers;
mod svg;
mod terminal;

pub(super) use numbers::{clock, every, few};
pub(super) use svg::svg;
pub(super) use terminal::terminal;

use super::level::Level;
use crate::kinds::slo::Figures;
use crate::kinds::slo::burndown::{Burndown, burndown};

/// Into how many steps a window is cut.
const STEPS: u32 = 120;

/// Everything that is drawn of an objective.
pub(super) struct Chart<'a> {
    pub(super) level: &'a Level<'a>,
    pub(super) figures: &'a Figures,
    pub(super) curve: Burndown,
}

impl<'a> Chart<'a> {
    /// How the budget of an objective went.
    ///
    /// # Errors
    /// Why that cannot be drawn, in words.
    pub(super) fn of(level: &'a Level<'_>) -> Result<Self, String> {
        let curve = burndown(&level.target, &level.known, STEPS)?;
        let figures = level.figures().ok_or("there are no figures")?;
        Ok(Self { level, figures, curve })
    }

    fn burns(&self) -> bool {
        self.curve.points.iter().any(|point| point.burns)
    }
}
