//! Who works: what agents say of themselves, when they report, and whether they may take work.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, Row};
use serde_json::{Value, json};

use super::super::command::Desk;
use super::super::details::skills;
use super::super::fault::{Done, damaged};
use super::super::table::Table;
use super::super::{audit, connect, heartbeats};
use super::lease;
use crate::model::{Duration, Site, Timestamp};
use crate::store::{Applied, Enlisted, Enlistment, Readiness, StoreError, queue};

const COLUMNS: &str = "name, roles, skills, class, region, machine, most, dead_after, readiness, reason";

fn enlisted(row: &Row<'_>) -> Done<Enlisted> {
    let text = |at: usize| row.get::<_, Option<String>>(at).map(|text| text.map(Arc::from));
    let list = |at: usize| row.get::<_, String>(at).map(|text| skills(&text).into_iter().collect::<Vec<Arc<str>>>());
    let readiness: String = row.get(8)?;
    let said = Enlistment {
        agent: row.get::<_, String>(0)?.into(),
        instance: Arc::from(""),
        roles: list(1)?,
        skills: list(2)?,
        site: Site { class: text(3)?, region: text(4)?, machine: text(5)? },
        most: row.get(6)?,
        dead_after: row.get::<_, Option<u64>>(7)?.map(Duration::from_millis),
    };
    let wrong = || damaged(format!("abide_agents.readiness holds `{readiness}`, which cannot be read"));
    Ok(Enlisted {
        said,
        readiness: Readiness::from_word(&readiness).ok_or_else(wrong)?,
        reason: row.get(9)?,
        seen: None,
        leases: Vec::new(),
    })
}

fn find(conn: &Connection, agent: &str) -> Done<Option<Enlisted>> {
    let sql = format!("SELECT {COLUMNS} FROM abide_agents WHERE name = ?");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([agent])?;
    rows.next()?.map(enlisted).transpose()
}

/// Whether an agent may take work; whoever never said anything may.
pub(super) fn readiness(conn: &Connection, agent: &str) -> Done<Readiness> {
    let sql = "SELECT readiness FROM abide_agents WHERE name = ?";
    let word: Option<String> = conn.prepare_cached(sql)?.query_row([agent], |row| row.get(0)).optional()?;
    Ok(word.and_then(|word| Readiness::from_word(&word)).unwrap_or_default())
}

/// What an agent has said, if anything.
pub(in super::super) fn said_of(conn: &Connection, agent: &str) -> Done<Option<Enlistment>> {
    if !connect::is_migrated(conn)? {
        return Ok(None);
    }
    Ok(find(conn, agent)?.map(|known| known.said))
}

/// Everybody who has said something, has reported or holds something, by name.
pub(in super::super) fn list(conn: &Connection, table: &Table) -> Done<Vec<Enlisted>> {
    let mut found: BTreeMap<Arc<str>, Enlisted> = BTreeMap::new();
    if connect::is_migrated(conn)? {
        let mut statement = conn.prepare(&format!("SELECT {COLUMNS} FROM abide_agents"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let enlisted = enlisted(row)?;
            found.insert(enlisted.said.agent.clone(), enlisted);
        }
        for lease in lease::all(conn)? {
            of(&mut found, &lease.agent).leases.push(lease);
        }
    }
    for (agent, beat) in heartbeats::read(conn, table)? {
        of(&mut found, &agent).seen = Some(beat.seen);
    }
    Ok(found.into_values().collect())
}

fn of<'f>(found: &'f mut BTreeMap<Arc<str>, Enlisted>, agent: &Arc<str>) -> &'f mut Enlisted {
    found.entry(agent.clone()).or_insert_with(|| Enlisted {
        said: Enlistment { agent: agent.clone(), ..Enlistment::default() },
        readiness: Readiness::default(),
        reason: None,
        seen: None,
        leases: Vec::new(),
    })
}

fn list_of(words: &[Arc<str>]) -> String {
    Value::from_iter(words.iter().map(|word| word.to_string())).to_string()
}

impl Desk<'_, '_> {
    pub(in super::super) fn enlist(&mut self, said: &Enlistment) -> Done<Applied> {
        let before = find(self.writer.tx, &said.agent)?.map(|known| known.said);
        let all = said.after(before.as_ref());
        if before.as_ref() != Some(&all) {
            let sql = "INSERT INTO abide_agents (name, roles, skills, class, region, machine, most, dead_after)
                       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                       ON CONFLICT (name) DO UPDATE SET roles = excluded.roles, skills = excluded.skills,
                         class = excluded.class, region = excluded.region, machine = excluded.machine,
                         most = excluded.most, dead_after = excluded.dead_after";
            let (roles, skills) = (list_of(&all.roles), list_of(&all.skills));
            let Site { class, region, machine } = &all.site;
            let dead_after = all.dead_after.map(Duration::as_millis);
            let place = (class.as_deref(), region.as_deref(), machine.as_deref());
            self.writer.write(sql, (&*all.agent, &roles, &skills, place.0, place.1, place.2, all.most, dead_after))?;
            let what = json!({"agent": *all.agent, "roles": roles, "skills": skills});
            audit::add(self.writer, self.now, self.by, "enlist", &what)?;
        }
        self.beat(&said.agent, &said.instance, said.dead_after)
    }

    /// An agent reports by the way, as it does something else.
    pub(super) fn notice(&mut self, agent: &str, instance: &str, dead_after: Option<Duration>) -> Done<()> {
        let sql = "SELECT seen, dead - seen FROM abide_beats WHERE agent = ? AND instance = ? AND is_swept = 0";
        let last = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, Option<u64>>(1)?));
        let last = self.writer.tx.prepare_cached(sql)?.query_row((agent, instance), last).optional()?;
        if let Some((seen, silence)) = last {
            let (seen, silence) = (Timestamp::from_millis(seen), silence.map(Duration::from_millis));
            if queue::has_just_reported(seen, silence, dead_after, self.now) {
                return Ok(());
            }
        }
        self.beat(agent, instance, dead_after)?;
        Ok(())
    }

    /// Writes no history. How long the process may be silent is as said now, as it enlisted, or as it was said last.
    pub(in super::super) fn beat(
        &mut self,
        agent: &str,
        instance: &str,
        dead_after: Option<Duration>,
    ) -> Done<Applied> {
        let sql = "INSERT INTO abide_beats (agent, instance, role, seen, dead)
                   SELECT ?1, ?2, (SELECT roles ->> '$[0]' FROM abide_agents WHERE name = ?1), ?3, ?3 + coalesce(?4,
                     (SELECT dead_after FROM abide_agents WHERE name = ?1),
                     (SELECT dead - seen FROM abide_beats WHERE agent = ?1 AND instance = ?2))
                   WHERE true
                   ON CONFLICT (agent, instance) DO UPDATE SET seen = max(seen, excluded.seen),
                     dead = excluded.dead, is_swept = 0, role = coalesce(excluded.role, role)";
        let silence = dead_after.map(Duration::as_millis);
        self.writer.write(sql, (agent, instance, self.now.as_millis(), silence))?;
        Ok(Applied::Done)
    }

    pub(in super::super) fn station(
        &mut self,
        agent: &Arc<str>,
        readiness: Readiness,
        reason: Option<&str>,
    ) -> Done<Applied> {
        let known = find(self.writer.tx, agent)?;
        if known.as_ref().is_some_and(|known| known.readiness == readiness && known.reason.as_deref() == reason) {
            return Ok(Applied::Done);
        }
        let sql = "INSERT INTO abide_agents (name, roles, skills, readiness, reason) VALUES (?, '[]', '[]', ?, ?)
                   ON CONFLICT (name) DO UPDATE SET readiness = excluded.readiness, reason = excluded.reason";
        self.writer.write(sql, (&**agent, readiness.word(), reason))?;
        let what = json!({"agent": **agent, "readiness": readiness.word(), "reason": reason});
        audit::add(self.writer, self.now, self.by, "station", &what)?;
        Ok(Applied::Done)
    }

    /// Forgets an agent that holds nothing.
    pub(in super::super) fn delist(&mut self, agent: &Arc<str>) -> Done<Applied> {
        // What is held no longer keeps nobody.
        self.sweep()?;
        let tx = self.writer.tx;
        let held: Vec<_> = lease::all(tx)?.into_iter().filter(|lease| lease.agent == *agent).collect();
        if !held.is_empty() {
            return Err(StoreError::Stale(queue::still_holds(agent, &held)).into());
        }
        let is_known = find(tx, agent)?.is_some()
            || tx.prepare_cached("SELECT 1 FROM abide_beats WHERE agent = ?")?.exists([&**agent])?;
        if !is_known {
            return Err(self.stranger(agent)?.into());
        }
        self.writer.write("DELETE FROM abide_agents WHERE name = ?", [&**agent])?;
        self.writer.write("DELETE FROM abide_beats WHERE agent = ?", [&**agent])?;
        audit::add(self.writer, self.now, self.by, "delist", &json!({"agent": **agent}))?;
        Ok(Applied::Done)
    }

    /// That an agent never said anything to Abide.
    fn stranger(&self, agent: &str) -> Done<StoreError> {
        let known = list(self.writer.tx, self.layout.table)?;
        let team = self.layout.mapping.agents.as_ref().filter(|_| !self.layout.mapping.own);
        if let Some(team) = team.filter(|_| known.iter().any(|other| *other.said.agent == *agent)) {
            let what = format!("{agent} has said nothing to Abide: it reports in {}", team.table);
            return Ok(StoreError::Impossible(format!("{what}, which is not Abide's; remove it there")));
        }
        Ok(queue::stranger(agent, known.iter().map(|other| &*other.said.agent)))
    }

    /// Refuses work to whoever may take none.
    pub(super) fn must_be_ready(&self, agent: &str) -> Done<()> {
        let readiness = readiness(self.writer.tx, agent)?;
        if readiness == Readiness::Active {
            return Ok(());
        }
        let what = format!("{agent} is {}, so it takes no work", readiness.word());
        Err(StoreError::Denied(what).into())
    }

    /// Which of these agents are away: paused, or silent for longer than they may be.
    pub(super) fn away<'a>(&self, agents: impl Iterator<Item = &'a Arc<str>>) -> Done<Vec<Arc<str>>> {
        let mut away = Vec::new();
        for agent in agents {
            if readiness(self.writer.tx, agent)? != Readiness::Active || self.is_silent(agent)? {
                away.push(agent.clone());
            }
        }
        Ok(away)
    }

    /// Whether all processes of an agent are silent for longer than they may be. One that may be silent is never too silent.
    fn is_silent(&self, agent: &str) -> Done<bool> {
        let sql =
            "SELECT count(*) > 0 AND count(dead) = count(*) AND max(dead) <= ?2 FROM abide_beats WHERE agent = ?1";
        let now = self.now.as_millis();
        let silent: Option<bool> = self.writer.tx.prepare_cached(sql)?.query_row((agent, now), |row| row.get(0))?;
        Ok(silent.unwrap_or_default())
    }
}
