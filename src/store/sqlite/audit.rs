//! What was done, by whom and when: a chain in which no row can be changed or taken out unseen.

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension as _, Row, Rows, params_from_iter};
use serde_json::Value;

use super::connect::is_migrated;
use super::fault::Done;
use super::row::text_of;
use super::writer::Writer;
use crate::model::{TaskId, Timestamp};
use crate::store::Told;
use crate::store::audit::{Chain, Entry, Extract, Head, Page, Verified, Witness};

const COLUMNS: &str = "seq, at, who, action, what, prev, hash";

/// Adds the row of one transition.
pub(super) fn add(writer: &mut Writer<'_>, at: Timestamp, who: &str, action: &str, what: &Value) -> Done<()> {
    let head = match writer.audited.take() {
        Some(head) => Some(head),
        None => head(writer.tx)?,
    };
    let entry = Entry::after(head, at, who, action, what.to_string());
    writer.audited = Some(entry.head());
    let Entry { seq, at, who, action, what, prev, hash } = entry;
    let sql = "INSERT INTO abide_audit (seq, at, who, action, what, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?)";
    writer.write(sql, (seq, at.as_millis(), who, action, what, prev, hash))?;
    Ok(())
}

/// Adds the row of one transition, and says its number.
pub(super) fn number(writer: &mut Writer<'_>, at: Timestamp, who: &str, (action, what): (&str, &Value)) -> Done<i64> {
    add(writer, at, who, action, what)?;
    Ok(writer.audited.as_ref().map_or(0, |head| head.seq))
}

/// When the newest transition was.
pub(super) fn newest(conn: &Connection) -> Done<Option<Timestamp>> {
    let sql = "SELECT at FROM abide_audit ORDER BY seq DESC LIMIT 1";
    let at: Option<i64> = conn.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
    Ok(at.map(Timestamp::from_millis))
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

/// The chain's end.
fn head(conn: &Connection) -> rusqlite::Result<Option<Head>> {
    let sql = "SELECT seq, hash FROM abide_audit ORDER BY seq DESC LIMIT 1";
    let head = |row: &Row<'_>| Ok(Head { seq: row.get(0)?, hash: row.get(1)? });
    conn.prepare_cached(sql)?.query_row([], head).optional()
}

/// A row as it stands there. Whatever somebody has put into it is told as wrong, and not as unreadable.
fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let text = |at: usize| Ok::<_, rusqlite::Error>(text_of(row.get_ref(at)?).unwrap_or_default());
    Ok(Entry {
        seq: row.get(0)?,
        at: Timestamp::from_millis(row.get(1)?),
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
        rows.push(entry(row)?);
    }
    if wanted.newest {
        rows.reverse();
    }
    let witness = if has_more { None } else { Some(witness(&tx)?) };
    Ok(Page { rows, has_more, witness })
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
    let sql = "SELECT nullif(max(token, coalesce((SELECT max(token) FROM abide_claims), 0)), 0) FROM abide_state";
    let token = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    let sql = "SELECT max(at) FROM (
                 SELECT max(touched) AS at FROM abide_remediations UNION ALL SELECT max(taken) FROM abide_claims
                 UNION ALL SELECT max(since) FROM abide_holds UNION ALL SELECT max(released_at) FROM abide_holds
                 UNION ALL SELECT max(at) FROM abide_enforcements)";
    let moment: Option<i64> = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(Witness { token, moment: moment.map(Timestamp::from_millis) })
}

/// Walks the whole chain.
pub(super) fn verify(conn: &Connection) -> Done<Verified> {
    let tx = conn.unchecked_transaction()?;
    let mut chain = Chain::default();
    let mut statement = tx.prepare(&format!("SELECT {COLUMNS} FROM abide_audit ORDER BY seq"))?;
    let mut rows: Rows<'_> = statement.query([])?;
    while let Some(row) = rows.next()? {
        chain.step(&entry(row)?);
    }
    Ok(chain.finish(witness(&tx)?))
}
