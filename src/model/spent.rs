//! Which error budgets have so little left that somebody must agree.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::SpecId;

/// What is short of budget now: service levels whose budget is spent, and steps of budget policies that freeze. It is found by a
/// pass and remembered, so that a claim need not ask the world.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spent(pub BTreeSet<Arc<str>>);

impl Spent {
    /// The name of a service level whose budget is spent.
    pub fn level(slo: &SpecId) -> Arc<str> {
        slo.to_string().into()
    }

    /// The name of a step of a budget policy that freezes, by its place from 0.
    pub fn step(policy: &SpecId, step: usize) -> Arc<str> {
        format!("{policy}#{step}").into()
    }

    /// Whether that is short.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}
