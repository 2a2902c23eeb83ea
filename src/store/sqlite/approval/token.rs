//! What shows who somebody is, and when commits were first seen.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _};
use serde_json::json;

use super::super::audit;
use super::super::command::Desk;
use super::super::fault::Done;
use crate::model::{Denial, Digest, Reason, Timestamp};
use crate::store::{Applied, Proof, StoreError};

impl Desk<'_, '_> {
    /// Lets a token show who somebody is. Only its digest is kept: it is random and long, so that nobody finds it by trying.
    pub(in super::super) fn entrust(
        &mut self,
        agent: &Arc<str>,
        token: &Digest,
        until: Option<Timestamp>,
    ) -> Done<Applied> {
        let sql = "INSERT INTO abide_tokens (digest, agent, made, until) VALUES (?, ?, ?, ?)";
        let until_millis = until.map(Timestamp::as_millis);
        self.writer.write(sql, (token.to_string(), &**agent, self.now.as_millis(), until_millis))?;
        // The digest says which token the row is about, and lets nobody use it.
        let (digest, until) = (format!("sha256:{token}"), until.map(|until| until.to_string()));
        let what = json!({"agent": **agent, "digest": digest, "until": until});
        audit::add(self.writer, self.now, self.by, "entrust", &what)?;
        Ok(Applied::Done)
    }

    /// Takes back every token of somebody.
    pub(in super::super) fn distrust(&mut self, agent: &Arc<str>) -> Done<Applied> {
        let sql = "UPDATE abide_tokens SET revoked = ? WHERE agent = ? AND revoked IS NULL";
        let tokens = self.writer.write(sql, (self.now.as_millis(), &**agent))?;
        if tokens > 0 {
            let what = json!({"agent": **agent, "tokens": tokens});
            audit::add(self.writer, self.now, self.by, "distrust", &what)?;
        }
        Ok(Applied::Swept(tokens))
    }

    /// Refuses whoever does not show that they are who they say.
    pub(super) fn must_be(&self, agent: &str, proof: Proof) -> Done<()> {
        let why = match proof {
            Proof::Key => return Ok(()),
            Proof::Nothing => format!("nothing shows that it is agent/{agent} who says so"),
            Proof::Token(token) => match self.trusted(&token)? {
                Ok(owner) if *owner == *agent => return Ok(()),
                Ok(owner) => format!("the token is one of agent/{owner}, and not of agent/{agent}"),
                Err(why) => why,
            },
        };
        Err(StoreError::Unheard(Denial::new(Reason::NoCredential, why)).into())
    }

    /// Whose token it is, or why it is nobody's.
    fn trusted(&self, token: &Digest) -> Done<Result<String, String>> {
        let sql = "SELECT agent, until, revoked FROM abide_tokens WHERE digest = ?";
        let mut statement = self.writer.tx.prepare_cached(sql)?;
        let found = statement
            .query_row([token.to_string()], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, Option<i64>>(2)?))
            })
            .optional()?;
        let now = self.now.as_millis();
        Ok(match found {
            None => Err("nobody was given that token".to_owned()),
            Some((agent, _, Some(revoked))) => {
                Err(format!("that token of agent/{agent} was taken back at {}", Timestamp::from_millis(revoked)))
            }
            Some((agent, Some(until), None)) if until <= now => {
                Err(format!("that token of agent/{agent} ran out at {}", Timestamp::from_millis(until)))
            }
            Some((agent, ..)) => Ok(agent),
        })
    }

    /// Writes down when commits were first seen: whether a key was valid goes by it.
    pub(in super::super) fn sight(&mut self, revisions: &[Arc<str>]) -> Done<Applied> {
        let sql = "INSERT INTO abide_sightings (revision, at) VALUES (?, ?) ON CONFLICT (revision) DO NOTHING";
        let now = self.now.as_millis();
        let mut new: Vec<&str> = Vec::new();
        for revision in revisions {
            if self.writer.write(sql, (&**revision, now))? > 0 {
                new.push(revision);
            }
        }
        if !new.is_empty() {
            audit::add(self.writer, self.now, self.by, "sight", &json!({"revisions": new}))?;
        }
        Ok(Applied::Swept(new.len()))
    }
}

/// When commits were first seen.
pub(in super::super) fn sightings(conn: &Connection) -> Done<BTreeMap<Arc<str>, Timestamp>> {
    let mut statement = conn.prepare_cached("SELECT revision, at FROM abide_sightings")?;
    let seen = statement
        .query_map([], |row| Ok((Arc::from(row.get::<_, String>(0)?), Timestamp::from_millis(row.get(1)?))))?;
    Ok(seen.collect::<Result<_, _>>()?)
}
