//! Who does work, and how many of them there should be.

pub mod alive;
mod backup;
pub mod known;
pub mod lints;
pub mod load;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Shape;
use super::approval::Delegation;
use super::common::{Link, Links};
use crate::diagnostic::{Problem, Span, Spanned, codes};
use crate::model::{Duration, Kind, SpecId};
use crate::signature::{Key, KeyError};

/// Somebody who does work: an AI agent unless it says `human: true`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Agent {
    /// Whether it is a person.
    #[serde(default)]
    pub human: bool,
    /// The roles that it has; the first one owns what nobody else owns of this agent.
    #[serde(default)]
    pub roles: Vec<Link>,
    /// What it knows.
    #[serde(default)]
    pub skills: Vec<String>,
    /// Tasks that it may run at once. No limit unless given.
    pub max_concurrency: Option<u32>,
    /// Where and on what it runs.
    pub affinity: Option<Affinity>,
    /// How often it reports.
    pub heartbeat: Option<Heartbeat>,
    /// Who takes over.
    #[serde(default)]
    pub backup: Vec<Link>,
    /// Public keys, for people who sign: each the line of a `.pub` file, or `gpg:` and the fingerprint of an OpenPGP key. Before
    /// either may stand `valid-after="20260101"`, `valid-before="20261231"` (both in UTC) and `namespaces="git"`, with commas between.
    #[serde(default)]
    pub keys: Vec<Spanned<String>>,
    /// Who may say yes in this person's place, for a time.
    #[serde(default)]
    pub delegates: Vec<Delegation>,
}

/// Where and on what an agent runs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Affinity {
    /// What bounds its work.
    pub class: Option<Class>,
    /// The region that it is in.
    pub region: Option<String>,
    /// The machine that it is on.
    pub machine: Option<String>,
}

/// What bounds an agent's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// The processor.
    Cpu,
    /// Input and output.
    Io,
    /// A language model.
    Llm,
}

impl Class {
    /// As a spec writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Io => "io",
            Self::Llm => "llm",
        }
    }
}

/// How often an agent reports.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Heartbeat {
    /// The time between reports.
    pub every: Option<Duration>,
    /// Silent for so long, it counts as dead.
    pub dead_after: Option<Duration>,
}

impl Agent {
    /// Whether it has that role.
    pub fn has_role(&self, role: &SpecId) -> bool {
        self.roles.iter().filter_map(|link| link.id(Some(Kind::Role))).any(|own| own == *role)
    }

    /// Whether it names that agent as one that takes over from it.
    pub fn is_backed_by(&self, agent: &str) -> bool {
        self.backup.iter().filter_map(|link| link.id(Some(Kind::Agent))).any(|backup| backup.name.as_str() == agent)
    }

    /// The keys that it has declared. Those of a spec that was read are all good.
    pub fn public_keys(&self) -> Vec<Key> {
        self.keys.iter().filter_map(|key| key.value.parse().ok()).collect()
    }
}

impl Shape for Agent {
    fn links(&self, links: &mut Links) {
        self.roles.iter().for_each(|role| links.bare(role, Kind::Role));
        self.backup.iter().for_each(|agent| links.bare(agent, Kind::Agent));
        self.delegates.iter().for_each(|delegation| delegation.links(links));
    }

    fn check(&self, at: Span, problems: &mut Vec<Problem>) {
        if self.max_concurrency == Some(0) {
            let message = "maxConcurrency 0 lets the agent do nothing";
            problems.push(
                Problem::new(&codes::SPEC_VALUE, at, message).fix("use at least 1, or leave it out for no limit"),
            );
        }
        self.keys.iter().for_each(|key| problems.extend(wrong_key(key)));
        let Some(Heartbeat { every: Some(every), dead_after: Some(dead_after) }) = &self.heartbeat else { return };
        if dead_after <= every {
            let message = format!("deadAfter ({dead_after}) must be longer than every ({every})");
            let help = "else the agent counts as dead between two reports";
            problems.push(Problem::new(&codes::SPEC_VALUE, at, message).help(help));
        }
    }
}

fn wrong_key(key: &Spanned<String>) -> Option<Problem> {
    let error = key.value.parse::<Key>().err()?;
    let problem = |span| Problem::new(&codes::SPEC_VALUE, span, error.to_string());
    Some(match error {
        // A history keeps it, so that to take it out of the file mends nothing. No more of it is shown than where it begins.
        KeyError::Private => problem(Span { end: key.span.start + 1, ..key.span })
            .fix("rotate it, and declare the new one by the line of its `.pub` file"),
        _ => problem(key.span),
    })
}

/// How many agents a role should have.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentPool {
    /// The role.
    pub role: Link,
    /// At least so many.
    #[serde(default)]
    pub min: u32,
    /// At most so many. No limit unless given.
    pub max: Option<u32>,
    /// What the number follows.
    pub target: Option<Target>,
    /// The time between two changes.
    pub cooldown: Option<Duration>,
}

/// What the number of agents follows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Target {
    /// Pending tasks for each agent.
    pub pending_per_agent: Option<u32>,
    /// The age of the oldest pending task.
    pub oldest_pending: Option<Duration>,
}

impl Shape for AgentPool {
    fn links(&self, links: &mut Links) {
        links.bare(&self.role, Kind::Role);
    }

    fn check(&self, at: Span, problems: &mut Vec<Problem>) {
        if let Some(max) = self.max.filter(|&max| max < self.min) {
            let message = format!("max ({max}) is less than min ({})", self.min);
            problems.push(Problem::new(&codes::SPEC_VALUE, at, message));
        }
    }
}
