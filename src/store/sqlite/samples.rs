//! The figures of service levels as they were.

use rusqlite::{Connection, OptionalExtension, Row};

use super::fault::Done;
use super::{lease, lock};
use crate::model::{Epoch, Sample, SpecId, Subject, Timestamp};
use crate::store::{KEPT_FOR, StoreError};

const COLUMNS: &str = "subject, at, state, target, good, total, budget, spent, burn";

/// Keeps samples: of each target one an hour, and none that tells what the one before it told.
pub(super) fn keep(conn: &mut Connection, samples: &[Sample], fence: Epoch, now: Timestamp) -> Done<usize> {
    let tx = lock::books(conn)?;
    lease::hold_to(&tx, fence)?;
    let mut kept = 0;
    {
        let last = format!(
            "SELECT {COLUMNS} FROM abide_samples WHERE spec = ? AND subject = ? AND hour < ? ORDER BY hour DESC LIMIT 1"
        );
        let mut last = tx.prepare_cached(&last)?;
        let mut insert = tx.prepare_cached(
            "INSERT INTO abide_samples (spec, subject, hour, at, state, target, good, total, budget, spent, burn)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )?;
        for it in samples {
            let (spec, subject) = (it.spec.to_string(), it.subject.as_str());
            let before = last.query_row((&spec, subject, it.hour()), |row| read(&it.spec, row)).optional()?;
            if before.is_some_and(|before| !it.differs(&before)) {
                continue;
            }
            let figures = (it.target, it.good, it.total, it.budget, it.spent, it.burn);
            let (target, good, total, budget, spent, burn) = figures;
            kept += insert.execute(rusqlite::params![
                spec,
                subject,
                it.hour(),
                it.at.as_millis(),
                &*it.state,
                target,
                good,
                total,
                budget,
                spent,
                burn
            ])?;
        }
    }
    tx.execute("DELETE FROM abide_samples WHERE at < ?", [now.minus(KEPT_FOR).as_millis()])?;
    tx.commit()?;
    Ok(kept)
}

/// The samples of a service level since a moment, in order of target and time.
pub(super) fn history(conn: &Connection, spec: &SpecId, since: Timestamp) -> Done<Vec<Sample>> {
    if !has_table(conn)? {
        return Ok(Vec::new());
    }
    let text = format!("SELECT {COLUMNS} FROM abide_samples WHERE spec = ? AND at >= ? ORDER BY subject, hour");
    let mut all = conn.prepare_cached(&text)?;
    let rows = all.query_map((spec.to_string(), since.as_millis()), |row| read(spec, row))?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>();
    rows.map_err(|error| match error {
        rusqlite::Error::InvalidColumnType(..) => StoreError::Damaged(format!("a sample of {spec}: {error}")).into(),
        other => other.into(),
    })
}

/// Whether samples are kept at all: a database that an older version wrote is read as it is.
fn has_table(conn: &Connection) -> rusqlite::Result<bool> {
    let text = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'abide_samples'";
    conn.query_row(text, [], |row| row.get::<_, i64>(0).map(|count| count > 0))
}

fn read(spec: &SpecId, row: &Row<'_>) -> rusqlite::Result<Sample> {
    Ok(Sample {
        spec: spec.clone(),
        subject: Subject::stored(&row.get::<_, String>(0)?),
        at: Timestamp::from_millis(row.get(1)?),
        state: row.get::<_, String>(2)?.into(),
        target: row.get(3)?,
        good: row.get(4)?,
        total: row.get(5)?,
        budget: row.get(6)?,
        spent: row.get(7)?,
        burn: row.get(8)?,
    })
}
