//! Who may take over the work of an agent that is silent.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Agent;
use crate::kinds::{Body, Specs};
use crate::model::{Duration, Heartbeat, Kind, Name, SpecId, Timestamp};

/// What heartbeats tell of the backups of an agent, in the order in which they are named.
#[derive(Default)]
pub(super) struct Backups {
    /// Those that have reported in time.
    alive: Vec<SpecId>,
    /// Those that never reported, so that nobody can tell.
    unheard: Vec<SpecId>,
    /// Those that are silent themselves, each with for how long.
    silent: Vec<(SpecId, Duration)>,
}

impl Backups {
    /// How the backups of `agent`, which is called `name`, stand. One that says no `deadAfter` of its own is held to that
    /// of the agent.
    pub(super) fn of(
        (name, agent): (&Name, &Agent),
        dead_after: Duration,
        beats: &BTreeMap<Arc<str>, Heartbeat>,
        (specs, now): (&Specs, Timestamp),
    ) -> Self {
        let mut backups = Self::default();
        for id in agent.backup.iter().filter_map(|link| link.id(Some(Kind::Agent))).filter(|id| id.name != *name) {
            let own = specs.get(&id).and_then(|spec| match &spec.body {
                Body::Agent(agent) => agent.heartbeat.as_ref()?.dead_after,
                _ => None,
            });
            match beats.get(id.name.as_str()).map(|beat| now.since(beat.seen)) {
                None => backups.unheard.push(id),
                Some(silence) if silence <= own.unwrap_or(dead_after) => backups.alive.push(id),
                Some(silence) => backups.silent.push((id, silence)),
            }
        }
        backups
    }

    /// To whom the work may be given, and who is no help, as the end of a sentence. Empty where there are no backups.
    pub(super) fn says(&self) -> String {
        let names = |ids: &[SpecId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
        let mut text = match (self.alive.as_slice(), self.unheard.as_slice()) {
            ([], []) => String::new(),
            ([], unheard) => format!(", or give its work to {}, of whom nobody knows: no report yet", names(unheard)),
            (alive, _) => format!(", or give its work to {}", names(alive)),
        };
        for (id, silence) in &self.silent {
            text.push_str(&format!("; {id} is no help, it has been silent for {silence} itself"));
        }
        text
    }
}
