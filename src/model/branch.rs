//! What branches that are not merged say of decisions.

use std::sync::Arc;

use super::{Name, Place};

/// What branches say, and what of them nobody can read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BranchesSeen {
    /// What their decisions take.
    pub claims: Vec<BranchClaim>,
    /// Decisions that nobody can read, each with its branch: what they take is not known.
    pub unread: Vec<(Arc<str>, Place)>,
}

impl BranchesSeen {
    /// Adds what another branch says.
    pub fn add(&mut self, other: Self) {
        self.claims.extend(other.claims);
        self.unread.extend(other.unread);
    }
}

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
