//! What was done, by whom and when: a chain in which no row can be changed or taken out unseen.

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension as _, Row, params_from_iter};
use serde_json::Value;

use super::approval::kept;
use super::connect::is_migrated;
use super::fault::Done;
use super::queue::lease;
use super::row::text_of;
use super::writer::Writer;
use crate::model::{TaskId, Timestamp};
use crate::store::Told;
use crate::store::audit::{Chain, Entry, Extract, Head, Page, Verified, Witness, time};

const COLUMNS: &str = "seq, at, who, action, what, prev, hash";

/// Where the record ends, as a transaction sees it.
#[derive(Debug, Clone, Default)]
pub(super) struct End {
    /// The last row and when it was written; none where there is none yet.
    last: Option<(Head, Timestamp)>,
    /// The latest time at which anything was written, a few seconds early at most.
    latest: Option<Timestamp>,
}

impl End {
    /// The latest time that is on record.
    pub(super) fn latest(&self) -> Option<Timestamp> {
        self.at().max(self.latest)
    }

    /// The number of the last row; 0 where there is none.
    pub(super) fn number(&self) -> i64 {
        self.last.as_ref().map_or(0, |(head, _)| head.seq)
    }

    /// When the last row was written.
    pub(super) fn at(&self) -> Option<Timestamp> {
        self.last.as_ref().map(|(_, at)| *at)
    }
}

/// Where the record ends: it is looked for once a transaction.
pub(super) fn end<'w>(writer: &'w mut Writer<'_>) -> Done<&'w mut End> {
    let end = match writer.audited.take() {
        Some(end) => end,
        None => read_end(writer.tx)?,
    };
    Ok(writer.audited.insert(end))
}

/// Adds the row of one transition.
pub(super) fn add(writer: &mut Writer<'_>, at: Timestamp, who: &str, action: &str, what: &Value) -> Done<()> {
    let end = end(writer)?;
    let at = time::not_before(at, end.at());
    let head = end.last.take().map(|(head, _)| head);
    let entry = Entry::after(head, at, who, action, what.to_string());
    end.last = Some((entry.head(), at));
    if time::is_latest(at, end.latest) {
        end.latest = Some(at);
        writer.write("UPDATE abide_state SET latest = ?", [at.as_millis()])?;
    }
    let Entry { seq, at, who, action, what, prev, hash } = entry;
    let sql = "INSERT INTO abide_audit (seq, at, who, action, what, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?)";
    writer.write(sql, (seq, at.as_millis(), who, action, what, prev, hash))?;
    Ok(())
}

/// Adds the row of one transition, and says its number.
pub(super) fn number(writer: &mut Writer<'_>, at: Timestamp, who: &str, (action, what): (&str, &Value)) -> Done<i64> {
    add(writer, at, who, action, what)?;
    Ok(end(writer)?.number())
}

/// Takes what the clock shows now for the time, whatever is on record.
pub(super) fn trust(writer: &mut Writer<'_>, now: Timestamp) -> Done<()> {
    end(writer)?.latest = Some(now);
    writer.write("UPDATE abide_state SET latest = ?", [now.as_millis()])?;
    Ok(())
}

/// Every transition of one task, the oldest first.
pub(super) fn story(conn: &Connection, task: &TaskId) -> Done<Vec<Told>> {
    if !is_migrated(conn)? {
        return Ok(Vec::new());
    }
    let sql = "SELECT seq, at, who, action, what FROM abide_audit WHERE task = ? ORDER BY seq";
    let told = |row: &Row<'_>| {
        let at = Timestamp::from_millis(row.get(1)?);
        Ok(Told { number: row.get(0)?, at, by: row.get(2)?, action: row.get(3)?, what: row.get(4)? })
    };
    Ok(conn.prepare_cached(sql)?.query_map([&*task.0], told)?.collect::<Result<_, _>>()?)
}

fn read_end(conn: &Connection) -> rusqlite::Result<End> {
    let sql = "SELECT seq, hash, at, (SELECT latest FROM abide_state) FROM abide_audit ORDER BY seq DESC LIMIT 1";
    let time = |row: &Row<'_>, at| row.get::<_, Option<i64>>(at).map(|at| at.map(Timestamp::from_millis));
    let end = |row: &Row<'_>| {
        let head = Head { seq: row.get(0)?, hash: row.get(1)? };
        Ok(End { last: Some((head, Timestamp::from_millis(row.get(2)?))), latest: time(row, 3)? })
    };
    Ok(conn.prepare_cached(sql)?.query_row([], end).optional()?.unwrap_or_default())
}

/// A row as it stands there, from a column on. Whatever somebody has put into it is told as wrong, and not as unreadable.
pub(super) fn entry(row: &Row<'_>, from: usize) -> rusqlite::Result<Entry> {
    let text = |at: usize| Ok::<_, rusqlite::Error>(text_of(row.get_ref(from + at)?).unwrap_or_default());
    Ok(Entry {
        seq: row.get(from)?,
        at: Timestamp::from_millis(row.get(from + 1)?),
        who: text(2)?,
        action: text(3)?,
        what: text(4)?,
        prev: text(5)?,
        hash: text(6)?,
    })
}

/// The rows that somebody wants, and with the last of them what else is known of how far they go.
pub(super) fn page(conn: &mut Connection, wanted: &Extract) -> Done<Page> {
    if !is_migrated(conn)? {
        return Ok(Page { witness: Some(Witness::default()), ..Page::default() });
    }
    let tx = conn.transaction()?;
    page_of(&tx, wanted)
}

/// The same, as a transaction sees them.
fn page_of(tx: &Connection, wanted: &Extract) -> Done<Page> {
    let (condition, values) = condition(wanted);
    let order = if wanted.newest { "DESC" } else { "ASC" };
    let sql = format!("SELECT {COLUMNS} FROM abide_audit WHERE {condition} ORDER BY seq {order}");
    let mut statement = tx.prepare_cached(&sql)?;
    let mut found = statement.query(params_from_iter(values))?;
    let mut rows = Vec::new();
    let mut has_more = false;
    while let Some(row) = found.next()? {
        if rows.len() == wanted.most {
            has_more = true;
            break;
        }
        rows.push(entry(row, 0)?);
    }
    if wanted.newest {
        rows.reverse();
    }
    let kept = if wanted.kept { Some(kept::of(tx, wanted.after, &rows, has_more)?) } else { None };
    let witness = if has_more { None } else { Some(witness(tx)?) };
    Ok(Page { rows, has_more, witness, kept })
}

fn condition(wanted: &Extract) -> (String, Vec<Sql>) {
    let Extract { after, task, who, action, since, until, .. } = wanted;
    let time = |at: &Option<Timestamp>| at.map(|at| Sql::from(at.as_millis()));
    let text = |text: &Option<String>| text.clone().map(Sql::from);
    let parts = [
        ("seq > ?", after.map(Sql::from)),
        ("task = ?", task.as_ref().map(|task| Sql::from(task.0.to_string()))),
        ("who = ?", text(who)),
        ("action = ?", text(action)),
        ("at >= ?", time(since)),
        ("at <= ?", time(until)),
    ];
    let asked: Vec<(&str, Sql)> = parts.into_iter().filter_map(|(part, value)| Some((part, value?))).collect();
    let (conditions, values): (Vec<&str>, Vec<Sql>) = asked.into_iter().unzip();
    if conditions.is_empty() { ("true".to_owned(), values) } else { (conditions.join(" AND "), values) }
}

/// What Abide's other tables know of transitions. Each of these values is written in one transaction with an audit row of the same
/// moment, or of that claim.
fn witness(conn: &Connection) -> rusqlite::Result<Witness> {
    let token = lease::newest(conn)?.map(|token| token.0);
    let sql = "SELECT max(at) FROM (
                 SELECT max(touched) AS at FROM abide_remediations UNION ALL SELECT max(taken) FROM abide_claims
                 UNION ALL SELECT max(since) FROM abide_holds UNION ALL SELECT max(released_at) FROM abide_holds
                 UNION ALL SELECT max(at) FROM abide_enforcements UNION ALL SELECT latest FROM abide_state
                 UNION ALL SELECT max(at) FROM abide_sightings
                 UNION ALL SELECT max(made) FROM abide_tokens UNION ALL SELECT max(revoked) FROM abide_tokens)";
    let moment: Option<i64> = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    let sql = "SELECT max(row) FROM (SELECT max(touched) AS row FROM abide_ballots
                 UNION ALL SELECT max(touched) FROM abide_requests UNION ALL SELECT max(touched) FROM abide_seen)";
    let named = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(Witness { token, moment: moment.map(Timestamp::from_millis), named })
}

/// Walks the whole chain, with what other tables keep of it.
pub(super) fn verify(conn: &Connection) -> Done<Verified> {
    let tx = conn.unchecked_transaction()?;
    let mut chain = Chain::default();
    let mut after = None;
    loop {
        let page = page_of(&tx, &Extract::verified(after))?;
        after = page.rows.last().map(|entry| entry.seq);
        if let Some(witness) = chain.take(page) {
            return Ok(chain.finish(witness));
        }
    }
}
