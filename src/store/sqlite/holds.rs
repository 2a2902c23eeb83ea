//! Steps that wait for a person.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;
use serde_json::json;

use super::audit;
use super::fault::Done;
use super::writer::Writer;
use crate::diagnostic::nearest;
use crate::model::{ABIDE, HoldId, Plan, Timestamp};
use crate::store::StoreError;

/// Every hold, and whether somebody has released it.
pub(super) fn read(conn: &Connection) -> rusqlite::Result<BTreeMap<HoldId, bool>> {
    let mut statement = conn.prepare("SELECT id, released_at IS NOT NULL FROM abide_holds")?;
    let hold = |row: &rusqlite::Row<'_>| Ok((HoldId(row.get::<_, String>(0)?.into()), row.get(1)?));
    statement.query_map([], hold)?.collect()
}

/// Makes the holds those that the plan leaves.
pub(super) fn sync(writer: &mut Writer<'_>, plan: &Plan) -> Done<()> {
    let before = read(writer.tx)?;
    let after = plan.holds(&before);
    let waiting: BTreeMap<&HoldId, _> = plan.held.iter().map(|held| (&held.id, held)).collect();
    for (id, held) in waiting.into_iter().filter(|(id, _)| after.contains_key(*id) && !before.contains_key(*id)) {
        let sql = "INSERT INTO abide_holds (id, action, fingerprint, reason, since) VALUES (?, ?, ?, ?, ?)";
        let fingerprint = held.fingerprint.as_ref().map(|print| print.as_str());
        writer.write(sql, (&*id.0, held.action, fingerprint, &held.reason, plan.at.as_millis()))?;
        audit::add(writer, plan.at, ABIDE, "hold", &json!({"hold": *id.0, "reason": held.reason}))?;
    }
    for id in before.keys().filter(|id| !after.contains_key(*id)) {
        writer.write("DELETE FROM abide_holds WHERE id = ?", [&*id.0])?;
        audit::add(writer, plan.at, ABIDE, "unhold", &json!({"hold": *id.0}))?;
    }
    Ok(())
}

/// What the live table refused in the last pass, and why.
pub(super) fn refused(conn: &Connection) -> rusqlite::Result<BTreeMap<HoldId, Arc<str>>> {
    let mut statement = conn.prepare("SELECT hold, reason FROM abide_refusals")?;
    let refusal =
        |row: &rusqlite::Row<'_>| Ok((HoldId(row.get::<_, String>(0)?.into()), row.get::<_, String>(1)?.into()));
    statement.query_map([], refusal)?.collect()
}

/// Remembers what was refused in this pass, and nothing of the one before.
pub(super) fn refuse(writer: &mut Writer<'_>, after: &BTreeMap<HoldId, Arc<str>>) -> Done<()> {
    let before = refused(writer.tx)?;
    for (id, reason) in after.iter().filter(|(id, reason)| before.get(*id) != Some(*reason)) {
        writer.write("INSERT OR REPLACE INTO abide_refusals (hold, reason) VALUES (?, ?)", (&*id.0, &**reason))?;
    }
    for id in before.keys().filter(|id| !after.contains_key(*id)) {
        writer.write("DELETE FROM abide_refusals WHERE hold = ?", [&*id.0])?;
    }
    Ok(())
}

/// Lets a step go ahead; does nothing where somebody has let it already.
pub(super) fn release(writer: &mut Writer<'_>, id: &HoldId, by: &str, now: Timestamp) -> Done<()> {
    let holds = read(writer.tx)?;
    match holds.get(id) {
        Some(true) => return Ok(()),
        Some(false) => {}
        None => {
            let near = nearest(&id.0, holds.keys().map(|hold| &*hold.0));
            let hint = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`abide holds list` shows what waits".to_owned(),
            };
            return Err(StoreError::NotFound(format!("nothing waits under `{id}`; {hint}")).into());
        }
    }
    let sql = "UPDATE abide_holds SET released_by = ?, released_at = ? WHERE id = ?";
    writer.write(sql, (by, now.as_millis(), &*id.0))?;
    audit::add(writer, now, by, "release", &json!({"hold": *id.0}))?;
    writer.bump()?;
    Ok(())
}
