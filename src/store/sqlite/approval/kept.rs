//! Everything that is kept of agreement as it stands there, for whoever holds it against the audit.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::super::fault::Done;
use super::super::row::text_of;
use crate::model::Timestamp;
use crate::store::audit::kept::{Ballot, Request, Seen, Sighting, Token};
use crate::store::audit::{self, Entry, Kept};

/// The columns of [`ballot`], and how many these are.
pub(super) const BALLOT: &str = "abide_ballots.task, nonce, policy, said, agent, at, expires, content, version, revision, is_signed, reason, touched";
pub(super) const BALLOTS: usize = 13;

/// The columns of [`request`].
const REQUEST: &str = "task, policy, asked, state, why, since, digest, touched, used, used_started, used_content";

/// The columns of [`seen`].
const SEEN: &str = "task, policy, role, vote, agent, given, content, version, at, touched";

/// What is kept of the transitions that these rows tell of, which come after a number; where they are the last ones, all the rest.
pub(in super::super) fn of(conn: &Connection, after: Option<i64>, told: &[Entry], has_more: bool) -> Done<Kept> {
    let to = told.last().filter(|_| has_more).map_or(i64::MAX, |entry| entry.seq);
    // Nothing is before the first page, whatever number it has.
    let from = after.map_or(i64::MIN, |after| after.saturating_add(1));
    let which = "touched BETWEEN ? AND ?";
    let ballots = format!("SELECT {BALLOT} FROM abide_ballots WHERE {which} ORDER BY touched, nonce");
    let requests = format!("SELECT {REQUEST} FROM abide_requests WHERE {which} ORDER BY touched, task, policy");
    let verdicts = format!("SELECT {SEEN} FROM abide_seen WHERE {which} ORDER BY touched, task, policy, role");
    let mut kept = Kept {
        ballots: rows(conn, &ballots, (from, to), ballot)?,
        requests: rows(conn, &requests, (from, to), request)?,
        seen: rows(conn, &verdicts, (from, to), seen)?,
        ..Kept::default()
    };
    let again = format!("SELECT {REQUEST} FROM abide_requests WHERE task = ? AND policy = ? AND touched < ?");
    for (entry, (task, policy)) in told.iter().filter_map(|entry| Some((entry, audit::withdrawn(entry)?))) {
        kept.risen.extend(rows(conn, &again, (task, policy, entry.seq), request)?);
    }
    if !has_more {
        let tokens = "SELECT digest, agent, made, until, revoked FROM abide_tokens ORDER BY made, digest";
        kept.tokens = rows(conn, tokens, (), token)?;
        kept.sightings = rows(conn, "SELECT revision, at FROM abide_sightings ORDER BY at, revision", (), sighting)?;
    }
    Ok(kept)
}

fn rows<T>(
    conn: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Done<Vec<T>> {
    Ok(conn.prepare_cached(sql)?.query_map(values, read)?.collect::<Result<_, _>>()?)
}

fn text(row: &Row<'_>, at: usize) -> rusqlite::Result<String> {
    Ok(text_of(row.get_ref(at)?).unwrap_or_default())
}

fn words(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<String>> {
    Ok(match row.get_ref(at)? {
        ValueRef::Null => None,
        value => Some(text_of(value).unwrap_or_default()),
    })
}

fn time(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(at)?.map(Timestamp::from_millis))
}

fn moment(row: &Row<'_>, at: usize) -> rusqlite::Result<Timestamp> {
    row.get(at).map(Timestamp::from_millis)
}

pub(super) fn ballot(row: &Row<'_>) -> rusqlite::Result<Ballot> {
    Ok(Ballot {
        task: text(row, 0)?,
        nonce: text(row, 1)?,
        policy: text(row, 2)?,
        said: text(row, 3)?,
        agent: text(row, 4)?,
        at: moment(row, 5)?,
        expires: time(row, 6)?,
        content: text(row, 7)?,
        version: text(row, 8)?,
        revision: text(row, 9)?,
        is_signed: row.get(10)?,
        reason: words(row, 11)?,
        touched: row.get(12)?,
    })
}

fn request(row: &Row<'_>) -> rusqlite::Result<Request> {
    Ok(Request {
        task: text(row, 0)?,
        policy: text(row, 1)?,
        asked: moment(row, 2)?,
        state: text(row, 3)?,
        why: words(row, 4)?,
        since: moment(row, 5)?,
        digest: text(row, 6)?,
        touched: row.get(7)?,
        used: time(row, 8)?,
        used_started: time(row, 9)?,
        used_content: words(row, 10)?,
    })
}

fn seen(row: &Row<'_>) -> rusqlite::Result<Seen> {
    Ok(Seen {
        task: text(row, 0)?,
        policy: text(row, 1)?,
        role: text(row, 2)?,
        vote: text(row, 3)?,
        agent: words(row, 4)?,
        given: time(row, 5)?,
        content: text(row, 6)?,
        version: text(row, 7)?,
        at: moment(row, 8)?,
        touched: row.get(9)?,
    })
}

fn token(row: &Row<'_>) -> rusqlite::Result<Token> {
    let [digest, agent] = [0, 1].map(|at| text(row, at));
    Ok(Token { digest: digest?, agent: agent?, made: moment(row, 2)?, until: time(row, 3)?, revoked: time(row, 4)? })
}

fn sighting(row: &Row<'_>) -> rusqlite::Result<Sighting> {
    Ok(Sighting { revision: text(row, 0)?, at: moment(row, 1)? })
}
