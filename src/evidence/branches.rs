//! What branches that are not merged say, from the repository of the specs.

use std::sync::Arc;

use super::SpecsAt;
use crate::catalog::branch_claims;
use crate::git::{SourceConfig, SourceError, SpecSource, open};
use crate::model::{Answer, BranchesSeen, Duration, NoAnswer, Revision, Timestamp};

/// Branches are looked at at most so often: they move when somebody pushes.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Answers questions about branches. Calls block; keep them off async threads.
pub struct Branches {
    source: Box<dyn SpecSource>,
    /// What was answered last, of which branches and beside which state of the specs.
    answered: Option<(Revision, SpecsAt, Arc<BranchesSeen>)>,
    looked: Option<Timestamp>,
}

impl Branches {
    /// Looks at the repository of that configuration.
    pub fn new(config: SourceConfig) -> Self {
        Self { source: open(config), answered: None, looked: None }
    }

    /// What all branches say that are not in that state of the specs.
    ///
    /// # Errors
    /// Why that cannot be told.
    pub fn answer(&mut self, at: &SpecsAt, now: Timestamp) -> Result<Answer, NoAnswer> {
        let claims = self.claims(at).map_err(|error| NoAnswer { reason: error.to_string().into(), since: now })?;
        Ok(Answer::Branches(claims))
    }

    fn claims(&mut self, at: &SpecsAt) -> Result<Arc<BranchesSeen>, SourceError> {
        let tips = self.source.tips()?;
        if let Some((of, beside, claims)) = &self.answered
            && (of, beside) == (&tips, at)
            && matches!(at, SpecsAt::Commit(_))
        {
            return Ok(claims.clone());
        }
        let base = match at {
            SpecsAt::Commit(revision) => Some(revision),
            SpecsAt::Working => None,
        };
        let branches = self.source.branches(base)?;
        let mut seen = BranchesSeen::default();
        branches.iter().for_each(|tip| seen.add(branch_claims(&tip.name, &tip.change)));
        let claims = Arc::new(seen);
        self.answered = Some((tips, at.clone(), claims.clone()));
        Ok(claims)
    }

    /// Whether some branch is elsewhere than when it was answered last; never true before that.
    pub fn moved(&mut self, now: Timestamp) -> bool {
        let Some((tips, ..)) = &self.answered else { return false };
        if self.looked.is_some_and(|last| last <= now && now.since(last) < LOOK_EVERY) {
            return false;
        }
        self.looked = Some(now);
        // Out of reach: whoever asks again is told why.
        self.source.tips().map_or(true, |now| now != *tips)
    }
}
