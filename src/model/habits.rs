//! What the specs stand in: told by the configuration, and by no spec.

use super::{Duration, SpecId};

/// What a configuration tells of the world that specs stand in. Hints about specs depend on it, and nothing else does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Habits {
    /// Who gets what nobody owns.
    pub owner: Option<SpecId>,
    /// How long finished tasks stay in the table, where they do not stay for good.
    pub kept: Option<Duration>,
}
