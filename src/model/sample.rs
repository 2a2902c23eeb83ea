//! The figures of a service level as they were at a moment, kept for those who look back.

use std::sync::Arc;

use super::{SpecId, Subject, Timestamp};

/// The figures of one target of a service level at one moment. Amounts are events, slices of time, or shares of a budget that
/// several objectives have together, as the service level counts them.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The service level.
    pub spec: SpecId,
    /// Its objective, or all of them together.
    pub subject: Subject,
    /// When it was judged.
    pub at: Timestamp,
    /// The state, in a word.
    pub state: Arc<str>,
    /// The share that must be good, from 0 to less than 1.
    pub target: f64,
    /// How much was good in the window.
    pub good: f64,
    /// How much there was in the window.
    pub total: f64,
    /// How much may be bad in the whole window.
    pub budget: f64,
    /// How much was.
    pub spent: f64,
    /// How many times faster than allowed the budget went then; nothing where nothing happened.
    pub burn: Option<f64>,
}

impl Sample {
    /// The hour that it is kept for: one sample is, of each.
    pub const fn hour(&self) -> i64 {
        self.at.as_millis().div_euclid(3_600_000)
    }

    /// Whether it tells something else than a sample before.
    pub fn differs(&self, before: &Self) -> bool {
        Self { at: before.at, ..self.clone() } != *before
    }

    /// The share of the budget that was left: 1 where nothing bad had happened, less than 0 where more than all was spent.
    pub fn budget_left(&self) -> f64 {
        if self.budget > 0.0 { 1.0 - self.spent / self.budget } else { 1.0 }
    }
}
