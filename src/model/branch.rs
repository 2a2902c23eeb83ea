//! What branches that are not merged say of decisions.

use std::sync::Arc;

use super::{Name, Place};

/// What a decision of a branch takes for itself there, and did not where the branch began.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BranchClaim {
    /// The branch.
    pub branch: Arc<str>,
    /// The decision.
    pub decision: Name,
    /// The number that it takes, where it takes one.
    pub number: Option<u32>,
    /// The decisions whose place it takes.
    pub supersedes: Vec<Name>,
    /// Where it stands in the branch.
    pub place: Place,
}
