//! `abide.toml`: read strictly, every mistake with its line, its column and the way to mend it.

mod error;
mod file;
mod mapping;
mod overlay;
mod own;
mod place;
mod read;
mod severity;
mod sources;
#[cfg(test)]
mod tests;

pub use error::{ConfigError, ConfigPlace};
pub use mapping::{ANY_LABEL, AgentsTable, ApprovalColumns, Constant, Field, Mapping, StatusWords, TimeFormat};
pub use place::{Join, Lookup, Source, Within};
pub use severity::{Bound, SeverityMap, SeverityRule};
pub use sources::{Auth, PrometheusSource, Secret, Sources, SqlSource};

use crate::model::{Durability, Duration, Habits, Policy, QueuePolicy, Severity, SpecId, Tells};

/// The name of the file, in the folder that a command works in.
pub const FILE: &str = "abide.toml";

/// Everything that `abide.toml` says, with what it leaves out filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Where the specs come from.
    pub specs: Specs,
    /// Where Abide keeps its own tables.
    pub store: Store,
    /// The team's own task table; none where Abide's is used.
    pub tasks: Option<Mapping>,
    /// How work is handed to agents.
    pub queue: QueuePolicy,
    /// How much one pass may do.
    pub limits: Limits,
    /// How the record of everything that was done is kept honest.
    pub audit: Audit,
    /// Where figures come from besides the task table.
    pub sources: Sources,
}

/// Where the specs come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specs {
    /// A path, seen from the folder of `abide.toml`, or a git URL.
    pub repository: String,
    /// The branch whose newest commit counts; the repository's HEAD unless given.
    pub branch: Option<String>,
    /// The folder in the repository.
    pub path: String,
    /// Folders in the repository in which decisions may be Markdown, beside that one.
    pub records: Vec<String>,
    /// How often to look besides watching.
    pub poll: Duration,
    /// Who gets drift that no spec owns.
    pub owner: Option<SpecId>,
}

/// Where Abide keeps its own tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// `sqlite:PATH`, the path seen from the folder of `abide.toml`.
    pub url: String,
    /// When a commit counts as done.
    pub durability: Durability,
}

/// How the record of everything that was done is kept honest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// The file of its anchors, seen from the folder of `abide.toml`.
    pub anchors: String,
}

/// How much one pass may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// New tasks a pass, at most.
    pub open_per_pass: usize,
    /// Corrections of the team's own tasks a pass, at most.
    pub correct_per_pass: usize,
    /// How far back approval gates look at finished tasks.
    pub lookback: Duration,
    /// How long a decision may stay proposed; for good unless given.
    pub proposed: Option<Duration>,
    /// How long finished tasks stay in the table; for good unless given.
    pub kept: Option<Duration>,
}

impl Default for Config {
    /// What holds where there is no `abide.toml`.
    fn default() -> Self {
        let policy = Policy::default();
        Self {
            specs: Specs {
                repository: ".".into(),
                branch: None,
                path: "specs".into(),
                records: vec!["docs/adr".into()],
                poll: Duration::from_secs(30),
                owner: None,
            },
            store: Store { url: "sqlite:.abide/abide.db".into(), durability: Durability::default() },
            tasks: None,
            queue: QueuePolicy::default(),
            limits: Limits {
                open_per_pass: policy.open_per_pass,
                correct_per_pass: policy.correct_per_pass,
                lookback: policy.lookback,
                proposed: None,
                kept: None,
            },
            audit: Audit { anchors: "audit/anchors.txt".into() },
            sources: Sources::default(),
        }
    }
}

impl Config {
    /// Reads the text of `abide.toml`, each `(key, value)` of `overrides` in place of what it says. A key is dotted as in
    /// `tasks.table`; a value is read as TOML, and as a plain text where it is none.
    ///
    /// # Errors
    /// The first mistake, with its place.
    pub fn parse(text: &str, overrides: &[(String, String)]) -> Result<Self, ConfigError> {
        let overlay = overlay::Overlay::new(text, overrides);
        let file = overlay.read().map_err(|fault| overlay.place(fault))?;
        read::config(file).map_err(|fault| overlay.place(fault))
    }

    /// What a planner may do by this configuration.
    pub fn policy(&self) -> Policy {
        Policy {
            open_per_pass: self.limits.open_per_pass,
            correct_per_pass: self.limits.correct_per_pass,
            lookback: self.limits.lookback,
            proposed: self.limits.proposed,
            owner: self.specs.owner.clone(),
            tells: self.tells(),
        }
    }

    /// What it tells of the world that specs stand in.
    pub fn habits(&self) -> Habits {
        Habits { owner: self.specs.owner.clone(), kept: self.limits.kept }
    }

    fn tells(&self) -> Tells {
        let mapping = self.mapping();
        let any = |fields: &[Field]| fields.iter().any(|field| mapping.column(*field).is_some());
        Tells {
            role: any(&[Field::Role]),
            priority: Severity::ALL.map(|severity| any(&[Field::Priority]) && mapping.severity.says(severity)),
            agent: any(&[Field::Agent]),
            claim: any(&[Field::Agent, Field::Claimed, Field::Started]),
            finish: any(&[Field::Finished]),
        }
    }

    /// The mapping of the live tasks: the team's, or that of Abide's own table.
    pub fn mapping(&self) -> Mapping {
        self.tasks.clone().unwrap_or_else(Mapping::own)
    }
}
