//! Who works, as a store knows it: what agents say of themselves, and whether they may take work.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Lease;
use crate::model::{Duration, Site, Timestamp};

/// What an agent says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Enlistment {
    /// Its name.
    pub agent: Arc<str>,
    /// Which of its processes; empty where there is only one.
    pub instance: Arc<str>,
    /// The roles that it has.
    pub roles: Vec<Arc<str>>,
    /// What it knows.
    pub skills: Vec<Arc<str>>,
    /// Where it runs.
    pub site: Site,
    /// How many tasks it may hold at once; no limit unless given.
    pub most: Option<u32>,
    /// After how long a silence its work is given back; never before its lease ends unless given.
    pub dead_after: Option<Duration>,
}

impl Enlistment {
    /// All that an agent has said once it has said this: what it does not say again stays as it was. It is said of no process, and
    /// names each word once.
    pub(crate) fn after(&self, before: Option<&Self>) -> Self {
        let before = before.cloned().unwrap_or_default();
        let words = |now: &Vec<Arc<str>>, before: Vec<Arc<str>>| -> Vec<Arc<str>> {
            let words = if now.is_empty() { before } else { now.clone() };
            words.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
        };
        Self {
            agent: self.agent.clone(),
            instance: Arc::from(""),
            roles: words(&self.roles, before.roles),
            skills: words(&self.skills, before.skills),
            site: self.site.clone().or(before.site),
            most: self.most.or(before.most),
            dead_after: self.dead_after.or(before.dead_after),
        }
    }
}

/// Whether an agent may take work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Readiness {
    /// It may.
    #[default]
    Active,
    /// It ends what it has, and takes nothing more.
    Draining,
    /// It takes nothing for now, and others do its work.
    Paused,
}

impl Readiness {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Active, Self::Draining, Self::Paused];

    /// As it is printed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Draining => "draining",
            Self::Paused => "paused",
        }
    }

    /// The one of that word, if any.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|readiness| readiness.word() == word)
    }
}

/// An agent as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enlisted {
    /// What it said of itself; the instance is empty.
    pub said: Enlistment,
    /// Whether it may take work.
    pub readiness: Readiness,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    /// When it reported last.
    pub seen: Option<Timestamp>,
    /// What it holds.
    pub leases: Vec<Lease>,
}

impl Enlisted {
    /// Whether it has been silent for longer than it may be, so that its work goes back and its backups do it.
    pub fn is_silent(&self, now: Timestamp) -> bool {
        let dead = self.seen.and_then(|seen| Some(seen.plus(self.said.dead_after?)));
        dead.is_some_and(|dead| dead <= now)
    }
}
