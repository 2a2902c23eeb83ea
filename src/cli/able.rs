//! What one can do, and where: of a worker what it brings, of a task what it demands.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Demand, Site};

/// What one can do, and where.
#[derive(Debug, Clone, clap::Args)]
pub struct Able {
    /// A skill: of a task one that it demands, of an agent one that it has. May be given several times.
    #[arg(long = "skill", value_name = "SKILL", value_delimiter = ',')]
    pub skills: Vec<String>,
    /// What bounds the work: cpu, io or llm. A task waits a while for an agent of its class, and then goes to any.
    #[arg(long, value_parser = ["cpu", "io", "llm"])]
    pub class: Option<String>,
    /// The region; as the class.
    #[arg(long)]
    pub region: Option<String>,
    /// The machine; as the class.
    #[arg(long)]
    pub machine: Option<String>,
}

impl Able {
    /// The skills, each once.
    pub fn skills(&self) -> BTreeSet<Arc<str>> {
        self.skills.iter().map(|skill| skill.as_str().into()).collect()
    }

    /// Where.
    pub fn site(&self) -> Site {
        let shared = |text: &Option<String>| text.as_deref().map(Arc::from);
        Site { class: shared(&self.class), region: shared(&self.region), machine: shared(&self.machine) }
    }

    /// All of it, as a task demands it.
    pub fn demand(&self) -> Demand {
        Demand { skills: self.skills(), site: self.site() }
    }
}
