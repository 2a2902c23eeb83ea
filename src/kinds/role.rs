//! What somebody may be responsible for. Asks nothing and is never judged: others refer to it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Shape;

/// A role: monitor, triage, architect, developer, qa, security, or your own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Role {
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// What it answers for.
    #[serde(default)]
    pub responsibilities: Vec<String>,
    /// What one must know to have it.
    #[serde(default)]
    pub skills: Vec<String>,
    /// Whether its people may approve.
    #[serde(default)]
    pub may_approve: bool,
}

impl Shape for Role {}
