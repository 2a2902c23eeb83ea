//! What branches say, as a file has it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{BranchClaim, Name, NameError, Place};

/// What a decision of a branch takes for itself.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BranchWire {
    branch: Arc<str>,
    decision: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    supersedes: Vec<String>,
    file: Arc<str>,
    line: u32,
}

impl BranchWire {
    pub(super) fn of(claim: &BranchClaim) -> Self {
        Self {
            branch: claim.branch.clone(),
            decision: claim.decision.to_string(),
            number: claim.number,
            supersedes: claim.supersedes.iter().map(ToString::to_string).collect(),
            file: claim.place.file.clone(),
            line: claim.place.line,
        }
    }

    /// The claim, or what is wrong with it.
    pub(super) fn claim(self) -> Result<BranchClaim, String> {
        let name = |text: String| text.parse::<Name>().map_err(|error: NameError| error.to_string());
        Ok(BranchClaim {
            branch: self.branch,
            decision: name(self.decision)?,
            number: self.number,
            supersedes: self.supersedes.into_iter().map(name).collect::<Result<_, _>>()?,
            place: Place { file: self.file, line: self.line },
        })
    }
}
