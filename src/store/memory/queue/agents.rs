//! Who works.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::{Applied, Beat, State, Who};
use crate::model::{Duration, Heartbeat, Timestamp};
use crate::store::{Enlisted, Enlistment, Readiness, StoreError, queue};

fn nobody(agent: &Arc<str>) -> Enlisted {
    Enlisted {
        said: Enlistment { agent: agent.clone(), ..Enlistment::default() },
        readiness: Readiness::default(),
        reason: None,
        seen: None,
        leases: Vec::new(),
    }
}

impl State {
    pub(in super::super) fn said_of(&self, agent: &str) -> Option<Enlistment> {
        self.queue.agents.get(agent).map(|known| known.said.clone())
    }

    pub(in super::super) fn agents(&self) -> Vec<Enlisted> {
        let mut found: BTreeMap<Arc<str>, Enlisted> = self.queue.agents.clone();
        for kept in self.queue.claims.values() {
            let agent = &kept.lease.agent;
            found.entry(agent.clone()).or_insert_with(|| nobody(agent)).leases.push(kept.lease.clone());
        }
        for (agent, beat) in &self.heartbeats {
            found.entry(agent.clone()).or_insert_with(|| nobody(agent)).seen = Some(beat.seen);
        }
        found.values_mut().for_each(|agent| agent.leases.sort_by_key(|lease| lease.token));
        found.into_values().collect()
    }

    pub(in super::super) fn enlist(&mut self, said: &Enlistment, (by, now): Who<'_>) -> Applied {
        let agent = &said.agent;
        let before = self.queue.agents.get(agent).map(|known| &known.said);
        let all = said.after(before);
        if before != Some(&all) {
            self.queue.agents.entry(agent.clone()).or_insert_with(|| nobody(agent)).said = all;
            self.tell(now, by, "enlist", (None, None), &json!({"agent": **agent}));
        }
        self.report((agent, &said.instance), said.dead_after, now)
    }

    /// An agent reports by the way, as it does something else.
    pub(super) fn notice(&mut self, process: (&Arc<str>, &Arc<str>), dead_after: Option<Duration>, now: Timestamp) {
        let last = self.queue.beats.get(&(process.0.clone(), process.1.clone())).filter(|beat| !beat.is_swept);
        if !last.is_some_and(|beat| queue::has_just_reported(beat.seen, beat.dead_after, dead_after, now)) {
            self.report(process, dead_after, now);
        }
    }

    pub(in super::super) fn report(
        &mut self,
        (agent, instance): (&Arc<str>, &Arc<str>),
        dead_after: Option<Duration>,
        now: Timestamp,
    ) -> Applied {
        let known = self.queue.agents.get(agent);
        let process = (agent.clone(), instance.clone());
        let before = self.queue.beats.get(&process);
        let dead_after = dead_after.or_else(|| known?.said.dead_after).or_else(|| before?.dead_after);
        let role = known.and_then(|known| known.said.roles.first().cloned());
        self.queue.beats.insert(process, Beat { seen: now, dead_after, is_swept: false });
        let beat = self.heartbeats.entry(agent.clone()).or_insert(Heartbeat { seen: now, role: None });
        beat.seen = beat.seen.max(now);
        beat.role = role.or_else(|| beat.role.clone());
        self.writes.push(super::super::Write::Beat);
        Applied::Done
    }

    pub(in super::super) fn station(
        &mut self,
        agent: &Arc<str>,
        readiness: Readiness,
        reason: Option<&str>,
        (by, now): Who<'_>,
    ) -> Applied {
        let known = self.queue.agents.entry(agent.clone()).or_insert_with(|| nobody(agent));
        if known.readiness != readiness || known.reason.as_deref() != reason {
            known.readiness = readiness;
            known.reason = reason.map(str::to_owned);
            self.tell(now, by, "station", (None, None), &json!({"agent": **agent}));
        }
        Applied::Done
    }

    /// Forgets an agent that holds nothing.
    pub(in super::super) fn delist(&mut self, agent: &Arc<str>, (by, now): Who<'_>) -> Result<Applied, StoreError> {
        self.sweep(now);
        let known = self.agents();
        let Some(found) = known.iter().find(|known| known.said.agent == *agent) else {
            return Err(queue::stranger(agent, known.iter().map(|other| &*other.said.agent)));
        };
        if !found.leases.is_empty() {
            return Err(StoreError::Stale(queue::still_holds(agent, &found.leases)));
        }
        self.queue.agents.remove(agent);
        self.queue.beats.retain(|(name, _), _| name != agent);
        self.heartbeats.remove(agent);
        self.writes.push(super::super::Write::Beat);
        self.tell(now, by, "delist", (None, None), &json!({"agent": **agent}));
        Ok(Applied::Done)
    }

    /// Whether an agent is away: paused, or silent for longer than it may be.
    pub(super) fn is_away(&self, agent: &Arc<str>, now: Timestamp) -> bool {
        let is_active = self.queue.agents.get(agent).is_none_or(|known| known.readiness == Readiness::Active);
        let mut beats = self.queue.beats.iter().filter(|((name, _), _)| name == agent).map(|(_, beat)| beat).peekable();
        !is_active || (beats.peek().is_some() && beats.all(|beat| beat.is_dead(now)))
    }
}
